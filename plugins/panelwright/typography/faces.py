"""The faces by role, loaded once for HarfBuzz."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from panelwright.assets import Assets
from panelwright.cache import memo
from panelwright.compiled import not_yaml, place_in, read_yaml
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean

FACTS = {"file", "family", "weight", "style", "fallback"}
MAY = "weight, style and fallback"


@dataclass(frozen=True)
class Face:
    """``upm`` font units per em; ``cap`` and ``x_height`` as shares of the size; read from the file when asked for.

    ``fallback``: has the characters that this one lacks.
    """

    role: str
    path: Path
    family: str
    weight: int
    style: str
    fallback: Face | None = None

    @cached_property
    def upm(self) -> int:
        return int(_font(self.path).face.upem)

    @cached_property
    def cap(self) -> float:
        return _height(self.path, 88) / self.upm or 0.7

    @cached_property
    def x_height(self) -> float:
        return _height(self.path, 86) / self.upm or 0.5

    @property
    def hb(self) -> Any:
        return _font(self.path)

    def has(self, character: str) -> bool:
        return bool(_font(self.path).get_nominal_glyph(ord(character)))


@memo
def _font(path: Path) -> Any:
    import uharfbuzz as hb  # slow to load, and a warm build shapes nothing

    return hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))


@memo
def font_table(assets: Assets | None = None) -> dict[str, Face]:
    """All roles of ``art/fonts/fonts.yaml``, an author's own over those that come along.

    Raises AuthorError where a role is not one, or its file is missing.
    """
    assets = assets or Assets.default()
    said: dict[str, tuple[Any, Path]] = {}
    for root in reversed(assets.art):
        path = root / "fonts" / "fonts.yaml"
        if path.is_file():
            said |= {str(role): (facts, path) for role, facts in _roles(path).items()}
    table: dict[str, Face] = {}

    def add(role: str, above: tuple[str, ...]) -> Face:
        if role in table:
            return table[role]
        facts, path = said[role]
        if not isinstance(facts, dict) or not {"file", "family"} <= facts.keys() or facts.keys() - FACTS:
            raise _bad(path, role, f"the font {role!r} is {facts!r}", f"it has file and family, and may have {MAY}")
        file = assets.art_file(f"fonts/{facts['file']}")
        if file is None:
            raise _bad(path, role, f"there is no fonts/{facts['file']}", "put the file beside fonts.yaml")
        after = facts.get("fallback")
        if after in above or (after and after not in said):
            raise _bad(path, role, f"the fallback of {role!r} is {after!r}", did_you_mean(str(after), said))
        table[role] = Face(role, file, str(facts["family"]), facts.get("weight", 400), facts.get("style", "normal"),
                           add(after, (*above, after)) if after else None)  # fmt: skip
        return table[role]

    for role in said:
        add(role, (role,))
    return {role: table[role] for role in said}


def _roles(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8")
    try:
        roles = read_yaml(text)
    except yaml.YAMLError as error:
        raise AuthorError(not_yaml(str(path), error, text)) from error
    if not isinstance(roles, dict):
        raise AuthorError(Diagnostic(str(path), 1, 1, "error", "font", "this is no list of fonts"))
    return roles


def _bad(path: Path, role: str, message: str, hint: str) -> AuthorError:
    line, column = place_in(path.read_text("utf-8"), [role], key=True)
    return AuthorError(Diagnostic(str(path), line, column, "error", "font", message, hint))


def _height(path: Path, at: int) -> int:
    """In font units, from a field of the OS/2 table's version 2; 0 where the table is older."""
    blob = _font(path).face.reference_table("OS/2").data
    return int.from_bytes(blob[at : at + 2], "big", signed=True)


def face(role: str, assets: Assets | None = None) -> Face:
    """The face of a role; without ``assets``, of those that come along. Raises KeyError for an unknown one."""
    return font_table(assets)[role]
