"""The experiments of the quick suite, with numpy alone. Each yields points of raw samples."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from panelwright.measure.network import Network

Point = dict[str, Any]
Experiment = Callable[["Settings"], tuple[str, dict[str, Any], Iterator[Point]]]
LAYERS = (512, 1536, 1536, 1536, 512)


class Settings:
    """``scale`` 1 for the quick suite, more for the full one: repeats grow with it."""

    def __init__(self, scale: float, seed: int) -> None:
        self.scale, self.seed = scale, seed

    def repeats(self, quick: int) -> int:
        return max(3, round(quick * self.scale))


def timed(work: Callable[[], object], repeats: int, warm: int = 2) -> list[float]:
    """Wall seconds of each run, after warm-up runs that do not count."""
    for _ in range(warm):
        work()
    out = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        out.append(time.perf_counter() - start)
    return out


def samples(values: list[float], unit: str, digits: int = 4) -> dict[str, Any]:
    return {"unit": unit, "n": len(values), "samples": [float(f"{v:.{digits}g}") for v in values]}


MATMUL = """
import json, sys, time
import numpy as np
n, repeats, seed = map(int, sys.argv[1:])
rng = np.random.default_rng(seed)
a = rng.standard_normal((n, n)).astype(np.float32)
b = rng.standard_normal((n, n)).astype(np.float32)
a @ b; a @ b
out = []
for _ in range(repeats):
    start = time.perf_counter(); a @ b; out.append(time.perf_counter() - start)
print(json.dumps(out))
"""


def matmul(settings: Settings) -> tuple[str, dict[str, Any], Iterator[Point]]:
    """Square float32 matrix multiplication over sizes, one thread against all."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def points() -> Iterator[Point]:
        for threads in sorted({1, cores}):
            # the BLAS reads its thread count once, when it is loaded
            names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
            environment = {**os.environ, **dict.fromkeys(names, str(threads))}
            for n in (64, 128, 256, 512, 1024, 2048):
                repeats = settings.repeats(40 if n <= 512 else 15 if n == 1024 else 7)
                done = subprocess.run([sys.executable, "-c", MATMUL, str(n), str(repeats), str(settings.seed)],
                                      capture_output=True, text=True, check=True, env=environment)  # fmt: skip
                seconds = json.loads(done.stdout)
                yield {"at": {"n": n, "threads": threads}, "measures": {
                    "time": samples(seconds, "s"),
                    "rate": samples([2 * n**3 / s / 1e9 for s in seconds], "GFLOP/s")}}  # fmt: skip

    return "Matrix multiplication, float32", {"operations": "2 n^3", "cores": cores}, points()


def forward_backward(settings: Settings) -> tuple[str, dict[str, Any], Iterator[Point]]:
    """One batch: forward, forward + backward, and the whole training step, with digests of the weights."""
    net = Network(LAYERS, settings.seed)
    rng = np.random.default_rng(settings.seed + 1)
    x = rng.standard_normal((64, LAYERS[0])).astype(np.float32)
    target = rng.integers(0, LAYERS[-1], 64)
    repeats = settings.repeats(30)
    facts: dict[str, Any] = {"layers": list(LAYERS), "parameters": net.parameters, "batch": 64, "weights": "random"}

    def points() -> Iterator[Point]:
        def learn() -> None:
            net.step(net.backward(net.forward(x), target)[1], 0.01)

        for phase, work in (
            ("forward", lambda: net.forward(x)),
            ("forward+backward", lambda: net.backward(net.forward(x), target)),
            ("training step", learn),
        ):
            before = net.digest()
            seconds = timed(work, repeats)
            after = net.digest()
            yield {"at": {"phase": phase}, "measures": {"time": samples([s * 1e3 for s in seconds], "ms")},
                   "notes": {"weights_before": before, "weights_after": after,
                             "weights_changed": before != after}}  # fmt: skip

    return "One batch through a small network", facts, points()


