"""Percentiles and their intervals from raw samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def percentile(samples: Sequence[float], q: float) -> float:
    """The q-th percentile (0..100) by linear interpolation between order statistics (Hyndman-Fan 7)."""
    if not samples:
        raise ValueError("no samples")
    ordered = sorted(samples)
    at = (len(ordered) - 1) * q / 100
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def median(samples: Sequence[float]) -> float:
    return percentile(samples, 50)


def interval(samples: Sequence[float], q: float, level: float = 0.95) -> Interval | None:
    """A confidence interval for a percentile from order statistics; None: not estimable, n is too small.

    The number of samples below the true percentile is binomial, whatever the distribution, so two
    order statistics enclose it (David & Nagaraja, Order Statistics, 7.1). p99 needs n >= 368 at 95 %.
    """
    n, p = len(samples), q / 100
    ordered = sorted(samples)
    tail = (1 - level) / 2
    low = high = None
    below = 0.0
    for k in range(n + 1):
        chance = math.exp(
            math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
            + k * math.log(p) + (n - k) * math.log1p(-p)
        )  # fmt: skip
        if below + chance > tail and low is None:
            low = k - 1  # P(X <= low) <= tail
        below += chance
        if below >= 1 - tail and high is None:
            high = k
    if low is None or low < 0 or high is None or high >= n:
        return None
    return Interval(ordered[low], ordered[high])
