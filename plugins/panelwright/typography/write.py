"""Shaped text as live SVG text (a position for every character) or as outlines."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from panelwright.typography.faces import Face
from panelwright.typography.shaping import ShapedText, measure

Segment = tuple[str, list[tuple[float, float]]]


def live_text(shaped: ShapedText, x: float, y: float, size: float, attributes: str = "", track: float = 0) -> Markup:
    """``<text>`` per face; ``x`` left edge, ``y`` baseline, ``track`` extra space after each character.

    No text-anchor and no text-rendering: with explicit positions Chromium, CairoSVG and typst agree.
    """
    out = []
    count = 0
    for run in shaped.runs:
        # SVG drops spaces at the ends of an element, and with them the places of what follows
        inner = range(len(run.text) - len(run.text.lstrip()), len(run.text.rstrip()))
        places = " ".join(_num(x + run.x[i] * size + (count + i) * track) for i in inner)
        count += len(run.x)
        if not inner:
            continue
        f = run.face
        style = f' font-style="{f.style}"' if f.style != "normal" else ""
        space = ' xml:space="preserve"' if "  " in run.text.strip() else ""  # the same holds between words
        out.append(
            f'<text{space} x="{places}" y="{_num(y)}" font-family="{escape(f.family)}" font-weight="{f.weight}"{style}'
            f' font-size="{_num(size)}"{" " + attributes if attributes else ""}>{escape(run.text.strip())}</text>'
        )
    return Markup("".join(out))  # noqa: S704


def outlines(shaped: ShapedText, x: float, y: float, size: float, track: float = 0) -> list[Segment]:
    """The glyphs as one path of M L Q C Z segments."""
    path: list[Segment] = []
    count = 0
    for run in shaped.runs:
        k = size / run.face.upm
        for glyph, gx, gy in run.glyphs:
            dx, dy = x + gx * size + count * track, y - gy * size
            path += [(c, [(dx + px * k, dy - py * k) for px, py in pts]) for c, pts in _glyph(run.face, glyph)]
            count += 1
    return path


@lru_cache(maxsize=4_000)
def _glyph(face: Face, glyph: int) -> tuple[Segment, ...]:
    import uharfbuzz as hb

    out: list[Segment] = []
    funcs = hb.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, _: out.append(("M", [(x, y)])))
    funcs.set_line_to_func(lambda x, y, _: out.append(("L", [(x, y)])))
    funcs.set_cubic_to_func(lambda a, b, c, d, x, y, _: out.append(("C", [(a, b), (c, d), (x, y)])))

    def quadratic(a: float, b: float, x: float, y: float, _: Any) -> None:
        out.append(("Q", [(a, b), (x, y)]))

    funcs.set_quadratic_to_func(quadratic)
    funcs.set_close_path_func(lambda _: out.append(("Z", [])))
    face.hb.draw_glyph(glyph, funcs, None)
    return tuple(out)


def wrap(text: str, width: float, size: float, face: Face) -> list[str]:
    """Lines no wider than ``width`` where words allow, as even as the same number of lines can be."""
    words = text.split()
    if not words:
        return []

    def fill(limit: float) -> list[str]:
        lines = [words[0]]
        for word in words[1:]:
            longer = f"{lines[-1]} {word}"
            if measure(longer, size, face) <= limit:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    best = fill(width)
    low, high = 0.0, width
    for _ in range(8):  # narrow the limit while the line count holds: no short last line
        middle = (low + high) / 2
        narrower = fill(middle)
        if len(narrower) == len(best):
            best, high = narrower, middle
        else:
            low = middle
    return best


def _num(v: float) -> str:
    s = f"{v:.1f}"
    return s[:-2] if s.endswith(".0") else s
