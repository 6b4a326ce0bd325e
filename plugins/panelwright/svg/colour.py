"""Colours are #RRGGBB strings; mixing happens in sRGB, as the studies were tuned."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4_000)
def rgb(colour: str) -> tuple[int, int, int]:
    h = colour.lstrip("#")
    if len(h) == 3:
        h = "".join(c * 2 for c in h)
    return int(h[0:2], 16), int(h[2:4], 16), int(h[4:6], 16)


def hexed(channels: tuple[float, float, float]) -> str:
    r, g, b = (max(0, min(255, round(v))) for v in channels)
    return f"#{r:02X}{g:02X}{b:02X}"


@lru_cache(maxsize=10_000)
def mix(a: str, b: str, t: float) -> str:
    """``a`` moved toward ``b`` by ``t``."""
    p, q = rgb(a), rgb(b)
    return hexed((p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t, p[2] + (q[2] - p[2]) * t))
