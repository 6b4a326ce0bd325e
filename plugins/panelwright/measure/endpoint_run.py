"""``panelwright measure --endpoint URL``: the command, and its data file, saved after every load."""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from panelwright.benchdata.model import FORMAT, VERSION
from panelwright.benchdata.stats import percentile
from panelwright.measure.endpoint import CLOSED, OPEN, EndpointError, Plan, Session, facts, public_name, sweep
from panelwright.measure.endpoint_points import OBJECTIVES, Point
from panelwright.measure.machine import libraries, load_average, machine
from panelwright.measure.save import File, completed, finish, resume, script_digest, unfinished, write

SUITES = {"quick": ((1, 2, 4, 8, 16, 32), 15.0), "full": ((1, 2, 4, 8, 16, 32, 64, 128, 256), 60.0)}
"""Numbers of clients, and seconds for each load."""
PAGES = {CLOSED: (10,), OPEN: (8, 9)}
TITLES = {CLOSED: "More and more clients of one server", OPEN: "Requests that arrive at their own pace"}


def main(words: Sequence[str]) -> int:
    """0 measured; 1 the server cannot be measured; 130 interrupted: the same command goes on from there."""
    given = parser().parse_args(words)
    plan = plan_of(given)
    start = time.perf_counter()
    until = start + given.budget if given.budget is not None else math.inf
    try:
        with Session(plan) as session:
            return _measure(session, given, until)
    except EndpointError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say(f"interrupted: what is measured is in {unfinished(given.out)}; the same command goes on from there")
        return 130


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="panelwright measure", description="Measure a server that speaks OpenAI's protocol."
    )
    p.add_argument("--endpoint", required=True, metavar="URL", help="http(s)://host:port/v1; it is not written down")
    p.add_argument("--model", default="", metavar="NAME", help="as the server calls it; may be left out if it has one")
    p.add_argument("--suite", choices=SUITES, default="quick", help="how many clients, and how long for each")
    p.add_argument("--concurrency", type=_numbers(int), metavar="N,N", help="clients that wait for their answers")
    p.add_argument("--rates", type=_rates, metavar="R,R",
                   help="requests/s, Poisson; or 'none'; if left out, shares of what the clients reached")  # fmt: skip
    p.add_argument("--seconds", type=_positive, help="for each load (quick 15, full 60)")
    p.add_argument("--prompt-tokens", type=int, default=256, help="about; the server's count goes into the file")
    p.add_argument("--output-tokens", type=int, default=128)
    p.add_argument("--timeout", type=_positive, default=120.0, help="seconds from the scheduled time to the end")
    p.add_argument("--stall", type=_positive, default=30.0, help="seconds of silence in a begun answer")
    p.add_argument("--objective", type=_objective, action="append", default=[], metavar="NAME=MS",
                   help=f"for the goodput: {', '.join(OBJECTIVES)}; may be repeated")  # fmt: skip
    p.add_argument("--hardware", default="", metavar="TEXT", help="what the server runs on: only you know")
    p.add_argument("--tokenizer", default="", metavar="FILE", help="tokenizer.json, for servers that do not count")
    p.add_argument("--extra", type=_extra, default={}, metavar="JSON", help="merged into every request")
    p.add_argument("--api-key-env", default="OPENAI_API_KEY", metavar="NAME", help="environment variable of the key")
    p.add_argument("--insecure", action="store_true", help="do not check the certificate")
    p.add_argument("--budget", type=_positive, help="seconds for everything; what does not fit is left out and said")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--out", type=Path, default=Path("benchmark.json"))
    return p


def plan_of(given: argparse.Namespace) -> Plan:
    clients, seconds = SUITES[given.suite]
    return Plan(
        given.endpoint, given.model, given.concurrency or clients, given.rates, given.seconds or seconds,
        given.prompt_tokens, given.output_tokens, given.timeout, given.stall, given.seed,
        os.environ.get(given.api_key_env, ""), given.insecure, given.tokenizer, dict(given.objective), given.extra,
    )  # fmt: skip


def command_of(given: argparse.Namespace) -> str:
    """As one would type it, without what is the user's own: the address, the file."""
    words = ["panelwright", "measure", "--endpoint", "URL"]
    for action in parser()._actions:
        value = getattr(given, action.dest, None)
        if action.dest in ("endpoint", "out", "api_key_env", "help") or value in (action.default, None):
            continue
        if action.dest == "objective":
            words += [w for name, ms in value for w in ("--objective", f"{name}={ms:g}")]
        elif value is True:
            words.append(action.option_strings[0])
        else:
            shown = public_name(value) if action.dest in ("model", "tokenizer") else value
            shown = json.dumps(shown) if isinstance(shown, dict) else shown
            shown = ",".join(f"{v:g}" for v in shown) or "none" if isinstance(shown, tuple) else shown
            words += [action.option_strings[0], f"{shown:g}" if isinstance(shown, float) else str(shown)]
    return shlex.join(words)


