"""What is kept does not grow without end, and only what is ours ever goes."""

from __future__ import annotations

import os
import time
from pathlib import Path

from panelwright.cache import prune

DAY = 86_400


def kept(folder: Path, name: str, size: int, days: float) -> Path:
    """A file that was used so many days ago."""
    path = folder / "drawings" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    moment = time.time() - days * DAY
    os.utime(path, (moment, moment))
    return path


def test_what_was_used_longest_ago_goes_first_and_the_rest_stays(tmp_path: Path) -> None:
    names = (
        f"{'a' * 64}.json",
        f"comic-neue-700-normal.{'b' * 24}.woff2",
        f"{'c' * 64}.json",
        f"rajdhani.{'d' * 24}.woff2",
    )
    new, old, *oldest = (kept(tmp_path, name, 400, days) for name, days in zip(names, (3, 5, 9, 8), strict=True))
    prune(tmp_path, 900)
    assert (new.exists(), old.exists(), *(f.exists() for f in oldest)) == (True, True, False, False)


def test_what_was_used_today_stays_however_much_it_is(tmp_path: Path) -> None:
    files = [kept(tmp_path, f"{c * 64}.json", 400, 0.5) for c in "abc"]
    prune(tmp_path, 900)
    assert all(f.exists() for f in files)


def test_files_that_are_not_ours_stay(tmp_path: Path) -> None:
    """Somebody may have named a folder of their own as the cache."""
    theirs = [kept(tmp_path, name, 4000, 400) for name in ("holiday.png", "notes.json", "abcdef.pdf")]
    outside = tmp_path.parent / f"{'d' * 64}.json"
    outside.write_bytes(bytes(4000))
    os.utime(outside, (0, 0))
    (tmp_path / "drawings" / f"{'e' * 64}.json").symlink_to(outside)
    prune(tmp_path, 900)
    assert all(f.exists() for f in (*theirs, outside))


def test_it_looks_once_a_day(tmp_path: Path) -> None:
    prune(tmp_path, 900)
    late = [kept(tmp_path, f"{c * 64}.json", 800, 9) for c in "ab"]
    prune(tmp_path, 900)
    assert all(f.exists() for f in late)
    yesterday = time.time() - 1.1 * DAY
    for mark in tmp_path.iterdir():
        if mark.is_file():
            os.utime(mark, (yesterday, yesterday))
    prune(tmp_path, 900)
    assert sum(f.exists() for f in late) == 1


def test_a_folder_that_is_not_there_is_none_to_look_through(tmp_path: Path) -> None:
    prune(tmp_path / "nowhere", 900)
    assert not (tmp_path / "nowhere").exists()
