"""Placement: hard faults cost far more than soft ones; greedy in reading order, then passes of repair.

The method follows Postext and Comic Chat (Kurlander, Skelly & Salesin, SIGGRAPH 96): candidates near the
speaker and on a grid, one cost for all rules, later balloons see the earlier ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from panelwright.drawing.model import Actor, Box, Drawing
from panelwright.layout.model import Edition
from panelwright.lettering.room import gap_of, pack
from panelwright.lettering.tails import Tail, aim, off_panel
from panelwright.lettering.units import Form, Unit
from panelwright.svg.path import Point

HARD = 1000.0
COLUMNS, ROWS = 9, 11  # of the grid of candidates
GOOD = 40.0  # cost of one balloon below which no other beginning is tried
REFINED = 3  # candidates that are looked at more closely


Key = tuple[int, float, float, float, float]  # of a place: order, x, y and size


@dataclass(frozen=True)
class Spot:
    """A placed unit."""

    unit: Unit
    form: Form
    x: float
    y: float
    tail: Tail | None = None
    box: Box = field(init=False, compare=False, repr=False)  # asked for far too often to be a property

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", Box(self.x, self.y, self.form.w, self.form.h))

    @property
    def key(self) -> Key:
        return self.unit.order, self.x, self.y, self.form.w, self.form.h

    def blocks(self) -> list[Point]:
        """Centres of the joined blocks."""
        return self.form.middles(self.x, self.y)


class Panel:
    """What a placement is judged against."""

    def __init__(self, drawing: Drawing, w: float, h: float, edition: Edition) -> None:
        self.drawing, self.w, self.h, self.edition = drawing, w, h, edition
        self.gap = gap_of(edition)
        self.unit = edition.text  # one em: the yardstick of distances
        self.faces = {a.who: a.face for a in reversed(drawing.actors)}  # who is there twice speaks as the first
        self.hands = [hand for a in drawing.actors for hand in a.hands]
        self._zones = [
            (z.box.x, z.box.y, z.box.x1, z.box.y1, z.weight, (z.box.cx, z.box.cy, z.box.w / 2)) for z in drawing.avoid
        ]
        self._places: dict[Key, float] = {}
        self._tailed: dict[Key, Spot] = {}
        self._tails: dict[Key, float] = {}
        self._candidates: dict[int, list[tuple[float, Form, float, float]]] = {}

    def actor(self, who: str) -> Actor | None:
        return next((a for a in self.drawing.actors if a.who == who), None)

    def with_tail(self, spot: Spot) -> Spot:
        if not spot.unit.style.tail:
            return spot
        key = spot.key
        if key in self._tailed:
            return self._tailed[key]
        cx, cy = spot.blocks()[-1]
        block, n = spot.form.blocks[-1], spot.unit.style.n
        actor = self.actor(spot.unit.line.speaker)
        tail = (
            aim(actor, block, cx, cy, n, self.unit) if actor else off_panel(block, cx, cy, n, self.w, self.h, self.unit)
        )
        self._tailed[key] = Spot(spot.unit, spot.form, spot.x, spot.y, tail)
        return self._tailed[key]

    # -- costs
    def cost(self, spot: Spot, others: Sequence[Spot]) -> float:
        """The sum of all faults."""
        return self.place_cost(spot, others) + self.tail_cost(spot, others)

    def place_cost(self, spot: Spot, others: Sequence[Spot], limit: float = math.inf) -> float:
        """Of the words alone, without their tail; it may stop counting when it is over ``limit``."""
        key = spot.key
        total = self._places.get(key)
        if total is None:
            total = self._places[key] = self._in_picture(spot.form, spot.x, (spot.y,))[0]
        return self.among(total, spot.unit, spot.form, spot.x, spot.y, others, limit)

    def among(self, total: float, unit: Unit, form: Form, x: float, y: float, others: Sequence[Spot],
              limit: float) -> float:  # fmt: skip
        """``total``, what a place costs alone, with what the other words add."""
        for other in others:
            if total > limit:
                break
            total += self._between(unit, form, x, y, other)
        return total

    def _in_picture(self, form: Form, x: float, ys: Sequence[float]) -> list[float]:
        """What a form costs alone at each of ``ys``: asked for thousands of places, mostly in columns."""
        live, em = self.edition.live, self.unit
        x1 = x + form.w
        left, right = x, self.w - x1
        beside = [
            (y0, y1, weight, (zx1 if zx1 < x1 else x1) - (zx0 if zx0 > x else x), circle)
            for zx0, y0, zx1, y1, weight, circle in self._zones
            if zx0 < x1 and zx1 > x
        ]
        costs = []
        for y in ys:
            y1 = y + form.h
            air = out = 0.0
            for side in (left, y, right, self.h - y1):
                if side < 2 * live:
                    air += 2.0 * (1 - side / (2 * live))  # air to the frame where there is some
                    out += live - side if side < live else 0.0
            total = air + (HARD * (1.5 + out / em) if out > 0.01 else 0.0)
            for zy0, zy1, weight, wide, circle in beside:
                if zy0 >= y1 or zy1 <= y:
                    continue
                if weight >= 1:
                    depth = self._over_face(form, x, y, circle)
                    total += HARD * (1.5 + depth) if depth > 0 else 0.0
                else:
                    shared = wide * ((zy1 if zy1 < y1 else y1) - (zy0 if zy0 > y else y))
                    total += 26 * weight * shared / (em * em * 4)
            # high in the panel is where words are looked for
            costs.append(total + 9 * form.cost + 0.35 * ((y + form.h / 2) / em))
        return costs

    def _over_face(self, form: Form, x: float, y: float, face: tuple[float, float, float]) -> float:
        """How deep the face's circle is covered, as a share of its radius; 0: it is free."""
        fx, fy, r = face
        deepest = 0.0
        for (cx, cy), block in zip(form.middles(x, y), form.blocks, strict=True):
            dx, dy = abs(fx - cx) - block.a, abs(fy - cy) - block.b
            if dx < r and dy < r:
                deepest = max(deepest, r - math.hypot(max(0.0, dx), max(0.0, dy)))
        return deepest / r

    def _between(self, unit: Unit, form: Form, x: float, y: float, other: Spot) -> float:
        w, h, g = form.w, form.h, self.gap  # asked for tens of thousands of times: no properties
        u, v, p, q = other.x, other.y, other.form.w, other.form.h
        total = 0.0
        if x < u + p + g and u < x + w + g and y < v + q + g and v < y + h + g:
            total += HARD * (1.5 + Box(x, y, w, h).overlap(other.box) / min(w * h, p * q))
        if unit.order > other.unit.order:
            x, y, w, h, u, v, p, q = u, v, p, q, x, y, w, h
        if unit.role == "speech" and other.unit.role == "speech":
            # read left to right, then down: the later one is lower, or right of the earlier one
            right_of = u >= x + w / 2
            if v < y + self.unit * 0.2:
                total += 30 + (y - v) / self.unit * (8 if right_of else 40)
            if not right_of and v < y + h - self.unit:
                total += 60
        elif v + q / 2 < y + h / 2 and other.unit.role in ("top", "label"):
            total += 80
        return total

    def tail_cost(self, spot: Spot, others: Sequence[Spot]) -> float:
        tail = spot.tail
        total = 0.0
        if tail:
            key = spot.key
            if key not in self._tails:
                self._tails[key] = self._own_tail(spot, tail)
            total = self._tails[key]
        for other in others:
            if other.tail and other.tail.through(spot.box):
                total += HARD * 0.5
            if tail and tail.through(other.box):
                total += HARD * 0.5
            if tail and other.tail and tail.crosses(other.tail):
                total += HARD * 0.5
        return total

    def _own_tail(self, spot: Spot, tail: Tail) -> float:
        """What is wrong with a tail wherever the other words stand."""
        em, length = self.unit, tail.length / self.unit
        total = 1.5 * max(0.0, length - 2.5) + 8 * max(0.0, length - 4.5)
        if not tail.aims:
            total += 16
        shown = length - 0.25 * math.dist(tail.root, spot.blocks()[-1]) / em
        total += 20 * max(0.0, 1.2 - shown) + 60 * max(0.0, 0.5 - shown)
        dx, dy = abs(tail.tip[0] - tail.root[0]), tail.tip[1] - tail.root[1]
        if dy < 0:  # words hang over their speaker, not under
            total += 30
        total += 3.5 * max(0.0, dx - abs(dy) - 1.5 * em) / em  # a short one may come from the side
        for who, (fx, fy, r) in self.faces.items():
            if who != spot.unit.line.speaker:
                near = tail.distance(fx, fy)
                total += HARD * 0.6 * (1 - near / r) if near < r else 0.0
        total += sum(12.0 for x, y, r in self.hands if tail.distance(x, y) < r * 0.8)
        if spot.box.grown(-2).overlap(Box(tail.tip[0] - 1, tail.tip[1] - 1, 2, 2)):
            total += HARD
        return total

    def candidates(self, unit: Unit) -> list[tuple[float, Form, float, float]]:
        """Where a unit might stand, over a coarse grid and near its speaker, the picture's cost first."""
        if unit.order not in self._candidates:
            live = self.edition.live
            found = []
            for form in unit.forms[:4]:
                free_x, free_y = self.w - 2 * live - form.w, self.h - 2 * live - form.h
                if free_x >= 0 and free_y >= 0:
                    for x, ys in _around(form, self, unit, free_x, free_y):
                        found += [(cost, form, x, y) for cost, y in zip(self._in_picture(form, x, ys), ys, strict=True)]
            self._candidates[unit.order] = sorted(found, key=lambda f: f[0])
        return self._candidates[unit.order]


