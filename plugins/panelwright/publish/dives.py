"""Deep dives: one Markdown file a page, ``deep-dives/NN-anything.md``, shown under that page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from panelwright.diagnostics import Diagnostic

FENCES = {"chart": "chart", "explore": "explorable"}
"""Fences that draw from the data files, and what each names."""
Fill = Callable[[str, str], tuple[str, list[Diagnostic]]]
"""A text with its marks replaced, and what is wrong with them; the second argument is how problems name the file."""
_NAME = re.compile(r"(\d+)-.+\.md$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([\w-]*)")
_HEADING = re.compile(r"^(#{1,5})(?=\s)")
_LINK = re.compile(r"(\]\()([^)\s]+)")


@dataclass(frozen=True)
class FenceUse:
    """A fence of one of the ``FENCES``. ``name`` is its first line; the place is that line's."""

    kind: str
    name: str
    path: str
    line: int
    column: int


@dataclass(frozen=True)
class Dive:
    """``markdown``: the text below the title, headings one level deeper, links as from the page."""

    page: int
    title: str
    markdown: str
    path: str
    fences: tuple[FenceUse, ...] = ()


def is_dive(uri: str, folder: str = "deep-dives") -> bool:
    return posixpath.dirname(uri) == folder and uri.endswith(".md")


def read_dives(
    folder: Path, pages: Iterable[int], shown: str, fill: Fill, uri: str = "deep-dives"
) -> tuple[Mapping[int, Dive], list[Diagnostic]]:
    """All dives of a folder by page number. ``shown``: how problems name the folder; ``fill``: for their numbers."""
    known = set(pages)
    dives: dict[int, Dive] = {}
    problems: list[Diagnostic] = []
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        place = f"{shown}/{path.name}"
        match = _NAME.match(path.name)
        if not match:
            problems.append(
                Diagnostic(place, 0, 0, "warning", "dive-name", "a deep dive's name begins with its page's number",
                           f"rename it, e.g. 01-{path.name}")
            )  # fmt: skip
            continue
        number = int(match[1])
        if number not in known:
            problems.append(
                Diagnostic(place, 0, 0, "warning", "dive-page", f"the storyboard has no page {number}",
                           "the file is not shown anywhere")
            )  # fmt: skip
            continue
        if number in dives:
            problems.append(
                Diagnostic(place, 0, 0, "error", "dive-twice", f"page {number} has a deep dive already",
                           f"the other one is {dives[number].path}")
            )  # fmt: skip
            continue
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(
                Diagnostic(place, 0, 0, "error", "dive-unreadable", str(error), "save it with encoding UTF-8")
            )
            continue
        text, bad = fill(text, place)
        problems += bad
        dive = parse_dive(text, number, place, uri)
        if isinstance(dive, Diagnostic):
            problems.append(dive)
        else:
            dives[number] = dive
    return dives, problems


def parse_dive(text: str, page: int, path: str, uri: str = "deep-dives") -> Dive | Diagnostic:
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None or not re.match(r"#\s+\S", lines[first]):
        return Diagnostic(path, (first or 0) + 1, 1, "error", "dive-title", "a deep dive begins with its title",
                          "write '# The title' as its first line")  # fmt: skip
    title = lines[first].lstrip("#").strip()
    body = [
        line if fenced else _HEADING.sub(r"#\1", _links_from_root(line, uri))
        for line, fenced in _with_fences(lines[first + 1 :])
    ]
    return Dive(page, title, "\n".join(body).strip() + "\n", path, tuple(find_fences(text, path)))


def find_fences(text: str, path: str) -> Iterator[FenceUse]:
    """Fences of a Markdown file that draw from the data files, in order."""
    lines = text.splitlines()
    closing = ""
    for i, line in enumerate(lines):
        match = _FENCE.match(line)
        if closing:
            if match and match[1].startswith(closing) and not match[2]:
                closing = ""
        elif match:
            closing = match[1]
            if match[2] in FENCES:
                name = next((text for text in lines[i + 1 : i + 2] if not _FENCE.match(text)), "")
                column = len(name) - len(name.lstrip()) + 1
                yield FenceUse(match[2], name.strip(), path, i + 2 if name.strip() else i + 1, column)


def dive_markdown(dive: Dive) -> str:
    return (
        f'<section class="pw-dive__text" aria-labelledby="dive" markdown="1">\n\n## {dive.title} {{#dive}}\n\n'
        f"{dive.markdown}\n</section>"
    )


def _with_fences(lines: list[str]) -> Iterator[tuple[str, bool]]:
    closing = ""
    for line in lines:
        match = _FENCE.match(line)
        yield line, bool(closing or match)
        if closing:
            if match and match[1].startswith(closing) and not match[2]:
                closing = ""
        elif match:
            closing = match[1]


def _links_from_root(line: str, uri: str) -> str:
    """Links are written as seen from the dive's file; the text is shown on a page at the root."""

    def target(match: re.Match[str]) -> str:
        link = match[2]
        if re.match(r"[a-z][a-z0-9+.-]*:|/|#", link, re.IGNORECASE):
            return match[0]
        return match[1] + posixpath.normpath(posixpath.join(uri, link))

    return _LINK.sub(target, line)
