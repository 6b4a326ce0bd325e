"""Files to take along: made once by content, kept in the cache."""

from __future__ import annotations

import os
from pathlib import Path

from panelwright.assets import Assets
from panelwright.cache import digest, installed
from panelwright.plates import Comic
from panelwright.publish import pdf
from panelwright.publish.fonts import digest_of


def book(comic: Comic, folder: Path, assets: Assets) -> Path | None:
    """The PDF of the page edition; None where the comic has no such edition."""
    if not comic.pages or any("page" not in page.plates for page in comic.pages):
        return None
    key = digest(
        [page.plates["page"].standalone() for page in comic.pages],
        [page.transcript for page in comic.pages],
        (comic.title, comic.cast),
        (digest_of(assets), Path(pdf.__file__).read_bytes(), installed("typst"), os.environ.get("SOURCE_DATE_EPOCH")),
    )
    path = folder / f"{key[:24]}.pdf"
    if not path.is_file():
        pdf.write_pdf(comic, path, assets)
    return path
