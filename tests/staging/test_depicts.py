"""What a scene names is staged: everybody in it stands there, in both editions, and ``depicts`` says what is seen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.comic.script import Panel, read

ROOT = Path(__file__).parents[2]
CAST = ("Kai", "Dr. Nova", "Tensor", "CPU")
_, PANELS = read(ROOT / "docs" / "storyboard.md")


def staged(panel: Panel) -> dict[str, Any]:
    path = next((ROOT / "art" / "staging").glob(f"{panel.page:02}*.yaml"))
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))["panels"][panel.number]
    return found


@pytest.mark.parametrize("panel", PANELS, ids=lambda p: f"{p.page}.{p.number}")
def test_everybody_whom_the_scene_names_is_there_and_is_said_to_be(panel: Panel) -> None:
    scene = " ".join(panel.scene)
    named = [who for who in CAST if re.search(rf"(?<![\w.]){re.escape(who)}(?!\w)", scene)]
    shot = staged(panel)
    for edition in (shot, {**shot, **shot.get("phone", {})}):
        standing = [member["who"] for member in edition.get("cast", [])]
        assert set(named) <= set(standing)
    told = " ".join(shot["depicts"])
    assert all(who in told for who in named)
    assert len(told.split()) >= 3
