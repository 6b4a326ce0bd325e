"""Percentiles of measured latencies: where they lie, how sure a sample of some size is of them, and the mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from panelwright.benchdata import interval, percentile
from panelwright.benchdata.figures import figure, whole
from panelwright.benchdata.stats import NOT_ESTIMABLE, histogram
from panelwright.explore.model import Drawn, Load, told
from panelwright.explore.plot import SIZES, Box, Plot, Scale, Size, boxes, line, ticks_of

BINS = 48
QUANTILES = (*range(5, 90, 5), *range(90, 100), 99.5, 99.9)
SAMPLES = (10, 20, 50, 100, 200, 400, 1000, 2000, 5000)
TABLE = (50, 75, 90, 95, 99, 99.9)
TOP, BOTTOM = 86, 262


def draw(what: Mapping[str, Any], load: Load) -> Drawn:
    file = load(what["file"])
    measure = file.experiment(what["experiment"]).points[0].measures[what["measure"]]
    samples, q = measure.samples, what["percentile"]
    mean = math.fsum(samples) / len(samples)
    rows = [("mean", figure(mean), "", "")]
    for at in TABLE:
        rows.append((f"P{at:g}", figure(percentile(samples, at)), _interval(samples, at), whole(least(at))))
    sizes = [n for n in SAMPLES if n < len(samples)] + [len(samples)]
    return Drawn(
        tuple(_plot(size, samples, q, measure.unit) for size in SIZES),
        says(samples, q, measure.unit),
        ("", f"latency, {measure.unit}", "95 % interval", "requests needed for an interval"),
        tuple(rows),
        {"samples": samples, "unit": measure.unit, "sizes": sizes, "quantiles": QUANTILES, "percentile": q,
         "bins": BINS, "top": TOP, "bottom": BOTTOM},
        (file.kind,),
        f"{told(file)}. Samples are drawn at random from {whole(len(samples))} requests that were measured; the "
        "intervals hold if the requests of a sample are independent.",
    )  # fmt: skip


def least(q: float, level: float = 0.95) -> int:
    """So many samples a percentile needs for a two-sided interval from order statistics.

    All samples may lie below it (chance p^n) or above it ((1 - p)^n): each at most half of what is left of ``level``.
    """
    return math.ceil(math.log((1 - level) / 2) / math.log(max(q, 100 - q) / 100))


def says(samples: Sequence[float], q: float, unit: str) -> str:
    mean = math.fsum(samples) / len(samples)
    return (f"Of {whole(len(samples))} requests, P{q:g} is {figure(percentile(samples, q))}\u00a0{unit} "
            f"(95\u00a0% interval: {_interval(samples, q)}); the mean is {figure(mean)}\u00a0{unit}.")  # fmt: skip


def _interval(samples: Sequence[float], q: float) -> str:
    span = interval(samples, q)
    return f"{figure(span.low)} to {figure(span.high)}" if span else NOT_ESTIMABLE


def _plot(size: Size, samples: Sequence[float], q: float, unit: str) -> str:
    end = _nice(max(samples))
    x = Scale("linear", 0, end, 16, size.width - 16)
    plot = Plot(size, BOTTOM + 48, x, Scale("linear", 0, 1, BOTTOM, TOP))
    plot.legend([("cyan", "below", ""), ("amber", "above", ""), ("fg2", "95 % interval", "")])
    value, mean, span = percentile(samples, q), math.fsum(samples) / len(samples), interval(samples, q)
    bars = bars_of(plot, samples)
    for name, colour, shown in (("below", "cyan", [b for b in bars if _middle(b) <= x(value)]),
                                ("above", "amber", [b for b in bars if _middle(b) > x(value)])):  # fmt: skip
        plot.area(name, boxes(shown), colour)
    plot.axis_x(ticks_of(end * i / 4 for i in range(5)), f"latency, {unit}")
    band = boxes([(x(span.low), TOP - 22, x(span.high) - x(span.low), BOTTOM - TOP + 22)]) if span else ""
    plot.area("interval", band, "fg", fill_opacity=0.2)
    plot.stroke("mean", line([(x(mean), TOP - 2), (x(mean), BOTTOM)]), "fg", 2.0, stroke_dasharray="5 4")
    plot.stroke("line", line([(x(value), TOP - 22), (x(value), BOTTOM)]), "fg")
    plot.points("grip", [(x(value), TOP - 22)], "fg", 14.0)
    for name, at, y, words in (("mean-words", mean, TOP - 8, f"mean {figure(mean)}"),
                               ("line-words", value, TOP - 36, f"P{q:g} {figure(value)}")):  # fmt: skip
        plot.add("text", name, words, x=x(at), y=y, text_anchor=anchor(plot, at), fill="var(--pw-fg)")
    return plot.svg()


def bars_of(plot: Plot, samples: Sequence[float]) -> list[Box]:
    end = plot.x.high
    counts = histogram(samples, end, BINS)
    out = []
    for i, n in enumerate(counts):
        if n:
            left, right = plot.x(end * i / BINS), plot.x(end * (i + 1) / BINS)
            out.append((left, plot.y(n / max(counts)), right - left - 1, BOTTOM - plot.y(n / max(counts))))
    return out


def anchor(plot: Plot, at: float) -> str:
    """Words stay inside the picture."""
    share = (plot.x(at) - plot.x.start) / (plot.x.end - plot.x.start)
    return "start" if share < 0.12 else "end" if share > 0.88 else "middle"


def _middle(bar: Box) -> float:
    return bar[0] + bar[2] / 2


def _nice(value: float) -> float:
    """The next value of the kind 1, 1.2, 1.6, 2, 2.4, 2.8, 3.2, 4, 5, 6, 8 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * m for m in (1, 1.2, 1.6, 2, 2.4, 2.8, 3.2, 4, 5, 6, 8, 10) if power * m >= value)
