"""Draws the human cast: a pose on a skeleton, dressed by the templates of ``svg_templates/figures/<who>/``."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from panelwright.assets import Assets
from panelwright.cache import memo
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.drawing import cast
from panelwright.drawing.cast import cast_names, find_pose, pose_names
from panelwright.drawing.figure_model import MARKED, Figure, Spot
from panelwright.drawing.model import Box
from panelwright.drawing.parts import Body
from panelwright.drawing.rig import Rig
from panelwright.svg import curves
from panelwright.svg.canvas import Canvas, base36
from panelwright.svg.ink import Ink, compact
from panelwright.svg.path import Point
from panelwright.svg.templates import render

__all__ = ["FigureSpec", "cast_names", "draw_figure", "find_pose", "pose_names"]

VERBS: dict[str, Any] = {
    "spline": curves.spline, "data": curves.data, "to": curves.to, "add": curves.add,
    "sub": curves.sub, "unit": curves.unit, "between": curves.between, "turn": curves.turn, "thin": curves.thin,
    "samples": curves.samples, "normals": curves.normals, "brush": curves.brush, "sum": sum,
}  # fmt: skip


EYES = 120.0  # where the templates draw them in the box of a head


@dataclass(frozen=True, eq=False)
class FigureSpec:
    """Whom to draw and how. Two specs with the same content are equal.

    ``view``: 34, front, profile, back, or auto (the first view the pose lives in). ``head``: another view
    of the head on this body; ``head_turned`` mirrors it. ``look``: where the pupils go, x forward, y down,
    about -6..6; ``aim``: where they go when neither it nor the expression says. ``rim``: colour of the light,
    which comes from the ``front`` (the side faced) or ``back``. ``hands``: near/far -> a shape of art/hands.yaml.
    ``strong``: it models the whole body, light and dark; ``back``: colour of a line of light on the other side.
    ``over``: entries that replace those of the pose.
    """

    who: str
    view: str = "auto"
    pose: str = "stand"
    expression: str = "calm"
    facing: str = "right"
    head: str | None = None
    head_turned: bool = False
    look: tuple[float, float] | None = None
    rim: str = "#7FEAFF"
    light_from: str = "front"
    strong: bool = False
    back: str = ""
    hands: Mapping[str, str] = field(default_factory=dict)
    holding: str = "none"
    over: Mapping[str, Any] = field(default_factory=dict)
    mouth_open: bool | None = None
    aim: tuple[float, float] | None = None

    @property
    def key(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FigureSpec) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@memo
def draw_figure(assets: Assets, spec: FigureSpec) -> Figure:
    """The figure as one symbol; the same content gives the same object.

    Raises AuthorError for an unknown name, pose, expression, view or hand, and for a broken template.
    """
    who = cast.member(assets, spec.who)
    face = cast.expression(assets, spec.expression or "calm")
    acting = str(who.get("acts_as", who["name"]))
    view, pose = cast.pose(assets, spec.pose or "stand", spec.view, acting)
    head = who["heads"][_one_of("view", spec.head or view, cast.VIEWS)]
    pose = {**pose, **spec.over}
    shapes = cast.hands(assets)
    if spec.holding == "tablet" and view == "34" and not _holds_tablet(pose, spec, shapes):
        grip = cast.pose(assets, "hold_tablet", view, acting)[1]
        pose |= {k: grip[k] for k in ("near", "far", "grip")}
    rig = Rig(who, view, pose, spec.hands, shapes, float(face.get("tilt", 0)) * (-1 if spec.head_turned else 1))
    for arm in rig.arms.values():
        if arm.hand != "none":
            _one_of("hand", arm.hand, shapes)

    # where a bust is cut is no part of the drawing: both editions of a page share one symbol
    drawn = replace(spec, over={k: v for k, v in spec.over.items() if k != "bust"})
    symbol = "f" + base36(int(hashlib.sha256(drawn.key.encode()).hexdigest()[:8], 16) % 36**5)
    ink = Ink(symbol, spec.rim or None, 1 if spec.light_from == "front" else -1, back=spec.back or None)
    # a strong light's colour is on the edges: over whole garments it would be their dye
    dark, lit, k = (0.46, 0.07, 0.8) if spec.strong else (0.36, 0.22, 1)
    washes = ink.add_wash("body", -160 * k, 50, 160 * k, -20, dark, lit)
    washes += ink.add_wash("head", -10, 150, 215, 90, dark - 0.02, lit if spec.strong else 0.32)
    ink.wash("body")
    mouth = face["speaking"] if spec.mouth_open else face["mouth"]
    look = spec.look or _gaze(face, spec.aim, spec.head or view)
    body = render(
        assets, f"figures/{who['template']}/figure-{view}.svg.j2", Canvas(symbol),
        ink=ink, rig=rig, who=who, k=_lit(who["colours"], spec.rim), face=face, mouth=mouth, look=look, shapes=shapes,
        head_view=spec.head or view, head=head, mirror=-1 if spec.facing == "left" else 1,
        head_flip=-1 if spec.head_turned else 1, holding=spec.holding, strong=spec.strong, **VERBS,
    )  # fmt: skip
    side = -1 if spec.facing == "left" else 1
    move = ("scale(-1 1) " if side < 0 else "") + f"translate(0 {-rig.ground:.1f})"
    joints = 'stroke-linejoin="round" stroke-linecap="round"'
    svg = compact(f'<g id="{symbol}" {joints}><g transform="{move}">{washes}{ink.contour()}{body}</g></g>')
    over = ink.held_over and compact(f'<g id="{symbol}-over" {joints}><g transform="{move}">{ink.held_over}</g></g>')
    plain = MARKED.sub(r"\2", svg)
    tops = tuple(round(y - rig.ground, 1) for y in ink.tops)
    figure = _figure(symbol, plain, rig, ink, who, head, spec.head_turned, side, shapes)
    return figure._replace(over=over, marked=svg, tops=tops)


SOLE = 38.0  # from the ankle to the middle of the sole, seen from the side
ROOM = {"skin": 0.06, "palm": 0.06, "hair": 0.12, "sleeve": 0.16, "pocket": 0.16}


def _lit(colours: Mapping[str, Any], light: str) -> dict[str, Any]:
    """The colours with the room's light on those of ``ROOM``, as a filter: all of it in a shade, a third elsewhere."""
    if not light:
        return dict(colours)
    hue = [int(light[i : i + 2], 16) / 255 for i in (1, 3, 5)]

    def through(colour: str, share: float) -> str:
        parts = (int(colour[1 + 2 * i : 3 + 2 * i], 16) * (1 - share + share * h) for i, h in enumerate(hue))
        return "#" + "".join(f"{round(v):02X}" for v in parts)

    out = dict(colours)
    for name, share in ROOM.items():
        if name in out:
            out[name] = {
                tone: through(c, share if tone in ("shade", "deep", "fold") else share / 3)
                if tone in ("base", "shade", "light", "deep", "fold") else c
                for tone, c in out[name].items()
            }  # fmt: skip
    return out


