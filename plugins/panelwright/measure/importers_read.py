"""Reads what ``vllm bench serve``, GuideLLM and AIPerf write: each result becomes points, nothing is guessed.

Field names after vLLM's ``vllm/benchmarks/serve.py``, GuideLLM's report (versions 1 and 2, guidellm up to 0.8) and
AIPerf's export (schema up to 1.4, and GenAI-Perf's, which it follows). Times become milliseconds.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from panelwright.measure.endpoint import CLOSED, OPEN

Json = Mapping[str, Any]
RAW = "samples of single requests"


class ImportFailedError(Exception):
    """A file that is not what it should be, said so that its owner can mend it."""


@dataclass
class Found:
    """One load as another tool recorded it. ``missing``: what it does not record."""

    tool: str
    version: str
    model: str
    date: str
    experiment: str
    at: dict[str, float]
    measures: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    definitions: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, values: Sequence[float], unit: str = "ms", scale: float = 1.0) -> None:
        if values:
            shown = [float(f"{v * scale:.5g}") for v in values]
            self.measures[name] = {"unit": unit, "n": len(shown), "samples": shown, "repeated": False}

    def quote(self, name: str, numbers: Mapping[str, Any], unit: str = "ms", scale: float = 1.0) -> None:
        """Numbers that the tool computed, where it kept no samples; they do not replace samples."""
        known = {k: float(f"{v * scale:.6g}") for k, v in numbers.items() if isinstance(v, int | float)}
        if known and name not in self.measures:
            self.measures[name] = {"unit": unit, **known}

    def value(self, name: str, number: Any, unit: str) -> None:
        if isinstance(number, int | float):
            self.measures[name] = {"unit": unit, "value": float(f"{number:.6g}")}


def vllm(documents: Sequence[Json], path: Path) -> Iterator[Found]:
    """``vllm bench serve --save-result``, with samples if ``--save-detailed``; several in a file if appended."""
    for raw in documents:
        rate, clients = raw.get("request_rate"), raw.get("max_concurrency")
        closed = rate in ("inf", None) or rate == float("inf")
        if closed and not (clients or raw.get("num_prompts")):
            raise ImportFailedError(f"{path.name}: neither a rate nor a number of clients is in it")
        at = {"batch": clients or raw["num_prompts"]} if closed else {"rate": float(rate or 0)}
        one = Found("vllm bench serve", "unknown", str(raw.get("model_id", "unknown")), _vllm_date(raw.get("date")),
                    CLOSED if closed else OPEN, at)  # fmt: skip
        one.definitions = {"ttft": "actual send to the first chunk", "itl": "gap between two chunks",
                           "latency": "actual send to the last chunk: waiting in the client is not in it",
                           "send lag": "time a request waited in the client for its turn"}  # fmt: skip
        if raw.get("ttfts") and raw.get("itls") is not None:
            _vllm_samples(one, raw)
        else:
            one.missing.append(RAW)
        for ours, theirs in (("ttft", "ttft"), ("tpot", "tpot"), ("itl", "itl"), ("latency", "e2el")):
            known = {"mean": raw.get(f"mean_{theirs}_ms"), "median": raw.get(f"median_{theirs}_ms")}
            known |= {m[1]: v for k, v in raw.items() if (m := re.fullmatch(rf"(p[\d.]+)_{theirs}_ms", k))}
            one.quote(ours, known)
        one.value("throughput", raw.get("output_throughput"), "tokens/s")
        one.value("requests", raw.get("request_throughput"), "requests/s")
        one.value("goodput", raw.get("request_goodput"), "requests/s")
        done, sent = raw.get("completed"), raw.get("num_prompts")
        failed = raw.get("failed", sent - done if isinstance(sent, int) and isinstance(done, int) else None)
        kinds = Counter(_kind(e) for e in raw.get("errors", ()) if e)
        one.notes = _known(sent=sent, finished=done, failed=failed, failures=dict(kinds) or None,
                           seconds=raw.get("duration"), output_tokens=raw.get("total_output_tokens"),
                           burstiness=raw.get("burstiness"), clients_at_most=None if closed else clients,
                           tokens_counted_by="tool, by its tokenizer or the server's usage")  # fmt: skip
        if "latency" not in one.measures:
            one.missing.append("latency of whole answers")
        if "send lag" not in one.measures:
            one.missing.append("scheduled against actual send times")
        yield one


def _vllm_samples(one: Found, raw: Json) -> None:
    errors = raw.get("errors") or [""] * len(raw["ttfts"])
    lengths = raw.get("output_lens") or [0] * len(raw["ttfts"])
    good = [i for i, e in enumerate(errors) if not e and raw["ttfts"][i]]
    ttfts, itls = [raw["ttfts"][i] for i in good], [raw["itls"][i] for i in good]
    totals = raw.get("latencies")
    whole = [totals[i] if totals else t + sum(gaps) for i, t, gaps in zip(good, ttfts, itls, strict=True)]
    one.add("ttft", ttfts, scale=1e3)
    one.add("itl", list(chain.from_iterable(itls)), scale=1e3)
    one.add("latency", whole, scale=1e3)
    slopes = [(total - t) / (lengths[i] - 1) for i, t, total in zip(good, ttfts, whole, strict=True) if lengths[i] > 1]
    one.add("tpot", slopes, scale=1e3)
    one.add("send lag", raw.get("queue_times") or (), scale=1e3)


def guidellm(documents: Sequence[Json], path: Path) -> Iterator[Found]:
    """GuideLLM's ``benchmarks.json``: a benchmark for each load, with the requests that it kept."""
    for report in documents:
        version = str(report.get("metadata", {}).get("guidellm_version", "unknown"))
        for raw in report["benchmarks"]:
            config = raw.get("config") or raw.get("args") or {}
            plan = config.get("strategy") or {}
            kind, rate = str(plan.get("type_", "")), plan.get("rate")
            clients = 1 if kind == "synchronous" else plan.get("streams") or plan.get("max_concurrency")
            if rate is None and not clients:
                raise ImportFailedError(f"{path.name}: neither a rate nor a number of clients is in it ({kind})")
            model = _model(config.get("backend"), _below(report, "config", "spec", "backend"),
                           _below(report, "args", "backend_args"), report.get("args"))  # fmt: skip
            one = Found("GuideLLM", version, model, _day(raw.get("start_time")), CLOSED if rate is None else OPEN,
                        {"batch": clients or 0} if rate is None else {"rate": float(rate)})  # fmt: skip
            one.definitions = {
                "ttft": "actual send to the first token", "latency": "actual send to the end",
                "tpot": "GuideLLM's inter_token_latency_ms, a mean for each request: (last - first) / (tokens - 1)",
                "send lag": "targeted to actual send",
            }  # fmt: skip
            _guidellm_samples(one, raw)
            metrics = raw.get("metrics", {})
            for ours, theirs, scale in (("ttft", "time_to_first_token_ms", 1.0), ("latency", "request_latency", 1e3),
                                        ("tpot", "inter_token_latency_ms", 1.0)):  # fmt: skip
                known = metrics.get(theirs, {}).get("successful") or {}
                some = {k: v for k, v in (known.get("percentiles") or {}).items() if k in ("p50", "p90", "p95", "p99")}
                one.quote(ours, {"mean": known.get("mean"), "median": known.get("median"), **some}, scale=scale)
            totals, seconds = metrics.get("request_totals") or {}, raw.get("duration")
            tokens = (metrics.get("output_token_count", {}).get("successful") or {}).get("total_sum")
            rates = {k: (metrics.get(k, {}).get("successful") or {}).get("mean")
                     for k in ("output_tokens_per_second", "requests_per_second")}  # fmt: skip
            exact = bool(seconds and tokens is not None and "successful" in totals)
            one.value("throughput", tokens / seconds if exact else rates["output_tokens_per_second"], "tokens/s")
            one.value(
                "requests", totals["successful"] / seconds if exact else rates["requests_per_second"], "requests/s"
            )
            lists = raw.get("requests") or {}
            kinds = Counter(_kind(r.get("info", {}).get("error") or "") for r in lists.get("errored") or ())
            if totals.get("incomplete"):
                kinds["no answer when the run ended"] = totals["incomplete"]
            failed = totals["errored"] + totals.get("incomplete", 0) if "errored" in totals else None
            one.notes = _known(sent=totals.get("total"), finished=totals.get("successful"), failed=failed,
                               failures=dict(kinds) or None, seconds=seconds, output_tokens=tokens, strategy=kind,
                               warnings=[w["code"] for w in raw.get("warnings") or () if "code" in w] or None,
                               tokens_counted_by="tool: the server's usage where it has one")  # fmt: skip
            one.missing += ["gaps between single tokens (only their mean for each request)"]
            yield one


