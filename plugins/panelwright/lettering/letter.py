"""Letters a panel: units are placed, drawn by their templates, and held against the rules."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from panelwright.assets import Assets
from panelwright.drawing.model import Box, Drawing
from panelwright.layout.model import Edition
from panelwright.lettering import shapes
from panelwright.lettering.breaking import Block
from panelwright.lettering.model import UNSPOKEN, Lettering, Placed
from panelwright.lettering.place import Spot, place
from panelwright.lettering.rules import violations
from panelwright.lettering.styles import Style
from panelwright.lettering.units import units
from panelwright.script.model import Line, LineKind
from panelwright.svg.canvas import WHITE, Canvas
from panelwright.svg.colour import mix
from panelwright.svg.path import Path, aff, pd, xf
from panelwright.svg.pen import Pen
from panelwright.svg.templates import palette, render
from panelwright.svg.words import HALOS
from panelwright.typography.faces import Face
from panelwright.typography.shaping import shape
from panelwright.typography.write import live_text, outlines


def letter(
    lines: Sequence[Line],
    drawing: Drawing,
    w: float,
    h: float,
    edition: Edition,
    assets: Assets,
    prefix: str,
    light: str = "#00D4FF",
) -> Lettering:
    """``drawing``'s anchors, ``w`` and ``h`` in the edition's units. Words are never made smaller."""
    every = units(lines, w, edition, assets)
    spots = place(every, drawing, w, h, edition)
    canvas = Canvas(prefix)
    svg = "".join(_draw(s, canvas, assets, edition, light) for s in spots)
    placed = []
    for s in spots:
        for i, ((cx, cy), block) in enumerate(zip(s.blocks(), s.form.blocks, strict=True)):
            tip = s.tail.tip if s.tail and i == len(s.form.blocks) - 1 else None
            text = " ".join(block.lines) if s.unit.line.kind is not LineKind.CODE else s.unit.line.text
            placed.append(Placed(s.unit.order, who_says(s.unit.line), Box(cx - block.a, cy - block.b, block.w, block.h),
                                 s.unit.style.name, text, tip))  # fmt: skip
    return Lettering(svg, str(canvas.defs), tuple(placed), tuple(violations(spots, drawing, w, h, edition)))


def who_says(line: Line) -> str:
    """The speaker, or the kind of words that nobody speaks."""
    return line.speaker or UNSPOKEN.get(line.kind, "")


def _draw(spot: Spot, canvas: Canvas, assets: Assets, edition: Edition, light: str) -> str:
    style, line, tail = spot.unit.style, spot.unit.line, spot.tail
    pen = Pen(canvas)
    parts = [(cx, cy, b.a, b.b) for (cx, cy), b in zip(spot.blocks(), spot.form.blocks, strict=True)]
    body = "" if style.shape == "none" else render(
        assets, f"balloons/{style.shape}.svg.j2", canvas, pen=pen, style=style, parts=parts,
        root=tail.root if tail else None, tip=tail.tip if tail else None, bend=tail.bend if tail else 0.0,
        size=spot.form.blocks[-1].size, k=edition.scale, light=light, seed=3 + 2 * spot.unit.order,
        superellipse=shapes.superellipse, burst=shapes.burst, cloud=shapes.cloud, bowed_tail=shapes.bowed_tail,
        stepped_tail=shapes.stepped_tail, bubbles=shapes.bubbles,
    )  # fmt: skip
    words = "".join(
        _set(block, cx, cy, spot, assets, light, pen)
        for (cx, cy), block in zip(spot.blocks(), spot.form.blocks, strict=True)
    )
    who = who_says(line)
    name = escape(f"{who}: {line.text}" if who else line.text)
    return f'<g role="img" aria-label="{name}">{body}{words}</g>'


def _set(block: Block, cx: float, cy: float, spot: Spot, assets: Assets, light: str, pen: Pen) -> str:
    """The lines of one block, centred by eye: between capital height and x-height."""
    style, line = spot.unit.style, spot.unit.line
    f = style.font
    colours = palette(assets)
    fill = mix(light, WHITE, 0.82) if style.words == "light" else colours.get(style.words, style.words)
    lift = (f.cap * 0.56 + f.x_height * 0.44) / 2 * block.size
    track = style.track * block.size
    weight = f' stroke="{fill}" stroke-width="{block.size * style.heavy:.2f}"' if style.heavy else ""
    out: list[str] = []
    behind: Path = []
    for i, text in enumerate(block.lines):
        y = cy + (i - (len(block.lines) - 1) / 2) * style.leading * block.size + lift
        runs = _emphasised(text, block.starts[i], line, style.font, style.italic)
        width = sum(shape(t, face).advance for t, face in runs) * block.size + track * (len(text) - 1)
        x = cx - width / 2 if style.align == "middle" else cx - block.a + style.pad[0] * block.size
        for part, face in runs:
            shaped = shape(part, face)
            out.append(live_text(shaped, x, y, block.size, f'fill="{fill}"{weight}', track))
            if style.outline or style.glow:
                behind += outlines(shaped, x, y, block.size, track)
            x += shaped.advance * block.size + track * len(part)
    return _behind(behind, style, block.size, pen, light, colours["ink"]) + "".join(out)


def _behind(glyphs: Path, style: Style, size: float, pen: Pen, light: str, ink: str) -> str:
    """Halos and thick ink behind words are outlines: a second text would be read and found twice."""
    out: list[str] = []
    if style.outline:
        low = xf(glyphs, aff(1, 1, 0, size * 0.05, size * 0.07))
        out += [pen.path(g, ink, ink, size * style.outline) for g in (low, glyphs)]
    if style.glow:
        name = pen.canvas.define(f'<path id="%s" d="{pd(glyphs)}"/>')
        halos = (f'<use href="#{name}" stroke-width="{size * w:.1f}" stroke-opacity="{o}"/>' for w, o in HALOS)
        out.append(f'<g fill="none" stroke="{light}" stroke-linejoin="round">{"".join(halos)}</g>')
    return "".join(out)  # a plain string: Markup would escape what is added to it


def _emphasised(text: str, start: int, line: Line, plain: Face, italic: Face) -> list[tuple[str, Face]]:
    """Maximal runs of plain and emphasised characters of one lettered line."""
    if not line.emphasis:
        return [(text, plain)]
    out: list[tuple[str, Face]] = []
    for i, c in enumerate(text):
        face = italic if any(a <= start + i < b for a, b in line.emphasis) else plain
        if out and out[-1][1] == face:
            out[-1] = (out[-1][0] + c, face)
        else:
            out.append((c, face))
    return out
