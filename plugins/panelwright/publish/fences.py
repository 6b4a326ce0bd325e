"""The ```` ```chart ```` fence: a chart, its words and its table, drawn from the benchmark files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import escape

from panelwright.cache import Cache
from panelwright.charts import Chart, draw_chart
from panelwright.diagnostics import AuthorError, Diagnostic
from panelwright.publish.dives import ChartUse


@dataclass
class ChartFence:
    """A custom fence for ``pymdownx.superfences``. What goes wrong is kept in ``problems``.

    ``path`` and ``uses`` are set before a page is rendered: fences are met in the file's order.
    """

    data: Path = Path()
    cache: Cache = field(default_factory=lambda: Cache(None))
    path: str = ""
    uses: list[ChartUse] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    def begin(self, path: str, uses: Sequence[ChartUse]) -> None:
        self.path, self.uses = path, list(uses)

    def __call__(self, source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **_: Any) -> str:
        name = source.strip().splitlines()[0].strip() if source.strip() else ""
        use = self.uses.pop(0) if self.uses else ChartUse(name, self.path, 0, 0)
        try:
            if not name:
                raise _problem(use, "chart-name", "a chart fence names its chart", "write the name inside the fence")
            return figure_html(draw_chart(name, self.data, (use.path, use.line, use.column), self.cache))
        except AuthorError as error:
            found = error.diagnostics
            self.problems += found
            return "".join(
                f'<p class="pw-problem"><code>{escape(d.path)}:{d.line}</code> {escape(d.message)}</p>' for d in found
            )


def _problem(use: ChartUse, code: str, message: str, hint: str = "") -> AuthorError:
    return AuthorError(Diagnostic(use.path, use.line, use.column, "error", code, message, hint))


def figure_html(chart: Chart) -> str:
    """Title and where the figure comes from, the chart, its conditions, its table."""
    kind = chart.kind.capitalize()
    return (
        f'<figure class="pw-fig" id="chart-{escape(chart.name)}"><div class="pw-fig__h"><b>{escape(chart.title)}</b>'
        f'<span class="pw-prov pw-prov--{escape(chart.kind)}">{escape(kind)}</span></div>'
        f'<div class="pw-fig__art" role="img" tabindex="0" aria-label="{escape(chart.alt)}" data-search-exclude>'
        f"{chart.svg}</div>"
        f"<figcaption>{escape(chart.conditions)}</figcaption>"
        f'<details><summary>Show as a table</summary><div class="pw-tbl">{chart.table_html}</div></details></figure>'
    )
