"""Paths as data: lists of (command, points), absolute, in M L C Q Z. Everything here is pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

Point = tuple[float, float]
Segment = tuple[str, list[Point]]
Path = list[Segment]
Map = Callable[[float, float], Point]
Matrix = tuple[float, float, float, float, float, float]  # as SVG's: x' = a x + c y + e, y' = b x + d y + f

STILL: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

CIRCLE = 0.5523  # handle length of a cubic quarter circle


def line(*points: Point) -> Path:
    return [("M", [points[0]]), *(("L", [p]) for p in points[1:])]


def poly(*points: Point) -> Path:
    return [*line(*points), ("Z", [])]


def rect(x: float, y: float, w: float, h: float) -> Path:
    return poly((x, y), (x + w, y), (x + w, y + h), (x, y + h))


def rrect(x: float, y: float, w: float, h: float, r: float) -> Path:
    r = min(r, w / 2, h / 2)
    k = r * (1 - CIRCLE)
    x1, y1 = x + w, y + h
    return [
        ("M", [(x + r, y)]), ("L", [(x1 - r, y)]), ("C", [(x1 - k, y), (x1, y + k), (x1, y + r)]),
        ("L", [(x1, y1 - r)]), ("C", [(x1, y1 - k), (x1 - k, y1), (x1 - r, y1)]),
        ("L", [(x + r, y1)]), ("C", [(x + k, y1), (x, y1 - k), (x, y1 - r)]),
        ("L", [(x, y + r)]), ("C", [(x, y + k), (x + k, y), (x + r, y)]), ("Z", []),
    ]  # fmt: skip


def cham(x: float, y: float, w: float, h: float, c: float) -> Path:
    """A rectangle with cut corners."""
    x1, y1 = x + w, y + h
    return poly((x + c, y), (x1 - c, y), (x1, y + c), (x1, y1 - c), (x1 - c, y1), (x + c, y1), (x, y1 - c),
                (x, y + c))  # fmt: skip


def ell(cx: float, cy: float, rx: float, ry: float | None = None) -> Path:
    ry = rx if ry is None else ry
    a, b = rx * CIRCLE, ry * CIRCLE
    return [
        ("M", [(cx + rx, cy)]), ("C", [(cx + rx, cy + b), (cx + a, cy + ry), (cx, cy + ry)]),
        ("C", [(cx - a, cy + ry), (cx - rx, cy + b), (cx - rx, cy)]),
        ("C", [(cx - rx, cy - b), (cx - a, cy - ry), (cx, cy - ry)]),
        ("C", [(cx + a, cy - ry), (cx + rx, cy - b), (cx + rx, cy)]), ("Z", []),
    ]  # fmt: skip


def arc(cx: float, cy: float, r: float, a0: float, a1: float, n: int = 24, ry: float | None = None) -> Path:
    """Part of an ellipse as a polyline, from ``a0`` to ``a1`` degrees."""
    ry = r if ry is None else ry
    steps = [math.radians(a0 + (a1 - a0) * i / n) for i in range(n + 1)]
    return line(*[(cx + r * math.cos(t), cy + ry * math.sin(t)) for t in steps])


def cub(p0: Point, p1: Point, p2: Point, p3: Point) -> Path:
    return [("M", [p0]), ("C", [p1, p2, p3])]


def qud(p0: Point, p1: Point, p2: Point) -> Path:
    c1 = (p0[0] + 2 / 3 * (p1[0] - p0[0]), p0[1] + 2 / 3 * (p1[1] - p0[1]))
    c2 = (p2[0] + 2 / 3 * (p1[0] - p2[0]), p2[1] + 2 / 3 * (p1[1] - p2[1]))
    return cub(p0, c1, c2, p2)


def smooth(points: Sequence[Point], closed: bool = False, t: float = 0.5) -> Path:
    """A cubic spline through the points; ``t`` is the tension (0 straight, 1 Catmull-Rom)."""
    n = len(points)

    def at(i: int) -> Point:
        return points[i % n] if closed else points[max(0, min(n - 1, i))]

    out: Path = [("M", [points[0]])]
    for i in range(n if closed else n - 1):
        a, b, c, e = at(i - 1), at(i), at(i + 1), at(i + 2)
        k = t / 3
        c1 = (b[0] + (c[0] - a[0]) * k, b[1] + (c[1] - a[1]) * k)
        c2 = (c[0] - (e[0] - b[0]) * k, c[1] - (e[1] - b[1]) * k)
        out.append(("C", [c1, c2, c]))
    return [*out, ("Z", [])] if closed else out


def bez(p0: Point, p1: Point, p2: Point, p3: Point, n: int = 12) -> list[Point]:
    """``n + 1`` points along a cubic."""
    out = []
    for i in range(n + 1):
        t = i / n
        u = 1 - t
        a, b, c, d = u**3, 3 * u * u * t, 3 * u * t * t, t**3
        out.append((a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0], a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1]))
    return out


def arrow(points: Sequence[Point], w: float, tail: float = 0.3, head: float = 2.1, long: float = 1.5) -> Path:
    """The outline of an arrow along dense points: ``w`` wide at the head, ``tail`` times that at the start.

    ``head``: the head's width over ``w`` (0: no head, a ribbon); ``long``: the head's length over ``w``.
    """
    n = len(points)
    k, left = n - 1, (w * long if head else 0.0)
    while k > 1 and left > 0:
        left -= math.dist(points[k], points[k - 1])
        k -= 1

    def side(i: int, half: float) -> tuple[Point, Point]:
        a, b = points[max(0, i - 1)], points[min(n - 1, i + 1)]
        d = math.dist(a, b) or 1.0
        nx, ny = -(b[1] - a[1]) / d * half, (b[0] - a[0]) / d * half
        return (points[i][0] + nx, points[i][1] + ny), (points[i][0] - nx, points[i][1] - ny)

    edges = [side(i, w / 2 * (tail + (1 - tail) * i / max(1, k))) for i in range(k + 1)]
    tip: list[Point] = []
    if head:
        a, b = side(k, w / 2 * head)
        tip = [a, points[-1], b]
    return poly(*(a for a, _ in edges), *tip, *(b for _, b in reversed(edges)))


def xf(path: Path, f: Map) -> Path:
    return [(c, [f(*p) for p in pts]) for c, pts in path]


def moved(path: Path, m: Matrix) -> Path:
    """``xf`` by a matrix, without a call for every point."""
    a, b, c, d, e, f = m
    if b == 0 == c:
        return [(k, [(a * x + e, d * y + f) for x, y in pts]) for k, pts in path]
    return [(k, [(a * x + c * y + e, b * x + d * y + f) for x, y in pts]) for k, pts in path]


def aff(sx: float = 1, sy: float | None = None, rot: float = 0, dx: float = 0, dy: float = 0) -> Map:
    """Scale, then rotate by ``rot`` degrees, then move."""
    return moves(matrix(sx, sx if sy is None else sy, rot, dx, dy))


def matrix(sx: float, sy: float, rot: float, dx: float, dy: float) -> Matrix:
    c, s = math.cos(math.radians(rot)), math.sin(math.radians(rot))
    return c * sx, s * sx, -s * sy, c * sy, dx, dy


def after(outer: Matrix, inner: Matrix) -> Matrix:
    """``inner`` first, then ``outer``."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f


