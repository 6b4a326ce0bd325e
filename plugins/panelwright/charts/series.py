"""Lines, bars and dots: what was measured, and beside it what can be computed (a floor, a ceiling, chance)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panelwright.benchdata import Experiment, Point, interval
from panelwright.benchdata.figures import figure, whole
from panelwright.benchdata.formula import compute

TONES = ("cyan", "amber", "green", "violet", "red")
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3])  # series differ in dash too: readable in grey
LINES = {"symbolType": "stroke", "symbolSize": 600, "symbolStrokeWidth": 2.5}  # how a legend shows them
FINE = 49  # places at which a computed line is drawn
MANY = 5  # bars that stand side by side; more lie one under another, with their names before them
Rows = tuple[tuple[str, ...], ...]
Drawn = tuple[dict[str, Any], tuple[str, ...], Rows, str, str]  # spec, columns, rows, words, n
X = float | str


@dataclass(frozen=True)
class Dot:
    """``low`` to ``high``: the 95 % interval of the median. ``n``: samples, 0 for one value, -1 for a computed one."""

    x: X
    y: float
    group: str
    low: float
    high: float
    n: int

    @property
    def told(self) -> str:
        """Its interval, in words."""
        if self.n < 2:
            return "computed" if self.n < 0 else "one value"
        return f"{show(self.low)} to {show(self.high)}" if self.low != self.high else "not estimable"


def series(what: Mapping[str, Any], experiment: Experiment | None) -> Drawn:
    """A chart of charts.yaml; without an experiment all its series are formulas.

    Raises FormulaError, and KeyError for a measure that no point has.
    """
    x, by, many = what["x"], what.get("by"), len(what["series"]) > 1
    points = list(_points(what, experiment)) if experiment else []
    known = _known(what, experiment)
    places: list[X] = list(dict.fromkeys(p.at[x["field"]] for p in points)) or _grid(x)
    dots: list[Dot] = []
    fine: list[Dot] = []
    tones: dict[str, str] = {}
    for one in what["series"]:
        name = one["title"] if many else ""
        if "formula" in one:
            dots += _computed(one, name, places, x, known)
            fine += _computed(one, name, _between(places, x) if what["mark"] == "line" else places, x, known)
        else:
            found = [d for p in points if one["measure"] in p.measures for d in _measured(one, name, p, what, known)]
            if not found:
                raise KeyError(one["measure"])
            dots += found
            fine += found
        for group in dict.fromkeys(d.group for d in dots if d.group not in tones):
            tones[group] = TONES[len(tones) % len(TONES)] if by and "measure" in one else one["colour"]
    title = what.get("y", {}).get("title") or what["series"][0]["title"]
    lying = what["mark"] != "line" and len(set(places)) > MANY
    layers = _layers(what, fine, tones)
    spec = {
        "layer": [_turned(layer) for layer in layers] if lying else layers,
        **({"height": {"step": 30}} if lying else {}),
        "title": {"text": title, "anchor": "start", "fontWeight": 500, "fontSize": 16},
    }
    return spec, _columns(what, points), _rows(dots, len(tones) > 1), _ends(dots, title), _count({d.n for d in dots})


def _known(what: Mapping[str, Any], experiment: Experiment | None) -> dict[str, float]:
    """What a formula may name: numbers among the facts and of the model, and the chart's own constants."""
    said = {**experiment.about.get("model", {}), **experiment.facts} if experiment else {}
    return {k: float(v) for k, v in {**said, **what.get("constants", {})}.items() if type(v) in (int, float)}


def _points(what: Mapping[str, Any], experiment: Experiment) -> Iterator[Point]:
    """Those that have the field, and are ``where`` the chart says: a value, or one of a list."""
    where = {k: v if isinstance(v, list) else [v] for k, v in what.get("where", {}).items()}
    for point in experiment.points:
        if what["x"]["field"] in point.at and all(point.at.get(k) in v for k, v in where.items()):
            yield point


