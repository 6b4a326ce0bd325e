"""``describe`` and ``compare`` say what the files say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from panelwright.measure.__main__ import main

DATA = Path(__file__).parents[2] / "docs" / "data"


def _file(path: Path, times: list[float], name: str = "e", **about: Any) -> Path:
    raw = {
        "format": "panelwright-benchmark", "version": 2, "title": "A run", "kind": "measured", "device": path.stem,
        "date": "2026-01-01", "not_measured": [{"what": "gpu_decode", "reason": "no GPU"}],
        "provenance": {"script": {}, "command": "panelwright measure", "machine": {}, "libraries": {"numpy": "2.0"},
                       "pace_ms": [20.0, 25.5]},
        "experiments": {name: {"title": "E", "pages": [4], **about, "points": [
            {"at": {"n": 8}, "measures": {"time": {"unit": "ms", "n": len(times), "samples": times}}}]}},
    }  # fmt: skip
    path.write_text(json.dumps(raw), "utf-8")
    return path


def test_describe_says_values_failures_noise_and_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noise = {"limit": 0.25, "checked": 1, "noisy": 1, "worst": 0.5, "worst_at": "n 8: time"}
    failures = [{"at": {"n": 16}, "reason": "out of memory"}]
    path = _file(tmp_path / "a.json", [1, 2, 3, 4, 5, 6], noise=noise, failures=failures, cut_short=True)
    assert main(["describe", str(path)]) == 0
    said = capsys.readouterr().out
    for words in ("page 4", "n 8", "time 3.5 ms [1 to 6] (n 6)", "failed: n 16: out of memory", "noisy: 1 of 1",
                  "worst 50% at n 8: time", "cut short", "not measured: gpu_decode: no GPU"):  # fmt: skip
        assert words in said


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda p: p.name)
def test_every_committed_file_can_be_described(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(path)]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in json.loads(path.read_text("utf-8"))["experiments"])


def test_compare_gives_ratios_and_says_where_intervals_overlap(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = _file(tmp_path / "a.json", [10, 10, 10, 10, 10, 11])
    b = _file(tmp_path / "b.json", [20, 20, 20, 20, 20, 21])
    near = _file(tmp_path / "c.json", [9, 10, 10, 11, 11, 12])
    assert main(["compare", str(a), str(b)]) == 0
    said = capsys.readouterr().out
    assert all(f"{letter}  the same piece of work took 20 to 25.5 ms" in said for letter in "AB")
    (row,) = [line for line in said.splitlines() if "n 8: time" in line]
    assert row.split()[-1] == "2.00"
    assert main(["compare", str(a), str(near)]) == 0
    assert "1.05 ~" in capsys.readouterr().out


def test_compare_names_what_only_one_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = _file(tmp_path / "a.json", [1.0]), _file(tmp_path / "b.json", [1.0], name="other")
    assert main(["compare", str(a), str(b)]) == 0
    said = capsys.readouterr().out
    assert "only in A: e" in said
    assert "only in B: other" in said


def test_a_missing_or_broken_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(tmp_path / "none.json")]) == 1
    assert "data-missing" in capsys.readouterr().err
    assert main(["describe", str(DATA / "quick-cpu.json"), "--only", "matmull"]) == 1
    assert "matmul" in capsys.readouterr().err