def moves(m: Matrix) -> Map:
    a, b, c, d, e, f = m
    if b == 0 == c:
        return lambda x, y: (a * x + e, d * y + f)
    return lambda x, y: (a * x + c * y + e, b * x + d * y + f)


def homog(w: float, h: float, quad: Sequence[Point]) -> Map:
    """The homography that takes the box (0, 0, w, h) to a quad (tl, tr, br, bl)."""
    a, b, c, d, e, f, g, k = _onto(quad)

    def m(x: float, y: float) -> Point:
        u, v = x / w, y / h
        z = g * u + k * v + 1
        return ((a * u + b * v + c) / z, (d * u + e * v + f) / z)

    return m


def unhomog(w: float, h: float, quad: Sequence[Point]) -> Map:
    """The way back: takes a quad to the box."""
    a, b, c, d, e, f, g, k = _onto(quad)

    def m(x: float, y: float) -> Point:  # the adjugate of the matrix
        z = (d * k - e * g) * x + (b * g - a * k) * y + a * e - b * d
        u, v = (e - f * k) * x + (c * k - b) * y + b * f - c * e, (f * g - d) * x + (a - c * g) * y + c * d - a * f
        return (w * u / z, h * v / z)

    return m


def _onto(quad: Sequence[Point]) -> tuple[float, ...]:
    """The matrix from the unit square, row by row, its last number 1. Heckbert 1989."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    det = dx1 * dy2 - dx2 * dy1
    g, k = (sx * dy2 - dx2 * sy) / det, (dx1 * sy - sx * dy1) / det
    return x1 - x0 + g * x1, x3 - x0 + k * x3, x0, y1 - y0 + g * y1, y3 - y0 + k * y3, y0, g, k


def points_of(path: Path) -> list[Point]:
    return [p for _, pts in path for p in pts]


def bounds(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1)."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def num(v: float) -> str:
    """A number at one decimal, as short as SVG allows."""
    s = f"{v:.1f}"
    if s.endswith(".0"):
        s = s[:-2]
    if s.startswith("0."):
        return s[1:]
    if s.startswith("-0."):
        return "-" + s[2:]
    return "0" if s == "-0" else s


@lru_cache(maxsize=10_000)
def frac(v: float, places: int = 2) -> str:
    """A fraction (an opacity, a scale), as short as SVG allows."""
    s = f"{v:.{places}f}".rstrip("0").rstrip(".") or "0"
    return s[1:] if s.startswith("0.") else ("0" if s == "-0" else s.replace("-0.", "-."))


class _Texts(dict[int, str]):
    """Numbers in steps of ``1 / per`` as text, each made once: a page has the same few thousand lengths over and over.

    ``apart``: for a number that follows another; a minus sign divides by itself.
    """

    def __init__(self, apart: str, per: int) -> None:
        super().__init__()
        self.apart, self.per = apart, per

    def __missing__(self, steps: int) -> str:
        whole, rest = divmod(abs(steps), self.per)
        text = f"{whole or ''}.{rest * 10 // self.per}" if rest else str(whole)
        self[steps] = text = f"-{text}" if steps < 0 else self.apart + text
        return text


_TEXTS = {per: (_Texts("", per), _Texts(" ", per)) for per in (1, 2, 10)}


def pd(path: Path, slack: int = 1, per: int = 10) -> str:
    """Path data, relative and in steps of ``1 / per`` without drift: 40 % shorter than absolute.

    Where a curve leaves as the last one arrived, to ``slack`` steps, its first handle goes without saying.
    """
    out: list[str] = []
    add, (first, then) = out.append, _TEXTS[per]  # this is where drawing spends its time: no calls, no loops inside
    last = ""
    rx = ry = 0  # the last handle, mirrored
    cx = cy = sx = sy = 0  # where the rounded pen really is, in steps
    for command, pts in path:
        if command == "L":
            ((x, y),) = pts
            dx, dy = round(x * per - cx), round(y * per - cy)
            if dy == 0:
                add(then[dx] if last == "h" else f"h{first[dx]}")
                last = "h"
            elif dx == 0:
                add(then[dy] if last == "v" else f"v{first[dy]}")
                last = "v"
            else:
                add(then[dx] + then[dy] if last == "l" else f"l{first[dx]}{then[dy]}")
                last = "l"
        elif command == "C":
            (x1, y1), (x2, y2), (x, y) = pts
            ax, ay, bx, by = round(x1 * per - cx), round(y1 * per - cy), round(x2 * per - cx), round(y2 * per - cy)
            dx, dy = round(x * per - cx), round(y * per - cy)
            rest = f"{then[by]}{then[dx]}{then[dy]}"
            if last in ("c", "s") and abs(ax - rx) <= slack and abs(ay - ry) <= slack:
                add(f"{then[bx]}{rest}" if last == "s" else f"s{first[bx]}{rest}")
                last = "s"
            else:
                add(f"{then[ax] if last == 'c' else f'c{first[ax]}'}{then[ay]}{then[bx]}{rest}")
                last = "c"
            rx, ry = dx - bx, dy - by
        elif command == "Z":
            add("z")
            last, cx, cy = "z", sx, sy
            continue
        elif command == "M":  # must be written out, and makes later pairs an implicit 'l'
            ((x, y),) = pts
            dx, dy = round(x * per - cx), round(y * per - cy)
            add(f"m{first[dx]}{then[dy]}")
            last, sx, sy = "l", cx + dx, cy + dy
        else:
            (x1, y1), (x, y) = pts
            ax, ay, dx, dy = round(x1 * per - cx), round(y1 * per - cy), round(x * per - cx), round(y * per - cy)
            add(f"{then[ax] if last == 'q' else f'q{first[ax]}'}{then[ay]}{then[dx]}{then[dy]}")
            last = "q"
        cx, cy = cx + dx, cy + dy
    return "".join(out)
