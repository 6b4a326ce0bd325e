"""Tails: where they leave the balloon, where they stop, to which side they bow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from panelwright.drawing.model import Actor, Box
from panelwright.lettering.breaking import Block
from panelwright.lettering.shapes import ROOT, tail_root
from panelwright.svg.path import Point

BEND = 0.14  # of its length, by which a tail's handles stand aside
CLEAR = 0.9  # of the face's radius, that a tail keeps from the middle of the face
STRAIGHT = 0.75  # cosine of the angle within which a tail may meet the edge of a square face
NEAR = 2.6  # ems from the mouth, within which a tail should end
FARTHEST = 6.5
BEHIND = 0.5  # of the face's radius behind the mouth: from there on a tail would come over the back of the head
REACHES = (1.6, NEAR, 3.3, 4.0)  # ems from the mouth where it may end; 4 are 156 units
STEPS = (-0.62, -0.36, -0.12, 0.12, 0.36, 0.62)  # where along the balloon's edge a tail may leave it


@dataclass(frozen=True)
class Tail:
    """``bend``: its bow as a share of its length. ``aims``: it ends before the mouth, past nothing."""

    root: Point
    tip: Point
    bend: float
    aims: bool
    knee: Point = field(init=False, compare=False)  # the middle of the bow

    def __post_init__(self) -> None:
        (x0, y0), (x1, y1) = self.root, self.tip
        knee = (x0 + x1) / 2 - (y1 - y0) * self.bend / 2, (y0 + y1) / 2 + (x1 - x0) * self.bend / 2
        object.__setattr__(self, "knee", knee)

    @property
    def length(self) -> float:
        return math.dist(self.root, self.tip)

    def distance(self, x: float, y: float) -> float:
        """From a point to the tail's middle line."""
        knee = self.knee
        return min(distance(x, y, self.root, knee), distance(x, y, knee, self.tip))

    def crosses(self, other: Tail) -> bool:
        mine, its = (self.root, self.knee, self.tip), (other.root, other.knee, other.tip)
        return any(cross(*a, *b) for a in pairwise(mine) for b in pairwise(its))

    def through(self, box: Box) -> bool:
        (ax, ay), (bx, by), (cx, cy) = self.root, self.knee, self.tip
        if max(ax, bx, cx) < box.x or min(ax, bx, cx) > box.x1 or max(ay, by, cy) < box.y or min(ay, by, cy) > box.y1:
            return False
        return crosses_box(self.root, self.knee, box) or crosses_box(self.knee, self.tip, box)


def aim(actor: Actor, block: Block, cx: float, cy: float, n: float, em: float) -> Tail:
    """The best tail from a balloon at (cx, cy) to a speaker: short, toward the mouth, past the face.

    It may end at ``actor.front`` or, from farther away, earlier on the way to the mouth.
    """
    fx, fy, r = actor.face
    before = math.dist(actor.front, (fx, fy))
    best: Tail | None = None
    least = math.inf
    for root in _roots(block, cx, cy, n, actor.front):
        aside = 0.3 * abs(root[0] - cx)
        for tip, far in _stops(actor, root, em, least - aside):
            length = math.dist(root, tip)
            dx, dy = abs(tip[0] - root[0]), abs(tip[1] - root[1])
            score = length + 0.5 * far + aside
            if far > NEAR * em:
                score += 1.1 * (far - NEAR * em)
            if dx > dy:
                score += 0.4 * (dx - dy)
            if score >= least or (tip is not actor.front and not _outside(actor, tip)):
                continue  # the face could only make it worse
            tail = _bowed(root, tip, (fx, fy), True)
            if before > r:
                short = CLEAR * r - tail.distance(fx, fy)
            else:  # a square face fills its circle only at the corners: come straight from outside
                out = (root[0] - tip[0]) * (tip[0] - fx) + (root[1] - tip[1]) * (tip[1] - fy)
                short = (STRAIGHT - out / (length * before or 1)) * r
            score += 1e4 + short * 10 if short > 0 else 0
            if score < least:
                best, least = tail, score
    if best is not None and least < 1e4:
        return best
    # the mouth is behind the face from here: stop outside the face, on the way to the mouth
    mx, my = actor.mouth
    dx, dy = cx - mx, cy - my
    d = math.hypot(dx, dy) or 1.0
    reach = _leave_circle(mx - fx, my - fy, dx / d, dy / d, r + 0.25 * em)
    tip = (mx + dx / d * reach, my + dy / d * reach)
    return _bowed(tail_root(cx, cy, block.a, block.b, n, tip), tip, (fx, fy), False)


