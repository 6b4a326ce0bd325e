"""How many requests took how long: bars, and the mean beside the percentiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panelwright.benchdata import Experiment, interval
from panelwright.benchdata.stats import NOT_ESTIMABLE, percentile
from panelwright.benchdata.stats import histogram as counted
from panelwright.charts.series import Drawn, show

BINS = 48


def histogram(what: Mapping[str, Any], experiment: Experiment | None) -> Drawn:
    assert experiment, "only what was measured has a distribution"
    measure = what["series"][0]
    m = experiment.points[0].measures[measure["measure"]]
    if not m.samples:
        raise KeyError(f"samples of {measure['measure']}")
    marks: list[dict[str, Any]] = []
    rows: list[tuple[str, ...]] = []
    for q in (50, 90, 99):
        value = m.value(q)
        span = interval(m.samples, q)
        marks.append({"v": value, "label": f"P{q} {show(value)} {m.unit}"})
        rows.append((f"P{q}", show(value), f"{show(span.low)} to {show(span.high)}" if span else NOT_ESTIMABLE))
    mean = sum(m.samples) / m.n
    rows.insert(0, ("mean", show(mean), ""))
    end = percentile(m.samples, 99.7)
    counts = counted(m.samples, end, BINS)
    values = [{"x": end * i / BINS, "x2": end * (i + 1) / BINS, "y": c} for i, c in enumerate(counts)]
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
    for i, mark in enumerate([*marks, {"v": mean, "label": f"mean {show(mean)} {m.unit}"}]):
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
    beyond = m.n - sum(counts)
    told = f"n = {m.n}" + (f", of which {beyond} lie beyond the right end" if beyond else "")
    return spec, ("", f"latency, {m.unit}", "95 % interval"), tuple(rows), alt, told
