"""Files to take along: made once by content, kept in the cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from panelwright.assets import Assets
from panelwright.cache import digest, installed
from panelwright.plates import Comic
from panelwright.publish import pdf, prose
from panelwright.publish.fonts import digest_of


def has_book(comic: Comic) -> bool:
    """Whether every page has the edition that a book is made of."""
    return bool(comic.pages) and all("page" in page.plates for page in comic.pages)


def book(comic: Comic, folder: Path, assets: Assets, dives: Mapping[int, tuple[str, str]]) -> Path:
    """The PDF of the page edition with the deep dives, see ``pdf.write_pdf``."""
    key = digest(
        [page.plates["page"].standalone() for page in comic.pages],
        [page.transcript for page in comic.pages],
        (comic.title, comic.cast, sorted(dives.items())),
        (
            digest_of(assets),
            Path(pdf.__file__).read_bytes(),
            Path(prose.__file__).read_bytes(),
            installed("typst"),
            installed("pypandoc-binary"),
            os.environ.get("SOURCE_DATE_EPOCH"),
        ),
    )
    path = folder / f"{key[:24]}.pdf"
    if not path.is_file():
        pdf.write_pdf(comic, path, assets, dives)
    return path
