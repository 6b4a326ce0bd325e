"""A decode step on the roofline: operations over bytes, below what a machine can do of either."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panelwright.benchdata import BenchmarkError, BenchmarkFile, Machine, Shape
from panelwright.benchdata.figures import figure, whole
from panelwright.diagnostics import Diagnostic
from panelwright.explore.model import Drawn, Load, told
from panelwright.explore.plot import SIZES, Places, Plot, Scale, Size, line

BATCHES = tuple(2**i for i in range(11))
CONTEXTS = tuple(2**i for i in range(7, 18))
TABLE = ((1, 512), (1, 8192), (8, 512), (8, 8192), (64, 512), (64, 8192), (512, 512), (512, 8192))
TOP, BOTTOM = 52, 262


@dataclass(frozen=True)
class Pair:
    """A machine and the decoder that runs on it; ``points``: measured rates over intensity, of matrix products."""

    label: str
    machine: Machine
    model: str
    shape: Shape
    file: BenchmarkFile
    points: Sequence[tuple[float, float]] = ()

    def intensity(self, batch: float, context: float) -> float:
        """Operations per byte that is read, in a decode step."""
        operations, read = self.shape.decode_step(batch, context)
        return operations / read

    def limit(self, batch: float, context: float) -> str:
        return "arithmetic" if self.intensity(batch, context) > self.machine.ridge else "memory"

    def rate(self, batch: float, context: float) -> float:
        """Tokens/s at best, of all requests."""
        return batch / self.shape.decode_floor(self.machine, batch, context)


def draw(what: Mapping[str, Any], load: Load) -> Drawn:
    pairs = [pair(given, load) for given in what["machines"]]
    batch, context = what["batch"], what["context"]
    rows = tuple(
        (p.label, whole(b), whole(c), figure(p.intensity(b, c)), p.limit(b, c), figure(p.rate(b, c)))
        for p in pairs
        for b, c in TABLE
    )
    return Drawn(
        tuple(_plot(size, p, case, batch, context) for case, p in enumerate(pairs) for size in SIZES),
        says(pairs[0], batch, context),
        ("machine", "requests", "tokens in each", "FLOP per byte", "limit", "tokens/s at best"),
        rows,
        {"machines": [{"label": p.label, **p.machine._asdict(), "shape": p.shape._asdict()} for p in pairs],
         "batches": BATCHES, "contexts": CONTEXTS, "batch": batch, "context": context},
        tuple(dict.fromkeys(p.file.kind for p in pairs)),
        _conditions(pairs),
    )  # fmt: skip


def pair(given: Mapping[str, Any], load: Load) -> Pair:
    file = load(given["file"])

    def ceiling(measure: str, at: Mapping[str, Any]) -> float:
        for point in file.experiment(given["experiment"]).points:
            if measure in point.measures and all(point.at.get(k) == v for k, v in at.items()):
                return point.measures[measure].value(50) * 1e9
        raise BenchmarkError(Diagnostic(file.path, 0, 0, "error", "data-point",
                                        f"{given['experiment']} has no {measure} at {dict(at)}"))  # fmt: skip

    machine = Machine(ceiling("bandwidth", given["bandwidth"]), ceiling("rate", given["flops"]))
    points = file.experiment(given["points"]).series("intensity", "rate") if "points" in given else []
    places = [(x, y * 1e9) for x, y in points]
    return Pair(given["label"], machine, given["model"], Shape(**given["shape"]), file, places)


def _conditions(pairs: Sequence[Pair]) -> str:
    models = {p.model: ", ".join(q.label for q in pairs if q.model == p.model) for p in pairs}
    return (f"Ceilings: {'; '.join(dict.fromkeys(told(p.file) for p in pairs))}. "
            f"Model: {'; '.join(f'{model} ({labels})' for model, labels in models.items())}. "
            "The point is computed from the ceilings, not measured.")  # fmt: skip


def says(p: Pair, batch: int, context: int) -> str:
    operations, read = p.shape.decode_step(batch, context)
    weights, rate = p.shape.streamed, p.rate(batch, context)
    who = "One request" if batch == 1 else f"{whole(batch)} requests"
    each = "" if batch == 1 else f", {figure(rate / batch)} for each request"
    return (
        f"{who} of {whole(context)} tokens: a step reads {figure(weights / 1e9)}\u00a0GB of weights and "
        f"{figure((read - weights) / 1e9)}\u00a0GB of KV cache and does {figure(operations / 1e9)}\u00a0GFLOP, "
        f"{figure(operations / read)} per byte. The ridge is at {figure(p.machine.ridge)}: "
        f"{p.limit(batch, context)} is the limit. At best {figure(rate)}\u00a0tokens/s{each}."
    )


def _plot(size: Size, p: Pair, case: int, batch: int, context: int) -> str:
    machine = p.machine
    x = Scale("log", 0.25, 10.0 ** math.ceil(math.log10(machine.ridge * 1.5)), size.left, size.width - 16)
    low = 10.0 ** math.floor(math.log10(machine.bandwidth * x.low))
    y = Scale("log", low, machine.flops * 2.5, BOTTOM, TOP)
    plot = Plot(size, BOTTOM + 48, x, y, case)
    measured = [("green", "measured products", "")] if p.points else []
    plot.legend([("cyan", "memory is the limit", ""), ("amber", "arithmetic is", ""),
                 ("violet", f"1 to {whole(BATCHES[-1])} requests", ""), *measured])  # fmt: skip
    decades = range(round(math.log10(low)), math.floor(math.log10(y.high)) + 1)
    plot.axis_y([(10.0**d, _short(d)) for d in decades])
    across = range(math.ceil(math.log10(x.low)), round(math.log10(x.high)) + 1)
    plot.axis_x([(10.0**d, f"{10.0**d:g}") for d in across], "FLOP per byte that is read")
    plot.add("text", "", "FLOP/s", x=x.start + 6, y=TOP + 6)
    corner = (x(machine.ridge), y(machine.flops))
    plot.stroke("", line([(x(x.low), y(machine.bandwidth * x.low)), corner]), "cyan")
    plot.stroke("", line([corner, (x.end, corner[1])]), "amber")
    plot.add("text", "", f"ridge {figure(machine.ridge)}", x=corner[0], y=corner[1] - 10, text_anchor="middle")
    plot.stroke("trail", line(trail(plot, p, context)), "violet", 9.0, stroke_opacity=0.5, stroke_linecap="round")
    plot.points("", [(x(v), y(max(rate, low))) for v, rate in p.points if v >= x.low], "green")
    value = p.intensity(batch, context)
    at = x(value), y(min(machine.flops, machine.bandwidth * value))
    plot.stroke("drop", line([at, (at[0], BOTTOM)]), "fg", 1.5, stroke_dasharray="4 4")
    plot.points("point", [at], "fg", 15.0)
    return plot.svg()


def trail(plot: Plot, p: Pair, context: int) -> Places:
    """Along the roof, from the smallest to the greatest batch."""
    machine, ends = p.machine, [p.intensity(b, context) for b in (BATCHES[0], BATCHES[-1])]
    if ends[0] < machine.ridge < ends[1]:
        ends.insert(1, machine.ridge)
    return [(plot.x(v), plot.y(min(machine.flops, machine.bandwidth * v))) for v in ends]


def _short(decade: int) -> str:
    prefix = "kMGTPE"[decade // 3 - 1] if 3 <= decade < 21 else ""
    return f"{10 ** (decade % 3)} {prefix}"
