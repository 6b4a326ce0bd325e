"""The experiments that need numpy alone: a small network learns, answers, and is asked by many at once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np

from panelwright.benchdata.stats import median
from panelwright.measure.lab import Lab, Point, experiment, point, samples
from panelwright.measure.machine import cores
from panelwright.measure.network import Network

LAYERS = (512, 1536, 1536, 1536, 512)
SIZES = (64, 128, 256, 512, 1024, 2048)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)

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


def model_of(net: Network) -> dict[str, object]:
    return {"name": "multilayer perceptron", "weights": "random", "parameters": net.parameters,
            "sha256": net.digest(), "configuration": {"layers": list(net.layers), "dtype": "float32"}}  # fmt: skip


@experiment("forward_backward", pages=(1,), title="One batch through a small network",
            seconds=3, growth=2, device="cpu")  # fmt: skip
def forward_backward(lab: Lab) -> Iterator[Point]:
    """One batch: forward, forward + backward, and the whole training step, with digests of the weights."""
    net = Network(LAYERS, lab.seed)
    rng = np.random.default_rng(lab.seed + 1)
    x = rng.standard_normal((64, LAYERS[0])).astype(np.float32)
    target = rng.integers(0, LAYERS[-1], 64)
    lab.facts |= {"batch": 64, "repeats": "interleaved"}
    lab.model = model_of(net)

    def learn() -> None:
        net.step(net.backward(net.forward(x), target)[1], 0.01)

    works = {
        "forward": lambda: net.forward(x),
        "forward+backward": lambda: net.backward(net.forward(x), target),
        "training step": learn,
    }
    digests = {}
    for phase, work in works.items():
        before = net.digest()
        work()
        digests[phase] = (before, net.digest())
    seconds = lab.interleaved(works, 30)
    for phase in works:
        before, after = digests[phase]
        notes = {"weights_before": before, "weights_after": after, "weights_changed": before != after}
        yield point({"phase": phase}, notes, time=samples([s * 1e3 for s in seconds[phase]], "ms"))


@experiment("training_run", pages=(1, 2), title="A small training run", seconds=1, growth=1, device="cpu")
def training_run(lab: Lab) -> Iterator[Point]:
    """A real, small training run: the loss over steps on a task that can be learnt, and the time by phase."""
    rng = np.random.default_rng(lab.seed + 2)
    net = Network((32, 128, 128, 8), lab.seed)
    teacher = rng.standard_normal((32, 8)).astype(np.float32)
    x = rng.standard_normal((4096, 32)).astype(np.float32)
    target = (x @ teacher).argmax(axis=1)
    steps, every = 300, 10
    lab.facts |= {"batch": 128, "steps": steps, "times": f"of the {every} steps before, the phases apart"}
    lab.model = model_of(net)
    times: dict[str, list[float]] = {"forward": [], "backward": [], "step": []}
    for step in range(steps + 1):
        rows = rng.integers(0, len(x), 128)
        clock = [time.perf_counter()]
        activations = net.forward(x[rows])
        clock.append(time.perf_counter())
        loss, gradients = net.backward(activations, target[rows])
        clock.append(time.perf_counter())
        if step % every == 0:
            phases = {k: samples([s * 1e6 for s in v], "µs") for k, v in times.items() if v}
            yield point({"step": step}, None, loss=samples([loss], "nats"), **phases)
            times = {k: [] for k in times}
            if lab.left() < 0.5:
                lab.missing(f"steps after {step}", "no time left")
                return
        clock.append(time.perf_counter())
        net.step(gradients, 0.1)
        clock.append(time.perf_counter())
        for name, a, b in (("forward", 0, 1), ("backward", 1, 2), ("step", 3, 4)):
            times[name].append(clock[b] - clock[a])


@experiment("matmul", pages=(4,), title="Matrix multiplication, float32", seconds=8, growth=2, device="cpu")
def matmul(lab: Lab) -> Iterator[Point]:
    """Square float32 matrix multiplication over sizes, one thread against all."""
    lab.facts |= {"operations": "2 n^3", "cores": cores()}
    for threads in sorted({1, cores()}):
        # the BLAS reads its thread count once, when it is loaded
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
        environment = {**os.environ, **dict.fromkeys(names, str(threads))}
        for n in SIZES:
            repeats = lab.repeats(40 if n <= 512 else 15 if n == 1024 else 7)
            done = subprocess.run([sys.executable, "-c", MATMUL, str(n), str(repeats), str(lab.seed)],
                                  capture_output=True, text=True, check=True, env=environment)  # fmt: skip
            seconds = json.loads(done.stdout)
            yield point({"n": n, "threads": threads}, None, time=samples(seconds, "s"),
                        rate=samples([2 * n**3 / s / 1e9 for s in seconds], "GFLOP/s"))  # fmt: skip


@experiment("batch_sweep", pages=(10,), title="Batch sweep of a small network, forward pass",
            seconds=4, growth=2.5, device="cpu")  # fmt: skip
def batch_sweep(lab: Lab) -> Iterator[Point]:
    """Forward passes over batch sizes: what a request waits, and what the machine gets done."""
    net = Network(LAYERS, lab.seed)
    rng = np.random.default_rng(lab.seed + 3)
    lab.model = model_of(net)
    for batch in BATCHES:
        x = rng.standard_normal((batch, LAYERS[0])).astype(np.float32)
        seconds = lab.timed(lambda x=x: net.forward(x), 40 if batch <= 64 else 20)  # type: ignore[misc]
        yield point({"batch": batch}, None, latency=samples([s * 1e3 for s in seconds], "ms"),
                    throughput=samples([batch / s for s in seconds], "requests/s"))  # fmt: skip


@experiment("request_latency", pages=(9,), title="Latency of requests under load", seconds=9, growth=3, device="cpu")
def request_latency(lab: Lab) -> Iterator[Point]:
    """Poisson arrivals at one worker: latency from the scheduled arrival to the finished answer.

    Open loop: a late start does not delay the next arrival (no coordinated omission). Requests differ in
    size, as prompts do: 1 to 24 rows, log-uniform.
    """
    net = Network(LAYERS, lab.seed)
    chance = random.Random(lab.seed)
    rng = np.random.default_rng(lab.seed + 4)
    pool = rng.standard_normal((24, LAYERS[0])).astype(np.float32)
    n = lab.repeats(1200)
    sizes = [max(1, min(24, round(24 ** chance.random()))) for _ in range(n)]
    trial = sizes[:60]
    mean_service = median(lab.timed(lambda: [net.forward(pool[:s]) for s in trial], 5)) / len(trial)
    utilisation = 0.6
    n = int(min(n, max(40, 0.7 * lab.left() * utilisation / mean_service)))
    lab.model = model_of(net)
    lab.facts |= {"arrivals": "Poisson, open loop", "utilisation_planned": utilisation, "workers": 1,
                  "request_rows": "1 to 24, log-uniform"}  # fmt: skip
    at = 0.0
    arrivals = []
    for _ in range(n):
        at += chance.expovariate(utilisation / mean_service)
        arrivals.append(at)
    start = time.perf_counter()
    latency, service = [], []
    for when, size in zip(arrivals, sizes[:n], strict=True):
        sleep_until(start + when)
        begun = time.perf_counter()
        net.forward(pool[:size])
        end = time.perf_counter()
        service.append((end - begun) * 1e3)
        latency.append((end - start - when) * 1e3)
    busy = sum(service) / 1e3 / (end - start)
    yield point({"utilisation": utilisation},
                {"offered_per_s": round(utilisation / mean_service, 2), "utilisation_reached": round(busy, 3)},
                latency=samples(latency, "ms", repeated=False),
                service=samples(service, "ms", repeated=False))  # fmt: skip


def sleep_until(moment: float) -> None:
    """Sleep, then spin the last half millisecond: a sleeping process wakes late."""
    left = moment - time.perf_counter()
    if left > 0.0005:
        time.sleep(left - 0.0005)
    while time.perf_counter() < moment:
        pass
