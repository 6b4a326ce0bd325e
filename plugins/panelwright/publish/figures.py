"""Figures as HTML: a chart or an explorable with its words and its table, from the benchmark files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup, escape

from panelwright.cache import Cache
from panelwright.charts import Chart, draw_chart
from panelwright.explore import Explorable, draw_explorable


def figure_html(kind: str, name: str, data: Path, place: tuple[str, int, int], cache: Cache) -> str:
    """The figure that a fence of this kind names. Raises AuthorError where it cannot be drawn."""
    if kind == "explore":
        return explorable_html(draw_explorable(name, data, place, cache))
    return chart_html(draw_chart(name, data, place, cache))


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
