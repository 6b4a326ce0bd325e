"""What a page draws and what its deep dive says come from the same numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from panelwright.benchdata.figures import figure
from panelwright.benchdata.holo import EXPERIMENTS
from panelwright.charts import draw_chart
from panelwright.charts.series import show
from panelwright.comic import Composer, Options
from panelwright.publish.dives import find_fences
from panelwright.publish.source import benchmark_files, hologram_numbers
from panelwright.publish.values import MARK, fill_values
from panelwright.script.parse import read_storyboard

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs" / "data"
CHARTS = ROOT / "plugins" / "panelwright" / "charts"
SHOWN = {9: ("percentile_tail", "latency"), 10: ("knee_curves", "sweep")}


def staged(page: int) -> str:
    """The data file that the staging of the page's hologram names."""
    staging = yaml.safe_load((ROOT / "art" / "staging" / f"{page:02}.yaml").read_text("utf-8"))
    (hologram,) = (
        h for p in staging["panels"].values() for h in p.get("holograms", ()) if h["template"] == SHOWN[page][0]
    )
    return str(hologram["data"])


def drawn(page: int) -> dict[str, Any]:
    numbers: dict[str, Any] = hologram_numbers(benchmark_files(DATA))["files"][staged(page)][SHOWN[page][1]]
    return numbers


def dive(page: int) -> str:
    (path,) = (ROOT / "docs" / "deep-dives").glob(f"{page:02}-*.md")
    return path.read_text("utf-8")


def words(text: str) -> str:
    filled, problems = fill_values(text, "dive.md", DATA, "../data")
    assert not problems
    return re.sub(r"<[^>]+>", "", filled.partition("\n\n<details")[0])


@pytest.mark.parametrize("page", SHOWN)
def test_the_dive_takes_the_hologram_s_experiment_from_the_hologram_s_file(page: int) -> None:
    experiment = EXPERIMENTS[SHOWN[page][1]]
    said = " ".join(m[2].partition("|")[0] for m in MARK.finditer(dive(page)))
    named = re.findall(r"([A-Za-z][\w-]*):(\w+)", said)
    assert {file for file, of in named if of == experiment} == {staged(page)}
    specifications = yaml.safe_load((CHARTS / "charts.yaml").read_text("utf-8"))
    charts = [specifications[f.name] for f in find_fences(dive(page), "dive.md") if f.kind == "chart"]
    assert {c["file"] for c in charts if c.get("experiment") == experiment} == {f"{staged(page)}.json"}


def test_page_9_and_its_dive_have_the_same_percentiles() -> None:
    holo = drawn(9)
    rows = {r[0]: r[1] for r in draw_chart("latency-distribution", DATA).rows}
    said = words(dive(9))
    for name in ("p50", "p90", "p99"):
        value = holo[name] * holo["mean"]
        assert rows[name.upper()] == show(value)
        assert f"{figure(value, 3)}\u00a0{holo['unit']}" in said
    assert rows["mean"] == show(holo["mean"])
    assert f"The mean is {figure(holo['mean'], 3)}\u00a0{holo['unit']}." in said


def test_page_10_and_its_dive_have_the_same_sweet_spot() -> None:
    holo = drawn(10)
    assert f"~ BS {holo['nearest']:.0f}" in (ROOT / "docs" / "storyboard.md").read_text("utf-8")
    said = words(dive(10))
    assert f"With the whole sweep, {holo['nearest']:.0f} is nearest to zero" in said
    assert f"the lines cross at about {figure(holo['crossing'], 2)}." in said
    rows = {float(r[0]): r[1] for r in draw_chart("published-latency", DATA).rows}
    assert [rows[b] for b in holo["batch"]] == [show(v) for v in holo["latency"]]


@pytest.mark.parametrize("page", SHOWN)
def test_the_page_says_where_its_numbers_come_from(page: int) -> None:
    story = read_storyboard(ROOT / "docs" / "storyboard.md").storyboard
    data = hologram_numbers(benchmark_files(DATA))
    shown = Composer(story, Options(editions=("page",), data=data)).page(story.pages[page - 1])
    assert any(drawn(page)["source"] in region.words for region in shown.plates["page"].regions)