def _guidellm_samples(one: Found, raw: Json) -> None:
    kept = (raw.get("requests") or {}).get("successful") or ()
    known = [r for r in kept if r.get("time_to_first_token_ms") is not None and r.get("request_latency") is not None]
    if not known:
        one.missing.append(RAW)
        return
    one.add("ttft", [r["time_to_first_token_ms"] for r in known])
    one.add("latency", [r["request_latency"] for r in known], scale=1e3)
    one.add("tpot", [r["inter_token_latency_ms"] for r in known if r.get("inter_token_latency_ms") is not None])
    times = [r.get("info", {}).get("timings") or {} for r in known]
    lags = [
        t["request_start"] - t["targeted_start"] for t in times if t.get("targeted_start") and t.get("request_start")
    ]
    if one.experiment == OPEN and lags:
        one.add("send lag", lags, scale=1e3)
    elif one.experiment == OPEN:
        one.missing.append("scheduled against actual send times")


def aiperf(documents: Sequence[Json], path: Path) -> Iterator[Found]:
    """AIPerf's ``profile_export_aiperf.json``, and the requests in ``profile_export.jsonl`` if that lies beside it."""
    summary = next((d for d in documents if "metadata" not in d), None)
    records = [d for d in documents if "metadata" in d]
    if summary is None:
        beside = path.with_name(path.stem + "_aiperf.json")
        if not beside.is_file():
            raise ImportFailedError(f"{path.name}: {beside.name} must lie beside it: the load is in that")
        summary = _json(beside)[0]
    elif not records:
        beside = path.with_name(path.stem.removesuffix("_aiperf") + ".jsonl")
        records = [d for d in _json(beside) if "metadata" in d] if beside.is_file() else []
    config = summary.get("input_config") or {}
    phase = next((p for p in config.get("phases") or () if p.get("kind", "profiling") == "profiling"),
                 config.get("loadgen") or {})  # fmt: skip
    rate, clients = phase.get("rate") or phase.get("request_rate"), phase.get("concurrency")
    if rate is None and clients is None:
        raise ImportFailedError(f"{path.name}: neither a rate nor a number of clients is in it")
    named = [i.get("name") for i in (config.get("models") or {}).get("items") or ()]
    named = named or (config.get("endpoint") or {}).get("model_names") or ["unknown"]
    one = Found("AIPerf", str(summary.get("aiperf_version", "unknown")), str(named[0]),
                str(summary.get("start_time", "unknown"))[:10], CLOSED if rate is None else OPEN,
                {"batch": clients or 0} if rate is None else {"rate": float(rate)})  # fmt: skip
    one.definitions = {
        "ttft": "actual send to the first token", "latency": "actual send to the last token",
        "itl": "AIPerf's inter_chunk_latency: gap between two chunks",
        "tpot": "AIPerf's inter_token_latency, a mean for each request: (last - first) / (tokens - 1)",
        "send lag": "turn given to a request until it is sent",
    }  # fmt: skip
    pairs = (("ttft", "time_to_first_token"), ("latency", "request_latency"), ("tpot", "inter_token_latency"),
             ("itl", "inter_chunk_latency"))  # fmt: skip
    profiled = [r for r in records if r["metadata"].get("benchmark_phase", "profiling") == "profiling"]
    good = [r for r in profiled if not r.get("error")]
    for ours, theirs in pairs:
        found = [r["metrics"][theirs] for r in good if theirs in r.get("metrics", {})]
        values = chain.from_iterable(v["value"] if isinstance(v["value"], list) else [v["value"]] for v in found)
        one.add(ours, list(values), scale=_ms(found[0]["unit"]) if found else 1.0)
    if not good:
        one.missing.append(RAW)
    for ours, theirs in pairs:
        known = summary.get(theirs) or {}
        some = {"mean": known.get("avg"), **{k: v for k, v in known.items() if k in ("p50", "p90", "p95", "p99")}}
        one.quote(ours, some, scale=_ms(known.get("unit", "ms")))
    given = [r["metadata"] for r in good if r["metadata"].get("credit_issued_ns")]
    one.add("send lag", [m["request_start_ns"] - m["credit_issued_ns"] for m in given], scale=1e-6)
    if not given:
        one.missing.append("scheduled against actual send times")
    numbers = {k: (summary.get(k) or {}).get("avg") for k in (
        "output_token_throughput", "request_throughput", "goodput", "request_count", "error_request_count",
        "benchmark_duration", "total_output_tokens", "total_osl")}  # fmt: skip
    one.value("throughput", numbers["output_token_throughput"], "tokens/s")
    one.value("requests", numbers["request_throughput"], "requests/s")
    one.value("goodput", numbers["goodput"], "requests/s")
    kinds = Counter(_kind((r["error"] or {}).get("type") or "") for r in profiled if r.get("error"))
    for count in summary.get("error_summary") or () if not profiled else ():
        kinds[_kind((count.get("error_details") or {}).get("type") or "")] += count.get("count", 0)
    done = int(numbers["request_count"]) if numbers["request_count"] is not None else len(good) if profiled else None
    errors = numbers["error_request_count"]
    failed = int(errors) if errors is not None else sum(kinds.values())
    tokens = numbers["total_osl"] if numbers["total_osl"] is not None else numbers["total_output_tokens"]
    one.notes = _known(sent=None if done is None else done + failed, finished=done, failed=failed,
                       failures=dict(kinds) or None, seconds=numbers["benchmark_duration"], output_tokens=tokens,
                       cut_short=summary.get("was_cancelled") or None,
                       tokens_counted_by="tool, by its tokenizer or the server's usage")  # fmt: skip
    yield one


