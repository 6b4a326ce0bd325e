"""The comic as pages of a site: addresses, navigation, Markdown and what templates need to know."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from markupsafe import escape

from panelwright.plates import Comic, ComicPage, Plate
from panelwright.publish.dives import Dive, dive_markdown
from panelwright.publish.transcript import panel_id, transcript_markdown
from panelwright.publish.web import art_placeholder, tiers

DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""As ``assets.LOADER``, to write."""
CUT = "<!-- panelwright:cut -->"
"""Stands between art, transcript and deep dive, so that a template can place the three apart."""


def page_name(number: int) -> str:
    return "cover" if number == 0 else f"page-{number}"


def page_uri(number: int) -> str:
    return f"{page_name(number)}.md"


def main_plate(page: ComicPage) -> Plate | None:
    """The plate that stands for the page in overviews: the page edition, or whatever there is."""
    return page.plates.get("page") or next(iter(page.plates.values()), None)


def page_markdown(page: ComicPage, dive: Dive | None, hues: Mapping[str, str]) -> str:
    """A whole Markdown page; reads well in any theme, and better with ``comic.html``. ``hues``: of who speaks."""
    front = {
        "title": _heading(page.title) if page.number else "Cover",
        "template": "comic.html",
        "hide": ["navigation", "toc"],
        "description": str(escape(page.goal or page.title)),
    }
    head = yaml.dump(front, Dumper=DUMPER, allow_unicode=True, sort_keys=False, width=10_000)
    parts = [art_placeholder(page), CUT, transcript_markdown(page, hues), CUT]
    if dive:
        parts.append(dive_markdown(dive))
    return f"---\n{head}---\n\n" + "\n\n".join(parts) + "\n"


def comic_nav(pages: Sequence[ComicPage]) -> list[Any]:
    """The entries that an author's ``nav`` gets for ``comic``: pages, grouped where chapters say so."""
    nav: list[Any] = []
    for page in pages:
        entry = {_nav_title(page): page_uri(page.number)}
        chapter = _heading(page.chapter)
        if not chapter:
            nav.append(entry)
        elif nav and list(nav[-1]) == [chapter] and isinstance(nav[-1][chapter], list):
            nav[-1][chapter].append(entry)
        else:
            nav.append({chapter: [entry]})
    return nav


def _nav_title(page: ComicPage) -> str:
    return "Cover" if page.number == 0 else f"{page.number}. {_heading(page.title)}"


def _heading(words: str) -> str:
    """As HTML, which MkDocs and its themes take titles for; quotes, which hurt nobody there, stay."""
    return html.escape(words, quote=False)


def expand_nav(nav: list[Any] | None, pages: Sequence[ComicPage], others: Sequence[str]) -> list[Any]:
    """Replace the word ``comic`` in a navigation by the comic's pages.

    Without a navigation: the home page if there is one, the comic, then the other pages by name.
    """
    entries = comic_nav(pages)
    if nav is None:
        rest = [uri for uri in sorted(others) if uri != "index.md"]
        home = ["index.md"] if "index.md" in others else []
        return [*home, {"Read": entries}, *rest]
    expanded: list[Any] = _expand(nav, entries)
    return expanded


def _expand(item: Any, entries: list[Any]) -> Any:
    if isinstance(item, dict):
        return {k: entries if v == "comic" else _expand(v, entries) for k, v in item.items()}
    if isinstance(item, list):
        out: list[Any] = []
        for child in item:
            out += entries if child == "comic" else [_expand(child, entries)]
        return out
    return item


def site_context(
    comic: Comic, urls: Mapping[int, str], thumbs: Mapping[int, str], heroes: Mapping[int, str],
    pictures: Mapping[int, str],
    dives: Mapping[int, Dive],
) -> dict[str, Any]:  # fmt: skip
    """What the templates know as ``pw``. Addresses are relative to the site's root."""
    title, subtitle = split_title(comic)
    pages = []
    chapter = ""
    for i, page in enumerate(comic.pages):
        plate = main_plate(page)
        numbers = [r.panel for r in plate.regions] if plate else sorted(page.scenes)
        pages.append({
            "index": i,
            "number": page.number,
            "name": page_name(page.number),
            "uri": page_uri(page.number),
            "title": "Cover" if page.number == 0 else page.title,
            "label": "" if page.number == 0 else f"Page {page.number}",
            "chapter": page.chapter,
            "opens_chapter": bool(page.chapter) and page.chapter != chapter,
            "goal": page.goal,
            "url": urls.get(page.number, ""),
            "thumb": thumbs.get(page.number, ""),
            "hero": heroes.get(page.number, ""),
            "alt": plate.regions[0].alt if plate and plate.regions else page.title,
            "picture": pictures.get(page.number, ""),
            "panels": len(numbers),
            "ratio": (plate.width, plate.height) if plate else (2, 3),
            "tiers": [
                {"top": f"{top:.2f}", "panels": [{"label": f"{page.number}.{n}", "id": panel_id(page.number, n)}
                                                 for n in row]}
                for top, row in (tiers(plate) if plate and page.number else [])
            ],
            "dive": dives[page.number].title if page.number in dives else "",
        })  # fmt: skip
        chapter = page.chapter
    return {
        "title": title,
        "subtitle": subtitle,
        "pages": pages,
        "by_uri": {p["uri"]: p for p in pages},
        "last": max((p.number for p in comic.pages), default=0),
        "based_on": comic.metadata.get("Based on", ""),
    }


def split_title(comic: Comic) -> tuple[str, str]:
    """``Intro to Inference: How to ...`` -> the two parts; the part after a dash is dropped."""
    whole = comic.metadata.get("Title") or comic.title
    whole = re.split(r"\s+[—–]\s+", whole, maxsplit=1)[0]
    title, _, subtitle = whole.partition(":")
    return title.strip(), subtitle.strip()
