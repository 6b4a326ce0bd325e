"""Ink and flat colour: how the cast is drawn. Light comes from one side, contours are heavier outside.

A shape is a path or path data. Every verb returns markup; ids count up from the prefix.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from markupsafe import Markup

from panelwright.svg.canvas import base36
from panelwright.svg.curves import brush, data, turn
from panelwright.svg.path import Path, Point, frac, num, pd, points_of

Shape = Path | str
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
HEAVY = 1.25  # the stroke of the contour, for each unit of ``out``; half of it lies under the shapes
FINER = 0.7  # how wide light from behind is, beside the light that models
_START = re.compile(r"m(-?[\d.]+) ?(-?[\d.]+) ?")
_NEIGHBOURS = re.compile(
    r'<path d="([^"]+)" fill="(#[0-9A-Fa-f]+)"( opacity="[.0-9]+")?/><path d="([^"]+)" fill="\2"(?:\3)/>'
)


def path_of(shape: Shape) -> Path:
    return data(shape) if isinstance(shape, str) else shape


def _times(m: Matrix, n: Matrix) -> Matrix:
    a, b, c, d, e, f = m
    g, h, i, j, k, o = n
    return (
        a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * o + e, b * k + d * o + f,
    )  # fmt: skip


class Ink:
    """One figure's ink. ``rim``: colour of the light; ``side`` +1: it comes from the facing side, -1: from behind.

    ``back``: colour of a second light, on the other side.
    """

    def __init__(
        self, prefix: str, rim: str | None, side: int = 1, colour: str = "#0B1020", back: str | None = None
    ) -> None:
        self.prefix, self.rim, self.side, self.colour, self.back = prefix, rim, side, colour, back
        self._count = 0
        self._wash: str | None = None
        self._washes: dict[str, str] = {}
        self._matrix = IDENTITY
        self._transforms: list[str] = []
        self._per = 1
        self._to_hand: Callable[[Point], Point] | None = None
        self._outside: dict[float, dict[str, list[str]]] = {}  # width -> transform -> elements
        self._extent: list[Point] = []
        self._over: list[str] = []
        self._below: int | None = None
        self.tops: list[float] = []  # y of what ``below`` marked

    # -- ids and places
    def name(self) -> str:
        self._count += 1
        return self.prefix + base36(self._count)

    def here(self, p: Point) -> Point:
        """A point of the space being drawn in, in the figure's own space."""
        a, b, c, d, e, f = self._matrix
        return (a * p[0] + c * p[1] + e, b * p[0] + d * p[1] + f)

    def placed(self, x: float, y: float, rot: float = 0, sx: float = 1, sy: float | None = None, ox: float = 0,
               oy: float = 0, wash: str | None = "", keep_light: bool = False, per: int = 10,
               caller: Callable[[], str] | None = None) -> Markup:  # fmt: skip
        """A call block drawn at (x, y), turned, scaled, with its own point (ox, oy) there.

        ``wash``: another wash (None: none) inside; ``keep_light``: light keeps the figure's direction;
        ``per``: how many steps of a unit its paths are rounded to: 1 for whole units, 2 for halves.
        """
        sy = sx if sy is None else sy
        tf = f"translate({num(x)} {num(y)})"
        tf += f" rotate({num(rot)})" if round(rot, 1) else ""
        if (sx, sy) != (1, 1):
            tf += f" scale({frac(sx)})" if sx == sy else f" scale({frac(sx)} {frac(sy)})"
        tf += f" translate({num(-ox)} {num(-oy)})" if (ox, oy) != (0, 0) else ""
        c, s = math.cos(math.radians(rot)), math.sin(math.radians(rot))
        m: Matrix = (c * sx, s * sx, -s * sy, c * sy, x, y)
        m = _times(m, (1, 0, 0, 1, -ox, -oy))
        saved = (self._matrix, self._wash, self._to_hand, self._per)
        self._per = per
        self._matrix = _times(self._matrix, m)
        self._transforms.append(tf)
        if wash != "":
            self.wash(wash)
        if keep_light:
            flip = -1 if sy < 0 else 1
            self._to_hand = lambda v: (lambda q: (q[0], q[1] * flip))(turn(v, -rot))
        body = caller() if caller else ""
        self._matrix, self._wash, self._to_hand, self._per = saved
        self._transforms.pop()
        return Markup(f'<g transform="{tf}">{body}</g>')  # noqa: S704

    def wash(self, name: str | None) -> str:
        """Draw from now on with a wash of ``add_wash``, or with none."""
        self._wash = self._washes[name] if name else None
        return ""

    def over(self, caller: Callable[[], str]) -> str:
        """A call block kept for what lies over the things that the figure holds: see ``held_over``."""
        self._over.append(f'<g transform="{" ".join(self._transforms)}">{caller()}</g>')
        return ""

    def below(self, caller: Callable[[], str]) -> Markup:
        """A call block that a frame may cut off: its markup between marks, <?b n?> and <?e?>, its top in ``tops``."""
        outer, self._below = self._below, len(self.tops)
        self.tops.append(math.inf)
        body = f"<?b {self._below}?>{caller()}<?e?>"
        self._below = outer
        return Markup(body)  # noqa: S704

    @property
    def held_over(self) -> str:
        """The markup of all ``over`` blocks, in the space of the figure."""
        return "".join(self._over)

    def dry(self, caller: Callable[[], str]) -> Markup:
        """A call block drawn without wash: cyan over a skin's shade turns grey."""
        saved, self._wash = self._wash, None
        body = caller()
        self._wash = saved
        return Markup(body)  # noqa: S704

    def add_wash(self, name: str, x0: float, y0: float, x1: float, y1: float, dark: float, light: float) -> Markup:
        """The cool shadow behind and the light in front that lie over every shape of a body."""
        i = self.name()
        self._washes[name] = i
        if self.side < 0:
            x0, x1 = x1, x0
        return Markup(  # noqa: S704
            f'<linearGradient id="{i}" gradientUnits="userSpaceOnUse" x1="{num(x0)}" y1="{num(y0)}" x2="{num(x1)}"'
            f' y2="{num(y1)}"><stop offset="0" stop-color="#0A1650" stop-opacity="{frac(dark)}"/>'
            '<stop offset=".5" stop-color="#0A1650" stop-opacity="0"/>'
            f'<stop offset=".55" stop-color="{self.rim or "#00D4FF"}" stop-opacity="0"/>'
            f'<stop offset="1" stop-color="{self.rim or "#5FE6FF"}" stop-opacity="{frac(light)}"/></linearGradient>'
        )

    def _d(self, shape: Shape) -> str:
        """Path data; on a body whole units are fine enough, heads keep a decimal."""
        path = path_of(shape)
        return pd(path, per=self._per)

    # -- verbs
    def path(self, shape: Shape, fill: str = "none", stroke: str | None = None, w: float = 0,
             op: float | None = None) -> Markup:  # fmt: skip
        s = f'<path d="{self._d(shape)}" fill="{fill}"'
        if stroke:
            s += f' stroke="{stroke}" stroke-width="{num(w)}"'
        if op is not None:
            s += f' opacity="{frac(op)}"'
        return Markup(s + "/>")  # noqa: S704

    def brush(self, points: Sequence[Point], w: float, fill: str | None = None, thick: str = "middle",
              op: float | None = None) -> Markup:  # fmt: skip
        return self.path(brush(points, w, thick), fill or self.colour, op=op)

    def strokes(self, lines: Sequence[Sequence[Point]], w: float, fill: str | None = None, thick: str = "middle",
                op: float | None = None) -> Markup:  # fmt: skip
        """Several brush strokes as one path."""
        joined: Path = []
        for points in lines:
            joined += brush(points, w, thick)
        return self.path(joined, fill or self.colour, op=op) if joined else Markup()

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, op: float | None = None) -> Markup:
        o = "" if op is None else f' opacity="{frac(op)}"'
        size = f'r="{num(rx)}"' if rx == ry else f'rx="{num(rx)}" ry="{num(ry)}"'
        kind = "circle" if rx == ry else "ellipse"
        return Markup(f'<{kind} cx="{num(x)}" cy="{num(y)}" {size} fill="{fill}"{o}/>')  # noqa: S704

    def ring(self, x: float, y: float, r: float, fill: str, stroke: str, w: float) -> Markup:
        at = f'cx="{num(x)}" cy="{num(y)}" r="{num(r)}"'
        return Markup(f'<circle {at} fill="{fill}" stroke="{stroke}" stroke-width="{num(w)}"/>')  # noqa: S704

    def glow(self, shape: Shape, colour: str, w: float = 2.6, k: float = 1) -> Markup:
        """A line of light; the path is written once."""
        i = self.name()
        halo = f'<use href="#{i}" stroke-width="{num(w * 4.4)}" stroke-opacity="{frac(0.12 * k)}"/>' if w >= 3 else ""
        return Markup(  # noqa: S704
            f'<g fill="none" stroke="{colour}"><g stroke-width="{num(w * 2.4)}" stroke-opacity="{frac(0.28 * k)}">'
            f'<path id="{i}" d="{self._d(shape)}"/></g>{halo}<use href="#{i}" stroke-width="{num(w)}"/></g>'
        )

    def clipped(self, shape: Shape, body: str = "", caller: Callable[[], str] | None = None) -> Markup:
        i = self.name()
        inner = caller() if caller else body
        return Markup(  # noqa: S704
            f'<clipPath id="{i}"><path d="{self._d(shape)}"/></clipPath><g clip-path="url(#{i})">{inner}</g>'
        )

    def cel(self, shape: Shape, base: str, shade: str, sh: Point = (12, -5), inside: str = "", ink: float = 3.2,
            edge: Shape | None = None, out: float = 0, rim: float = 0,
            rim_hole: Shape | None = None, backlit: bool = True) -> Markup:  # fmt: skip
        """A flat shape: ink under it, then clipped inside: rim light, shade, base moved by ``sh``, details.

        ``edge``: what is inked instead of the whole outline; ``out``: width of the contour round the whole
        figure; ``rim``: width of the light along the edge that faces it; ``rim_hole``: what the light
        spares, instead of the shape itself; ``backlit``: whether light from behind reaches it.
        """
        path = path_of(shape)
        d = self._d(path)
        i = self.name()
        c = i + "K"  # base 36 has no capitals: never another name
        rx, ry = -float(self.side), 0.25
        if self._to_hand:
            sh, (rx, ry) = self._to_hand(sh), self._to_hand((rx, ry))
        s = f'<clipPath id="{c}"><path id="{i}" d="{d}"/></clipPath>'
        if self._below is not None:
            self.tops[self._below] = min(self.tops[self._below], *(self.here(p)[1] for p in points_of(path)))
        if out:
            self._extent += [self.here(p) for p in points_of(path)]
            self._silhouette(out, f'<use href="#{i}"/>')
        if ink:
            line = f'stroke="{self.colour}" stroke-width="{num(ink * 2)}"'
            s += f'<path d="{self._d(edge)}" fill="none" {line}/>' if edge else f'<use href="#{i}" {line}/>'
        # the rim moves the body away from the edge that faces the light; where light is spared, it reaches that edge
        spread = f' stroke="{shade}" stroke-width="{num(rim * 2 + 2)}"' if rim_hole is not None and self.rim else ""
        body = f'<use href="#{i}" fill="{shade}"{spread}/>'
        if base != shade:
            body += f'<use href="#{i}" fill="{base}" x="{num(sh[0])}" y="{num(sh[1])}"/>'
        body += str(inside)  # str + Markup would escape the left side
        if self._wash:
            body += f'<use href="#{i}" fill="url(#{self._wash})"/>'
        if rim and (self.rim or self.back):
            hole = c
            if rim_hole is not None:
                hole = self.name()
                s += f'<clipPath id="{hole}"><path d="{self._d(rim_hole)}"/></clipPath>'
            # the inner of two moves undoes the outer one first
            for light, k in ((self.back if backlit else None, -FINER - (1 if self.rim else 0)), (self.rim, 1)):
                if light:
                    move = f"translate({num(k * rim * rx)} {num(k * rim * ry)})"
                    body = f'<use href="#{i}" fill="{light}"/><g clip-path="url(#{hole})" transform="{move}">{body}</g>'
        return Markup(f'{s}<g clip-path="url(#{c})">{body}</g>')  # noqa: S704

    # -- the whole figure
    def _silhouette(self, w: float, element: str) -> None:
        if self._below is not None:
            element = f"<?b {self._below}?>{element}<?e?>"
        self._outside.setdefault(w, {}).setdefault(" ".join(self._transforms), []).append(element)

    def outer(self, element: str, w: float, reach: Sequence[Point] = ()) -> str:
        """Take an element without paint into the contour; ``reach``: points that bound it."""
        self._silhouette(w, element)
        self._extent += [self.here(p) for p in reach]
        return ""

    def contour(self) -> Markup:
        """The line round everything drawn with ``out``; it belongs under the figure.

        Its weight varies: finer where the light falls, heavier below and on the side away from it.
        """
        body = ""
        for w, places in self._outside.items():
            parts = (f'<g transform="{t}">{"".join(e)}</g>' if t else "".join(e) for t, e in places.items())
            body += f'<g stroke-width="{num(w * HEAVY)}">{"".join(parts)}</g>'
        move = f"translate({num(-1.2 * self.side)} 1.2)"
        return Markup(f'<g fill="none" stroke="{self.colour}" transform="{move}">{body}</g>')  # noqa: S704

    def extent(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1) of everything drawn with ``out``, in the figure's own space."""
        xs, ys = zip(*self._extent, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def _absolute_start(d: str) -> str:
    found = _START.match(d)
    if not found:
        return d
    rest = d[found.end() :]
    joint = "l" if rest and not rest[0].isalpha() else ""
    return f"M{found[1]} {found[2]}{joint}{rest}"


def compact(svg: str) -> str:
    """Neighbours with the same paint become one path."""
    while True:
        shorter = _NEIGHBOURS.sub(lambda m: f'<path d="{m[1]}{_absolute_start(m[4])}" fill="{m[2]}"{m[3] or ""}/>', svg)
        if shorter == svg:
            return svg.replace("#FFFFFF", "#fff")
        svg = shorter
