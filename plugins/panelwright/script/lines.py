"""The lines of a panel, the cover or the top of a page: scenes, speech, labels, code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panelwright.diagnostics import Diagnostic, Severity
from panelwright.script.blocks import Block, Row
from panelwright.script.drafts import Content, CoverDraft, PageDraft, PanelDraft
from panelwright.script.entries import (
    VOICED,
    Entry,
    Key,
    Voice,
    read_voice,
    section_in,
    split_entries,
    split_key,
)
from panelwright.script.inline import QUOTES, read_plain, read_value, unquoted
from panelwright.script.model import Line, LineKind, Note, Span
from panelwright.script.scene import make_item
from panelwright.script.spelling import meant_key, resembles
from panelwright.script.vocabulary import normal

_HINT = "start it with **Scene**:, **Narration box**:, **Label**: or the name of who speaks"


@dataclass
class _Open:
    """A key that still waits for its words: ``**Kai**:`` above a paragraph, ``**Code display**`` above a fence."""

    key: Key
    voice: Voice
    span: Span


class LineReader(ABC):
    """Reads what stands under a page's, a panel's or the cover's heading into its draft.

    ``names``: everybody who is known to speak; ``listed``: those whom the metadata lists.
    """

    def __init__(self, path: str, names: Sequence[str], listed: Sequence[str]) -> None:
        self.file = path
        self.names, self.listed = names, listed
        self.diagnostics: list[Diagnostic] = []
        self.speakers: list[tuple[str, Span]] = []
        self.notes: list[Note] = []
        self.cover: CoverDraft | None = None
        self.pages: list[PageDraft] = []
        self.section = "start"
        self.chapter = ""
        self.open: _Open | None = None
        self.scene_last = False

    @abstractmethod
    def _block(self, block: Block) -> None:
        """Read any block where it stands."""

    @abstractmethod
    def _opens_section(self, text: str, row: Row, level: int) -> bool:
        """Open the page, the panel or the section that a heading names; False if it names none."""

    def _content(self) -> Content:
        if self.section == "cover" and self.cover:
            return self.cover
        page = self.pages[-1]
        return page.panels[-1] if self.section == "panel" else page.early

    def _lines(self, block: Block) -> None:
        entries = split_entries(block, self.names, loose=not self.scene_last)
        for entry in entries[:-1]:
            self._entry(entry, [])
        if entries:
            self._entry(entries[-1], block.children)
        else:
            for child in block.children:
                self._block(child)

    def _entry(self, entry: Entry, children: Sequence[Block]) -> None:
        if (text := section_in(entry.row.text)) and self._opens_section(text, entry.row, 0):
            rest = Block("paragraph", tuple(entry.rows[1:]))
            for block in ((rest,) if rest.rows else ()) + tuple(children):
                self._block(block)
        elif entry.key is None:
            self._keyless(entry, children)
        elif entry.key.kind is None and entry.key.field and self._field(entry, entry.key, children):
            pass
        elif self._is_spoken(entry.key, entry.raw):
            self._spoken(entry, entry.key, children)
        else:
            self._close_open()
            self._note(entry.source, entry.row, hint=_key_hint(entry.key.word))
            self._children_as_notes(children)

    def _keyless(self, entry: Entry, children: Sequence[Block]) -> None:
        content = self._content()
        by = self.open
        if by and entry.raw:
            self._write(by.voice, entry.raw, by.span, by.key)
            self._voiced_children(by, children)
        elif self.scene_last and entry.block.kind == "item":
            block = Block("item", tuple(entry.rows), entry.number, children=list(children))
            content.show("", self._span(entry.row), [make_item(block, self.file)])
        elif content.empty and self.section == "panel" and entry.raw[:1] not in QUOTES and entry.block.kind != "item":
            self._show(entry, children)
        else:
            self._note(entry.source, entry.row)
            self._children_as_notes(children)

    def _field(self, entry: Entry, key: Key, children: Sequence[Block]) -> bool:
        """A key that is not lettered; False if it means nothing here."""
        content = self._content()
        bracketed = " ".join(f"({note})" for note in key.notes)
        words = "\n".join(filter(None, (bracketed, entry.raw, *(t for child in children for t, _ in flat(child)))))
        text = unquoted(words)
        page = self.pages[-1] if self.section in ("page", "panel") else None
        slot: tuple[object, str] | None = None
        if key.field == "scene":
            self._close_open()
            if normal(key.word) in content.scene_keys:
                self._say("warning", "second-scene", f"a second {key.word!r} here is added to the first", entry.row)
            content.scene_keys.add(normal(key.word))
            self._show(entry, children)
            return True
        if key.field == "note":
            self._close_open()
            content.notes += [Note(t, self._span(entry.row)) for t in (entry.source, *_texts(children))]
            return True
        if isinstance(content, CoverDraft) and key.field in ("title", "subtitle", "mood"):
            slot = (content, key.field)
        elif page and key.field in ("goal", "chapter", "title") and self.section == "page":
            slot = (page, key.field)
        elif isinstance(content, PanelDraft) and key.field == "hint" and self.section == "panel":
            slot = (content, "hint")
        if slot is None:
            return False
        self._close_open()
        if getattr(*slot) and (key.field != "chapter" or getattr(*slot) != self.chapter):
            self._note("\n".join((entry.source, *_texts(children))), entry.row, code="duplicate-field")
        else:
            setattr(*slot, text)
        return True

    def _show(self, entry: Entry, children: Sequence[Block]) -> None:
        content, text = self._content(), read_plain(entry.raw).text
        bracketed = " ".join(f"({note})" for note in entry.key.notes) if entry.key else ""
        content.show(" ".join(filter(None, (bracketed, text))), self._span(entry.row))
        self.scene_last = True
        for child in children:
            first = split_key(child.rows[0], self.names, loose=False) if child.rows else None
            if child.kind == "fence" or (first and first[0].marked and self._means_line(first[0])):
                self._block(child)
            elif child.kind == "paragraph":
                content.show(read_plain("\n".join(r.text for r in child.rows)).text, self._span(child.rows[0]))
            elif child.kind == "heading":
                self._block(child)
            else:
                content.show("", self._span(entry.row), [make_item(child, self.file)])

    def _means_line(self, key: Key) -> bool:
        voice = read_voice(key, self.names)
        known = any(normal(voice.speaker) == normal(name) for name in self.names)
        return known or key.known or voice.kind is not LineKind.SPEECH

    def _is_spoken(self, key: Key, raw: str) -> bool:
        voice = read_voice(key, self.names)
        if key.kind or voice.kind is not LineKind.SPEECH or read_value(raw).quoted or not self.listed:
            return True
        name = normal(voice.speaker)
        return any(name == normal(n) or resembles(voice.speaker, n) for n in self.names)

    def _spoken(self, entry: Entry, key: Key, children: Sequence[Block]) -> None:
        self._close_open()
        span = Span(self.file, entry.row.line, entry.row.column)
        voice = read_voice(key, self.names)
        listed = any(normal(voice.speaker) == normal(name) for name in self.listed)
        if voice.speaker and not listed and (meant := meant_key(voice.speaker)):
            message = f"{voice.speaker!r} is taken for somebody who speaks"
            hint = f"did you mean {meant!r}? If not, list {voice.speaker} under Characters"
            self._say("warning", "key-spelling", message, entry.row, hint)
        if voice.speaker:
            self.speakers.append((voice.speaker, Span(self.file, entry.row.line, key.column)))
        self.open = _Open(key, voice, span)
        if entry.raw:
            self._write(voice, entry.raw, span, key)
        self._voiced_children(_Open(key, voice, span), children)

    def _voiced_children(self, by: _Open, children: Sequence[Block]) -> None:
        """A list under a speaker: more lines by the same voice, or lines with keys of their own."""
        for child in children:
            if child.kind in ("fence", "heading"):
                self._block(child)
                continue
            chat = by.voice.kind is LineKind.CHAT
            entries = split_entries(child, self.names, anything=chat)
            for n, entry in enumerate(entries):
                below = child.children if n == len(entries) - 1 else []
                if entry.key and chat and entry.raw and not self._means_line(entry.key):
                    directions = (*by.voice.directions, *entry.key.notes)
                    self._write(
                        Voice(LineKind.CHAT, entry.key.word, directions), entry.raw, self._span(entry.row), by.key
                    )
                elif entry.key and (by.voice.kind is not LineKind.LABEL or self._means_line(entry.key)):
                    self._entry(entry, below)
                    continue
                else:
                    self._write(by.voice, entry.source, self._span(entry.row), by.key)
                self._voiced_children(by, below)
            if not entries:
                self._voiced_children(by, child.children)

    def _write(self, voice: Voice, raw: str, span: Span, key: Key) -> None:
        """Letter a value: one line, or for labels one for each quoted part."""
        if self.open and self.open.key is not key:
            self._close_open()
        self.open, self.scene_last = None, False
        lines = self._content().lines
        if voice.kind is LineKind.CODE:
            text = _code(raw)
            lines.append(Line(voice.kind, text, span, voice.speaker, voice.directions))
            return
        value = read_value(raw, leading=voice.kind in VOICED)
        directions = (*voice.directions, *value.directions)
        parts = value.parts if voice.kind in (LineKind.LABEL, LineKind.SFX, LineKind.CHAT) else (value.whole(),)
        if not voice.speaker and voice.kind in (LineKind.SPEECH, LineKind.THOUGHT):
            hint = f"write the name in brackets: **{key.word} (Name)**:"
            self._say(
                "warning", "no-speaker", "nobody is said to speak this line", Row(raw, span.line, span.column), hint
            )
        parts = tuple(part for part in parts if part.text)
        for n, part in enumerate(parts):
            lines.append(Line(voice.kind, part.text, span, voice.speaker, directions if n == 0 else (), part.emphasis))
        if not parts:
            self._note(raw, Row(raw, span.line, span.column))

    def _fence(self, block: Block) -> None:
        text = "\n".join(row.text for row in block.rows)
        row = Row(text, block.level, block.rows[0].column if block.rows else 1)
        if self.section not in ("page", "panel", "cover"):
            self._note("\n".join(filter(None, (block.info, text))), row, self.notes)
            return
        by, span = self.open, self._span(row)
        self.open, self.scene_last = None, False
        voice = by.voice if by else Voice(LineKind.CODE)
        kind = voice.kind if voice.kind in (LineKind.CHAT, LineKind.LABEL) else LineKind.CODE
        span = by.span if by else span
        line = Line(kind, text, span, voice.speaker, voice.directions, language=block.info)
        self._content().lines.append(line)

    def _children_as_notes(self, children: Sequence[Block]) -> None:
        """What hangs under something not understood: lines with keys are still lines."""
        for child in children:
            self._block(child)

    def _close_open(self) -> None:
        """A key whose words never came."""
        self.scene_last = False
        by, self.open = self.open, None
        if by is None:
            return
        if by.key.kind is LineKind.SPEECH and not by.voice.speaker:
            return  # "Dialogue:" above the lines is a heading, not a line
        row = Row(by.key.word, by.span.line, by.span.column)
        self._note(
            " ".join((by.key.word, *by.key.notes)), row, code="empty-line", hint="write its words after the colon"
        )

    # -- notes and problems ---------------------------------------------------------------------------------

    def _note(
        self, text: str, row: Row, where: list[Note] | None = None, code: str = "not-understood", hint: str = _HINT
    ) -> None:
        if where is None:
            where = self._content().notes if self.section in ("page", "panel", "cover") else self.notes
        where.append(Note(text, self._span(row)))
        said = text if len(text) <= 50 else f"{text[:47].rstrip()}..."
        said = " ".join(said.split())
        messages = {
            "empty-line": f"{said!r} has no words",
            "duplicate-field": f"{said!r} says again what is said already; it is kept as a note",
        }
        message = messages.get(code, f"{said!r} is not understood; it is kept as a note")
        self._say("warning", code, message, row, hint if code != "duplicate-field" else "keep one of the two")

    def _say(self, severity: Severity, code: str, message: str, row: Row, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(self.file, row.line, row.column, severity, code, message, hint))

    def _span(self, row: Row) -> Span:
        return Span(self.file, row.line, row.column)


def flat(block: Block) -> Iterator[tuple[str, Row]]:
    """A block's words and those of everything in it, as written."""
    if block.info:
        yield block.info, Row(block.info, block.level, 1)
    if block.rows:
        number = f"{block.number}. " if block.number is not None else ""
        yield number + "\n".join(row.text for row in block.rows), block.rows[0]
    for child in block.children:
        yield from flat(child)


def _texts(blocks: Sequence[Block]) -> list[str]:
    return [text for block in blocks for text, _ in flat(block)]


def _code(raw: str) -> str:
    """Code as written; one pair of back-ticks or quotes around all of it is a mark."""
    text = raw.strip()
    for mark in ("`", '"', "“"):
        close = "”" if mark == "“" else mark
        if len(text) > 1 and text[0] == mark and text[-1] == close and mark not in text[1:-1]:
            return text[1:-1]
    return text


def _key_hint(word: str) -> str:
    meant = meant_key(word)
    return f"did you mean {meant!r}?" if meant else f"put the words in quotes if {word!r} says them"
