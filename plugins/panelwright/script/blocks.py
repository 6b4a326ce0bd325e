"""Markdown's blocks with their places: headings, paragraphs, list items, code fences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from panelwright.script.source import Source

#: Nesting beyond this is kept as plain text; it also bounds every recursion over the tree.
DEEPEST = 60
_LEAD = re.compile(r"^(?:\s|>|[-*+](?=\s)|\d{1,9}[.)](?=\s))+")


@dataclass(frozen=True)
class Row:
    """A line of a block, without list marks and indentation. Places count from 1."""

    text: str
    line: int
    column: int


@dataclass
class Block:
    """``rows``: an item's own words; what else the item holds are its ``children``.

    ``number``: of an item in a numbered list. ``info``: what follows a fence's mark. ``strange``: text that
    Markdown would not have shown at all.
    """

    kind: Literal["heading", "paragraph", "item", "fence"]
    rows: tuple[Row, ...] = ()
    number: int | None = None
    level: int = 0
    info: str = ""
    strange: bool = False
    children: list[Block] = field(default_factory=list)


def _block_parser() -> MarkdownIt:
    # A storyboard has no indented code, HTML or link definitions, and `---` under a line is a rule:
    # with these off, whatever is written comes back as text.
    rules = ("code", "html_block", "reference", "lheading")
    return MarkdownIt("commonmark", {"maxNesting": DEEPEST}).disable(["inline", "text_join"]).disable(rules)


def read_blocks(source: Source) -> list[Block]:
    """The file as a tree, quotes and lists taken as transparent; every word is in some block."""
    lines = source.lines
    tokens = _block_parser().parse("\n".join("" if _too_deep(line) else line for line in lines))
    top: list[Block] = []
    open_items: list[tuple[Block, list[Block]]] = []  # the item, and where the next block goes
    where = top
    seen = [False] * len(lines)
    level = 0
    for token in tokens:
        if token.type == "list_item_open":
            item = Block("item", number=int(token.info) if token.info.isdecimal() else None)
            where.append(item)
            open_items.append((item, where))
            where = item.children
        elif token.type == "list_item_close":
            item, where = open_items.pop()
            if item.children and item.children[0].kind == "paragraph":
                item.rows = item.children.pop(0).rows
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "inline" and token.map:
            rows = _rows(token, lines)
            for n in range(*token.map):
                seen[n] = True
            where.append(Block("heading" if level else "paragraph", rows, level=level))
            level = 0
        elif token.type == "heading_close":
            level = 0
        elif token.type == "fence" and token.map:
            for n in range(token.map[0], min(token.map[1], len(lines))):
                seen[n] = True
            first = token.map[0]
            body = token.content.removesuffix("\n").split("\n")
            column = len(lines[first]) - len(lines[first].lstrip()) + 1
            rows = tuple(Row(text, first + 2 + i, column) for i, text in enumerate(body))
            where.append(Block("fence", rows, info=token.info.strip(), level=first + 1))
    _keep_unseen(top, lines, seen)
    return top


def _too_deep(line: str) -> bool:
    lead = _LEAD.match(line)
    marks = len(lead[0].split()) + lead[0].count(">") if lead else 0
    return bool(lead and marks and marks + len(lead[0].expandtabs(4)) // 4 > DEEPEST // 3)


def _rows(token: Token, lines: tuple[str, ...]) -> tuple[Row, ...]:
    assert token.map is not None
    rows: list[Row] = []
    at, end = token.map
    for text in token.content.split("\n"):
        text = text.strip(" \t")
        line = next((n for n in range(at, min(end, len(lines))) if text in lines[n]), min(at, len(lines) - 1))
        column = lines[line].find(text)
        rows.append(Row(text, line + 1, (column if column >= 0 else 0) + 1))
        at = line + 1
    return tuple(rows)


def _keep_unseen(top: list[Block], lines: tuple[str, ...], seen: list[bool]) -> None:
    """Lines that Markdown swallowed (nested too deep) come back at the end, as strange paragraphs."""
    for n, line in enumerate(lines):
        if not seen[n] and re.search(r"\w", line):
            text = line.strip()
            top.append(Block("paragraph", (Row(text, n + 1, line.find(text) + 1),), strange=True))
