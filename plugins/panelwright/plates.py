"""What a composed comic is: pages, plates and regions. The publishers take it from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from panelwright.assets import Assets
from panelwright.cache import digest
from panelwright.diagnostics import Diagnostic
from panelwright.layout.model import Frame
from panelwright.lettering.model import Placed
from panelwright.script.character import Character
from panelwright.svg.document import document


@dataclass(frozen=True)
class Options:
    """Everything that composing depends on besides the storyboard.

    ``data``: what holograms plot, see ``benchdata``. ``cache_dir`` None: nothing is cached.
    ``strict``: violations of lettering rules are errors.
    """

    assets: Assets = field(default_factory=Assets.default)
    editions: tuple[str, ...] = ("page", "phone")
    strict: bool = False
    cache_dir: Path | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Region:
    """One panel on a plate: where it stands, what is said where, and what is to be seen."""

    panel: int
    frame: Frame
    placed: tuple[Placed, ...]
    alt: str
    depicts: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plate:
    """One page in one edition. ``svg`` is the content of the root, without the shared symbols.

    ``symbols``: id -> element; a web page writes those of both editions once.
    ``digest``: of the whole document, where it comes from the cache.
    """

    edition: str
    width: float
    height: float
    svg: str
    symbols: Mapping[str, str]
    regions: tuple[Region, ...]
    title: str
    digest: str = field(default="", compare=False)

    def standalone(self) -> str:
        """A whole SVG document that needs nothing else but the fonts."""
        return document(self.width, self.height, self.title, self.svg, self.symbols)

    @property
    def name(self) -> str:
        """The document's digest: what is made of it goes by that."""
        return self.digest or digest(self.standalone())


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
    """``number`` 0 is the cover. ``scenes``: panel number -> the scene's own words.

    ``kept``: the page's name in the cache; empty where it is not kept.
    """

    number: int
    title: str
    chapter: str
    goal: str
    plates: Mapping[str, Plate]
    transcript: tuple[Spoken, ...]
    scenes: Mapping[int, str]
    diagnostics: tuple[Diagnostic, ...] = ()
    kept: str = field(default="", compare=False)


@dataclass(frozen=True)
class Comic:
    """``title`` and ``metadata`` as the storyboard gives them; ``cast``: whom it lists."""

    title: str
    metadata: Mapping[str, str]
    cast: tuple[Character, ...]
    pages: tuple[ComicPage, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
