"""The fences named ``chart`` and ``explore``: a figure, its words and its table, from the benchmark files."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from panelwright.cache import Cache
from panelwright.charts import Chart, draw_chart
from panelwright.diagnostics import AuthorError, Diagnostic
from panelwright.explore import Explorable, draw_explorable
from panelwright.publish.dives import FENCES, FenceUse

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

    def placed(self, html: str) -> str:
        """``html`` with the figures in the places of their comments."""
        return _PLACE.sub(lambda match: self.figures[int(match[1])], html)

    def begin(self, path: str, uses: Sequence[FenceUse]) -> None:
        self.path, self.uses = path, list(uses)

    def __call__(self, source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **_: Any) -> str:
        name = source.strip().splitlines()[0].strip() if source.strip() else ""
        use = self.uses.pop(0) if self.uses else FenceUse(language, name, self.path, 0, 0)
        place = use.path, use.line, use.column
        try:
            if not name:
                raise _problem(use, f"{language}-name", f"a fence {language!r} names its {FENCES[language]}")
            if language == "explore":
                figure = explorable_html(draw_explorable(name, self.data, place, self.cache))
            else:
                figure = chart_html(draw_chart(name, self.data, place, self.cache))
            self.figures.append(figure)
            return f"<!-- panelwright:figure {len(self.figures) - 1} -->"
        except AuthorError as error:
            found = error.diagnostics
            self.problems += found
            return "".join(
                f'<p class="pw-problem"><code>{escape(d.path)}:{d.line}</code> {escape(d.message)}</p>' for d in found
            )


def _problem(use: FenceUse, code: str, message: str) -> AuthorError:
    return AuthorError(
        Diagnostic(use.path, use.line, use.column, "error", code, message, "write the name inside the fence")
    )


def chart_html(chart: Chart) -> str:
    """Title and where the figure comes from, the chart, its conditions, its table."""
    head = _head(chart.title, (chart.kind,))
    art = (
        f'<div class="pw-fig__art" role="img" tabindex="0" aria-label="{escape(chart.alt)}" data-search-exclude>'
        f"{chart.svg}</div>"
    )
    return (
        f'<figure class="pw-fig" id="chart-{escape(chart.name)}">{head}{art}'
        f"<figcaption>{escape(chart.conditions)}</figcaption>{_table(chart.columns, chart.rows)}</figure>"
    )


def explorable_html(found: Explorable) -> str:
    """As a chart's, with the static picture's words below it and the script's numbers at the end.

    The numbers lie in a <template>: Material's instant navigation runs every <script> of a page as JavaScript.
    """
    drawn = found.drawn
    numbers = json.dumps(drawn.numbers, ensure_ascii=False, separators=(",", ":"))
    return (
        f'<figure class="pw-fig pw-explore" id="explore-{escape(found.name)}" data-explore="{escape(found.name)}">'
        f'{_head(found.title, drawn.kinds)}<div class="pw-explore__static">'
        f'<div class="pw-fig__art" role="img" aria-label="{escape(found.title)}. {escape(drawn.says)}" '
        f'data-search-exclude>{"".join(drawn.plots)}</div><p class="pw-explore__says">{escape(drawn.says)}</p></div>'
        f"<figcaption>{escape(drawn.conditions)}</figcaption>{_table(drawn.columns, drawn.rows)}"
        f"<template>{escape(numbers)}</template></figure>"
    )


def explore_scripts(html: str, folder: str) -> str:
    """A script for every explorable of a page, from ``folder`` (as seen from the page)."""
    names = dict.fromkeys(re.findall(r'<figure class="pw-fig pw-explore"[^>]* data-explore="([\w-]+)"', html))
    return "".join(f'<script type="module" src="{escape(folder)}{name}.js"></script>' for name in names)


def _head(title: str, kinds: Sequence[str]) -> Markup:
    badges = Markup("").join(
        Markup('<span class="pw-prov pw-prov--{}">{}</span>').format(kind, kind.capitalize()) for kind in kinds
    )
    return Markup('<div class="pw-fig__h"><b>{}</b>{}</div>').format(title, badges)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(c) for c in columns)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(v) for v in row)) for row in rows
    )
    table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)
    return Markup('<details><summary>Show as a table</summary><div class="pw-tbl">{}</div></details>').format(table)
