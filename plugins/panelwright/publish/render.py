"""Pages and single panels as SVG and PNG files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from panelwright.assets import Assets
from panelwright.cache import write_atomically
from panelwright.plates import ComicPage, Plate
from panelwright.svg.document import document
from panelwright.svg.inline import inlined
from panelwright.svg.path import num

PNG_WIDTH = {"page": 1600, "phone": 780}


def panel_svg(plate: Plate, panel: int) -> str:
    """One panel cut out of its plate as a document of its own. Raises KeyError: no such panel."""
    region = next((r for r in plate.regions if r.panel == panel), None)
    if region is None:
        raise KeyError(panel)
    f = region.frame
    margin = 6.0
    w, h = f.w + 2 * margin, f.h + 2 * margin
    body = f'<g transform="translate({num(margin - f.x)} {num(margin - f.y)})">{plate.svg}</g>'
    return document(w, h, f"{plate.title}, panel {panel}", body, plate.symbols)


def png(svg: str, width: int, assets: Assets) -> bytes:
    """Rasterised by CairoSVG with the fonts of these assets."""
    from panelwright.typography.fontconfig import use_bundled_fonts

    use_bundled_fonts(assets)
    import cairosvg

    data: bytes = cairosvg.svg2png(bytestring=inlined(svg).encode(), output_width=width, background_color="#060B18")
    return data


def write_pages(
    pages: Iterable[ComicPage], editions: Iterable[str], form: str, out: Path, assets: Assets, panel: int | None = None
) -> Iterator[Path]:
    """Write each page (or one panel of it) in each edition; yields the files as they are done.

    ``form``: svg or png. Names: ``page-04.svg``, ``page-04-phone.png``, ``page-04-panel-2.svg``.
    """
    for page in pages:
        for edition in editions:
            plate = page.plates[edition]
            svg = plate.standalone() if panel is None else panel_svg(plate, panel)
            name = f"page-{page.number:02}" if page.number else "cover"
            name += "" if edition == "page" else f"-{edition}"
            name += "" if panel is None else f"-panel-{panel}"
            path = out / f"{name}.{form}"
            width = PNG_WIDTH[edition] if panel is None else 1200
            write_atomically(path, svg.encode() if form == "svg" else png(svg, width, assets))
            yield path
