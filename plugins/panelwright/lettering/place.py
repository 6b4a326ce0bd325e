"""Placement: hard faults cost far more than soft ones; greedy in reading order, then passes of repair.

The method follows Postext and Comic Chat (Kurlander, Skelly & Salesin, SIGGRAPH 96): candidates near the
speaker and on a grid, one cost for all rules, later balloons see the earlier ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from panelwright.drawing.model import Actor, Box, Drawing
from panelwright.layout.model import Edition
from panelwright.lettering.room import gap_of, pack
from panelwright.lettering.shapes import tail_root
from panelwright.lettering.units import Form, Unit
from panelwright.svg.path import Point

HARD = 1000.0


@dataclass(frozen=True)
class Spot:
    """A placed unit. ``root`` and ``tip`` of the tail, or None."""

    unit: Unit
    form: Form
    x: float
    y: float
    root: Point | None = None
    tip: Point | None = None

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.form.w, self.form.h)

    def blocks(self) -> list[Point]:
        """Centres of the joined blocks."""
        cx, cy = self.x + self.form.w / 2, self.y + self.form.h / 2
        return [(cx + dx, cy + dy) for dx, dy in self.form.offsets]


class Panel:
    """What a placement is judged against."""

    def __init__(self, drawing: Drawing, w: float, h: float, edition: Edition) -> None:
        self.drawing, self.w, self.h, self.edition = drawing, w, h, edition
        self.gap = gap_of(edition)
        self.unit = edition.text  # one em: the yardstick of distances
        self.faces = {a.who: a.face for a in drawing.actors}

    def actor(self, who: str) -> Actor | None:
        return next((a for a in self.drawing.actors if a.who == who), None)

    def with_tail(self, unit: Unit, form: Form, x: float, y: float) -> Spot:
        if not unit.style.tail:
            return Spot(unit, form, x, y)
        spot = Spot(unit, form, x, y)
        cx, cy = spot.blocks()[-1]
        block = form.blocks[-1]
        actor = self.actor(unit.line.speaker)
        tip = self.tip(actor, cx, cy) if actor else self._off_panel(cx, cy)
        root = tail_root(cx, cy, block.a, block.b, unit.style.n, tip)
        return Spot(unit, form, x, y, root, tip)

    def tip(self, actor: Actor, cx: float, cy: float) -> Point:
        """Before the mouth when the tail gets there past the face, else just outside the face toward it."""
        fx, fy, r = actor.face
        mx, my = actor.mouth
        if _distance(fx, fy, (cx, cy), actor.front) >= r * 0.8:
            return actor.front
        dx, dy = cx - mx, cy - my
        d = math.hypot(dx, dy) or 1
        reach = self._leave_face(mx, my, dx / d, dy / d, fx, fy, r * 1.06)
        return mx + dx / d * reach, my + dy / d * reach

    def _leave_face(self, x: float, y: float, ux: float, uy: float, fx: float, fy: float, r: float) -> float:
        """Distance from (x, y) along a direction to the face's circle."""
        ox, oy = x - fx, y - fy
        b = ox * ux + oy * uy
        c = ox * ox + oy * oy - r * r
        return -b + math.sqrt(max(0.0, b * b - c))

    def _off_panel(self, cx: float, cy: float) -> Point:
        """A voice from outside: the tail runs to the nearest side of the frame."""
        side = 0.0 if cx < self.w / 2 else self.w
        return (side + (6 if side == 0 else -6), min(self.h - 6, cy + self.unit * 1.5))

    # -- costs
    def cost(self, spot: Spot, others: Sequence[Spot], limit: float = math.inf) -> float:
        """The sum of all faults; it may stop counting when it is over ``limit``."""
        box, live = spot.box, self.edition.live
        out = max(0.0, live - box.x) + max(0.0, live - box.y) + max(0.0, box.x1 - self.w + live)
        out += max(0.0, box.y1 - self.h + live)
        total = HARD * (0.2 + out / self.unit) if out > 0.01 else 0.0
        for zone in self.drawing.avoid:
            shared = zone.box.overlap(box)
            if not shared:
                continue
            if zone.weight >= 1:
                depth = self._over_face(spot, zone.box)
                total += HARD * (0.5 + depth) if depth > 0 else 0.0
            else:
                total += 26 * zone.weight * shared / (self.unit * self.unit * 4)
        if total > limit:
            return total
        for other in others:
            total += self._between(spot, other)
        if total > limit:
            return total
        if spot.tip and spot.root:
            total += self._tail(spot, spot.root, spot.tip, others)
        total += 0.9 * spot.form.cost * 10
        # high in the panel is where words are looked for
        return total + 0.35 * (box.cy / self.unit)

    def _over_face(self, spot: Spot, face: Box) -> float:
        """How deep the face's circle is covered, as a share of its radius; 0: it is free."""
        r = face.w / 2
        deepest = 0.0
        for (cx, cy), block in zip(spot.blocks(), spot.form.blocks, strict=True):
            dx, dy = max(0.0, abs(face.cx - cx) - block.a), max(0.0, abs(face.cy - cy) - block.b)
            deepest = max(deepest, r - math.hypot(dx, dy))
        return deepest / r

    def _between(self, spot: Spot, other: Spot) -> float:
        mine, its = spot.box, other.box
        total = 0.0
        if mine.grown(self.gap / 2).overlap(its.grown(self.gap / 2)):
            total += HARD * (0.5 + mine.overlap(its) / min(mine.w * mine.h, its.w * its.h))
        first, second = (spot, other) if spot.unit.order < other.unit.order else (other, spot)
        a, b = first.box, second.box
        if spot.unit.role == "speech" and other.unit.role == "speech":
            # read left to right, then down: the later one is lower, or right of the earlier one
            right_of = b.x >= a.cx
            if b.y < a.y + self.unit * 0.2:
                total += 30 + (a.y - b.y) / self.unit * (8 if right_of else 40)
            if not right_of and b.y < a.y1 - self.unit:
                total += 60
        elif b.cy < a.cy and other.unit.role in ("top", "label"):
            total += 80
        return total

    def _tail(self, spot: Spot, root: Point, tip: Point, others: Sequence[Spot]) -> float:
        length = math.dist(root, tip)
        total = 1.6 * max(0.0, length / self.unit - 2.0) + 5 * max(0.0, length / self.unit - 6)
        dx, dy = abs(tip[0] - root[0]), tip[1] - root[1]
        if dy < 0:  # words hang over their speaker, not under
            total += 22
        if dx > abs(dy):
            total += 7 * (dx - abs(dy)) / self.unit / 2
        own = spot.unit.line.speaker
        for who, (fx, fy, r) in self.faces.items():
            near = _distance(fx, fy, root, tip)
            if who != own and near < r:
                total += HARD * 0.6 * (1 - near / r)
            elif who == own and near < r * 0.92:
                total += 60 * (0.92 - near / r)
        if spot.box.grown(-2).overlap(Box(tip[0] - 1, tip[1] - 1, 2, 2)):
            total += HARD
        for other in others:
            if _crosses_box(root, tip, other.box):
                total += HARD * 0.5
            if other.root and other.tip:
                if _crosses(root, tip, other.root, other.tip):
                    total += HARD * 0.5
                if _crosses_box(other.root, other.tip, spot.box):
                    total += HARD * 0.5
        return total


