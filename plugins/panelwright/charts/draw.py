"""Draws charts with Vega-Lite (vl-convert): static SVG, in colours that follow the page's scheme."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from panelwright.benchdata import BenchmarkError, BenchmarkFile, Experiment, load_benchmark
from panelwright.benchdata.model import LACKING
from panelwright.benchdata.units import in_units, units_of
from panelwright.cache import Cache, FileDigests, digest, installed, package_digest
from panelwright.charts.histogram import histogram
from panelwright.charts.own import NAME, own_charts
from panelwright.charts.series import series
from panelwright.compiled import read_yaml
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean

WIDTH, HEIGHT = 640, 260


@dataclass(frozen=True)
class Chart:
    """``svg`` uses the site's CSS variables (``--pw-cyan`` ...). ``work``: what was run."""

    name: str
    title: str
    svg: str
    alt: str
    kind: str
    conditions: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    file: str
    work: str


@cache
def _specifications() -> dict[str, dict[str, Any]]:
    text = Path(__file__).with_name("charts.yaml").read_text("utf-8")
    return dict(read_yaml(text))


def chart_names() -> tuple[str, ...]:
    return tuple(_specifications())


def specification(name: str, data_dir: Path, place: tuple[str, int, int] = ("", 0, 0)) -> Mapping[str, Any]:
    """What charts.yaml says of a chart: the author's own in ``data_dir``, then the one that comes along.

    Raises AuthorError, at ``place``, for a name that is none, and where the author's file is wrong.
    """
    own = own_charts(data_dir)
    known = {**_specifications(), **own}
    if name not in known:
        there = [*own, *(n for n, what in known.items() if n not in own and (data_dir / what.get("file", "")).exists())]
        hint = (
            did_you_mean(name, known) or f"write it into {NAME} beside the data files, or take one: {', '.join(there)}"
        )
        raise AuthorError(Diagnostic(*place, "error", "chart-unknown", f"there is no chart {name!r}", hint))
    return known[name]


def draw_chart(
    name: str, data_dir: Path, place: tuple[str, int, int] = ("", 0, 0), cache: Cache | None = None
) -> Chart:
    """Draw a chart from its own benchmark file in ``data_dir``.

    Raises AuthorError for a name that is no chart (at ``place``) and for a data file that cannot be used.
    """
    what = specification(name, data_dir, place)
    try:
        return draw_from(data_dir / what["file"] if "file" in what else None, name, what, cache)
    except BenchmarkError as error:
        d = error.diagnostic
        asked = f"the chart {name!r} at {place[0]}:{place[1]} draws from it" if place[1] else ""
        raise AuthorError(replace(d, hint="; ".join(filter(None, (d.hint, asked))))) from error
    except LACKING as error:
        told = f"the chart {name!r} cannot be drawn: {error}"
        raise AuthorError(Diagnostic(*place, "error", "chart-data", told, f"see {name} in charts.yaml")) from error


def draw_from(
    path: Path | None, name: str, what: Mapping[str, Any], cache: Cache | None = None, like: Path | None = None
) -> Chart:
    """Draw a chart as ``what`` says from a benchmark file. ``like``: another file, in whose units it is drawn.

    Raises BenchmarkError, and what is ``LACKING`` where the file has not what the chart needs.
    """
    cache = cache or Cache(None)
    sources = FileDigests().of(p for p in (path, like) if p)
    key = digest("chart", name, what, package_digest(), installed("vl-convert-python"), sources, str(path))
    stored = cache.get(key, read=_chart_in)
    if stored is not None:
        return stored
    file = experiment = None
    if path:
        file = load_benchmark(path)
        experiment = file.experiment(what["experiment"])
    if experiment and like:
        units = units_of(load_benchmark(like).experiment(what["experiment"]))
        needed = {one["measure"] for one in what["series"] if "measure" in one}
        experiment = in_units(experiment, {name: unit for name, unit in units.items() if name in needed})
    draw = histogram if what["mark"] == "histogram" else series
    spec, columns, rows, alt, n = draw(what, experiment)
    svg = _to_svg({**_frame(), **spec})
    chart = Chart(
        name,
        what["title"],
        svg,
        f"{what['title']}. {alt}",
        file.kind if file else "computed",
        _conditions(file, n) if file else what["source"],
        columns,
        rows,
        Path(file.path).name if file else "",
        _work(experiment) if experiment else "",
    )
    cache.put(key, chart, asdict)
    return chart


def _chart_in(value: Mapping[str, Any]) -> Chart:
    return Chart(**{**value, "columns": tuple(value["columns"]), "rows": tuple(map(tuple, value["rows"]))})


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
                "orient": "top",
                "labelLimit": 420,
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


def _work(experiment: Experiment) -> str:
    """The experiment's title, and the model where the file names one."""
    model = experiment.about.get("model", {}).get("name") or experiment.facts.get("model", "")
    return f"{experiment.title}: {model}" if model else experiment.title
