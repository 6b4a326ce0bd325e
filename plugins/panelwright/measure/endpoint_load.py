"""Makes the load: a schedule that waits for nobody (open loop), or a number of clients that each wait (closed loop)."""

from __future__ import annotations

import asyncio
import gc
import math
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from panelwright.measure.endpoint_http import Call, Pool
from panelwright.measure.endpoint_stream import Answer, read

PACE = 0.010
"""Seconds: a client whose p99 of lateness is above this has fallen behind, and the file says so."""
BREATH = 0.1
"""Seconds a closed-loop client waits after a failure: a server that refuses is not hammered."""

Send = Callable[[float], Awaitable[tuple[list[Call], bool]]]


@dataclass
class Run:
    """One load and what came of it."""

    answers: list[Answer]
    began: float
    """The first scheduled time; with ``stopped``, the window in which requests were sent."""
    stopped: float
    stalls: list[float] = field(default_factory=list)
    """Seconds by which each beat of a timetable, 20 ms apart, came late: so long bytes waited for the client."""
    cpu_share: float = 0.0
    """Of one core."""
    cut_short: bool = False


def poisson(rate: float, seconds: float, seed: int, least: int = 1) -> list[float]:
    """Arrival times in seconds from 0: exponential gaps, for ``seconds`` or until there are ``least`` of them."""
    chance = random.Random(seed)
    times: list[float] = []
    at = chance.expovariate(rate)
    while at < seconds or len(times) < least:
        times.append(at)
        at += chance.expovariate(rate)
    return times


async def open_loop(pool: Pool, payloads: list[bytes], arrivals: list[float], until: float = math.inf) -> Run:
    """Send each request at its time, whatever became of those before it. ``until``: the end (perf_counter)."""
    calls = [Call(p) for p in payloads]

    async def send(began: float) -> tuple[list[Call], bool]:
        for i, (call, at) in enumerate(zip(calls, arrivals, strict=True)):
            call.scheduled = began + at
            if call.scheduled > until:
                return calls[:i], True
            early = call.scheduled - time.perf_counter()
            if early > 0 or i % 8 == 0:  # what is overdue is sent together, yet the sockets get their turns
                await asyncio.sleep(max(0.0, early))
            pool.start(call)
        return calls, False

    return await _run(pool, send, until)


async def closed_loop(
    pool: Pool, payload: Callable[[int], bytes], clients: int, seconds: float, until: float = math.inf
) -> Run:
    """``clients`` that each send the next request when the last is answered, begun for ``seconds``."""

    running: list[asyncio.Task[None]] = []

    async def send(began: float) -> tuple[list[Call], bool]:
        end = min(began + seconds, until)
        calls: list[Call] = []

        async def client() -> None:
            while not calls or time.perf_counter() < end:
                call = Call(payload(len(calls)))
                calls.append(call)
                await pool.ask(call)
                if call.failure or call.status != 200:
                    await asyncio.sleep(BREATH)

        for _ in range(clients):
            running.append(asyncio.create_task(client()))
        await asyncio.sleep(max(0.0, end - time.perf_counter()))
        return calls, end < began + seconds

    return await _run(pool, send, until)


async def _run(pool: Pool, send: Send, until: float) -> Run:
    stalls: list[float] = []
    beat = asyncio.create_task(_beat(stalls))
    gc.collect()
    gc.freeze()
    gc.disable()  # a collection would stop the clock of every request under way
    began, worked = time.perf_counter(), time.process_time()
    try:
        calls, cut = await send(began)
        stopped = time.perf_counter()
        await pool.drain(until)
        took = time.perf_counter() - began
        share = (time.process_time() - worked) / took
    finally:
        gc.enable()
        gc.unfreeze()
        beat.cancel()
    first = min((c.scheduled for c in calls), default=began)
    return Run([read(c) for c in calls], first, stopped, stalls, share, cut)


async def _beat(stalls: list[float], every: float = 0.02) -> None:
    """Beats that a stall swallowed are late, too, or a long one would weigh as little as a short one."""
    due = time.perf_counter() + every
    while True:
        await asyncio.sleep(due - time.perf_counter())
        now = time.perf_counter()
        while due <= now:
            stalls.append(now - due)
            due += every
