"""Editions and frames: where each panel stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Edition:
    """Sizes in the edition's own units. ``text``: size of balloon lettering; ``caption``: of captions.

    ``live``: least distance of words from the frame. ``least_text``: no text is smaller.
    """

    name: str
    width: float
    height: float | None
    margin: float
    gutter: float
    text: float
    caption: float
    least_text: float
    live: float
    scale: float  # units of this edition per unit of the page edition's drawing (line weights)


# US comic, 6.625 x 10.25 in. 39 units are 11.6 pt.
PAGE = Edition("page", 1600, 2475, 46, 30, 39, 36, 27, 18, 1.0)
# One panel under another; drawn at 2.4 units of the page edition to one of its own.
PHONE = Edition("phone", 390, None, 10, 15, 16.5, 16, 15, 7, 1 / 2.4)
EDITIONS = {e.name: e for e in (PAGE, PHONE)}


@dataclass(frozen=True)
class Frame:
    """A panel's frame on its page, in the edition's units."""

    panel: int
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class PageLayout:
    edition: Edition
    width: float
    height: float
    frames: tuple[Frame, ...]
