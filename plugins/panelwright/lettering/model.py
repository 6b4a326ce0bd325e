"""What the lettering hands on: where every balloon stands."""

from __future__ import annotations

from dataclasses import dataclass

from panelwright.diagnostics import Diagnostic
from panelwright.drawing.model import Box

UNSPOKEN = {"narration": "Narration", "label": "Label", "sfx": "Sound", "code": "Code"}
"""Who speaks when nobody does, by kind of line: a reader who hears the page needs the kind in words."""


@dataclass(frozen=True)
class Placed:
    """One balloon, caption or label. A long speech may be several joined ones with the same ``order``.

    ``order``: which of the panel's lines it says. ``who``: the speaker, or the kind of words that nobody speaks.
    ``tip``: where the tail ends, if there is one.
    """

    order: int
    who: str
    box: Box
    style: str
    text: str
    tip: tuple[float, float] | None = None


@dataclass(frozen=True)
class Lettering:
    svg: str
    defs: str = ""
    placed: tuple[Placed, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Room:
    """How much height words need in a panel of a given width.

    ``top`` and ``bottom``: strips for captions and labels; ``speech``: the band of balloons, which lies
    under the top strip, or between a hologram and the heads below it. ``row``: the balloons' widths, in
    reading order, where they all hang in one row.
    """

    top: float
    bottom: float
    speech: float = 0.0
    row: tuple[float, ...] = ()

    @property
    def total(self) -> float:
        return self.top + self.bottom + self.speech
