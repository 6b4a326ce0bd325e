"""What an author may write wrong: a code, a place, a way out; never a traceback, never half a page lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelwright.assets import Assets
from panelwright.comic import Comic, Options, compose
from panelwright.script import parse_storyboard

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
GARDEN = """{#---
keywords: [garden]
---#}
{% if layer == 'back' %}{{ pen.path(rect(0, 0, w, h), '#123456') }}{% endif %}
"""
KITE = """{#---
keywords: [kite]
aspect: [1, 1]
---#}
{{ pen.path(rect(0, 0, w, h), '#654321') }}
"""


def composed(text: str, art: dict[str, str] | None = None, templates: dict[str, str] | None = None,
             folder: Path = Path()) -> Comic:  # fmt: skip
    for root, files in (("art", art), ("svg_templates", templates)):
        for name, content in (files or {}).items():
            path = folder / root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
    assets = Assets.default(folder / "art" if art else None, folder / "svg_templates" if templates else None)
    return compose(parse_storyboard(text, "s.md").storyboard, Options(assets=assets, strict=True))


def codes(comic: Comic) -> set[str]:
    return {d.code for d in comic.diagnostics}


def test_too_many_words_are_an_error_with_a_hint_and_no_smaller_type() -> None:
    comic = composed(PAGE.format(scene="Kai.", text=" ".join(["word"] * 900)))
    found = [d for d in comic.diagnostics if d.severity == "error"]
    assert found
    assert all(d.hint or d.line for d in found)
    assert "words-outside" in codes(comic)
    assert 'font-size="39"' in comic.pages[0].plates["page"].svg


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
    ],
)
def test_wrong_staging_is_found_and_the_other_panel_is_still_drawn(
    tmp_path: Path, art: dict[str, str], code: str
) -> None:
    comic = composed(PAGE.format(scene="Kai.", text="Hello."), art=art, folder=tmp_path)
    found = next(d for d in comic.diagnostics if d.code == code)
    assert found.message
    assert "Fine." in comic.pages[0].plates["page"].svg


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


def test_a_new_set_hologram_pose_and_character_need_no_python(tmp_path: Path) -> None:
    bundled = Assets.default()
    kai = (bundled.art[0] / "cast" / "kai.yaml").read_text("utf-8").replace("name: Kai", "name: Ada")
    pose = (bundled.art[0] / "poses" / "stand.yaml").read_text("utf-8")
    comic = composed(
        '# T\n\n## Page 1 — "A" (B)\n\n### Panel 1\n- **Scene**: Ada in the garden with a kite.\n- **Ada**: "Look!"\n',
        art={"cast/ada.yaml": kai, "poses/idle.yaml": pose,
             "staging/01.yaml": "page: 1\npanels:\n  1: {cast: [{who: Ada, pose: idle}]}\n"},
        templates={
"sets/garden.svg.j2": GARDEN, "holograms/kite.svg.j2": KITE},
        folder=tmp_path)  # fmt: skip
    assert not [d for d in comic.diagnostics if d.severity == "error"], comic.diagnostics
    svg = comic.pages[0].plates["page"].svg
    assert "#123456" in svg
    assert "#654321" in svg
    assert any("Ada" in a for a in comic.pages[0].plates["page"].regions[0].depicts)
