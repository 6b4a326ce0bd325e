"""The bundled faces by role, loaded once for HarfBuzz."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from panelwright.assets import Assets
from panelwright.cache import memo
from panelwright.compiled import read_yaml


@dataclass(frozen=True)
class Face:
    """``upm`` font units per em; ``cap`` and ``x_height`` as shares of the size; read from the file when asked for."""

    role: str
    path: Path
    family: str
    weight: int
    style: str
    fallback: str

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
    """All roles of ``art/fonts/fonts.yaml``. Raises FileNotFoundError when a font file is missing."""
    assets = assets or Assets.default()
    table = assets.art_file("fonts/fonts.yaml")
    if table is None:
        raise FileNotFoundError("art/fonts/fonts.yaml")
    out = {}
    roles = read_yaml(table.read_text("utf-8"))
    for role, facts in roles.items():
        path = assets.art_file(f"fonts/{facts['file']}")
        if path is None:
            raise FileNotFoundError(f"art/fonts/{facts['file']}")
        out[role] = Face(role, path, facts["family"], facts.get("weight", 400), facts.get("style", "normal"),
                         facts.get("fallback", ""))  # fmt: skip
    return out


def _height(path: Path, at: int) -> int:
    """In font units, from a field of the OS/2 table's version 2; 0 where the table is older."""
    blob = _font(path).face.reference_table("OS/2").data
    return int.from_bytes(blob[at : at + 2], "big", signed=True)


def face(role: str) -> Face:
    """The face of a role, from the bundled table."""
    return font_table()[role]
