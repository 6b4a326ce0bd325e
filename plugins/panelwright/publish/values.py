"""Numbers in prose: ``{{ value: ... }}`` is replaced at build by what the benchmark files say, or fails the build.

    {{ value: quick-cpu:matmul[n=1024, threads=2].rate }}          187 GFLOP/s, the median
    {{ value: quick-cpu:request_latency.latency.p99 }}             any percentile; mean, least, most, n
    {{ value: 100 * quick-cpu:padding.waste / 2 | digits 2 }}      arithmetic, without a unit
    {{ value: 6 * 405e9 * 15.6e12 / 1e25 | digits 2 }}             of cited numbers: the reader sees how it came about
    {{ value: quick-cpu:request_latency.latency.p99 | interval }}  with its 95 % interval, or that n is too small
    {{ let: sweep = published-sweep-a6000:batch_sweep }}           a short name for the rest of the file
    {{ value: sweep.knee.crossing }}                               a knee by a rule: crossing, kneedle, power, lines;
                                                                   sweep[until=64].knee.power ends the sweep there
    {{ claim: a:b[c=1].d > 2 * a:b[c=2].d | more than twice }}     the words, if it is true

Code is left as it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelwright.benchdata import BenchmarkError, Experiment, Interval, Measure, Point, interval, load_benchmark
from panelwright.benchdata.figures import figure
from panelwright.benchdata.formula import FormulaError, compute
from panelwright.benchdata.knee import crossing, kneedle, nearest_crossing, power_knee
from panelwright.diagnostics import Diagnostic, did_you_mean
from panelwright.publish.origins import Origins

_LINK_ENDS = re.compile(r"(?:\{\{.*?\}\}|(?!\n\s*\n)[^\[\]])*\][(\[]", re.S)  # the rest of a link's words
MARK = re.compile(r"\{\{\s*(value|claim|let)\s*:(.*?)\}\}", re.S)
KINDS = ("value", "claim", "let")
OPENED = re.compile(r"\{\{\s*([A-Za-z]+)\s*:")
LET = re.compile(r"\s*([A-Za-z]\w*)\s*=\s*(\S+)\s*")
CODE = re.compile(r"^( {0,3})(`{3,}|~{3,}).*?^ {0,3}\2[`~]*[ \t]*$|(?<!`)(`+)(?!`).+?(?<!`)\3(?!`)", re.S | re.M)
NAME = re.compile(
    r"(?P<file>[A-Za-z0-9][\w.-]*):(?P<experiment>\w+)(?:\[(?P<at>[^\]]*)\])?\.(?P<measure>\w+)(?:\.(?P<stat>\w+))?"
)
STATS: Mapping[str, Callable[[Measure], float]] = {
    "mean": lambda m: math.fsum(m.samples) / m.n if m.samples else dict(m.quoted)["mean"],
    "least": lambda m: min(m.samples),
    "most": lambda m: max(m.samples),
    "n": lambda m: m.n,
}
USUAL_DIGITS = 3


class BadValueError(Exception):
    """Why a mark has no value; ``hint``: the way out."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Found:
    """One number of a file. ``told``: what it is there, in words. ``span``: its 95 % interval."""

    number: float
    unit: str
    file: str
    told: str
    span: Interval | None = None


def fill_values(text: str, path: str, data: Path, link: str) -> tuple[str, list[Diagnostic]]:
    """``text`` with every mark replaced, and below it a list of where the numbers come from.

    Problems stand at the mark's line and column in ``path``. ``link``: the folder ``data`` as seen from the text.
    """
    problems: list[Diagnostic] = []
    origins = Origins(link)
    short: dict[str, str] = {}
    code = [match.span() for match in CODE.finditer(text)]

    def fill(match: re.Match[str]) -> str:
        if any(a <= match.start() < b for a, b in code):
            return match[0]
        said, _, form = match[2].strip().partition("|")
        for name, whole in short.items():
            said = re.sub(rf"(?<![\w:.-]){name}(?=[\[.])", whole, said)
        try:
            if match[1] == "let":
                short.update([_short_name(said)])
                return ""
            if match[1] == "claim":
                return _claimed(said, form, data, origins)
            opened = text.rfind("[", 0, match.start()) > text.rfind("]", 0, match.start())
            in_link = opened and _LINK_ENDS.match(text, match.end()) is not None
            return _shown(said, form, data, origins, not in_link)
        except BadValueError as problem:
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            problems.append(Diagnostic(path, line, column, "error", "value", str(problem), problem.hint))
            return match[0]

    filled = MARK.sub(fill, text) + origins.markdown()
    whole = [*code, *(match.span() for match in MARK.finditer(text))]
    return filled, [*problems, *_not_marks(text, path, whole)]


