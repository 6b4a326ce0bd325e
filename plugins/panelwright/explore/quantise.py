"""Rounding weights: fewer levels, a scale for each block, and what error that makes."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from panelwright.benchdata.figures import figure, whole
from panelwright.explore.model import Drawn, Load
from panelwright.explore.plot import SIZES, Plot, Scale, Size, boxes, num

BITS = tuple(range(2, 9))
BLOCKS = (16, 32, 64, 128, 256)
SCALE_BITS = 16  # of the number that each block keeps besides its weights
BINS, REACH = 80, 4.0  # of the histograms, in standard deviations
TOP, MIDDLE, LOWER, BOTTOM = 50, 160, 184, 268


def draw(what: Mapping[str, Any], load: Load) -> Drawn:
    n, bits, block = what["weights"], what["bits"], what["block"]
    weights = draw_weights(n, what["seed"])
    blocks = (*BLOCKS, n)
    rows = tuple(
        (str(b), *(f"{figure(100 * error(weights, rounded(weights, b, size)))} %" for size in blocks)) for b in BITS
    )
    return Drawn(
        tuple(_plot(size, weights, bits, block) for size in SIZES),
        says(weights, bits, block),
        ("bits", *(f"blocks of {b}" for b in BLOCKS), "one block"),
        rows,
        {"weights": [round(w * 1000) for w in weights], "bits": BITS, "blocks": blocks, "bit": bits, "block": block,
         "outliers": what["outliers"], "outlier": what["outlier"], "scale_bits": SCALE_BITS, "bins": BINS,
         "reach": REACH, "places": [TOP, MIDDLE, LOWER, BOTTOM]},
        ("illustration",),
        f"{whole(n)} numbers drawn once from a normal distribution, in standard deviations, in place of a model's "
        f"weights; real weights have more outliers. Each block keeps its largest value exact.",
    )  # fmt: skip


def draw_weights(n: int, seed: int) -> list[float]:
    """In standard deviations, to three decimals; the same seed draws the same."""
    chance = random.Random(seed)
    return [round(chance.gauss(0, 1) * 1000) / 1000 for _ in range(n)]


def steps(block: Sequence[float], bits: int) -> float:
    """Distance of two neighbours of the grid: symmetric, the largest value of the block is its last level."""
    return max(abs(w) for w in block) / _most(bits)


def _most(bits: int) -> int:
    """The greatest level; there are as many below nought."""
    return (1 << (bits - 1)) - 1


def rounded(weights: Sequence[float], bits: int, block: int) -> list[float]:
    """Each weight as what its bits stand for."""
    out: list[float] = []
    for i in range(0, len(weights), block):
        own = weights[i : i + block]
        step = steps(own, bits)
        out += [math.floor(w / step + 0.5) * step for w in own]
    return out


def error(weights: Sequence[float], found: Sequence[float]) -> float:
    """Root mean square of the differences over that of the weights."""
    lost = kept = 0.0
    for w, f in zip(weights, found, strict=True):
        lost += (w - f) ** 2
        kept += w * w
    return math.sqrt(lost / kept)


def says(weights: Sequence[float], bits: int, block: int) -> str:
    share = 100 * error(weights, rounded(weights, bits, block))
    size = bits + SCALE_BITS / block
    where = "one block" if block == len(weights) else f"blocks of {block}"
    return (
        f"{bits} bits in {where}: {2**bits - 1} levels, an error of {figure(share)}\u00a0% of the weights (root mean "
        f"square), {figure(size)} bits a weight with the scales, {figure(100 * size / 16)}\u00a0% of 16 bits."
    )


def _plot(size: Size, weights: Sequence[float], bits: int, block: int) -> str:
    x = Scale("linear", -REACH, REACH, 16, size.width - 16)
    plot = Plot(size, BOTTOM + 48, x, Scale("linear", 0, 1, BOTTOM, LOWER))
    plot.legend([("cyan", "weights", ""), ("fg", "levels of the first block", ""), ("red", "errors, same scale", "")])
    found = rounded(weights, bits, block)
    plot.area("weights", heaps(plot, weights, MIDDLE, MIDDLE - TOP), "cyan")
    plot.stroke("levels", levels(plot, steps(weights[:block], bits), bits), "fg", 1.3)
    errors = [f - w for w, f in zip(weights, found, strict=True)]
    plot.area("errors", heaps(plot, errors, BOTTOM, BOTTOM - LOWER), "red")
    plot.axis_x([(v, f"{v:g}".replace("-", "−")) for v in range(-4, 5, 2)], "standard deviations")
    return plot.svg()


def heaps(plot: Plot, values: Sequence[float], bottom: float, height: float) -> str:
    """A histogram as a path; what lies beyond the picture is left out."""
    counts = [0] * BINS
    for v in values:
        i = math.floor((v + REACH) / (2 * REACH) * BINS)
        if 0 <= i < BINS:
            counts[i] += 1
    wide = (plot.x.end - plot.x.start) / BINS
    tall = height / max(counts)
    return boxes((plot.x.start + i * wide, bottom - c * tall, wide - 0.6, c * tall) for i, c in enumerate(counts) if c)


def levels(plot: Plot, step: float, bits: int) -> str:
    """Every level that lies inside the picture, as a line across the weights."""
    inside = [k * step for k in range(-_most(bits), _most(bits) + 1) if abs(k * step) <= REACH]
    return "".join(f"M{num(plot.x(v))} {TOP - 4}V{MIDDLE + 6}" for v in inside)
