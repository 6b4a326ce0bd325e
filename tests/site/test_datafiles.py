"""The list of data files is made of the files: a new one appears by itself, with what it records."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from panelwright.publish.datafiles import fill_data_files

FENCE = "Before.\n\n```data-files\n```\n\nAfter.\n"
DATA = Path(__file__).parents[2] / "docs" / "data"


def record(**more: Any) -> dict[str, Any]:
    times = {"unit": "ms", "samples": [1, 2, 3]}
    return {
        "format": "panelwright-benchmark", "version": 2, "title": "A toy", "kind": "measured", "device": "8 x H|100",
        "date": "2026-01-01",
        "provenance": {
            "script": {"version": "0.1.0", "sha256": "ab" * 32},
            "command": "panelwright measure --suite quick",
            "machine": {"cpu": "Abacus", "cores_available": 3, "memory_bytes": 8 * 2**30, "gpu": "not measured"},
            "libraries": {"python": "3.11.7", "numpy": "2.4.6"},
            "load_before": [0.5, 1, 1], "load_after": [0.75, 1, 1], "seconds": 12.4,
            "pace_ms": [20.0, 30.0],
        },
        "not_measured": [{"what": "gpu_decode", "reason": "no <GPU>"}],
        "experiments": {
            "work": {
                "title": "Work", "pages": [4, 10],
                "noise": {"limit": 0.25, "checked": 7, "noisy": 2},
                "not_measured": [{"what": "n 4", "reason": "no time left"}],
                "failures": [{"at": {"n": 2}, "reason": "fell over"}],
                "points": [{"at": {"n": 1}, "measures": {"time": times}}],
            }
        },
        **more,
    }  # fmt: skip


def write(folder: Path, name: str, **more: Any) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record(**more)), "utf-8")
    return path


def filled(files: list[Path], text: str = FENCE) -> str:
    made, problems = fill_data_files(text, files, "data")
    assert not problems
    return made


def test_a_file_is_listed_with_all_that_it_records(tmp_path: Path) -> None:
    text = filled([write(tmp_path, "toy")])
    assert text.startswith("Before.\n\n### A toy { #toy }")
    assert text.endswith("\n\nAfter.\n")
    for said in (
        "[toy.json](data/toy.json)", "pw-prov--measured", "8 x H&#124;100", "2026-01-01",
        "<code>panelwright measure --suite quick</code>", "Abacus, 3 cores, 8 GiB of memory, GPU: not measured",
        "python 3.11.7, numpy 2.4.6", "0.5 to 0.75", "12 s", "took 20 to 30 ms", "a factor of 1.50", "abababababab…",
        "| Work (`work`) | 4, 10 | 1 | 3 | 2 of 7 did not repeat; 1 failed |",
        "- gpu&#95;decode: no &lt;GPU&gt;", "- work, n 4: no time left",
        "- work, n 2: fell over",
    ):  # fmt: skip
        assert said in text, said


def test_a_system_that_knows_no_load_records_none(tmp_path: Path) -> None:
    """As Windows does not."""
    made = {**record()["provenance"], "load_before": [], "load_after": []}
    text = filled([write(tmp_path, "toy", provenance=made)])
    assert "Abacus" in text
    assert "| Load |" not in text


def test_a_new_file_appears_by_itself(tmp_path: Path) -> None:
    files = [write(tmp_path, "toy")]
    before = filled(files)
    files.append(write(tmp_path, "other", title="My own machine"))
    after = filled(files)
    assert "My own machine" not in before
    assert "### My own machine { #other }" in after


def test_a_published_file_names_its_source(tmp_path: Path) -> None:
    text = filled([write(tmp_path, "toy", kind="published", source="A notebook", provenance={})])
    assert "| Source | A notebook |" in text
    assert "pw-prov--published" in text
    assert "Command" not in text


def test_settings_of_a_published_file_are_listed() -> None:
    text = filled([DATA / "published-sweep-a6000.json"])
    assert "engine: vLLM 0.10.1.1, max&#95;num&#95;seqs=64; runs per point: 10" in text


def test_a_broken_file_is_the_authors_problem(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text('{"format": ', "utf-8")
    _, problems = fill_data_files(FENCE, [path], "data")
    assert [p.code for p in problems] == ["data-broken"]


@pytest.mark.parametrize(
    "text", ["````markdown\n```data-files\n```\n````\n", "```text\ndata-files\n```\n", "`data-files`"]
)
def test_code_that_shows_the_fence_is_left_alone(text: str, tmp_path: Path) -> None:
    assert filled([write(tmp_path, "toy")], text) == text


def test_every_file_of_the_site_can_be_listed() -> None:
    files = sorted(DATA.glob("*.json"))
    text = filled(files)
    assert re.findall(r"^### .* \{ #([\w-]+) \}$", text, re.M) == [p.stem for p in files]