def _not_marks(text: str, path: str, whole: list[tuple[int, int]]) -> Iterator[Diagnostic]:
    """What was meant as a mark, outside those that are ``whole``: one that is not closed, or spelt otherwise."""
    for match in OPENED.finditer(text):
        if any(a <= match.start() < b for a, b in whole):
            continue
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        if match[1] in KINDS:
            message, hint = f"the mark '{match[0]}' is not closed", "write }} after it"
        else:
            message, hint = f"there is no mark {match[1]!r}", did_you_mean(match[1], KINDS)
        if hint:  # any other word may be for another program
            yield Diagnostic(path, line, column, "error", "value", message, hint)


def _short_name(said: str) -> tuple[str, str]:
    match = LET.fullmatch(said)
    if match is None:
        raise BadValueError(f"{said!r} names nothing", "{{ let: sweep = file:experiment }}")
    return match[1], match[2]


def _shown(said: str, form: str, data: Path, origins: Origins, linked: bool) -> str:
    names: list[Found] = []
    number = evaluate(said, data, names)
    alone = len(names) == 1 and bool(NAME.fullmatch(said.strip()))
    digits, unit, after = USUAL_DIGITS, names[0].unit if alone else "", ""
    for word in filter(None, (w.strip() for w in form.split(","))):
        if match := re.fullmatch(r"digits (\d+)", word):
            digits = int(match[1])
        elif word == "bare":
            unit = ""
        elif word == "interval" and alone:
            span = names[0].span
            low_high = (
                f"{figure(span.low, digits)} to {figure(span.high, digits)}" if span else "interval not estimable"
            )
            after = f" ({low_high})"
        elif match := re.fullmatch(r"as (\S+)", word):
            unit = match[1]
        else:
            raise BadValueError(
                f"{word!r} is no form for a number", "the forms: digits N, bare, as UNIT; interval after a single name"
            )
    shown = figure(number, digits) + (f"\u00a0{unit}" if unit else "")
    return origins.value(shown, number, names, said.strip(), linked) + after


def _claimed(said: str, words: str, data: Path, origins: Origins) -> str:
    names: list[Found] = []
    if not words.strip():
        raise BadValueError("a claim says what to write if it is true", "{{ claim: a:b.c > 2 * a:b.d | words }}")
    if not evaluate(said, data, names):
        raise BadValueError(
            f"the data says otherwise: {said.strip()} is not so; "
            + ", ".join(f"{f.file}.json, {f.told} is {figure(f.number, 4)}" for f in names),
            "change the words, or measure again",
        )
    return origins.claim(words.strip(), names)


def evaluate(said: str, data: Path, names: list[Found]) -> float:
    """Arithmetic and one comparison over numbers of the files; ``names`` collects those. Raises BadValueError."""
    known: dict[str, float] = {}

    def name(match: re.Match[str]) -> str:
        found = look_up(match, data)
        names.append(found)
        known[f"v{len(known)}"] = found.number
        return f" v{len(known) - 1} "

    code = NAME.sub(name, said).strip()
    try:
        return compute(code, known)
    except FormulaError as error:
        hint = "" if "zero" in str(error) else "write file:experiment[field=value].measure.p50, and + - * / between"
        raise BadValueError(f"{said.strip()!r} {error}", hint) from None


