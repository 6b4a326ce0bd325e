"""The parsed storyboard: immutable, every node with its place in the file.

Places are no part of a node's ``repr``, which the cache goes by: what only moved in the file stays drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from panelwright.script.character import Character


@dataclass(frozen=True, order=True)
class Span:
    """Where a node starts. ``line`` and ``column`` count from 1."""

    path: str
    line: int
    column: int


class LineKind(StrEnum):
    SPEECH = "speech"
    THOUGHT = "thought"
    NARRATION = "narration"
    LABEL = "label"
    SFX = "sfx"
    CODE = "code"
    CHAT = "chat"


@dataclass(frozen=True)
class Item:
    """A list item of a scene: ``P50 (median): "The typical experience"``.

    ``text`` is the whole item, verbatim without list mark; ``label`` what stands before the first
    colon (``P50 (median)``) if anything does; ``quoted`` the words in quotes, without the quotes;
    ``note`` what follows in brackets (``lightning icon``); ``number`` its number in a numbered list.
    """

    text: str
    span: Span = field(repr=False)
    label: str = ""
    quoted: tuple[str, ...] = ()
    note: str = ""
    number: int | None = None
    children: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What the panel shows. ``quoted``: words in quotes in ``text``, in order."""

    text: str
    span: Span = field(repr=False)
    quoted: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()

    def walk(self) -> Iterator[Item]:
        stack = list(reversed(self.items))
        while stack:
            item = stack.pop()
            yield item
            stack.extend(reversed(item.children))


@dataclass(frozen=True)
class Line:
    """Words that are lettered. ``text`` is verbatim, without outer quotes and Markdown marks.

    ``emphasis``: half-open character ranges of ``text`` that were emphasised.
    ``directions``: stage directions in brackets, never lettered. ``language``: of a code fence.
    Only code and chats have line ends in ``text``.
    """

    kind: LineKind
    text: str
    span: Span = field(repr=False)
    speaker: str = ""
    directions: tuple[str, ...] = ()
    emphasis: tuple[tuple[int, int], ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Note:
    """Something not understood, kept word for word."""

    text: str
    span: Span = field(repr=False)


@dataclass(frozen=True)
class Panel:
    number: int
    hint: str
    span: Span = field(repr=False)
    scene: Scene | None = None
    lines: tuple[Line, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Page:
    number: int
    title: str
    span: Span = field(repr=False)
    chapter: str = ""
    goal: str = ""
    panels: tuple[Panel, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Cover:
    span: Span = field(repr=False)
    title: str = ""
    subtitle: str = ""
    scene: Scene | None = None
    mood: str = ""
    lines: tuple[Line, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class KnowledgePoint:
    number: int
    title: str
    text: str
    span: Span = field(repr=False)


@dataclass(frozen=True)
class Storyboard:
    """The whole script. ``speakers()`` also has those that the metadata does not list.

    ``title`` is the metadata's, else the cover's, else ``heading`` (the first heading as written).
    ``comments``: what stood in ``<!-- -->``, which readers never see.
    """

    title: str
    path: str
    metadata: dict[str, str] = field(default_factory=dict, hash=False)
    characters: tuple[Character, ...] = ()
    cover: Cover | None = None
    pages: tuple[Page, ...] = ()
    knowledge: tuple[KnowledgePoint, ...] = ()
    notes: tuple[Note, ...] = ()
    heading: str = ""
    comments: tuple[Note, ...] = ()

    def lines(self) -> Iterator[tuple[Page, Panel, Line]]:
        for page in self.pages:
            for panel in page.panels:
                for line in panel.lines:
                    yield page, panel, line

    def speakers(self) -> tuple[str, ...]:
        names = dict.fromkeys(c.name for c in self.characters)
        names.update(dict.fromkeys(line.speaker for _, _, line in self.lines() if line.speaker))
        return tuple(names)
