"""One chart from every benchmark file that can draw it: the reader chooses the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelwright.benchdata import BenchmarkError, BenchmarkFile, load_benchmark
from panelwright.benchdata.model import LACKING
from panelwright.cache import Cache
from panelwright.charts.draw import Chart, draw_chart, draw_from, specification
from panelwright.diagnostics import AuthorError

Place = tuple[str, int, int]


@dataclass(frozen=True)
class Machine:
    """``device`` and ``detail`` together differ from those of the chart's other machines."""

    device: str
    detail: str
    chart: Chart


def draw_machines(
    name: str, data_dir: Path, files: Sequence[Path], place: Place = ("", 0, 0), cache: Cache | None = None
) -> tuple[Machine, ...]:
    """The chart from its own file, and from those of ``files`` that have the experiment and what it needs of it.

    Illustrations are no machines. Raises AuthorError as ``draw_chart`` does, and for a file that cannot be read.
    """
    what = specification(name, data_dir, place)
    own = draw_chart(name, data_dir, place, cache)
    if "file" not in what:
        return (Machine("", "", own),)
    first = data_dir / what["file"]
    try:
        drawn = [(load_benchmark(first), own)]
        for path in files:
            file = load_benchmark(path)
            if path == first or file.kind == "illustration" or what["experiment"] not in file.experiments:
                continue
            if chart := _drawn(name, what, path, first, cache):
                drawn.append((file, chart))
    except BenchmarkError as error:
        raise AuthorError(error.diagnostic) from error
    details = tell_apart([file for file, _ in drawn])
    return tuple(Machine(file.device, detail, chart) for (file, chart), detail in zip(drawn, details, strict=True))


def _drawn(name: str, what: Mapping[str, Any], path: Path, like: Path, cache: Cache | None) -> Chart | None:
    """None where the file lacks what the chart needs, or has one place alone, which compares nothing."""
    try:
        chart = draw_from(path, name, what, cache, like)
    except LACKING:
        return None
    return chart if len({row[0] for row in chart.rows}) > 1 else None


def tell_apart(files: Sequence[BenchmarkFile]) -> list[str]:
    """What to say of each beside its device: the date; of those with one device, the first thing that differs."""
    return [_detail(file, [f for f in files if f.device == file.device]) for file in files]


def _detail(file: BenchmarkFile, same: Sequence[BenchmarkFile]) -> str:
    if len(same) == 1:
        return file.date
    each = zip(*map(_ways, same), strict=True)
    return next(mine for mine, all_of in zip(_ways(file), each, strict=True) if _differ(all_of))


def _differ(said: Sequence[str]) -> bool:
    return all(said) and len(set(said)) == len(said)


def _ways(file: BenchmarkFile) -> tuple[str, ...]:
    found = re.search(r"--suite[ =](\w+)", str(file.provenance.get("command", "")))
    suite = f"{found[1]} suite" if found else ""
    both = f"{suite}, {file.date}" if suite else ""
    return suite, file.date, both, file.title.removesuffix(f" on {file.device}"), Path(file.path).stem
