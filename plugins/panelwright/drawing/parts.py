"""Where the parts of a drawn body are that a staging may name: see ``staging.places``. In figure units."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from panelwright.drawing.figure_model import Spot
from panelwright.drawing.rig import Arm, Rig
from panelwright.svg.path import Point

FINGER = 8.5  # half the breadth of a finger, in hand units
LONG = 0.84  # of the longest finger: those at least as long are held out
SCREEN = (97.0, -37.0)  # middle of the tablet that a hand shows, in hand units
BACK = (78.0, -41.0)  # of the one that is held before the chest, from the near wrist
SCREEN_HALF = 48.0


class Body(NamedTuple):
    """A figure of the rig. ``out``: from the rig's space to the figure's; ``palms``: middle and radius by side."""

    rig: Rig
    shapes: Mapping[str, Any]
    size: float
    out: Callable[[Point], Point]
    head: Spot
    eyes: Spot
    mouth: Spot
    palms: Mapping[str, Spot]

    def spots(self, part: str) -> tuple[Spot, ...]:
        """None where the body has no such part as it stands there; several from left to right."""
        match part.split():
            case [] | ["head"]:
                return (self.head,)
            case ["eyes"]:
                return (self.eyes,)
            case ["mouth"]:
                return (self.mouth,)
            case ["tablet"]:
                return self._tablet()
            case ["seat"]:
                return self._seat() if self.rig.seat else ()
            case ["hands"]:
                return _in_order(self.palms.values())
            case ["hand"] | [_, "hand"]:
                return tuple(self.palms[side] for side in self._sides(part))
            case ["finger"] | [_, "finger"]:
                return tuple(max(tips, key=_reach)[1] for side in self._sides(part) if (tips := self._tips(side)))
            case ["fingers"]:
                tips = [tip for side in self._sides(part) for tip in self._tips(side)]
                far = max((_reach(tip) for tip in tips), default=0)
                return _in_order(spot for reach, spot in tips if reach > LONG * far)
            case ["grip"] | [_, "grip"]:
                return tuple(self._of_hand(side, *_pinch(self._shape(side))) for side in self._sides(part))
        return ()

    def _sides(self, part: str) -> list[str]:
        """The hand that is named, else the one held higher."""
        sides = [side for side in self.palms if part.startswith(side)]
        return sides or sorted(self.palms, key=lambda side: self.palms[side].y)[:1]

    def _shape(self, side: str) -> Mapping[str, Any]:
        shape: Mapping[str, Any] = self.shapes.get(self.rig.arms[side].hand, {})
        return shape

    def _of_hand(self, side: str, x: float, y: float, r: float) -> Spot:
        return Spot(*self.out(on_hand(self.rig.arms[side], self.size, x, y)), r * self.size)

    def _tips(self, side: str) -> list[tuple[float, Spot]]:
        """Of every finger: how far it reaches from the wrist, and its tip. Outlines are a run to a finger."""
        out = []
        for run in self._shape(side).get("outline", ()):
            x, y = max(run, key=lambda p: math.hypot(*p))
            out.append((math.hypot(x, y), self._of_hand(side, x, y, FINGER)))
        return out

    def _tablet(self) -> tuple[Spot, ...]:
        for side in self.palms:
            if "device" in self._shape(side):
                return (self._of_hand(side, *SCREEN, SCREEN_HALF),)
        if not self.rig.grip:
            return ()
        x, y = self.rig.arms["near"].wrist
        return (Spot(*self.out((x + BACK[0], y + BACK[1])), SCREEN_HALF),)

    def _seat(self) -> tuple[Spot, ...]:
        """Under the thighs, from the hips to the knees."""
        ends = [self.out(p) for leg in self.rig.legs.values() for p in (leg.hip, leg.knee)]
        left, right = min(x for x, _ in ends), max(x for x, _ in ends)
        low = max(y for _, y in ends[::2]) + max(leg.limb.half[0] for leg in self.rig.legs.values())
        return (Spot((left + right) / 2, low, (right - left) / 2),)


def on_hand(arm: Arm, size: float, x: float, y: float) -> Point:
    """A point of the space in which art/hands.yaml draws, in the rig's."""
    a = math.radians(arm.angle)
    x, y = x * size, y * size * arm.flip
    return arm.wrist[0] + x * math.cos(a) - y * math.sin(a), arm.wrist[1] + x * math.sin(a) + y * math.cos(a)


def _pinch(shape: Mapping[str, Any]) -> tuple[float, float, float]:
    """Under the end of the thumb that lies in front, else the middle of the hand."""
    for over in shape.get("front", ()):
        x, y = max((p for run in over["outline"] for p in run), key=lambda p: p[0])
        return x, y, FINGER
    return 60.0, 0.0, FINGER


def robot_spots(head: Spot, eyes: Spot, mouth: Spot, hands: Sequence[Spot]) -> Callable[[str], tuple[Spot, ...]]:
    """A robot's: the whole of it is its body; it has hands, but no fingers to speak of."""

    def spots(part: str) -> tuple[Spot, ...]:
        if part == "hands":
            return _in_order(hands)
        if part == "hand":
            return tuple(sorted(hands, key=lambda s: s.y)[:1])
        whole = {"": head, "head": head, "eyes": eyes, "mouth": mouth}.get(part)
        return (whole,) if whole else ()

    return spots


def _reach(tip: tuple[float, Spot]) -> float:
    return tip[0]


def _in_order(spots: Any) -> tuple[Spot, ...]:
    return tuple(sorted(spots))
