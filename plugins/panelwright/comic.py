"""Puts it together: a storyboard becomes a comic. ``compose`` is the one way in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from panelwright.diagnostics import Diagnostic
from panelwright.layout.model import Frame
from panelwright.lettering.model import Placed
from panelwright.script.model import Storyboard


@dataclass(frozen=True)
class Region:
    """One panel on a plate: where it stands, what is said where, and what is to be seen."""

    panel: int
    frame: Frame
    placed: tuple[Placed, ...]
    alt: str
    depicts: tuple[str, ...]


@dataclass(frozen=True)
class Plate:
    """One page in one edition. ``svg`` is the content of the root, without the shared symbols.

    ``symbols``: id -> element; a web page writes those of both editions once.
    """

    edition: str
    width: float
    height: float
    svg: str
    symbols: Mapping[str, str]
    regions: tuple[Region, ...]
    title: str

    def standalone(self) -> str:
        """A whole SVG document that needs nothing else but the fonts."""
        raise NotImplementedError


@dataclass(frozen=True)
class Spoken:
    """One entry of the transcript, in reading order. ``speaker`` is empty for narration and labels."""

    panel: int
    kind: str
    speaker: str
    text: str
    directions: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComicPage:
    """``number`` 0 is the cover. ``scenes``: panel number -> the scene's own words."""

    number: int
    title: str
    chapter: str
    goal: str
    plates: Mapping[str, Plate]
    transcript: tuple[Spoken, ...]
    scenes: Mapping[int, str]
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Comic:
    storyboard: Storyboard
    pages: tuple[ComicPage, ...]
    diagnostics: tuple[Diagnostic, ...] = field(default=())
