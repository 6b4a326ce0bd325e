"""How each kind of words is lettered, as data: ``art/balloons/*.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from panelwright.assets import Assets
from panelwright.cache import memo
from panelwright.compiled import not_yaml, place_in, read_yaml
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.drawing.cast import cast_files
from panelwright.drawing.casting import cast
from panelwright.layout.model import Edition
from panelwright.script.model import Line, LineKind
from panelwright.typography.faces import Face, font_table

BESIDE = (LineKind.SPEECH, LineKind.THOUGHT)  # what stands near its speaker


@dataclass(frozen=True)
class Style:
    """Lengths in ems but ``line``, which is in units of the page edition.

    ``words``: their colour, "light" (the panel's light, near white) or a name of the palette; ``heavy``: a
    stroke in that colour that makes them bolder; ``outline``: of ink, behind them; ``glow``: in the light;
    ``lap``: how far joined balloons overlap.
    """

    name: str
    shape: str
    font: Face
    italic: Face
    pad: tuple[float, float]
    leading: float
    fill: str
    line: float
    tail: bool
    n: float = 2.6
    aspect: float = 1.62
    size: float = 1.0
    track: float = 0.0
    tint: str = ""
    dash: tuple[float, ...] = ()
    align: str = "middle"
    words: str = "ink"
    heavy: float = 0.0
    outline: float = 0.0
    glow: bool = False
    lap: float = 0.55

    def text_size(self, edition: Edition) -> float:
        """In the edition's units; never under the edition's least size."""
        base = edition.caption if self.shape == "caption" else edition.text
        return max(edition.least_text, base * self.size)


@memo
def styles(assets: Assets) -> dict[str, Style]:
    out = {}
    for path in assets.art_files("balloons", "*.yaml"):
        text = path.read_text("utf-8")
        try:
            raw = read_yaml(text) or {}
        except yaml.YAMLError as error:
            raise AuthorError(not_yaml(str(path), error, text)) from error
        if not isinstance(raw, dict):
            raise AuthorError(Diagnostic(str(path), 1, 1, "error", "style-key", "expected names of styles with values"))
        for name, facts in raw.items():
            out[str(name)] = _style(str(name), facts, str(path), font_table(assets))
    return out


def _style(name: str, facts: Mapping[str, Any], path: str, fonts: Mapping[str, Face]) -> Style:
    known = set(Style.__dataclass_fields__) - {"name"}
    if not isinstance(facts, Mapping):
        raise AuthorError(Diagnostic(path, 1, 1, "error", "style-key", f"style {name!r}: expected keys with values"))
    for key in facts:
        if key not in known:
            raise AuthorError(
                Diagnostic(
                    path, 1, 1, "error", "style-key", f"style {name!r}: unknown key {key!r}", did_you_mean(key, known)
                )
            )
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()}
    for key in {"font", "italic"} & values.keys():
        role = values[key]
        if role not in fonts:
            message = f"balloon style {name!r}: there is no font {role!r}"
            raise AuthorError(Diagnostic(path, 1, 1, "error", "style-key", message, did_you_mean(str(role), fonts)))
        values[key] = fonts[role]
    try:
        return Style(name=name, **values)
    except TypeError as error:
        message = f"balloon style {name!r}: {error}"
        raise AuthorError(Diagnostic(path, 1, 1, "error", "style-key", message)) from error


def misnamed_balloons(assets: Assets) -> Iterator[Diagnostic]:
    """Balloons that a character's file names and that do not exist: they would be lettered as plain speech."""
    known = styles(assets)
    for path, facts in cast_files(assets):
        own = str(facts.get("balloon", "speech"))
        if own not in known:
            place = place_in(path.read_text("utf-8"), ("balloon",))
            hint = did_you_mean(own, known) or f"one of {', '.join(known)}"
            yield Diagnostic(str(path), *place, "error", "balloon-unknown", f"there is no balloon {own!r}", hint)


def style_for(line: Line, assets: Assets) -> Style:
    """By kind; a speaker's own style comes from the cast; a shout is told by its exclamation marks."""
    known = styles(assets)
    if line.kind is LineKind.SPEECH:
        own = str(cast(assets).get(line.speaker, {}).get("balloon", "speech"))
        if own == "speech" and line.text.rstrip().endswith("!!"):
            own = "shout"
        return known.get(own, known["speech"])
    return known.get(str(line.kind), known["narration"])