def place(every: Sequence[Unit], drawing: Drawing, w: float, h: float, edition: Edition) -> list[Spot]:
    """Where everything stands, in reading order."""
    panel = Panel(drawing, w, h, edition)
    fixed, below = _strips(every, panel)
    speeches = [u for u in every if u.role == "speech"]
    start = max(below, drawing.band)
    safe = [panel.with_tail(Spot(u, form, x, y + start)) for u, form, x, y in pack(speeches, w, edition)]
    # two ways to begin: the arrangement that surely fits, and one after another as if the rest were not there
    best, least = safe, _total(safe, panel, fixed)
    for spots in (list(safe), _one_by_one(safe, panel, fixed)):
        judged: dict[int, list[Spot]] = {}  # against which others each stands best
        for _ in range(3):
            for i, spot in enumerate(spots):
                others = [*fixed, *spots[:i], *spots[i + 1 :]]
                if judged.get(i) != others:
                    spots[i], judged[i] = _best(spot, panel, others), others
        total = _total(spots, panel, fixed)
        if total < least - 1e-9:
            best, least = spots, total
        if len(safe) < 2 or total < GOOD * len(safe):
            break
    return sorted([*fixed, *best], key=lambda s: s.unit.order)


def _one_by_one(safe: Sequence[Spot], panel: Panel, fixed: Sequence[Spot]) -> list[Spot]:
    spots: list[Spot] = []
    for spot in safe:
        spots.append(_best(spot, panel, [*fixed, *spots]))
    return spots


