"""Hints become a slicing tree, the tree becomes frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spellchecker import SpellChecker

from panelwright.layout.cut import cut_page, stack_panels
from panelwright.layout.hints import misspelt, place_of
from panelwright.layout.model import PAGE, PHONE
from panelwright.layout.tree import Node, TreeError, parse_tree, tree_from_hints

# every page of the shipped storyboard: hints -> panels per tier
STORYBOARD = {
    1: (["Wide, top half", "Left, bottom", "Right, bottom"], [1, 2]),
    2: (["Wide, top", "Center, large", "Bottom"], [1, 1, 1]),
    3: (["Top half, wide", "Bottom left", "Bottom right"], [1, 2]),
    4: (["Top, wide", "Middle left", "Middle right", "Bottom, wide"], [1, 2, 1]),
    5: (
        ["Top, establishing shot", "Station 1 — Preprocessing", "Station 2 — Batching", "Station 3 — Forward Pass",
         "Stations 4-6 — Decoding, Postprocessing, Serving"], [1, 2, 2]),
    6: (["Top, wide", "Middle", "Bottom"], [1, 1, 1]),
    7: (["Top left — Safetensors", "Top right — GGUF", "Bottom left — TensorRT", "Bottom right — ONNX",
         "Bottom strip"], [2, 2, 1]),
    8: (["Top, wide", "Left column — Latency", "Right column — TTFT", "Left bottom — ITL",
         "Right bottom — Throughput"], [1, 2, 2]),
    9: (["Top, wide", "Middle, large", "Bottom"], [1, 1, 1]),
    10: (["Top, wide", "Middle left", "Middle right", "Bottom, wide — finale"], [1, 2, 1]),
}  # fmt: skip


def tiers(tree: Node) -> list[int]:
    return [len(child.leaves()) for child in tree.children]


@pytest.mark.parametrize("page", STORYBOARD)
def test_every_page_of_the_storyboard_falls_out_of_the_rule(page: int) -> None:
    hints, expected = STORYBOARD[page]
    assert tiers(tree_from_hints([place_of(h) for h in hints])) == expected


def test_top_half_is_half_of_the_page() -> None:
    tree = tree_from_hints([place_of(h) for h in STORYBOARD[1][0]])
    layout, over = cut_page(tree, PAGE, lambda _i, _w: 100)
    assert over == 0
    live = PAGE.height - 2 * PAGE.margin - PAGE.gutter
    assert layout.frames[0].h == pytest.approx(live / 2, abs=20)


@pytest.mark.parametrize(
    ("count", "expected"), [(1, [1]), (2, [2]), (3, [1, 2]), (4, [2, 2]), (5, [2, 3]), (6, [2, 2, 2])]
)
def test_without_hints_the_count_decides(count: int, expected: list[int]) -> None:
    assert tiers(tree_from_hints([place_of("")] * count)) == expected


def test_what_follows_a_dash_is_a_title_and_no_place() -> None:
    assert not place_of("Station 1 — Top secret").said
    assert place_of("Top left — GGUF").column == 0


HINTS = st.sampled_from(
    ["", "Top, wide", "Bottom left", "Bottom right", "Middle", "Center, large", "Left", "Right", "Bottom strip",
     "Top half", "30%", "Splash", "Middle right, small", "whatever"]
)  # fmt: skip


@given(st.lists(HINTS, min_size=1, max_size=12), st.lists(st.integers(0, 320), min_size=12, max_size=12))
def test_frames_hold_the_words_keep_script_order_and_never_overlap(hints: list[str], needs: list[int]) -> None:
    tree = tree_from_hints([place_of(h) for h in hints])
    assert tree.leaves() == tuple(range(len(hints)))
    layout, over = cut_page(tree, PAGE, lambda i, _w: needs[i])
    assert layout.height == pytest.approx(PAGE.height + over)
    for f in layout.frames:
        assert f.h >= needs[f.panel] - 0.2
        assert f.x >= PAGE.margin - 0.2
        assert f.x + f.w <= PAGE.width - PAGE.margin + 0.2
        assert f.y + f.h <= layout.height - PAGE.margin + 0.5
    for i, a in enumerate(layout.frames):
        for b in layout.frames[i + 1 :]:
            apart = b.x >= a.x + a.w + PAGE.gutter - 0.3 or b.y >= a.y + a.h + PAGE.gutter - 0.3
            assert apart, (a, b)


def test_an_overfull_page_says_by_how_much_and_loses_nothing() -> None:
    tree = tree_from_hints([place_of("")] * 4)
    layout, over = cut_page(tree, PAGE, lambda _i, _w: 2000)
    assert over > 1000
    assert all(f.h >= 2000 for f in layout.frames)


def test_a_written_tree_overrides() -> None:
    layout, _ = cut_page(parse_tree("30 / 70 [60 * | (* / *)]"), PAGE, lambda _i, _w: 0)
    assert [f.panel for f in layout.frames] == [0, 1, 2, 3]
    assert layout.frames[1].w > layout.frames[2].w
    assert layout.frames[2].x == layout.frames[3].x
    assert layout.frames[3].y > layout.frames[2].y


@pytest.mark.parametrize(("text", "column"), [("50 / ", 6), ("[* | *", 7), ("70 / 60", 8), ("* x *", 3), ("* )", 3)])
def test_a_broken_tree_says_where(text: str, column: int) -> None:
    with pytest.raises(TreeError) as caught:
        parse_tree(text)
    assert caught.value.column == column


def test_the_strip_stacks_panels_at_full_width() -> None:
    layout = stack_panels([300, 420], PHONE)
    first, second = layout.frames
    assert first.w == second.w == PHONE.width - 2 * PHONE.margin
    assert second.y == first.y + 300 + PHONE.gutter
    assert layout.height == second.y + 420 + PHONE.margin


@pytest.mark.parametrize(
    ("hint", "found"),
    [
        ("Lfet", [("lfet", "left")]),
        ("Botom rihgt, larrge", [("botom", "bottom"), ("rihgt", "right"), ("larrge", "large")]),
        ("Tpo half — Lfet", [("tpo", "top")]),
        ("Night, final light", []),
    ],
)
def test_a_slip_in_a_hint_is_known(hint: str, found: list[tuple[str, str]]) -> None:
    assert misspelt(hint) == found


def test_hardly_a_word_of_the_dictionary_is_taken_for_a_slip() -> None:
    words = [word for word in SpellChecker().word_frequency.words() if word.isalpha()]
    assert len(words) > 100_000
    assert {word for word in words if misspelt(word)} <= {"cental", "centra", "lowe"}
