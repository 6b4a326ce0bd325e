"""The lines people write: ``**Kai (thinking)**: "..."`` as a key and a value, in every dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from panelwright.script.blocks import Block, Row
from panelwright.script.inline import BRACKETS, QUOTES, read_plain, split_list
from panelwright.script.model import LineKind
from panelwright.script.vocabulary import FIELDS, KINDS, normal, page_heading, panel_heading

_MARKED = re.compile(
    r"^(?P<mark>\*{1,3}|_{1,3})(?=\S)(?P<key>.{1,120}?)(?P<inner>\s*[:：])?\s*(?P=mark)(?!\w)"
    r"(?P<after>(?:\s*[(（\[][^()（）\[\]]*[)）\]])*)(?P<outer>\s*[:：]|\s+[—–―-](?=\s))?\s*(?P<value>.*)$",
    re.S,
)
_PLAIN = re.compile(r"^(?P<key>[^:：\"“”„«「*`]{1,60}?)\s*(?:：|:(?=[\s\"“„«「*_(（]|$))\s*(?P<value>.*)$", re.S)
_BRACKETED = re.compile(r"^(?P<name>.*?)\s*(?P<note>[(（\[][^()（）\[\]]*[)）\]])$")
_WHOSE = re.compile(r"^(?P<name>.+?)(?:['’]s)?\s+(?P<what>\w+(?:\s+(?:bubble|balloon|monologue))?)$")
_BY = re.compile(r"^(?P<what>[\w\s]+?)\s*(?:[-—–:：]|\bby\b|\bfrom\b)\s*(?P<name>.+)$")
#: Kinds that a voice can have: "Thought bubble (Kai)" names who thinks.
VOICED = (LineKind.SPEECH, LineKind.THOUGHT, LineKind.CHAT, LineKind.NARRATION)


@dataclass(frozen=True)
class Key:
    """What stands before the colon. ``marked``: in bold or italics. ``column``: of its first letter.

    ``word``: as written, without marks and brackets; ``notes``: the brackets' insides.
    """

    word: str
    notes: tuple[str, ...]
    marked: bool
    separated: bool
    column: int

    @property
    def full(self) -> str:
        """With the brackets."""
        return " ".join((self.word, *(f"({note})" for note in self.notes)))

    @property
    def field(self) -> str:
        return FIELDS.get(normal(self.word), "")

    @property
    def kind(self) -> LineKind | None:
        return KINDS.get(normal(self.word))

    @property
    def known(self) -> bool:
        return bool(self.field or self.kind)


@dataclass(frozen=True)
class Voice:
    """Who says a line, how: ``Kai (thinking)`` is Kai, a thought, with a direction."""

    kind: LineKind
    speaker: str = ""
    directions: tuple[str, ...] = ()


@dataclass
class Entry:
    """A key with its value over one or more rows, or words without a key (``key`` is None)."""

    row: Row
    key: Key | None
    raw: str
    rows: list[Row]
    block: Block
    number: int | None = None

    @property
    def source(self) -> str:
        """The rows as written."""
        return "\n".join(row.text for row in self.rows)


def split_key(
    row: Row, names: Iterable[str] = (), *, loose: bool = True, anything: bool = False
) -> tuple[Key, str] | None:
    """The row's key and the rest, or None.

    A key without a colon, or without bold, only counts if it is a word of storyboards or one of ``names``;
    with ``loose``, also if quoted words follow what looks like a name; with ``anything``, always.
    """
    found = _MARKED.match(row.text)
    if found:
        inner = bool(found["inner"])  # after "**Kai:**", brackets belong to the value
        after = () if inner else tuple(re.findall(r"[(（\[]([^()（）\[\]]*)[)）\]]", found["after"]))
        key = _key(found["key"], after, row.column + len(found["mark"]), True, inner or bool(found["outer"]))
        value = row.text[found.start("after") :].lstrip() if inner else found["value"]
        spoken = value[:1] in QUOTES or value[:2].lstrip("*_")[:1] in QUOTES
        if key.word and (key.separated or key.known or _is_name(key.word, names)):
            if key.separated or not value or spoken:
                return key, value
        elif key.word and spoken and len(found["mark"]) == 2:
            return key, value
        return None
    found = _PLAIN.match(row.text)
    if not found:
        return None
    key = _key(found["key"], (), row.column, False, True)
    if anything or key.known or _is_name(key.word, names) or _is_voice(key, names):
        return key, found["value"]
    return (key, found["value"]) if loose and _looks_spoken(key, found["value"]) else None


def _key(text: str, after: tuple[str, ...], column: int, marked: bool, separated: bool) -> Key:
    word, notes = read_plain(text).text, list(after)
    while (found := _BRACKETED.match(word)) and found["name"]:
        word = found["name"]
        notes.insert(0, found["note"][1:-1])
    return Key(word, tuple(n.strip() for n in notes if n.strip()), marked, separated, column)


def _is_name(word: str, names: Iterable[str]) -> bool:
    key = normal(word)
    return bool(key) and any(key == normal(name) for name in names)


def _is_voice(key: Key, names: Iterable[str]) -> bool:
    voice = _voice_in(key.word)
    return bool(voice and (not voice.speaker or _is_name(voice.speaker, names)))


def _looks_spoken(key: Key, value: str) -> bool:
    words = key.word.split()
    if not 1 <= len(words) <= 4 or key.word[0].islower() or key.word[0].isdigit():
        return False
    while value[:1] in BRACKETS and BRACKETS[value[0]] in value:
        value = value[value.index(BRACKETS[value[0]]) + 1 :].lstrip()
    return value.lstrip("*_")[:1] in QUOTES


def read_voice(key: Key, names: Iterable[str]) -> Voice:
    """Who speaks and how. A key that is no word of storyboards is a speaker."""
    if key.kind:
        speaker, notes = "", list(key.notes)
        if key.kind in VOICED and notes:  # "Speech bubble (Kai)"; a narrator only has a name we know
            first = split_list(notes[0])
            if first and (key.kind is not LineKind.NARRATION or _is_name(first[0], names)):
                speaker, notes = first[0], [*first[1:], *notes[1:]]
        return _with_manner(Voice(key.kind, speaker, tuple(notes)))
    voice = _voice_in(key.word)
    if voice and not _is_name(key.word, names):
        return _with_manner(Voice(voice.kind, voice.speaker, key.notes))
    return _with_manner(Voice(LineKind.SPEECH, key.word, key.notes))


def _voice_in(word: str) -> Voice | None:
    """``Kai's thoughts``, ``Thought bubble - Kai``."""
    for pattern in (_WHOSE, _BY):
        found = pattern.match(word)
        if found and (kind := KINDS.get(normal(found["what"]))) in (LineKind.SPEECH, LineKind.THOUGHT):
            assert kind is not None
            return Voice(kind, found["name"].strip())
    return None


