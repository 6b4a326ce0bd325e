"""Lettered words leave ink where they are said to stand, and that ink can be read on its ground."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import numpy as np
import pytest

from panelwright.plates import Comic, Plate, Region

from .pictures import Pixels, drawn

pytestmark = pytest.mark.slow
WIDTH = {"page": 1100, "phone": 560}
SVG = "{http://www.w3.org/2000/svg}"
ET.register_namespace("", SVG.strip("{}"))
LEAST_INK = 0.04  # of a block's area
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


def without(svg: str, pictures: bool, words: bool) -> str:
    """The same plate without its pictures, or without the text of balloons, captions and labels."""
    root = ET.fromstring(svg)
    for panel in root.iter(f"{SVG}g"):
        if panel.get("role") != "group":
            continue
        drawing = next(child for child in panel if child.tag == f"{SVG}g")
        if pictures:
            panel.remove(drawing)
        for letters in [g for g in panel if words and g.get("role") == "img"]:
            for text in letters.findall(f"{SVG}text"):
                letters.remove(text)
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def boxes(region: Region, plate: Plate, k: float) -> Iterator[tuple[str, slice, slice]]:
    """The words of each block, its rows and its columns of pixels."""
    for p in region.placed:
        x, y = (region.frame.x + p.box.x) * k, (region.frame.y + p.box.y) * k
        yield p.text, slice(round(y), round(y + p.box.h * k)), slice(round(x), round(x + p.box.w * k))


def luminance(colours: Pixels) -> Pixels:
    """WCAG's relative luminance of sRGB colours."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    found: Pixels = linear @ np.array([0.2126, 0.7152, 0.0722])
    return found


def contrast(one: float, two: float) -> float:
    dark, bright = sorted((one, two))
    return (bright + 0.05) / (dark + 0.05)


def unreadable(plate: Plate, with_words: Pixels, bare: Pixels) -> list[tuple[int, str, str]]:
    """(panel, words, what is wrong) for every block that leaves too little ink, or too faint."""
    found = []
    changed = np.abs(with_words - bare).max(axis=2) > 0.2
    light = luminance(with_words)
    for region in plate.regions:
        for text, rows, columns in boxes(region, plate, with_words.shape[1] / plate.width):
            ink, here = changed[rows, columns], light[rows, columns]
            share = float(ink.mean())
            if share < LEAST_INK:
                found.append((region.panel, text, f"ink on {share:.1%} of its place"))
                continue
            ground = float(np.median(here[~ink]))
            # edges of letters are blends: the darkest or brightest tenth is the ink's own colour
            best = max(contrast(float(np.quantile(here[ink], q)), ground) for q in (0.1, 0.9))
            if best < LEAST_CONTRAST:
                found.append((region.panel, text, f"contrast {best:.1f}"))
    return found


@pytest.mark.parametrize("edition", ["page", "phone"])
@pytest.mark.parametrize("number", range(1, 11))
def test_every_block_of_words_leaves_ink_that_can_be_read(shipped: Comic, number: int, edition: str) -> None:
    """The pictures lie under the words (see below), so they may stay away here: they take long to draw."""
    plate = next(p for p in shipped.pages if p.number == number).plates[edition]
    svg = plate.standalone()
    lettered, bare = without(svg, True, False), without(svg, True, True)
    assert lettered.count("<text") - bare.count("<text") >= sum(len(r.placed) for r in plate.regions)
    assert unreadable(plate, drawn(lettered, WIDTH[edition]), drawn(bare, WIDTH[edition])) == []


@pytest.mark.parametrize("edition", ["page", "phone"])
def test_words_lie_over_the_picture(shipped: Comic, edition: str) -> None:
    plate = next(p for p in shipped.pages if p.number == 3).plates[edition]
    svg = plate.standalone()
    assert unreadable(plate, drawn(svg, WIDTH[edition]), drawn(without(svg, False, True), WIDTH[edition])) == []


def test_missing_and_faint_ink_is_noticed(shipped: Comic) -> None:
    """The measure itself: words that are gone, and words in the colour of their ground."""
    plate = next(p for p in shipped.pages if p.number == 8).plates["phone"]
    svg = plate.standalone()
    bare = drawn(without(svg, True, True), WIDTH["phone"])
    blocks = sum(len(r.placed) for r in plate.regions)
    assert len(unreadable(plate, bare, bare)) == blocks
    faint = re.sub(r'(<text[^>]* fill=")#[0-9A-F]{6}', r"\1#808890", without(svg, True, False))
    found = unreadable(plate, drawn(faint, WIDTH["phone"]), bare)
    assert any("contrast" in why for _, _, why in found)
