"""One pinhole camera per panel for everything: floor, walls, screens, letters, reflections.

Metres, x right, y up, z away. Eye height 1.72 m puts every standing adult's eyes on the horizon.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup

from panelwright.svg.canvas import WHITE
from panelwright.svg.colour import mix
from panelwright.svg.path import Map, Path, Point, bounds, line, poly
from panelwright.svg.pen import Pen

Point3 = tuple[float, float, float]
NEAR = 0.25  # metres: polygons are cut here


class Camera:
    """``f`` focal length in units; (``cx``, ``cy``) the principal point: ``cy`` is the horizon when level."""

    def __init__(self, pos: Point3 = (0, 1.72, 0), yaw: float = 0, pitch: float = 0, f: float = 900, cx: float = 800,
                 cy: float = 380) -> None:  # fmt: skip
        self.p, self.f, self.cx, self.cy = pos, f, cx, cy
        a, b = math.radians(yaw), math.radians(pitch)
        self.ca, self.sa, self.cb, self.sb = math.cos(a), math.sin(a), math.cos(b), math.sin(b)

    def view(self, q: Point3) -> Point3:
        """World to camera space."""
        x, y, z = q[0] - self.p[0], q[1] - self.p[1], q[2] - self.p[2]
        x, z = x * self.ca - z * self.sa, x * self.sa + z * self.ca
        y, z = y * self.cb - z * self.sb, y * self.sb + z * self.cb
        return x, y, z

    def views(self, points: Sequence[Point3]) -> list[Point3]:
        """``view`` of all."""
        (px, py, pz), ca, sa, cb, sb = self.p, self.ca, self.sa, self.cb, self.sb
        out = []
        for qx, qy, qz in points:
            x, y, z = qx - px, qy - py, qz - pz
            x, z = x * ca - z * sa, x * sa + z * ca
            out.append((x, y * cb - z * sb, y * sb + z * cb))
        return out

    def _screen(self, v: Point3) -> Point:
        return self.cx + self.f * v[0] / v[2], self.cy - self.f * v[1] / v[2]

    def pr(self, x: float, y: float, z: float) -> Point:
        """Project a world point."""
        px, py, pz = self.p
        x, y, z = x - px, y - py, z - pz
        x, z = x * self.ca - z * self.sa, x * self.sa + z * self.ca
        y, z = y * self.cb - z * self.sb, y * self.sb + z * self.cb
        if z < NEAR:
            z = NEAR
        return self.cx + self.f * x / z, self.cy - self.f * y / z

    def framed(self, points: Sequence[Point3], x: float, y: float, w: float, h: float) -> Camera:
        """The same view, enlarged and moved so that the points fill the rectangle (x, y, w, h)."""
        seen = Camera.__new__(Camera)
        seen.__dict__.update(self.__dict__, f=1.0, cx=0.0, cy=0.0)
        x0, y0, x1, y1 = bounds(seen.pr(*p) for p in points)
        seen.f = min(w / max(x1 - x0, 1e-6), h / max(y1 - y0, 1e-6))
        seen.cx, seen.cy = x + w / 2 - seen.f * (x0 + x1) / 2, y + h / 2 - seen.f * (y0 + y1) / 2
        return seen

    def depth(self, x: float, y: float, z: float) -> float:
        return self.view((x, y, z))[2]

    def poly(self, points: Sequence[Point3]) -> list[Point]:
        """Project a polygon, cut at the near plane."""
        return self.cut(self.views(points))

    def cut(self, vs: Sequence[Point3]) -> list[Point]:
        """The same from camera space."""
        if all(v[2] >= NEAR for v in vs):
            return [(self.cx + self.f * x / z, self.cy - self.f * y / z) for x, y, z in vs]
        out: list[Point3] = []
        for i, a in enumerate(vs):
            b = vs[(i + 1) % len(vs)]
            if a[2] >= NEAR:
                out.append(a)
            if (a[2] >= NEAR) != (b[2] >= NEAR):
                out.append(_cut(a, b))
        return [self._screen(v) for v in out]

    def seg(self, p: Point3, q: Point3) -> tuple[Point, Point] | None:
        a, b = self.views((p, q))
        if a[2] < NEAR or b[2] < NEAR:
            if a[2] < NEAR and b[2] < NEAR:
                return None
            a, b = (_cut(a, b), b) if a[2] < NEAR else (a, _cut(a, b))
        return self._screen(a), self._screen(b)

    def plane(self, o: Point3, u: Point3, v: Point3) -> Map:
        """A map from plane coordinates: origin ``o``, one unit along ``u`` and ``v``."""
        (ox, oy, oz), (ux, uy, uz), (vx, vy, vz) = self.views((o, _plus(self.p, u), _plus(self.p, v)))
        f, cx, cy = self.f, self.cx, self.cy

        def project(a: float, b: float) -> Point:  # a camera turns and moves: what is a plane stays one
            z = max(NEAR, oz + uz * a + vz * b)
            return cx + f * (ox + ux * a + vx * b) / z, cy - f * (oy + uy * a + vy * b) / z

        return project


def _plus(p: Point3, q: Point3) -> Point3:
    return p[0] + q[0], p[1] + q[1], p[2] + q[2]


def _cut(a: Point3, b: Point3) -> Point3:
    t = (NEAR - a[2]) / (b[2] - a[2])
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, NEAR


def _within(ends: tuple[Point, Point], view: tuple[float, float] | None, m: float = 20) -> tuple[Point, Point] | None:
    """The part of a line inside the picture grown by ``m`` (Liang and Barsky 1984): short numbers, no waste."""
    if view is None:
        return ends
    (x0, y0), (x1, y1) = ends
    dx, dy = x1 - x0, y1 - y0
    t0, t1 = 0.0, 1.0
    for d, room in ((-dx, x0 + m), (dx, view[0] + m - x0), (-dy, y0 + m), (dy, view[1] + m - y0)):
        if d == 0:
            if room < 0:
                return None
        elif d < 0:
            t0 = max(t0, room / d)
        else:
            t1 = min(t1, room / d)
    if t0 >= t1:
        return None
    return (x0 + dx * t0, y0 + dy * t0), (x0 + dx * t1, y0 + dy * t1)


class Scene:
    """Draws solid things seen by a camera; faces fade to ``fog`` with distance (depth by value)."""

    def __init__(self, pen: Pen, cam: Camera, fog: str = "#15527E", start: float = 3, end: float = 22,
                 most: float = 0.5, ink: str = "#0B1020") -> None:  # fmt: skip
        self.pen, self.cam, self.fog, self.start, self.end, self.most, self.ink = pen, cam, fog, start, end, most, ink

    def tint(self, colour: str, z: float) -> str:
        share = (z - self.start) / (self.end - self.start) * self.most
        return mix(colour, self.fog, max(0.0, min(self.most, share)))

    def face(self, points: Sequence[Point3], colour: str, ink: str | None = "", w: float = 2.4, op: float = 1,
             fogged: bool = True, grad: tuple[Point3, Point3, str] | None = None) -> Markup:  # fmt: skip
        """A filled polygon. ``ink``: '' the scene's ink, None no outline. ``grad``: (from, to, colour at to)."""
        seen = self.cam.views(points)
        quad = self.cam.cut(seen)
        if len(quad) < 3:
            return Markup()
        z = sum(max(0.3, v[2]) for v in seen) / len(seen)
        if grad:
            a, b, other = grad
            stops = [(0.0, self.tint(colour, self.cam.depth(*a)) if fogged else colour),
                     (1.0, self.tint(other, self.cam.depth(*b)) if fogged else other)]  # fmt: skip
            fill = self.pen.lin(self.cam.pr(*a), self.cam.pr(*b), stops)
        else:
            fill = self.tint(colour, z) if fogged else colour
        stroke = None if ink is None else mix(ink or self.ink, self.fog, min(0.5, max(0.0, (z - self.start) / 30)))
        return self.pen.path(poly(*quad), fill, stroke, max(0.8, w * min(1.25, 6 / z)), op=op)

    def box(self, x0: float, y0: float, z0: float, x1: float, y1: float, z1: float, colour: str,
            top: str | None = None, side: str | None = None, ink: str | None = "",
            w: float = 2.6) -> Markup:  # fmt: skip
        """A solid block; only the faces that the camera sees, back to front."""
        p = self.cam.p
        top, side = top or mix(colour, WHITE, 0.16), side or mix(colour, "#000814", 0.35)
        out = []
        if p[0] < x0:
            out.append(self.face([(x0, y0, z0), (x0, y0, z1), (x0, y1, z1), (x0, y1, z0)], side, ink, w))
        if p[0] > x1:
            out.append(self.face([(x1, y0, z0), (x1, y0, z1), (x1, y1, z1), (x1, y1, z0)], side, ink, w))
        if p[1] > y1:
            out.append(self.face([(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)], top, ink, w))
        if p[1] < y0:
            under = mix(colour, "#000814", 0.5)
            out.append(self.face([(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)], under, ink, w))
        out.append(self.face([(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)], colour, ink, w))
        return Markup("").join(out)

    @staticmethod
    def circle(r: float, y: float, m: int = 72) -> list[tuple[Point3, Point3]]:
        """A level circle round the middle of the place, as ``m`` segments."""
        points = [(r * math.sin(a), y, r * math.cos(a)) for a in (2 * math.pi * (i / m) for i in range(m + 1))]
        return list(pairwise(points))

    @staticmethod
    def upright(r: float, a: float, b: float, y0: float, y1: float) -> list[Point3]:
        """The corners of a flat panel that stands on such a circle between two angles (radians)."""
        ax, az, bx, bz = r * math.sin(a), r * math.cos(a), r * math.sin(b), r * math.cos(b)
        return [(ax, y0, az), (bx, y0, bz), (bx, y1, bz), (ax, y1, az)]

    def seg(self, p: Point3, q: Point3, colour: str, w: float = 2, so: float = 1, glow: bool = False) -> Markup:
        """A line in space."""
        ends = self.cam.seg(p, q)
        if not ends:
            return Markup()
        z = max(0.6, (self.cam.depth(*p) + self.cam.depth(*q)) / 2)
        k = max(0.35, min(1.6, 6 / z))
        if not glow:
            return self.pen.path(line(*ends), "none", colour, w * k, so=so)
        out = [self.pen.path(line(*ends), "none", colour, w * m * k, so=o * so)
               for m, o in ((8, 0.06), (4.4, 0.12), (2.3, 0.25))]  # fmt: skip
        out.append(self.pen.path(line(*ends), "none", mix(colour, WHITE, 0.45), w * k, so=so))
        return Markup("").join(out)

    def lines(self, segments: Iterable[tuple[Point3, Point3]], colour: str, w: float = 2, so: float = 1,
              glow: bool = False, cap: str = "butt") -> Markup:  # fmt: skip
        """Many lines in space as ONE path of one width, cut to the picture; ``glow`` adds one wide faint stroke."""
        path = self.wires(segments)
        if not path:
            return Markup()
        halo = self.pen.path(path, "none", colour, w * 4, so=0.12 * so) if glow else Markup()
        return halo + self.pen.path(path, "none", colour, w, so=so, cap=cap, join="miter")

    def wires(self, segments: Iterable[tuple[Point3, Point3]]) -> Path:
        """The projected segments that the picture shows, as one path (lines that continue are joined)."""
        out: Path = []
        last: Point | None = None
        for p, q in segments:
            ends = self.cam.seg(p, q)
            ends = _within(ends, self.pen.canvas.view) if ends else None
            if not ends:
                last = None
                continue
            if ends[0] != last:
                out.append(("M", [ends[0]]))
            out.append(("L", [ends[1]]))
            last = ends[1]
        return out

    def faces(self, polygons: Iterable[Sequence[Point3]], colour: str, op: float = 1, ink: str | None = None,
              w: float = 2) -> Markup:  # fmt: skip
        """Many polygons of one colour as ONE path; those outside the picture are left out."""
        path = self.patches(polygons)
        return self.pen.path(path, colour, ink, w, fo=op, join="miter") if path else Markup()

    def patches(self, polygons: Iterable[Sequence[Point3]]) -> Path:
        """The projected polygons that the picture shows, as one path."""
        out: Path = []
        view = self.pen.canvas.view
        for points in polygons:
            flat = self.cam.poly(points)
            if len(flat) < 3:
                continue
            if view:
                x0, y0, x1, y1 = bounds(flat)
                if x1 < 0 or y1 < 0 or x0 > view[0] or y0 > view[1]:
                    continue
            out += poly(*flat)
        return out

    def strip(self, p: Point3, q: Point3, colour: str, w: float = 0.03, glow: float = 1) -> Markup:
        """A light strip ``w`` metres wide: its width tapers with distance."""
        return self.strips([(p, q)], colour, w, glow)

    def strips(self, segments: Iterable[tuple[Point3, Point3]], colour: str, w: float = 0.03,
               glow: float = 1) -> Markup:  # fmt: skip
        """Many light strips in four paths."""
        view = self.pen.canvas.view
        shown: list[tuple[Point, Point, float, float]] = []
        for p, q in segments:
            ends = self.cam.seg(p, q)
            if ends and _within(ends, view, 60):
                shown.append((*ends, max(0.3, self.cam.depth(*p)), max(0.3, self.cam.depth(*q))))
        if not shown:
            return Markup()
        out = []
        for m, o in ((9, 0.05), (5, 0.09), (2.6, 0.2), (1, 1)):
            path: Path = []
            for (x0, y0), (x1, y1), za, zb in shown:
                length = math.hypot(x1 - x0, y1 - y0) or 1
                nx, ny = -(y1 - y0) / length, (x1 - x0) / length
                a = min(14, w * self.cam.f / za * m / 2)
                b = min(14 * m, w * self.cam.f / zb * m / 2)
                path += poly((x0 + nx * a, y0 + ny * a), (x1 + nx * b, y1 + ny * b), (x1 - nx * b, y1 - ny * b),
                             (x0 - nx * a, y0 - ny * a))  # fmt: skip
            fill = colour if m > 1 else mix(colour, WHITE, 0.5)
            out.append(self.pen.path(path, fill, op=o * (glow if m > 1 else 1)))
        return Markup("").join(out)

    def plane(self, o: Point3, u: Point3, v: Point3) -> Pen:
        """A pen on a plane in space: screens, floor marks, letters on walls."""
        outer, inner = self.pen.to, self.cam.plane(o, u, v)
        return Pen(self.pen.canvas, inner if self.pen.still else lambda a, b: outer(*inner(a, b)))
