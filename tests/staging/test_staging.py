"""Staging files are checked with places; what they leave out is directed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from panelwright.assets import Assets
from panelwright.script.model import Line, LineKind, Panel, Scene, Span
from panelwright.staging.direct import direct
from panelwright.staging.load import load_staging

SPAN = Span("s.md", 1, 1)
KNOWN = {"Dr. Nova": ("Dr. Nova", "Nova"), "Kai": ("Kai",), "Tensor": ("Tensor",)}


def staged(tmp_path: Path, text: str, *templates: Path) -> list[tuple[int, int, str, str]]:
    folder = tmp_path / "staging"
    folder.mkdir(parents=True)
    (folder / "01.yaml").write_text(text, "utf-8")
    found = load_staging(Assets((tmp_path,), templates, tmp_path / "staging")).diagnostics
    return [(d.line, d.column, d.code, d.hint) for d in found]


def test_the_shipped_staging_is_clean_and_stages_every_page() -> None:
    staging = load_staging(Assets.default(Path(__file__).parents[2] / "art"))
    assert staging.diagnostics == ()
    assert sorted(staging.pages) == list(range(11))


def test_every_option_of_the_shipped_staging_is_read_by_its_template_or_a_part_of_it() -> None:
    assets = Assets.default(Path(__file__).parents[2] / "art")

    def text(name: str) -> str:
        words = (assets.template_file(name) or Path()).read_text("utf-8")
        return words + "".join(map(text, set(re.findall(r'"((?:holograms|sets)/_?[a-z_]+\.svg\.j2)"', words)) - {name}))

    unread = [
        (number, panel, entry["template"], option)
        for number, page in load_staging(assets).pages.items()
        for panel, said in page.panels.items()
        for entry in (*said.get("holograms", ()), *said.get("phone", {}).get("holograms", ()))
        for option in entry.get("opts", ())
        if not re.search(rf"\bopts(\.get\(\"|\[\"|\.){option}\b", text(f"holograms/{entry['template']}.svg.j2"))
    ]
    assert unread == []


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "hint"),
    [
        ("page: 1\npannels: {}\n", 2, 1, "staging-key", "panels"),
        ("page: 1\npanels:\n  1:\n    cast:\n      - {who: Kai, pos: walk}\n", 5, 20, "staging-key", "pose"),
        ("page: 1\npanels:\n  1:\n    phone: {lihgt: red}\n", 4, 13, "staging-key", "light"),
        ("page: 1\npanels:\n  1:\n    cast:\n      - {who: Kai, framing: medum}\n", 5, 29, "staging-value", "medium"),
        ("page: 1\npanels:\n  1:\n    cast:\n      - {who: Kai, look: [1]}\n", 5, 26, "staging-value", ""),
        (
            "page: 1\npanels:\n  1:\n    holograms:\n      - {template: x, zone: midle}\n",
            5,
            29,
            "staging-value",
            "middle",
        ),
        ("page: 1\npanels:\n  one: {}\n", 3, 3, "staging-panel", ""),
        ("page: 1\npanels: [1, 2\n", 3, 1, "yaml", "indentation"),
        ("page: first\n", 1, 1, "staging-page", "page: 3"),
        ("page: 1\npanels:\n  1:\n    holograms:\n      - {zone: full}\n", 5, 9, "staging-shape", ""),
    ],
)
def test_a_wrong_key_has_its_place_and_a_way_out(
    tmp_path: Path, text: str, line: int, column: int, code: str, hint: str
) -> None:
    found = staged(tmp_path, text)
    assert [(d[0], d[1], d[2]) for d in found] == [(line, column, code)]
    assert hint in found[0][3]


FILES = {"a-full": {"latency", "sweep"}, "b-quick": {"latency"}}


@pytest.mark.parametrize(
    ("named", "message", "hint"),
    [
        ("a-full", "", ""),
        ("a-ful", "there is no data file a-ful.json", "a-full"),
        ("b-quick", "b-quick.json has no numbers for 'sweep'", "a-full"),
    ],
)
def test_a_hologram_names_the_data_file_that_it_plots(tmp_path: Path, named: str, message: str, hint: str) -> None:
    (tmp_path / "art" / "staging").mkdir(parents=True)
    (tmp_path / "holograms").mkdir()
    (tmp_path / "holograms" / "curve.svg.j2").write_text("{#---\nplots: sweep\n---#}\n", "utf-8")
    text = f"page: 1\npanels:\n  1:\n    holograms:\n      - {{template: curve, data: {named}}}\n"
    (tmp_path / "art" / "staging" / "01.yaml").write_text(text, "utf-8")
    staging = load_staging(Assets((tmp_path / "art",), (tmp_path,), tmp_path / "art" / "staging"), FILES)
    found = [(d.path, d.line, d.column, d.code, d.message) for d in staging.diagnostics]
    path = (tmp_path / "art" / "staging" / "01.yaml").as_posix()
    assert found == ([(path, 5, 33, "staging-data", message)] if message else [])
    assert all(hint in d.hint for d in staging.diagnostics)
    kept = staging.pages[1].panels[1]["holograms"][0]
    assert kept.get("data") == (None if message else "a-full")


def test_a_look_is_two_numbers_or_a_name(tmp_path: Path) -> None:
    text = "page: 1\npanels:\n  1:\n    cast: [{who: Kai, look: Nova}, {who: Dr. Nova, look: [1, 2]}]\n"
    text += "    phone: {holograms: [{template: chat}], cast: [{who: Kai, look: chat}, {who: Nova, look: reader}]}\n"
    assert staged(tmp_path, text) == []
    ((line, column, code, hint),) = staged(tmp_path / "b", text.replace("look: Nova", "look: Novva"))
    assert (line, column, code) == (4, 29, "staging-value")
    assert "Nova" in hint


PLACES = """page: 1
panels:
  1:
    set: dome
    cast: [{who: Dr. Nova}]
    holograms:
      - {template: button, opts: {at: Nova's finger, to: dome's stage, say: anything}}
    phone: {cast: [{who: Kai}], opts: {at: button's left}}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "column", "hint"),
    [
        ("Nova's finger", "Nava's finger", 7, 39, "one of Dr. Nova, Kai, dome, button"),
        ("Nova's finger", "Nova's fingre", 7, 39, "did you mean 'finger'?"),
        ("Nova's finger", "Nova's boot", 7, 39, "one of head, eyes"),
        ("Nova's finger", "everybody's fingre", 7, 39, "did you mean 'finger'?"),
        ("dome's stage", "dome's stge", 7, 58, "did you mean 'stage'?"),
        ("dome's stage", "hall", 7, 58, "one of Dr. Nova, Kai, dome, button"),
        ("button's left", "button's lift", 8, 44, "did you mean 'left'?"),
    ],
)
def test_a_place_is_somebody_or_something_in_the_panel(
    tmp_path: Path, right: str, wrong: str, line: int, column: int, hint: str
) -> None:
    def found(text: str, folder: Path) -> list[tuple[int, int, str, str]]:
        for name, facts in (
            ("holograms/button", "places: {at: place, to: place}"),
            ("sets/dome", "points: {stage: [0, 0, 0]}\nplaces: {at: place}"),
        ):
            path = folder / "templates" / f"{name}.svg.j2"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{{#---\n{facts}\n---#}}\n", "utf-8")
        return staged(folder, text, folder / "templates")

    assert found(PLACES, tmp_path / "a") == []
    for left in ("    set: dome\n", "    cast: [{who: Dr. Nova}]\n"):  # the director says where, or who
        assert found(PLACES.replace(left, "").replace("dome's stage", "hall's end"), tmp_path / left.strip()[:4]) == []
    ((at, character, code, help_),) = found(PLACES.replace(right, wrong), tmp_path / "b")
    assert (at, character, code) == (line, column, "staging-value")
    assert hint in help_


def panel(scene: str, *lines: tuple[str, str]) -> Panel:
    return Panel(1, "", SPAN, Scene(scene, SPAN), tuple(Line(LineKind.SPEECH, t, SPAN, who) for who, t in lines))


def test_without_staging_speakers_stand_in_the_order_of_speaking() -> None:
    shot = direct(
        panel("Dr. Nova and Kai talk.", ("Kai", "Why?"), ("Dr. Nova", "Look!")), None, "page", KNOWN, {}, {}, None
    )
    assert [m.who for m in shot.cast] == ["Kai", "Dr. Nova"]
    assert [m.facing for m in shot.cast] == ["right", "left"]
    assert shot.cast[0].expression == "confused"


def test_the_scene_chooses_pose_set_and_hologram() -> None:
    shot = direct(panel("Kai walks into the lab, looking at a chatbot.", ("Kai", "Hi.")), None, "page", KNOWN,
                  {"lab": ("lab",), "void": ("nothing",)}, {"chat": ("chatbot",)}, None)  # fmt: skip
    assert (shot.set, shot.cast[0].pose, [h.template for h in shot.holograms]) == ("lab", "walk", ["chat"])


def test_the_phone_overrides_and_the_place_is_kept() -> None:
    raw = {"set": "lab", "height": 700, "phone": {"height": 900, "cast": []}}
    page = direct(panel("", ("Kai", "Hi.")), raw, "page", KNOWN, {}, {}, None)
    phone = direct(panel("", ("Kai", "Hi.")), raw, "phone", KNOWN, {}, {}, None)
    assert (page.height, len(page.cast)) == (700, 1)
    assert (phone.height, len(phone.cast)) == (900, 0)
    assert direct(panel(""), None, "page", KNOWN, {}, {}, page).set == "lab"


@pytest.mark.parametrize(
    ("scene", "pose", "face"),
    [
        ("Kai scratches his head, and Tensor waits.", "scratch", ""),
        ("Tensor waits. Kai kneads the dough and is hungry.", "knead", "hungry"),
        ("Kai is here. Tensor scratches his head.", "", ""),
        ("Kai walks and scratches his head.", "walk", ""),
    ],
)
def test_words_that_a_pose_or_a_face_names_choose_it_for_who_is_said_to_do_so(scene: str, pose: str, face: str) -> None:
    poses = {"scratch": ("scratches his head",), "knead": ("kneads",)}
    shot = direct(panel(scene, ("Kai", "Hi.")), None, "page", KNOWN, {}, {}, None, poses, {"hungry": ("hungry",)})
    kai = next(m for m in shot.cast if m.who == "Kai")
    assert (kai.pose, kai.expression) == (pose or "explain", face or "talk")
