"""A whole SVG document around drawn content."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import escape

from panelwright.svg.path import num


def document(width: float, height: float, title: str, body: str, symbols: Mapping[str, str]) -> str:
    """Self-contained but for the fonts; ``width`` and ``height`` are its size in pixels at 1:1."""
    size = f'viewBox="0 0 {num(width)} {num(height)}" width="{num(width)}" height="{num(height)}"'
    shared = f"<defs>{''.join(symbols.values())}</defs>" if symbols else ""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><title>{escape(title)}</title>{shared}{body}</svg>'
