"""The geometry of drawn bodies: limbs with a width table, their sleeves."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from panelwright.svg.curves import add, between, lengths, normals, spline, sub, thin, unit, unloop
from panelwright.svg.path import Path, Point, bez

Width = Callable[[float], float]


def widths(table: Iterable[Sequence[float]]) -> Width:
    """A width along a limb from (t, width) pairs, eased between them."""
    rows = [(float(t), float(w)) for t, w in table]

    def at(t: float) -> float:
        for (a, x), (b, y) in itertools.pairwise(rows):
            if t <= b:
                k = (t - a) / (b - a)
                return x + (y - x) * k * k * (3 - 2 * k)
        return rows[-1][1]

    return at


class Sleeve(NamedTuple):
    """``ink``: its line, where that is not the whole outline; ``spared``: what the light on its edge leaves alone.

    ``seam``: where it is sewn to the body; ``yoke``: its part on top of the body. ``cap``: the round of one without
    a seam, from its right edge to its left one.
    """

    shape: Path
    ink: Path | None
    spared: Path
    seam: Path | None = None
    yoke: Path | None = None
    cap: tuple[Point, ...] = ()


class Limb:
    """Two bones as one outline: ``left``, ``right`` and ``centre`` points from root to end."""

    def __init__(self, a: Point, b: Point, c: Point, width: Width, bend: float, bulge: Width | None = None,
                 loose: bool = False) -> None:  # fmt: skip
        """``bend``: the share of each bone that rounds the joint; .25 is cloth, .36 is rubber.

        ``bulge``: how far the flesh lies to the left of the bones (a calf, a thigh), along the limb like ``width``.
        ``loose``: its cloth is wide: what is pushed up hangs over the cuff.
        """
        n = 7
        self.loose = loose
        p1, p2 = between(b, a, bend), between(b, c, bend)
        self.joints = (a, b, c)
        self.centre = [
            *(between(a, p1, i / n) for i in range(n)), *bez(p1, between(p1, b, 0.72), between(p2, b, 0.72), p2, 8),
            *(between(p2, c, (i + 1) / n) for i in range(n)),
        ]  # fmt: skip
        self.normal = normals(self.centre)
        acc = lengths(self.centre)
        if bulge:
            self.centre = [add(p, n, bulge(s / acc[-1])) for p, n, s in zip(self.centre, self.normal, acc, strict=True)]
        self.half = [width(s / acc[-1]) / 2 for s in acc]
        self.left = unloop([add(p, n, h) for p, n, h in zip(self.centre, self.normal, self.half, strict=True)])
        self.right = unloop([add(p, n, -h) for p, n, h in zip(self.centre, self.normal, self.half, strict=True)])
        self.middle = len(self.centre) // 2
        self.last = len(self.centre) - 1
        (ux, uy), (vx, vy) = sub(b, a), sub(c, b)
        self.bend = math.degrees(math.atan2(ux * vy - uy * vx, ux * vx + uy * vy))  # signed, at the joint
        self.heading = math.degrees(math.atan2(vy, vx))
        self.up = vy < -0.3 * math.hypot(vx, vy)  # one looks into what opens at its end
        inner = self.left if self.bend > 0 else self.right
        self.crease = min(inner, key=lambda p: math.dist(p, b))  # the inside of the joint

    def at(self, i: int, side: float) -> Point:
        """The point ``i`` of the centre line moved to a side (-1 right edge .. 1 left edge)."""
        i = max(0, min(self.last, i))
        return add(self.centre[i], self.normal[i], self.half[i] * side)

    def end(self, along: float, across: float) -> Point:
        """A point measured from the end of the limb, along and across the second bone."""
        u = unit(sub(self.joints[2], self.joints[1]))
        return add(add(self.joints[2], u, along), (-u[1], u[0]), across)

    def lit(self, away: Point, depth: float = 1) -> Path:
        """What the light reaches, from beyond the root to beyond the end: inside the limb, the rest is in shade.

        ``away``: the direction the light goes; ``depth``: how far the shade comes in where it falls straight,
        in half widths. It swells with the muscles and narrows over joint and end.
        """
        m, e = self.middle, self.last
        swell = ((0, 0.55), (3, 0.9), (6, 1.05), (m - 2, 1.15), (m, 0.8), (m + 3, 0.95), (e - 5, 1.1), (e - 2, 0.85))
        sides: tuple[list[Point], list[Point]] = ([], [])
        for i, k in (*swell, (e, 1.0)):
            if abs(self.bend) > 60 and 0 < abs(i - m) < 5:
                continue  # they would cross in a sharp bend
            n = self.normal[i]
            dark = (n[0] * away[0] + n[1] * away[1]) * k * depth
            sides[0].append(self.at(i, min(1.3, 1.12 - dark)))
            sides[1].append(self.at(i, max(-1.3, -1.12 - dark)))
        t = unit(sub(self.joints[1], self.joints[0]))
        root = [add(add(self.joints[0], t, -2 * self.half[0]), (-t[1], t[0]), 3 * w * self.half[0]) for w in (1, -1)]
        ends = [self.end(30, w * self.half[e]) for w in (1.2, -1.2)]
        left, right = sides
        n_left = len(left) + 1
        outline = [root[0], *left, *ends, *right[::-1], root[1]]
        return spline(outline, True, (0, n_left, n_left + 1, len(outline) - 1))

    def _cap(self, depth: float, upright: float = 0) -> list[Point]:
        """From the right edge round the root to the left one; ``depth`` in half widths.

        ``upright``: how much of the turn of the bone it does not follow, as a shoulder does not.
        """
        t = unit(add(unit(sub(self.centre[1], self.centre[0])), (0, upright)))
        across, r = (-t[1], t[0]), self.half[0]
        return [
            add(add(self.joints[0], across, -r * math.cos(a)), t, -r * depth * math.sin(a))
            for a in (math.pi * 0.2, math.pi * 0.4, math.pi * 0.6, math.pi * 0.8)
        ]

    def tube(self) -> Path:
        """The closed outline: a flat round at the root, square at the end."""
        left, right = thin(self.left, 3), thin(self.right, 3)
        n = len(left)
        return spline([*left, *right[::-1], *self._cap(0.5)], True, (n - 1, n))

    def _edges(self) -> tuple[list[Point], list[Point]]:
        """The edges of a sleeve, left and right, few points: the outside of a bent elbow has a corner."""
        outer, inner = (self.right, self.left) if self.bend > 0 else (self.left, self.right)
        sharp = min(1.0, abs(self.bend) / 45)
        m, side = self.middle, -1 if self.bend > 0 else 1
        tip = add(self.joints[1], self.normal[m], self.half[m] * side * (1.04 + 0.06 * sharp))
        along = unit(sub(self.centre[m + 1], self.centre[m - 1]))  # the bone's end is a plane of its own
        tips = [add(tip, along, k * 0.3 * self.half[m]) for k in ((-1, 1) if sharp > 0.4 else (0,))]
        bony = [outer[i] for i in (0, 3, 6, m - 3)] + [between(outer[m], p, sharp) for p in tips]
        bony += [self.at(m + 3, side * (1 + 0.02 * sharp)), self.at(m + 6, side * 0.97)]
        bony += [outer[m + 9], *([self.at(self.last - 2, side * 1.12)] if self.loose else []), outer[self.last]]
        i = inner.index(self.crease)
        before, after = inner[: max(i - 1, 1) : 3], inner[: min(i + 1, len(inner) - 2) : -3][::-1]
        if 20 < abs(self.bend) < 100 and len(before) > 1 and len(after) > 1:  # cloth swells on both sides of the crease
            before[-1] = add(before[-1], self.normal[5], -0.12 * self.half[5] * side)
            after[0] = add(after[0], self.normal[m + 5], -0.12 * self.half[m + 5] * side)
        if self.loose and len(after) > 1:
            after[-1:] = [self.at(self.last - 2, -side * 1.14), after[-1]]
        soft = [*before, self.crease, *after]
        return (soft, bony) if self.bend > 0 else (bony, soft)

    def sleeve(self, behind: bool) -> Sleeve:
        """A sleeve of the body's own cloth, with a round cap at its root that has no line."""
        left, right = self._edges()
        root, n = self.joints[0], len(left)
        t = unit(sub(self.centre[1], self.centre[0]))
        across = (-t[1], t[0])
        back = right[::-1]
        cap = self._cap(0.92, 1 if t[1] > 0 else 0)
        whole = spline([*left, *back, *cap], True, (n - 1, n))
        open_ink = spline([*left, *(back if behind else back[:-1])], corners=(n - 1, n))
        wide = [add(add(root, t, -q), across, w) for q, w in ((10, -70), (90, -60), (90, 60), (10, 70))]
        far = 0.68 * math.dist(root, self.joints[1])  # by length: a cut loop leaves fewer points

        def below(side: list[Point]) -> list[Point]:
            return side[next((i for i, p in enumerate(side) if math.dist(p, root) > far), 3) :]

        spared = [add(add(root, t, 34), across, 60), *below(left), *below(right)[::-1]]
        spared += [add(add(root, t, 34), across, -60), *wide]
        end = len(below(left))
        return Sleeve(whole, open_ink, spline(spared, True, (0, 1, end, end + 1)), cap=(right[0], *cap, left[0]))

    def raglan(self, neck: Point, pit: Point | None, top: int, behind: bool) -> Sleeve:
        """A sleeve that grows out of the collar: its seam runs from ``neck`` to the armpit.

        ``pit``: the armpit of the body, where a raised arm's seam ends; a hanging arm's ends on its own edge;
        None: seen from the side, both seams lie under the collar. ``top``: the edge that continues the
        shoulder: 1 left, -1 right.
        """
        left, right = self._edges()
        set_in = False
        over, under = (left, right) if top > 0 else (right, left)
        t = unit(sub(self.centre[1], self.centre[0]))
        root, r = self.joints[0], self.half[0]
        round_pit = False
        cap = add(add(root, (-t[1], t[0]), 0.62 * r * top), t, -0.58 * r)
        if pit is None:
            slope, depth, reach = [cap, over[0]], (-0.8, -0.5), 0
            if abs(t[0]) > 0.6 and over[1][1] > under[1][1]:  # reaching out, its other edge is on top
                over, under, top = under, over, -top
                slope, depth, reach = over[:1], (-1.8, -0.9), 2
            pit = add(add(root, (-t[1], t[0]), depth[0] * r * top), t, depth[1] * r)
            rest, set_in = under[reach:], reach > 0
        else:
            cap = (cap[0] - 4 * t[0], min(cap[1], root[1] - 0.48 * r))  # the shoulder stays up when the arm goes in
            hollow = 8 - 20 * max(0.0, min(1.0, t[1]))  # a lifted arm leaves one between neck and shoulder
            slope = [add(between(neck, cap, 0.5), (0, hollow)), cap, over[0]]
            slope = [p for p in slope if math.dist(p, neck) > 0.9 * r]
            set_in = len(slope) < 3  # sewn on at the shoulder's point: no hollow between neck and deltoid
            (ax, ay), (bx, by) = sub(over[0], neck), sub(cap, neck)
            if set_in and cap in slope and (ax * by - ay * bx) * top < 0:
                slope.remove(cap)
            raised = under[1][1] < pit[1] - 24 and (pit[0] - under[1][0]) * top > 0
            pit = pit if behind or raised else under[1]
            rest = under[2:]
            round_pit = raised and not behind  # under a lifted arm the seam opens in a curve
        upper = [neck, *slope, *over[1:]]
        n = len(upper)
        outline = [*upper, *rest[::-1], pit]
        # hollow toward the arm; a set-in sleeve lies on the chest, its inner edge runs up into the seam
        line = [neck, add(between(neck, pit, 0.5), unit(sub(over[1], neck)), -6 if set_in else 7), pit]
        pits = () if round_pit or set_in else (len(outline) - 1,)
        whole = spline([*outline, *line[1:2]], True, (0, n - 1, n, *pits))
        away, up = unit(sub(pit, over[1])), unit(sub(neck, over[1]))
        far = (add(pit, away, 60), add(neck, away, 60), add(add(neck, up, 60), away, -14 if set_in else 0))
        k = len(outline)
        spared = spline([*outline[1:-1], *far], True, (0, n - 2, n - 1, k - 2, k - 1, k))
        yoke = spline([neck, *slope, over[1], pit, line[1]], True, (0, len(slope) + 1, len(slope) + 2))
        return Sleeve(whole, None, spared, spline(line), yoke)
