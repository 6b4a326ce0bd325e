"""Explains terms where they stand: a link to an entry of the glossary carries the entry's first sentence."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from markdown.extensions.toc import slugify
from markupsafe import escape

_ENTRY = re.compile(
    r"^\#{2,4}[ ]+(?P<term>[^\n]+?)(?:[ ]*\{[ ]*\#(?P<id>[\w-]+)[ ]*\})?[ ]*\n\s*(?P<text>[^\n#][^\n]*)", re.M
)
_LINK = re.compile(r'<a href="(?P<href>[^"]*#(?P<id>[\w-]+))"(?![^>]*\btitle=)')
_MARKS = re.compile(r"\[([^\]]+)\]\([^)]*\)|[*_`]")


def read_glossary(text: str) -> dict[str, str]:
    """Anchor -> first sentence, from a page with a heading for each term and its meaning below."""
    entries = {}
    for match in _ENTRY.finditer(text):
        sentence = re.split(r"(?<=[.!?])\s", _MARKS.sub(lambda m: m[1] or "", match["text"]), maxsplit=1)[0]
        entries[match["id"] or slugify(match["term"], "-")] = sentence.strip()
    return entries


def explained(html: str, entries: Mapping[str, str], page: str, glossary: str) -> str:
    """``html`` with a title on every link to an entry. ``page``, ``glossary``: addresses from the site's root."""

    def title(match: re.Match[str]) -> str:
        target, _, anchor = match["href"].partition("#")
        base = page if page.endswith("/") or not page else posixpath.dirname(page)
        where = posixpath.normpath(posixpath.join("/", base, target)) if target else None
        if where != posixpath.normpath(f"/{glossary}") or anchor not in entries:
            return match[0]
        return f'{match[0]} class="pw-term" title="{escape(entries[anchor])}"'

    return _LINK.sub(title, html)