def _measure(session: Session, given: argparse.Namespace, until: float) -> int:
    file = _new_file(session, given)
    mark = hashlib.sha256(given.endpoint.encode()).hexdigest()  # in the unfinished file only
    left = resume(given.out, file)
    known: dict[str, list[Point]] = {}
    if left and left.get("address") == mark:
        known = {name: e["points"] for name, e in left["experiments"].items()}
        say(f"resuming: {sum(map(len, known.values()))} loads are in {unfinished(given.out).name} already")
    found: dict[str, dict[str, Any]] = {}
    for name, at, point in sweep(session, known, until):
        shown = " ".join(f"{k} {v}" for k, v in at.items())
        one = found.setdefault(name, {"title": TITLES[name], "pages": list(PAGES[name]), "facts": facts(session, name)})
        if point is None:
            one.setdefault("not_measured", []).append({"what": shown, "reason": "no time left in the budget"})
            say(f"not measured: {shown}: no time left in the budget")
            continue
        one.setdefault("points", []).append(point)
        say(f"{shown}: {line(point)}")
        if reason := behind(point):
            one.setdefault("failures", []).append({"at": at, "reason": reason})
            say(f"  {reason}")
        whole = {n: completed(e) for n, e in found.items() if e.get("points")}
        file["experiments"] = {n: e for n, e in whole.items() if e["points"]}
        file["provenance"]["load_after"] = load_average()
        write(unfinished(given.out), {**file, "address": mark})
    if not file["experiments"]:
        say("nothing was measured, no file was written")
        return 1
    for name, one in found.items():
        if name in file["experiments"] and "not_measured" in one:
            file["experiments"][name]["not_measured"] = one["not_measured"]
        elif "not_measured" in one:
            file["not_measured"].append({"what": name, "reason": "no time left in the budget"})
    finish(given.out, file)
    say(f"wrote {given.out}: {sum(len(e['points']) for e in file['experiments'].values())} loads")
    return 0


def behind(point: Point) -> str:
    """What to say of a client that did not keep up; empty: it did."""
    client = point["notes"]["client"]
    if client["kept_pace"]:
        return ""
    return (
        f"the client fell behind: at p99 it was {client['send_lag_p99_ms']:g} ms late in sending and "
        f"{client['stall_p99_ms']:g} ms in reading; times here may be so much too long"
    )


def line(point: Point) -> str:
    """A load in one line, for the screen."""
    notes, measures = point["notes"], point["measures"]
    parts = [f"{measures['throughput']['value']:.4g} tokens/s", f"{measures['requests']['value']:.3g} requests/s"]
    for name, title in (("ttft", "TTFT"), ("itl", "ITL"), ("latency", "latency")):
        if values := measures.get(name, {}).get("samples"):
            parts.append(f"{title} {_ms(percentile(values, 50))} (p90 {_ms(percentile(values, 90))}) ms")
    kinds = ", ".join(f"{kind}: {n}" for kind, n in notes["failures"].items())
    return ", ".join([*parts, f"{notes['failed']} of {notes['sent']} failed" + (f" ({kinds})" if kinds else "")])


def _ms(value: float) -> str:
    return f"{value:.4g}" if value < 1e4 else f"{value:.0f}"


def _new_file(session: Session, given: argparse.Namespace) -> File:
    from panelwright import __version__

    on = given.hardware or "unknown hardware behind an endpoint"
    return {
        "format": FORMAT, "version": VERSION, "title": f"{public_name(session.plan.model)} on {on}", "kind": "measured",
        "device": on, "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "provenance": {
            "script": {"version": __version__, "sha256": script_digest()}, "command": command_of(given),
            "seed": given.seed, "machine": {"role": "the client; what the server runs on is under device", **machine()},
            "libraries": libraries(), "server": session.facts, "load_before": load_average(),
        },
        "not_measured": [], "experiments": {},
    }  # fmt: skip


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


def _numbers(kind: type[int] | type[float]) -> Any:
    def numbers(text: str) -> tuple[float, ...]:
        found = tuple(kind(part) for part in text.split(","))
        if min(found) <= 0:
            raise argparse.ArgumentTypeError("must be more than 0")
        return found

    return numbers


def _rates(text: str) -> tuple[float, ...]:
    return () if text == "none" else _numbers(float)(text)


def _objective(text: str) -> tuple[str, float]:
    name, _, ms = text.partition("=")
    if name not in OBJECTIVES:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(OBJECTIVES)}")
    return name, _positive(ms)


def _extra(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return found


def say(text: str) -> None:
    print(f"panelwright: {text}", file=sys.stderr, flush=True)
