"""Draws charts with Vega-Lite (vl-convert): static SVG, in colours that follow the page's scheme."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import yaml

from panelwright.benchdata import BenchmarkError, BenchmarkFile, Experiment, interval, load_benchmark
from panelwright.benchdata.stats import percentile
from panelwright.cache import Cache, FileDigests, digest, installed, package_digest
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean

TONES = ("cyan", "amber", "green", "violet", "red")
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3])  # series differ in dash too: readable in grey
WIDTH, HEIGHT = 640, 260
Rows = tuple[tuple[str, ...], ...]
Drawn = tuple[dict[str, Any], tuple[str, ...], Rows, str, str]  # spec, columns, rows, words, n


@dataclass(frozen=True)
class Chart:
    """``svg`` uses the site's CSS variables (``--pw-cyan`` ...)."""

    name: str
    title: str
    svg: str
    alt: str
    kind: str
    conditions: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    file: str

    @property
    def table_html(self) -> str:
        head = "".join(f'<th scope="col">{escape(c)}</th>' for c in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(v)}</td>" for v in row) + "</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@cache
def _specifications() -> dict[str, dict[str, Any]]:
    text = Path(__file__).with_name("charts.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


def chart_names() -> tuple[str, ...]:
    return tuple(_specifications())


def draw_chart(
    name: str, data_dir: Path, place: tuple[str, int, int] = ("", 0, 0), cache: Cache | None = None
) -> Chart:
    """Draw a chart from its benchmark file in ``data_dir``.

    Raises AuthorError for a name that is no chart (at ``place``) and for a data file that cannot be used.
    """
    known = _specifications()
    if name not in known:
        hint = did_you_mean(name, known) or f"the charts: {', '.join(known)}"
        raise AuthorError(Diagnostic(*place, "error", "chart-unknown", f"there is no chart {name!r}", hint))
    what, path, cache = known[name], data_dir / known[name]["file"], cache or Cache(None)
    sources = FileDigests().of([path])
    key = digest("chart", name, package_digest(), installed("vl-convert-python"), sources, str(path))
    stored = cache.get(key, read=_chart_in)
    if stored is not None:
        return stored
    try:
        file = load_benchmark(path)
        experiment = file.experiment(what["experiment"])
    except BenchmarkError as error:
        raise AuthorError(error.diagnostic) from error
    draw = _histogram if what["mark"] == "histogram" else _series
    spec, columns, rows, alt, n = draw(what, experiment)
    svg = _to_svg({**_frame(), **spec})
    chart = Chart(
        name,
        what["title"],
        svg,
        f"{what['title']}. {alt}",
        file.kind,
        _conditions(file, n),
        columns,
        rows,
        Path(file.path).name,
    )
    cache.put(key, asdict(chart))
    return chart


def _chart_in(value: Mapping[str, Any]) -> Chart:
    return Chart(**{**value, "columns": tuple(value["columns"]), "rows": tuple(map(tuple, value["rows"]))})


def _series(what: Mapping[str, Any], experiment: Experiment) -> Drawn:
    x, by = what["x"], what.get("by")
    measure = what["series"][0]
    values, rows, counts = [], [], set()
    for point in experiment.points:
        m = point.measures[measure["measure"]]
        span = interval(m.samples, 50) if m.n > 1 else None
        value = m.value(50)
        counts.add(m.n)
        group = str(point.at[by["field"]]) if by else ""
        values.append(
            {
                "x": point.at[x["field"]],
                "y": value,
                "group": group,
                "low": span.low if span else value,
                "high": span.high if span else value,
            }
        )
        row = [_show(point.at[x["field"]]), *([group] if by else []), _show(value)]
        row.append(f"{_show(span.low)} to {_show(span.high)}" if span else "not estimable")
        rows.append(tuple(row))
    bar = what["mark"] == "bar"
    scale = {"scale": {"type": "log", "base": 2}} if x.get("scale") == "log2" else {}
    ticks = {"values": sorted({v["x"] for v in values})} if scale else {}
    x_axis = {
        "field": "x",
        "type": "nominal" if bar else "quantitative",
        "title": x["title"] or None,
        "sort": None,
        **scale,
        "axis": {"labelAngle": 0, "grid": False, **ticks, "labelOverlap": "greedy"},
    }
    y_axis = {"field": "y", "type": "quantitative", "title": None, "scale": {"zero": True}}
    tone = f"var(--pw-{measure['colour']})"
    groups = sorted({v["group"] for v in values})
    colour: dict[str, Any] = {"value": tone}
    if by:
        picks = [f"var(--pw-{t})" for t in TONES[: len(groups)]]
        colour = {
            "field": "group",
            "type": "nominal",
            "title": by["title"],
            "scale": {"domain": groups, "range": picks},
        }
    dash = (
        {
            "strokeDash": {
                "field": "group",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": groups, "range": list(DASHES[: len(groups)])},
            }
        }
        if by
        else {}
    )
    layers: list[dict[str, Any]] = []
    if bar:
        layers.append({"mark": {"type": "bar", "width": 54}, "encoding": {"x": x_axis, "y": y_axis, "color": colour}})
    else:
        layers.append(
            {
                "mark": {"type": "line", "strokeWidth": 2.5},
                "encoding": {"x": x_axis, "y": y_axis, "color": colour, **dash},
            }
        )
        layers.append(
            {
                "mark": {"type": "point", "filled": True, "size": 46, "opacity": 1},
                "encoding": {"x": x_axis, "y": y_axis, "color": colour},
            }
        )
    layers.append(
        {
            "mark": {"type": "rule", "strokeWidth": 1.6, "color": "var(--pw-fg)"},
            "encoding": {"x": x_axis, "y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}},
        }
    )
    spec = {
        "data": {"values": values},
        "layer": layers,
        "title": {"text": measure["title"], "anchor": "start", "fontWeight": 500, "fontSize": 16},
    }
    unit = experiment.points[0].measures[measure["measure"]].unit
    columns = (
        x["title"].split(",")[0] or x["field"],
        *([by["title"]] if by else []),
        f"median, {unit}",
        "95 % interval of the median",
    )
    return spec, columns, tuple(rows), _ends(values, measure["title"]), _count(counts)


def _histogram(
    what: Mapping[str, Any], experiment: Experiment
) -> tuple[dict[str, Any], tuple[str, ...], Any, str, str]:
    measure = what["series"][0]
    m = experiment.points[0].measures[measure["measure"]]
    marks: list[dict[str, Any]] = []
    rows: list[tuple[str, ...]] = []
    for q in (50, 90, 99):
        value = m.value(q)
        span = interval(m.samples, q)
        marks.append({"v": value, "label": f"P{q} {_show(value)} {m.unit}"})
        rows.append((f"P{q}", _show(value), f"{_show(span.low)} to {_show(span.high)}" if span else "not estimable"))
    mean = sum(m.samples) / m.n
    rows.insert(0, ("mean", _show(mean), ""))
    end = percentile(m.samples, 99.7)
    bins = 48
    counts = [0] * bins
    for v in m.samples:
        if v <= end:
            counts[min(bins - 1, int(v / end * bins))] += 1
    values = [{"x": end * i / bins, "x2": end * (i + 1) / bins, "y": c} for i, c in enumerate(counts)]
    x_axis = {"field": "x", "type": "quantitative", "title": what["x"]["title"], "axis": {"grid": False}}
    top = max(counts)
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect", "color": f"var(--pw-{measure['colour']})"},
            "encoding": {
                "x": x_axis,
                "x2": {"field": "x2"},
                "y": {"field": "y", "type": "quantitative", "title": None},
                "y2": {"datum": 0},
            },
        },
    ]
    for i, mark in enumerate([*marks, {"v": mean, "label": f"mean {_show(mean)} {m.unit}"}]):
        tone = "var(--pw-amber)" if i == 3 else "var(--pw-fg)"
        layers.append(
            {
                "data": {"values": [{**mark, "h": top * (0.98 - 0.13 * i)}]},
                "layer": [
                    {
                        "mark": {"type": "rule", "strokeDash": [4, 3], "color": tone},
                        "encoding": {"x": {"field": "v", "type": "quantitative"}},
                    },
                    {
                        "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 15, "color": tone},
                        "encoding": {
                            "x": {"field": "v", "type": "quantitative"},
                            "y": {"field": "h", "type": "quantitative"},
                            "text": {"field": "label"},
                        },
                    },
                ],
            }
        )
    spec = {
        "data": {"values": values},
        "layer": layers,
        "title": {"text": measure["title"], "anchor": "start", "fontWeight": 500, "fontSize": 16},
    }
    half, most = marks[0]["label"][4:], marks[2]["label"][4:]
    alt = f"Half of the {m.n} requests took up to {half}, one in a hundred more than {most}."
    return spec, ("", f"latency, {m.unit}", "95 % interval"), tuple(rows), alt, f"n = {m.n}"


