"""The file's model and its reader; the JSON Schema lies beside this module.

Version 2 adds to version 1 what a file says about itself (percentiles with intervals, the model that was
measured, failures, noise, what was not measured and why). Files of both versions are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from panelwright.benchdata.stats import NOT_ESTIMABLE, percentile
from panelwright.diagnostics import Diagnostic, did_you_mean
from panelwright.once import read_json

FORMAT = "panelwright-benchmark"
VERSION = 2
READABLE = (1, 2)
KINDS = ("measured", "published", "illustration")
LACKING = (ArithmeticError, LookupError, TypeError, ValueError)
"""What plotting and computing raise where a file's points, measures or units are not those that were asked for."""
_NO_VALUE = frozenset(("unit", "samples", "n", "repeated"))


class BenchmarkError(Exception):
    """A data file that cannot be used."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


@dataclass(frozen=True)
class Measure:
    """``samples``: raw, in ``unit``; a published file may have only ``quoted`` values (p50, mean ...).

    ``repeated``: the samples are repeats of one thing and should agree; False for a distribution (requests
    under load, gaps between tokens).
    """

    unit: str
    samples: tuple[float, ...] = ()
    quoted: tuple[tuple[str, float], ...] = ()
    repeated: bool = True

    @property
    def n(self) -> int:
        return len(self.samples)

    @property
    def known(self) -> tuple[str, ...]:
        """What ``value`` can answer without samples, as named in the file."""
        return tuple(k for k, _ in self.quoted)

    def value(self, q: float = 50) -> float:
        """A percentile: computed from the samples, or as published."""
        if self.samples:
            return percentile(self.samples, q)
        known = dict(self.quoted)
        for key in (f"p{q:g}", *(("median", "value", "mean") if q == 50 else ())):
            if key in known:
                return known[key]
        raise KeyError(f"p{q:g} is not in the file; known: {', '.join(known)}")


class Point(NamedTuple):
    at: Mapping[str, float | str]
    measures: Mapping[str, Measure]
    notes: Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """``pages``: of the comic, that it serves. ``about``: model, failures, not_measured, noise, load, seconds."""

    name: str
    title: str
    points: tuple[Point, ...]
    facts: Mapping[str, Any]
    pages: tuple[int, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    def series(self, x: str, measure: str, q: float = 50, **where: object) -> list[tuple[float, float]]:
        """(x, percentile) of the points that have both, sorted by x."""
        rows = [
            (float(p.at[x]), p.measures[measure].value(q)) for p in self.points
            if x in p.at and measure in p.measures and all(p.at.get(k) == v for k, v in where.items())
        ]  # fmt: skip
        return sorted(rows)


class BenchmarkFile(NamedTuple):
    path: str
    title: str
    kind: str
    device: str
    date: str
    source: str
    provenance: Mapping[str, Any]
    experiments: Mapping[str, Experiment]
    not_measured: tuple[Mapping[str, str], ...] = ()

    def experiment(self, name: str) -> Experiment:
        if name not in self.experiments:
            hint = did_you_mean(name, self.experiments) or f"it has: {', '.join(self.experiments)}"
            raise BenchmarkError(Diagnostic(self.path, 0, 0, "error", "data-experiment",
                                            f"the data file has no experiment {name!r}", hint))  # fmt: skip
        return self.experiments[name]


def load_benchmark(path: Path) -> BenchmarkFile:
    """Read a data file. Raises BenchmarkError: missing, cut short, or of another version.

    Its experiments raise it when they are asked for, where they do not hold to the schema.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        near = sorted(p.name for p in path.parent.glob("*.json")) if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near) or "make one: panelwright measure --suite quick --out " + path.as_posix()
        raise BenchmarkError(_bad(path, 0, 0, "data-missing", "there is no such data file", hint)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BenchmarkError(_bad(path, 0, 0, "data-unreadable", str(error))) from error
    return read_benchmark(text, path)


@lru_cache(maxsize=16)  # a site with ten charts reads the same few files again and again
def read_benchmark(text: str, path: Path) -> BenchmarkFile:
    try:
        raw = read_json(text)
    except json.JSONDecodeError as error:
        message = f"this is not whole JSON: {error.msg}"
        raise BenchmarkError(_bad(path, error.lineno, error.colno, "data-broken", message,
                                  "the file may have been cut short: copy or measure it again")) from error  # fmt: skip
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise BenchmarkError(_bad(path, 1, 1, "data-format", f"this is not a {FORMAT} file",
                                  "make one: panelwright measure"))  # fmt: skip
    if raw.get("version") not in READABLE:
        raise BenchmarkError(_bad(path, 1, 1, "data-version", f"the file is of version {raw.get('version')!r}, "
                                  f"this program reads {' and '.join(map(str, READABLE))}",
                                  "measure again, or use the program that wrote it"))  # fmt: skip
    try:
        if raw["kind"] not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        experiments = _Experiments(path, dict(raw["experiments"]))
        lacking = tuple(raw.get("not_measured", ()))
        return BenchmarkFile(path.as_posix(), raw["title"], raw["kind"], raw["device"], raw["date"],
                             raw.get("source", ""), raw.get("provenance", {}), experiments, lacking)  # fmt: skip
    except UNFIT as error:
        raise _unfit(path, error) from error


UNFIT = (KeyError, TypeError, ValueError, AttributeError)


def _unfit(path: Path, error: Exception) -> BenchmarkError:
    message = f"the file does not hold to its schema: {error}"
    return BenchmarkError(_bad(path, 1, 1, "data-shape", message, "see benchmark.schema.json"))


class _Experiments(Mapping[str, Experiment]):
    """Each is made when it is asked for: a chart draws one of twenty. Raises BenchmarkError then."""

    def __init__(self, path: Path, raw: Mapping[str, Any]) -> None:
        self.path, self.raw = path, raw
        self.made: dict[str, Experiment] = {}

    def __getitem__(self, name: str) -> Experiment:
        if name not in self.made:
            raw = self.raw[name]
            try:
                self.made[name] = _experiment(name, raw)
            except UNFIT as error:
                raise _unfit(self.path, error) from error
        return self.made[name]

    def __contains__(self, name: object) -> bool:
        return name in self.raw

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)

    def __len__(self) -> int:
        return len(self.raw)


def _experiment(name: str, raw: Mapping[str, Any]) -> Experiment:
    points = tuple(
        Point(p["at"], {m: _measure(v) for m, v in p["measures"].items()}, p.get("notes", {})) for p in raw["points"]
    )
    about = {k: v for k, v in raw.items() if k not in ("title", "points", "facts", "pages")}
    return Experiment(name, raw["title"], points, raw.get("facts", {}), tuple(raw.get("pages", ())), about)


def _measure(raw: Mapping[str, Any]) -> Measure:
    samples: Sequence[float] = raw.get("samples", ())
    quoted = []
    for key, given in raw.items():
        if key in _NO_VALUE:
            continue
        number = given["value"] if isinstance(given, Mapping) else given
        if number != NOT_ESTIMABLE:
            quoted.append((key, float(number)))
    if not samples and not quoted:
        raise ValueError("a measure has neither samples nor values")
    return Measure(raw["unit"], tuple(map(float, samples)), tuple(quoted), raw.get("repeated", True))


def _bad(path: Path, line: int, column: int, code: str, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(path.as_posix(), line, column, "error", code, message, hint)
