"""What the comic's own diagrams plot: slices of a benchmark file as plain numbers."""

from __future__ import annotations

from typing import Any

from panelwright.benchdata.knee import crossing, nearest_crossing
from panelwright.benchdata.model import BenchmarkFile
from panelwright.benchdata.stats import percentile

BINS = 40
REACH = 99.7  # percentile at which the histogram ends; what lies beyond is said in a number


def hologram_data(kind: str, file: BenchmarkFile) -> dict[str, Any]:
    """``kind`` "latency": a histogram in multiples of the mean. "sweep": batch, latency, throughput."""
    if kind == "latency":
        return _latency(file)
    if kind == "sweep":
        return _sweep(file)
    raise ValueError(f"unknown kind of hologram data: {kind}")


def _latency(file: BenchmarkFile) -> dict[str, Any]:
    point = file.experiment("request_latency").points[0]
    samples = point.measures["latency"].samples
    mean = sum(samples) / len(samples)
    relative = [v / mean for v in samples]
    end = percentile(relative, REACH)
    counts = [0] * BINS
    beyond = 0
    for v in relative:
        if v > end:
            beyond += 1
        else:
            counts[min(BINS - 1, int(v / end * BINS))] += 1
    return {
        "bins": counts, "edges": [end * i / BINS for i in range(BINS + 1)], "beyond": beyond, "n": len(samples),
        "p50": percentile(relative, 50), "p90": percentile(relative, 90), "p99": percentile(relative, 99),
        "mean": mean, "unit": point.measures["latency"].unit, "source": _cite(file), "kind": file.kind,
    }  # fmt: skip


def _sweep(file: BenchmarkFile) -> dict[str, Any]:
    experiment = file.experiment("batch_sweep")
    latency = experiment.series("batch", "latency")
    throughput = dict(experiment.series("batch", "throughput"))
    batch = [b for b, _ in latency if b in throughput]
    lat = [t for b, t in latency if b in throughput]
    thr = [throughput[b] for b in batch]
    at, height = crossing(batch, lat, thr)
    return {
        "batch": [int(b) for b in batch], "latency": lat, "throughput": thr, "crossing": at, "height": height,
        "nearest": nearest_crossing(batch, lat, thr), "source": _cite(file), "kind": file.kind,
    }  # fmt: skip


def _cite(file: BenchmarkFile) -> str:
    return f"{file.kind}: {file.device}"
