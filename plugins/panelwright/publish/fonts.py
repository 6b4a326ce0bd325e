"""The site's fonts: WOFF2 subsets of the ones in ``art/fonts``, holding the characters in use."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from panelwright.assets import Assets
from panelwright.cache import FileDigests, digest, installed, write_atomically
from panelwright.typography.faces import font_table

# What a reader may type into the search field, and what the site's own words use.
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0©®·×–—‘’“”…→←↑↓≈≤≥−"


@dataclass(frozen=True)
class Face:
    """One ``@font-face``: a file and what CSS calls it."""

    family: str
    weight: int
    style: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.family.lower().replace(' ', '-')}-{self.weight}-{self.style}"


def site_faces(assets: Assets) -> list[Face]:
    """Every face once: of the lettering, which may be the author's, and of the site's own words."""
    faces = [Face(f.family, f.weight, f.style, f.path) for t in (assets, None) for f in font_table(t).values()]
    return list({face.name: face for face in reversed(faces)}.values())[::-1]


def digest_of(assets: Assets, digests: FileDigests) -> str:
    """Changes when a font does."""
    return digests.of(face.path for face in site_faces(assets))


def subset(face: Face, text: str, folder: Path, digests: FileDigests) -> Path:
    """The WOFF2 file with the glyphs of ``text``, made once and kept in ``folder``.

    Same font and characters, same bytes: the time stamp in the font is left alone.
    """
    characters = "".join(sorted(set(text) | set(ALWAYS)))
    key = digest(
        digests.of([face.path]), characters, digests.of([Path(__file__)]), installed("fonttools"), installed("brotli")
    )
    target = folder / f"{face.name}.{key[:24]}.woff2"
    if target.is_file():
        return target
    import logging

    from fontTools.subset import Options, Subsetter, load_font, save_font

    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it names every table it drops
    options = Options()
    options.flavor = "woff2"
    options.hinting = False
    options.recalc_timestamp = False
    options.notdef_outline = True
    options.layout_features = ["kern", "liga", "calt", "ccmp", "mark", "mkmk", "tnum", "lnum"]
    font = load_font(io.BytesIO(face.path.read_bytes()), options)
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    buffer = io.BytesIO()
    save_font(font, buffer, options)
    write_atomically(target, buffer.getvalue())
    return target


def stylesheet(faces: Sequence[Face], files: Iterable[Path], folder: str = "fonts") -> str:
    """``@font-face`` rules; addresses as seen from the folder above ``folder``."""
    rules = [
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{face.style};'
        f'font-display:swap;src:url({folder}/{path.name}) format("woff2")}}'
        for face, path in zip(faces, files, strict=True)
    ]
    return "\n".join(rules) + "\n"
