"""From Markdown to the storyboard: the one way in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from panelwright.diagnostics import Diagnostic
from panelwright.script.blocks import read_blocks
from panelwright.script.checks import check_storyboard
from panelwright.script.model import Storyboard
from panelwright.script.names import gather_names
from panelwright.script.reader import Reader
from panelwright.script.source import Source, read_sources, shown_path, take_source
from panelwright.script.spelling import check_spelling


class Parsed(NamedTuple):
    """The storyboard as far as it could be read, and what there is to say about it, in file order."""

    storyboard: Storyboard
    diagnostics: tuple[Diagnostic, ...]


def parse_storyboard(source: str, path: str) -> Parsed:
    """Read a storyboard's text. ``path`` is what diagnostics print. Raises nothing."""
    return _parse((take_source(source, path),), path, ())


def read_storyboard(path: Path, root: Path | None = None) -> Parsed:
    """Read a file, or a folder with a file per page in name order. Raises nothing.

    ``root``: the project's folder; paths are shown relative to it, and a storyboard outside it is refused.
    """
    sources, problems = read_sources(path, root)
    return _parse(sources, shown_path(path, root), problems)


def _parse(sources: Sequence[Source], path: str, problems: tuple[Diagnostic, ...]) -> Parsed:
    found = list(problems)
    for source in sources:
        if source.empty:
            hint = "write the storyboard into it, or start one with `panelwright new DIR`"
            found.append(Diagnostic(source.path, 0, 0, "error", "empty-file", "the file is empty", hint))
    files = [(source, read_blocks(source)) for source in sources]
    names, listed = gather_names([block for _, blocks in files for block in blocks])
    reader = Reader(path, names, listed)
    for source, blocks in files:
        reader.comments += source.comments
        reader.read(blocks, source.front, source.path)
    storyboard = reader.finish()
    found += reader.diagnostics
    found += check_spelling(reader.speakers, [c.name for c in storyboard.characters])
    if any(not source.empty for source in sources):
        found += check_storyboard(storyboard)
    order = {source.path: n for n, source in enumerate(sources)}
    found.sort(key=lambda d: (order.get(d.path, -1), d.line, d.column, d.code, d.message))
    return Parsed(storyboard, tuple(dict.fromkeys(found)))
