"""The slicing tree: rows of columns of rows. Its leaf order is the reading order.

Written ``50 / 50 [* | *]``: parts of a tier's height in percent, ``/`` between tiers, ``|`` between the
panels of a tier in square brackets, tiers inside a column in round brackets: ``[60 * | (* / *)]``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from panelwright.layout.hints import Place

SPLITS = {
    1: (1,),
    2: (2,),
    3: (1, 2),
    4: (2, 2),
    5: (2, 3),
    6: (2, 2, 2),
    7: (2, 3, 2),
    8: (2, 2, 2, 2),
    9: (3, 3, 3),
    10: (2, 3, 3, 2),
    11: (2, 3, 3, 3),
    12: (3, 3, 3, 3),
}


@dataclass(frozen=True)
class Node:
    """``axis``: "leaf", "rows" or "columns". ``share``: part of the parent (0..1), None: by weight."""

    axis: str
    children: tuple[Node, ...] = ()
    share: float | None = None
    weight: float = 1.0
    panel: int = -1

    def leaves(self) -> tuple[int, ...]:
        return (self.panel,) if self.axis == "leaf" else tuple(p for c in self.children for p in c.leaves())


class TreeError(ValueError):
    """The written tree cannot be read. ``column`` counts from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


def tree_from_hints(places: Sequence[Place]) -> Node:
    """Panels in script order to a tree of tiers; no case is special. Leaf ``i`` is panel index ``i``."""
    rows: list[list[int]] = []
    i = 0
    while i < len(places):
        if not places[i].said:
            run = i
            while run < len(places) and not places[run].said:
                run += 1
            for count in _split(run - i):
                rows.append(list(range(i, i + count)))
                i += count
            rows.append([])  # what follows starts a new tier
            continue
        if not rows or not rows[-1] or _breaks(places[rows[-1][-1]], places[i]):
            rows.append([])
        rows[-1].append(i)
        i += 1
    rows = [r for r in rows if r]
    nodes = []
    for row in rows:
        cells = tuple(Node("leaf", panel=p, weight=1.0) for p in row)
        fraction = next((places[p].fraction for p in row if places[p].fraction), None)
        weight = max(places[p].weight for p in row) * (0.86 if len(row) == 1 and places[row[0]].full else 1.0)
        if len(cells) == 1:
            nodes.append(Node("leaf", panel=row[0], share=fraction, weight=weight))
        else:
            nodes.append(Node("columns", cells, fraction, weight))
    return Node("rows", tuple(nodes))


def _split(count: int) -> tuple[int, ...]:
    if count in SPLITS:
        return SPLITS[count]
    return (3,) * (count // 3) + ((count % 3,) if count % 3 else ())


def _breaks(before: Place, here: Place) -> bool:
    if before.full or here.full or not before.said:
        return True
    if before.band is not None and here.band is not None and before.band != here.band:
        return True
    if here.column is None or before.column is None:
        return True
    return here.column <= before.column


_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?%?|[\[\]()/|*])")


def parse_tree(text: str) -> Node:
    """Read a written tree; leaves are numbered in reading order. Raises TreeError with a column."""
    tokens: list[tuple[str, int]] = []
    at = 0
    while at < len(text.rstrip()):
        m = _TOKEN.match(text, at)
        if not m:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise TreeError(f"unexpected {text[at]!r}", at + 1)
        tokens.append((m.group(1), m.start(1) + 1))
        at = m.end()
    reader = _Reader(tokens, len(text) + 1)
    node = reader.series("rows", "/", None)
    if reader.more():
        raise TreeError(f"unexpected {reader.peek()!r}", reader.column())
    return node


class _Reader:
    def __init__(self, tokens: list[tuple[str, int]], end: int) -> None:
        self.tokens, self.end, self.i, self.count = tokens, end, 0, 0

    def more(self) -> bool:
        return self.i < len(self.tokens)

    def peek(self) -> str:
        return self.tokens[self.i][0] if self.more() else ""

    def column(self) -> int:
        return self.tokens[self.i][1] if self.more() else self.end

    def series(self, axis: str, separator: str, share: float | None) -> Node:
        parts = [self.part()]
        while self.peek() == separator:
            self.i += 1
            parts.append(self.part())
        total = sum(p.share or 0 for p in parts)
        if total > 1.001:
            raise TreeError(f"the parts add up to {total * 100:.0f} %", self.column())
        return Node(axis, tuple(parts), share)

    def part(self) -> Node:
        share = None
        token = self.peek()
        if token[:1].isdigit():
            share = float(token.rstrip("%")) / 100
            self.i += 1
            token = self.peek()
        if token == "[" or token == "(":
            self.i += 1
            axis, sep, close = ("columns", "|", "]") if token == "[" else ("rows", "/", ")")
            node = self.series(axis, sep, share)
            if self.peek() != close:
                raise TreeError(f"expected {close!r}", self.column())
            self.i += 1
            return node
        if token == "*":
            self.i += 1
        elif share is None:
            raise TreeError("expected a panel (*), a percentage or a bracket", self.column())
        self.count += 1
        return Node("leaf", share=share, panel=self.count - 1)
