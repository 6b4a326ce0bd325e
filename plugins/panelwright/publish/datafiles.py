"""The ```` ```data-files ```` fence: every benchmark file of the site with what it records about its making."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from panelwright.benchdata import BenchmarkError, BenchmarkFile, Experiment, load_benchmark
from panelwright.diagnostics import Diagnostic
from panelwright.publish.origins import plain
from panelwright.publish.values import CODE

_FENCE = re.compile(r"(`{3,}|~{3,})[ ]*data-files[ \t]*\n\s*\1[ \t]*")
GIB = 2**30


def fill_data_files(text: str, files: Sequence[Path], link: str) -> tuple[str, list[Diagnostic]]:
    """``text`` with each fence replaced by Markdown. ``link``: the files' folder as seen from the page."""
    problems: list[Diagnostic] = []

    def fill(match: re.Match[str]) -> str:
        if not _FENCE.fullmatch(match[0]):
            return match[0]
        parts = []
        for path in files:
            try:
                parts.append(file_markdown(load_benchmark(path), posixpath.join(link, path.name)))
            except BenchmarkError as error:
                problems.append(error.diagnostic)
        return "\n\n".join(parts) or "There are no data files."

    return CODE.sub(fill, text), problems


def file_markdown(file: BenchmarkFile, link: str) -> str:
    """A heading, what was recorded, the experiments, and what was not measured."""
    name = Path(file.path).stem
    rows = [f"| {what} | {said} |" for what, said in _recorded(file)]
    lines = [
        f"### {plain(file.title)} {{ #{name} }}",
        "",
        f'<span class="pw-prov pw-prov--{file.kind}">{file.kind.capitalize()}</span> [{Path(file.path).name}]({link})',
        "",
        "| | As recorded |",
        "| --- | --- |",
        *rows,
        "",
        "| Experiment | Pages | Points | Samples | Noise |",
        "| --- | --- | --- | --- | --- |",
        *(_experiment_row(e) for e in file.experiments.values()),
    ]
    lacking = [*file.not_measured, *(_of(e, lack) for e in file.experiments.values() for lack in _lacks(e))]
    if lacking:
        lines += ["", "Not measured:", "", *(f"- {plain(x['what'])}: {plain(x['reason'])}" for x in lacking)]
    return "\n".join(lines)


def _recorded(file: BenchmarkFile) -> Iterator[tuple[str, str]]:
    made = file.provenance
    machine: Mapping[str, Any] = made.get("machine", {})
    yield "Device", plain(file.device)
    yield "Date", plain(file.date)
    if file.source:
        yield "Source", plain(file.source)
    if "command" in made:
        yield "Command", f"<code>{plain(made['command'])}</code>"
    if machine:
        yield "Machine", plain(", ".join(_machine(machine)))
    if libraries := made.get("libraries"):
        yield "Versions", plain(", ".join(f"{k} {v}" for k, v in libraries.items()))
    if script := made.get("script"):
        yield (
            "Script",
            plain(f"panelwright {script.get('version', '')}, SHA-256 {str(script.get('sha256', ''))[:12]}…"),
        )
    if made.get("load_before"):
        ends = " to ".join(f"{made[k][0]:g}" for k in ("load_before", "load_after") if made.get(k))
        yield "Load", f"{ends}: processes that wanted to run, over one minute, before and after"
    if "pace_ms" in made:
        least, most = made["pace_ms"]
        yield "Pace", (f"the same piece of work took {least:.3g} to {most:.3g} ms in the course of the run: "
                       f"a factor of {most / least:.2f} that is the machine's")  # fmt: skip
    if "seconds" in made:
        yield "Duration", f"{made['seconds']:.0f} s"
    if file.kind == "published" and (settings := dict.fromkeys(_settings(file))):
        yield "Settings", plain("; ".join(settings))
    if file.kind == "measured" and not made:
        yield "Made by", "not recorded"


def _settings(file: BenchmarkFile) -> Iterator[str]:
    for one in file.experiments.values():
        for name, said in one.facts.items():
            if isinstance(said, str | int | float):
                yield f"{name.replace('_', ' ')}: {said}"


def _machine(machine: Mapping[str, Any]) -> Iterator[str]:
    yield str(machine.get("cpu", "processor not recorded"))
    if cores := machine.get("cores_available"):
        yield f"{cores} cores"
    if memory := machine.get("memory_bytes"):
        yield f"{memory / GIB:.0f} GiB of memory"
    yield from (str(machine[k]) for k in ("system", "architecture") if k in machine)
    yield f"GPU: {machine.get('gpu', 'not recorded')}"


def _experiment_row(one: Experiment) -> str:
    counts = {m.n for p in one.points for m in p.measures.values()}
    low, high = min(counts), max(counts)
    samples = "values as given" if not high else str(high) if low == high else f"{low} to {high}"
    noise = one.about.get("noise")
    told = f"{noise['noisy']} of {noise['checked']} did not repeat" if noise else "not compared"
    if one.about.get("cut_short"):
        told += "; cut short"
    if failures := one.about.get("failures"):
        told += f"; {len(failures)} failed"
    pages = ", ".join(map(str, one.pages)) or "none"
    return f"| {plain(one.title)} (`{one.name}`) | {pages} | {len(one.points)} | {samples} | {told} |"


def _lacks(one: Experiment) -> Sequence[Mapping[str, str]]:
    """What an experiment says that it left out, and the points that failed, with their reasons."""
    left_out: Sequence[Mapping[str, str]] = one.about.get("not_measured", ())
    failed = [{"what": ", ".join(f"{k} {v}" for k, v in fault["at"].items()) or "as a whole", "reason": fault["reason"]}
              for fault in one.about.get("failures", ())]  # fmt: skip
    return [*left_out, *failed]


def _of(one: Experiment, lack: Mapping[str, str]) -> Mapping[str, str]:
    return {"what": f"{one.name}, {lack['what']}", "reason": lack["reason"]}
