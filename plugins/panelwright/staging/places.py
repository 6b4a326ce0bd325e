"""Places by name: "Dr. Nova's hand", "second Kai's seat", "training_loop's top". The engine finds where that is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from panelwright.diagnostics import did_you_mean

PARTS = ("head", "eyes", "mouth", "hand", "near hand", "far hand", "hands", "finger", "near finger", "far finger",
         "fingers", "grip", "near grip", "far grip", "tablet", "seat")  # fmt: skip
"""Of somebody, the whole of whom is the head. *hand* is the one held higher; *grip*: between its thumb and fingers."""
SIDES = {"middle": (0.5, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0), "left": (0.0, 0.5), "right": (1.0, 0.5)}
"""Of a hologram, in fractions of its box; its template's header may name more under ``points``."""
NTH = ("first", "second", "third")
ALL = "everybody"
_PHRASE = re.compile(rf"(?:({'|'.join(NTH)})\s+)?(.+?)(?:['’]s\s+(.+))?", re.S)


class Named(NamedTuple):
    """``nth`` of those of that name, from 0; None: the first that has such a part. ``part``: '' is the whole."""

    name: str
    part: str
    nth: int | None = None

    def means(self, who: str) -> bool:
        """Whether somebody of that name, or one word of it, is meant; or all are."""
        return self.name in (who, ALL) or self.name in who.split()


def read_place(text: str) -> Named:
    """What a name of a place says; any text is one."""
    nth, name, part = _PHRASE.fullmatch(text.strip() or "?").groups("")  # type: ignore[union-attr]
    return Named(name.strip(), part.strip(), NTH.index(nth) if nth else None)


def not_there(text: str, people: Collection[str], things: Mapping[str, Collection[str]]) -> tuple[str, str]:
    """What is wrong with a name of a place and what helps; '' twice if it may be there.

    ``people``: who is in the panel. ``things``: the holograms and the set with the parts that each names.
    Whether somebody has a part as they stand shows only once they are drawn.
    """
    said = read_place(text)
    parts: Collection[str] = ()
    if any(said.means(who) for who in people):
        parts = PARTS
    elif said.name in things:
        parts = things[said.name]
    else:
        known = [*people, *things]
        return f"{said.name!r} is not in the panel", did_you_mean(said.name, known) or f"one of {', '.join(known)}"
    if not said.part or said.part in parts:
        return "", ""
    return f"{said.name} has no {said.part!r}", did_you_mean(said.part, parts) or f"one of {', '.join(parts)}"
