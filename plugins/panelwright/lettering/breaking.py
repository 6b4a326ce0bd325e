"""Line breaking by dynamic programming: a lozenge in a superellipse, even rows in a box. Never hyphenates."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from panelwright.lettering.styles import Style
from panelwright.typography.shaping import measure

# words that should not end a line: articles, prepositions, conjunctions
CLINGING = frozenset(
    ("a", "an", "the", "and", "of", "to", "in", "is", "it", "so", "i", "or", "but", "for", "on", "at", "as", "with",
     "by", "we", "how", "no")
)  # fmt: skip
HANGING = frozenset(("—", "–", "-"))  # stay with the word before
LEADING = re.compile(r"^(→|\d+\.)$")  # stay with the word after


class Block(NamedTuple):
    """Broken text and the outline round it: half-axes ``a`` and ``b``. All in the unit of ``size``."""

    lines: tuple[str, ...]
    starts: tuple[int, ...]  # offset of each line in the text
    size: float
    a: float
    b: float
    cost: float

    @property
    def w(self) -> float:
        return 2 * self.a

    @property
    def h(self) -> float:
        return 2 * self.b


def break_lozenge(text: str, style: Style, size: float, most: int = 9) -> tuple[Block, ...]:
    """One block per possible number of lines, the longest lines in the middle; best first."""
    return tuple(b._replace(size=size, a=b.a * size, b=b.b * size) for b in _lozenges(text, style, most))


@lru_cache(maxsize=4_000)
def _lozenges(text: str, style: Style, most: int) -> tuple[Block, ...]:
    """At a size of one: both editions break a line alike."""
    size = 1.0
    words, offsets = split_words(text)
    widths = [measure(w, size, style.font) for w in words]
    space = measure(" ", size, style.font)
    prefix = [0.0]
    for w in widths:
        prefix.append(prefix[-1] + w)
    n = len(words)
    row = _Row(tuple(words), [p + space * i for i, p in enumerate(prefix)], space)
    out = []
    for k in range(1, min(most, n) + 1):
        b = k * style.leading * size / 2 + style.pad[1] * size * (1.0 if k > 2 else 1.15)
        chords = []
        for i in range(k):
            y = abs((i - (k - 1) / 2) * style.leading * size) + 0.36 * size
            chords.append((1 - min(0.985, y / b) ** style.n) ** (1 / style.n))
        least = (row.width(0, n) + 2 * style.pad[0] * size * k) / 2 / sum(chords)
        best: Block | None = None
        for step in range(7):
            a = least * (1 + 0.055 * step)
            room = [2 * (a * c - style.pad[0] * size) for c in chords]
            if min(room) <= 0:
                continue
            found = _fill(row, room, k)
            if found is None:
                continue
            cost, cuts = found
            cost += _shape_cost(a / b, style.aspect, k) + a * b / (size * size) * 0.006
            if best is None or cost < best.cost:
                lines = tuple(" ".join(words[i:j]) for i, j in cuts)
                best = Block(lines, tuple(offsets[i] for i, _ in cuts), size, a, b, cost)
        if best:
            out.append(best)
    return tuple(sorted(out, key=lambda q: q.cost))


def _shape_cost(aspect: float, wanted: float, rows: int) -> float:
    """Near the style's aspect all is well; past 2.4 or under 1.3 it soon looks wrong.

    A single line may be longer, and so may a long speech, which reads better in long lines.
    """
    stretched = max(0.0, math.log(aspect / (2.7 if rows == 1 else 2.4 if rows < 4 else 2.6)))
    squeezed = max(0.0, math.log(1.3 / aspect))
    return 0.9 * math.log(aspect / wanted) ** 2 + 5 * stretched**2 + 3 * squeezed**2


@dataclass(frozen=True)
class _Row:
    """A text as one row of words. ``begins``: where each word begins, and where the next would."""

    words: tuple[str, ...]
    begins: Sequence[float]
    space: float
    bare: Sequence[str] = field(init=False)
    last: Sequence[float] = field(init=False)  # what it costs to end a line before the word

    def __post_init__(self) -> None:
        object.__setattr__(self, "bare", [w.lower().strip(".,!?…") for w in self.words])
        object.__setattr__(self, "last", [0.0, *map(_end_cost, self.words[:-1]), 0.0])

    def width(self, i: int, j: int) -> float:
        return self.begins[j] - self.begins[i] - self.space


def _end_cost(word: str) -> float:
    """Of a line that ends with the word, and is not the last."""
    cost = 0.03 if word.lower().strip("'\"") in CLINGING else 0.0
    if word[-1] in ".!?…":
        return cost - 0.075
    return cost - 0.015 if word[-1] in ",;:—" else cost


def _fill(row: _Row, room: Sequence[float], k: int) -> tuple[float, list[tuple[int, int]]] | None:
    """The cheapest breaks into exactly k lines, or None. Cost: squared slack and bad line ends."""
    far = math.inf
    words, bare, begins, last = row.words, row.bare, row.begins, row.last
    n = len(words)
    table = [[far] * (n + 1) for _ in range(k + 1)]
    back = [[0] * (n + 1) for _ in range(k + 1)]
    table[0][0] = 0.0
    widest = max(room)
    for line in range(k):
        for i in range(n):
            so_far = table[line][i]
            if so_far >= far:
                continue
            end = begins[i] + row.space + room[line]  # a word that begins past it is on the next line
            for j in range(i + 1, n + 1):
                slack = end - begins[j]
                if slack < 0:
                    break
                cost = so_far + (slack / widest) ** 2 * 2.2 + last[j]
                if j < n:
                    if bare[i] == bare[j]:
                        cost += 0.1  # a word under itself at the left
                    if line == 0 and k > 2 and j == 1 and len(words[0]) < 9:
                        cost += 0.2  # one short word alone on top
                elif line == k - 1 and k > 1 and j - i == 1 and len(words[j - 1]) < 8:
                    cost += 0.06  # a dangling last line
                if i and bare[i - 1] == bare[j - 1]:
                    cost += 0.1  # at the right
                if cost < table[line + 1][j]:
                    table[line + 1][j] = cost
                    back[line + 1][j] = i
    if table[k][n] >= far:
        return None
    cuts = []
    j = n
    for line in range(k, 0, -1):
        i = back[line][j]
        cuts.append((i, j))
        j = i
    cuts.reverse()
    lengths = [row.width(i, j) for i, j in cuts]
    cost = table[k][n]
    middle = (k - 1) / 2
    for i in range(k - 1):  # lines swell to the middle
        if i + 1 <= middle and lengths[i] > lengths[i + 1] * 1.04:
            cost += 0.06
        if i >= middle and lengths[i + 1] > lengths[i] * 1.04:
            cost += 0.06
    return cost, cuts


def break_box(text: str, style: Style, size: float, width: float) -> Block:
    """Even rows in a box at most ``width`` wide; ``a`` and ``b`` are half its size with padding."""
    words, offsets = split_words(text)
    inner = width - 2 * style.pad[0] * size
    track = style.track * size

    def span(i: int, j: int) -> float:
        part = " ".join(words[i:j])
        return measure(part, size, style.font) + track * (len(part) - 1)

    def greedy(limit: float) -> list[tuple[int, int]]:
        rows, i = [], 0
        while i < len(words):
            j = i + 1
            while j < len(words) and span(i, j + 1) <= limit:
                j += 1
            rows.append((i, j))
            i = j
        return rows

    rows = greedy(inner)
    limit = inner
    while limit > 2 * size and len(greedy(limit - 0.12 * size)) == len(rows):
        limit -= 0.12 * size
    rows = greedy(limit)
    widest = max(span(i, j) for i, j in rows)
    b = (len(rows) * style.leading * size + 2 * style.pad[1] * size) / 2
    return Block(tuple(" ".join(words[i:j]) for i, j in rows), tuple(offsets[i] for i, _ in rows), size,
                 widest / 2 + style.pad[0] * size, b, 0.0)  # fmt: skip


def break_rows(text: str, style: Style, size: float, width: float = math.inf) -> Block:
    """The author's own rows (code, chats). A row wider than the box goes on in the next, two spaces further in."""
    inner = width - 2 * style.pad[0] * size
    rows: list[str] = []
    starts: list[int] = []
    at = 0
    for row in text.expandtabs(4).split("\n"):
        start, lead = 0, ""
        indent = " " * (len(row) - len(row.lstrip()))
        while True:
            cut = len(row)
            while measure(lead + row[start:cut], size, style.font) > inner:
                space = row.rfind(" ", start, cut)
                if not row[start:space].strip() or space < 0:
                    break
                cut = space
            rows.append(lead + row[start:cut])
            starts.append(at + start - len(lead))
            if cut >= len(row):
                break
            start, lead = cut + 1, f"{indent}  "
        at += len(row) + 1
    widest = max(measure(row, size, style.font) for row in rows)
    b = (len(rows) * style.leading * size + 2 * style.pad[1] * size) / 2
    return Block(tuple(rows), tuple(starts), size, widest / 2 + style.pad[0] * size, b, 0.0)


