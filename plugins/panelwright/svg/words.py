"""Words in a drawing: live text where the pen is flat, outlines that name their text where it is tilted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from panelwright.svg.canvas import WHITE
from panelwright.svg.path import Path, bounds, frac, num
from panelwright.typography.faces import Face, face
from panelwright.typography.shaping import ShapedText, shape
from panelwright.typography.write import live_text, outlines, wrap

if TYPE_CHECKING:
    from panelwright.svg.pen import Pen

HALOS = ((0.30, 0.10), (0.16, 0.16), (0.07, 0.30))  # of the size: stroke width, opacity
CAPITALS = 0.7  # of the size: how high they stand
SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}


def text(
    pen: Pen,
    string: str,
    x: float,
    y: float,
    size: float,
    font: str = "label",
    fill: str = WHITE,
    anchor: str = "middle",
    glow: str | None = None,
    track: float = 0,
    op: float = 1,
) -> Markup:
    """One line; ``y`` is the baseline, ``track`` extra space in units after each character."""
    string = string.strip()
    if not string:
        return Markup()
    shaped = shape(string, face(font, pen.canvas.assets))
    width = shaped.advance * size + track * (len(string) - 1)
    left = x - width * SHARE[anchor]
    pen.canvas.words.append(string)
    corners = [pen.to(a, b) for a in (left, left + width) for b in (y - CAPITALS * size, y)]
    pen.canvas.lines.append((string, bounds(corners)))
    if pen.flat:
        return _live(pen, shaped, left, y, size, fill, glow, track, op)
    glyphs = outlines(shaped, left, y, size, track)
    parts = [pen.path(glyphs, "none", glow, size * w, so=o) for w, o in HALOS] if glow else []
    parts.append(pen.path(glyphs, fill, op=op))
    return Markup(f'<g role="img" aria-label="{escape(string)}">{Markup("").join(parts)}</g>')  # noqa: S704


def letters(string: str, x: float, y: float, size: float, font: Face, anchor: str = "middle", track: float = 0) -> Path:
    """The outlines of one line as a path, for drawn lettering: whoever draws it names its words."""
    shaped = shape(string, font)
    width = shaped.advance * size + track * (len(string) - 1)
    return outlines(shaped, x - width * SHARE[anchor], y, size, track)


def _live(
    pen: Pen, shaped: ShapedText, x: float, y: float, size: float, fill: str, glow: str | None, track: float,
    op: float,
) -> Markup:  # fmt: skip
    k = pen.zoom([(x, y)])
    px, py = pen.to(x, y)
    parts = []
    if glow:
        # the halo is outlines: a stroked copy of the text would be read and found twice
        from panelwright.svg.path import pd

        d = pd(outlines(shaped, px, py, size * k, track * k))
        name = pen.canvas.define(f'<path id="%s" d="{d}"/>')
        halos = "".join(
            f'<use href="#{name}" stroke-width="{num(size * k * w)}" stroke-opacity="{frac(o)}"/>' for w, o in HALOS
        )
        parts.append(f'<g fill="none" stroke="{glow}" stroke-linejoin="round" aria-hidden="true">{halos}</g>')
    attributes = f'fill="{fill}"' + (f' fill-opacity="{frac(op)}"' if op != 1 else "")
    parts.append(live_text(shaped, px, py, size * k, attributes, track * k))
    return Markup("".join(parts))  # noqa: S704


def block(
    pen: Pen,
    string: str,
    x: float,
    y: float,
    width: float,
    size: float,
    font: str = "label",
    fill: str = WHITE,
    leading: float = 1.12,
    anchor: str = "middle",
    glow: str | None = None,
    op: float = 1,
) -> Markup:
    """Lines no wider than ``width``; ``y`` is the first baseline."""
    rows = wrap(string, width, size, face(font, pen.canvas.assets))
    before = len(pen.canvas.words)
    out = [
        text(pen, row, x, y + i * leading * size, size, font, fill, anchor, glow, 0, op) for i, row in enumerate(rows)
    ]
    pen.canvas.words[before:] = [string.strip()] if rows else []
    return Markup("").join(out)


def block_height(pen: Pen, string: str, width: float, size: float, font: str = "label", leading: float = 1.12) -> float:
    """From above the first line's capitals to below the last line's baseline, in the size's units."""
    rows = wrap(string, width, size, face(font, pen.canvas.assets))
    return size * (0.72 + leading * (len(rows) - 1)) if rows else 0.0
