"""HarfBuzz shaping: kerning on, ligatures off (CairoSVG draws character by character)."""

from __future__ import annotations

from typing import NamedTuple

from panelwright.cache import memo
from panelwright.typography.faces import Face

FEATURES = {"kern": True, "liga": False, "clig": False, "dlig": False, "calt": False}


class Run(NamedTuple):
    """Characters of one face. ``x``: position of each character from the start, in ems of the text."""

    face: Face
    text: str
    x: tuple[float, ...]
    glyphs: tuple[tuple[int, float, float], ...]


class ShapedText(NamedTuple):
    """``advance`` in ems: multiply by the size."""

    text: str
    runs: tuple[Run, ...]
    advance: float


@memo
def shape(text: str, face: Face) -> ShapedText:
    """Shape one line. A character that neither the face nor its fallback has is set in the face itself as .notdef."""
    import uharfbuzz as hb

    runs: list[Run] = []
    at = 0.0
    for used, part in _split(text, face):
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        hb.shape(used.hb, buffer, FEATURES)
        x: list[float | None] = [None] * len(part)
        glyphs = []
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            here = at + position.x_offset / used.upm
            if x[info.cluster] is None:
                x[info.cluster] = here
            glyphs.append((info.codepoint, here, position.y_offset / used.upm))
            at += position.x_advance / used.upm
        filled: list[float] = []
        for value in x:  # a combining mark stands where its base does
            filled.append(value if value is not None else (filled[-1] if filled else at))
        runs.append(Run(used, part, tuple(filled), tuple(glyphs)))
    return ShapedText(text, tuple(runs), at)


def measure(text: str, size: float, face: Face) -> float:
    """Width in the size's units."""
    return shape(text, face).advance * size


def missing_glyphs(text: str, face: Face) -> tuple[str, ...]:
    """Characters that neither the face nor its fallback has, each once."""
    chain = _chain(face)
    return tuple(dict.fromkeys(c for c in text if not c.isspace() and not any(f.has(c) for f in chain)))


def _chain(first: Face) -> tuple[Face, ...]:
    chain = [first]
    while after := chain[-1].fallback:
        chain.append(after)
    return tuple(chain)


def _split(text: str, first: Face) -> list[tuple[Face, str]]:
    """Maximal runs by the first face that has the character; spaces stay with what stands before."""
    chain = _chain(first)
    out: list[tuple[Face, str]] = []
    for c in text:
        used = next((f for f in chain if f.has(c)), first)
        if c.isspace() and out:
            used = out[-1][0]
        if out and out[-1][0] is used:
            out[-1] = (used, out[-1][1] + c)
        else:
            out.append((used, c))
    return out
