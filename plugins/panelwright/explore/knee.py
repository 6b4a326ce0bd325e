"""Where more batching stops paying: a sweep cut anywhere, judged by several rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panelwright.benchdata import BenchmarkFile, best_under, kneedle, power_knee
from panelwright.benchdata.figures import figure, whole
from panelwright.benchdata.knee import nearest_crossing
from panelwright.explore.model import Drawn, Load, told
from panelwright.explore.plot import SIZES, Places, Plot, Scale, Size, line

TOP, BOTTOM = 52, 262
FEWEST = 3  # points of a sweep that a rule can judge
RULES = ("nearest crossing", "power", "kneedle", "objective")
HELPERS = ("1 − throughput", "throughput ÷ latency", "height above the chord", "")


@dataclass(frozen=True)
class Sweep:
    """``latency`` and ``throughput`` over ``batch``; units in words; ``kind`` and ``file`` say where from."""

    label: str
    batch: tuple[float, ...]
    latency: tuple[float, ...]
    throughput: tuple[float, ...]
    units: tuple[str, str]
    file: BenchmarkFile

    def until(self, n: int) -> tuple[Sequence[float], Sequence[float], Sequence[float]]:
        return self.batch[:n], self.latency[:n], self.throughput[:n]


def draw(what: Mapping[str, Any], load: Load) -> Drawn:
    sweeps = [_sweep(given, load) for given in what["sweeps"]]
    limits = [float(figure(what["limit_share"] * max(s.latency), 2)) for s in sweeps]
    rows = []
    for sweep, limit in zip(sweeps, limits, strict=True):
        for n in range(FEWEST, len(sweep.batch) + 1):
            found = (_shown(judge(rule, *sweep.until(n), limit)) for rule in RULES)
            rows.append((f"{sweep.label}, ends at {whole(sweep.batch[n - 1])}", *found))
    first = sweeps[0]
    most = " or ".join(f"{figure(limit, 2)} {s.units[0]}" for limit, s in zip(limits, sweeps, strict=True))
    return Drawn(
        tuple(_plot(size, sweep, case) for case, sweep in enumerate(sweeps) for size in SIZES),
        says(first, len(first.batch), RULES[0], limits[0]),
        ("sweep", *RULES[:3], f"at most {most}"),
        tuple(rows),
        {"sweeps": [{"label": s.label, "kind": s.file.kind, "batch": s.batch, "latency": s.latency, "limit": limit,
                     "throughput": s.throughput, "units": s.units} for s, limit in zip(sweeps, limits, strict=True)],
         "rules": RULES, "helpers": HELPERS, "fewest": FEWEST},
        tuple(dict.fromkeys(s.file.kind for s in sweeps)),
        " ".join(f"{s.label}: {told(s.file)}." for s in sweeps)
        + " Both curves are drawn as shares of their largest value in the sweep that is shown.",
    )  # fmt: skip


def _sweep(given: Mapping[str, Any], load: Load) -> Sweep:
    file = load(given["file"])
    experiment = file.experiment(given["experiment"])
    latency, throughput = experiment.series("batch", "latency"), experiment.series("batch", "throughput")
    units = tuple(experiment.points[0].measures[m].unit for m in ("latency", "throughput"))
    return Sweep(given["label"], tuple(b for b, _ in latency), tuple(v for _, v in latency),
                 tuple(v for _, v in throughput), (units[0], units[1]), file)  # fmt: skip


def judge(
    rule: str, batch: Sequence[float], latency: Sequence[float], throughput: Sequence[float], limit: float
) -> float | None:
    """The batch at the knee; None: the rule finds none."""
    found: Mapping[str, Callable[[], float | None]] = {
        RULES[0]: lambda: nearest_crossing(batch, latency, throughput),
        RULES[1]: lambda: power_knee(batch, latency, throughput),
        RULES[2]: lambda: kneedle(batch, throughput),
        RULES[3]: lambda: best_under(batch, latency, throughput, limit),
    }
    return found[rule]()


def helper(rule: str, batch: Sequence[float], latency: Sequence[float], throughput: Sequence[float]) -> Sequence[float]:
    """What a rule looks at, as shares: the curve that crosses, or the one whose top it takes."""
    high, low = max(throughput), min(throughput)
    if rule == RULES[0]:
        return [1 - u / high for u in throughput]
    if rule == RULES[1]:
        power = [u / t for t, u in zip(latency, throughput, strict=True)]
        return [p / max(power) for p in power]
    if rule == RULES[2] and high > low:
        span = batch[-1] - batch[0]
        return [(u - low) / (high - low) - (b - batch[0]) / span for b, u in zip(batch, throughput, strict=True)]
    return []


def says(sweep: Sweep, n: int, rule: str, limit: float) -> str:
    batch, latency, throughput = sweep.until(n)
    found = judge(rule, batch, latency, throughput, limit)
    judged = f"at most {figure(limit, 2)}\u00a0{sweep.units[0]}" if rule == RULES[3] else f"the rule “{rule}”"
    where = f"A sweep that ends at {whole(batch[-1])}, {judged}: "
    if found is None:
        return where + "no knee."
    at = list(batch).index(found)
    return (f"{where}the knee is a batch of {whole(found)}, with {figure(latency[at])}\u00a0{sweep.units[0]} and "
            f"{figure(throughput[at])}\u00a0{sweep.units[1]}.")  # fmt: skip


def _shown(found: float | None) -> str:
    return "none" if found is None else whole(found)


def _plot(size: Size, sweep: Sweep, case: int) -> str:
    batch, latency, throughput = sweep.batch, sweep.latency, sweep.throughput
    x = Scale("log", batch[0], batch[-1], size.left, size.width - 18)
    plot = Plot(size, BOTTOM + 48, x, Scale("linear", 0, 1, BOTTOM, TOP), case)
    plot.legend([("amber", "latency", ""), ("green", "throughput", ""), ("violet-", HELPERS[0], "helper-words")])
    plot.axis_y([(0, "0"), (0.5, "50 %"), (1, "100 %")])
    every = 2 if size.name == "narrow" and len(batch) > 6 else 1
    plot.axis_x(
        [(b, whole(b)) for i, b in enumerate(batch) if i % every == (len(batch) - 1) % every], "requests in a batch"
    )

    def placed(values: Sequence[float]) -> Places:
        return [(x(b), plot.y(v)) for b, v in zip(batch, values, strict=True)]

    plot.stroke(
        "helper", line(placed(helper(RULES[0], batch, latency, throughput))), "violet", 2.0, stroke_dasharray="5 3"
    )
    for name, colour, values in (("latency", "amber", latency), ("throughput", "green", throughput)):
        shares = [v / max(values) for v in values]
        plot.stroke(name, line(placed(shares)), colour)
        plot.points(f"{name}-points", placed(shares), colour)
    found = judge(RULES[0], batch, latency, throughput, 0)
    at = x(found) if found is not None else x.start
    plot.stroke("knee", line([(at, TOP - 8), (at, BOTTOM)]), "fg", 2.0)
    right = at > (x.start + 2 * x.end) / 3
    plot.add("text", "knee-words", f"knee {_shown(found)}", x=at + (-6 if right else 6), y=BOTTOM - 8,
             text_anchor="end" if right else "start", fill="var(--pw-fg)")  # fmt: skip
    plot.stroke("cut", line([(x.end, TOP - 14), (x.end, BOTTOM)]), "fg2", 1.5, stroke_dasharray="2 3")
    plot.points("grip", [(x.end, TOP - 14)], "fg2", 14.0)
    return plot.svg()
