"""Measures of two files in the same unit: 3.04 s beside 3040 ms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from panelwright.benchdata.model import Experiment, Measure, Point

PREFIXES = {"n": 1e-9, "u": 1e-6, "µ": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
BASES = ("B/s", "FLOP/s", "s", "B")


def units_of(experiment: Experiment) -> dict[str, str]:
    """The unit of each measure, as its first point gives it."""
    units: dict[str, str] = {}
    for point in experiment.points:
        units = {**{name: m.unit for name, m in point.measures.items()}, **units}
    return units


def in_units(experiment: Experiment, units: Mapping[str, str]) -> Experiment:
    """The experiment with the measures that ``units`` names in those. Raises ValueError: one is of another kind."""
    points = tuple(
        Point(p.at, {n: _in(m, units[n]) if n in units else m for n, m in p.measures.items()}, p.notes)
        for p in experiment.points
    )
    return replace(experiment, points=points)


def _in(measure: Measure, unit: str) -> Measure:
    if measure.unit == unit:
        return measure
    by = factor(measure.unit, unit)
    samples, quoted = tuple(v * by for v in measure.samples), tuple((k, v * by) for k, v in measure.quoted)
    return replace(measure, unit=unit, samples=samples, quoted=quoted)


def factor(given: str, wanted: str) -> float:
    """By which a number in one unit is multiplied for the other. Raises ValueError where they measure two things."""
    for base in BASES:
        prefixes = [unit.removesuffix(base) for unit in (given, wanted) if unit.endswith(base)]
        if len(prefixes) == 2 and all(p in PREFIXES for p in prefixes):
            return PREFIXES[prefixes[0]] / PREFIXES[prefixes[1]]
    raise ValueError(f"{given} cannot be told in {wanted}")
