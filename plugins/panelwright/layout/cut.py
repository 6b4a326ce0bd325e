"""A tree and the room that words need become frames. Heights are never less than the words need."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from panelwright.layout.model import Edition, Frame, PageLayout
from panelwright.layout.tree import Node

Need = Callable[[int, float], float]  # (panel index, width) -> least height
STEP = 20.0  # heights move in steps, so a reworded line does not redraw its neighbours


def cut_page(tree: Node, edition: Edition, need: Need, top: float = 0.0) -> tuple[PageLayout, float]:
    """Frames for a page of fixed size, and by how many units the words need more than it has (0: fits).

    ``top``: height kept free above the first tier. An overfull page grows, so nothing is lost.
    """
    width = edition.width - 2 * edition.margin
    height = (edition.height or 0) - 2 * edition.margin - top
    least = _least(tree, width, edition, need)
    over = max(0.0, least - height)
    frames: list[Frame] = []
    _place(tree, edition.margin, edition.margin + top, width, height + over, edition, need, frames)
    return PageLayout(edition, edition.width, (edition.height or 0) + over, tuple(frames)), over


def stack_panels(heights: Sequence[float], edition: Edition) -> PageLayout:
    """The strip: one panel under another, each as wide as the edition allows."""
    frames, y = [], edition.margin
    width = edition.width - 2 * edition.margin
    for i, h in enumerate(heights):
        frames.append(Frame(i, edition.margin, y, width, h))
        y += h + edition.gutter
    return PageLayout(edition, edition.width, y - edition.gutter + edition.margin, tuple(frames))


def _widths(node: Node, width: float, edition: Edition) -> list[float]:
    free = width - edition.gutter * (len(node.children) - 1)
    return _shares(node, free)


def _shares(node: Node, free: float) -> list[float]:
    """Fractions first, the rest by weight."""
    said = sum(c.share or 0 for c in node.children)
    rest = [c for c in node.children if c.share is None]
    if not rest:
        return [free * (c.share or 0) / said for c in node.children]
    left = max(0.1 * len(rest), 1 - said)
    weights = sum(c.weight for c in rest)
    scale = 1 / (said + left)
    return [free * scale * (c.share if c.share is not None else left * c.weight / weights) for c in node.children]


def _least(node: Node, width: float, edition: Edition, need: Need) -> float:
    if node.axis == "leaf":
        return math.ceil(need(node.panel, width) / STEP) * STEP
    if node.axis == "columns":
        return max(
            _least(c, w, edition, need) for c, w in zip(node.children, _widths(node, width, edition), strict=True)
        )
    return sum(_least(c, width, edition, need) for c in node.children) + edition.gutter * (len(node.children) - 1)


def _place(node: Node, x: float, y: float, w: float, h: float, edition: Edition, need: Need, out: list[Frame]) -> None:
    if node.axis == "leaf":
        out.append(Frame(node.panel, round(x, 1), round(y, 1), round(w, 1), round(h, 1)))
    elif node.axis == "columns":
        for child, cw in zip(node.children, _widths(node, w, edition), strict=True):
            _place(child, x, y, cw, h, edition, need, out)
            x += cw + edition.gutter
    else:
        free = h - edition.gutter * (len(node.children) - 1)
        for child, ch in zip(node.children, _heights(node, w, free, edition, need), strict=True):
            _place(child, x, y, w, ch, edition, need, out)
            y += ch + edition.gutter


def _heights(node: Node, w: float, free: float, edition: Edition, need: Need) -> list[float]:
    """Wanted heights, but none under its least: the short ones are fixed, the rest share what is left."""
    least = [_least(c, w, edition, need) for c in node.children]
    wanted = _shares(node, free)
    fixed: dict[int, float] = {}
    while True:
        rest = [i for i in range(len(wanted)) if i not in fixed]
        left = free - sum(fixed.values())
        total = sum(wanted[i] for i in rest)
        now = {i: left * wanted[i] / total for i in rest} if total else {}
        short = [i for i in rest if now[i] < least[i]]
        if not short or len(short) == len(rest):
            break
        fixed.update({i: least[i] for i in short})
    heights = [fixed.get(i, now.get(i, least[i])) for i in range(len(wanted))]
    # steps of 20, the last tier takes what is left over
    stepped = [math.floor(v / STEP) * STEP if v - least[i] >= STEP else v for i, v in enumerate(heights)]
    stepped[-1] += free - sum(stepped)
    return stepped
