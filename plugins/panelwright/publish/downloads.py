"""Files to take along: made once by content, kept in the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from panelwright.assets import Assets
from panelwright.cache import FileDigests, digest, installed, package_digest
from panelwright.plates import Comic
from panelwright.publish.fonts import digest_of


def has_book(comic: Comic) -> bool:
    """Whether every page has the edition that a book is made of."""
    return bool(comic.pages) and all("page" in page.plates for page in comic.pages)


def book(
    comic: Comic, folder: Path, assets: Assets, dives: Mapping[int, tuple[str, str]], place: Callable[[str], str],
    digests: FileDigests, language: str,
) -> Path:  # fmt: skip
    """The PDF of the page edition with the deep dives, see ``pdf.write_pdf``.

    ``place``: puts the figures into a dive, whose comments name them by content.
    """
    key = digest(
        [page.kept or page.plates["page"].standalone() for page in comic.pages],
        [page.transcript for page in comic.pages],
        (comic.title, comic.cast, sorted(dives.items()), language),
        (
            digest_of(assets, digests),
            package_digest(),
            installed("typst"),
            installed("pypandoc-binary"),
            os.environ.get("SOURCE_DATE_EPOCH"),
        ),
    )
    path = folder / f"{key[:24]}.pdf"
    if not path.is_file():
        from panelwright.publish import pdf  # and what it needs, when there is something to make

        placed = {n: (place(html), address) for n, (html, address) in dives.items()}
        pdf.write_pdf(comic, path, assets, placed, language)
    return path
