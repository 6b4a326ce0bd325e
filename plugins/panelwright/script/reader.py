"""Reads the storyboard: blocks of Markdown become pages, panels and lines; nothing is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panelwright.diagnostics import Diagnostic, Severity
from panelwright.script.blocks import Block, Row
from panelwright.script.drafts import (
    Content,
    CoverDraft,
    PageDraft,
    PanelDraft,
    read_characters,
    start_page,
    start_panel,
)
from panelwright.script.entries import VOICED, Entry, Key, Voice, read_voice, section_in, split_entries, split_key
from panelwright.script.inline import QUOTES, read_plain, read_value
from panelwright.script.model import Character, KnowledgePoint, Line, LineKind, Note, Span, Storyboard
from panelwright.script.scene import make_item
from panelwright.script.spelling import resembles
from panelwright.script.vocabulary import SECTIONS, chapter_heading, normal, page_heading, panel_heading

_HINT = "start it with **Scene**:, **Narration box**:, **Label**: or the name of who speaks"


@dataclass
class _Open:
    """A key that still waits for its words: ``**Kai**:`` above a paragraph, ``**Code display**`` above a fence."""

    key: Key
    voice: Voice
    span: Span


class Reader:
    """Takes the blocks of one file after the other; ``finish`` gives the storyboard.

    ``names``: everybody who is known to speak; ``listed``: those whom the metadata lists.
    """

    def __init__(self, path: str, names: Sequence[str], listed: Sequence[str]) -> None:
        self.path = self.file = path
        self.names, self.listed = names, listed
        self.diagnostics: list[Diagnostic] = []
        self.metadata: dict[str, str] = {}
        self.characters: list[Character] = []
        self.cover: CoverDraft | None = None
        self.pages: list[PageDraft] = []
        self.knowledge: list[KnowledgePoint] = []
        self.notes: list[Note] = []
        self.comments: list[Note] = []
        self.heading = ""
        self.chapter = ""
        self.section = "start"
        self.page_level = 2
        self.open: _Open | None = None
        self.scene_last = False
        self.speakers: list[tuple[str, Span]] = []

    def read(self, blocks: Sequence[Block], front: Sequence[tuple[int, str]], file: str) -> None:
        """One file. A file starts anew: it continues nobody's panel."""
        self.file, self.section = file, "start"
        for number, text in front:
            self._metadata(Entry(Row(text, number, 1), None, text, [Row(text, number, 1)], Block("paragraph")))
        for block in blocks:
            self._block(block)
        self._close_open()

    def finish(self) -> Storyboard:
        cover = self.cover.finish() if self.cover else None
        title = next((v for k, v in self.metadata.items() if normal(k) == "title"), "")
        title = read_value(title, leading=False).whole().text or (cover.title if cover else "") or self.heading
        return Storyboard(
            title,
            self.path,
            self.metadata,
            tuple(self.characters),
            cover,
            tuple(page.finish() for page in self.pages),
            tuple(self.knowledge),
            tuple(self.notes),
            self.heading,
            tuple(self.comments),
        )

    # -- blocks -------------------------------------------------------------------------------------------

    def _block(self, block: Block) -> None:
        if block.strange:
            self._note(block.rows[0].text, block.rows[0], self.notes)
        elif block.kind == "heading":
            self._heading(block)
        elif block.kind == "fence":
            self._fence(block)
        elif self.section in ("metadata", "characters", "start", "knowledge", "other"):
            self._outside_pages(block)
        else:
            self._lines(block)

    def _heading(self, block: Block) -> None:
        row = block.rows[0] if block.rows else Row("", 1, 1)
        text = read_plain(row.text).text
        self.scene_last = False
        if not text or self._opens_section(text, row, block.level):
            return
        if self.section in ("panel", "page", "cover") and block.level > self.page_level:
            key = Key(text, (), True, True, row.column)
            if key.known or any(normal(text) == normal(n) for n in self.names):
                self._lines(Block("paragraph", (Row(f"**{row.text}**:", row.line, row.column),)))
                return
            self._note(row.text, row)
            return
        if not self.heading and not self.pages and not self.cover and self.section == "start":
            self.heading = text
            return
        self._close_open()
        self.section = "other"
        self.notes.append(Note(row.text, self._span(row)))
        message = f"the section {text!r} is no part of a storyboard; its text is kept as notes"
        self._say(
            "warning", "not-understood", message, row, "sections are Metadata, Cover, Page N, Core Knowledge Points"
        )

    def _opens_section(self, text: str, row: Row, level: int) -> bool:
        if page := page_heading(text):
            self._close_open()
            self.section, self.page_level = "page", level or self.page_level
            self.pages.append(start_page(page, self._span(row), self.chapter))
            return True
        panel = panel_heading(text)
        if panel and self.section in ("page", "panel"):
            self._close_open()
            self.section = "panel"
            self.pages[-1].panels.append(start_panel(panel, self._span(row)))
            return True
        section = SECTIONS.get(normal(text.rstrip(":：")), "")
        if section and not (level > self.page_level and self.section in ("page", "panel")):
            self._close_open()
            self.section = section
            if section == "cover" and self.cover is None:
                self.cover = CoverDraft(self._span(row))
            return True
        if chapter := chapter_heading(text):
            if self.section != "panel" or level <= self.page_level:
                self._close_open()
                self.section = "other"
                self.chapter = chapter
                self.notes.append(Note(row.text, self._span(row)))
                return True
        return False

    def _outside_pages(self, block: Block) -> None:
        if block.rows and (text := section_in(block.rows[0].text)) and self._opens_section(text, block.rows[0], 0):
            rest = Block(block.kind, block.rows[1:], children=block.children)
            self._lines(rest)
        elif self.section == "knowledge":
            self._knowledge(block)
        elif self.section == "characters":
            for text, row in _flat(block):
                found = read_characters(text)
                self.characters += found
                if not found:
                    self._note(text, row, self.notes)
        elif self.section == "other":
            self.notes += [Note(text, self._span(row)) for text, row in _flat(block)]
        else:
            for entry in split_entries(block, self.names, anything=True):
                self._metadata(entry)
            nested = [text for child in block.children for text, _ in _flat(child)]
            if nested and self.metadata:
                last = next(reversed(self.metadata))
                self.metadata[last] = "; ".join(
                    filter(None, (self.metadata[last], *(read_plain(t).text for t in nested)))
                )
                if normal(last) in ("characters", "cast"):
                    self.characters += [c for text in nested for c in read_characters(text)]
            elif nested:
                self._note("\n".join(nested), next(_flat(block))[1], self.notes)

    def _metadata(self, entry: Entry) -> None:
        found = (entry.key, entry.raw) if entry.key else split_key(entry.row, anything=True)
        if found is None or found[0] is None:
            self._note(entry.source, entry.row, self.notes)
            return
        key, value = " ".join((found[0].word, *(f"({n})" for n in found[0].notes))), read_plain(found[1]).text
        if key in self.metadata:
            self._note(entry.source, entry.row, self.notes, code="duplicate-field")
            return
        self.metadata[key] = value
        if found[0].field == "characters":
            self.characters += read_characters(value)

    def _knowledge(self, block: Block) -> None:
        if not block.rows:
            for child in block.children:
                self._knowledge(child)
            return
        row, raw = block.rows[0], "\n".join(r.text for r in block.rows)
        found = split_key(Row(raw, row.line, row.column), anything=True)
        number = block.number if block.number is not None else len(self.knowledge) + 1
        more = [read_plain(text).text for child in block.children for text, _ in _flat(child)]
        title, text = (
            ("", raw) if found is None else (" ".join((found[0].word, *(f"({n})" for n in found[0].notes))), found[1])
        )
        text = "\n".join(filter(None, (read_plain(text).text, *more)))
        self.knowledge.append(KnowledgePoint(number, title, text, self._span(row)))

    # -- the lines of a page, a panel or the cover ----------------------------------------------------------

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
            self._note(entry.source, entry.row, hint=f"put the words in quotes if {entry.key.word!r} says them")
            self._children_as_notes(children)

    def _keyless(self, entry: Entry, children: Sequence[Block]) -> None:
        content = self._content()
        if self.open and entry.raw:
            self._write(self.open.voice, entry.raw, self.open.span, self.open.key)
            self._voiced_children(self.open, children)
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
        words = "\n".join(filter(None, (entry.raw, *(t for child in children for t, _ in _flat(child)))))
        text = read_value(words, leading=False).whole().text
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
        return key.known or any(normal(key.word) == normal(name) for name in self.names)

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
            for entry in split_entries(child, self.names):
                if entry.key and not (by.voice.kind in (LineKind.CHAT, LineKind.LABEL) and not entry.key.known):
                    self._entry(entry, [])
                elif entry.key and by.voice.kind is LineKind.CHAT:
                    voice = Voice(LineKind.CHAT, entry.key.word, entry.key.notes)
                    self._write(voice, entry.raw, self._span(entry.row), entry.key)
                else:
                    self._write(by.voice, entry.source, self._span(entry.row), by.key)
            self._voiced_children(by, child.children)

    def _write(self, voice: Voice, raw: str, span: Span, key: Key) -> None:
        """Letter a value: one line, or for labels one for each quoted part."""
        self.open, self.scene_last = None, False
        lines = self._content().lines
        if voice.kind is LineKind.CODE:
            text = _code(raw)
            lines.append(Line(voice.kind, text, span, voice.speaker, voice.directions))
            return
        value = read_value(raw, leading=voice.kind in VOICED)
        directions = (*voice.directions, *value.directions)
        parts = value.parts if voice.kind in (LineKind.LABEL, LineKind.SFX, LineKind.CHAT) else (value.whole(),)
        if voice.kind in VOICED and not voice.speaker and voice.kind in (LineKind.SPEECH, LineKind.THOUGHT):
            hint = f"write the name in brackets: **{key.word} (Name)**:"
            self._say(
                "warning", "no-speaker", "nobody is said to speak this line", Row(raw, span.line, span.column), hint
            )
        for n, part in enumerate(parts):
            lines.append(Line(voice.kind, part.text, span, voice.speaker, directions if n == 0 else (), part.emphasis))
        if not parts or not any(part.text for part in parts):
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


