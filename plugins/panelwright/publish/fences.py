"""What pages take from the benchmark files: figures in fences, numbers in prose, the list of the files.

All is kept by content. What draws and computes is loaded when something has to be made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from markupsafe import escape

from panelwright.cache import Cache, FileDigests, digest, installed, package_digest
from panelwright.diagnostics import AuthorError, Diagnostic
from panelwright.publish.dives import FENCES, FenceUse
from panelwright.publish.source import benchmark_files

FOLDER = "panelwright:data/"
CHOICE = "panelwright:choice"
"""In a figure that is kept: the folder of the data files, and the name of its choice of machines."""
_PLACE = re.compile(r"<!-- panelwright:figure (\d+) -->")


@dataclass
class DataFence:
    """A custom fence for ``pymdownx.superfences``. What goes wrong is kept in ``problems``.

    A comment stands for a figure until the page is written (``placed``): the search plugin would parse every tag
    of a chart, which takes longer than all the rest of a build with nothing changed.

    ``path`` and ``uses`` are set before a page is rendered: fences are met in the file's order.
    """

    data: Path = Path()
    cache: Cache = field(default_factory=lambda: Cache(None))
    path: str = ""
    uses: list[FenceUse] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def placed(self, html: str, folder: str) -> str:
        """``html`` with the figures in the places of their comments. ``folder``: the data as seen from the page."""
        number = count(1)

        def figure(match: re.Match[str]) -> str:
            found = self.figures[int(match[1])].replace(f'"{FOLDER}', f'"{escape(folder)}')
            return found.replace(f'"{CHOICE}"', f'"pw-machine-{next(number)}"')

        return _PLACE.sub(figure, html)

    @cached_property
    def _made_by(self) -> str:
        """Of all that figures and numbers depend on, besides what asks for them. One object, one build."""
        files = FileDigests().of(benchmark_files(self.data))
        return digest(package_digest(), installed("vl-convert-python"), str(self.data), files)

    def filled(self, text: str, path: str, link: str) -> tuple[str, list[Diagnostic]]:
        """``text`` with its marks and its lists of files replaced, see ``values`` and ``datafiles``.

        ``link``: the files' folder as seen from the page.
        """
        key = digest("text", self._made_by, path, link, text)
        kept = self.cache.get(key, read=str)
        if kept is not None:
            return kept, []
        from panelwright.publish.datafiles import fill_data_files
        from panelwright.publish.values import fill_values

        filled, problems = fill_values(text, path, self.data)
        filled, more = fill_data_files(filled, benchmark_files(self.data), link)
        if not problems and not more:
            self.cache.put(key, filled)
        return filled, [*problems, *more]

    def begin(self, path: str, uses: Sequence[FenceUse]) -> None:
        self.path, self.uses = path, list(uses)

    def __call__(self, source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **_: Any) -> str:
        name = source.strip().splitlines()[0].strip() if source.strip() else ""
        use = self.uses.pop(0) if self.uses else FenceUse(language, name, self.path, 0, 0)
        place = use.path, use.line, use.column
        try:
            if not name:
                raise _problem(use, f"{language}-name", f"a fence {language!r} names its {FENCES[language]}")
            figure = self._figure(language, name, place)
            self.figures.append(figure)
            return f"<!-- panelwright:figure {len(self.figures) - 1} -->"
        except AuthorError as error:
            found = error.diagnostics
            self.problems += found
            return "".join(
                f'<p class="pw-problem"><code>{escape(d.path)}:{d.line}</code> {escape(d.message)}</p>' for d in found
            )

    def _figure(self, kind: str, name: str, place: tuple[str, int, int]) -> str:
        key = digest("figure", self._made_by, kind, name)
        kept = self.cache.get(key, read=str)
        if kept is None:
            from panelwright.publish.figures import figure_html

            kept = figure_html(kind, name, self.data, place, self.cache)
            self.cache.put(key, kept)
        return kept


def _problem(use: FenceUse, code: str, message: str) -> AuthorError:
    return AuthorError(
        Diagnostic(use.path, use.line, use.column, "error", code, message, "write the name inside the fence")
    )


def explore_scripts(html: str, folder: str) -> str:
    """A script for every explorable of a page, from ``folder`` (as seen from the page)."""
    names = dict.fromkeys(re.findall(r'<figure class="pw-fig pw-explore"[^>]* data-explore="([\w-]+)"', html))
    return "".join(f'<script type="module" src="{escape(folder)}{name}.js"></script>' for name in names)
