"""What all tests share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from panelwright.comic import Options
from panelwright.plates import Comic
from panelwright.publish.source import benchmark_files, hologram_numbers, read_comic

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def storyboard_path() -> Path:
    """The storyboard that the comic ships with."""
    return ROOT / "docs" / "storyboard.md"


@pytest.fixture(scope="session")
def benchmark_data() -> Mapping[str, Any]:
    """What the shipped comic's holograms plot."""
    return hologram_numbers(benchmark_files(ROOT / "docs" / "data"))


@pytest.fixture(scope="session")
def shipped(storyboard_path: Path) -> Comic:
    """The shipped comic in both editions, lettered strictly.

    Composed once: one worker runs all tests that ask for it (``--dist loadgroup``).
    """
    return read_comic(storyboard_path, ROOT, benchmark_files(ROOT / "docs" / "data"), Options(strict=True))


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "shipped" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("shipped"))
