"""What limits arithmetic: the type of the numbers, the size of what is copied, and operations per byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from panelwright.measure.lab import Lab, Point, experiment, point, samples
from panelwright.measure.models import ceilings

MATRIX = {"cpu": 2048, "cuda": 8192}
KINDS = ("float64", "float32", "bfloat16", "float16")
SLOW = 0.1  # seconds for a product: eight times that at the next size, so it is repeated less often
SIZES = {"cpu": (128, 256, 512, 1024), "cuda": (1024, 4096, 8192)}
POWERS = (14, 16, 18, 20, 22, 24, 26, 28)  # of two, bytes


@experiment("roofline", pages=(4,), title="Arithmetic per second over operations per byte", seconds=1.5, growth=2)
def roofline(lab: Lab) -> Iterator[Point]:
    """A matrix times ever more columns, as in a decode step for ever more requests: the weights are read once."""
    gpu = lab.device == "cuda"
    n = MATRIX[lab.device]
    machine = ceilings(lab)
    lab.facts |= {"matrix": n, "bytes": "matrix, columns and result, each once", "dtype": "float32"}
    if machine:
        lab.facts |= {"bandwidth_gb_s": round(machine.bandwidth / 1e9, 2), "ridge": round(machine.ridge, 2),
                      "peak_gflop_s": round(machine.flops / 1e9, 1)}  # fmt: skip
    rng = np.random.default_rng(lab.seed)
    weights = rng.standard_normal((n, n), np.float32)
    for columns in (1, 2, 4, 8, 16, 32, 64, 128, 256):
        x = rng.standard_normal((n, columns), np.float32)
        work = _on_gpu(weights, x) if gpu else lambda x=x: weights @ x
        seconds = lab.timed(work, 12)
        intensity = 2 * n * n * columns / (4 * (n * n + 2 * n * columns))
        yield point({"columns": columns, "intensity": round(intensity, 4)}, None,
                    rate=samples([2 * n * n * columns / s / 1e9 for s in seconds], "GFLOP/s"))  # fmt: skip


def _on_gpu(weights: Any, x: Any) -> Callable[[], object]:
    import torch

    a, b = torch.from_numpy(weights).cuda(), torch.from_numpy(x).cuda()

    def work() -> None:
        torch.mm(a, b)
        torch.cuda.synchronize()

    return work


@experiment("copying", pages=(4,), title="Copying memory, over the size of what is copied",
            seconds=2, growth=2, device="cpu")  # fmt: skip
def copying(lab: Lab) -> Iterator[Point]:
    """Small pieces stay in the caches and are fast; large ones show the memory behind them."""
    lab.facts["counted"] = "bytes read + bytes written"
    for power in POWERS:
        size = 2**power
        source, target = np.ones(size, np.uint8), np.zeros(size, np.uint8)
        inner = max(1, 2**22 // size)  # a clock cannot tell one small copy

        def work(source: Any = source, target: Any = target, inner: int = inner) -> None:
            for _ in range(inner):
                np.copyto(target, source)

        seconds = lab.timed(work, 12)
        yield point({"bytes": size}, None, bandwidth=samples([2 * size * inner / s / 1e9 for s in seconds], "GB/s"))


@experiment(
    "matmul_types",
    pages=(4,),
    title="Matrix multiplication by type of number",
    seconds=5,
    growth=8,
    needs=("torch",),
)
def matmul_types(lab: Lab) -> Iterator[Point]:
    """Fewer bits a number: less to move, and on hardware made for it more operations at once. Elsewhere slower."""
    import torch

    gpu = lab.device == "cuda"
    wait = torch.cuda.synchronize if gpu else (lambda: None)
    once = dict.fromkeys(KINDS, 0.0)  # seconds for one product of the size before
    sizes = SIZES[lab.device]
    for n in sizes if lab.full or gpu else sizes[:-1]:
        for kind in KINDS:
            if not lab.fits(once[kind] * 8 * 3, {"n": n, "dtype": kind}):
                continue
            with lab.attempt(n=n, dtype=kind):
                a = torch.randn(n, n, device=lab.device).to(getattr(torch, kind))

                def work(a: torch.Tensor = a) -> None:
                    torch.mm(a, a)
                    wait()

                seconds = lab.timed(work, 8 if once[kind] < SLOW else 1, 1)
                once[kind] = max(seconds)
                yield point({"n": n, "dtype": kind}, None,
                            rate=samples([2 * n**3 / s / 1e9 for s in seconds], "GFLOP/s"))  # fmt: skip
