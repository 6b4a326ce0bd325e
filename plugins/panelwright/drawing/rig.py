"""The skeleton: joints from a pose's angles, and the map that bends the torso with the spine.

Space: torso units, pelvis at (0, 0), y down, facing +x; the ground is ``Rig.ground`` below. Angles are
degrees, absolute for every bone: 0 hangs straight down, positive swings toward the facing side.
``near`` is the limb at the viewer's left (in profile: the nearer one), ``far`` the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from panelwright.svg.curves import add, data, hanging, sub, turn
from panelwright.svg.limbs import Limb, Sleeve, widths
from panelwright.svg.path import Path, Point, xf

SIDES = ("near", "far")
FOOT = 60.0  # ankle to ground
JOINT = 0.2  # the share of a bone that rounds a knee
ELBOW = 0.13  # the same of an elbow, whose bone shows


class Arm(NamedTuple):
    """``over``: drawn over the torso; ``raised``: its sleeve goes under collar and head, its hand over them.

    ``tucked``: the hand is in a pocket, which is drawn over it. ``limb`` ends at the cuff, ``bare`` before the wrist.
    """

    shoulder: Point
    elbow: Point
    wrist: Point
    hand: str
    angle: float  # of the drawn hand, clockwise, 0 points to +x
    flip: int
    over: bool
    raised: bool
    limb: Limb
    lift: float
    sleeve: Sleeve
    tucked: bool
    bare: float  # how much of the forearm shows between cuff and wrist


class Leg(NamedTuple):
    hip: Point
    knee: Point
    ankle: Point
    limb: Limb
    foot: float  # turn of the foot, degrees
    bent: float
    short: float
    turned: bool  # its toes point to the viewer


class Rig:
    """A pose on a body, seen from one side. Attributes and methods are for the templates.

    ``hands``: near/far -> a shape; ``shapes``: all of art/hands.yaml; ``nod``: what turns the head, degrees.
    """

    def __init__(self, body: Mapping[str, Any], view: str, pose: Mapping[str, Any], hands: Mapping[str, str],
                 shapes: Mapping[str, Any], nod: float = 0) -> None:  # fmt: skip
        here = self._here = body["views"][view]
        self._shapes = shapes
        self.view = view
        self.pose = pose
        self.lean = float(pose.get("lean", 0))
        self.bow = float(pose.get("bow", 0))
        self.tilt = float(pose.get("shoulders", 0))
        self.hips = float(pose.get("hips", 0))
        self.swing = float(pose.get("swing", 0))
        self.shrug = float(pose.get("shrug", 0))
        self.seat = bool(pose.get("seat", False))
        self.grip = bool(pose.get("grip", False))  # both hands hold a tablet
        self.over_head = str(pose.get("hand_over_head", ""))  # the side whose hand touches the face
        self.top = str(pose.get("top", "near"))  # the arm that lies over the other
        self.build = float(body.get("build", 1))
        self._pivot = (float(here.get("pivot", 0)), -340.0)
        self._fall = [abs(float(pose[s][0])) if isinstance(pose[s], (list, tuple)) else 0.0 for s in SIDES]
        bones = body["bones"]
        loose = float(here.get("sleeve", 1))  # cloth hangs wider than it does in other views
        leg_width, arm_width = widths(body["leg_width"]), widths([(t, w * loose) for t, w in body["arm_width"]])
        self._loose = bool(body.get("loose", False))
        self._slides = float(body.get("slides", 0))
        self._calf = widths(body["leg_bulge"]) if view in ("34", "profile") and "leg_bulge" in body else None

        def leg(s: str, longer: float = 1) -> Leg:
            i = SIDES.index(s)
            short = float(pose.get("short", 1)) if s == "far" else 1.0
            return self._leg(turn(here["hips"][i], self.hips), pose["legs"][i], bones, leg_width, short * longer,
                             pose.get(f"foot_{s}"), s in pose.get("turned", ()))  # fmt: skip

        self.legs = {s: leg(s) for s in SIDES}
        low = max(leg.ankle[1] for leg in self.legs.values())
        for s in SIDES:  # a standing foot reaches the ground; the farther one stands a little higher
            up = low - self.legs[s].ankle[1] - (5 if view == "34" and s == "far" else 0)
            if 0 < up < 45 and not self.legs[s].foot and not self.seat and "short" not in pose:
                self.legs[s] = leg(s, 1 + up / (self.legs[s].ankle[1] - self.legs[s].hip[1]))
        self.ground = low + FOOT
        crane = float(pose.get("crane", 0))  # the head before the shoulders
        self.skull = add(self.spine(tuple(here["skull"])), (crane, 0.3 * crane))
        self.head_turn = float(pose.get("head", 0)) + self.lean * 0.4 + nod
        self._head, self._head_scale = body["heads"][view], float(body["head_scale"])
        self.arms = {
            s: self._arm(s, here["shoulders"][i], pose[s], bones, arm_width, hands.get(s))
            for i, s in enumerate(SIDES)
        }  # fmt: skip
        self.lifts = {s: self.arms[s].lift for s in SIDES}

    # -- maps
    def spine(self, p: Point) -> Point:
        """The spine bends: more turn the higher up; ``bow`` pushes its middle forward."""
        h = max(0.0, -p[1])
        x, y = turn(p, self.lean * (0.45 + 0.85 * h / 380))
        return (x + self.bow * math.sin(math.pi * min(1.0, h / 384)), y)

    def _placed(self, p: Point) -> Point:
        x, y = p[0] * self.build, p[1]
        if y < -220:
            raised = self.shrug * min(1.0, -(y + 220) / 90) * min(1.0, abs(x) / 70)  # shoulders, not the neck
            x, y = turn((x, y - raised), self.tilt * 0.8, self._pivot)
        elif self.hips:
            y += math.tan(math.radians(self.hips)) * x * max(0.0, 1 + y / 220) * (y > -220)
        return self.spine((x, y))

    def body(self, points: Sequence[Point]) -> list[Point]:
        """Torso points, tilted at shoulders and hips and bent with the spine."""
        return [self._placed((p[0], p[1])) for p in points]

    def at(self, x: float, y: float) -> Point:
        return self._placed((x, y))

    def on_head(self, p: Point, head: Mapping[str, Any] | None = None, mirrored: bool = False) -> Point:
        """A point of the box of a head, which is that of the view if no other sits on the body."""
        head = head or self._head
        x, y = sub(p, head["pivot"])
        k = self._head_scale * float(head.get("scale", 1))
        return add(self.skull, turn((x * k * (-1 if mirrored else 1), y * k), self.head_turn))

    @staticmethod
    def raised(points: Sequence[Point], lifts: Sequence[tuple[int, float]]) -> list[Point]:
        """The points, some moved up: (index, dy) pairs."""
        out = list(points)
        for i, dy in lifts:
            out[i] = (out[i][0], out[i][1] + dy)
        return out

    def skirt(self, points: Sequence[Point]) -> list[Point]:
        """Points of a long garment: the top follows the torso, the hem swings."""
        out = []
        for x, y in points:
            if y <= -100:
                out.append(self._placed((x, y)))
                continue
            k = max(0.0, (y + 100) / 450)
            x *= 1 + (self.build - 1) * max(0.0, 1 - k)  # as wide as the body, as long as the legs
            out.append((x + self.swing * k**1.3, y - abs(self.swing) * 0.1 * k))
        return out

    def hair(self, d: str) -> Path:
        """Path data in the box of a head; what hangs below the eyes trails behind the movement and falls plumb."""
        swing = self.swing * 0.35
        fall = 130 * 0.6 * math.sin(math.radians(self.head_turn))
        if not (swing or fall):
            return data(d)

        def trail(x: float, y: float) -> Point:
            k = max(0.0, (y - 80) / 130)
            return (x + (swing + fall) * k**1.5, y - abs(swing) * 0.12 * k)

        return xf(data(d), trail)

    # -- joints
    def _leg(self, hip: Point, angles: Sequence[float], bones: Mapping[str, float], width: Any, short: float,
             foot: float | None, turned: bool) -> Leg:  # fmt: skip
        knee = add(hip, hanging(angles[0]), bones["thigh"] * short * float(self.pose.get("thigh", 1)))
        ankle = add(knee, hanging(angles[1]), bones["shin"] * short)
        lifted = max(0.0, -(angles[1] + 14)) if self.view != "front" else 0.0
        limb = Limb(hip, knee, ankle, width, JOINT, self._calf)
        drawn = float(self.pose.get("short", 1)) if short < 0.95 else 1.0
        toes = lifted if foot is None else float(foot)
        return Leg(hip, knee, ankle, limb, toes, abs(angles[0] - angles[1]), drawn, turned)

    def _arm(self, side: str, shoulder: Point, given: Any, bones: Mapping[str, float], width: Any,
             other_hand: str | None) -> Arm:  # fmt: skip
        x, y = shoulder[0] * self.build, shoulder[1] - self.shrug
        root = turn((x, y), self.tilt * 0.8, self._pivot)
        if isinstance(given, Mapping):
            touches = given.get("rests_on") == "head"  # the hand moves with the head, in whose box its wrist is given
            lift = float(given.get("lift", 0))
            s, e = self.spine(add(root, (0, lift))), self.at(*given["elbow"])
            x, y = given["wrist"]
            w = self.on_head((x, y)) if touches else self.at(x, y)
            kind, hand = str(given["hand"]), float(given["angle"]) - (self.head_turn if touches else self.lean * 0.6)
            over, flip, up = bool(given.get("over", True)), given.get("flip"), 0.0
        else:
            up = float(given[0])
            lift = -30 * max(0.0, min(1.0, (abs(up) - 60) / 80))  # a raised arm lifts its shoulder
            s = self.spine(add(root, (0, lift)))
            e = add(s, hanging(up), bones["upper"] * float(self.pose.get(f"upper_{side}", 1)))
            w = add(e, hanging(float(given[1])), bones["fore"] * float(self.pose.get(f"fore_{side}", 1)))
            hand, kind = float(given[2]), str(given[3])
            behind = side == "far" and self.view in ("34", "profile")
            over = given[4] == "over" if len(given) > 4 else not behind
            flip = self.pose.get(f"flip_{side}")
        kind = other_hand or kind
        if self.view == "back" or (self.view == "profile" and side == "near"):
            kind = str(self._shapes.get(kind, {}).get("outside", kind))
        raised = self.view == "34" and side == "near" and (abs(up) >= 100 or lift < -20)
        limb = Limb(s, e, w, width, ELBOW, loose=self._loose)
        bare = self._slides if limb.up and kind in ("fist", "point") and not self.over_head else 0.0
        w = limb.end(bare, 0) if bare else w
        return Arm(s, e, w, kind, 90 - hand, int(flip or self._flip(side, kind)), over, raised, limb, lift,
                   self._sleeve(side, limb, over, lift), side in self.pose.get("tucked", ()), bare)  # fmt: skip

    def _sleeve(self, side: str, limb: Limb, over: bool, lift: float) -> Sleeve:
        if side not in self._here.get("raglan", ()):
            return limb.sleeve(not over)
        neck, *pit = self._here["raglan"][side]
        pit = [(x * (1 + lift / 600), y + lift) for x, y in pit]  # a lifted shoulder takes the armpit with it
        neck, *pit = self.body([neck, *pit])
        return limb.raglan(neck, pit[0] if pit else None, 1 if side == "near" else -1, not over)

    def _flip(self, side: str, kind: str) -> int:
        """Which way round a hand is: a right hand is drawn as it is when one sees its back, mirrored when its inside.

        The near arm is the right one, but seen from behind the left one.
        """
        right = (side == "near") != (self.view == "back")
        shape = self._shapes.get(kind, {})
        return 1 if right != (shape.get("seen") == "inside" or shape.get("skin") == "palm") else -1