READERS: dict[str, Callable[[Sequence[Json], Path], Iterator[Found]]] = {
    "vllm": vllm, "guidellm": guidellm, "aiperf": aiperf,
}  # fmt: skip


def read(path: Path, tool: str = "") -> list[Found]:
    """The loads in a file. ``tool``: of READERS; empty: found out. Raises ImportFailedError."""
    documents = _json(path)
    tool = tool or _tool_of(documents)
    if not tool:
        raise ImportFailedError(f"{path.name} is no result of vllm bench serve, GuideLLM or AIPerf that is known here")
    try:
        return list(READERS[tool](documents, path))
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise ImportFailedError(f"{path.name} is not as {tool} writes it: {type(error).__name__}: {error}") from error


def _tool_of(documents: Sequence[Json]) -> str:
    first = documents[0]
    if "benchmarks" in first:
        return "guidellm"
    if "input_config" in first or {"metadata", "metrics"} <= set(first):
        return "aiperf"
    return "vllm" if "request_throughput" in first and "completed" in first else ""


def _json(path: Path) -> list[Json]:
    """The objects of a file, one or one a line."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportFailedError(f"{path.name} cannot be read: {error}") from error
    try:
        found = [json.loads(text)]
    except ValueError:
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError as error:
            raise ImportFailedError(f"{path.name} is not whole JSON: {error}") from error
    if not found or not all(isinstance(d, dict) for d in found):
        raise ImportFailedError(f"{path.name} has no object of JSON")
    return found


def _kind(error: str) -> str:
    """The kind of an error without its words, which name addresses: the last exception, or a status."""
    names = re.findall(r"\b[A-Z]\w*(?:Error|Exception|Timeout)\b|\b[45]\d\d\b", error)
    return str(names[-1]) if names else "error"


def _known(**facts: Any) -> dict[str, Any]:
    return {k: v for k, v in facts.items() if v is not None}


def _below(here: Any, *keys: str) -> Any:
    """What lies under the keys, one in another; None where one is missing."""
    for key in keys:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here


def _model(*places: Any) -> str:
    """A model's name, from the first place that has one."""
    return next((str(p["model"]) for p in places if isinstance(p, Mapping) and p.get("model")), "unknown")


def _ms(unit: str) -> float:
    return {"ms": 1.0, "s": 1e3, "sec": 1e3, "us": 1e-3, "ns": 1e-6}[unit]


def _vllm_date(text: Any) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if isinstance(text, str) and re.match(r"\d{8}", text) else "unknown"


def _day(seconds: Any) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if isinstance(seconds, int | float) else "unknown"
