"""What all tests share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from panelwright.assets import Assets
from panelwright.comic import Options
from panelwright.plates import Comic
from panelwright.publish.source import benchmark_files, hologram_numbers, read_comic

ROOT = Path(__file__).parents[1]

# Properties hold on a busy machine too: no example fails for the time it took.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


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

    Composed once: one worker runs all tests that ask for it, see below.
    """
    options = Options(assets=Assets.default(ROOT / "art"), strict=True)
    return read_comic(storyboard_path, ROOT, benchmark_files(ROOT / "docs" / "data"), options)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A worker takes whole files, so that none sets up a site again; one takes all that ask for ``shipped``.

    pytest-xdist's own groups do not reach its scheduler with pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    asking = {p.relative_to(ROOT).as_posix() for p in Path(__file__).parent.rglob("test_*.py")
              if "shipped: Comic" in p.read_text("utf-8")}  # fmt: skip

    class Files(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return "shipped" if path in asking else path

    return Files(config, log)
