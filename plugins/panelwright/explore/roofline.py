"""A decode step on the roofline: operations over bytes, below what a machine can do of either."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panelwright.benchdata import BenchmarkError, BenchmarkFile
from panelwright.benchdata.figures import figure, whole
from panelwright.diagnostics import Diagnostic
from panelwright.explore.model import Drawn, Load, told
from panelwright.explore.plot import SIZES, Places, Plot, Scale, Size, line

BATCHES = tuple(2**i for i in range(11))
CONTEXTS = tuple(2**i for i in range(7, 18))
TABLE = ((1, 512), (1, 8192), (8, 512), (8, 8192), (64, 512), (64, 8192), (512, 512), (512, 8192))
TOP, BOTTOM = 52, 262


@dataclass(frozen=True)
class Machine:
    """Ceilings in operations/s and bytes/s; ``model``: the decoder that runs on it."""

    label: str
    flops: float
    bandwidth: float
    model: Mapping[str, Any]
    file: BenchmarkFile

    @property
    def ridge(self) -> float:
        """Operations per byte above which arithmetic is the limit."""
        return self.flops / self.bandwidth

    def step(self, batch: float, context: float) -> tuple[float, float]:
        """(operations, bytes) of making one token for each of ``batch`` requests of ``context`` tokens.

        Two operations a weight and token; attention multiplies each query with all keys and each weight with all
        values. Weights are read once for the batch, keys and values for each request (Pope et al. 2022).
        """
        m = self.model
        operations = (2 * m["weights"] + 4 * m["layers"] * m["width"] * context) * batch
        return operations, m["weights"] * m["weight_bytes"] + batch * context * m["kv_bytes"]

    def seconds(self, batch: float, context: float) -> float:
        """The least such a step takes: reading and computing overlapped (Williams, Waterman & Patterson 2009)."""
        operations, read = self.step(batch, context)
        return max(operations / self.flops, read / self.bandwidth)


def draw(what: Mapping[str, Any], load: Load) -> Drawn:
    machines = [_machine(given, load) for given in what["machines"]]
    batch, context = what["batch"], what["context"]
    rows = []
    for machine in machines:
        for b, c in TABLE:
            operations, read = machine.step(b, c)
            rows.append((machine.label, whole(b), whole(c), figure(operations / read), limit(machine, b, c),
                         figure(b / machine.seconds(b, c))))  # fmt: skip
    return Drawn(
        tuple(_plot(size, m, case, batch, context) for case, m in enumerate(machines) for size in SIZES),
        says(machines[0], batch, context),
        ("machine", "requests", "tokens in each", "FLOP per byte", "limit", "tokens/s at best"),
        tuple(rows),
        {"machines": [{"label": m.label, "kind": m.file.kind, "flops": m.flops, "bandwidth": m.bandwidth,
                       "model": m.model} for m in machines],
         "batches": BATCHES, "contexts": CONTEXTS, "batch": batch, "context": context},
        tuple(dict.fromkeys(m.file.kind for m in machines)),
        "Ceilings: " + " ".join(f"{m.label}: {told(m.file)}, running {m.model['name']}." for m in machines)
        + " The point is computed from them, not measured.",
    )  # fmt: skip


def _machine(given: Mapping[str, Any], load: Load) -> Machine:
    file = load(given["file"])

    def ceiling(measure: str, at: Mapping[str, Any]) -> float:
        for point in file.experiment(given["experiment"]).points:
            if measure in point.measures and all(point.at.get(k) == v for k, v in at.items()):
                return point.measures[measure].value(50) * 1e9
        raise BenchmarkError(Diagnostic(file.path, 0, 0, "error", "data-point",
                                        f"{given['experiment']} has no {measure} at {dict(at)}"))  # fmt: skip

    return Machine(given["label"], ceiling("rate", given["flops"]), ceiling("bandwidth", given["bandwidth"]),
                   given["model"], file)  # fmt: skip


def limit(machine: Machine, batch: float, context: float) -> str:
    operations, read = machine.step(batch, context)
    return "arithmetic" if operations / read > machine.ridge else "memory"


def says(machine: Machine, batch: int, context: int) -> str:
    operations, read = machine.step(batch, context)
    rate = batch / machine.seconds(batch, context)
    weights = machine.model["weights"] * machine.model["weight_bytes"]
    who = "One request" if batch == 1 else f"{whole(batch)} requests"
    each = "" if batch == 1 else f", {figure(rate / batch)} for each request"
    return (
        f"{who} of {whole(context)} tokens: a step reads {figure(weights / 1e9)}\u00a0GB of weights and "
        f"{figure((read - weights) / 1e9)}\u00a0GB of KV cache and does {figure(operations / 1e9)}\u00a0GFLOP, "
        f"{figure(operations / read)} per byte. The ridge is at {figure(machine.ridge)}: "
        f"{limit(machine, batch, context)} is the limit. At best {figure(rate)}\u00a0tokens/s{each}."
    )


def _plot(size: Size, machine: Machine, case: int, batch: int, context: int) -> str:
    x = Scale("log", 0.25, 10.0 ** math.ceil(math.log10(machine.ridge * 1.5)), size.left, size.width - 16)
    low = 10.0 ** math.floor(math.log10(machine.bandwidth * x.low))
    y = Scale("log", low, machine.flops * 2.5, BOTTOM, TOP)
    plot = Plot(size, BOTTOM + 48, x, y, case)
    plot.legend([("cyan", "memory is the limit", ""), ("amber", "arithmetic is", ""),
                 ("violet", f"1 to {whole(BATCHES[-1])} requests", "")])  # fmt: skip
    decades = range(round(math.log10(low)), math.floor(math.log10(y.high)) + 1)
    plot.axis_y([(10.0**d, _short(d)) for d in decades])
    across = range(math.ceil(math.log10(x.low)), round(math.log10(x.high)) + 1)
    plot.axis_x([(10.0**d, f"{10.0**d:g}") for d in across], "FLOP per byte that is read")
    plot.add("text", "", "FLOP/s", x=x.start + 6, y=TOP + 6)
    corner = (x(machine.ridge), y(machine.flops))
    plot.stroke("", line([(x(x.low), y(machine.bandwidth * x.low)), corner]), "cyan")
    plot.stroke("", line([corner, (x.end, corner[1])]), "amber")
    plot.add("text", "", f"ridge {figure(machine.ridge)}", x=corner[0], y=corner[1] - 10, text_anchor="middle")
    plot.stroke("trail", line(trail(plot, machine, context)), "violet", 9.0, stroke_opacity=0.5, stroke_linecap="round")
    operations, read = machine.step(batch, context)
    at = x(operations / read), y(min(machine.flops, machine.bandwidth * operations / read))
    plot.stroke("drop", line([at, (at[0], BOTTOM)]), "fg", 1.5, stroke_dasharray="4 4")
    plot.points("point", [at], "fg", 15.0)
    return plot.svg()


def trail(plot: Plot, machine: Machine, context: int) -> Places:
    """Along the roof, from the smallest to the greatest batch."""
    ends = [operations / read for operations, read in (machine.step(b, context) for b in (BATCHES[0], BATCHES[-1]))]
    if ends[0] < machine.ridge < ends[1]:
        ends.insert(1, machine.ridge)
    return [(plot.x(v), plot.y(min(machine.flops, machine.bandwidth * v))) for v in ends]


def _short(decade: int) -> str:
    prefix = "kMGTPE"[decade // 3 - 1] if 3 <= decade < 21 else ""
    return f"{10 ** (decade % 3)} {prefix}"
