"""The benchmark file: reading, checking, statistics and knee rules, with the standard library only."""

from panelwright.benchdata.holo import hologram_data
from panelwright.benchdata.knee import crossing, kneedle, power_knee
from panelwright.benchdata.model import (
    BenchmarkError,
    BenchmarkFile,
    Experiment,
    Measure,
    Point,
    load_benchmark,
    read_benchmark,
)
from panelwright.benchdata.stats import Interval, interval, median, percentile

__all__ = [
    "BenchmarkError",
    "BenchmarkFile",
    "Experiment",
    "Interval",
    "Measure",
    "Point",
    "crossing",
    "hologram_data",
    "interval",
    "kneedle",
    "load_benchmark",
    "median",
    "percentile",
    "power_knee",
    "read_benchmark",
]