def place(every: Sequence[Unit], drawing: Drawing, w: float, h: float, edition: Edition) -> list[Spot]:
    """Where everything stands, in reading order."""
    panel = Panel(drawing, w, h, edition)
    fixed, below = _strips(every, panel)
    speeches = [u for u in every if u.role == "speech"]
    start = max(below, drawing.band)
    safe = [panel.with_tail(u, form, x, y + start) for u, form, x, y in pack(speeches, w, edition)]
    spots = list(safe)
    for _ in range(3):
        before = list(spots)
        for i in range(len(spots)):
            others = fixed + spots[:i] + spots[i + 1 :]
            spots[i] = _best(spots[i], panel, others)
        if spots == before:
            break
    if _total(safe, panel, fixed) < _total(spots, panel, fixed):
        spots = safe
    return sorted([*fixed, *spots], key=lambda s: s.unit.order)


def _total(spots: Sequence[Spot], panel: Panel, fixed: Sequence[Spot]) -> float:
    return sum(panel.cost(s, [*fixed, *spots[:i], *spots[i + 1 :]]) for i, s in enumerate(spots))


def _best(now: Spot, panel: Panel, others: Sequence[Spot]) -> Spot:
    best, least = now, panel.cost(now, others)
    live = panel.edition.live
    actor = panel.actor(now.unit.line.speaker)
    for form in now.unit.forms[:4]:
        free_x, free_y = panel.w - 2 * live - form.w, panel.h - 2 * live - form.h
        if free_x < 0 or free_y < 0:
            continue
        places = [(live + free_x * i / 12, live + free_y * j / 14) for i in range(13) for j in range(15)]
        if actor:
            fx, fy, r = actor.face
            for side in (-1, 0, 1):
                x = fx + side * (r * 0.9 + form.w / 2) - form.w / 2
                for y in (fy - r - form.h - panel.unit, fy - r * 0.6 - form.h, fy - form.h / 2, fy + r * 0.4):
                    places.append((min(max(live, x), live + free_x), min(max(live, y), live + free_y)))
        for x, y in places:
            bare = Spot(now.unit, form, x, y)
            if panel.cost(bare, others, least) >= least:
                continue
            spot = panel.with_tail(now.unit, form, x, y)
            cost = panel.cost(spot, others, least)
            if cost < least - 1e-9:
                best, least = spot, cost
    return best


def _strips(every: Sequence[Unit], panel: Panel) -> tuple[list[Spot], float]:
    """Labels and captions at the top (centred; wide panels: left), captions at the bottom (right)."""
    edition, gap = panel.edition, panel.gap
    wide = panel.w >= 1000 * edition.scale
    out = []
    y = edition.live
    for u in every:
        if u.role in ("top", "label"):
            form = u.forms[0]
            x = (panel.w - form.w) / 2 if u.role == "label" or not wide else edition.live
            out.append(Spot(u, form, x, y))
            y += form.h + gap
    bottom = panel.h - edition.live
    for u in reversed([u for u in every if u.role == "bottom"]):
        form = u.forms[0]
        bottom -= form.h
        x = panel.w - edition.live - form.w if wide else (panel.w - form.w) / 2
        out.append(Spot(u, form, x, bottom))
        bottom -= gap
    return out, y


def _distance(x: float, y: float, a: Point, b: Point) -> float:
    """From a point to a segment."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy or 1)))
    return math.hypot(x - a[0] - t * dx, y - a[1] - t * dy)


def _crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _crosses_box(a: Point, b: Point, box: Box) -> bool:
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
