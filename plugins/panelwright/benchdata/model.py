"""The file's model and its reader. Version 1; the JSON Schema lies beside this module."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from panelwright.benchdata.stats import percentile
from panelwright.diagnostics import Diagnostic, did_you_mean

FORMAT = "panelwright-benchmark"
VERSION = 1
KINDS = ("measured", "published", "illustration")


class BenchmarkError(Exception):
    """A data file that cannot be used."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


@dataclass(frozen=True)
class Measure:
    """``samples``: raw, in ``unit``; a published file may have only ``quoted`` values (p50, mean ...)."""

    unit: str
    samples: tuple[float, ...] = ()
    quoted: tuple[tuple[str, float], ...] = ()

    @property
    def n(self) -> int:
        return len(self.samples)

    def value(self, q: float = 50) -> float:
        """A percentile: computed from the samples, or as published."""
        if self.samples:
            return percentile(self.samples, q)
        known = dict(self.quoted)
        for key in (f"p{q:g}", *(("value", "mean") if q == 50 else ())):
            if key in known:
                return known[key]
        raise KeyError(f"p{q:g} is not in the file; known: {', '.join(known)}")


@dataclass(frozen=True)
class Point:
    at: Mapping[str, float | str]
    measures: Mapping[str, Measure]
    notes: Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    name: str
    title: str
    points: tuple[Point, ...]
    facts: Mapping[str, Any]

    def series(self, x: str, measure: str, q: float = 50, **where: object) -> list[tuple[float, float]]:
        """(x, percentile) of the points that have both, sorted by x."""
        rows = [
            (float(p.at[x]), p.measures[measure].value(q)) for p in self.points
            if x in p.at and measure in p.measures and all(p.at.get(k) == v for k, v in where.items())
        ]  # fmt: skip
        return sorted(rows)


@dataclass(frozen=True)
class BenchmarkFile:
    path: str
    title: str
    kind: str
    device: str
    date: str
    source: str
    provenance: Mapping[str, Any]
    experiments: Mapping[str, Experiment]

    def experiment(self, name: str) -> Experiment:
        if name not in self.experiments:
            hint = did_you_mean(name, self.experiments) or f"it has: {', '.join(self.experiments)}"
            raise BenchmarkError(Diagnostic(self.path, 0, 0, "error", "data-experiment",
                                            f"the data file has no experiment {name!r}", hint))  # fmt: skip
        return self.experiments[name]


def load_benchmark(path: Path) -> BenchmarkFile:
    """Read and check a data file. Raises BenchmarkError: missing, cut short, or of another version."""
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
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"this is not whole JSON: {error.msg}"
        raise BenchmarkError(_bad(path, error.lineno, error.colno, "data-broken", message,
                                  "the file may have been cut short: copy or measure it again")) from error  # fmt: skip
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise BenchmarkError(_bad(path, 1, 1, "data-format", f"this is not a {FORMAT} file",
                                  "make one: panelwright measure"))  # fmt: skip
    if raw.get("version") != VERSION:
        raise BenchmarkError(_bad(path, 1, 1, "data-version", f"the file is of version {raw.get('version')!r}, "
                                  f"this program reads version {VERSION}",
                                  "measure again, or use the program that wrote it"))  # fmt: skip
    try:
        if raw["kind"] not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        experiments = {n: _experiment(n, e) for n, e in raw["experiments"].items()}
        return BenchmarkFile(path.as_posix(), raw["title"], raw["kind"], raw["device"], raw["date"],
                             raw.get("source", ""), raw.get("provenance", {}), experiments)  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BenchmarkError(_bad(path, 1, 1, "data-shape", f"the file does not hold to its schema: {error}",
                                  "see benchmark.schema.json")) from error  # fmt: skip


def _experiment(name: str, raw: Mapping[str, Any]) -> Experiment:
    points = tuple(
        Point(p["at"], {m: _measure(v) for m, v in p["measures"].items()}, p.get("notes", {})) for p in raw["points"]
    )
    return Experiment(name, raw["title"], points, raw.get("facts", {}))


def _measure(raw: Mapping[str, Any]) -> Measure:
    samples: Sequence[float] = raw.get("samples", ())
    quoted = tuple((k, float(v)) for k, v in raw.items() if k not in ("unit", "samples", "n"))
    if not samples and not quoted:
        raise ValueError("a measure has neither samples nor values")
    return Measure(raw["unit"], tuple(float(v) for v in samples), quoted)


def _bad(path: Path, line: int, column: int, code: str, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(path.as_posix(), line, column, "error", code, message, hint)
