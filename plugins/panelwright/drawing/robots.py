"""Draws the robots: a chip turned in space, arms that reach for targets, a pose read from ``art/cast/<who>.yaml``.

The template ``svg_templates/figures/<template>/robot.svg.j2`` owns every shape; this module only solves the
geometry: the turn of the body, the arms' joints (two-bone inverse kinematics), the places of juggled orbs.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from panelwright.assets import Assets
from panelwright.cache import memo
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.drawing.cast import cast_files, load
from panelwright.drawing.figure_model import Figure, Spot
from panelwright.drawing.model import Box
from panelwright.drawing.parts import robot_spots
from panelwright.svg.canvas import Canvas, base36
from panelwright.svg.curves import data
from panelwright.svg.path import Map, Point
from panelwright.svg.pen import Pen
from panelwright.svg.templates import render

DISTANCE = 760.0  # from the eye to the body, in the robot's own units: how strong its perspective is
MOST_ORBS = 24
HAND = 46.0  # reach of a hand from its wrist, before the hand's scale
HOLD = 25.0  # from the wrist to the rim of what is held

PLAIN_FACE: dict[str, Any] = {
    "red": False, "pupil": 0, "brow": None, "blush": False, "filled": False, "tongue": "", "lid": 0, "uneven": 0,
    "bags": False,
}  # fmt: skip


class Turn(NamedTuple):
    """Takes a point of the body (x right, y down, z toward the viewer) to the sheet."""

    yaw: float
    pitch: float
    roll: float
    at: Point = (0.0, 0.0)

    def __call__(self, x: float, y: float, z: float) -> Point:
        a, b, c = math.radians(self.yaw), math.radians(self.pitch), math.radians(self.roll)
        x, z = x * math.cos(a) + z * math.sin(a), z * math.cos(a) - x * math.sin(a)
        y, z = y * math.cos(b) - z * math.sin(b), y * math.sin(b) + z * math.cos(b)
        k = DISTANCE / (DISTANCE - z)
        x, y = x * k, y * k
        return x * math.cos(c) - y * math.sin(c) + self.at[0], x * math.sin(c) + y * math.cos(c) + self.at[1]

    def plane(self, z: float) -> Map:
        """The map of a plane of the body that lies ``z`` toward the viewer."""
        return lambda x, y: self(x, y, z)


class Orb(NamedTuple):
    x: float
    y: float
    r: float
    colour: str
    burns: bool = False


class Arm(NamedTuple):
    """``hand_at``: degrees the hand points to; ``flip``: its thumb lies on the other side."""

    shoulder: Point
    elbow: Point
    wrist: Point
    hand: str
    hand_at: float
    flip: bool
    front: bool
    orb: Orb | None
    holds: str

    @property
    def upper_at(self) -> float:
        return _degrees(self.shoulder, self.elbow)

    @property
    def fore_at(self) -> float:
        return _degrees(self.elbow, self.wrist)


class Leg(NamedTuple):
    hip: Point
    knee: Point
    foot: Point
    turn: float


class Robot(NamedTuple):
    """What the template draws. ``side`` is -1 when the pose is mirrored to face left."""

    turn: Turn
    pose: Mapping[str, Any]
    arms: tuple[Arm, ...]
    legs: tuple[Leg, ...]
    orbs: tuple[Orb, ...]
    rings: tuple[Mapping[str, float], ...]
    extras: tuple[Mapping[str, Any], ...]
    side: int
    size: Mapping[str, float]

    def outline(self, z0: float, z1: float) -> list[Point]:
        """The convex outline of the body between two depths."""
        w, h, r = self.size["w"], self.size["h"], self.size["r"]
        corners = ((w / 2 - r, r - h / 2, -90), (w / 2 - r, h / 2 - r, 0), (r - w / 2, h / 2 - r, 90),
                   (r - w / 2, r - h / 2, 180))  # fmt: skip
        flat = [(cx + r * math.cos(math.radians(a + 15 * i)), cy + r * math.sin(math.radians(a + 15 * i)))
                for cx, cy, a in corners for i in range(7)]  # fmt: skip
        return hull([self.turn(x, y, z) for x, y in flat for z in (z0, z1)])


def hull(points: Sequence[Point]) -> list[Point]:
    """The convex hull (Andrew's monotone chain)."""
    ordered = sorted({(round(x, 2), round(y, 2)) for x, y in points})

    def half(run: Sequence[Point]) -> list[Point]:
        out: list[Point] = []
        for p in run:
            while len(out) > 1 and _cross(out[-2], out[-1], p) <= 0:
                out.pop()
            out.append(p)
        return out[:-1]

    return half(ordered) + half(ordered[::-1])


def reach(shoulder: Point, target: Point, upper: float, fore: float, bend: int) -> tuple[Point, Point]:
    """Elbow and wrist of an arm stretched toward ``target``; beyond its length it only points there."""
    dx, dy = target[0] - shoulder[0], target[1] - shoulder[1]
    d = math.hypot(dx, dy) or 1.0
    span = max(abs(upper - fore) + 1, min(d, (upper + fore) * 0.985))
    cosine = (upper * upper + span * span - fore * fore) / (2 * upper * span)
    a = math.atan2(dy, dx) + math.acos(max(-1.0, min(1.0, cosine))) * bend
    elbow = (shoulder[0] + upper * math.cos(a), shoulder[1] + upper * math.sin(a))
    return elbow, (shoulder[0] + dx / d * span, shoulder[1] + dy / d * span)


def draw_robot(
    assets: Assets,
    who: str,
    pose: str,
    expression: str,
    facing: str = "right",
    look: tuple[float, float] | None = None,
    rim: str = "#7FEAFF",
    orbs: int = 0,
    seed: int = 0,
) -> Figure:
    """The robot as one symbol, in figure units (1 unit = .001525 m); the same content gives the same object.

    Its origin is the middle of the body when it floats, the floor under it when it stands. ``look``: where the
    eyes go, x to the right, y down, about -6..6. ``orbs``: how many it juggles, up to 24.
    Raises AuthorError for an unknown robot, pose or expression, and for broken art.
    """
    orbs = max(0, min(MOST_ORBS, orbs))
    return _drawn(assets, who, pose, expression, facing, (look[0], look[1]) if look else None, rim, orbs, seed)


@memo
def _drawn(assets: Assets, who: str, pose_name: str, expression: str, facing: str,
           look: tuple[float, float] | None, rim: str, orbs: int, seed: int) -> Figure:  # fmt: skip
    facts, path = robot_facts(assets, who)
    pose = named(assets, facts, path, "poses", pose_name)
    face = named(assets, facts, path, "expressions", expression)
    side = -1 if facing == "left" else 1
    try:
        robot = _posed(facts, pose, side, orbs)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise AuthorError(
            Diagnostic(path, 0, 0, "error", "robot-pose", f"the pose {pose_name!r} of {who} cannot be read: {error!r}",
                       "an arm has side, at (its socket), to: [x, y], hand and angle")
        ) from error  # fmt: skip
    key = json.dumps([who, pose_name, expression, facing, look, rim, orbs, seed])
    symbol = "r" + base36(int(hashlib.sha256(key.encode()).hexdigest()[:8], 16))
    canvas = Canvas(symbol)
    body = render(
        assets, f"figures/{facts['template']}/robot.svg.j2", canvas, pen=Pen(canvas), robot=robot, who=facts,
        face={**PLAIN_FACE, **face}, screen=Pen(canvas, robot.turn.plane(robot.size["d"] / 2)),
        look=look or (0.0, 0.0), rim=rim, seed=seed, data=data,
        keep=lambda drawn: canvas.define(f'<g id="%s">{drawn}</g>'),
    )  # fmt: skip
    k = float(facts.get("scale", 1))
    svg = f'<g id="{symbol}"><defs>{canvas.defs}</defs><g transform="scale({k:g})">{body}</g></g>'
    return _figure(symbol, svg, robot, facts, k)


def robot_facts(assets: Assets, who: str) -> tuple[dict[str, Any], str]:
    """A robot's cast file and its path. Raises AuthorError when there is none of that name."""
    names = []
    for path, found in cast_files(assets):
        if found.get("rig") != "robot":
            continue
        names.append(str(found.get("name", path.stem)))
        if who in (names[-1], *found.get("aliases", ())):
            return found, str(path)
    hint = did_you_mean(who, names) or f"known: {', '.join(names)}"
    raise AuthorError(Diagnostic("art/cast", 0, 0, "error", "robot-unknown", f"there is no robot {who!r}", hint))


def named(assets: Assets, facts: Mapping[str, Any], path: str, kind: str, word: str) -> Mapping[str, Any]:
    """The entry called ``word``, or that lists it under ``also``.

    A word that only people know ("chin", "skeptical") gives a robot its first entry, so that the director may
    cast anybody; a word that nobody knows is the author's mistake.
    """
    entries: dict[str, dict[str, Any]] = facts[kind]
    for name, entry in entries.items():
        if word == name or word in entry.get("also", ()):
            return entry
    if not word or word in _of_people(assets, kind):
        return next(iter(entries.values()))
    hint = did_you_mean(word, entries) or f"known: {', '.join(entries)}"
    raise AuthorError(
        Diagnostic(path, 0, 0, "error", f"{kind[:-1]}-unknown", f"{facts['name']} has no {kind[:-1]} {word!r}", hint)
    )


def _of_people(assets: Assets, kind: str) -> set[str]:
    if kind == "poses":
        return {path.stem for path in assets.art_files("poses", "*.yaml")}
    file = assets.art_file("expressions.yaml")
    return set(load(file)) if file else set()


def _posed(facts: Mapping[str, Any], pose: Mapping[str, Any], side: int, orbs: int) -> Robot:
    at = pose.get("at", (0, 0))
    turn = Turn(pose.get("yaw", 0) * side, pose.get("pitch", 0), pose.get("roll", 0) * side, (at[0] * side, at[1]))
    colours: list[str] = list(facts["orb_colours"])
    rings = tuple(pose.get("rings", ())) if orbs else ()
    held = [a for a in pose["arms"] if a.get("orb")]
    if rings:
        held = held[:orbs]
    r = 24.0 * min(1.0, (14 / max(orbs, 1)) ** 0.5) if rings else 23.0
    arms = []
    for i, a in enumerate(pose["arms"]):
        colour = a.get("orb") if isinstance(a.get("orb"), str) else colours[i % len(colours)]
        arms.append(_arm(facts, turn, a, side, (r * a.get("big", 1), str(colour)) if a in held else None))
    legs = tuple(
        Leg(turn(leg["hip"] * side, facts["body"]["h"] / 2 - 4, 0), _flip(leg["knee"], side, turn.at[0]),
            _flip(leg["foot"], side, turn.at[0]), leg.get("turn", 0) * side)
        for leg in pose.get("legs", ())
    )  # fmt: skip
    extras = tuple(_extra(e, side, turn.at) for e in pose.get("extras", ()))
    return Robot(turn, pose, tuple(arms), legs, _ring_orbs(rings, orbs - len(held), side, colours, r / 24),
                 rings, extras, side, {k: float(v) for k, v in facts["body"].items()})  # fmt: skip


def _arm(facts: Mapping[str, Any], turn: Turn, a: Mapping[str, Any], side: int,
         orb: tuple[float, str] | None) -> Arm:  # fmt: skip
    out = -1 if a["side"] == "left" else 1
    beyond, y = facts["sockets"][a["side"]][a["at"]]
    shoulder = turn((facts["body"]["w"] / 2 + beyond) * out * side, y, -4)
    target = (a["to"][0] * side + turn.at[0], a["to"][1] + turn.at[1])
    upper, fore = float(facts["arm"]["upper"]), float(facts["arm"]["fore"])
    bend = a.get("bend")
    if bend is None:  # the elbow bows outward and down: neighbouring arms run parallel and never tangle
        sign = 1 if target[0] > shoulder[0] else -1

        def low(b: int) -> float:
            elbow = reach(shoulder, target, upper, fore, b)[0]
            return elbow[1] + 0.4 * sign * elbow[0]

        bend = max((1, -1), key=low)
    else:
        bend *= side
    elbow, wrist = reach(shoulder, target, upper, fore, bend)
    angle = float(a.get("angle", 0)) if side > 0 else 180 - float(a.get("angle", 0))
    scale = float(facts["arm"]["hand"])
    ball = None
    if orb:
        far = orb[0] + HOLD * scale
        ball = Orb(wrist[0] + far * math.cos(math.radians(angle)), wrist[1] + far * math.sin(math.radians(angle)),
                   orb[0], orb[1], bool(a.get("burns")))  # fmt: skip
    hand = "hold" if ball else ("open" if a.get("orb") else str(a["hand"]))
    if hand not in facts["hands"]:
        raise ValueError(f"there is no hand {hand!r}")
    return Arm(shoulder, elbow, wrist, hand, angle, bool(a.get("flip")) != (side < 0), bool(a.get("front")), ball,
               str(a.get("holds", "")))  # fmt: skip


def _ring_orbs(rings: Sequence[Mapping[str, Any]], n: int, side: int, colours: Sequence[str],
               k: float) -> tuple[Orb, ...]:  # fmt: skip
    """``n`` orbs shared out over the rings."""
    out: list[Orb] = []
    left = n
    for i, ring in enumerate(rings):
        here = left if i == len(rings) - 1 else min(left, round(n * float(ring["share"])))
        left -= here
        for j in range(here):
            t = (j + 0.5) / here
            a = math.radians(ring["from"] + (ring["to"] - ring["from"]) * t)
            out.append(Orb((ring["centre"][0] + ring["rx"] * math.cos(a)) * side,
                           ring["centre"][1] + ring["ry"] * math.sin(a),
                           ring["r"] * k * (1.0 if j % 2 else 0.88), colours[(j + 2 * i) % len(colours)]))  # fmt: skip
    return tuple(out)


def _extra(e: Mapping[str, Any], side: int, at: Point) -> Mapping[str, Any]:
    out = {"front": False, "turn": 0, "size": 1, **e, "at": (e["at"][0] * side + at[0], e["at"][1] + at[1])}
    if "turn" in e:
        out["turn"] = e["turn"] * side
    if "angle" in e:
        out["angle"] = e["angle"] if side > 0 else 180 - e["angle"]
    return out


def _figure(symbol: str, svg: str, robot: Robot, facts: Mapping[str, Any], k: float) -> Figure:
    spots = [(x, y, 8.0) for x, y in robot.outline(-robot.size["d"] / 2, robot.size["d"] / 2)]
    hand = HAND * float(facts["arm"]["hand"])
    hands = []
    for arm in robot.arms:
        a = math.radians(arm.hand_at)
        mid = (arm.wrist[0] + hand * 0.5 * math.cos(a), arm.wrist[1] + hand * 0.5 * math.sin(a))
        hands.append(Spot(mid[0] * k, mid[1] * k, hand * 0.6 * k))
        spots += [(*arm.elbow, 18.0), (*mid, hand * 0.84)]
        if arm.orb:
            spots.append((arm.orb.x, arm.orb.y, arm.orb.r + 6))
    spots += [(o.x, o.y, o.r + 6) for o in robot.orbs]
    spots += [(*leg.foot, 22.0) for leg in robot.legs]
    spots += [(*e["at"], 24.0) for e in robot.extras]
    floor = 0.0 if robot.legs else math.inf
    x0, x1 = min(x - r for x, _, r in spots) * k, max(x + r for x, _, r in spots) * k
    y0, y1 = min(y - r for _, y, r in spots) * k, min(max(y + r for _, y, r in spots) * k, floor)
    screen, z = facts["screen"], robot.size["d"] / 2
    mouth = robot.turn(0, screen["h"] * 0.26, z)
    front = robot.turn(robot.side * screen["w"] * 0.5, screen["h"] * 0.3, z)
    centre = robot.turn(0, 0, z)
    eyes = robot.turn(0, -screen["h"] * 0.09, z)
    box = Box(x0, y0, x1 - x0, y1 - y0)
    body = Spot(centre[0] * k, centre[1] * k, math.hypot(robot.size["w"], robot.size["h"]) * 0.42 * k)
    parts = robot_spots(body, Spot(eyes[0] * k, eyes[1] * k, body.r / 2), Spot(mouth[0] * k, mouth[1] * k, body.r / 6),
                        hands)  # fmt: skip
    return Figure(
        symbol, svg, (mouth[0] * k, mouth[1] * k), (front[0] * k, front[1] * k), body, eyes[1] * k,
        -y0, box, tuple(hands), {"full": y1, "knees": y1, "medium": y1, "waist": y1, "bust": y1, "close": y1},
        spots=parts,
    )  # fmt: skip


def _flip(p: Sequence[float], side: int, x: float) -> Point:
    return (p[0] * side + x, p[1])


def _cross(o: Point, a: Point, b: Point) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _degrees(a: Point, b: Point) -> float:
    return math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