def _stops(actor: Actor, root: Point, em: float, most: float) -> Iterator[tuple[Point, float]]:
    """Where a tail may end, and how far that is from the mouth: ``front``, and points on the way to the root.

    None of those where even the best, ``NEAR`` the mouth, would cost ``most``.
    """
    (mx, my), (fx, fy, r) = actor.mouth, actor.face
    yield actor.front, math.dist(actor.front, actor.mouth)
    dx, dy = root[0] - mx, root[1] - my
    d = math.hypot(dx, dy) or 1.0
    if d - 0.5 * NEAR * em >= most:
        return
    ux, uy = dx / d, dy / d
    leave = _leave_circle(mx - fx, my - fy, ux, uy, r + 0.2 * em)  # of a large face, near its hair
    for reach in (*(share * em for share in REACHES), leave):
        if reach < d and (reach is not leave or reach < FARTHEST * em):
            yield (mx + ux * reach, my + uy * reach), reach


def _outside(actor: Actor, tip: Point) -> bool:
    """Whether a tip is outside the face and not behind it."""
    fx, fy, r = actor.face
    return math.dist(tip, (fx, fy)) > r and (tip[0] - actor.mouth[0]) * actor.facing > -BEHIND * r


def off_panel(block: Block, cx: float, cy: float, n: float, w: float, h: float, em: float) -> Tail:
    """A voice from outside the picture: toward the nearest side of the frame."""
    left = cx < w / 2
    tip = (6.0 if left else w - 6, min(h - 6, cy + em * 1.5))
    return _bowed(tail_root(cx, cy, block.a, block.b, n, tip), tip, (cx, h * 9), True)


def _roots(block: Block, cx: float, cy: float, n: float, tip: Point) -> list[Point]:
    """Points inside the balloon's edge on the sides of the tip."""
    a, b = block.a * ROOT, block.b * ROOT
    out = [tail_root(cx, cy, block.a, block.b, n, tip)]
    if abs(tip[0] - cx) > block.a:
        side = 1 if tip[0] > cx else -1
        out += [(cx + side * a * (1 - abs(t * block.b / b) ** n) ** (1 / n), cy + t * block.b) for t in STEPS]
    if abs(tip[1] - cy) > block.b:
        side = 1 if tip[1] > cy else -1
        out += [(cx + t * block.a, cy + side * b * (1 - abs(t * block.a / a) ** n) ** (1 / n)) for t in STEPS]
    return out


def _bowed(root: Point, tip: Point, face: Point, aims: bool) -> Tail:
    """Bowed away from the face, as if it went round."""
    side = (face[0] - root[0]) * (root[1] - tip[1]) + (face[1] - root[1]) * (tip[0] - root[0])
    return Tail(root, tip, -BEND if side > 0 else BEND, aims)


def _leave_circle(ox: float, oy: float, ux: float, uy: float, r: float) -> float:
    """How far along a direction from (ox, oy), relative to its middle, a circle is left."""
    b = ox * ux + oy * uy
    return -b + math.sqrt(max(0.0, b * b - (ox * ox + oy * oy - r * r)))


def distance(x: float, y: float, a: Point, b: Point) -> float:
    """From a point to a segment."""
    ax, ay = a
    dx, dy = b[0] - ax, b[1] - ay
    t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy or 1)
    t = 0.0 if t < 0 else (1.0 if t > 1 else t)
    return math.hypot(x - ax - t * dx, y - ay - t * dy)


def cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two segments cross."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def crosses_box(a: Point, b: Point, box: Box) -> bool:
    """Whether a segment passes through a box (Liang-Barsky)."""
    t0, t1 = 0.0, 1.0
    for p, q in ((a[0] - b[0], a[0] - box.x), (b[0] - a[0], box.x1 - a[0]), (a[1] - b[1], a[1] - box.y),
                 (b[1] - a[1], box.y1 - a[1])):  # fmt: skip
        if p == 0:
            if q < 0:
                return False
        elif p < 0:
            t0 = max(t0, q / p)
        else:
            t1 = min(t1, q / p)
    return t0 < t1
