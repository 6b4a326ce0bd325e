"""A pen draws paths through a map (a move, a tilt, a camera's plane); line width follows the map."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Self

from markupsafe import Markup

from panelwright.svg import words
from panelwright.svg.canvas import WHITE, Canvas, Stop
from panelwright.svg.colour import mix
from panelwright.svg.path import (
    STILL,
    Map,
    Path,
    Point,
    after,
    bounds,
    frac,
    homog,
    matrix,
    moved,
    moves,
    num,
    pd,
    points_of,
    poly,
    xf,
)

GLOW = ((9.0, 0.05), (5.2, 0.09), (2.8, 0.20))  # halos of a line of light: width factor, opacity
LONG = 90  # characters of path data from which one definition and five uses are shorter


def _same(x: float, y: float) -> Point:
    return x, y


class Pen:
    """``scale``: a fixed width factor; None means it is taken from the map where the path lies."""

    def __init__(self, canvas: Canvas, to: Map | None = None) -> None:
        self.canvas = canvas
        self.flat = to is None
        self.to: Map = to or _same
        self.scale = 1.0 if to is None else None
        self._base, self._moved = self.to, STILL  # ``to`` in two steps: moves within moves are one

    # -- other pens
    def at(self, dx: float, dy: float, scale: float = 1, rot: float = 0) -> Self:
        """A pen whose origin lies at (dx, dy) of this one."""
        base, moved = self._base, after(self._moved, matrix(scale, scale, rot, dx, dy))
        plain = moves(moved)
        pen = type(self)(self.canvas, plain if base is _same else lambda x, y: base(*plain(x, y)))
        pen._base, pen._moved = base, moved
        pen.scale, pen.flat = self.scale * scale if self.scale else None, self.flat and rot == 0
        return pen

    def onto(self, w: float, h: float, quad: Sequence[Point]) -> Self:
        """A pen that draws the box (0, 0, w, h) into a quad: a tilted sheet."""
        outer, inner = self.to, homog(w, h, quad)
        return type(self)(self.canvas, lambda x, y: outer(*inner(x, y)))

    @property
    def still(self) -> bool:
        """Whether points stay where they are."""
        return self._base is _same and self._moved is STILL

    # -- paint
    def lin(self, p0: Point, p1: Point, stops: Sequence[Stop]) -> str:
        return self.canvas.lin(self.to(*p0), self.to(*p1), stops)

    def rad(self, cx: float, cy: float, r: float, stops: Sequence[Stop]) -> str:
        x, y = self.to(cx, cy)
        return self.canvas.rad(x, y, r * self.zoom([(cx, cy)]), stops)

    # -- shapes
    def zoom(self, points: Sequence[Point]) -> float:
        """How much the map enlarges lengths around the middle of the points."""
        if self.scale is not None:
            return self.scale
        if not points:
            return 1.0
        x = sum(p[0] for p in points) / len(points)
        y = sum(p[1] for p in points) / len(points)
        (ax, ay), (bx, by), (cx, cy) = self.to(x, y), self.to(x + 1, y), self.to(x, y + 1)
        return math.sqrt(max(1e-6, abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))))

    def _zoomed(self, path: Path) -> float:
        return self.scale if self.scale is not None else self.zoom(points_of(path))

    def _mapped(self, path: Path) -> Path:
        if self.still:
            return path
        return moved(path, self._moved) if self._base is _same else xf(path, self.to)

    def path(self, path: Path, fill: str = "none", stroke: str | None = None, w: float = 3, op: float = 1,
             fo: float = 1, so: float = 1, dash: Sequence[float] | None = None, cap: str = "round",
             join: str = "round") -> Markup:  # fmt: skip
        """One path element. ``op`` opacity of all, ``fo`` of the fill, ``so`` of the stroke."""
        mapped = self._mapped(path)
        k = self._zoomed(path) if stroke else 1.0
        if self._culled(mapped, w * k if stroke else 0):
            return Markup()
        a = f'd="{pd(mapped)}" fill="{fill}"'
        if fo != 1:
            a += f' fill-opacity="{frac(fo)}"'
        if stroke:
            a += f' stroke="{stroke}" stroke-width="{frac(w * k)}"'
            if cap != "butt":
                a += f' stroke-linecap="{cap}"'
            if join != "miter":
                a += f' stroke-linejoin="{join}"'
            if so != 1:
                a += f' stroke-opacity="{frac(so)}"'
            if dash:
                a += f' stroke-dasharray="{" ".join(num(d * k) for d in dash)}"'
        if op != 1:
            a += f' opacity="{frac(op)}"'
        return Markup(f"<path {a}/>")  # noqa: S704

    def glow(self, path: Path, colour: str, w: float = 3, amt: float = 1, core: bool = True,
             dash: Sequence[float] | None = None, fill: str = "none") -> Markup:  # fmt: skip
        """A line of light: three wide faint strokes, the line, a near-white core."""
        core_colour = mix(colour, WHITE, 0.72)
        mapped = self._mapped(path)
        k = self._zoomed(path)
        if self._culled(mapped, w * k * GLOW[0][0]):
            return Markup()
        d = pd(mapped)
        if len(d) > LONG:
            return self._glow_by_use(d, colour, core_colour if core else "", w * k, amt, k, dash, fill)
        out = [self.path(path, "none", colour, w * m, so=o * amt) for m, o in GLOW]
        out.append(self.path(path, fill, colour, w, dash=dash))
        if core:
            out.append(self.path(path, "none", core_colour, w * 0.38, so=0.9, dash=dash))
        return Markup("").join(out)

    def _glow_by_use(self, d: str, colour: str, core: str, w: float, amt: float, k: float,
                     dash: Sequence[float] | None, fill: str) -> Markup:  # fmt: skip
        """The same picture with the path data written once; ``w`` in units of the drawing."""
        name = self.canvas.define(f'<path id="%s" d="{d}"/>')
        broken = f' stroke-dasharray="{" ".join(num(v * k) for v in dash)}"' if dash else ""
        use = f'<use href="#{name}"'
        out = [f'{use} stroke-width="{frac(w * m)}" stroke-opacity="{frac(o * amt)}"/>' for m, o in GLOW]
        filled = f' fill="{fill}"' if fill != "none" else ""
        out.append(f'{use} stroke-width="{frac(w)}"{filled}{broken}/>')
        if core:
            out.append(f'{use} stroke="{core}" stroke-width="{frac(w * 0.38)}" stroke-opacity=".9"{broken}/>')
        look = f'fill="none" stroke="{colour}" stroke-linecap="round" stroke-linejoin="round"'
        return Markup(f"<g {look}>{''.join(out)}</g>")  # noqa: S704

    def dot(self, x: float, y: float, r: float, colour: str, amt: float = 1) -> Markup:
        """A point of light with two halos."""
        px, py = self.to(x, y)
        k = r * self.zoom([(x, y)])
        here = f'<circle cx="{num(px)}" cy="{num(py)}"'
        return Markup(  # noqa: S704
            f'{here} r="{num(k * 3.4)}" fill="{colour}" fill-opacity="{frac(0.10 * amt)}"/>'
            f'{here} r="{num(k * 1.9)}" fill="{colour}" fill-opacity="{frac(0.25 * amt)}"/>'
            f'{here} r="{num(k)}" fill="{mix(colour, WHITE, 0.45)}"/>'
        )

    def dots(self, points: Sequence[tuple[float, float, float]], colour: str, op: float = 1) -> Markup:
        """Many small diamonds (x, y, r) in one path."""
        joined: Path = []
        for x, y, r in points:
            joined += poly((x - r, y), (x, y - r), (x + r, y), (x, y + r))
        return self.path(joined, colour, fo=op) if joined else Markup()

    # -- words
    text = words.text
    block = words.block
    block_height = words.block_height

    def group(self, attributes: str = "", caller: Callable[[], str] | None = None) -> Markup:
        return Markup(f"<g {attributes}>{caller() if caller else ''}</g>")  # noqa: S704

    def _culled(self, mapped: Path, width: float) -> bool:
        view = self.canvas.view
        if view is None:
            return False
        for _, pts in mapped:
            for x, y in pts:
                if 0 <= x <= view[0] and 0 <= y <= view[1]:
                    return False  # nearly always the first point
        points = points_of(mapped)
        if not points:
            return True
        m = width / 2 + 2
        x0, y0, x1, y1 = bounds(points)
        return x1 < -m or x0 > view[0] + m or y1 < -m or y0 > view[1] + m
