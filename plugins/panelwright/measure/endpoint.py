"""Measures a server that speaks OpenAI's protocol: asks what it is, then loads it more and more.

Closed loop first (a number of clients that each wait for their answer), which finds what the server can do; then
open loop (Poisson arrivals that wait for nobody) at shares of that, for latencies under load.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from panelwright.diagnostics import did_you_mean
from panelwright.measure.endpoint_http import Call, Pool, Target
from panelwright.measure.endpoint_load import PACE, Run, closed_loop, open_loop, poisson
from panelwright.measure.endpoint_points import DEFINITIONS, Point, point_of
from panelwright.measure.endpoint_stream import read

CLOSED, OPEN = "batch_sweep", "request_latency"
"""The experiments, under the names that the comic's charts look for."""
SHARES = (0.25, 0.5, 0.75, 0.9)
"""Of the most requests per second that the closed loop reached."""
VOCABULARY = """
time year people way day man thing woman life child world school state family student group country problem hand
part place case week company system program question work government number night point home water room mother
area money story fact month lot right study book eye job word business issue side kind head house service friend
father power hour game line end member law car city name team minute idea body back parent face level office door
"""


class EndpointError(Exception):
    """The server cannot be measured, said so that its user can mend it."""


@dataclass(frozen=True)
class Plan:
    """What to send. Lengths in tokens (a word of the prompt is about one; the server's count is in the file)."""

    url: str
    model: str
    concurrency: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    rates: tuple[float, ...] | None = None
    """Requests per second; None: shares of what the closed loop reached; empty: no open loop."""
    seconds: float = 15.0
    prompt_tokens: int = 256
    output_tokens: int = 128
    timeout: float = 120.0
    stall: float = 30.0
    seed: int = 1
    key: str = ""
    insecure: bool = False
    tokenizer: str = ""
    objectives: dict[str, float] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    """Merged into every request; a null takes a field out."""
    run: str = ""
    """Differs from run to run, as the prompts shall."""

    def prompt(self, number: int) -> str:
        """Differs from the first word on, for each number and run: a cache of prefixes has nothing to give."""
        chance = random.Random(f"{self.seed}:{self.run}:{number}")
        return " ".join(chance.choices(VOCABULARY.split(), k=max(1, self.prompt_tokens - 8)))

    def body(self, number: int, options: dict[str, Any]) -> bytes:
        asked = {"model": self.model, "messages": [{"role": "user", "content": self.prompt(number)}], "stream": True,
                 "max_tokens": self.output_tokens, "temperature": 0, **options, **self.extra}  # fmt: skip
        return json.dumps({k: v for k, v in asked.items() if v is not None}).encode()


class Session:
    """A server, what it says it is, and connections to it. A context manager with an event loop of its own."""

    def __init__(self, plan: Plan) -> None:
        """Raises EndpointError: unreachable, refuses, does not have the model, does not stream."""
        self.plan = replace(plan, run=secrets.token_hex(8))
        try:
            self.target = Target.of(plan.url)
        except ValueError as error:
            raise EndpointError(str(error)) from error
        self.count = tokenizer(plan.tokenizer) if plan.tokenizer else None
        self.facts: dict[str, Any] = {}
        self.options: dict[str, Any] = {}
        self._numbers = iter(range(1, 1 << 62))
        self._runner = asyncio.Runner()
        try:
            self.pool = self._runner.run(self._meet())
        except BaseException:
            self._runner.close()
            raise

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self.pool.close())
        self._runner.close()

    def closed(self, clients: int, until: float = math.inf) -> Run:
        return self._runner.run(closed_loop(self.pool, lambda _: self._payload(), clients, self.plan.seconds, until))

    def open(self, rate: float, until: float = math.inf) -> Run:
        arrivals = poisson(rate, self.plan.seconds, self.plan.seed)
        return self._runner.run(open_loop(self.pool, [self._payload() for _ in arrivals], arrivals, until))

    def _payload(self) -> bytes:
        return self._post(self.plan.body(next(self._numbers), self.options))

    def _post(self, body: bytes) -> bytes:
        return self.target.request("POST", f"{self.target.path}/chat/completions", body, self.plan.key)

    async def _meet(self) -> Pool:
        plan = self.plan
        pool = Pool(self.target, timeout=plan.timeout, stall=plan.stall, insecure=plan.insecure)
        try:
            await pool.open()
        except OSError as error:
            # never the address: it is the user's, and this may land in a file
            what = "its certificate is not trusted (--insecure)" if "CERTIFICATE" in str(error) else _reason(error)
            raise EndpointError(f"the endpoint cannot be reached: {what}") from error
        try:
            await self._ask_what_it_is(pool)
            await self._try_one(pool)
        except BaseException:
            await pool.close()
            raise
        return pool

    async def _get(self, pool: Pool, path: str) -> tuple[Call, Any]:
        call = await pool.ask(Call(self.target.request("GET", path, key=self.plan.key)))
        try:
            return call, json.loads(call.body) if call.status == 200 and not call.failure else None
        except ValueError:
            return call, None

    async def _ask_what_it_is(self, pool: Pool) -> None:
        call, models = await self._get(pool, f"{self.target.path}/models")
        if call.failure in ("garbage", "timeout before the first byte"):
            raise EndpointError(f"the endpoint does not answer as an HTTP server: {call.failure}")
        if call.status in (401, 403):
            raise EndpointError(f"the endpoint wants a key (HTTP {call.status}): set it in the environment variable "
                                "that --api-key-env names")  # fmt: skip
        listed = [m for m in models.get("data") or () if isinstance(m, dict)] if isinstance(models, dict) else []
        names = [str(m.get("id", "")) for m in listed]
        if not self.plan.model and len(names) == 1:
            self.plan = replace(self.plan, model=names[0])
        if not self.plan.model:
            raise EndpointError(f"say which model: --model NAME; the endpoint has: {', '.join(names[:8]) or 'no list'}")
        if names and self.plan.model not in names:
            near = did_you_mean(self.plan.model, names) or f"it has: {', '.join(names[:8])}"
            raise EndpointError(f"the endpoint has no model {self.plan.model!r}; {near}")
        mine = next((m for m in listed if m.get("id") == self.plan.model), {})
        about = {k: mine[k] for k in ("owned_by", "max_model_len") if isinstance(mine.get(k), str | int)}
        self.facts |= {"models_listed": len(names) if names else "unknown", **about}
        self.facts["server"] = call.headers.get("server", "unknown")[:80]
        self.facts["version"] = "unknown"
        root = self.target.path.removesuffix("/v1")
        for path, key in ((f"{root}/version", "version"), (f"{root}/api/version", "version"),
                          (f"{root}/props", "build_info")):  # fmt: skip
            _, said = await self._get(pool, path)  # vLLM and TensorRT-LLM; Ollama; llama.cpp
            if isinstance(said, dict) and isinstance(said.get(key), str):
                self.facts["version"] = said[key][:80]
                break

    async def _try_one(self, pool: Pool) -> None:
        """A request that is not counted: warms up, and finds which options the server takes."""
        usage, long = {"stream_options": {"include_usage": True}}, {"ignore_eos": True}
        pool.stall = self.plan.timeout  # a cold server compiles or loads first: silence is no failure yet
        for options in ({**usage, **long}, usage, long, {}):
            call = await pool.ask(Call(self._post(self.plan.body(0, options))))
            if call.status not in (400, 422):
                break
        pool.stall = self.plan.stall
        answer = read(call)
        if answer.failure:
            raise EndpointError(f"the endpoint does not answer a single request: {answer.failure}{_said(call)}")
        self.options = options
        counted = "server's usage" if answer.tokens is not None else "tokenizer" if self.count else "pieces of text"
        self.facts |= {"asked_for": sorted([*options, *self.plan.extra]), "tokens_counted_by": counted}


