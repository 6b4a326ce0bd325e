"""Each rule of lettering speaks up when it is broken, and keeps quiet when it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panelwright.assets import Assets
from panelwright.comic import Options, compose
from panelwright.drawing.model import Avoid, Box, Drawing
from panelwright.layout.model import PAGE
from panelwright.lettering.place import Spot
from panelwright.lettering.rules import violations
from panelwright.lettering.tails import Tail
from panelwright.lettering.units import Unit, units
from panelwright.script.model import Line, LineKind
from panelwright.script.parse import parse_storyboard
from tests.lettering.conftest import actor, line, two

ASSETS = Assets.default()
W, H = 1508.0, 1000.0
FACES = two(W, H)  # Kai's face is at (332, 660), Dr. Nova's at (1176, 660)
EMPTY = Drawing("", "")
KAI, NOVA = line("A pipeline?", speaker="Kai"), line("Exactly.", speaker="Dr. Nova")


def unit(said: Line, order: int = 0) -> Unit:
    return units([said], W, PAGE, ASSETS)[0]._replace(order=order)


def at(x: float, y: float, said: Line = KAI, order: int = 0, tip: tuple[float, float] | None = None) -> Spot:
    """A balloon with its left top corner at (x, y); its tail, if any, runs straight from its middle."""
    u = unit(said, order)
    form = u.forms[0]
    tail = Tail((x + form.w / 2, y + form.h * 0.8), tip, 0.0, True) if tip else None
    return Spot(u, form, x, y, tail)


def codes(*spots: Spot, drawing: Drawing = EMPTY, w: float = W, h: float = H) -> set[str]:
    return {d.code for d in violations(spots, drawing, w, h, PAGE)}


def drawn(x: float, y: float) -> Avoid:
    return Avoid(Box(x, y, 160, 30), 0.95, "Forward Pass", True)


def sized(spot: Spot, size: float) -> Spot:
    block = spot.form.blocks[0]._replace(size=size)
    return Spot(spot.unit, spot.form._replace(blocks=(block,)), spot.x, spot.y)


LONG = line(" ".join(["word"] * 30))  # no sentence ends: it cannot be split
WIDTH, HEIGHT = at(0, 0).form.w, at(0, 0).form.h
BAD = {
    "words-outside": lambda: codes(at(2, 100)),
    "missing-glyph": lambda: codes(at(100, 100, line("漢 is no letter"))),
    "text-too-small": lambda: codes(sized(at(100, 100), PAGE.least_text - 1)),
    "too-many-words": lambda: codes(at(100, 100, LONG)),
    "balloon-over-face": lambda: codes(at(300, 640), drawing=FACES),
    "tail-crosses-face": lambda: codes(at(1100, 400, KAI, tip=(1180, 800)), drawing=FACES),
    "tail-in-face": lambda: codes(at(300, 300, KAI, tip=(335, 655)), drawing=FACES),
    "balloons-overlap": lambda: codes(at(100, 100), at(160, 120, NOVA, 1)),
    "tangent": lambda: codes(at(100, 100), at(100 + WIDTH + 1, 120, NOVA, 1)),
    "reading-order": lambda: codes(at(100, 500), at(100, 200, NOVA, 1)),
    "tail-crosses-words": lambda: codes(at(300, 100, KAI, tip=(380, 700)), at(290, 300, NOVA, 1)),
    "tails-cross": lambda: codes(at(100, 100, KAI, tip=(900, 500)), at(800, 120, NOVA, 1, tip=(150, 500))),
    "words-crowd-panel": lambda: codes(at(20, 20), w=WIDTH + 40, h=HEIGHT + 40),
    "balloon-too-large": lambda: codes(at(20, 20), w=WIDTH + 40, h=HEIGHT + 40),
    "words-over-focal": lambda: codes(at(100, 100), drawing=replace(EMPTY, focal=Box(110, 110, 200, 120))),
    "balloon-over-hand": lambda: codes(
        at(100, 100), drawing=replace(EMPTY, actors=(replace(actor("Kai", 900, 800, 60), hands=((220, 150, 20),)),))
    ),
    "words-over-words": lambda: codes(at(100, 100), drawing=replace(EMPTY, avoid=(drawn(200, 150),))),
    "tail-too-flat": lambda: codes(at(100, 100, KAI, tip=(900, 200))),
}  # fmt: skip


@pytest.mark.parametrize("code", BAD)
def test_a_broken_rule_is_told(code: str) -> None:
    assert code in BAD[code]()


def test_words_beside_those_of_the_picture_are_fine_and_the_covered_ones_are_named() -> None:
    beside = replace(EMPTY, avoid=(drawn(150 + WIDTH + 5, 150), drawn(0, 80)))  # the last at an empty corner
    assert "words-over-words" not in codes(at(150, 100), drawing=beside)
    shaved = replace(EMPTY, avoid=(drawn(100 + WIDTH / 2 - 80, 100 + 0.015 * HEIGHT - 25),))  # the feet of its letters
    assert "words-over-words" in codes(at(100, 100), drawing=shaved)
    told = violations([at(100, 100)], replace(EMPTY, avoid=(drawn(200, 150),)), W, H, PAGE)
    assert ["'Forward Pass'" in d.message for d in told if d.code == "words-over-words"] == [True]


def test_a_word_alone_at_the_end_is_told() -> None:
    spot = at(100, 100, line("one two three or so"))
    block = spot.form.blocks[0]._replace(lines=("one two", "three or", "so"))
    assert "widow" in codes(replace_block(spot, block))
    assert "widow" not in codes(replace_block(spot, block._replace(lines=("one two", "three", "or so"))))


def test_a_word_under_itself_is_told() -> None:
    spot = at(100, 100, line("token by token by token"))
    block = spot.form.blocks[0]
    assert "stacked-word" in codes(replace_block(spot, block._replace(lines=("token by", "token by", "token"))))
    assert "stacked-word" not in codes(replace_block(spot, block._replace(lines=("every token", "by token by"))))


def replace_block(spot: Spot, block: object) -> Spot:
    return Spot(spot.unit, spot.form._replace(blocks=(block,)), spot.x, spot.y)


def test_good_lettering_breaks_no_rule() -> None:
    good = (at(150, 200, KAI, tip=(400, 560)), at(1000, 320, NOVA, 1, tip=(1110, 560)))
    assert codes(*good, drawing=FACES) == set()


def test_a_diagnostic_names_the_line_the_edition_and_a_remedy() -> None:
    (found,) = violations([at(2, 100)], EMPTY, W, H, PAGE)
    assert (found.path, found.line, found.column, found.severity) == ("script.md", 7, 3, "warning")
    assert "page edition" in found.message
    assert found.hint


def test_later_words_may_stand_higher_on_the_right() -> None:
    assert "reading-order" not in codes(at(100, 300), at(900, 200, NOVA, 1))


def test_long_code_is_no_speech_and_may_have_empty_rows() -> None:
    code = line("\n\n".join(["a = b + c * d + e"] * 5), LineKind.CODE)
    assert codes(at(100, 100, code)) == set()


def test_the_tail_of_its_own_speaker_may_pass_the_face() -> None:
    assert "tail-crosses-face" not in codes(at(250, 300, KAI, tip=(332, 570)), drawing=FACES)


@pytest.mark.parametrize(
    ("words", "strict", "told"), [(210, True, None), (211, False, "warning"), (211, True, "error")]
)
def test_a_page_of_too_many_words_is_told(words: int, strict: bool, told: str | None) -> None:
    panels = "".join(
        f"### Panel {n + 1}\n- **Narration**: {' '.join(['so'] * (words // 7 + (n < words % 7)))}\n\n" for n in range(7)
    )
    text = f'# One\n\n## Page 1 — "Long" (Part)\n\n{panels}'
    found = compose(parse_storyboard(text, "s.md").storyboard, Options(strict=strict)).diagnostics
    page = [d for d in found if d.code == "words-crowd-page"]
    assert [d.severity for d in page] == ([told] if told else [])
    assert [(d.line, d.hint) for d in page] == ([(5, page[0].hint)] if told else [])
