"""Reads the storyboard: blocks of Markdown become pages, panels and lines; nothing is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from panelwright.script.blocks import Block, Row
from panelwright.script.character import Character
from panelwright.script.drafts import CoverDraft, read_characters, start_page, start_panel
from panelwright.script.entries import Entry, Key, section_in, split_entries, split_key
from panelwright.script.inline import read_plain, unquoted
from panelwright.script.lines import LineReader, flat
from panelwright.script.model import KnowledgePoint, Note, Storyboard
from panelwright.script.vocabulary import SECTIONS, chapter_heading, normal, page_heading, panel_heading


class Reader(LineReader):
    """Takes the blocks of one file after the other; ``finish`` gives the storyboard."""

    def __init__(self, path: str, names: Sequence[str], listed: Sequence[str]) -> None:
        super().__init__(path, names, listed)
        self.path = path
        self.metadata: dict[str, str] = {}
        self.characters: list[Character] = []
        self.knowledge: list[KnowledgePoint] = []
        self.comments: list[Note] = []
        self.heading = ""
        self.page_level = 2

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
        title = unquoted(title) or (cover.title if cover else "") or self.heading
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
            if self._means_line(Key(text, (), True, True, row.column)):
                self._lines(Block("paragraph", (Row(f"**{text}**:", row.line, row.column),)))
                return
            self._close_open()
            self._note(row.text, row, hint=_heading_hint(text))
            return
        if not self.heading and not self.pages and not self.cover and self.section == "start":
            self.heading = text
            return
        self._close_open()
        self.section = "other"
        self.notes.append(Note(row.text, self._span(row)))
        message = f"the section {text!r} is no part of a storyboard; its text is kept as notes"
        self._say("warning", "not-understood", message, row, _heading_hint(text))

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
        chapter = chapter_heading(text)
        if chapter and (self.section != "panel" or level <= self.page_level):
            self._close_open()
            self.section, self.chapter = "other", chapter
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
            for text, row in flat(block):
                found = read_characters(text)
                self.characters += found
                if not found:
                    self._note(text, row, self.notes)
        elif self.section == "other":
            self.notes += [Note(text, self._span(row)) for text, row in flat(block)]
        else:
            for entry in split_entries(block, self.names, anything=True):
                self._metadata(entry)
            nested = [text for child in block.children for text, _ in flat(child)]
            if nested and self.metadata:
                last = next(reversed(self.metadata))
                words = (self.metadata[last], *(read_plain(t).text for t in nested))
                self.metadata[last] = "; ".join(filter(None, words))
                if normal(last) in ("characters", "cast"):
                    self.characters += [c for text in nested for c in read_characters(text)]
            elif nested:
                self._note("\n".join(nested), next(flat(block))[1], self.notes)

    def _metadata(self, entry: Entry) -> None:
        whole = Row(entry.source, entry.row.line, entry.row.column)
        found = (entry.key, entry.raw) if entry.key else split_key(whole, anything=True)
        if found is None or found[0] is None:
            self._note(entry.source, entry.row, self.notes)
            return
        key, value = found[0].full, read_plain(found[1]).text
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
        if block.kind == "fence":
            self._note("\n".join(filter(None, (block.info, raw))), row, self.notes)
            return
        found = split_key(Row(raw, row.line, row.column), anything=True)
        number = block.number if block.number is not None else len(self.knowledge) + 1
        more = [read_plain(text).text for child in block.children for text, _ in flat(child)]
        title, text = ("", raw) if found is None else (found[0].full, found[1])
        text = "\n".join(filter(None, (read_plain(text).text, *more)))
        self.knowledge.append(KnowledgePoint(number, title, text, self._span(row)))


def _heading_hint(text: str) -> str:
    """For ``## Pgae 3`` the word that is likely meant, else what headings there are."""
    first, _, rest = text.partition(" ")
    if panel_heading(text):
        return 'a panel stands under a page: write ## Page 1 — "Title" (Chapter) above it'
    if first.casefold() == "page":
        return f"a page has a number: write e.g. ## Page 1 {rest}"
    meant = get_close_matches(first.casefold(), ("page", "panel", "cover", "metadata", "characters"), n=1)
    if meant and (rest[:1].isdigit() or not rest):
        return f"did you mean {(meant[0].capitalize() + chr(32) + rest).strip()!r}?"
    return "headings are Metadata, Characters, Cover, Page N, Panel N and Core Knowledge Points"
