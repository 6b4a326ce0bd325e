"""The book: cover and pages as a vector PDF with live text and an outline, set by typst."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from panelwright.assets import Assets
from panelwright.cache import write_atomically
from panelwright.plates import Comic, ComicPage, Plate
from panelwright.publish import prose

WIDTH_IN = 6.625  # US comic, trimmed


def write_pdf(
    comic: Comic, out: Path, assets: Assets, dives: Mapping[int, tuple[str, str]] | None = None, language: str = "en"
) -> None:
    """Write ``out`` (moved into place when it is whole). Equal comics give equal bytes.

    ``dives``: page number -> HTML of its deep dive and the page's address on the web; set after that page.
    ``language``: an HTML language tag.
    The date is SOURCE_DATE_EPOCH's, else none is written.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="panelwright-pdf-") as folder:
        root = Path(folder)
        pages = []
        for page in comic.pages:
            plate = page.plates["page"]
            name = f"page-{page.number:02}.svg"
            (root / name).write_text(plate.standalone(), "utf-8")
            pages.append(_page(page, plate, name))
            if dives and page.number in dives:
                html, address = dives[page.number]
                pages.append(prose.typst_of(html, f"dive-{page.number}", root, address))
        source = "\n".join([_preamble(comic, language), *pages])
        (root / "book.typ").write_text(source, "utf-8")
        fonts = [str(folder / "fonts") for folder in assets.art if (folder / "fonts").is_dir()]
        pdf = typst.compile(str(root / "book.typ"), root=str(root), font_paths=fonts, ignore_system_fonts=True)
    write_atomically(out, pdf)


def _preamble(comic: Comic, language: str) -> str:
    moment = os.environ.get("SOURCE_DATE_EPOCH")
    date = "none"
    if moment and moment.isdigit():
        d = datetime.fromtimestamp(int(moment), UTC)
        date = f"datetime(year: {d.year}, month: {d.month}, day: {d.day})"
    cast = ", ".join(c.name for c in comic.cast)
    return (
        f"#set document(title: {_text(comic.title)}, description: {_text(f'A comic with {cast}')}, date: {date})\n"
        f'#set text({_language(language)}, font: "Comic Neue")\n'
        f"{prose.PREAMBLE}"
    )


def _language(tag: str) -> str:
    """Typst wants language and region apart, and knows no more of a tag than these."""
    found = re.match(r"([a-z]{2,3})(?:-.*?\b([a-z]{2}))?\b", tag, re.I)
    lang, region = found.groups() if found else ("en", None)
    return f'lang: "{lang.lower()}"' + (f', region: "{region.lower()}"' if region else "")


def _page(page: ComicPage, plate: Plate, name: str) -> str:
    """One page of the exact trim size; a hidden heading makes the outline, the words the alternative."""
    height = WIDTH_IN * plate.height / plate.width
    title = page.title if page.number == 0 else f"{page.number}. {page.title}"
    alt = " ".join(f"{s.speaker}: {s.text}" if s.speaker else s.text for s in page.transcript)
    return (
        f"#page(width: {WIDTH_IN}in, height: {height:.4f}in, margin: 0pt)["
        f"#place([#show heading: none\n#heading(level: 1, outlined: true, bookmarked: true, {_text(title)})])"
        f"#image({_text(name)}, width: 100%, height: 100%, alt: {_text(alt)})]"
    )


def _text(value: str) -> str:
    """A typst string: its escapes are JSON's, but for characters outside the basic plane."""
    return json.dumps(value, ensure_ascii=False)
