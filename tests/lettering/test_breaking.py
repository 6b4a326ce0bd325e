"""Where lines break, and that nothing is lost by it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from panelwright.assets import Assets
from panelwright.layout.model import PAGE
from panelwright.lettering.breaking import Block, break_box, break_lozenge, break_rows, split_speech, split_words
from panelwright.lettering.styles import style_for, styles
from panelwright.lettering.units import MOST_WORDS, units
from panelwright.script.model import LineKind
from panelwright.script.parse import read_storyboard
from panelwright.typography.faces import face
from panelwright.typography.shaping import measure
from tests.lettering.conftest import line

GOLDEN = Path(__file__).parent / "golden" / "balloons.yaml"
SPEECH = styles(Assets.default())["speech"]
ROBOT = styles(Assets.default())["robot"]
NARRATION = styles(Assets.default())["narration"]
CODE = styles(Assets.default())["code"]
WORDS = st.one_of(
    st.text("abcdefgimnopstWTI'", min_size=1, max_size=10),
    st.sampled_from(["a", "the", "is", "Exactly!", "time...", "model,", "5.", "—", "→", "10\u00a0ms", "(P99)"]),
)
TEXTS = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)
SIZES = st.sampled_from([16.5, 39.0])


def kept(block: Block, text: str) -> None:
    """All words in order, and each line is found in the text where it says."""
    assert " ".join(block.lines).split(" ") == text.split(" ")
    assert [text[s : s + len(row)] for s, row in zip(block.starts, block.lines, strict=True)] == list(block.lines)


@given(TEXTS, SIZES, st.sampled_from([SPEECH, ROBOT]))
@example("5. 5. —", 39.0, SPEECH)
def test_lozenges_keep_every_word_and_fit_their_balloon(text: str, size: float, style: object) -> None:
    blocks = break_lozenge(text, style, size)  # type: ignore[arg-type]
    assert blocks
    assert [b.cost for b in blocks] == sorted(b.cost for b in blocks)
    for block in blocks:
        kept(block, text)
        k = len(block.lines)
        for i, row in enumerate(block.lines):
            # the corners of a line's x-height stay inside the superellipse, with the padding at the sides
            y = abs((i - (k - 1) / 2) * style.leading * size) + 0.36 * size  # type: ignore[attr-defined]
            chord = 2 * block.a * (1 - (y / block.b) ** style.n) ** (1 / style.n)  # type: ignore[attr-defined]
            assert measure(row, size, style.font) <= chord - 2 * style.pad[0] * size + 0.05 * size  # type: ignore[attr-defined]


@given(TEXTS, SIZES, st.floats(10, 40))
def test_boxes_keep_every_word_and_their_width(text: str, size: float, ems: float) -> None:
    block = break_box(text, NARRATION, size, ems * size)
    kept(block, text)
    words, _ = split_words(text)
    assert block.w <= ems * size + 1e-6 or any(row in words for row in block.lines)
    assert block.w == pytest.approx(
        max(measure(r, size, face("voice")) for r in block.lines) + 2 * NARRATION.pad[0] * size
    )


@given(st.lists(TEXTS, min_size=1, max_size=6).map("\n".join), st.floats(10, 40))
def test_rows_of_code_stay_rows(text: str, ems: float) -> None:
    whole = break_rows(text, CODE, 20)
    assert list(whole.lines) == text.split("\n")
    assert [text[s : s + len(r)] for s, r in zip(whole.starts, whole.lines, strict=True)] == list(whole.lines)
    block = break_rows(text, CODE, 20, ems * 20)
    assert " ".join(block.lines).split() == text.split()
    assert len(block.lines) >= len(whole.lines)
    assert block.w <= ems * 20 + 1e-6 or any(" " not in row.strip() for row in block.lines)


def test_a_row_too_long_goes_on_further_in() -> None:
    text = "for token in model:\n    print(token, end=token, flush=True)\nok"
    assert break_rows(text, CODE, 20, 350).lines == (
        "for token in model:", "    print(token,", "      end=token,", "      flush=True)", "ok",
    )  # fmt: skip
    assert break_rows("\tx", CODE, 20).lines == ("    x",)


def test_numbers_arrows_and_dashes_cling() -> None:
    words, starts = split_words("step 5. Decode → text — and 10\u00a0ms")
    assert words == ["step", "5. Decode", "→ text —", "and", "10\u00a0ms"]
    assert starts == [0, 5, 15, 24, 28]


@pytest.mark.parametrize("least", range(3, 12))
def test_no_line_ends_with_a_number_and_a_dot(least: int) -> None:
    text = "first 1. load the model then 2. tokenize the prompt and 3. decode"
    for block in break_lozenge(text, SPEECH, 39, most=least):
        assert not any(row.endswith(("1.", "2.", "3.")) for row in block.lines)


def test_long_lines_stand_in_the_middle() -> None:
    text = "Without a graphics card most of the models that we use every day would be far too slow."
    block = break_lozenge(text, SPEECH, 39)[0]
    widths = [measure(row, 39, face("voice")) for row in block.lines]
    assert len(widths) >= 4
    assert max(widths[1:-1]) > max(widths[0], widths[-1])


@pytest.mark.parametrize(
    "text",
    [
        "One... at... a... time...",
        "So inference is the part that users actually interact with!",
        "I handle thousands of matrix multiplications in parallel!",
        "Why do some AI apps feel instant while others lag?",
    ],
)
def test_a_balloon_is_neither_a_sausage_nor_a_column(text: str) -> None:
    block = break_lozenge(text, SPEECH, 39)[0]
    assert 1.25 <= block.w / block.h <= 2.7
    flat = [b for b in break_lozenge(text, SPEECH, 39) if b.w / b.h > 3.3]
    assert all(b.cost > block.cost + 0.7 for b in flat), "a long flat balloon must be dear"


def test_a_line_does_not_begin_with_one_short_word_alone() -> None:
    block = break_lozenge("So inference is the part that users actually experience?", SPEECH, 39)[0]
    assert block.lines[0] != "So"


@given(st.lists(st.text("abcdefg", min_size=1, max_size=8), min_size=1, max_size=90), st.randoms())
def test_long_speeches_are_split_at_sentence_ends(words: list[str], chance: object) -> None:
    """With a sentence end at least every twelve words no part has more than 25."""
    spoken, since = [], 0
    for word in words:
        since += 1
        if since == 12 or chance.random() < 0.2:  # type: ignore[attr-defined]
            word, since = f"{word}.", 0
        spoken.append(word)
    parts = split_speech(" ".join(spoken), MOST_WORDS)
    assert " ".join(parts).split(" ") == spoken
    assert all(len(p.split(" ")) <= MOST_WORDS for p in parts)
    assert all(p.endswith(".") for p in parts[:-1])
    assert len(parts) == 1 or len(words) > MOST_WORDS


def test_a_speech_without_ends_is_split_at_commas_or_left_whole() -> None:
    half = " ".join(["word"] * 20)
    assert split_speech(f"{half}, {half}", 25) == [f"{half},", half]
    assert split_speech(f"{half} {half}", 25) == [f"{half} {half}"]


def test_joined_balloons_know_their_place_in_the_whole_speech(assets: Assets) -> None:
    text = (
        "Every token needs a whole pass through all of the layers of the model. Nothing is kept between two passes "
        "but the keys and values of what was read before. That is why the cache grows with every word!"
    )
    (unit,) = units([line(text)], 900, PAGE, assets)
    for form in unit.forms:
        assert len(form.blocks) >= 2
        for block in form.blocks:
            rows = [text[s : s + len(row)] for s, row in zip(block.starts, block.lines, strict=True)]
            assert rows == list(block.lines)


def test_the_longest_balloons_break_as_accepted(storyboard_path: Path, assets: Assets) -> None:
    """Read the file when it changes; accept with PANELWRIGHT_ACCEPT=1."""
    storyboard = read_storyboard(storyboard_path).storyboard
    spoken = [x for _, _, x in storyboard.lines() if x.kind is LineKind.SPEECH]
    longest = sorted(spoken, key=lambda x: (-len(x.text.split()), x.text))[:12]
    short = [x for x in spoken if len(x.text.split()) <= 5]
    found = [list(break_lozenge(x.text, style_for(x, assets), PAGE.text)[0].lines) for x in [*longest, *short]]
    if os.environ.get("PANELWRIGHT_ACCEPT"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=1000), "utf-8")
    assert found == yaml.safe_load(GOLDEN.read_text("utf-8"))
