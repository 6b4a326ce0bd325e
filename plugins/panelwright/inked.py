"""What the cache holds: finished panels, and whole plates, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any

from panelwright.cache import digest
from panelwright.diagnostics import Diagnostic
from panelwright.drawing.model import Box
from panelwright.layout.model import Frame
from panelwright.lettering.model import Placed
from panelwright.plates import Plate, Region
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


def names_of(key: tuple[object, ...], panels: Sequence[Panel]) -> tuple[str, str]:
    """Under which a result is kept: one without findings wherever its words stand in the file, one with only there."""
    places = [astuple(span) for p in panels for span in (p.span, *(line.span for line in p.lines))]
    return digest(*key), digest(*key, places)


def store(inked: Inked, panel: Panel) -> dict[str, Any]:
    """As JSON; a line is stored by its place in the panel, so it stays the storyboard's own."""
    value = asdict(replace(inked, placed=(), diagnostics=()))
    value["placed"] = _placed_out(inked.placed, panel)
    value["diagnostics"] = [asdict(d) for d in inked.diagnostics]
    return value


def restore(value: Mapping[str, Any], panel: Panel) -> Inked:
    return Inked(
        value["svg"],
        value["defs"],
        dict(value["symbols"]),
        tuple(value["words"]),
        tuple(value["depicts"]),
        value["letters"],
        value["letter_defs"],
        _placed_in(value["placed"], panel),
        tuple(Diagnostic(**d) for d in value["diagnostics"]),
    )


def store_plates(plates: Mapping[str, Plate], panels: Sequence[Panel], found: Sequence[Diagnostic]) -> dict[str, Any]:
    """All editions of a page, so that an unchanged page costs one read."""
    out: dict[str, Any] = {"diagnostics": [asdict(d) for d in found], "plates": {}}
    for name, plate in plates.items():
        value = {**asdict(replace(plate, regions=(), symbols={})), "symbols": dict(plate.symbols)}
        value["regions"] = [
            {**asdict(replace(r, placed=())), "placed": _placed_out(r.placed, panel)}
            for r, panel in zip(plate.regions, panels, strict=True)
        ]
        out["plates"][name] = value
    return out


def restore_plates(
    value: Mapping[str, Any], panels: Sequence[Panel]
) -> tuple[dict[str, Plate], tuple[Diagnostic, ...]]:

    def region(r: Mapping[str, Any], panel: Panel) -> Region:
        placed = _placed_in(r["placed"], panel)
        return Region(r["panel"], Frame(**r["frame"]), placed, r["alt"], tuple(r["depicts"]), tuple(r["words"]))

    plates = {
        name: Plate(**{**plate, "regions": tuple(map(region, plate["regions"], panels))})
        for name, plate in value["plates"].items()
    }
    return plates, tuple(Diagnostic(**d) for d in value["diagnostics"])


def _placed_out(placed: Sequence[Placed], panel: Panel) -> list[dict[str, Any]]:
    return [
        {
            "line": panel.lines.index(p.line),
            "order": p.order,
            "box": asdict(p.box),
            "style": p.style,
            "text": p.text,
            "tip": p.tip,
        }
        for p in placed
    ]


def _placed_in(values: Sequence[Mapping[str, Any]], panel: Panel) -> tuple[Placed, ...]:
    def one(p: Mapping[str, Any]) -> Placed:
        line: Line = panel.lines[p["line"]]
        tip = (p["tip"][0], p["tip"][1]) if p["tip"] else None
        return Placed(line, p["order"], Box(**p["box"]), p["style"], p["text"], tip)

    return tuple(one(p) for p in values)
