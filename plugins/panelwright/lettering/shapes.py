"""Outlines of balloons and tails, for the templates."""

from __future__ import annotations

import bisect
import math
import random

from panelwright.svg.path import Path, Point, poly, smooth

ROOT = 0.80  # of the radius, where a tail leaves: farther out its corners would show


def superellipse(
    cx: float, cy: float, a: float, b: float, n: float = 2.6, wobble: float = 0.006, seed: int = 1, steps: int = 48
) -> Path:
    """|x/a|^n + |y/b|^n = 1, slightly uneven as drawn by hand."""
    chance = random.Random(seed)
    p1, p2 = chance.uniform(0, 6), chance.uniform(0, 6)
    points = []
    for i in range(steps):
        t = 2 * math.pi * i / steps
        c, s = math.cos(t), math.sin(t)
        k = 1 + wobble * math.sin(2 * t + p1) + wobble * 0.7 * math.sin(3 * t + p2)
        points.append(
            (cx + a * k * math.copysign(abs(c) ** (2 / n), c), cy + b * k * math.copysign(abs(s) ** (2 / n), s))
        )
    return smooth(points, True, 1)


def burst(cx: float, cy: float, a: float, b: float, seed: int = 2, spikes: int = 22) -> Path:
    """Uneven spikes round an ellipse; every fifth is a long one."""
    chance = random.Random(seed)
    points = []
    for i in range(spikes * 2):
        t = math.pi * (i + (chance.uniform(-0.22, 0.22) if i % 2 == 0 else 0)) / spikes
        q = (
            chance.uniform(0.84, 0.88)
            if i % 2
            else chance.uniform(1.1, 1.17)
            if i % 10 == 0
            else chance.uniform(0.97, 1.06)
        )
        points.append((cx + a * q * math.cos(t), cy + b * q * math.sin(t)))
    return poly(*points)


def cloud(cx: float, cy: float, a: float, b: float, seed: int = 3) -> Path:
    """Round bumps of uneven width on an ellipse, for thoughts."""
    chance = random.Random(seed)
    fine = 360
    rim = [
        (cx + 0.9 * a * math.cos(t), cy + 0.9 * b * math.sin(t)) for t in (2 * math.pi * i / fine for i in range(fine))
    ]
    along = [0.0]
    for p, q in zip(rim, [*rim[1:], rim[0]], strict=True):
        along.append(along[-1] + math.dist(p, q))
    bumps = max(7, round(along[-1] / (min(a, b) * 0.78)))
    ends = [(i + chance.uniform(-0.16, 0.16)) / bumps * along[-1] for i in range(bumps)]
    knots = [rim[bisect.bisect_left(along, e % along[-1]) % fine] for e in ends]
    path: Path = [("M", [knots[0]])]
    for p, q in zip(knots, [*knots[1:], knots[0]], strict=True):
        dx, dy = q[0] - p[0], q[1] - p[1]
        out = (dy * 0.52, -dx * 0.52)
        path.append(("C", [(p[0] + out[0] + dx * 0.04, p[1] + out[1] + dy * 0.04),
                           (q[0] + out[0] - dx * 0.04, q[1] + out[1] - dy * 0.04), q]))  # fmt: skip
    return [*path, ("Z", [])]


def tail_root(cx: float, cy: float, a: float, b: float, n: float, tip: Point, share: float = ROOT) -> Point:
    """The tail's root inside the balloon at ``share`` of the radius.

    The root slides toward the tip but stays in the middle three fifths of the balloon, as a letterer's would.
    """
    aim = (cx + max(-0.6 * a, min(0.6 * a, tip[0] - cx)) * 0.75, cy + (tip[1] - cy))
    dx, dy = aim[0] - cx, aim[1] - cy
    if not dx and not dy:
        return cx, cy + b * share
    k = (abs(dx / a) ** n + abs(dy / b) ** n) ** (-1 / n)
    return cx + dx * k * share, cy + dy * k * share


def bowed_tail(root: Point, tip: Point, width: float, bend: float = 0.14) -> Path:
    """Two quadratics from the root's corners to the tip, bowed to one side."""
    length = math.dist(root, tip) or 1
    ux, uy = (tip[0] - root[0]) / length, (tip[1] - root[1]) / length
    nx, ny = -uy, ux
    o = bend * length
    b1 = (root[0] + nx * width / 2, root[1] + ny * width / 2)
    b2 = (root[0] - nx * width / 2, root[1] - ny * width / 2)
    m1 = (root[0] + ux * length * 0.5 + nx * (width * 0.1 + o), root[1] + uy * length * 0.5 + ny * (width * 0.1 + o))
    m2 = (root[0] + ux * length * 0.5 - nx * (width * 0.1 - o), root[1] + uy * length * 0.5 - ny * (width * 0.1 - o))
    return [("M", [b1]), ("Q", [m1, tip]), ("Q", [m2, b2]), ("Z", [])]


def stepped_tail(root: Point, tip: Point, width: float) -> Path:
    """A lightning-like tail for machines."""
    length = math.dist(root, tip) or 1
    nx, ny = -(tip[1] - root[1]) / length, (tip[0] - root[0]) / length
    mx, my = (root[0] + tip[0]) / 2, (root[1] + tip[1]) / 2
    w = width / 2
    return poly(
        (root[0] + nx * w, root[1] + ny * w),
        (mx + nx * w, my + ny * w),
        (mx + nx * w * 0.15, my + ny * w * 0.15),
        tip,
        (mx - nx * w * 0.55, my - ny * w * 0.55),
        (mx - nx * w * 0.1, my - ny * w * 0.1),
        (root[0] - nx * w, root[1] - ny * w),
    )


def bubbles(root: Point, tip: Point, size: float) -> list[tuple[float, float, float]]:
    """Three shrinking bubbles from a thought to its thinker: (x, y, radius)."""
    return [
        (root[0] + (tip[0] - root[0]) * t, root[1] + (tip[1] - root[1]) * t, size * r)
        for t, r in ((0.28, 0.34), (0.62, 0.24), (0.92, 0.15))
    ]