def _measured(
    one: Mapping[str, Any], name: str, point: Point, what: Mapping[str, Any], known: Mapping[str, float]
) -> Iterator[Dot]:
    x, by = what["x"], what.get("by")
    place = point.at[x["field"]]
    here = known if isinstance(place, str) else {**known, "x": float(place)}
    measure, times = point.measures[one["measure"]], compute(str(one.get("times", 1)), here)
    q = one.get("q", 50)
    span = interval(measure.samples, q) if measure.n > 1 else None
    value = measure.value(q) * times
    low, high = (span.low * times, span.high * times) if span else (value, value)
    group = str(point.at[by["field"]]) if by else name
    n = -1 if one.get("computed") else measure.n
    yield Dot(_scaled(place, x), value, group, low, high, n)


def _computed(
    one: Mapping[str, Any], name: str, places: Sequence[X], x: Mapping[str, Any], known: Mapping[str, float]
) -> Iterator[Dot]:
    for place in places:
        named = x.get("values", {}).get(place) if isinstance(place, str) else place
        here = known if named is None else {**known, "x": compute(str(named), known)}
        value = compute(str(one["formula"]), here) * one.get("times", 1)
        yield Dot(_scaled(place, x), value, name, value, value, -1)


def _scaled(place: X, x: Mapping[str, Any]) -> X:
    return place if isinstance(place, str) or "times" not in x else place * x["times"]


def _grid(x: Mapping[str, Any]) -> list[X]:
    return list(x["values"])


def _between(places: Sequence[X], x: Mapping[str, Any]) -> list[X]:
    """A fine grid from the first place to the last, even in the axis' own scale."""
    low, high = (f(p for p in places if not isinstance(p, str)) for f in (min, max))
    shares = [i / (FINE - 1) for i in range(FINE)]
    if x.get("scale", "").startswith("log"):
        return [low * (high / low) ** s for s in shares]
    return [low + (high - low) * s for s in shares]


