"""Fonts, shaping and the SVG of text: words become positions before anything is drawn."""

from panelwright.typography.faces import Face, face, font_table
from panelwright.typography.fontconfig import use_bundled_fonts
from panelwright.typography.shaping import Run, ShapedText, measure, missing_glyphs, shape
from panelwright.typography.write import live_text, outlines, wrap

__all__ = [
    "Face",
    "Run",
    "ShapedText",
    "face",
    "font_table",
    "live_text",
    "measure",
    "missing_glyphs",
    "outlines",
    "shape",
    "use_bundled_fonts",
    "wrap",
]