def sweep(
    session: Session, done: Mapping[str, Sequence[Point]] | None = None, until: float = math.inf
) -> Iterator[tuple[str, dict[str, Any], Point | None]]:
    """The experiment, each load of it, and its point; None: no time was left for it.

    ``done``: points of an earlier run by experiment, not measured again. ``until``: by ``time.perf_counter``; a load
    that would not have half its time is left out.
    """
    plan = session.plan
    best = 0.0

    def one(name: str, at: dict[str, Any], work: Callable[[float], Run]) -> Point | None:
        known = next((p for p in (done or {}).get(name, ()) if p["at"] == at), None)
        if known:
            return known
        if until - time.perf_counter() < plan.seconds / 2:
            return None
        return point_of(work(until), at, seed=plan.seed, objectives=plan.objectives, count=session.count)

    for clients in plan.concurrency:
        at: dict[str, Any] = {"batch": clients}
        point = one(CLOSED, at, lambda end, n=clients: session.closed(n, end))  # type: ignore[misc]
        if point:
            best = max(best, point["measures"]["requests"]["value"])
        yield CLOSED, at, point
    rates = plan.rates if plan.rates is not None else tuple(float(f"{best * s:.3g}") for s in SHARES if best)
    for rate in rates:
        at = {"rate": rate}
        yield OPEN, at, one(OPEN, at, lambda end, r=rate: session.open(r, end))  # type: ignore[misc]


def facts(session: Session, experiment: str) -> dict[str, Any]:
    """How it was measured, for the file: nothing of where the server is, nor of who may use it."""
    plan = session.plan
    how = {CLOSED: {"load": "closed loop: clients that each send the next request when the last is answered",
                    "batch": "number of clients: the most requests that the server can batch"},
           OPEN: {"load": "open loop: Poisson arrivals that wait for no answer", "rate": "planned, 1/s"}}  # fmt: skip
    return {
        **how[experiment], "model": public_name(plan.model),
        "asked": {"prompt_tokens": plan.prompt_tokens, "output_tokens": plan.output_tokens},
        "prompts": "words drawn at random, different from the first on and in every run: no prefix is shared",
        "seconds_each": plan.seconds, "timeout_s": plan.timeout, "stall_s": plan.stall,
        "objectives_ms": plan.objectives,
        "client": f"one process; behind when the p99 of its lateness is above {PACE * 1e3:g} ms",
        "definitions": DEFINITIONS,
    }  # fmt: skip


def public_name(model: str) -> str:
    """A model's name without folders of the machine it lies on: some servers call it by its path."""
    return model.replace("\\", "/").rsplit("/", 1)[-1] if model.startswith(("/", "~", ".")) or "\\" in model else model


def tokenizer(path: str) -> Callable[[str], int]:
    """Counts tokens with a ``tokenizer.json``. Raises EndpointError: not installed, not readable."""
    try:
        library: Any = import_module("tokenizers")
    except ImportError as error:
        raise EndpointError("counting with a tokenizer needs: pip install tokenizers") from error
    try:
        known = library.Tokenizer.from_file(path)
    except Exception as error:  # the library raises a plain Exception
        raise EndpointError(f"the tokenizer cannot be read: {error}") from error
    return lambda text: len(known.encode(text, add_special_tokens=False).ids)


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "its name is not known"


def _said(call: Call) -> str:
    """What the server gave as its reason, for the screen alone."""
    try:
        said = json.loads(call.body)
        error = said.get("error", said)
        text = error.get("message", "") if isinstance(error, dict) else error
    except (ValueError, AttributeError):
        return ""
    return f": {str(text)[:200]}" if text else ""
