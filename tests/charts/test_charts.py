"""Charts: complete on their own, drawn from the data, in the page's colours."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from panelwright.benchdata import load_benchmark
from panelwright.charts import chart_names, draw_chart
from panelwright.diagnostics import AuthorError

DATA = Path(__file__).parents[2] / "docs" / "data"


@pytest.mark.parametrize("name", chart_names())
def test_every_chart_says_what_it_shows(name: str) -> None:
    chart = draw_chart(name, DATA)
    ElementTree.fromstring(chart.svg)
    assert chart.kind in ("measured", "published")
    assert chart.conditions
    assert len(chart.rows) >= 3
    assert all(len(row) == len(chart.columns) for row in chart.rows)
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
