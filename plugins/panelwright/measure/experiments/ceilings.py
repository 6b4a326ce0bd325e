"""What the machine can do at most: arithmetic by number type, and copying. Runs first; the floors are drawn from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from panelwright.measure.lab import Lab, Point, experiment, installed, point, samples

TORCH_TYPES = ("float32", "bfloat16", "float16")
MATRIX = {"cpu": 1024, "cuda": 8192}
HALF_MATRIX = {"cpu": 256, "cuda": 8192}  # most processors emulate the short types, slowly
COPY = {"cpu": 2**27, "cuda": 2**30}


@experiment("ceilings", pages=(4, 10), title="Ceilings of the machine: arithmetic and copying", seconds=4, growth=2)
def ceilings(lab: Lab) -> Iterator[Point]:
    """Square multiplications by number type, and copies larger than the caches; the medians are the ceilings.

    A copy of n bytes moves 2n: they are read and written (as STREAM counts, McCalpin 1995).
    """
    gpu = lab.device == "cuda"
    n, size = MATRIX[lab.device], COPY[lab.device]
    lab.facts |= {"copied_bytes": size, "counted": "2 n^3 operations; bytes read + bytes written"}
    rng = np.random.default_rng(lab.seed)
    if not gpu:
        for kind in ("float32", "float64"):
            a, b = (rng.standard_normal((n, n)).astype(kind) for _ in range(2))
            seconds = lab.timed(lambda a=a, b=b: a @ b, 10)  # type: ignore[misc]
            yield _rate(n, f"{kind}, numpy", seconds)
        source = np.ones(size, np.uint8)
        target = np.empty_like(source)
        yield _copy(size, "copy, numpy", lab.timed(lambda: np.copyto(target, source), 10))
    if not installed("torch"):
        lab.missing("arithmetic in bfloat16 and float16", "torch is not installed")
        return
    import torch

    wait = torch.cuda.synchronize if gpu else (lambda: None)
    for kind in TORCH_TYPES:
        m = n if kind == "float32" else HALF_MATRIX[lab.device]
        with lab.attempt(arithmetic=kind):
            x = torch.randn(m, m, device=lab.device).to(getattr(torch, kind))

            def multiply(x: torch.Tensor = x) -> None:
                torch.mm(x, x)
                wait()

            yield _rate(m, f"{kind}, torch", lab.timed(multiply, 10, warm=1))
    if gpu:
        one = torch.ones(size, dtype=torch.uint8, device=lab.device)
        two = torch.empty_like(one)

        def copy() -> None:
            two.copy_(one)
            wait()

        yield _copy(size, "copy, torch", lab.timed(copy, 10))


def _rate(n: int, what: str, seconds: list[float]) -> Point:
    return point({"what": what}, {"matrix": n}, rate=samples([2 * n**3 / s / 1e9 for s in seconds], "GFLOP/s"))


def _copy(size: int, what: str, seconds: list[float]) -> Point:
    return point({"what": what}, bandwidth=samples([2 * size / s / 1e9 for s in seconds], "GB/s"))


def numbers(points: list[Point]) -> dict[str, float]:
    """For the experiments that follow: "flops float32" ... in FLOP/s and "bandwidth" in bytes/s, medians.

    Of two libraries the faster counts: it is a ceiling.
    """
    out: dict[str, float] = {}
    for found in points:
        kind = found["at"]["what"].partition(",")[0]
        for measure, unit in (("rate", f"flops {kind}"), ("bandwidth", "bandwidth")):
            if measure in found["measures"]:
                middle = float(np.median(found["measures"][measure]["samples"])) * 1e9
                out[unit] = max(out.get(unit, 0.0), middle)
    return out