def _total(spots: Sequence[Spot], panel: Panel, fixed: Sequence[Spot]) -> float:
    return sum(panel.cost(s, [*fixed, *spots[:i], *spots[i + 1 :]]) for i, s in enumerate(spots))


def _best(now: Spot, panel: Panel, others: Sequence[Spot]) -> Spot:
    """The cheapest place: over a coarse grid first, then closer round the best ones."""
    best, least = now, panel.cost(now, others)
    unit = now.unit
    tried: list[tuple[float, Spot]] = []
    # Best first: what a place costs alone, with the others, and with its tail, which is dear to find, only grows.
    hopeful: list[tuple[float, int]] = []
    candidates = panel.candidates(unit)
    for i, (ahead, form, x, y) in enumerate([*candidates, (math.inf, unit.forms[0], 0.0, 0.0)]):
        while hopeful and hopeful[0][0] <= ahead and hopeful[0][0] < least:
            bare, k = heappop(hopeful)
            spot = panel.with_tail(Spot(unit, *candidates[k][1:]))
            cost = bare + panel.tail_cost(spot, others)
            tried.append((cost, spot))
            if cost < least - 1e-9:
                best, least = spot, cost
        if ahead >= least:
            break
        cost = panel.among(ahead, unit, form, x, y, others, least)
        if cost < least:
            heappush(hopeful, (cost, i))
    tried.sort(key=lambda f: f[0])
    for cost, spot in tried[:REFINED]:
        cost, spot = _refined(cost, spot, panel, others)
        if cost < least - 1e-9:
            best, least = spot, cost
    return best


def _refined(cost: float, spot: Spot, panel: Panel, others: Sequence[Spot]) -> tuple[float, Spot]:
    """The same, moved by ever smaller steps while that helps."""
    live = panel.edition.live
    free_x, free_y = panel.w - 2 * live - spot.form.w, panel.h - 2 * live - spot.form.h
    step_x, step_y = free_x / (COLUMNS - 1) / 2, free_y / (ROWS - 1) / 2
    for _ in range(3):
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            x = min(max(live, spot.x + dx * step_x), live + free_x)
            y = min(max(live, spot.y + dy * step_y), live + free_y)
            moved = Spot(spot.unit, spot.form, x, y)
            new = panel.place_cost(moved, others, cost)
            if new < cost:
                moved = panel.with_tail(moved)
                new += panel.tail_cost(moved, others)
                if new < cost - 1e-9:
                    spot, cost = moved, new
        step_x, step_y = step_x / 2, step_y / 2
    return cost, spot


def _around(form: Form, panel: Panel, unit: Unit, free_x: float, free_y: float) -> Iterator[tuple[float, list[float]]]:
    """Columns of places: x, and some y."""
    live = panel.edition.live
    rows = [live + free_y * j / (ROWS - 1) for j in range(ROWS)]
    for i in range(COLUMNS):
        yield live + free_x * i / (COLUMNS - 1), rows
    actor = panel.actor(unit.line.speaker)
    if actor is None:
        return
    fx, fy, r = actor.face
    middles = (fx - r * 0.9 - form.w / 2, fx, fx + r * 0.9 + form.w / 2,
               *(actor.front[0] + t * form.w for t in (-0.25, 0.0, 0.25)))  # fmt: skip
    heights = (fy - r - form.h - panel.unit, fy - r * 0.6 - form.h, fy - form.h / 2, fy + r * 0.4, panel.drawing.band)
    for middle in middles:
        yield min(max(live, middle - form.w / 2), live + free_x), [min(max(live, y), live + free_y) for y in heights]


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
