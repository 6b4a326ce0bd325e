"""What the comic's own diagrams plot: slices of a benchmark file as plain numbers."""

from __future__ import annotations

from typing import Any

from panelwright.benchdata.knee import crossing, nearest_crossing
from panelwright.benchdata.model import LACKING, BenchmarkFile, Experiment
from panelwright.benchdata.stats import histogram, percentile

EXPERIMENTS = {"latency": "request_latency", "sweep": "batch_sweep"}
"""The kinds of numbers, and the experiment that each is taken from."""
BINS = 40
REACH = 99.7  # percentile at which the histogram ends; what lies beyond is said in a number


def hologram_data(kind: str, file: BenchmarkFile) -> dict[str, Any] | None:
    """``kind`` "latency": a histogram in multiples of the mean. "sweep": batch, latency, throughput.

    None: the file does not have them, as results of other tools may not. Raises BenchmarkError where the
    experiment does not hold to the schema.
    """
    if EXPERIMENTS[kind] not in file.experiments:
        return None
    experiment = file.experiment(EXPERIMENTS[kind])
    try:
        numbers = _latency(experiment) if kind == "latency" else _sweep(experiment)
    except LACKING:
        return None
    return {**numbers, "source": f"{file.kind}: {file.device}", "kind": file.kind}


def _latency(experiment: Experiment) -> dict[str, Any]:
    measure = experiment.points[0].measures["latency"]
    mean = sum(measure.samples) / measure.n
    relative = [v / mean for v in measure.samples]
    end = percentile(relative, REACH)
    counts = histogram(relative, end, BINS)
    return {
        "bins": counts, "edges": [end * i / BINS for i in range(BINS + 1)], "beyond": measure.n - sum(counts),
        "n": measure.n, "p50": percentile(relative, 50), "p90": percentile(relative, 90),
        "p99": percentile(relative, 99), "mean": mean, "unit": measure.unit,
    }  # fmt: skip


def _sweep(experiment: Experiment) -> dict[str, Any]:
    latency = experiment.series("batch", "latency")
    throughput = dict(experiment.series("batch", "throughput"))
    batch = [b for b, _ in latency if b in throughput]
    lat = [t for b, t in latency if b in throughput]
    thr = [throughput[b] for b in batch]
    at, height = crossing(batch, lat, thr)
    return {
        "batch": [int(b) for b in batch], "latency": lat, "throughput": thr, "crossing": at, "height": height,
        "nearest": nearest_crossing(batch, lat, thr),
    }  # fmt: skip
