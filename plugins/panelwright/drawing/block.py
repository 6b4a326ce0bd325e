"""Blocking: where figures and holograms stand in a frame, with the room for words kept free.

All lengths in drawing units (those of the page edition). The words' strips at the top and the bottom
come from the lettering; between them lies the stage. The eyes of standing adults lie on the horizon.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from panelwright.drawing.figure_model import Figure
from panelwright.drawing.model import Box
from panelwright.staging.direct import default_at
from panelwright.staging.model import CastMember, Hologram, Shot

UNIT = 0.001525  # metres per figure unit
EYE = 1.72 / UNIT  # figure units from the ground to the horizon
HEADROOM = 14.0
AIR = 16.0  # between the frame and a head or a hand
HIGH = 10.0  # heads beside their balloons: this far below the hologram
RISES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # shares of the balloons' band under which heads may begin
ROOM = 50.0  # that a balloon needs beside a head: air and the width of its tail
AFLOAT, BEHIND = 0.5, 99.0  # metres: what floats is drawn before those who stand, or behind them


class Standing(NamedTuple):
    """A placed figure: ground point, scale, and its depth from the camera in metres."""

    member: CastMember
    figure: Figure
    x: float
    y: float
    scale: float
    depth: float

    def to_panel(self, x: float, y: float) -> tuple[float, float]:
        return self.x + x * self.scale, self.y + y * self.scale

    @property
    def box(self) -> Box:
        b = self.figure.bounds
        return Box(self.x + b.x * self.scale, self.y + b.y * self.scale, b.w * self.scale, b.h * self.scale)


class Blocking(NamedTuple):
    horizon: float
    focal_length: float
    standing: tuple[Standing, ...]
    holograms: tuple[tuple[Hologram, Box], ...]
    stage: Box
    band: float  # y of the room kept for balloons


def block(
    shot: Shot,
    figures: Sequence[tuple[CastMember, Figure]],
    aspects: Sequence[tuple[float, float]],
    w: float,
    h: float,
    top: float,
    speech: float,
    bottom: float,
    row: Sequence[float],
    f: float,
) -> Blocking:
    """Place everything. ``aspects``: for each hologram the least and greatest width/height it can fill.

    The balloons' band ``speech`` lies under the top strip; when a hologram floats above people it lies
    between the two. Where balloons ``row`` wide find room beside the heads, the heads rise into the band:
    people are larger and tails shorter.
    """
    people = [(m, fig) for m, fig in figures if m.up is None]
    floating = [(m, fig) for m, fig in figures if m.up is not None]
    mode = shot.arrange
    if mode == "auto":
        mode = "beside" if w > h or not people else "above"
    if mode == "above" and people and shot.holograms:
        # beside a head at the side there is room for one balloon
        at = people[0][0].at
        aside = len(people) == 1 and (at is None or abs(at - 0.5) > 0.14)
        kept = speech * (0.5 if aside else 0.85)
        stage = Box(0, top, w, max(80.0, h - top - bottom - kept))
        share = shot.holograms[0].share
        band = stage.y + stage.h * share
        ground = Box(0, band + kept, w, stage.h * (1 - share))
        high = Box(0, band + HIGH, w, ground.h + kept - HIGH)
    else:
        low = shot.words == "below"
        over = shot.words == "beside" and not people  # balloons of those who float find room in the picture
        kept = 0.0 if over else speech
        stage = Box(0, top + (0 if low else kept), w, max(80.0, h - top - kept - bottom))
        ground, band = stage, stage.y1 if low else top
        high = Box(0, top, w, stage.h + speech)
    beside = mode == "beside" and bool(shot.holograms)

    def stand(on: Box) -> tuple[float, list[Standing]]:
        return _stand(people, on, w, h, bottom, f * w, bool(shot.holograms), beside, shot.eyes)

    tall = stage
    words = shot.words if row or shot.words != "auto" else "above"
    if shot.eyes is not None:  # words stand beside the heads, and a hologram at one side is as tall as the frame
        tall = Box(0, top, w, max(80.0, h - top - bottom))
        horizon, standing = stand(tall)
    else:
        horizon, standing = stand(ground if words == "above" else high)
        if words == "auto":
            for down in RISES:  # as high as the balloons let the heads rise
                at = high.y + (ground.y - high.y) * down
                horizon, standing = stand(Box(0, at, w, ground.y1 - at))
                if _fits_beside(standing, row, w, high.y + speech):
                    break
    holes = _hologram_boxes(shot, mode, stage, tall, standing, aspects, w, h)
    standing += [_float(m, fig, stage, w) for m, fig in floating]
    if not people:
        horizon = stage.y + stage.h * 0.52
    return Blocking(horizon, f * w, tuple(standing), tuple(zip(shot.holograms, holes, strict=False)), stage, band)


def _stand(
    people: Sequence[tuple[CastMember, Figure]],
    ground: Box,
    w: float,
    h: float,
    bottom: float,
    f: float,
    holo: bool,
    beside: bool,
    eyes: float | None,
) -> tuple[float, list[Standing]]:
    """People on the floor: the largest sets the horizon, the others follow in perspective.

    Where the eye line is given, each is as large as the framing and the room over the head allow.
    """
    if not people:
        return 0.0, []
    floor = h - bottom * 0.55  # a caption at the bottom may stand before legs
    wanted = []
    for m, fig in people:
        head = fig.eye_y - (fig.face[1] - fig.face[2])  # eyes to the top of the hair; raised arms may rise higher
        cut = fig.cuts.get(m.framing, fig.cuts.get("medium", -600.0))
        foot = 0.06 * h if m.framing == "full" else 0.0
        span = head + (cut - fig.eye_y)
        room = floor - foot - ground.y - HEADROOM
        slot = w * (0.5 if len(people) == 1 else 0.84 / len(people)) if beside else w * (1.1 / len(people))
        size = min(room / span, slot / max(1.0, fig.bounds.w))
        if len(people) == 1 and m.at is None:  # nobody said where: with both hands
            left, right = _reach(fig, cut)
            size = min(size, (w - 2 * AIR) / (right - left))
        wanted.append((size, head, cut, foot))
    lead = max(range(len(people)), key=lambda i: wanted[i][0])
    scale, head, _, _ = wanted[lead]
    horizon = ground.y + HEADROOM + head * scale if eyes is None else eyes * h
    out = []
    for i, (m, fig) in enumerate(people):
        s, head_i, cut, foot = wanted[i]
        line = horizon if m.eyes is None else m.eyes * h
        if eyes is not None or m.eyes is not None:
            s = max(0.2, min((floor - foot - line) / max(60.0, cut - fig.eye_y), (line - ground.y - HEADROOM) / head_i))
        elif i != lead:
            # feet and cut where the framing wants them, eyes on the common horizon
            s = min(scale, max(0.2, (floor - foot - horizon) / max(60.0, cut + EYE)))
            s = min(s, (horizon - ground.y - HEADROOM * 0.5) / head_i)
        at = m.at if m.at is not None else default_at(i, len(people), holo)
        half = fig.bounds.w * s / 2
        x = at * w
        middle = fig.face[0] * s
        # the head stays inside the frame, the body may be cut by it
        reach = fig.face[2] * s + AIR
        x = min(max(x, reach - middle), w - reach - middle) if half * 2 < w * 1.4 else x
        left, right = _reach(fig, cut)
        if len(people) == 1 and m.at is None and (right - left) * s <= w - 2 * AIR + 0.1:
            x = min(max(x, AIR - left * s), w - AIR - right * s)
        out.append(Standing(m, fig, x, line - fig.eye_y * s if m.eyes is not None or eyes is not None
                            else line + EYE * s, s, f * UNIT / s))  # fmt: skip
    return horizon, out


def _reach(fig: Figure, cut: float) -> tuple[float, float]:
    """How far the head and the hands over the cut reach to the left and to the right of the ground point."""
    seen = [(x, r) for x, y, r in (fig.face, *(hand for hand in fig.hands if hand[1] < cut))]
    return min(x - r for x, r in seen), max(x + r for x, r in seen)


def _float(m: CastMember, fig: Figure, stage: Box, w: float) -> Standing:
    size = min(stage.h * m.size / fig.bounds.h, w * 0.94 * min(1.0, m.size * 1.5) / fig.bounds.w)
    at = 0.5 if m.at is None else m.at
    cy = stage.y + stage.h * (1 - (0.5 if m.up is None else m.up))
    b = fig.bounds
    half_h, half_w = b.h * size / 2, b.w * size / 2
    cx = at * w
    if not m.breaks:
        cy = min(max(cy, stage.y + half_h + 4), max(stage.y + half_h + 4, stage.y1 - half_h - 4))
        cx = min(max(cx, half_w + 12), max(half_w + 12, w - half_w - 12))
    depth = BEHIND if m.behind else AFLOAT
    return Standing(m, fig, cx - (b.x + b.w / 2) * size, cy - (b.y + b.h / 2) * size, size, depth)


def _fits_beside(standing: Sequence[Standing], row: Sequence[float], w: float, down_to: float) -> bool:
    """Whether balloons of these widths hang between heads and raised hands, in reading order."""
    taken = []
    for s in standing:
        x, y, r = s.figure.face
        deep = down_to / s.scale - s.y / s.scale - (y - r)  # how far the round head reaches into their band
        half = r if deep >= r else math.sqrt(max(0.0, r * r - (r - deep) ** 2))
        taken.append((s.x + (x - half) * s.scale, s.x + (x + half) * s.scale))
        for hx, hy, hr in s.figure.hands:
            if s.y + (hy - hr) * s.scale < down_to and hy < y + r:
                taken.append((s.x + (hx - hr) * s.scale, s.x + (hx + hr) * s.scale))
    gaps = []
    at = 0.0
    for x0, x1 in sorted(taken):
        gaps.append(x0 - at)
        at = max(at, x1)
    gaps.append(w - at)
    k, free = 0, gaps[0] - ROOM
    for width in row:
        while free < width:
            k += 1
            if k == len(gaps):
                return False
            free = gaps[k] - ROOM
        free -= width + ROOM / 3
    return True


def _hologram_boxes(
    shot: Shot,
    mode: str,
    stage: Box,
    tall: Box,
    standing: Sequence[Standing],
    aspects: Sequence[tuple[float, float]],
    w: float,
    h: float,
) -> list[Box]:
    pad = 30.0
    inner = Box(pad, stage.y + pad * 0.6, w - 2 * pad, max(60.0, stage.h - pad * 1.2))
    boxes = []
    above = [i for i, holo in enumerate(shot.holograms) if holo.zone in ("auto", "above")]
    n = len(above)
    for i, holo in enumerate(shot.holograms):
        zone = holo.zone
        if zone == "auto" or (zone in ("beside", "above") and not (mode == "behind" and standing)):
            zone = "full" if not standing else mode
        if zone == "above":
            box = Box(inner.x, inner.y, inner.w, stage.h * holo.share - pad * 1.2)
        elif zone == "beside":
            x0, x1 = _gap(standing, inner)
            box = Box(x0, inner.y, x1 - x0, inner.h)
        elif zone in ("left", "middle", "right"):
            wide = inner.w * holo.share
            x = inner.x + (inner.w - wide) * {"left": 0.0, "middle": 0.5, "right": 1.0}[zone]
            box = Box(x, tall.y + pad * 0.6, wide, tall.h - pad * 1.2)
        elif zone == "bleed":
            box = Box(0, stage.y - pad, w, stage.h + pad * 2)
        elif zone == "frame":  # behind the words too
            box = Box(0, 0, w, h)
        else:  # full, behind
            box = inner
        if n > 1 and holo.zone in ("auto", "above") and mode == "above":
            box = Box(box.x + box.w / n * above.index(i), box.y, box.w / n - pad / 2, box.h)
        boxes.append(_fit(box, aspects[i] if i < len(aspects) else (0.2, 5.0)))
    return boxes


def _gap(standing: Sequence[Standing], inner: Box) -> tuple[float, float]:
    """The widest stretch of the stage that nobody covers; fingertips touch its edge.

    Where that is too narrow, arms may reach in as far as needed, heads and trunks may not.
    """
    near = [(inner.x, inner.x)]
    far = [(inner.x, inner.x)]
    for s in sorted(standing, key=lambda s: s.x):
        cx, r = s.x + s.figure.face[0] * s.scale, s.figure.face[2] * s.scale * 1.15
        near.append((cx - r, cx + r))
        far.append((min(cx - r, s.box.x + 0.04 * s.box.w), max(cx + r, s.box.x1 - 0.04 * s.box.w)))
    near.append((inner.x1, inner.x1))
    far.append((inner.x1, inner.x1))
    k = max(range(len(near) - 1), key=lambda k: near[k + 1][0] - near[k][1])
    widest, clear = (near[k][1], near[k + 1][0]), (far[k][1], far[k + 1][0])
    wanted = min(widest[1] - widest[0], inner.w * 0.46)
    lack = wanted - (clear[1] - clear[0])
    if lack > 0:
        slack = (widest[1] - widest[0]) - (clear[1] - clear[0])
        t = min(1.0, lack / slack) if slack > 0 else 0.0
        clear = (clear[0] + (widest[0] - clear[0]) * t, clear[1] + (widest[1] - clear[1]) * t)
    best = clear
    if best[1] - best[0] < inner.w * 0.3:
        middle = (best[0] + best[1]) / 2
        return max(inner.x, middle - inner.w * 0.2), min(inner.x1, middle + inner.w * 0.2)
    return best[0] + 10, best[1] - 10


def _fit(box: Box, aspect: tuple[float, float]) -> Box:
    """The largest box with an allowed aspect in the middle of the box."""
    ratio = box.w / box.h
    if ratio > aspect[1]:
        width = box.h * aspect[1]
        return Box(box.cx - width / 2, box.y, width, box.h)
    if ratio < aspect[0]:
        height = box.w / aspect[0]
        return Box(box.x, box.y + (box.h - height) / 2, box.w, height)
    return box
