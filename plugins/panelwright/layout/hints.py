"""A panel's hint ("Bottom left, large") as a place. Words that are not about place give none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from panelwright.diagnostics import slip_of

BANDS = {"top": 0, "upper": 0, "middle": 1, "mid": 1, "bottom": 2, "lower": 2}
COLUMNS = {"left": 0, "right": 2}
FULL = {"wide", "strip", "splash", "establishing", "full", "panorama", "banner", "spread"}
WEIGHTS = {
    "large": 1.7,
    "big": 1.5,
    "splash": 2.0,
    "finale": 1.15,
    "strip": 0.6,
    "small": 0.7,
    "thin": 0.6,
    "tall": 1.4,
}
CENTRES = ("center", "centre", "central")
FRACTIONS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "two-thirds": 2 / 3, "three-quarters": 3 / 4}
# without those that are another word once they lack a letter: final, slash
KNOWN = tuple(dict.fromkeys(w for w in (*BANDS, *COLUMNS, *CENTRES, *FRACTIONS, *sorted(FULL), *WEIGHTS)
                            if w not in ("finale", "splash")))  # fmt: skip


@dataclass(frozen=True)
class Place:
    """``band`` 0 top, 1 middle, 2 bottom; ``column`` 0 left, 1 centre, 2 right; None: not said.

    ``fraction``: share of the page's height; ``weight``: relative height among the others.
    """

    band: int | None = None
    column: int | None = None
    full: bool = False
    fraction: float | None = None
    weight: float = 1.0

    @property
    def said(self) -> bool:
        return self.band is not None or self.column is not None or self.full or self.fraction is not None


def place_of(hint: str) -> Place:
    """Read a hint. What stands after a dash is a title ("Top left — GGUF"), not a place."""
    band = column = fraction = None
    full, weight = False, 1.0
    for word in _words(hint):
        if word in BANDS:
            band = BANDS[word]
        elif word in COLUMNS:
            column = COLUMNS[word]
        elif word in CENTRES:
            # alone it is the middle tier, beside a band the middle column
            column = 1
        elif word in FRACTIONS:
            fraction = FRACTIONS[word]
        elif word.endswith("%"):
            fraction = min(0.95, float(word[:-1]) / 100)
        full = full or word in FULL
        weight *= WEIGHTS.get(word, 1.0)
    if column == 1 and band is None:
        band, column = 1, None
    return Place(band, column, full, fraction, weight)


def misspelt(hint: str) -> list[tuple[str, str]]:
    """Each word of a hint that is a slip of one of place or size, and the word that is meant."""
    return [(word, meant) for word in _words(hint) if word not in KNOWN and (meant := slip_of(word, KNOWN))]


def _words(hint: str) -> list[str]:
    text = re.split(r"\s[—–-]\s|:", hint.lower(), maxsplit=1)[0]
    return re.findall(r"[a-z]+(?:-[a-z]+)*|\d+(?:\.\d+)?\s*%", text)
