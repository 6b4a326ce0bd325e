"""Shots: intentions, not coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FRAMINGS = ("full", "knees", "medium", "waist", "bust", "close")
WORDS = ("auto", "above", "beside", "below")
ARRANGEMENTS = ("auto", "beside", "above", "behind")
ZONES = ("auto", "above", "beside", "left", "middle", "right", "full", "bleed", "frame")


@dataclass(frozen=True)
class CastMember:
    """One figure. ``at``: centre as a share of the panel's width (None: the stage decides).

    ``size``: height share of the stage, for those that float; ``up``: height of their centre.
    ``look``: where the pupils go (x forward, y down), or whom or what they look at: a name, a hologram, ``reader``.
    ``eyes``: an eye line of their own, see ``Shot``, for those who stand lower or higher than the others.
    ``breaks``: they reach over the panel's frame into the gutter. ``behind``: they float behind those who stand.
    ``light``: a strong light of their own instead of the shot's; ``back``: the colour of a thin line of light
    round them on the side away from it. Names of the palette or colours.
    """

    who: str
    pose: str = ""
    expression: str = ""
    at: float | None = None
    framing: str = "medium"
    facing: str = ""
    view: str = ""
    head: str = ""
    head_turned: bool = False
    look: tuple[float, float] | str | None = None
    hands: Mapping[str, str] = field(default_factory=dict, hash=False)
    holding: str = ""
    over: Mapping[str, Any] = field(default_factory=dict, hash=False)
    orbs: int = 0
    size: float = 0.62
    up: float | None = None
    eyes: float | None = None
    breaks: bool = False
    behind: bool = False
    light: str = ""
    back: str = ""


@dataclass(frozen=True)
class Hologram:
    """A diagram of light. ``share``: of the stage's height (above) or width (beside) it takes.

    ``zone``: "above" or "beside" the people; "left", "middle" or "right": a share of the width, as high as the frame
    where the shot names an eye line; "full"; "bleed": to the panel's edges; "frame": behind the words too.
    ``data``: name of the benchmark file that it plots, without ``.json``; else the first that has the numbers.
    ``turn``: degrees by which its sheet is turned about an upright axis, its right edge away from the reader.
    """

    template: str
    zone: str = "auto"
    share: float = 0.6
    opts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    front: bool = False
    data: str = ""
    turn: float = 0.0


@dataclass(frozen=True)
class Shot:
    """A directed panel. ``light``: a palette name; ``light_from``: left, right or front.

    ``words``: where balloons find room. "above" the heads, "beside" them and over the hologram, or "below"
    the hologram beside the bodies; "auto": beside where they fit between the heads, else above.
    ``eyes``: where the eyes of those who stand lie, as a share of the frame's height from the top; the
    framing then says how large they are, and words stand beside the heads. None: as ``words`` says.
    """

    panel: int
    set: str = "studio"
    light: str = "cyan"
    frame: str = "normal"
    arrange: str = "auto"
    words: str = "auto"
    camera: Mapping[str, Any] = field(default_factory=dict, hash=False)
    opts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    cast: tuple[CastMember, ...] = ()
    holograms: tuple[Hologram, ...] = ()
    depicts: tuple[str, ...] = ()
    breathing: float = 0.0
    height: float = 0.0
    eyes: float | None = None
