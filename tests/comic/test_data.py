"""A hologram plots the data file that its staging names, whatever other files there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from panelwright.assets import Assets
from panelwright.comic import Composer, Options
from panelwright.script.parse import read_storyboard

ROOT = Path(__file__).parents[2]


def test_a_file_that_comes_first_by_name_does_not_change_what_was_asked_for(
    storyboard_path: Path, benchmark_data: Mapping[str, Any]
) -> None:
    other = {**benchmark_data["sweep"], "source": "measured: another machine"}
    named = benchmark_data["files"]["published-sweep-a6000"]
    data = {"sweep": other, "files": {"a": {"sweep": other}, "published-sweep-a6000": named}}
    story = read_storyboard(storyboard_path).storyboard
    composer = Composer(story, Options(assets=Assets.default(ROOT / "art"), editions=("page",), data=data))
    words = composer.page(story.pages[9]).plates["page"].regions[0].words
    assert named["sweep"]["source"] in words
    assert other["source"] not in words