def split_words(text: str) -> tuple[list[str], list[int]]:
    """Words and where they start. A no-break space does not separate.

    "5." and an arrow stay with what follows them, a dash with what it follows.
    """
    words: list[str] = []
    starts: list[int] = []
    at = 0
    for part in text.replace("\n", " ").split(" "):
        if part and words and (part in HANGING or LEADING.match(words[-1].rpartition(" ")[2])):
            words[-1] += f" {part}"
        elif part:
            words.append(part)
            starts.append(at)
        at += len(part) + 1
    return (words, starts) if words else ([text], [0])


def split_speech(text: str, most: int) -> list[str]:
    """A speech of more than ``most`` words as parts for joined balloons, split at sentence ends, evenly."""
    words = text.split(" ")
    if len(words) <= most:
        return [text]
    ends = [i + 1 for i, w in enumerate(words[:-1]) if w and w.rstrip("\"'”’")[-1:] in ".!?…"]
    if not ends:
        ends = [i + 1 for i, w in enumerate(words[:-1]) if w[-1:] in ",;:—"]
    if not ends and len(words) > most * 4:  # nobody can read that, but it must not take minutes to find out
        ends = list(range(1, len(words)))
    if not ends:
        return [text]
    middle = min(ends, key=lambda e: abs(e - len(words) / 2))
    first, rest = " ".join(words[:middle]), " ".join(words[middle:])
    return split_speech(first, most) + split_speech(rest, most)
