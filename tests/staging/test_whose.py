"""The shipped comic's staging is nobody else's default."""

from __future__ import annotations

from pathlib import Path

from panelwright.assets import Assets
from panelwright.staging.load import load_staging


def test_a_comic_without_art_of_its_own_is_staged_by_the_director(tmp_path: Path) -> None:
    assert load_staging(Assets.default()).pages == {}
    (tmp_path / "art").mkdir()
    assert load_staging(Assets.default(tmp_path / "art")).pages == {}
    shipped = Path(__file__).parents[2] / "art"
    assert set(load_staging(Assets.default(shipped)).pages) == set(range(11))
