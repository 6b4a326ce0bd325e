"""The bundled faces by role, loaded once for HarfBuzz."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uharfbuzz as hb

from panelwright.assets import Assets
from panelwright.cache import memo
from panelwright.compiled import read_yaml


@dataclass(frozen=True)
class Face:
    """``upm`` font units per em; ``cap`` and ``x_height`` as shares of the size."""

    role: str
    path: Path
    family: str
    weight: int
    style: str
    fallback: str
    upm: int
    cap: float
    x_height: float

    @property
    def hb(self) -> Any:
        return _font(self.path)

    def has(self, character: str) -> bool:
        return bool(_font(self.path).get_nominal_glyph(ord(character)))


@memo
def _font(path: Path) -> Any:
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
        cap, x_height = _heights(path)
        upm = _font(path).face.upem
        out[role] = Face(role, path, facts["family"], facts.get("weight", 400), facts.get("style", "normal"),
                         facts.get("fallback", ""), upm, cap / upm, x_height / upm)  # fmt: skip
    return out


def _heights(path: Path) -> tuple[float, float]:
    """Capital and x-height in font units, from the OS/2 table's version 2 fields."""
    blob = _font(path).face.reference_table("OS/2").data
    x_height, cap = int.from_bytes(blob[86:88], "big", signed=True), int.from_bytes(blob[88:90], "big", signed=True)
    upm = _font(path).face.upem
    return cap or upm * 0.7, x_height or upm * 0.5


def face(role: str) -> Face:
    """The face of a role, from the bundled table."""
    return font_table()[role]
