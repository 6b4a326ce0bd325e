"""The storyboard while it is read: what is still growing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from panelwright.script.character import Character
from panelwright.script.inline import read_plain, read_value, split_list, trailing_note
from panelwright.script.model import Cover, Item, Line, Note, Page, Panel, Scene, Span
from panelwright.script.scene import extend_scene, make_scene
from panelwright.script.vocabulary import Numbered


@dataclass
class Content:
    """What a panel, the cover or the top of a page holds."""

    span: Span
    scene: Scene | None = None
    lines: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    scene_keys: set[str] = field(default_factory=set)

    def show(self, text: str, span: Span, items: Iterable[Item] = ()) -> None:
        self.scene = extend_scene(self.scene, text, items) if self.scene else make_scene(text, span, items)

    @property
    def empty(self) -> bool:
        return self.scene is None and not self.lines


@dataclass
class PanelDraft(Content):
    number: int = 1
    hint: str = ""

    def finish(self) -> Panel:
        return Panel(self.number, self.hint, self.span, self.scene, tuple(self.lines), tuple(self.notes))


@dataclass
class CoverDraft(Content):
    title: str = ""
    subtitle: str = ""
    mood: str = ""

    def finish(self) -> Cover:
        lines, notes = tuple(self.lines), tuple(self.notes)
        return Cover(self.span, self.title, self.subtitle, self.scene, self.mood, lines, notes)


@dataclass
class PageDraft:
    """``early``: what stands before the first panel; on a page without panels it is the one panel."""

    number: int
    title: str
    span: Span
    early: PanelDraft
    chapter: str = ""
    goal: str = ""
    panels: list[PanelDraft] = field(default_factory=list)

    def finish(self) -> Page:
        panels, notes = [p.finish() for p in self.panels], list(self.early.notes)
        if not self.early.empty:
            panels.insert(0, Panel(1, "", self.early.span, self.early.scene, tuple(self.early.lines)))
        return Page(self.number, self.title, self.span, self.chapter, self.goal, tuple(panels), tuple(notes))


def start_page(heading: Numbered, span: Span, chapter: str) -> PageDraft:
    value = read_value(heading.rest, leading=False)
    title, named = value.whole().text, "; ".join(value.directions)
    if not value.quoted and not named and (note := trailing_note(title)):
        before = title.rstrip(" .。")[: -len(note) - 2].rstrip()
        title, named = (before, note) if before else ("", note)
        value = read_value(title, leading=False)
        title = value.whole().text
    return PageDraft(heading.number, title, span, PanelDraft(span), chapter=named or chapter)


def start_panel(heading: Numbered, span: Span) -> PanelDraft:
    hint = read_plain(heading.rest).text
    if trailing_note(hint) == hint[1:-1].strip() and hint:
        hint = hint[1:-1].strip()
    return PanelDraft(span, number=heading.number, hint=hint)


def read_characters(text: str) -> list[Character]:
    """``Dr. Nova (Mentor), Kai (Student)``; also ``Kai — Student`` and ``Kai: Student``."""
    found: list[Character] = []
    for part in split_list(read_plain(text).text):
        role = trailing_note(part)
        name = part.rstrip(" .")[: -len(role) - 2] if role else part
        for mark in (":", "：", " — ", " – ", " - "):
            if not role and mark in name:
                name, role = name.split(mark, 1)
        name = name.strip(" \"“”'")
        if name:
            found.append(Character(name, role.strip()))
    return found
