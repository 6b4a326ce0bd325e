"""Plates as pixels, by CairoSVG."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

from panelwright.svg.inline import inlined
from panelwright.typography.fontconfig import use_bundled_fonts

Pixels = np.ndarray[Any, np.dtype[np.float64]]


def drawn(svg: str, width: int) -> Pixels:
    """Rows of pixels, each red, green and blue from 0 to 1."""
    use_bundled_fonts()
    import cairosvg

    data = cairosvg.svg2png(bytestring=inlined(svg).encode(), output_width=width, background_color="#060B18")
    return pixels(data)


def pixels(data: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=np.float64) / 255