def _layers(what: Mapping[str, Any], dots: Sequence[Dot], tones: Mapping[str, str]) -> list[dict[str, Any]]:
    x, y, mark = what["x"], what.get("y", {}), what["mark"]
    names = list(tones)
    x_axis = {
        "field": "x",
        "type": "quantitative" if mark == "line" else "nominal",
        "title": x["title"] or None,
        "sort": None,
        **_scale(x),
        "axis": {"labelAngle": 0, "grid": False, **_ticks(x, dots), "labelOverlap": "greedy"},
    }
    y_axis = {"field": "y", "type": "quantitative", "title": None, **(_scale(y) or {"scale": {"zero": True}})}
    if y.get("scale") == "log10":  # lines at powers of ten alone
        ends = (math.floor(math.log10(min(d.low for d in dots))), math.ceil(math.log10(max(d.high for d in dots))))
        y_axis["axis"] = {"values": [float(f"1e{k}") for k in range(ends[0], ends[1] + 1)]}
    colour: dict[str, Any] = {"value": f"var(--pw-{next(iter(tones.values()))})"}
    dash = {}
    if len(names) > 1:
        colours = [f"var(--pw-{t})" for t in tones.values()]
        colour = {
            "field": "group", "type": "nominal", "title": what.get("by", {}).get("title"),
            "scale": {"domain": names, "range": colours}, "legend": LINES if mark == "line" else {},
        }  # fmt: skip
        dashes = {"domain": names, "range": [DASHES[i % 4] for i in range(len(names))]}
        dash = {"strokeDash": {"field": "group", "type": "nominal", "title": colour["title"], "scale": dashes}}
    values = [{"x": d.x, "y": d.y, "group": d.group, "low": d.low, "high": d.high} for d in dots]
    given = [v for v, d in zip(values, dots, strict=True) if d.n >= 0]
    here = {"x": x_axis, "y": y_axis, "color": colour}
    layers: list[dict[str, Any]] = []
    if mark == "bar":
        beside = {"xOffset": {"field": "group", "type": "nominal", "sort": None}} if len(names) > 1 else {}
        width = {} if beside else {"width": 54}
        layers.append({"data": {"values": values}, "mark": {"type": "bar", **width}, "encoding": {**here, **beside}})
        here |= beside
    elif mark == "line":
        layers.append({"data": {"values": values}, "mark": {"type": "line", "strokeWidth": 2.5},
                       "encoding": {**here, **dash}})  # fmt: skip
    if mark != "bar" and given:
        dot = {"type": "point", "filled": True, "size": 46 if mark == "line" else 150, "opacity": 1}
        layers.append({"data": {"values": given}, "mark": dot, "encoding": here})
    span = {**here, "y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
    del span["color"]
    rule = {"type": "rule", "strokeWidth": 1.6, "color": "var(--pw-fg)"}
    layers.append({"data": {"values": [v for v in given if v["low"] != v["high"]]}, "mark": rule, "encoding": span})
    return layers


def _turned(layer: dict[str, Any]) -> dict[str, Any]:
    """The same layer with its places from top to bottom."""
    other = {"x": "y", "y": "x", "y2": "x2", "xOffset": "yOffset"}
    encoding = {other.get(channel, channel): how for channel, how in layer["encoding"].items()}
    names = {**encoding["y"], "scale": {"paddingInner": 0.25},
             "axis": {**encoding["y"]["axis"], "labelLimit": 220, "labelOverlap": False}}  # fmt: skip
    numbers = {**encoding["x"], "axis": {**encoding["x"].get("axis", {}), "grid": True}}
    mark = {k: v for k, v in layer["mark"].items() if k != "width"}
    return {**layer, "mark": mark, "encoding": {**encoding, "y": names, "x": numbers}}


def _scale(axis: Mapping[str, Any]) -> dict[str, Any]:
    base = {"log2": 2, "log10": 10}.get(axis.get("scale", ""))
    return {"scale": {"type": "log", "base": base}} if base else {}


def _ticks(x: Mapping[str, Any], dots: Sequence[Dot]) -> dict[str, Any]:
    """On a scale of twos: one tick for every place that was measured."""
    places = sorted({d.x for d in dots if d.n >= 0 and not isinstance(d.x, str)})
    return {"values": places} if x.get("scale") == "log2" and places else {}


def _columns(what: Mapping[str, Any], points: Sequence[Point]) -> tuple[str, ...]:
    x, by = what["x"], what.get("by")
    one = next((s for s in what["series"] if "measure" in s), what["series"][0])
    found = next((p.measures[one["measure"]] for p in points if one.get("measure") in p.measures), None)
    unit = one.get("unit", found.unit if found else "")
    given = found is not None and not found.samples and not {"p50", "median"} & set(found.known)
    group = [by["title"]] if by else ["series"] if len(what["series"]) > 1 else []
    place = x["title"].split(",")[0] or x.get("field", "of what")
    if points:
        if any(s.get("q", 50) != 50 for s in what["series"]):
            return (place, *group, unit, "95 % interval")
        return (place, *group, unit if given else f"median, {unit}", "95 % interval of the median")
    title = what.get("y", {}).get("title") or what["series"][0]["title"]
    return (place, *group, title.removesuffix(", log scale"), "how")


def _rows(dots: Sequence[Dot], groups: bool) -> Rows:
    return tuple((show(d.x), *([d.group] if groups else []), show(d.y), d.told) for d in dots)


def _count(counts: set[int]) -> str:
    counted = {n for n in counts if n > 0}
    if not counted:
        return "Computed" if counts == {-1} else "Values as given"
    low, high = min(counted), max(counted)
    return f"n = {low} for each point" if low == high else f"n = {low} to {high} for each point"


def _ends(dots: Sequence[Dot], title: str) -> str:
    parts = []
    for group in dict.fromkeys(d.group for d in dots):
        own = [d for d in dots if d.group == group]
        name = f" ({group})" if group else ""
        few = isinstance(own[0].x, str) and len(own) <= MANY
        if not few:
            in_order = sorted(own, key=lambda d: d.y) if isinstance(own[0].x, str) else own
            own = [in_order[0], in_order[-1]]
        parts.append(f"{title}{name}: {(', ' if few else ' to ').join(f'{show(d.y)} at {show(d.x)}' for d in own)}")
    return "; ".join(parts) + "."


def show(v: object) -> str:
    """As ``figure``, but every digit of whole numbers and thousands; powers of ten for the very large and small."""
    if isinstance(v, bool) or not isinstance(v, int | float):
        return str(v)
    if v and math.isfinite(v) and not 1e-4 <= abs(v) < 1e9:
        digits, _, power = f"{v:.2e}".partition("e")
        raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{float(digits):g} × 10{raised}"
    return whole(v) if float(v).is_integer() or abs(v) >= 1000 else figure(v)
