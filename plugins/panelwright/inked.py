"""A finished panel, drawn and lettered, and its form in the cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from panelwright.diagnostics import Diagnostic
from panelwright.drawing.model import Box
from panelwright.lettering.model import Placed
from panelwright.script.model import Line, Panel


@dataclass(frozen=True)
class Inked:
    """``svg`` and ``letters`` use their own ``defs`` and the shared ``symbols``."""

    svg: str
    defs: str
    symbols: dict[str, str]
    words: tuple[str, ...]
    depicts: tuple[str, ...]
    letters: str
    letter_defs: str
    placed: tuple[Placed, ...]
    diagnostics: tuple[Diagnostic, ...]


def store(inked: Inked, panel: Panel) -> dict[str, Any]:
    """As JSON; a line is stored by its place in the panel, so it stays the storyboard's own."""
    value = asdict(replace(inked, placed=(), diagnostics=()))
    value["placed"] = [
        {
            "line": panel.lines.index(p.line),
            "order": p.order,
            "box": asdict(p.box),
            "style": p.style,
            "text": p.text,
            "tip": p.tip,
        }
        for p in inked.placed
    ]
    value["diagnostics"] = [asdict(d) for d in inked.diagnostics]
    return value


def restore(value: Mapping[str, Any], panel: Panel) -> Inked:
    def placed(p: Mapping[str, Any]) -> Placed:
        line: Line = panel.lines[p["line"]]
        tip = (p["tip"][0], p["tip"][1]) if p["tip"] else None
        return Placed(line, p["order"], Box(**p["box"]), p["style"], p["text"], tip)

    return Inked(
        value["svg"],
        value["defs"],
        dict(value["symbols"]),
        tuple(value["words"]),
        tuple(value["depicts"]),
        value["letters"],
        value["letter_defs"],
        tuple(placed(p) for p in value["placed"]),
        tuple(Diagnostic(**d) for d in value["diagnostics"]),
    )