def look_up(match: re.Match[str], data: Path) -> Found:
    """The number that a name stands for. Raises BadValueError with what there is instead."""
    try:
        file = load_benchmark(data / f"{match['file']}.json")
        experiment = file.experiment(match["experiment"])
    except BenchmarkError as error:
        raise BadValueError(error.diagnostic.message, error.diagnostic.hint) from error
    stat = match["stat"] or "p50"
    where = match["experiment"] + (f" at {match['at'].strip()}" if match["at"] else "")
    if match["measure"] == "knee":
        number = _knee(experiment, match["at"] or "", stat)
        told = f"{where}: knee by the rule {stat}; {file.kind}, {file.device}"
        return Found(number, "", match["file"], told)
    if match["measure"] == "facts":
        return Found(_fact(experiment, stat), "", match["file"], f"{where}: {stat}")
    point = _point(experiment, match["at"] or "")
    name, measure = match["measure"], point.measures.get(match["measure"])
    if measure is None:
        hint = did_you_mean(name, point.measures) or f"it has: {', '.join(point.measures)}"
        raise BadValueError(f"{where} has no measure {name!r}", hint)
    quantile = re.fullmatch(r"p(\d+(?:\.\d+)?)", stat)
    try:
        number = measure.value(float(quantile[1])) if quantile else STATS[stat](measure)
    except (KeyError, ValueError):
        known = ", ".join(("p0 to p100", *STATS) if measure.samples else measure.known)
        raise BadValueError(f"{where} has no {stat!r} of {name}", f"it has: {known}") from None
    kind = {"p50": "median", "n": "count"}.get(stat, stat)
    count = f" of {measure.n}" if measure.n > 1 else ""
    told = f"{where}: {name}, {kind}{count}; {file.kind}, {file.device}"
    span = interval(measure.samples, float(quantile[1])) if quantile and measure.n > 1 else None
    return Found(number, "" if stat == "n" else measure.unit, match["file"], told, span)


def _knee(experiment: Experiment, at: str, rule: str) -> float:
    """By a rule of ``benchdata.knee``, on the sweep up to the batch size ``until``."""
    end = re.fullmatch(r"(?:until\s*=\s*(\d+))?", at.strip())
    if end is None:
        raise BadValueError(f"a knee is of a whole sweep, not of [{at}]", "[until=64] ends the sweep there")
    curves = [
        [point for point in experiment.series("batch", measure) if not end[1] or point[0] <= float(end[1])]
        for measure in ("latency", "throughput")
    ]
    if not curves[0] or len(curves[0]) != len(curves[1]):
        raise BadValueError(f"{experiment.name} has no latency and throughput over batch", "a knee is of a batch sweep")
    batch, latency, throughput = [b for b, _ in curves[0]], [v for _, v in curves[0]], [v for _, v in curves[1]]
    rules: Mapping[str, Callable[[], float | None]] = {
        "crossing": lambda: nearest_crossing(batch, latency, throughput),
        "kneedle": lambda: kneedle(batch, throughput),
        "power": lambda: power_knee(batch, latency, throughput),
        "lines": lambda: crossing(batch, latency, throughput)[0],
    }
    found = rules[rule]() if rule in rules else None
    if found is None:
        hint = "the curve has no bend" if rule in rules else f"the rules: {', '.join(rules)}"
        raise BadValueError(f"{experiment.name} has no knee by the rule {rule!r}", hint)
    return found


def _fact(experiment: Experiment, name: str) -> float:
    """A number among the experiment's facts or of its model (``parameters``)."""
    known = {**experiment.about.get("model", {}), **experiment.facts}
    value: Any = known.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        numbers = [k for k, v in known.items() if isinstance(v, int | float) and not isinstance(v, bool)]
        raise BadValueError(f"{experiment.name} has no fact {name!r} that is a number",
                           did_you_mean(name, numbers) or f"it has: {', '.join(numbers) or 'none'}")  # fmt: skip
    return float(value)


def _point(experiment: Experiment, at: str) -> Point:
    wanted = dict(part.split("=", 1) for part in re.split(r"\s*,\s*(?=\w+\s*=)", at.strip()) if "=" in part)
    wanted = {k.strip(): v.strip() for k, v in wanted.items()}
    found = [p for p in experiment.points if all(_same(p.at.get(k), v) for k, v in wanted.items())]
    if len(found) == 1:
        return found[0]
    fields = sorted({k for p in experiment.points for k in p.at})
    missing = [k for k in wanted if k not in fields]
    if missing:
        hint = did_you_mean(missing[0], fields) or f"the fields: {', '.join(fields)}"
        raise BadValueError(f"{experiment.name} has no field {missing[0]!r}", hint)
    have = "; ".join(", ".join(f"{k}={v}" for k, v in p.at.items()) for p in (found or experiment.points)[:8])
    many = f"{len(found)} points" if found else "no point"
    raise BadValueError(f"{experiment.name} has {many} at [{at.strip()}]", f"name one of: {have}")


def _same(have: object, wanted: str) -> bool:
    if isinstance(have, int | float):
        try:
            return float(wanted) == float(have)
        except ValueError:
            return False
    return str(have) == wanted
