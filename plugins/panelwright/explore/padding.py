"""The padding grid: requests of different lengths in batches that are as long as their longest."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from panelwright.benchdata.figures import figure, whole
from panelwright.explore.model import Drawn, Load
from panelwright.explore.plot import SIZES, Box, Plot, Scale, Size, boxes, ticks_of, tone

ORDERS = ("as they come", "sorted by length")
ROW = 9  # height of a request in the picture


def draw(what: Mapping[str, Any], load: Load) -> Drawn:
    lengths = draw_lengths(what["requests"], what["shortest"], what["longest"], what["seed"])
    sizes = [2**i for i in range(len(lengths).bit_length())]
    rows = tuple((str(b), *(f"{figure(100 * waste(lengths, b, order))} %" for order in ORDERS)) for b in sizes)
    return Drawn(
        tuple(_plot(size, lengths, what["longest"], what["batch"]) for size in SIZES),
        says(lengths, what["batch"], ORDERS[0]),
        ("requests in a batch", *(f"padding, {order}" for order in ORDERS)),
        rows,
        {"lengths": lengths, "sizes": sizes, "batch": what["batch"], "orders": ORDERS, "row": ROW},
        ("illustration",),
        f"{len(lengths)} made-up requests of {what['shortest']} to {what['longest']} tokens, drawn once from a "
        "log-uniform distribution: short ones are common, long ones are not rare.",
    )


def draw_lengths(n: int, shortest: int, longest: int, seed: int) -> list[int]:
    """Lengths in tokens, log-uniform; the same seed draws the same."""
    chance = random.Random(seed)
    return [round(shortest * (longest / shortest) ** chance.random()) for _ in range(n)]


def arranged(lengths: Sequence[int], order: str) -> list[int]:
    return sorted(lengths) if order == ORDERS[1] else list(lengths)


def batches(lengths: Sequence[int], batch: int) -> list[list[int]]:
    return [list(lengths[i : i + batch]) for i in range(0, len(lengths), batch)]


def waste(lengths: Sequence[int], batch: int, order: str) -> float:
    """Share of the cells of all batches that hold no token."""
    cells = sum(len(group) * max(group) for group in batches(arranged(lengths, order), batch))
    return 1 - sum(lengths) / cells


def says(lengths: Sequence[int], batch: int, order: str) -> str:
    cells = sum(len(group) * max(group) for group in batches(arranged(lengths, order), batch))
    share = 100 * (1 - sum(lengths) / cells)
    who = "Requests one by one" if batch == 1 else f"Batches of {batch}"
    return f"{who}, {order}: {whole(cells - sum(lengths))} of {whole(cells)} cells are padding, {figure(share)}\u00a0%."


def _plot(size: Size, lengths: Sequence[int], longest: int, batch: int) -> str:
    cell = (size.width - size.left - 12) // longest
    x = Scale("linear", 0, longest, size.left, size.left + cell * longest)
    top, bottom = 28, 28 + ROW * len(lengths)
    plot = Plot(size, bottom + 44, x, Scale("linear", len(lengths), 0, bottom, top))
    plot.legend([("cyan", "token", ""), ("amber", "padding", "")])
    plot.axis_x(ticks_of(range(0, longest + 1, 8)), "tokens")
    plot.add("text", "", f"{len(lengths)} requests", transform=f"translate({size.left - 14} {(top + bottom) // 2}) "
             "rotate(-90)", text_anchor="middle")  # fmt: skip
    filled, empty, frames = cells(batches(lengths, batch))
    for name, colour, found, opacity in (("tokens", "cyan", filled, 1.0), ("padding", "amber", empty, 0.7)):
        plot.area(name, boxes(_placed(plot, found)), colour, fill_opacity=opacity)
    grid = "".join(f"M{x.start + cell * i:g} {top}V{bottom}" for i in range(longest + 1))
    grid += "".join(f"M{x.start:g} {top + ROW * i}H{x.end:g}" for i in range(len(lengths) + 1))
    plot.add("path", "", d=grid, stroke=tone("bg"), stroke_width=1.5)
    plot.stroke("frames", boxes(_placed(plot, frames)), "fg", 1.5)
    return plot.svg()


def cells(groups: Sequence[Sequence[int]]) -> tuple[list[Box], list[Box], list[Box]]:
    """In tokens and rows: what is filled, what is padding, and the batches."""
    filled: list[Box] = []
    empty: list[Box] = []
    frames: list[Box] = []
    row = 0
    for group in groups:
        frames.append((0, row, max(group), len(group)))
        for length in group:
            filled.append((0, row, length, 1))
            if length < max(group):
                empty.append((length, row, max(group) - length, 1))
            row += 1
    return filled, empty, frames


def _placed(plot: Plot, found: Sequence[Box]) -> list[Box]:
    return [(plot.x(x), plot.y(y), plot.x(x + w) - plot.x(x), plot.y(y + h) - plot.y(y)) for x, y, w, h in found]