def _with_manner(voice: Voice) -> Voice:
    if voice.kind is LineKind.SPEECH and any(KINDS.get(normal(d)) is LineKind.THOUGHT for d in voice.directions):
        return Voice(LineKind.THOUGHT, voice.speaker, voice.directions)
    return voice


def split_entries(block: Block, names: Iterable[str], *, loose: bool = True, anything: bool = False) -> list[Entry]:
    """A paragraph's or an item's rows as entries: a row with a key starts one, others continue it."""
    entries: list[Entry] = []
    for row in block.rows:
        open_quote = bool(entries) and entries[-1].raw.count('"') % 2 == 1
        found = split_key(row, names, loose=loose, anything=anything)
        if found and open_quote and not found[0].marked:
            found = None
        if found or not entries or _starts_section(row):
            key, raw = found or (None, row.text)
            entries.append(Entry(row, key, raw, [row], block, None if entries else block.number))
        else:
            last = entries[-1]
            last.raw = f"{last.raw}\n{row.text}" if last.raw else row.text
            last.rows.append(row)
    return entries


def _starts_section(row: Row) -> bool:
    return section_in(row.text) != ""


def section_in(text: str) -> str:
    """The heading in a row that is written as a heading without ``#``: ``**Panel 2 (Left)**``."""
    plain = read_plain(text).text
    if not (page_heading(plain) or panel_heading(plain)):
        return ""
    marked = text[:1] in "*_"
    short = len(plain.split()) <= 3 or bool(re.match(r"^(?:page|panel)\s*\S+\s*[(（:：—–-]", plain, re.I))
    return plain if marked or short else ""
