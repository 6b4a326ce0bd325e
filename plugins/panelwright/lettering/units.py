"""What is placed as one: a caption, a label, or a speech with its joined parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from panelwright.assets import Assets
from panelwright.layout.model import Edition
from panelwright.lettering.breaking import Block, break_box, break_lozenge, break_rows, split_speech
from panelwright.lettering.styles import BESIDE, Style, style_for
from panelwright.script.model import Line, LineKind

MOST_WORDS = 25  # in one balloon


class Form(NamedTuple):
    """One way to set a unit: blocks with the offset of each block's centre from the unit's centre."""

    blocks: tuple[Block, ...]
    offsets: tuple[tuple[float, float], ...]
    w: float
    h: float
    cost: float

    def middles(self, x: float, y: float) -> list[tuple[float, float]]:
        """Centres of the blocks where the unit's left top corner is at (x, y)."""
        cx, cy = x + self.w / 2, y + self.h / 2
        return [(cx + dx, cy + dy) for dx, dy in self.offsets]


class Unit(NamedTuple):
    """``role``: "top" or "bottom" strip, "label", or "speech" (placed freely near its speaker)."""

    line: Line
    order: int
    style: Style
    role: str
    forms: tuple[Form, ...]


def units(lines: Sequence[Line], width: float, edition: Edition, assets: Assets) -> list[Unit]:
    """All lines of a panel that wide, in reading order.

    Narration before a later speech stands at the top, the rest at the bottom; labels stand at the top.
    """
    out = []
    last_speech = max((i for i, line in enumerate(lines) if line.kind in BESIDE), default=-1)
    inner = width - 2 * edition.live
    for i, line in enumerate(lines):
        style = style_for(line, assets)
        size = style.text_size(edition)
        if line.kind in BESIDE:
            out.append(Unit(line, i, style, "speech", _speech_forms(line, style, size, inner)))
        elif line.kind is LineKind.LABEL:
            out.append(Unit(line, i, style, "label", (_single(break_box(line.text, style, size, inner)),)))
        elif line.kind in (LineKind.CODE, LineKind.CHAT):
            out.append(Unit(line, i, style, "speech", (_single(break_rows(line.text, style, size, inner)),)))
        elif line.kind is LineKind.SFX:
            out.append(Unit(line, i, style, "speech", (_single(break_box(line.text, style, size, inner * 0.8)),)))
        else:
            block = break_box(line.text, style, size, inner if width < 1000 * edition.scale else inner * 0.62)
            out.append(Unit(line, i, style, "top" if i < last_speech else "bottom", (_single(block),)))
    return out


def _single(block: Block) -> Form:
    return Form((block,), ((0.0, 0.0),), block.w, block.h, block.cost)


def _speech_forms(line: Line, style: Style, size: float, inner: float) -> tuple[Form, ...]:
    parts = split_speech(line.text, MOST_WORDS)
    if len(parts) == 1:
        every = break_lozenge(line.text, style, size)
        return tuple(_single(b) for b in every if b.w <= inner) or (_single(min(every, key=lambda b: b.w)),)
    choices = []
    at = 0
    for part in parts:
        every = break_lozenge(part, style, size)
        fitting = [b for b in every if b.w <= inner] or [min(every, key=lambda b: b.w)]
        choices.append([b._replace(starts=tuple(at + s for s in b.starts)) for b in fitting])
        at += len(part) + 1
    forms = []
    for rank in range(min(3, min(len(c) for c in choices))):
        blocks = tuple(c[rank] for c in choices)
        forms += [_stack(blocks, size, lean, style.lap) for lean in (0.18, -0.18)]
    return tuple(forms)


def _stack(blocks: tuple[Block, ...], size: float, lean: float, lap: float) -> Form:
    """Joined balloons one under another, each a little to the side of the one before, ``lap`` ems over it."""
    y = 0.0
    places = []
    for i, b in enumerate(blocks):
        places.append((lean * b.a * (1 if i % 2 else -1), y + b.b))
        y += b.h - size * lap
    h = y + size * lap
    left = min(p[0] - b.a for p, b in zip(places, blocks, strict=True))
    right = max(p[0] + b.a for p, b in zip(places, blocks, strict=True))
    mid = (left + right) / 2
    offsets = tuple((x - mid, cy - h / 2) for x, cy in places)
    return Form(blocks, offsets, right - left, h, sum(b.cost for b in blocks))