def training_run(settings: Settings) -> tuple[str, dict[str, Any], Iterator[Point]]:
    """A real, small training run: the loss over steps on a task that can be learnt."""
    rng = np.random.default_rng(settings.seed + 2)
    net = Network((32, 128, 128, 8), settings.seed)
    teacher = rng.standard_normal((32, 8)).astype(np.float32)
    x = rng.standard_normal((4096, 32)).astype(np.float32)
    target = (x @ teacher).argmax(axis=1)
    steps = 300

    def points() -> Iterator[Point]:
        for step in range(steps + 1):
            rows = rng.integers(0, len(x), 128)
            loss, gradients = net.backward(net.forward(x[rows]), target[rows])
            if step % 10 == 0:
                yield {"at": {"step": step}, "measures": {"loss": samples([loss], "nats")}}
            net.step(gradients, 0.1)

    return "A small training run", {"parameters": net.parameters, "batch": 128, "steps": steps}, points()


def batch_sweep(settings: Settings) -> tuple[str, dict[str, Any], Iterator[Point]]:
    """Forward passes over batch sizes: what a request waits, and what the machine gets done."""
    net = Network(LAYERS, settings.seed)
    rng = np.random.default_rng(settings.seed + 3)

    def points() -> Iterator[Point]:
        for batch in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512):
            x = rng.standard_normal((batch, LAYERS[0])).astype(np.float32)
            seconds = timed(lambda x=x: net.forward(x), settings.repeats(40 if batch <= 64 else 20))  # type: ignore[misc]
            yield {"at": {"batch": batch}, "measures": {
                "latency": samples([s * 1e3 for s in seconds], "ms"),
                "throughput": samples([batch / s for s in seconds], "requests/s")}}  # fmt: skip

    return (
        "Batch sweep of a small network, forward pass",
        {"layers": list(LAYERS), "parameters": net.parameters},
        points(),
    )


def request_latency(settings: Settings) -> tuple[str, dict[str, Any], Iterator[Point]]:
    """Poisson arrivals at one worker: latency from the scheduled arrival to the finished answer.

    Open loop: a late start does not delay the next arrival (no coordinated omission). Requests differ in
    size, as prompts do: 1 to 24 rows, log-uniform.
    """
    net = Network(LAYERS, settings.seed)
    chance = random.Random(settings.seed)
    rng = np.random.default_rng(settings.seed + 4)
    pool = rng.standard_normal((24, LAYERS[0])).astype(np.float32)
    n = settings.repeats(2400)
    sizes = [max(1, min(24, round(24 ** chance.random()))) for _ in range(n)]
    mean_service = sum(timed(lambda: [net.forward(pool[:s]) for s in sizes[:60]], 5)) / 5 / 60
    utilisation = 0.6
    facts = {"arrivals": "Poisson, open loop", "utilisation_planned": utilisation, "workers": 1,
             "request_rows": "1 to 24, log-uniform", "parameters": net.parameters}  # fmt: skip

    def points() -> Iterator[Point]:
        at = 0.0
        arrivals = []
        for _ in range(n):
            at += chance.expovariate(utilisation / mean_service)
            arrivals.append(at)
        start = time.perf_counter()
        latency, service = [], []
        for when, size in zip(arrivals, sizes, strict=True):
            wait = when - (time.perf_counter() - start)
            if wait > 0:
                _sleep_until(start + when)
            begun = time.perf_counter()
            net.forward(pool[:size])
            end = time.perf_counter()
            service.append((end - begun) * 1e3)
            latency.append((end - start - when) * 1e3)
        yield {"at": {"utilisation": utilisation}, "measures": {
            "latency": samples(latency, "ms"), "service": samples(service, "ms")},
            "notes": {"failures": 0, "offered_per_s": round(utilisation / mean_service, 2)}}  # fmt: skip

    return "Latency of requests under load", facts, points()


def _sleep_until(moment: float) -> None:
    """Sleep, then spin the last half millisecond: a sleeping process wakes late."""
    left = moment - time.perf_counter()
    if left > 0.0005:
        time.sleep(left - 0.0005)
    while time.perf_counter() < moment:
        pass


EXPERIMENTS: dict[str, Experiment] = {
    "forward_backward": forward_backward,
    "training_run": training_run,
    "matmul": matmul,
    "batch_sweep": batch_sweep,
    "request_latency": request_latency,
}
