"""Charts: complete on their own, drawn from the data, in the page's colours."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from panelwright.benchdata import Experiment, load_benchmark, read_benchmark
from panelwright.charts import chart_names, draw, draw_chart
from panelwright.charts.series import series, show
from panelwright.diagnostics import AuthorError

DATA = Path(__file__).parents[2] / "docs" / "data"


@pytest.mark.parametrize("name", chart_names())
def test_every_chart_says_what_it_shows(name: str) -> None:
    chart = draw_chart(name, DATA)
    ElementTree.fromstring(chart.svg)
    assert chart.kind in ("measured", "published", "computed")
    assert chart.conditions
    assert len(chart.rows) >= 2
    assert all(len(row) == len(chart.columns) for row in chart.rows)
    assert all(chart.columns[1:]), "a column says what it holds"
    assert re.search(r"\d", chart.alt)
    assert "var(--pw-" in chart.svg


def test_the_table_is_the_data() -> None:
    chart = draw_chart("published-ttft", DATA)
    points = load_benchmark(DATA / "published-sweep-a6000.json").experiment("batch_sweep").points
    assert [float(r[1]) for r in chart.rows] == pytest.approx([p.measures["ttft"].value(50) for p in points], rel=5e-3)


def test_other_data_draws_another_chart(tmp_path: Path) -> None:
    for path in DATA.glob("*.json"):
        shutil.copy(path, tmp_path)
    raw = json.loads((tmp_path / "quick-cpu.json").read_text("utf-8"))
    for point in raw["experiments"]["batch_sweep"]["points"]:
        point["measures"]["latency"]["samples"] = [v * 3 for v in point["measures"]["latency"]["samples"]]
    (tmp_path / "quick-cpu.json").write_text(json.dumps(raw), "utf-8")
    mine, theirs = draw_chart("batch-latency", tmp_path), draw_chart("batch-latency", DATA)
    assert mine.svg != theirs.svg
    assert mine.rows != theirs.rows


def test_the_same_chart_is_the_same_bytes() -> None:
    assert draw_chart("matmul-rate", DATA) == draw_chart("matmul-rate", DATA)


def test_an_unknown_chart_says_where_and_what_is_near() -> None:
    with pytest.raises(AuthorError) as caught:
        draw_chart("matmul-rat", DATA, ("deep-dives/04.md", 12, 1))
    found = caught.value.diagnostics[0]
    assert (found.path, found.line, found.code) == ("deep-dives/04.md", 12, "chart-unknown")
    assert "matmul-rate" in found.hint


def test_a_missing_data_file_is_an_authors_error(tmp_path: Path) -> None:
    with pytest.raises(AuthorError) as caught:
        draw_chart("matmul-rate", tmp_path)
    assert caught.value.diagnostics[0].code == "data-missing"


SPEC = {
    "title": "T", "file": "quick-cpu.json", "experiment": "work", "mark": "line",
    "x": {"field": "n", "title": "size", "scale": "log2"}, "y": {"title": "seconds"},
    "series": [
        {"measure": "time", "times": 1e-3, "unit": "s", "title": "measured", "colour": "cyan"},
        {"formula": "max(x / speed, least) + parameters", "title": "floor", "colour": "amber"},
    ],
}  # fmt: skip


def work() -> Experiment:
    raw = {
        "format": "panelwright-benchmark", "version": 2, "title": "T", "kind": "measured", "device": "toy",
        "date": "2026-01-01",
        "experiments": {
            "work": {
                "title": "W", "facts": {"speed": 2, "least": 1.5, "words": "no number", "flag": True},
                "model": {"name": "m", "weights": "random", "parameters": 0},
                "points": [
                    {"at": {"what": "other"}, "measures": {"memory": {"unit": "B", "value": 5}}},
                    *({"at": {"n": n, "cores": c}, "measures": {"time": {"unit": "ms", "samples": [n * 1e3 / c] * 9}}}
                      for n in (1, 2, 4, 8) for c in (1, 2)),
                ],
            }
        },
    }  # fmt: skip
    return read_benchmark(json.dumps(raw), Path("toy.json")).experiment("work")


def test_a_floor_is_computed_beside_what_was_measured() -> None:
    spec, columns, rows, words, n = series({**SPEC, "where": {"cores": 1}}, work())
    assert columns == ("size", "series", "median, s", "95 % interval of the median")
    assert [r for r in rows if r[1] == "measured"][1] == ("2", "measured", "2", "not estimable")
    assert [r[2] for r in rows if r[1] == "floor"] == ["1.50", "1.50", "2", "4"]
    assert {r[3] for r in rows if r[1] == "floor"} == {"computed"}
    assert "seconds (floor): 1.50 at 1 to 4 at 8." in words
    assert n == "n = 9 for each point"
    line, points = spec["layer"][0]["data"]["values"], spec["layer"][1]["data"]["values"]
    assert len([v for v in line if v["group"] == "floor"]) > 40  # a kink between two points is drawn where it is
    assert not [v for v in points if v["group"] == "floor"]


def test_points_without_the_field_are_another_matter_and_by_makes_lines() -> None:
    both = {**SPEC, "by": {"field": "cores", "title": "cores"}, "series": SPEC["series"][:1]}
    _, columns, rows, _, _ = series(both, work())
    assert columns[:2] == ("size", "cores")
    assert len(rows) == 8


def test_times_may_be_a_formula_too() -> None:
    one = {"measure": "memory", "times": "speed * 10", "title": "bytes", "colour": "cyan"}
    what = {"mark": "bar", "x": {"field": "what", "title": ""}, "series": [one]}
    assert series(what, work())[2] == (("other", "100", "one value"),)


def test_a_floor_that_the_file_computed_is_a_line_without_dots() -> None:
    two = [SPEC["series"][0], {"measure": "time", "computed": True, "title": "floor", "colour": "amber"}]
    what = {**SPEC, "where": {"cores": 1}, "y": {"title": "s", "scale": "log10"}, "series": two}
    spec, _, rows, _, _ = series(what, work())
    assert {r[3] for r in rows if r[1] == "floor"} == {"computed"}
    assert {v["group"] for v in spec["layer"][1]["data"]["values"]} == {"measured"}
    assert spec["layer"][0]["encoding"]["y"]["axis"]["values"] == [1, 10, 100, 1000, 10000]


def test_percentiles_are_not_called_medians() -> None:
    tail = [{"measure": "time", "q": q, "title": f"P{q}", "colour": "cyan"} for q in (50, 99)]
    _, columns, rows, _, _ = series({**SPEC, "where": {"cores": 1}, "series": tail}, work())
    assert columns == ("size", "series", "ms", "95 % interval")
    assert {r[3] for r in rows if r[1] == "P99"} == {"not estimable"}


def kinds(count: int, **more: object) -> tuple[dict[str, Any], str]:
    """A bar for each of so many kinds, the fourth the largest: its specification and its words."""
    points = [{"at": {"format": f"kind {i}"}, "measures": {"size": {"unit": "B", "value": 9 if i == 3 else i}}}
              for i in range(count)]  # fmt: skip
    raw = {"format": "panelwright-benchmark", "version": 2, "title": "T", "kind": "measured", "device": "toy",
           "date": "2026", "experiments": {"work": {"title": "W", "points": points}}}  # fmt: skip
    experiment = read_benchmark(json.dumps(raw), Path(f"{count}.json")).experiment("work")
    one = {"measure": "size", "title": "bytes", "colour": "cyan"}
    spec, _, _, words, _ = series(
        {"mark": "bar", "x": {"field": "format", "title": ""}, "series": [one], **more}, experiment
    )
    return spec, words


@pytest.mark.parametrize(("bars", "names"), [(5, "x"), (6, "y")])
def test_many_bars_lie_one_under_another(bars: int, names: str) -> None:
    encoding = kinds(bars)[0]["layer"][0]["encoding"]
    assert encoding[names]["type"] == "nominal"


def test_the_words_for_few_bars_name_each_and_for_many_the_ends() -> None:
    assert kinds(3)[1] == "bytes: 0 at kind 0, 1 at kind 1, 2 at kind 2."
    assert kinds(6)[1] == "bytes: 0 at kind 0 to 9 at kind 3."


def test_a_chart_may_pick_several_places() -> None:
    spec, _ = kinds(6, where={"format": ["kind 4", "kind 1"]})
    assert [v["x"] for v in spec["layer"][0]["data"]["values"]] == ["kind 1", "kind 4"]


def test_a_measure_that_is_not_there_is_an_authors_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    what = {**SPEC, "experiment": "batch_sweep", "x": {"field": "batch", "title": "b"}}
    monkeypatch.setattr(draw, "_specifications", lambda: {"mine": what})
    with pytest.raises(AuthorError) as caught:
        draw_chart("mine", DATA, ("deep-dives/04.md", 12, 1))
    assert caught.value.diagnostics[0].code == "chart-data"
    assert "'time'" in caught.value.diagnostics[0].message


def test_a_measure_may_be_multiplied_by_its_place() -> None:
    """The published gap between tokens is shared among the batch; one reader's is as many times longer."""
    chart = draw_chart("published-itl", DATA)
    rows = chart.rows
    assert chart.columns[2] == "ms"  # as given, of which the file does not say that it is a median
    shared = {r[0]: float(r[2]) for r in rows if r[1].startswith("shared")}
    one = {r[0]: float(r[2]) for r in rows if r[1].startswith("what one")}
    assert one["64"] == pytest.approx(64 * shared["64"], rel=0.01)
    assert one["1"] == shared["1"]