def _flat(block: Block) -> Iterator[tuple[str, Row]]:
    """A block's words and those of everything in it, as written."""
    if block.info:
        yield block.info, Row(block.info, block.level, 1)
    if block.rows:
        number = f"{block.number}. " if block.number is not None else ""
        yield number + "\n".join(row.text for row in block.rows), block.rows[0]
    for child in block.children:
        yield from _flat(child)


def _texts(blocks: Sequence[Block]) -> list[str]:
    return [text for block in blocks for text, _ in _flat(block)]


def _code(raw: str) -> str:
    """Code as written; one pair of back-ticks or quotes around all of it is a mark."""
    text = raw.strip()
    for mark in ("`", '"', "“"):
        close = "”" if mark == "“" else mark
        if len(text) > 1 and text[0] == mark and text[-1] == close and mark not in text[1:-1]:
            return text[1:-1]
    return text


def gather_names(blocks: Sequence[Block]) -> tuple[list[str], list[str]]:
    """Everybody who speaks in quotes, and the characters that the metadata lists, before reading."""
    listed: list[str] = []
    spoken: list[str] = []
    section = ""
    stack = [iter(blocks)]
    under_cast = 0  # depth of the list under "Characters"
    while stack:
        block = next(stack[-1], None)
        if block is None:
            stack.pop()
            under_cast = 0 if len(stack) <= under_cast else under_cast
            continue
        if block.kind == "heading" and block.rows:
            section = SECTIONS.get(normal(block.rows[0].text), "")
        elif block.kind in ("item", "paragraph"):
            if section == "characters" or under_cast:
                listed += [c.name for row in block.rows for c in read_characters(row.text)]
                stack.append(iter(block.children))
                continue
            for row in block.rows:
                found = split_key(row, loose=False)
                if found and found[0].field == "characters":
                    listed += [c.name for c in read_characters(found[1])]
                    under_cast = len(stack)
                elif found and found[0].marked and read_value(found[1]).quoted:
                    voice = read_voice(found[0], ())
                    if voice.speaker and not found[0].field:
                        spoken.append(voice.speaker)
        stack.append(iter(block.children))
    return list(dict.fromkeys([*listed, *spoken])), list(dict.fromkeys(listed))
