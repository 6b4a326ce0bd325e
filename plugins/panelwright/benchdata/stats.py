"""Percentiles and their intervals from raw samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

QUANTILES = (50, 90, 99)
NOT_ESTIMABLE = "not estimable"
NOISY = 0.25  # a measure whose quartiles lie further apart than this share of its median does not repeat


class Interval(NamedTuple):
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
    ranks = _ranks(len(samples), q, level)
    if ranks is None:
        return None
    ordered = sorted(samples)
    return Interval(ordered[ranks[0]], ordered[ranks[1]])


@lru_cache(maxsize=512)
def _ranks(n: int, q: float, level: float) -> tuple[int, int] | None:
    p, tail = q / 100, (1 - level) / 2
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
    return low, high


def summary(samples: Sequence[float]) -> dict[str, object]:
    """What the file says about a measure beside its samples: median, mean, and percentiles with 95 % intervals.

    A percentile whose interval n does not allow is ``"not estimable"``: it is not printed as if it were known.
    """
    out: dict[str, object] = {"median": _short(median(samples)), "mean": _short(math.fsum(samples) / len(samples))}
    for q in QUANTILES:
        span = interval(samples, q)
        out[f"p{q}"] = NOT_ESTIMABLE if span is None else {
            "value": _short(percentile(samples, q)), "low": _short(span.low), "high": _short(span.high)}  # fmt: skip
    return out


def spread(samples: Sequence[float]) -> float:
    """Distance of the quartiles over the median: how well repeats agree, blind to single outliers."""
    middle = median(samples)
    return (percentile(samples, 75) - percentile(samples, 25)) / middle if middle else 0.0


def histogram(samples: Sequence[float], end: float, bins: int) -> list[int]:
    """How many samples lie in each of ``bins`` equal steps from 0 to ``end``; those beyond are in none."""
    counts = [0] * bins
    for v in samples:
        if v <= end:
            counts[min(bins - 1, math.floor(v / end * bins))] += 1
    return counts


def _short(value: float) -> float:
    return float(f"{value:.5g}")
