"""An author's own charts: ``charts.yaml`` in the data folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from panelwright.charts import draw_chart
from panelwright.diagnostics import AuthorError
from panelwright.publish.fences import DataFence

RISE = """\
dough-rise:
  title: Dough has doubled after four hours
  file: rise.json
  experiment: rise
  mark: line
  x: {field: hours}
  series:
    - {measure: height}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    points = [{"at": {"hours": h}, "measures": {"height": {"unit": "cm", "value": v}}} for h, v in ((0, 5), (4, 10.5))]
    file = {
        "format": "panelwright-benchmark", "version": 2, "title": "A jar", "kind": "published", "device": "a jar",
        "date": "2026-03", "source": "a notebook", "experiments": {"rise": {"title": "Rise", "points": points}},
    }  # fmt: skip
    (tmp_path / "rise.json").write_text(json.dumps(file), "utf-8")
    (tmp_path / "charts.yaml").write_text(RISE, "utf-8")
    return tmp_path


def test_an_author_s_chart_is_drawn_from_the_author_s_file(data: Path) -> None:
    chart = draw_chart("dough-rise", data)
    assert (chart.title, chart.file, chart.kind) == ("Dough has doubled after four hours", "rise.json", "published")
    assert [row[:2] for row in chart.rows] == [("0", "5"), ("4", "10.5")]
    assert ">hours<" in chart.svg


def test_an_author_s_chart_goes_before_the_one_of_that_name_that_comes_along(data: Path) -> None:
    (data / "charts.yaml").write_text(RISE.replace("dough-rise", "batch-latency"), "utf-8")
    assert draw_chart("batch-latency", data).file == "rise.json"


@pytest.mark.parametrize(
    ("right", "wrong", "place", "message"),
    [
        ("mark: line", "mark: lien", (5, 9), "mark cannot be 'lien'"),
        ("measure: height", "mesure: height", (8, 8), "unknown key 'mesure'"),
        ("  experiment: rise\n", "", (1, 1), "lacks experiment"),
        ("{field: hours}", "hours", (6, 6), "x has names with values"),
        ("  file:", "\tfile:", (3, 1), "this is not YAML"),
        ("  file:", "  mark: line\n  file:", (6, 3), "is there twice; the first is in line"),
        ("{measure: height}", "{measure: height, colour: blue}", (8, 33), "colour cannot be 'blue'"),
    ],
)
def test_what_is_wrong_in_it_has_line_and_column(
    data: Path, right: str, wrong: str, place: tuple[int, int], message: str
) -> None:
    (data / "charts.yaml").write_text(RISE.replace(right, wrong, 1), "utf-8")
    with pytest.raises(AuthorError) as caught:
        draw_chart("dough-rise", data)
    first = caught.value.diagnostics[0]
    assert first.path.endswith("charts.yaml")
    assert ((first.line, first.column), first.code) == (place, "charts")
    assert message in first.message
    assert first.hint


def test_a_file_that_is_missing_says_which_chart_asked_for_it(data: Path) -> None:
    (data / "rise.json").unlink()
    with pytest.raises(AuthorError, match=r"the chart 'dough-rise' at deep-dives/01-jar.md:7 draws from it"):
        draw_chart("dough-rise", data, ("deep-dives/01-jar.md", 7, 1))


def test_an_unknown_name_says_where_to_write_one_and_what_can_be_drawn_here(data: Path) -> None:
    with pytest.raises(AuthorError) as caught:
        draw_chart("oven", data)
    hint = caught.value.diagnostics[0].hint
    assert "charts.yaml" in hint
    assert "dough-rise" in hint
    assert "matmul-rate" not in hint  # its data file is not here


def test_a_change_of_it_draws_the_figure_anew(data: Path) -> None:
    def figure() -> str:
        fence = DataFence(data)
        return fence.placed(fence("dough-rise\n", "chart", "", {}, None), "data/")

    assert "Dough has doubled" in figure()
    (data / "charts.yaml").write_text(RISE.replace("Dough has doubled", "It rose"), "utf-8")
    assert "It rose" in figure()
