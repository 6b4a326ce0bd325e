"""A tiny comic made by hand: whole-site tests need pages and plates, not art."""

from __future__ import annotations

from panelwright.diagnostics import Diagnostic
from panelwright.layout.model import Frame
from panelwright.plates import Comic, ComicPage, Plate, Region, Spoken
from panelwright.script.model import Span

SPAN = Span("docs/storyboard.md", 1, 1)
SYMBOL = (
    '<linearGradient id="{id}"><stop stop-color="#00D4FF"/><stop offset="1" stop-color="#805AD5"/></linearGradient>'
)

STAR = '<path id="{id}" fill="#FFD54A" d="M0 -12L4 -4L12 0L4 4L0 12L-4 4L-12 0L-4 -4z"/>'


def plate(page: int, edition: str, frames: list[Frame], width: float, height: float) -> Plate:
    light, star = f"p{page}-light", f"p{page}-star"
    size = width / 40 if width > 500 else 17
    body = [f'<rect width="{width}" height="{height}" fill="#060B18"/><use href="#{star}" x="20" y="20"/>']
    for f in frames:
        body.append(
            f'<g id="p{page}{edition[1]}-{f.panel}" role="img" aria-label="Panel {f.panel}">'
            f'<rect class="frame" x="{f.x}" y="{f.y}" width="{f.w}" height="{f.h}" fill="url(#{light})" '
            f'stroke="#00D4FF" stroke-width="4"/>'
            f'<text x="{f.x + 20}" y="{f.y + 60}" font-family="Comic Neue" font-weight="700" '
            f'font-size="{size}" fill="#FFFFFF">Words {page}.{f.panel} {edition}</text></g>'
        )
    regions = tuple(Region(f.panel, f, (), f"What panel {f.panel} shows", ("a lab",)) for f in frames)
    return Plate(
        edition,
        width,
        height,
        "".join(body),
        {light: SYMBOL.format(id=light), star: STAR.format(id=star)},
        regions,
        f"Page {page}",
    )


def fake_page(number: int, title: str, chapter: str, diagnostics: tuple[Diagnostic, ...] = ()) -> ComicPage:
    wide = [Frame(1, 46, 46, 1508, 1100), Frame(2, 46, 1176, 739, 1253), Frame(3, 815, 1176, 739, 1253)]
    strip = [Frame(i + 1, 10, 10 + 415 * i, 370, 400) for i in range(3)]
    if number == 0:
        wide, strip = [Frame(1, 0, 0, 1600, 2475)], [Frame(1, 0, 0, 390, 585)]
    plates = {
        "page": plate(number, "page", wide, 1600, 2475),
        "phone": plate(number, "phone", strip, 390, strip[-1].y + strip[-1].h + 10),
    }
    spoken = (
        Spoken(1, "speech", "Kai", "What *is* this <thing> & why_not?"),
        Spoken(1, "speech", "Dr. Nova", "Inference."),
        Spoken(2, "narration", "", "Meanwhile."),
        Spoken(3, "speech", "Tensor", "Let's go!", ("thumbs up",)),
    )
    if number == 0:
        return ComicPage(0, title, "", "", plates, (), {1: "Everybody in front of a GPU."}, diagnostics)
    scenes = {1: "A lab.\n- with a list", 2: "A brain.", 3: "Tensor."}
    return ComicPage(number, title, chapter, "What the page is for.", plates, spoken, scenes, diagnostics)


def fake_comic(pages: int = 2, diagnostics: tuple[Diagnostic, ...] = ()) -> Comic:
    metadata = {"Title": "A Tiny Comic: How to Be Small", "Pages": "2"}
    made = [fake_page(0, "A Tiny Comic", "")]
    for n in range(1, pages + 1):
        made.append(fake_page(n, f"Title of {n}", "Beginning" if n <= 3 else "End"))
    return Comic("A Tiny Comic — Storyboard", metadata, (), tuple(made), diagnostics)
