"""Every word of the storyboard is in the comic: lettered, in order, by its speaker, in every edition."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from panelwright.plates import Comic, ComicPage, Region

from .script import Panel, read

EDITIONS = ("page", "phone")
TEXT, GROUP = "{http://www.w3.org/2000/svg}text", "{http://www.w3.org/2000/svg}g"
SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[2]
COVER, PANELS = read(ROOT / "docs" / "storyboard.md")
LISTED = {
    (1, 2): ["Training"],
    (1, 3): ["Inference"],
    (2, 2): ["Training Dataset", "Forward Pass", "Predicted Insights", "Ground Truth Labels", "Loss Computation",
             "Backward Pass", "AI Network", "Weights Updated"],
    (3, 1): ["Training Dataset", "AI Network", "Weights Frozen", "Forward Pass", "Predicted Insights"],
    (3, 3): ["How fast can we respond?", "How many users at once?", "How much compute do we need?"],
    (6, 1): [".bin", ".gguf", ".trt", ".onnx"],
    (6, 3): ["Ecosystem Silos", "Hardware Diversity", "Optimization Goals", "Backward Compatibility"],
    (9, 2): ["P50", "The typical experience", "P90", "1 in 10 users waits this long", "P99",
             "1 in 100 users gets STUCK"],
    (10, 1): ["Sweet Spot ~ BS 32"],
    (10, 3): ["Chatbots", "Low TTFT", "Translation", "High Throughput", "Streaming", "Steady ITL", "On-device AI",
              "Small Footprint"],
}  # fmt: skip


def page_of(comic: Comic, number: int) -> ComicPage:
    return next(p for p in comic.pages if p.number == number)


def groups(page: ComicPage, edition: str) -> dict[int, list[ET.Element]]:
    """Panel -> its blocks of words: each a group with a name, in the order of the document."""
    root = ET.fromstring(page.plates[edition].standalone())
    found = {}
    for group in root.iter(f"{SVG}g"):
        if group.get("role") == "group" and (name := re.fullmatch(r"Panel (\d+)", group.get("aria-label", ""))):
            found[int(name[1])] = [g for g in group if g.get("role") == "img"]
    return found


def live(element: ET.Element) -> list[str]:
    """The words of the live text in it."""
    return " ".join("".join(t.itertext()) for t in element.iter(f"{SVG}text")).split()


def region(page: ComicPage, edition: str, panel: int) -> Region:
    return next(r for r in page.plates[edition].regions if r.panel == panel)


CASES = [pytest.param(p, e, id=f"{p.page}.{p.number}-{e}") for p in PANELS for e in EDITIONS]


def test_the_independent_reader_reads_all_of_it(storyboard_path: Path) -> None:
    text = storyboard_path.read_text("utf-8")
    assert len(PANELS) == text.count("\n### Panel ")
    said = re.findall(r"^- \*\*(?!Scene|Title|Art Style|Pages|Characters|Based on)", text, re.M)
    assert sum(len(p.said) for p in PANELS) == len(said) > 60
    assert [len(COVER), COVER[0][:18]] == [2, "INTRO TO INFERENCE"]


@pytest.mark.parametrize(("panel", "edition"), CASES)
def test_every_word_is_lettered_in_order_by_its_speaker(shipped: Comic, panel: Panel, edition: str) -> None:
    blocks = groups(page_of(shipped, panel.page), edition)[panel.number]
    assert [b.get("aria-label") for b in blocks] == [f"{who}: {words}" for who, words, _ in panel.said]
    assert [live(b) for b in blocks] == [words.split() for _, words, _ in panel.said]


@pytest.mark.parametrize(("panel", "edition"), CASES)
def test_what_is_placed_are_the_same_words(shipped: Comic, panel: Panel, edition: str) -> None:
    """The regions say where words stand; joined balloons together say the whole speech."""
    placed = region(page_of(shipped, panel.page), edition, panel.number).placed
    for i, (who, words, _) in enumerate(panel.said):
        parts = [p for p in placed if p.order == i]
        assert " ".join(p.text for p in parts).split() == words.split()
        assert {p.who for p in parts} == {who}


@pytest.mark.parametrize("number", sorted({p.page for p in PANELS}))
def test_the_transcript_says_it_all_in_order(shipped: Comic, number: int) -> None:
    spoken = [
        (s.panel, s.speaker or s.kind.title(), s.text, ", ".join(s.directions))
        for s in page_of(shipped, number).transcript
    ]
    assert spoken == [(p.number, *said) for p in PANELS if p.page == number for said in p.said]


def test_stage_directions_are_never_lettered(shipped: Comic) -> None:
    directed = [(p, direction) for p in PANELS for _, _, direction in p.said if direction]
    assert directed
    for panel, direction in directed:
        page = page_of(shipped, panel.page)
        for edition in EDITIONS:
            svg = ET.tostring(ET.fromstring(page.plates[edition].standalone()), encoding="unicode")
            assert direction not in svg
        assert all(direction not in s.text for s in page.transcript)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_covers_words_are_on_the_cover(shipped: Comic, edition: str) -> None:
    page = page_of(shipped, 0)
    assert list(region(page, edition, 1).words[:2]) == COVER
    named = re.findall(r'aria-label="([^"]*)"', page.plates[edition].svg)
    shown = [*named, " ".join(live(ET.fromstring(page.plates[edition].standalone())))]
    for words in COVER:
        assert any(words in s for s in shown), words
    assert [s.text for s in page.transcript] == COVER


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("page", "panel"), LISTED)
def test_words_of_the_scene_are_in_the_picture(shipped: Comic, page: int, panel: int, edition: str) -> None:
    drawn = region(page_of(shipped, page), edition, panel).words
    for words in LISTED[page, panel]:
        assert any(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", d) for d in drawn), (words, drawn)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("panel", [p for p in PANELS if p.quoted], ids=lambda p: f"{p.page}.{p.number}")
def test_quoted_words_of_a_scene_are_drawn_verbatim(shipped: Comic, panel: Panel, edition: str) -> None:
    """As live text or as named outlines: nothing is quoted in a scene that readers cannot see."""
    drawn = region(page_of(shipped, panel.page), edition, panel.number).words
    missing = [q for q in panel.quoted if not any(q in d for d in drawn)]
    assert not missing, drawn


@pytest.mark.parametrize("edition", EDITIONS)
def test_words_in_pictures_can_be_read_by_machines(shipped: Comic, edition: str) -> None:
    """What ``Region.words`` claims is in the SVG: live, or outlines with a name."""
    for page in shipped.pages:
        svg = page.plates[edition].standalone()
        named = re.findall(r'aria-label="([^"]*)"', svg)
        text = " ".join([*named, *live(ET.fromstring(svg))])
        flat = re.sub(r"&(?:amp|#38);", "&", re.sub(r"\s+", " ", text))
        for r in page.plates[edition].regions:
            for words in r.words:
                for word in words.split():
                    assert word in flat, (page.number, r.panel, word)
