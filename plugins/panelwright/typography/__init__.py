"""Fonts, shaping and the SVG of text: words become positions before anything is drawn."""
