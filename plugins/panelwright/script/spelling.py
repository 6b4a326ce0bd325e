"""Speakers whose names are spelt in two ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from panelwright.diagnostics import Diagnostic
from panelwright.script.model import Span
from panelwright.script.vocabulary import FIELDS, KINDS, normal

_JOINT = re.compile(r"\s*(?:&|,|/|\+|\band\b|\bet\b|\bund\b|\by\b|和)\s*", re.I)


def resembles(name: str, other: str) -> bool:
    """Whether two names are likely meant to be one: ``Dr Nova``, ``Nova`` or ``Dr. Noav`` for ``Dr. Nova``.

    ``CPU`` and ``GPU``, ``User 1`` and ``User 2`` stay two.
    """
    a, b = _plain(name), _plain(other)
    if a == b:
        return name != other
    a_words, b_words = a.split(), b.split()
    if set(a_words) < set(b_words) or set(b_words) < set(a_words):
        extra = set(a_words) ^ set(b_words)
        return all(len(w) > 1 and not w.isdigit() for w in extra)
    if len(a_words) == len(b_words):
        different = [(x, y) for x, y in zip(a_words, b_words, strict=True) if x != y]
        if any(len(w) < 3 or w.isdigit() for pair in different for w in pair):
            return False
    return _misspelt(a, b)


def _misspelt(a: str, b: str) -> bool:
    short = min(len(a), len(b))
    if sorted(a) == sorted(b) and short >= 3:
        return a != b
    return short >= 4 and _edits(a, b) <= (2 if short >= 8 else 1)


def meant_key(word: str) -> str:
    """The word of storyboards that a key is likely meant to be: ``narration box`` for ``Naration box``."""
    if len(word) < 5:
        return ""
    near = [known for known in (*KINDS, *FIELDS) if _misspelt(normal(word), known)]
    letters = sorted(normal(word))
    # swapped letters are the likelier slip: "sceen" is "scene" rather than "screen"
    near.sort(key=lambda known: (sorted(known) != letters, _edits(normal(word), known)))
    return near[0].capitalize() if near else ""


def check_spelling(uses: Iterable[tuple[str, Span]], listed: Iterable[str]) -> list[Diagnostic]:
    """A warning at every use of a name that resembles a listed one, or one that is used more often."""
    uses, listed = list(uses), list(listed)
    counts = Counter(name for name, _ in uses)
    order = {name: n for n, name in reversed(list(enumerate([*listed, *(n for n, _ in uses)])))}
    ranked = sorted(order, key=lambda n: (n not in listed, -counts[n], order[n]))
    found: list[Diagnostic] = []
    meant = {name: _meant(name, ranked[: ranked.index(name)]) for name in counts if name not in listed}
    for name, span in uses:
        if other := meant.get(name):
            message = f"the speaker {name!r} is spelt {other!r} elsewhere"
            hint = f"did you mean {other!r}? If they are two, list both under Characters"
            found.append(Diagnostic(span.path, span.line, span.column, "warning", "speaker-spelling", message, hint))
    return found


def _meant(name: str, better: list[str]) -> str:
    together = _JOINT.split(name)
    if len(together) > 1 and all(part in better for part in together):
        return ""
    return next((other for other in better if resembles(name, other)), "")


def _plain(name: str) -> str:
    # A number at the end tells people apart, so it is kept here.
    number = re.search(r"\d+\s*$", name)
    return f"{normal(name)} {number[0].strip()}" if number and normal(name) else normal(name) or name


def _edits(a: str, b: str) -> int:
    """Levenshtein distance; names are short."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a[:80], 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]
