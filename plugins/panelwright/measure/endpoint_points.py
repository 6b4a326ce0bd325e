"""A point of the data file from the answers to one load: times, rates, failures by kind, whether the client kept up."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

from panelwright.benchdata.stats import percentile
from panelwright.measure.endpoint_load import PACE, Run
from panelwright.measure.endpoint_stream import Answer

KEPT = 5000
"""Samples of a distribution that the file keeps, drawn at random where there are more; the notes say of how many."""
OBJECTIVES = ("ttft", "tpot", "latency")

DEFINITIONS = {
    "ttft": "scheduled time to the first piece of text",
    "itl": "gap between two pieces of text, pooled over requests; a piece may hold several tokens",
    "tpot": "(last piece - first piece) / (tokens - 1), a mean for each request",
    "latency": "scheduled time to the last piece of text",
    "send lag": "scheduled time to the moment the client came to the request",
    "connect": "opening a connection, where none was free",
    "throughput": "output tokens of finished requests / (first scheduled time to the last end)",
    "throughput steady": "output tokens that came while requests were being sent and after the first had finished / that time",  # noqa: E501
    "requests": "finished requests / (first scheduled time to the last end)",
    "goodput": "finished requests that meet all objectives / the same time",
}

Point = dict[str, Any]


def point_of(
    run: Run,
    at: Mapping[str, Any],
    *,
    seed: int = 1,
    objectives: Mapping[str, float] | None = None,
    count: Callable[[str], int] | None = None,
) -> Point:
    """The point of one load. ``objectives``: most ms by name; ``count``: a tokenizer, where the server counts not.

    A request that failed has no latency, and counts: in the notes by kind, and against throughput and goodput.
    """
    done = [a for a in run.answers if not a.failure]
    failed = Counter(a.failure for a in run.answers if a.failure)
    tokens = {id(a): _tokens(a, count) for a in done}
    span = max((a.ended for a in run.answers), default=run.stopped) - run.began
    total = sum(n for n, _ in tokens.values())
    measures: dict[str, Any] = {}
    kept = _draw(done, seed)
    gaps = [gap for a in done for gap in a.gaps]
    slopes = [(a.times[-1] - a.times[0]) / (tokens[id(a)][0] - 1) for a in kept if tokens[id(a)][0] > 1]
    for name, values in (
        ("ttft", [a.ttft for a in kept]), ("itl", _draw(gaps, seed)), ("tpot", slopes),
        ("latency", [a.latency for a in kept]), ("send lag", [a.lag for a in _draw(run.answers, seed)]),
        ("connect", [a.connect for a in run.answers if a.connect is not None]),
    ):  # fmt: skip
        if values:
            measures[name] = _distribution([v * 1e3 for v in values])
    measures["throughput"] = _value(total / span, "tokens/s")
    measures["requests"] = _value(len(done) / span, "requests/s")
    if (steady := _steady(run, done, tokens)) is not None:
        measures["throughput steady"] = _value(steady, "tokens/s")
    if objectives:
        good = sum(_meets(a, tokens[id(a)][0], objectives) for a in done)
        measures["goodput"] = _value(good / span, "requests/s")
    notes: dict[str, Any] = {
        "sent": len(run.answers), "finished": len(done), "failed": sum(failed.values()), "failures": dict(failed),
        "seconds": round(span, 3), "output_tokens": total,
        "tokens_counted_by": dict(Counter(how for _, how in tokens.values())),
        "client": client(run),
    }  # fmt: skip
    pieces = sum(len(a.times) for a in done)
    if pieces:
        notes["tokens_per_piece"] = round(total / pieces, 3)
    if len(kept) < len(done) or len(gaps) > KEPT:
        notes["drawn_from"] = {"requests": len(done), "gaps": len(gaps)}
    for name in ("prompt_tokens", "cached_tokens"):
        known = [v for a in done if (v := getattr(a, name)) is not None]
        if known:
            notes[name] = round(fmean(known), 1)
    if models := {a.model.replace("\\", "/").rsplit("/", 1)[-1] for a in done if a.model}:
        notes["model_answered"] = sorted(models)
    if run.cut_short:
        notes["cut_short"] = True
    return {"at": dict(at), "measures": measures, "notes": notes}


def client(run: Run) -> dict[str, Any]:
    """Whether the client kept up. Where not, latencies still count from the schedule, and so contain its delay."""
    lags = [a.lag for a in run.answers] or [0.0]
    lag, stall = percentile(lags, 99), percentile(run.stalls or [0.0], 99)
    return {"send_lag_p99_ms": round(lag * 1e3, 3), "stall_p99_ms": round(stall * 1e3, 3),
            "cpu_share": round(run.cpu_share, 3), "kept_pace": lag <= PACE and stall <= PACE}  # fmt: skip


def _tokens(answer: Answer, count: Callable[[str], int] | None) -> tuple[int, str]:
    if answer.tokens is not None:
        return answer.tokens, "server's usage"
    if count:
        return count(answer.text), "tokenizer"
    return len(answer.times), "pieces of text: a piece is not always a token"


def _steady(run: Run, done: Sequence[Answer], tokens: Mapping[int, tuple[int, str]]) -> float | None:
    """Tokens per second between the first finished request and the last one sent: no filling up, no running dry."""
    begin, end = min((a.ended for a in done), default=run.stopped), run.stopped
    if end - begin < 0.25 * (run.stopped - run.began):
        return None
    came = sum(
        tokens[id(a)][0] * sum(begin < t <= end for t in a.times) / len(a.times) for a in done if a.ended > begin
    )
    return came / (end - begin)


def _meets(answer: Answer, tokens: int, objectives: Mapping[str, float]) -> bool:
    values = {"ttft": answer.ttft, "latency": answer.latency,
              "tpot": (answer.times[-1] - answer.times[0]) / (tokens - 1) if tokens > 1 else 0.0}  # fmt: skip
    return all(values[name] * 1e3 <= most for name, most in objectives.items())


def _draw(values: Sequence[Any], seed: int) -> list[Any]:
    if len(values) <= KEPT:
        return list(values)
    chosen = sorted(random.Random(seed).sample(range(len(values)), KEPT))
    return [values[i] for i in chosen]


def _distribution(values: Sequence[float], unit: str = "ms") -> dict[str, Any]:
    return {"unit": unit, "n": len(values), "samples": [float(f"{v:.5g}") for v in values], "repeated": False}


def _value(number: float, unit: str) -> dict[str, Any]:
    return {"unit": unit, "value": float(f"{number:.5g}")}
