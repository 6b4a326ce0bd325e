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

from panelwright.cache import Cache, FileDigests, digest, installed, package_digest, text_in, text_out
from panelwright.diagnostics import AuthorError, Diagnostic
from panelwright.publish.dives import FENCES, FenceUse
from panelwright.publish.source import benchmark_files

FOLDER = "panelwright:data/"
CHOICE = "panelwright:choice"
CHARTS = "charts.yaml"
"""In a figure that is kept: the folder of the data files, and the name of its choice of machines. And the file of an
author's own charts, named here because what draws charts is loaded late."""
_PLACE = re.compile(r"<!-- panelwright:figure (\w+) -->")

_EXPLORABLE = re.compile(r'<figure class="pw-fig pw-explore"[^>]* data-explore="([\w-]+)"')


@dataclass
class DataFence:
    """A custom fence for ``pymdownx.superfences``. What goes wrong is kept in ``problems``.

    A comment stands for a figure until the page is written (``placed``): the search plugin would parse every tag
    of a chart, which takes longer than all the rest of a build with nothing changed. It tells the figure's name in
    the cache, which is by content.

    ``path`` and ``uses`` are set before a page is rendered: fences are met in the file's order.
    """

    data: Path = Path()
    cache: Cache = field(default_factory=lambda: Cache(None))
    path: str = ""
    uses: list[FenceUse] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    digests: FileDigests = field(default_factory=FileDigests)

    def placed(self, html: str, folder: str) -> str:
        """``html`` with the figures in the places of their comments. ``folder``: the data as seen from the page."""
        number = count(1)

        def figure(match: re.Match[str]) -> str:
            found = self.figures[match[1]].replace(f'"{FOLDER}', f'"{escape(folder)}')
            return found.replace(f'"{CHOICE}"', f'"pw-machine-{next(number)}"')

        return _PLACE.sub(figure, html)

    def scripts(self, html: str, folder: str) -> str:
        """A script for every explorable whose comment stands in ``html``, from ``folder`` (as seen from the page)."""
        heads = (_EXPLORABLE.match(self.figures[key]) for key in _PLACE.findall(html))
        names = dict.fromkeys(head[1] for head in heads if head)
        return "".join(f'<script type="module" src="{escape(folder)}{name}.js"></script>' for name in names)

    @cached_property
    def _made_by(self) -> str:
        """Of all that figures and numbers depend on, besides what asks for them. One object, one build."""
        own = [path] if (path := self.data / CHARTS).is_file() else []
        files = self.digests.of([*benchmark_files(self.data), *own])
        return digest(package_digest(), installed("vl-convert-python"), str(self.data), files)

    def filled(self, text: str, path: str, link: str) -> tuple[str, list[Diagnostic]]:
        """``text`` with its marks and its lists of files replaced, see ``values`` and ``datafiles``.

        ``link``: the files' folder as seen from the page.
        """
        key = digest("text", self._made_by, path, link, text)
        kept = self.cache.get(key, read=text_in)
        if kept is not None:
            return kept, []
        from panelwright.publish.datafiles import fill_data_files
        from panelwright.publish.values import fill_values

        filled, problems = fill_values(text, path, self.data, link)
        filled, more = fill_data_files(filled, benchmark_files(self.data), link)
        if not problems and not more:
            self.cache.put(key, filled, text_out)
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
            key = digest("figure", self._made_by, language, name)
            if key not in self.figures:
                self.figures[key] = self._figure(key, language, name, place)
            return f"<!-- panelwright:figure {key} -->"
        except AuthorError as error:
            found = error.diagnostics
            self.problems += found
            return "".join(
                f'<p class="pw-problem"><code>{escape(d.path)}:{d.line}</code> {escape(d.message)}'
                f"{f' <small>{escape(d.hint)}</small>' if d.hint else ''}</p>"
                for d in found
            )

    def _figure(self, key: str, kind: str, name: str, place: tuple[str, int, int]) -> str:
        kept = self.cache.get(key, read=text_in)
        if kept is None:
            from panelwright.publish.figures import figure_html

            kept = figure_html(kind, name, self.data, place, self.cache)
            self.cache.put(key, kept, text_out)
        return kept


def _problem(use: FenceUse, code: str, message: str) -> AuthorError:
    return AuthorError(
        Diagnostic(use.path, use.line, use.column, "error", code, message, "write the name inside the fence")
    )
