"""Curves through points: vectors, splines with corners, brush strokes, path data as segments. Everything is pure."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from functools import lru_cache

from panelwright.svg.path import Path, Point, bez

_TOKEN = re.compile(r"[MLHVCQZmlhvcqz]|-?\d*\.?\d+")
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4}


def add(a: Point, b: Point, k: float = 1) -> Point:
    """``a + k * b``."""
    return (a[0] + b[0] * k, a[1] + b[1] * k)


def sub(a: Point, b: Point) -> Point:
    return (a[0] - b[0], a[1] - b[1])


def unit(a: Point) -> Point:
    length = math.hypot(*a) or 1
    return (a[0] / length, a[1] / length)


def between(a: Point, b: Point, t: float) -> Point:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)


def turn(p: Point, degrees: float, centre: Point = (0, 0)) -> Point:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = p[0] - centre[0], p[1] - centre[1]
    return (centre[0] + x * c - y * s, centre[1] + x * s + y * c)


def hanging(degrees: float) -> Point:
    """The direction of a bone: 0 hangs straight down, positive swings toward +x."""
    return (math.sin(math.radians(degrees)), math.cos(math.radians(degrees)))


@lru_cache(maxsize=4096)
def _parsed(d: str) -> tuple[tuple[str, tuple[Point, ...]], ...]:
    out: list[tuple[str, tuple[Point, ...]]] = []
    tokens = _TOKEN.findall(d)
    i, command = 0, "M"
    x = y = x0 = y0 = 0.0
    while i < len(tokens):
        if tokens[i].isalpha():
            command = tokens[i]
            i += 1
        big = command.upper()
        if big == "Z":
            out.append(("Z", ()))
            x, y = x0, y0
            continue
        n = _ARITY[big]
        v = [float(t) for t in tokens[i : i + n]]
        i += n
        dx, dy = (x, y) if command.islower() else (0.0, 0.0)
        if big == "H":
            pts = [(v[0] + dx, y)]
        elif big == "V":
            pts = [(x, v[0] + dy)]
        else:
            pts = [(v[k] + dx, v[k + 1] + dy) for k in range(0, n, 2)]
        x, y = pts[-1]
        if big == "M":
            x0, y0 = x, y
        out.append(("L" if big in "HV" else big, tuple(pts)))
        if big == "M":
            command = "L" if command == "M" else "l"
    return tuple(out)


def data(d: str) -> Path:
    """Path data (M L H V C Q Z, absolute or relative) as a path."""
    return [(c, list(p)) for c, p in _parsed(d)]


def to(*points: Point) -> Path:
    """Straight on from where a path ends."""
    return [("L", [p]) for p in points]


def spline(points: Sequence[Point], closed: bool = False, corners: Sequence[int] = (), move: bool = True) -> Path:
    """A cubic spline through the points; ``corners`` are indices with a hard corner.

    Handles are Catmull-Rom, at most .42 of their segment long. ``move=False`` leaves out the first M,
    so that the curve continues another.
    """
    n = len(points)
    out: Path = [("M", [points[0]])] if move else []
    hard = set(corners)
    for i in range(n if closed else n - 1):
        p1, p2 = points[i], points[(i + 1) % n]
        p0 = points[i - 1] if (closed or i > 0) and i not in hard else p1
        j = (i + 1) % n
        p3 = points[(i + 2) % n] if (closed or i + 2 < n) and j not in hard else p2
        most = math.hypot(p2[0] - p1[0], p2[1] - p1[1]) * 0.42
        handles = []
        for a, b in ((p2, p0), (p3, p1)):
            hx, hy = (a[0] - b[0]) / 6, (a[1] - b[1]) / 6
            length = math.hypot(hx, hy)
            k = most / length if length > most else 1.0
            handles.append((hx * k, hy * k))
        (ax, ay), (bx, by) = handles
        out.append(("C", [(p1[0] + ax, p1[1] + ay), (p2[0] - bx, p2[1] - by), p2]))
    if closed:
        out.append(("Z", []))
    return out


def samples(points: Sequence[Point], n: int = 6) -> list[Point]:
    """Points along the Catmull-Rom spline, ``n`` a segment."""
    out: list[Point] = []
    last = len(points) - 1
    for i in range(last):
        p0, p1, p2, p3 = points[max(0, i - 1)], points[i], points[i + 1], points[min(last, i + 2)]
        out += bez(p1, add(p1, sub(p2, p0), 1 / 6), add(p2, sub(p3, p1), -1 / 6), p2, n)[:-1]
    return [*out, points[-1]]


def normals(points: Sequence[Point]) -> list[Point]:
    out = []
    last = len(points) - 1
    for i in range(len(points)):
        tx, ty = unit(sub(points[min(last, i + 1)], points[max(0, i - 1)]))
        out.append((-ty, tx))
    return out


def lengths(points: Sequence[Point]) -> list[float]:
    """The way from the first point to each."""
    out = [0.0]
    for a, b in itertools.pairwise(points):
        out.append(out[-1] + math.hypot(b[0] - a[0], b[1] - a[1]))
    return out


def thin(points: Sequence[Point], step: int = 2) -> list[Point]:
    return [p for i, p in enumerate(points) if i % step == 0 or i == len(points) - 1]


def brush(points: Sequence[Point], width: float, thick: str = "middle") -> Path:
    """A tapered stroke as one outline. ``thick``: where it is widest: ``middle``, ``start`` or ``end``."""
    pts = list(points)
    if len(pts) == 2:
        pts = [pts[0], between(pts[0], pts[1], 0.5), pts[1]]
    acc, norm, last = lengths(pts), normals(pts), len(pts) - 1
    left: list[Point] = []
    right: list[Point] = []
    for p, n, s in zip(pts, norm, acc, strict=True):
        t = s / (acc[-1] or 1)
        k = math.sin(math.pi * t) if thick == "middle" else (1 - t if thick == "start" else t)
        h = width / 2 * max(k, 0) ** 0.6
        left.append(add(p, n, h))
        right.append(add(p, n, -h))
    if last == 2:  # two quadratics are half the bytes of cubics
        a0, b0 = (left[0], right[0]) if thick == "start" else (pts[0], pts[0])
        a2, b2 = (left[2], right[2]) if thick == "end" else (pts[2], pts[2])

        def handle(a: Point, b: Point, c: Point) -> Point:
            return (2 * b[0] - (a[0] + c[0]) / 2, 2 * b[1] - (a[1] + c[1]) / 2)

        out: Path = [("M", [a0]), ("Q", [handle(a0, left[1], a2), a2])]
        if thick == "end":
            out.append(("L", [b2]))
        return [*out, ("Q", [handle(b2, right[1], b0), b0]), ("Z", [])]
    if thick == "middle":
        return spline([pts[0], *left[1:-1], pts[-1], *right[1:-1][::-1]], True, (0, last))
    if thick == "start":
        return spline([*left[:-1], pts[-1], *right[:-1][::-1]], True, (0, last, 2 * last))
    return spline([pts[0], *left[1:], *right[1:][::-1]], True, (0, last, last + 1))


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    rx, ry, sx, sy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    det = rx * sy - ry * sx
    if abs(det) < 1e-9:
        return None
    qx, qy = c[0] - a[0], c[1] - a[1]
    t, u = (qx * sy - qy * sx) / det, (qx * ry - qy * rx) / det
    return (a[0] + rx * t, a[1] + ry * t) if 0 <= t <= 1 and 0 <= u <= 1 else None


def unloop(points: Sequence[Point]) -> list[Point]:
    """Cut the loop that the inner side of a tight bend makes."""
    pts = list(points)
    i = 0
    while i < len(pts) - 3:
        (ax, ay), (bx, by) = pts[i], pts[i + 1]
        x0, x1, y0, y1 = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        for j in range(len(pts) - 2, i + 1, -1):
            (cx, cy), (dx, dy) = pts[j], pts[j + 1]
            if (cx < x0 > dx) or (cx > x1 < dx) or (cy < y0 > dy) or (cy > y1 < dy):
                continue  # nearly all lie to one side
            x = _crossing(pts[i], pts[i + 1], pts[j], pts[j + 1])
            if x:
                pts = [*pts[: i + 1], x, *pts[j + 1 :]]
                break
        i += 1
    return pts
