"""Views of a data file in the terminal: ``describe`` says what one holds, ``compare`` sets two side by side."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from panelwright.benchdata import BenchmarkError, BenchmarkFile, Measure, Point, interval, load_benchmark


def main(words: list[str]) -> int:
    """0 fine, 1 a file cannot be used."""
    parser = argparse.ArgumentParser(prog=f"panelwright measure {words[0]}")
    parser.add_argument("files", nargs=1 if words[0] == "describe" else 2, type=Path, metavar="FILE")
    parser.add_argument("--only", metavar="EXPERIMENT", help="one experiment, and with all its points")
    given = parser.parse_args(words[1:])
    try:
        files = [load_benchmark(path) for path in given.files]
        lines = describe(files[0], given.only) if len(files) == 1 else compare(files[0], files[1], given.only)
        for line in lines:
            print(line)
    except BenchmarkError as error:
        print(error.diagnostic, file=sys.stderr)
        return 1
    except BrokenPipeError:  # | head
        sys.stderr.close()
    return 0


def describe(file: BenchmarkFile, only: str | None = None) -> Iterator[str]:
    yield f"{file.title} ({file.kind}, {file.date})"
    yield f"  device     {file.device}"
    if file.source:
        yield f"  source     {file.source}"
    said = file.provenance
    for key in ("command", "seed", "seconds", "load_before", "load_after", "pace_ms"):
        if key in said:
            yield f"  {key:<10} {_plain(said[key])}"
    if "libraries" in said:
        yield "  libraries  " + ", ".join(f"{k} {v}" for k, v in said["libraries"].items())
    for name in [file.experiment(only).name] if only else file.experiments:
        one = file.experiments[name]
        yield ""
        pages = f", page {', '.join(map(str, one.pages))}" if one.pages else ""
        yield f"{name}: {one.title} ({len(one.points)} points{pages})"
        if model := one.about.get("model"):
            yield f"  model: {model['name']}, {model['parameters']:,} parameters, {model['weights']} weights"
        noise = one.about.get("noise")
        if noise and noise["noisy"]:
            yield (f"  noisy: {noise['noisy']} of {noise['checked']} measures did not repeat within "
                   f"{noise['limit']:.0%}; worst {noise['worst']:.0%} at {noise['worst_at']}")  # fmt: skip
        if one.about.get("cut_short"):
            yield "  cut short: it ran out of time"
        for failure in one.about.get("failures", ()):
            yield f"  failed: {_at(failure['at'])}: {failure['reason']}"
        for lack in one.about.get("not_measured", ()):
            yield f"  not measured: {lack['what']}: {lack['reason']}"
        points = one.points if only or len(one.points) <= 8 else (*one.points[:4], None, *one.points[-2:])
        for found in points:
            if found is None:
                yield f"    ... {len(one.points) - 6} more (--only {name})"
            else:
                yield f"    {_at(found.at):<34} " + "; ".join(f"{k} {_value(m)}" for k, m in found.measures.items())
    for lack in file.not_measured:
        yield f"not measured: {lack['what']}: {lack['reason']}"


def compare(one: BenchmarkFile, two: BenchmarkFile, only: str | None = None) -> Iterator[str]:
    """Medians of both and their ratio, wherever both have the same point; "~": the intervals overlap."""
    yield f"A  {one.device}, {one.date}: {one.path}"
    yield f"B  {two.device}, {two.date}: {two.path}"
    for letter, of in (("A", one), ("B", two)):
        if ends := of.provenance.get("pace_ms"):
            yield f"{letter}  the same piece of work took {ends[0]:.4g} to {ends[1]:.4g} ms in the course of the run"
    shared = [n for n in one.experiments if n in two.experiments and only in (None, n)]
    for name in shared:
        theirs = {_key(p): p for p in two.experiments[name].points}
        rows = []
        for mine in one.experiments[name].points:
            other = theirs.get(_key(mine))
            for key in mine.measures if other else ():
                if other and key in other.measures and mine.measures[key].unit == other.measures[key].unit:
                    rows.append(_row(mine, key, mine.measures[key], other.measures[key]))
        yield ""
        yield f"{name}: {one.experiments[name].title}" + ("" if rows else " (no point in common)")
        if rows:
            yield f"    {'':<46} {'A':>10} {'B':>10}  {'':<10} B/A"
            yield from rows
    for mine_only, file in ((set(one.experiments) - set(two.experiments), "A"),
                            (set(two.experiments) - set(one.experiments), "B")):  # fmt: skip
        if mine_only and not only:
            yield f"only in {file}: {', '.join(sorted(mine_only))}"


def _row(at: Point, key: str, a: Measure, b: Measure) -> str:
    left, right = _middle(a), _middle(b)
    ratio = f"{right / left:.2f}" if left else "-"
    spans = [interval(m.samples, 50) if m.n else None for m in (a, b)]
    same = spans[0] and spans[1] and spans[0].low <= spans[1].high and spans[1].low <= spans[0].high
    return f"    {_at(at.at) + ': ' + key:<46} {left:>10.4g} {right:>10.4g}  {a.unit:<10} {ratio}{' ~' if same else ''}"


def _middle(m: Measure) -> float:
    return m.value(50) if m.samples else dict(m.quoted).get("p50", m.quoted[0][1])


def _value(m: Measure) -> str:
    if not m.samples:
        return " ".join(f"{k} {v:.4g}" for k, v in m.quoted) + f" {m.unit}"
    span = interval(m.samples, 50)
    said = f" [{span.low:.4g} to {span.high:.4g}]" if span else ""
    return f"{m.value(50):.4g} {m.unit}{said}" + (f" (n {m.n})" if m.n > 1 else "")


def _key(p: Point) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((k, str(v)) for k, v in p.at.items()))


def _at(at: object) -> str:
    return ", ".join(f"{k} {v}" for k, v in dict(at).items())  # type: ignore[call-overload]


def _plain(found: object) -> str:
    return " ".join(map(str, found)) if isinstance(found, list) else str(found)
