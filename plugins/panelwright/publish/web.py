"""The art of a page as one inline fragment: both editions, their shared symbols once."""

from __future__ import annotations

from markupsafe import escape

from panelwright.plates import ComicPage, Plate, Region
from panelwright.svg.path import num


def art_placeholder(page: ComicPage) -> str:
    """What stands in the Markdown until the page is written: the SVG is too heavy to parse there."""
    return f"<!-- panelwright:art {page.number} -->"


def art_html(page: ComicPage, language: str = "en") -> str:
    """A ``div.pw-art`` with a plate for each edition; the stylesheet shows the one that fits."""
    symbols: dict[str, str] = {}
    for plate in page.plates.values():
        symbols.update(plate.symbols)
    parts = [f'<div class="pw-art" lang="{escape(language)}" data-search-exclude data-editions="{len(page.plates)}">']
    if symbols:
        # Never display:none: gradients and clips inside would vanish with it.
        parts.append(
            '<svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false">'
            f"<defs>{''.join(symbols[k] for k in sorted(symbols))}</defs></svg>"
        )
    parts += [_plate_html(page, plate) for plate in page.plates.values()]
    # Material's instant navigation sets ``href`` on whatever has one, which a <use> does not take.
    return "".join([*parts, "</div>"]).replace(' href="#', ' xlink:href="#')


def _plate_html(page: ComicPage, plate: Plate) -> str:
    spots = "".join(_spot(page.number, plate, region) for region in plate.regions)
    return (
        f'<figure class="pw-sheet pw-sheet--{escape(plate.edition)}">'
        f'<svg viewBox="0 0 {num(plate.width)} {num(plate.height)}" role="graphics-document document" '
        f'aria-roledescription="comic page" aria-label="{escape(plate.title)}">'
        f"{plate.svg}</svg>{spots}</figure>"
    )


def _spot(page: int, plate: Plate, region: Region) -> str:
    """Where a panel stands, for the bracket that says "this one"; it lets every click through."""
    f = region.frame
    box = (f.x / plate.width, f.y / plate.height, f.w / plate.width, f.h / plate.height)
    left, top, width, height = (f"{100 * v:.2f}%" for v in box)
    return (
        f'<span class="pw-spot pw-b" data-panel="p{page}-{region.panel}" aria-hidden="true" '
        f'style="left:{left};top:{top};width:{width};height:{height}"></span>'
    )


def tiers(plate: Plate) -> list[tuple[float, list[int]]]:
    """Panels by the row they start in: (top in per cent of the plate's height, panel numbers)."""
    rows: list[tuple[float, list[int]]] = []
    for region in sorted(plate.regions, key=lambda r: (round(r.frame.y), r.frame.x)):
        top = 100 * region.frame.y / plate.height
        if rows and abs(rows[-1][0] - top) < 1:
            rows[-1][1].append(region.panel)
        else:
            rows.append((top, [region.panel]))
    return rows
