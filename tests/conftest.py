"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def storyboard_path() -> Path:
    """The storyboard that the comic ships with."""
    return ROOT / "docs" / "storyboard.md"