def _frame() -> dict[str, Any]:
    text = "var(--pw-fg2)"
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "background": None,
        "config": {
            "font": "Rajdhani, sans-serif",
            "view": {"stroke": None},
            "title": {"color": text, "font": "Rajdhani, sans-serif"},
            "axis": {
                "labelColor": text,
                "titleColor": text,
                "labelFontSize": 16,
                "titleFontSize": 16,
                "titleFontWeight": 500,
                "gridColor": "var(--pw-line)",
                "domainColor": text,
                "tickColor": text,
                "tickCount": 5,
            },
            "legend": {
                "labelColor": text,
                "titleColor": text,
                "labelFontSize": 16,
                "titleFontSize": 16,
                "orient": "top-left",
                "direction": "horizontal",
            },
        },
    }


def _to_svg(spec: dict[str, Any]) -> str:
    import vl_convert  # half a second: only when there is something to draw

    return re.sub(r"^<\?xml[^>]*>\s*", "", vl_convert.vegalite_to_svg(json.dumps(spec)))


def _conditions(file: BenchmarkFile, n: str) -> str:
    date = f", {file.date}" if file.date else ""
    return f"{file.device}{date}. {n}."


def _count(counts: set[int]) -> str:
    counts.discard(0)
    if not counts:
        return "Values as published"
    low, high = min(counts), max(counts)
    return f"n = {low} for each point" if low == high else f"n = {low} to {high} for each point"


def _ends(values: list[dict[str, Any]], title: str) -> str:
    parts = []
    for group in dict.fromkeys(v["group"] for v in values):
        own = [v for v in values if v["group"] == group]
        name = f" ({group})" if group else ""
        ends = " to ".join(f"{_show(v['y'])} at {_show(v['x'])}" for v in (own[0], own[-1]))
        parts.append(f"{title}{name}: {ends}")
    return "; ".join(parts) + "."


def _show(v: object) -> str:
    """Three significant digits, no exponents."""
    if not isinstance(v, int | float):
        return str(v)
    if isinstance(v, int) or float(v).is_integer():
        return f"{v:,.0f}".replace(",", "\u2009")
    text = f"{v:.3g}"
    return f"{v:.0f}" if "e" in text else text
