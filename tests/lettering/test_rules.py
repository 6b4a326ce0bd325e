"""Every rule fires on lettering that breaks it, at the line's place, and is silent on good lettering."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panelwright.drawing.model import Actor, Box, Drawing
from panelwright.layout.model import PAGE
from panelwright.lettering.breaking import Block
from panelwright.lettering.place import Spot
from panelwright.lettering.rules import violations
from panelwright.lettering.styles import Style
from panelwright.lettering.tails import Tail
from panelwright.lettering.units import Form, Unit
from panelwright.script.model import Line, LineKind, Span

STYLE = Style("speech", "superellipse", "voice", "voice_italic", (0.86, 0.68), 1.13, "#FFFFFF", 4.6, True)
KAI = Actor("Kai", (340, 640), (410, 670), (300, 600, 90), 1, Box(200, 500, 220, 500), ((600, 700, 30),))
NOVA = Actor("Dr. Nova", (1060, 640), (990, 670), (1100, 600, 90), -1, Box(1000, 500, 220, 500))
ROOM = Drawing("", "", actors=(KAI, NOVA), focal=Box(650, 500, 200, 200))


def spot(x: float, y: float, who: str = "Kai", order: int = 0, tail: Tail | None = None, w: float = 300,
         h: float = 160, rows: tuple[str, ...] = ("What a fine", "balloon"), size: float = 39) -> Spot:  # fmt: skip
    text = " ".join(rows)
    line = Line(LineKind.SPEECH, text, Span("story.md", 7 + order, 3), who)
    block = Block(rows, (0,) * len(rows), size, w / 2, h / 2, 0.0)
    form = Form((block,), ((0.0, 0.0),), w, h, 0.0)
    return Spot(Unit(line, order, STYLE, "speech", (form,)), form, x, y, tail)


def down(x: float, y: float, tip: tuple[float, float]) -> Tail:
    return Tail((x, y), tip, 0.0, True)


GOOD = (spot(300, 40, tail=down(430, 190, KAI.front)), spot(850, 120, "Dr. Nova", 1, down(975, 270, NOVA.front)))

BAD: dict[str, list[Spot]] = {
    "words-outside": [spot(-20, 40)],
    "missing-glyph": [spot(300, 40, rows=("snow ☃",))],
    "text-too-small": [spot(300, 40, size=20)],
    "too-many-words": [spot(300, 40, rows=("so " * 26,))],
    "balloon-over-face": [spot(250, 560)],
    "balloon-over-hand": [spot(480, 620)],
    "words-over-focal": [spot(600, 480, w=330, h=160)],
    "balloon-too-large": [spot(30, 30, w=1440, h=600)],
    "words-crowd-panel": [spot(30, 30, w=700, h=760), spot(740, 30, order=1, w=700, h=760)],
    "tail-too-flat": [spot(300, 40, tail=down(440, 120, (900, 130)))],
    "tail-crosses-face": [spot(950, 100, "Kai", tail=down(1100, 240, (1100, 760)))],
    "tail-in-face": [spot(200, 40, tail=down(300, 190, (300, 600)))],
    "balloons-overlap": [spot(300, 40), spot(400, 100, order=1)],
    "tangent": [spot(300, 40), spot(602, 60, order=1)],
    "reading-order": [spot(700, 200), spot(300, 40, order=1)],
    "tail-crosses-words": [spot(300, 40, tail=down(430, 190, (430, 660))), spot(300, 300, "Dr. Nova", 1)],
    "tails-cross": [spot(300, 40, "Dr. Nova", 0, down(430, 190, NOVA.front)),
                    spot(850, 120, "Kai", 1, down(975, 270, KAI.front))],
    "widow": [spot(300, 40, rows=("So this is", "how it", "is"))],
    "stacked-word": [spot(300, 40, rows=("there is training", "after training"))],
}  # fmt: skip


def codes(spots: list[Spot] | tuple[Spot, ...]) -> set[str]:
    return {d.code for d in violations(spots, ROOM, 1500, 850, PAGE)}


def test_good_lettering_breaks_no_rule() -> None:
    assert codes(GOOD) == set()


@pytest.mark.parametrize("code", BAD)
def test_the_rule_fires(code: str) -> None:
    assert code in codes(BAD[code])


def test_a_violation_stands_at_its_line_and_says_what_to_do() -> None:
    found = [d for d in violations(BAD["reading-order"], ROOM, 1500, 850, PAGE) if d.code == "reading-order"]
    assert [(d.path, d.line, d.column, d.severity) for d in found] == [("story.md", 8, 3, "warning")]
    assert found[0].hint
    assert "page edition" in found[0].message


def test_a_line_of_another_face_is_no_fault_of_a_far_balloon() -> None:
    """Moving the faces away silences the rules about faces."""
    empty = replace(ROOM, actors=())
    assert not list(violations(GOOD, empty, 1500, 850, PAGE))
