"""The shipped comic: no rule broken, nothing waived, drawn the same by every renderer."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from xml.etree import ElementTree

import pytest

from panelwright.comic import Comic, Plate
from panelwright.layout.model import EDITIONS
from panelwright.svg.check import refused

NAMES = ("page", "phone")


def plates(comic: Comic, edition: str) -> list[tuple[int, Plate]]:
    return [(p.number, p.plates[edition]) for p in comic.pages]


def test_eleven_pages_in_two_editions_without_a_single_finding(shipped: Comic) -> None:
    assert [p.number for p in shipped.pages] == list(range(11))
    assert shipped.diagnostics == ()


@pytest.mark.parametrize("edition", NAMES)
def test_only_svg_that_browsers_and_cairo_draw_alike(shipped: Comic, edition: str) -> None:
    for number, plate in plates(shipped, edition):
        assert refused(plate.standalone()) == [], number


def test_ids_are_unique_on_the_web_page_and_references_have_a_target(shipped: Comic) -> None:
    for page in shipped.pages:
        symbols = {k: v for p in page.plates.values() for k, v in p.symbols.items()}
        whole = "".join(symbols.values()) + "".join(p.svg for p in page.plates.values())
        ids = Counter(re.findall(r'\bid="([^"]+)"', whole))
        assert not [i for i, n in ids.items() if n > 1], page.number
        wanted = set(re.findall(r'href="#([^"]+)"', whole)) | set(re.findall(r"url\(#([^)]+)\)", whole))
        assert not wanted - set(ids), page.number


@pytest.mark.parametrize("edition", NAMES)
def test_no_text_is_smaller_than_the_edition_allows(shipped: Comic, edition: str) -> None:
    for number, plate in plates(shipped, edition):
        root = ElementTree.fromstring(plate.standalone())
        for size, text in sizes(root, 1.0):
            assert size >= EDITIONS[edition].least_text - 0.06, (number, text, size)


def sizes(node: ElementTree.Element, scale: float) -> list[tuple[float, str]]:
    """Font sizes in the plate's units: the scales of all groups around them multiplied."""
    if m := re.search(r"scale\(([\d.]+)", node.get("transform", "")):
        scale *= float(m[1])
    own = [(float(node.get("font-size", "0")) * scale, node.text or "")] if node.tag.endswith("}text") else []
    return own + [found for child in node for found in sizes(child, scale)]


def test_panels_stay_inside_the_page_and_words_inside_their_panel(shipped: Comic) -> None:
    for edition in NAMES:
        live = EDITIONS[edition].live
        for number, plate in plates(shipped, edition):
            for region in plate.regions:
                f = region.frame
                assert f.x >= 0
                assert f.y + f.h <= plate.height + 0.5
                for p in region.placed:
                    assert p.box.x >= live - 0.6, (number, region.panel, p.text)
                    assert p.box.x1 <= f.w - live + 0.6, (number, region.panel, p.text)
                    assert p.box.y1 <= f.h - live + 0.6, (number, region.panel, p.text)


def test_both_editions_of_a_page_weigh_less_than_200_kb(shipped: Comic) -> None:
    for page in shipped.pages:
        symbols = {k: v for p in page.plates.values() for k, v in p.symbols.items()}
        whole = "".join(symbols.values()) + "".join(p.svg for p in page.plates.values())
        assert len(gzip.compress(whole.encode(), 9)) < 200_000, page.number


def test_every_panel_says_what_is_to_be_seen(shipped: Comic) -> None:
    for page in shipped.pages:
        for plate in page.plates.values():
            assert all(r.alt and r.depicts for r in plate.regions), page.number
