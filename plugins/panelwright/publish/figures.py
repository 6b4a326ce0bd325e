"""Figures as HTML: a chart or an explorable with its words and its table, from the benchmark files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup, escape

from panelwright.cache import Cache
from panelwright.charts import Chart, Machine, draw_machines
from panelwright.explore import Explorable, draw_explorable
from panelwright.publish.fences import CHOICE, FOLDER
from panelwright.publish.source import benchmark_files


def figure_html(kind: str, name: str, data: Path, place: tuple[str, int, int], cache: Cache) -> str:
    """The figure that a fence of this kind names. Raises AuthorError where it cannot be drawn."""
    if kind == "explore":
        return explorable_html(draw_explorable(name, data, place, cache))
    return chart_html(draw_machines(name, data, benchmark_files(data), place, cache))


def chart_html(machines: Sequence[Machine]) -> str:
    """Title and where the figure comes from, the chart, its conditions, its table; of several machines one is chosen.

    All of it changes with the machine, by the stylesheet alone. The first is what is printed, and what a browser
    shows that does not know the rule. Address of the data and name of the choice are filled in on the page.
    """
    first, several = machines[0].chart, len(machines) > 1
    if not several:
        return f'<figure class="pw-fig" id="chart-{escape(first.name)}">{_chart(first)}</figure>'
    parts = []
    for i, machine in enumerate(machines):
        given = ' class="pw-fig__one pw-print-no"' if i else ' class="pw-fig__one"'
        parts.append(
            f'<label class="pw-print-no"><input type="radio" name="{CHOICE}" value="{escape(machine.chart.file)}"'
            f"{'' if i else ' checked'}><span>{escape(machine.device)} <small>{escape(machine.detail)}</small></span>"
            f"</label><figure{given}>{_chart(machine.chart)}</figure>"
        )
    return (
        f'<div class="pw-fig pw-fig--machines" id="chart-{escape(first.name)}" role="group" '
        f'aria-label="Machine">{"".join(parts)}</div>'
    )


def _chart(chart: Chart) -> str:
    link = f' <a href="{FOLDER}{quote(chart.file)}">{escape(chart.file)}</a>' if chart.file else ""
    return (
        f'{_head(chart.title, (chart.kind,))}<div class="pw-fig__art" role="img" tabindex="0" '
        f'aria-label="{escape(chart.alt)}" data-search-exclude>{chart.svg}</div>'
        f"<figcaption>{escape(f'{chart.work}. ' if chart.work else '')}{escape(chart.conditions)}{link}</figcaption>"
        f"{_table(chart.columns, chart.rows)}"
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
    return Markup(
        '<details><summary>Show as a table</summary><div class="pw-tbl" '
        'tabindex="0" role="group" aria-label="Table">{}</div></details>'
    ).format(table)