def test_a_histogram_says_how_many_it_does_not_show() -> None:
    assert draw_chart("latency-distribution", DATA).conditions.endswith(
        "n = 2400, of which 8 lie beyond the right end."
    )


def test_a_chart_of_formulas_alone_says_that_it_is_computed() -> None:
    chart = draw_chart("training-against-answers", DATA)
    assert (chart.kind, chart.file) == ("computed", "")
    assert chart.conditions.startswith("Computed")
    # 6 x 405e9 weights x 15.6e12 tokens: the 3.8e25 operations that the Llama team gives for its largest model
    assert chart.rows[0] == ("0", "training, once", "37.9", "computed")


def test_bars_may_be_computed_too() -> None:
    rows = draw_chart("training-memory", DATA).rows
    assert [r[1] for r in rows] == ["2", "4", "16", "16"]


def test_numbers_that_cannot_stand_on_the_axis_are_told_at_the_chart_s_place(tmp_path: Path) -> None:
    """An author's own file in the place of ours: a nought has no logarithm."""
    raw = json.loads((DATA / "h200.json").read_text("utf-8"))
    for point in raw["experiments"]["gpu_decode"]["points"]:
        point["measures"]["itl"] = {"unit": "ms", "samples": [0, 0, 0]}
    (tmp_path / "h200.json").write_text(json.dumps(raw), "utf-8")
    with pytest.raises(AuthorError) as caught:
        draw_chart("gpu-decode", tmp_path, ("dive.md", 7, 1))
    (problem,) = caught.value.diagnostics
    assert (problem.path, problem.line, problem.code) == ("dive.md", 7, "chart-data")


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0.00123, "0.00123"), (0.000012, "1.2 × 10⁻⁵"), (1234.5, "1\u202f234"), (2**30, "1.07 × 10⁹"), (3, "3"),
     (0.5, "0.500"), (99.96, "100"), (999.96, "1\u202f000"), (9.996e9, "1 × 10¹⁰"), (0, "0"), ("forward", "forward")],
)  # fmt: skip
def test_numbers_are_written_for_reading(number: object, shown: str) -> None:
    assert show(number) == shown
