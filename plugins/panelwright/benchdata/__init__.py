"""The benchmark file: reading, checking, statistics and knee rules, with the standard library only."""

from panelwright.benchdata.floor import Machine, Shape
from panelwright.benchdata.holo import hologram_data
from panelwright.benchdata.knee import best_under, crossing, kneedle, knees, power_knee
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
    "Machine",
    "Measure",
    "Point",
    "Shape",
    "best_under",
    "crossing",
    "hologram_data",
    "interval",
    "kneedle",
    "knees",
    "load_benchmark",
    "median",
    "percentile",
    "power_knee",
    "read_benchmark",
]