def _gaze(face: Mapping[str, Any], aim: Point | None, head: str) -> Point:
    """An averted face keeps its eyes where it has them; from the front people look at the reader."""
    x, y = (float(v) for v in face["look"])
    if head == "front":
        return (0.0, y * 0.8)
    return (x, y) if face.get("averted") or aim is None else aim


def _holds_tablet(pose: Mapping[str, Any], spec: FigureSpec, shapes: Mapping[str, Any]) -> bool:
    if pose.get("grip"):
        return True
    kinds = {spec.hands.get(s) or (a["hand"] if isinstance(a := pose[s], Mapping) else a[3]) for s in ("near", "far")}
    return any("device" in shapes.get(kind, {}) for kind in kinds)


def _one_of(kind: str, word: str, known: Any) -> str:
    if word in known:
        return word
    hint = did_you_mean(word, known) or f"known: {', '.join(known)}"
    raise AuthorError(Diagnostic("art", 0, 0, "error", f"{kind}-unknown", f"there is no {kind} {word!r}", hint))


def _figure(symbol: str, svg: str, rig: Rig, ink: Ink, who: Mapping[str, Any], head: Mapping[str, Any],
            turned: bool, side: int, shapes: Mapping[str, Any]) -> Figure:  # fmt: skip
    scale = float(who["head_scale"]) * float(head.get("scale", 1))

    def out(p: Point) -> Point:
        return (round(p[0] * side, 1), round(p[1] - rig.ground, 1))

    def on_head(p: Point) -> Point:
        return out(rig.on_head(p, head, turned))

    x0, y0, x1, y1 = ink.extent()
    left, right = sorted((round(x0 * side, 1), round(x1 * side, 1)))  # rounded first: mirrored, they stay the same
    box = Box(left, round(y0 - rig.ground, 1), round(right - left, 1), round(y1 - y0, 1))
    centre = on_head(tuple(head["centre"]))
    reach = 60 * float(who["hand_scale"])
    palms = {}
    for name, arm in rig.arms.items():
        if arm.hand != "none":
            a = math.radians(arm.angle)
            x, y = out((arm.wrist[0] + reach * math.cos(a), arm.wrist[1] + reach * math.sin(a)))
            palms[name] = Spot(x, y, round(reach * 1.1, 1))
    if rig.grip:  # the far hand, whose fingers wrap the tablet's edge
        x, y = rig.arms["far"].wrist
        palms["far"] = Spot(*out((x - 14, y - 48)), round(reach * 0.8, 1))

    def level(y: float) -> float:
        return out(rig.at(0, y))[1]

    sole = SOLE if rig.view in ("34", "profile") else 0.0
    feet = tuple(out((leg.ankle[0] + (0.0 if leg.turned else sole), 0))[0] for leg in rig.legs.values())
    knees = max(leg.knee[1] for leg in rig.legs.values()) - rig.ground
    cuts = {"full": 0.0, "knees": round(knees - 10, 1), "medium": level(-8), "waist": level(-135),
            "bust": level(float(rig.pose.get("bust", -225))), "close": level(-340)}  # fmt: skip
    mouth, eyes = on_head(tuple(head["mouth"])), on_head((head["mouth"][0], EYES))
    radius = round(float(head["radius"]) * scale, 1)
    body = Body(rig, shapes, float(who["hand_scale"]), out, Spot(*centre, radius), Spot(*eyes, radius / 2),
                Spot(*mouth, radius / 6), palms)  # fmt: skip
    return Figure(symbol, svg, mouth, on_head(tuple(head["front"])), (*centre, radius),
                  on_head((head["pivot"][0], EYES))[1], -box.y, box, tuple(palms.values()), cuts, feet,
                  spots=body.spots)  # fmt: skip
