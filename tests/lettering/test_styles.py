"""Every kind of words is drawn by its template, and a new kind is data."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError
from panelwright.drawing.model import Drawing
from panelwright.layout.model import PAGE, PHONE, Edition
from panelwright.lettering.letter import letter
from panelwright.lettering.model import Lettering
from panelwright.lettering.styles import style_for, styles
from panelwright.lettering.units import MOST_WORDS
from panelwright.script.model import Line, LineKind
from panelwright.svg.check import refused
from tests.lettering.conftest import actor, line, two

SVG = "{http://www.w3.org/2000/svg}"
BUNDLED = styles(Assets.default())
JOINED = line(
    "I am the GPU. I have thousands of cores, and all of them work at the same time. Give me a thousand small "
    "sums and I will have them done before you blink. Ask me again!",
    speaker="Tensor",
)
KINDS = {
    "speech": line("A pipeline?"),
    "robot": line("This is MY favorite!", speaker="Tensor"),
    "shout": line("Let's go parallel!!"),
    "thought": line("How does it know?", LineKind.THOUGHT),
    "narration": line("GPUs are accelerators.", LineKind.NARRATION),
    "label": line("The knee point", LineKind.LABEL),
    "sfx": line("KRAKOOM!", LineKind.SFX),
    "code": line("for token in model:\n    print(token)", LineKind.CODE),
    "chat": line("You: what is 2 + 2?\nModel: 4", LineKind.CHAT),
}


def draw(*lines: Line, edition: Edition = PAGE, assets: Assets | None = None, actors: bool = True) -> Lettering:
    w, h = (1508.0, 1000.0) if edition is PAGE else (370.0, 560.0)
    drawing = two(w, h, edition.scale) if actors else Drawing("", "")
    return letter(lines, drawing, w, h, edition, assets or Assets.default(), "t")


def svg_of(done: Lettering) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><defs>{done.defs}</defs>{done.svg}</svg>'


def texts(done: Lettering) -> list[tuple[str, ET.Element]]:
    return [(e.text or "", e) for e in ET.fromstring(svg_of(done)).iter(f"{SVG}text")]


def test_the_kinds_are_told_apart(assets: Assets) -> None:
    assert {name: style_for(said, assets).name for name, said in KINDS.items()} == {name: name for name in KINDS}
    assert set(BUNDLED) - set(KINDS) == {"whisper"}  # a cast's own or an author's choice


@pytest.mark.parametrize("edition", [PAGE, PHONE], ids=lambda e: e.name)
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_lettered_and_drawn_alike_everywhere(name: str, edition: Edition) -> None:
    said = KINDS[name]
    done = draw(said, edition=edition)
    assert refused(svg_of(done)) == []
    (placed,) = done.placed
    assert placed.style == name
    words = " ".join(t for t, _ in texts(done)).split()
    assert words == said.text.split()
    (group,) = ET.fromstring(svg_of(done)).findall(f"{SVG}g")
    assert group.get("role") == "img"
    assert " ".join((group.get("aria-label") or "").split()).endswith(" ".join(said.text.split()))
    assert not [d for d in done.diagnostics if d.code in ("words-outside", "missing-glyph", "text-too-small")]
    assert bool(placed.tip) == BUNDLED[name].tail


@pytest.mark.parametrize("name", BUNDLED)
def test_every_style_can_be_a_characters_own(name: str, tmp_path: Path) -> None:
    done = draw(line("Is anyone awake in there?", speaker="Ghost"), assets=_cast(tmp_path, name))
    assert done.placed[0].style == name
    assert refused(svg_of(done)) == []
    assert " ".join(t for t, _ in texts(done)) == "Is anyone awake in there?"


def _cast(tmp_path: Path, balloon: str, **folders: Path) -> Assets:
    (tmp_path / "cast").mkdir(exist_ok=True)
    (tmp_path / "cast" / "ghost.yaml").write_text(f"name: Ghost\nlike: kai\nballoon: {balloon}\n", "utf-8")
    return Assets.default(art=tmp_path, **folders)


def test_a_new_style_needs_no_python(tmp_path: Path) -> None:
    art, templates = tmp_path / "art", tmp_path / "templates"
    (art / "balloons").mkdir(parents=True)
    (templates / "balloons").mkdir(parents=True)
    (art / "balloons" / "ghost.yaml").write_text(
        'ghost: {shape: wave, font: label, italic: label, pad: [1, 1], leading: 1.2, fill: "#102030", line: 3, '
        'tail: true, words: "#ABCDEF", glow: true}\n',
        "utf-8",
    )
    (templates / "balloons" / "wave.svg.j2").write_text(
        "{% for cx, cy, a, b in parts %}{{ pen.path(ell(cx, cy, a, b), style.fill, c.ink, style.line * k) }}"
        '{% endfor %}{% if tip %}{{ pen.path(line(root, tip), "none", "#FEDCBA", 2) }}{% endif %}',
        "utf-8",
    )
    done = draw(line("Boo", speaker="Ghost"), assets=_cast(art, "ghost", templates=templates))
    assert done.placed[0].style == "ghost"
    assert "#102030" in done.svg
    assert "#FEDCBA" in done.svg
    ((text, element),) = texts(done)
    assert (text, element.get("fill"), element.get("font-family")) == ("Boo", "#ABCDEF", "Rajdhani")


def test_a_misspelt_key_of_a_style_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "balloons").mkdir()
    (tmp_path / "balloons" / "mine.yaml").write_text("mine: {shape: plate, leadin: 1}\n", "utf-8")
    with pytest.raises(AuthorError) as caught:
        styles(Assets.default(art=tmp_path))
    (found,) = caught.value.diagnostics
    assert found.path.endswith("mine.yaml")
    assert "leadin" in found.message
    assert "leading" in found.hint


def test_a_missing_key_of_a_style_is_told(tmp_path: Path) -> None:
    (tmp_path / "balloons").mkdir()
    (tmp_path / "balloons" / "mine.yaml").write_text("mine: {shape: plate}\n", "utf-8")
    with pytest.raises(AuthorError, match="font"):
        styles(Assets.default(art=tmp_path))


# -- speech


@pytest.mark.parametrize("edition", [PAGE, PHONE], ids=lambda e: e.name)
def test_a_long_speech_becomes_joined_balloons(edition: Edition) -> None:
    done = draw(JOINED, edition=edition)
    assert len(JOINED.text.split()) > MOST_WORDS
    assert len(done.placed) >= 2
    assert {(p.order, p.who) for p in done.placed} == {(0, JOINED.speaker)}
    assert all(len(p.text.split()) <= MOST_WORDS for p in done.placed)
    assert " ".join(p.text for p in done.placed) == JOINED.text
    assert [bool(p.tip) for p in done.placed] == [False] * (len(done.placed) - 1) + [True]
    for above, below in zip(done.placed, done.placed[1:], strict=False):
        assert above.box.overlap(below.box) > 0  # joined
        # and yet no balloon lies on the words of the one above
        pad = BUNDLED["robot"].pad[1] * edition.text
        assert below.box.y > above.box.y1 - pad
    assert not [d for d in done.diagnostics if d.code == "too-many-words"]


def test_emphasis_is_set_in_italics_where_it_stands() -> None:
    said = line("I'm built for parallel processing!", emphasis=((14, 22),))
    runs = [(t, e.get("font-style")) for t, e in texts(draw(said))]
    assert ("parallel", "italic") in runs
    assert [t for t, style in runs if style == "italic"] == ["parallel"]
    assert " ".join(t for t, _ in runs) == said.text


def test_emphasis_in_a_joined_balloon_is_set_where_it_stands() -> None:
    start = JOINED.text.index("before you blink")
    said = Line(JOINED.kind, JOINED.text, JOINED.span, "Tensor", emphasis=((start, start + 16),))
    italic = [t for t, e in texts(draw(said)) if e.get("font-style") == "italic"]
    assert " ".join(italic) == "before you blink"


def test_an_emphasised_word_keeps_its_distance() -> None:
    said = line("so fast", emphasis=((3, 7),))
    (_, first), (_, second) = texts(draw(said))
    size = float(first.get("font-size", "0"))
    last = float(first.get("x", "").split()[-1])
    assert float(second.get("x", "").split()[0]) - last > 0.6 * size  # an o and a space


def test_words_are_escaped() -> None:
    done = draw(line('if a < b & "c" > d'))
    assert refused(svg_of(done)) == []
    assert " ".join(t for t, _ in texts(done)) == 'if a < b & "c" > d'


def test_words_are_centred_by_eye_in_their_balloon() -> None:
    done = draw(line("Exactly."))
    ((_, element),) = texts(done)
    box = done.placed[0].box
    places = [float(x) for x in element.get("x", "").split()]
    assert (places[0] + places[-1]) / 2 == pytest.approx(box.cx, abs=PAGE.text * 0.3)
    baseline, size = float(element.get("y", "0")), PAGE.text
    assert baseline - 0.7 * size < box.cy < baseline  # the middle of the box is within the capitals


def test_code_keeps_its_indent() -> None:
    rows = texts(draw(KINDS["code"]))
    x = [float(e.get("x", "").split()[0]) for _, e in rows]
    width = float(rows[1][1].get("x", "").split()[1]) - x[1]  # of one character
    assert x[1] - x[0] == pytest.approx(4 * width, rel=0.02)


def test_chats_are_set_from_the_left() -> None:
    rows = texts(draw(KINDS["chat"]))
    assert len({e.get("x", "").split()[0] for _, e in rows}) == 1


def test_labels_shine_in_the_panels_light() -> None:
    said = KINDS["label"]
    amber = letter([said], Drawing("", ""), 1508, 700, PAGE, Assets.default(), "t", light="#FFB547")
    cyan = letter([said], Drawing("", ""), 1508, 700, PAGE, Assets.default(), "t", light="#00D4FF")
    fills = [{e.get("fill") for _, e in texts(done)} for done in (amber, cyan)]
    assert fills[0] != fills[1]
    assert re.search(r'stroke="#FFB547"[^>]*><use', amber.svg)
    assert "The knee point" not in re.sub(r"<text.*?</text>|aria-label=\"[^\"]*\"", "", amber.svg)


def test_a_whisper_has_a_broken_line_and_nobody_else_has(tmp_path: Path) -> None:
    whisper = draw(line("psst", speaker="Ghost"), assets=_cast(tmp_path, "whisper"))
    assert "stroke-dasharray" in whisper.svg
    assert "stroke-dasharray" not in draw(line("psst")).svg


def test_thoughts_rise_in_bubbles_from_their_thinker() -> None:
    done = draw(KINDS["thought"])
    tip = done.placed[0].tip
    face = actor("Kai", 1508 * 0.22, 1000 * 0.66, 75).face
    assert tip
    assert abs(tip[0] - face[0]) < 3 * face[2]
    assert done.svg.count("<path") >= 6  # shadow, ink and fill of the cloud, three bubbles


def test_the_same_words_are_the_same_bytes() -> None:
    lines = [KINDS["narration"], KINDS["speech"], KINDS["robot"]]
    assert svg_of(draw(*lines)) == svg_of(draw(*lines))
