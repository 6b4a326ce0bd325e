"""Where more batching stops paying: three rules that differ, which is the point of showing all three."""

from __future__ import annotations

import math
from collections.abc import Sequence


def crossing(batch: Sequence[float], latency: Sequence[float], throughput: Sequence[float]) -> tuple[float, float]:
    """Where L/Lmax meets 1 - T/Tmax, by linear interpolation over log2(batch): (batch, height 0..1).

    The storyboard's rule. It moves with where the sweep ends: both curves are scaled by their greatest.
    """
    low, high = max(latency), max(throughput)
    gaps = [t / low - (1 - u / high) for t, u in zip(latency, throughput, strict=True)]
    for i in range(1, len(gaps)):
        if gaps[i - 1] <= 0 <= gaps[i]:
            share = 0.0 if gaps[i] == gaps[i - 1] else -gaps[i - 1] / (gaps[i] - gaps[i - 1])
            x = math.log2(batch[i - 1]) + share * (math.log2(batch[i]) - math.log2(batch[i - 1]))
            return 2**x, (latency[i - 1] + share * (latency[i] - latency[i - 1])) / low
    at = min(range(len(gaps)), key=lambda i: abs(gaps[i]))
    return batch[at], latency[at] / low


def nearest_crossing(batch: Sequence[float], latency: Sequence[float], throughput: Sequence[float]) -> float:
    """The measured batch size at which the two normalised curves are closest."""
    low, high = max(latency), max(throughput)
    gaps = [abs(t / low - (1 - u / high)) for t, u in zip(latency, throughput, strict=True)]
    return batch[gaps.index(min(gaps))]


def power_knee(batch: Sequence[float], latency: Sequence[float], throughput: Sequence[float]) -> float:
    """The batch size with the greatest throughput per latency (Kleinrock's power)."""
    power = [u / t for t, u in zip(latency, throughput, strict=True)]
    return batch[power.index(max(power))]


def kneedle(batch: Sequence[float], throughput: Sequence[float]) -> float | None:
    """The point farthest above the chord of throughput over batch (Satopaa et al. 2011); None: no bend."""
    x0, x1, y0, y1 = batch[0], batch[-1], min(throughput), max(throughput)
    if x1 == x0 or y1 == y0:
        return None
    rise = [(u - y0) / (y1 - y0) - (b - x0) / (x1 - x0) for b, u in zip(batch, throughput, strict=True)]
    best = max(rise)
    return batch[rise.index(best)] if best > 0.05 else None


def best_under(
    batch: Sequence[float], latency: Sequence[float], throughput: Sequence[float], limit: float
) -> float | None:
    """The batch size with the greatest throughput whose latency keeps to ``limit``; None: none does.

    What serving teams use; it does not move with where the sweep ends.
    """
    allowed = [(u, b) for b, t, u in zip(batch, latency, throughput, strict=True) if t <= limit]
    return max(allowed)[1] if allowed else None


def knees(batch: Sequence[float], latency: Sequence[float], throughput: Sequence[float]) -> dict[str, float | None]:
    """The three rules on one sweep, in words for a file or a table."""
    return {
        "nearest crossing": nearest_crossing(batch, latency, throughput),
        "kneedle": kneedle(batch, throughput),
        "power": power_knee(batch, latency, throughput),
    }
