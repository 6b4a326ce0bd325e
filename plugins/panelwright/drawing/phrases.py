"""Reads short forms out of a sentence of a scene: stages joined by arrows, lists, words in brackets.

Pure, and verbatim: what comes back stands in the sentence letter for letter, so that a picture's words
are the storyboard's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ARROW = re.compile(r"\s*(?:→|⟶|->|=>)\s*")
BRACKETS = re.compile(r"\(([^()]*)\)")
JOINS = re.compile(r"\s*,\s+(?:(?:and|or)\s+)?|\s+(?:and|or)\s+")
OPENING = re.compile(r"[:—–]\s+")
MORE = re.compile(r"\betc\.?$|^\.\.\.$|^…$")
END = ".!?;"


@dataclass(frozen=True)
class Stage:
    """One stop on the way: its ``name`` and the ``parts`` that its brackets list."""

    name: str
    parts: tuple[str, ...] = ()


def stages(text: str) -> tuple[Stage, ...]:
    """``"Shows: A (x, y) → B (z)."`` -> A with x and y, B with z; nothing if there is no arrow."""
    pieces = ARROW.split(text)
    if len(pieces) < 2:
        return ()
    # what introduces the way ends at the last colon before its first stage
    pieces[0] = OPENING.split(pieces[0])[-1]
    pieces[-1] = _sentence(pieces[-1])
    return tuple(Stage(BRACKETS.sub("", p).strip(), bracketed(p)) for p in pieces)


def listed(text: str) -> tuple[str, ...]:
    """The comma list after the last colon or dash: ``"its cycle — work, play, or rest!"`` -> work, play, rest."""
    opened = list(OPENING.finditer(text))
    if not opened:
        return ()
    return _items(_sentence(text[opened[-1].end() :]))


def bracketed(text: str) -> tuple[str, ...]:
    """The comma list in the first brackets: ``"labels (.bin, .gguf, etc.)"`` -> .bin, .gguf."""
    found = BRACKETS.search(text)
    return _items(found[1]) if found else ()


def chosen(words: str, looks: Sequence[tuple[str, str]], default: str = "") -> str:
    """The look of the first part that occurs in ``words`` (case does not matter)."""
    low = words.lower()
    return next((look for part, look in looks if part in low), default)


def _items(text: str) -> tuple[str, ...]:
    parts = (p.strip() for p in JOINS.split(text))
    return tuple(p for p in parts if p and not MORE.search(p))


def _sentence(text: str) -> str:
    """Up to the first end of a sentence outside brackets; a point inside a word (.gguf, v1.5) ends nothing."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char in END and depth == 0 and (i + 1 == len(text) or text[i + 1].isspace()):
            return text[:i]
    return text


VERBS: dict[str, Callable[..., object]] = {
    "stages": stages, "listed": listed, "bracketed": bracketed, "chosen": chosen,
}  # fmt: skip
"""What templates of holograms call by name."""
