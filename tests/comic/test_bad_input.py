"""What an author may write wrong: a code, a place, a way out; never a traceback, never half a page lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from panelwright.assets import Assets
from panelwright.comic import Comic, Options, compose
from panelwright.diagnostics import AuthorError
from panelwright.script.parse import parse_storyboard
from panelwright.svg.templates import header

PAGE = """# T

## Page 1 — "A" (B)

### Panel 1 (Top)
- **Scene**: {scene}
- **Kai**: "{text}"

### Panel 2
- **Scene**: Kai.
- **Kai**: "Fine."
"""
MINE = "page: 1\npanels:\n  1: {holograms: [{template: mine}]}\n"


def composed(text: str, art: dict[str, str] | None = None, templates: dict[str, str] | None = None,
             folder: Path = Path(), editions: tuple[str, ...] = ("page", "phone")) -> Comic:  # fmt: skip
    for root, files in (("art", art), ("svg_templates", templates)):
        for name, content in (files or {}).items():
            path = folder / root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
    assets = Assets.default(folder / "art" if art else None, folder / "svg_templates" if templates else None)
    return compose(parse_storyboard(text, "s.md").storyboard, Options(assets=assets, strict=True, editions=editions))


def codes(comic: Comic) -> set[str]:
    return {d.code for d in comic.diagnostics}


@pytest.mark.parametrize("speech", [" ".join(["word"] * 5000), "A few words here. " * 1250, "w" * 3000])
def test_too_many_words_are_an_error_with_a_hint_and_no_smaller_type(speech: str) -> None:
    comic = composed(PAGE.format(scene="Kai.", text=speech.strip()), editions=("page",))
    told = {d.line for d in comic.diagnostics if d.severity == "error" and d.hint}
    assert told & {3, 7}  # the page that is overfull, or the line itself
    svg = comic.pages[0].plates["page"].svg
    assert 'font-size="39"' in svg
    assert not re.search(r'font-family="Comic Neue"[^>]*font-size="[0-2]?\d(?:\.\d)?"', svg)
    assert "Fine." in svg


def test_a_page_of_forty_panels_is_overfull_and_all_of_them_are_there() -> None:
    panels = "".join(f'### Panel {i}\n- **Scene**: Kai.\n- **Kai**: "Number {i}."\n\n' for i in range(1, 41))
    comic = composed(f'# T\n\n## Page 1 — "A" (B)\n\n{panels}', editions=("page",))
    found = next(d for d in comic.diagnostics if d.code == "page-overfull")
    assert (found.path, found.line, found.severity, bool(found.hint)) == ("s.md", 3, "error", True)
    plate = comic.pages[0].plates["page"]
    assert [r.panel for r in plate.regions] == list(range(1, 41))
    assert all(f"Number {i}." in plate.svg for i in range(1, 41))


@pytest.mark.parametrize(
    "page",
    ["", '### Panel 1\n\n### Panel 2\n- **Kai**: "Hi."\n',
     '### Panel 1\n- **Kai**: "Hi."\n- **Kai**: "Hi."\n\n### Panel 1\n- **Kai**: "Hi."\n',
     "### Panel 1\n" + "".join(f'- **Who{i}**: "Hi. All."\n' for i in range(12))],
    ids=["no panels", "an empty panel", "one number twice", "twelve speakers"],
)  # fmt: skip
def test_odd_pages_are_composed(page: str, tmp_path: Path) -> None:
    text = f'# T\n\n## Page 1 — "A" (B)\n\n{page}'
    story = parse_storyboard(text, "s.md").storyboard
    cold = compose(story, Options(cache_dir=tmp_path))
    assert compose(story, Options(cache_dir=tmp_path)) == cold
    spoken = sum(line.text == "Hi." for _, _, line in story.lines())
    assert cold.pages[0].plates["page"].svg.count('aria-label="Kai: Hi."') == spoken


def test_a_missing_glyph_has_its_place() -> None:
    comic = composed(PAGE.format(scene="Kai.", text="Gothic \U00010330 letter"))
    found = next(d for d in comic.diagnostics if d.code == "missing-glyph")
    assert (found.path, found.line) == ("s.md", 7)
    assert "\U00010330" in found.message


@pytest.mark.parametrize(
    ("art", "code"),
    [
        ({"staging/01.yaml": "page: 1\npanels:\n  1: {camra: {yaw: 3}}\n"}, "staging-key"),
        ({"staging/01.yaml": "page: 1\npanels:\n  1: [\n"}, "yaml"),
        ({"staging/01.yaml": "page: 1\npanels:\n  1: {cast: [{who: Kay}]}\n"}, "cast-missing"),
        ({"staging/01.yaml": "page: 1\nlayout: '* |'\n"}, "layout"),
        ({"staging/01.yaml": "page: 1\nlayout: '* / * / *'\n"}, "layout"),
        ({"staging/01.yaml": "page: 1\npanels:\n  1: {set: labb}\n"}, "template-missing"),
        ({"staging/01.yaml": "page: 1\npanels:\n  1: {holograms: [{template: chatt}]}\n"}, "template-missing"),
        ({"staging/01.yaml": "page: 1\npanels:\n  1: {cast: [{who: Kai, pose: fly}]}\n"}, "pose-unknown"),
        ({"staging/01.yaml": "page: 1\npanels:\n  1: {cast: [{who: Kai, expression: fly}]}\n"}, "expression-unknown"),
        ({"cast/kai.yaml": "name: [Kai\n"}, "art-yaml"),
        ({"cast/kai.yaml": "- Kai\n"}, "art-yaml"),
        ({"cast/kai.yaml": "name: Kai\nrig: human\ntemplate: kai\n"}, "cast-broken"),
        ({"cast/mine.yaml": "rig: human\n"}, "cast-broken"),
        ({"poses/explain.yaml": "views: {\n"}, "art-yaml"),
        ({"poses/explain.yaml": "views: 3\n"}, "cast-broken"),
        ({"expressions.yaml": "calm: [\n"}, "art-yaml"),
    ],
)
def test_wrong_staging_is_found_and_the_other_panel_is_still_drawn(
    tmp_path: Path, art: dict[str, str], code: str
) -> None:
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), art=art, folder=tmp_path)
    found = next(d for d in comic.diagnostics if d.code == code)
    assert found.severity == "error"
    assert found.message
    assert "Fine." in comic.pages[0].plates["page"].svg


def test_a_place_that_only_drawing_finds_missing_is_told_with_its_panel_in_the_staging(tmp_path: Path) -> None:
    text = "page: 1\npanels:\n  1: {cast: [{who: Kai}], holograms: [{template: press, opts: {at: Kai's seat}}]}\n"
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), art={"staging/01.yaml": text}, folder=tmp_path)
    (found,) = set(comic.diagnostics)
    assert (found.code, found.line, found.column) == ("place-unknown", 3, 3)
    assert found.path.endswith("staging/01.yaml")
    assert "Kai has no 'seat'" in found.message
    assert "hand" in found.hint


@pytest.mark.parametrize(
    ("value", "wrong", "message"),
    [
        ("cast: [{who: Kai, at: left}]", "left", "at must be a number"),
        ("cast: [{who: Kai, look: up}]", "up", "look must be two numbers"),
        ("cast: [{who: Kai, hands: wave}]", "wave", "hands must be names with values"),
        ("cast: Kai", "Kai", "cast must be a list"),
        ("light: purplish", "purplish", "no light 'purplish'"),
        ("height: tall", "tall", "height must be a number"),
        ("camera: far", "far", "camera must be names with values"),
        ("camera: {pos: [1]}", "[1]", "pos must be three numbers"),
        ("opts: [1, 2]", "[1, 2]", "opts must be names"),
        ("holograms: [{template: chat, share: big}]", "big", "share must be a number"),
        ("depicts: 5", "5", "depicts must be a list"),
        ("phone: 5", "5", "phone must be names"),
        ("phone: {set: 5}", "5", "set must be text"),
        ("cast: [{who: Kai, at: 5}]", "5", "at must be from -0.5 to 1.5, not 5"),
        ("cast: [{who: Kai, eyes: 45}]", "45", "eyes must be from 0 to 1, not 45"),
        ("cast: [{who: Tensor, size: -0.5}]", "-0.5", "size must be from 0.05 to 3, not -0.5"),
        ("cast: [{who: Tensor, orbs: 200}]", "200", "orbs must be from 0 to 24, not 200"),
        ("holograms: [{template: chat, share: 3}]", "3", "share must be from 0.01 to 1, not 3"),
        ("holograms: [{template: chat, turn: 90}]", "90", "turn must be from -80 to 80, not 90"),
        ("phone: {height: -100}", "-100", "height must be from 0 to 5000, not -100"),
        ("camera: {f: 0}", "0", "f must be from 0.05 to 10, not 0"),
    ],
)
def test_a_wrong_value_in_the_staging_has_its_place(tmp_path: Path, value: str, wrong: str, message: str) -> None:
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), folder=tmp_path,
                     art={"staging/01.yaml": f"page: 1\npanels:\n  1: {{{value}}}\n"})  # fmt: skip
    (found,) = (d for d in comic.diagnostics if d.severity == "error")
    assert (found.code, found.line, found.column) == ("staging-value", 3, len("  1: {") + value.index(wrong) + 1)
    assert message in found.message
    assert "Hello." in comic.pages[0].plates["page"].svg


@pytest.mark.parametrize(
    ("template", "line"),
    [("{% for %}", 1), ("\n{{ pen.path(rect(0, 0, w, h), nocolour) }}", 2), ("\n\n{{ pen.path(7) }}", 3)],
)
def test_a_broken_template_names_its_file_and_line(tmp_path: Path, template: str, line: int) -> None:
    comic = composed(PAGE.format(scene="a chatbot", text="Hello."), art={"staging/01.yaml": MINE},
                     templates={"holograms/mine.svg.j2": template}, folder=tmp_path)  # fmt: skip
    found = next(d for d in comic.diagnostics if d.code == "template-broken")
    assert found.path.endswith("mine.svg.j2")
    assert found.line == line


def test_what_renderers_do_not_draw_alike_is_refused_with_the_reason(tmp_path: Path) -> None:
    """The web page would show it, and the pictures, the book and the shared card would not."""
    template = '<g filter="url(#soft)" style="mix-blend-mode:screen">{{ pen.path(rect(0, 0, w, h), "#FF0000") }}</g>'
    comic = composed(PAGE.format(scene="a chatbot", text="Hello."), art={"staging/01.yaml": MINE},
                     templates={"holograms/mine.svg.j2": template}, folder=tmp_path)  # fmt: skip
    found = {d.message: d for d in comic.diagnostics if d.code == "template-svg"}
    assert any("filters are not drawn by CairoSVG" in m for m in found)
    assert any("blend modes" in m for m in found)
    assert {d.path for d in found.values()} == {str(tmp_path / "svg_templates" / "holograms" / "mine.svg.j2")}
    assert "#FF0000" not in comic.pages[0].plates["page"].svg


@pytest.mark.parametrize(
    ("name", "template", "code"),
    [
        ("sets/studio.svg.j2", "<g>", "template-xml"),
        ("sets/studio.svg.j2", "{{ exp(10000) }}", "template-broken"),
        ("sets/studio.svg.j2", "{{ 1 / 0 }}", "template-broken"),
        ("sets/studio.svg.j2", '{% include "sets/studio.svg.j2" %}', "template-broken"),
        ("sets/studio.svg.j2", "{{ pen.__class__.__mro__ }}", "template-broken"),
        ("sets/studio.svg.j2", "{#---\nkeywords: [\n---#}\n", "template-header"),
        ("sets/studio.svg.j2", "{#---\nkeywords: 5\n---#}\n", "template-header"),
        ("sets/studio.svg.j2", "{#---\n5\n---#}\n", "template-header"),
        ("figures/kai/head-34.svg.j2", "{{ nope }}", "template-broken"),
        ("frames/panel.svg.j2", "{{ nope }}", "template-broken"),
        ("frames/page.svg.j2", "{{ nope }}", "template-broken"),
        ("balloons/caption.svg.j2", "{{ nope }}", "template-broken"),
    ],
)
def test_a_template_that_comes_along_may_be_broken_anywhere(
    tmp_path: Path, name: str, template: str, code: str
) -> None:
    page = PAGE.format(scene="Kai.", text="Hello.").replace('- **Kai**: "Hello."', '- **Narration**: "Hello."')
    comic = composed(page, templates={name: template}, folder=tmp_path)
    (found,) = (d for d in comic.diagnostics if d.severity == "error")
    assert (found.code, found.path) == (code, str(tmp_path / "svg_templates" / name))
    assert "Fine." in comic.pages[0].plates["page"].svg


@pytest.mark.parametrize(
    ("art", "code", "line"),
    [
        ({"palette.yaml": "cyan: [\n"}, "palette", 2),
        ({"palette.yaml": "cyan: '#00D4FF'\ngreen: grass\n"}, "palette", 2),
        ({"balloons/styles.yaml": "speech: [\n"}, "yaml", 2),
        ({"balloons/styles.yaml": "- a\n"}, "style-key", 1),
        ({"balloons/styles.yaml": "speech: 3\n"}, "style-key", 1),
    ],
)
def test_without_colours_and_balloons_there_is_no_comic_but_a_place(
    tmp_path: Path, art: dict[str, str], code: str, line: int
) -> None:
    with pytest.raises(AuthorError) as caught:
        composed(PAGE.format(scene="Kai.", text="Hello."), art=art, folder=tmp_path)
    (found,) = caught.value.diagnostics
    assert (found.code, found.line, Path(found.path).name) == (code, line, Path(next(iter(art))).name)


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("art/staging/01.yaml", "page: 1\npanels:\n  1: {light: red}\n  1: {light: cyan}\n", 4, 3),
        ("art/staging/01.yaml", "page: 1\npanels:\n  1: {light: red}\n  '1': {light: cyan}\n", 4, 3),
        ("art/cast/kai.yaml", "name: Kai\nrig: human\nname: Kay\n", 3, 1),
        ("art/poses/explain.yaml", "views: {}\nviews: {}\n", 2, 1),
        ("art/expressions.yaml", "calm: {}\ncalm: {}\n", 2, 1),
        ("art/palette.yaml", "cyan: '#12AB34'\ncyan: '#12AB35'\n", 2, 1),
        ("art/balloons/styles.yaml", "speech: {size: 1}\nspeech: {size: 2}\n", 2, 1),
        ("svg_templates/sets/studio.svg.j2", "{#---\nkeywords: [a]\nkeywords: [b]\n---#}\n", 3, 1),
        ("svg_templates/sets/studio.svg.j2", "\n{#---\nkeywords: [a]\nkeywords: [b]\n---#}\n", 4, 1),
    ],
)
def test_a_key_that_is_there_twice_has_its_place(tmp_path: Path, name: str, text: str, line: int, column: int) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text, "utf-8")
    assets = Assets.default(tmp_path / "art", tmp_path / "svg_templates")
    try:
        story = parse_storyboard(PAGE.format(scene="Kai.", text="Hello."), "s.md").storyboard
        told = compose(story, Options(assets=assets)).diagnostics
    except AuthorError as error:
        told = error.diagnostics
    (found,) = (d for d in told if "twice" in d.message)
    assert (found.severity, found.path, found.line, found.column) == ("error", str(tmp_path / name), line, column)
    assert found.hint


def test_a_palette_may_change_a_single_colour(tmp_path: Path) -> None:
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), art={"palette.yaml": "cyan: '#12AB34'\n"},
                     folder=tmp_path)  # fmt: skip
    assert comic.diagnostics == ()
    assert "#12AB34" in comic.pages[0].plates["page"].svg


@pytest.mark.parametrize(
    ("panel", "wrong", "hint"),
    [
        ("cast: [{who: Kay}]", "Kay", "did you mean 'Kai'?"),
        ("cast: [{who: Kai, pose: hipps}]", "hipps", "did you mean 'hips'?"),
        ("cast: [{who: Kai, expression: smlie}]", "smlie", "did you mean 'smile'?"),
        ("cast: [{who: Tensor, pose: wavee}]", "wavee", "did you mean 'wave'?"),
        ("cast: [{who: Kai, hands: {near: pinchh}}]", "pinchh", "did you mean 'pinch'?"),
        ("cast: [{who: Kai, hands: {neer: pinch}}]", "pinch", "did you mean 'near'?"),
        ("cast: [{who: Kai, holding: tablett}]", "tablett", "did you mean 'tablet'?"),
        ("cast: [{who: Kai, view: profil}]", "profil", "did you mean 'profile'?"),
        ("set: labb", "labb", "did you mean 'lab'?"),
        ("holograms: [{template: chatt}]", "chatt", "did you mean 'chat'?"),
        ("{set: studio, opts: {dask: cyan}}", "dask", "did you mean 'dusk'?"),
        ("phone: {set: labb}", "labb", "did you mean 'lab'?"),
    ],
)
def test_a_name_that_means_nothing_is_told_where_it_stands(tmp_path: Path, panel: str, wrong: str, hint: str) -> None:
    text = f"page: 1\npanels:\n  1: {panel if panel.startswith('{') else '{' + panel + '}'}\n"
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), art={"staging/01.yaml": text}, folder=tmp_path)
    (found,) = [d for d in comic.diagnostics if d.severity == "error"]
    assert Path(found.path).name == "01.yaml"
    assert (found.line, found.column) == (3, text.splitlines()[2].index(wrong) + 1)
    assert hint in found.hint


@pytest.mark.parametrize(
    ("files", "place", "code"),
    [
        ({"staging/01.yaml": "page: 1\npanels:\n  9: {set: lab}\n"}, (3, 3), "staging-panel"),
        ({"staging/01.yaml": "page: 7\npanels:\n  1: {set: lab}\n"}, (1, 7), "staging-page"),
        ({"staging/01.yaml": "page: 0\npanels:\n  1: {set: lab}\n"}, (1, 7), "staging-page"),
        ({"staging/a.yaml": "page: 1\n", "staging/b.yaml": "page: 1\n"}, (1, 7), "staging-twice"),
        ({"staging/01.yml": "page: 1\n"}, (0, 0), "staging-name"),
    ],
)
def test_a_staging_that_stages_nothing_is_told(
    tmp_path: Path, files: dict[str, str], place: tuple[int, int], code: str
) -> None:
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), art=files, folder=tmp_path)
    (found,) = [d for d in comic.diagnostics if d.code.startswith("staging")]
    assert (found.code, (found.line, found.column), Path(found.path).name) == (code, place, Path(list(files)[-1]).name)
    assert found.hint


def test_a_tab_in_a_staging_is_named(tmp_path: Path) -> None:
    art = {"staging/01.yaml": "page: 1\npanels:\n\t1:\n\t\tset: lab\n"}
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), art=art, folder=tmp_path)
    assert next(d for d in comic.diagnostics if d.code == "yaml").hint == "indent with spaces: YAML takes no tabs"


def test_a_word_wider_than_its_panel_is_an_error_that_names_it() -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    comic = composed(PAGE.format(scene="Kai.", text=f"It was the {word}, I think."))
    outside = [d for d in comic.diagnostics if d.code == "words-outside"]
    assert {d.severity for d in outside} == {"error"}
    assert all(word in d.hint for d in outside)


def test_a_balloon_that_does_not_exist_is_told_in_the_character_s_file(tmp_path: Path) -> None:
    art = {"cast/emil.yaml": "name: Emil\nlike: kai\nballoon: speach\n"}
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), art=art, folder=tmp_path)
    (found,) = comic.diagnostics
    assert (Path(found.path).name, found.line, found.column, found.hint) == (
        "emil.yaml",
        3,
        10,
        "did you mean 'speech'?",
    )


def test_a_fact_of_a_template_that_is_misspelt_is_told(tmp_path: Path) -> None:
    template = tmp_path / "holograms" / "dough.svg.j2"
    template.parent.mkdir()
    template.write_text("{#---\nkeyword: [dough]\n---#}\n", "utf-8")
    with pytest.raises(AuthorError, match="did you mean 'keywords'"):
        header(template)


def test_a_pose_of_ones_own_is_chosen_by_its_words(tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[2] / "art" / "poses" / "scratch.yaml").read_text("utf-8")
    own = {"poses/knead.yaml": re.sub(r"^words:.*", "words: [kneads]", shipped, flags=re.M)}
    comics = [composed(PAGE.format(scene=f"Kai {verb} the dough.", text="Hello."), art=own, folder=tmp_path)
              for verb in ("kneads", "scratches his head at")]  # fmt: skip
    kneads, scratches = (comic.pages[0].plates["page"] for comic in comics)
    assert len(set(kneads.symbols)) == len(set(scratches.symbols)) > 0
    assert kneads.symbols != scratches.symbols  # names are of their own pose


def test_a_page_that_is_too_full_says_so_and_not_what_that_does_to_every_line() -> None:
    crowd = "".join(f'- **Kai**: "Balloon number {i} here, with words in it."\n' for i in range(25))
    comic = composed(PAGE.format(scene="Kai.", text="Hello.").replace("(Top)", "(Tpo)") + crowd)
    assert {d.code for d in comic.diagnostics if d.severity == "warning"} <= {"hint-spelling", "words-crowd-page"}
    assert "hint-spelling" in {d.code for d in comic.diagnostics}, "it may be why the page is full"
    full = next(d for d in comic.diagnostics if d.code == "page-overfull")
    assert "most are in panel 2" in full.hint


def test_a_hint_that_is_misspelt_is_told_unless_the_staging_cuts_the_page(tmp_path: Path) -> None:
    page = PAGE.format(scene="Kai.", text="Hello.").replace("(Top)", "(Tpo)")
    (found,) = composed(page).diagnostics
    assert (found.severity, found.code, found.line, found.hint) == (
        "warning",
        "hint-spelling",
        5,
        "did you mean 'top'?",
    )
    art = {"staging/01.yaml": "page: 1\nlayout: '* / *'\n"}
    assert composed(page, art=art, folder=tmp_path).diagnostics == ()


@pytest.mark.parametrize(
    ("scene", "listed", "meant"),
    [
        ("Tensr floats over a desk.", "", "Tensor"),
        ("Dr. Noav waves.", "", "Nova"),
        ("Tensors and a tenor. Kia's twin: Kia.", "", ""),  # Kai speaks in it
        ("Tensr floats over a desk, beside Tensor.", "", ""),
        ("Tensr floats over a desk.", "- **Characters**: Kai, Tensr (a cousin)\n", ""),
        ("Nora and Novak wait.", "", ""),
    ],
)
def test_a_name_in_a_scene_that_is_misspelt_is_told(tmp_path: Path, scene: str, listed: str, meant: str) -> None:
    page = PAGE.format(scene=scene, text="Hello.").replace("# T\n", f"# T\n\n{listed}")
    story = parse_storyboard(page, "s.md").storyboard
    for _ in range(2):  # drawn, and as it is kept
        comic = compose(story, Options(cache_dir=tmp_path))
        found = [(d.line, d.hint.split("?")[0]) for d in comic.diagnostics if d.code == "name-spelling"]
        assert found == ([(7, f"did you mean {meant!r}")] if meant else [])


def test_a_staging_that_says_who_is_there_needs_no_name_in_the_scene(tmp_path: Path) -> None:
    page = PAGE.format(scene="Tensr floats.", text="Hello.")
    art = {"staging/01.yaml": "page: 1\npanels:\n  1: {cast: [{who: Tensor}]}\n"}
    assert composed(page, art=art, folder=tmp_path).diagnostics == ()
