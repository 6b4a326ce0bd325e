"""One chart from several files: which can draw it, in what order, and how a reader tells them apart."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from panelwright.benchdata import load_benchmark, read_benchmark
from panelwright.benchdata.units import factor
from panelwright.charts import Machine, draw, draw_chart, draw_machines, machines
from panelwright.charts.series import show
from panelwright.diagnostics import AuthorError
from panelwright.publish.source import benchmark_files

DATA = Path(__file__).parents[2] / "docs" / "data"
Raw = dict[str, Any]


def drawn(name: str, folder: Path) -> tuple[Machine, ...]:
    return draw_machines(name, folder, benchmark_files(folder))


@pytest.fixture
def add(tmp_path: Path) -> Callable[..., Path]:
    """The quick file alone, and others made of it by changes."""
    shutil.copy(DATA / "quick-cpu.json", tmp_path)
    raw = json.loads((DATA / "quick-cpu.json").read_text("utf-8"))

    def add(name: str, change: Callable[[Raw], object] = lambda raw: None, **given: Any) -> Path:
        other = {**json.loads(json.dumps(raw)), **given}
        change(other["experiments"]["batch_sweep"])
        (tmp_path / name).write_text(json.dumps(other), "utf-8")
        return tmp_path

    return add


def test_the_shipped_files_are_offered_where_they_can_draw() -> None:
    assert [m.chart.file for m in drawn("batch-latency", DATA)] == [
        "quick-cpu.json", "published-sweep-a6000.json", "two-core-cpu.json",
    ]  # fmt: skip
    assert [m.chart.file for m in drawn("matmul-rate", DATA)] == ["quick-cpu.json", "two-core-cpu.json"]
    assert [(m.device, m.detail) for m in drawn("gpu-decode", DATA)][1:] == [
        ("NVIDIA H100 80GB HBM3", "Full suite"), ("NVIDIA H100 80GB HBM3", "The 8B model again"),
    ]  # fmt: skip
    assert [m.chart.file for m in drawn("published-throughput", DATA)] == ["published-sweep-a6000.json"]
    assert drawn("roofs", DATA) == (Machine("", "", draw_chart("roofs", DATA)),)


def test_the_charts_own_file_comes_first_and_the_others_by_name(add: Callable[..., Path]) -> None:
    add("zz.json")
    first, *others = drawn("batch-latency", add("aa.json"))
    assert first.chart.file == "quick-cpu.json"
    assert [m.chart.file for m in others] == ["aa.json", "zz.json"]


def test_two_files_of_one_machine_are_told_apart() -> None:
    quick, full = drawn("matmul-rate", DATA)
    assert quick.device == full.device
    assert (quick.detail, full.detail) == ("quick suite", "full suite")
    assert [m.detail for m in drawn("batch-latency", DATA) if m.device == "NVIDIA RTX A6000"] == ["2025"]


@pytest.mark.parametrize(
    ("files", "details"),
    [
        ([{"device": "A"}, {"device": "B"}], ["2026-01-01", "2026-01-01"]),
        ([{}, {"date": "2026-02-02"}], ["2026-01-01", "2026-02-02"]),
        ([{"suite": "quick"}, {"suite": "full", "date": "2026-02-02"}], ["quick suite", "full suite"]),
        ([{"suite": "full"}, {"suite": "quick"}, {"suite": "full", "date": "2026-02-02"}],
         ["full suite, 2026-01-01", "quick suite, 2026-01-01", "full suite, 2026-02-02"]),
        ([{"suite": "full"}, {"title": "Imported"}], ["T", "Imported"]),
        ([{"title": "Full suite on A"}, {"title": "8B again on A"}], ["Full suite", "8B again"]),
        ([{}, {}, {"device": "B"}], ["file-0", "file-1", "2026-01-01"]),
    ],
)  # fmt: skip
def test_what_is_said_beside_a_device_differs(files: list[dict[str, str]], details: list[str]) -> None:
    made = []
    for i, given in enumerate(files):
        raw = {"format": "panelwright-benchmark", "version": 2, "title": "T", "kind": "measured", "device": "A",
               "date": "2026-01-01", "experiments": {}, **given}  # fmt: skip
        if suite := given.get("suite"):
            raw["provenance"] = {"command": f"panelwright measure --suite {suite} --seed 1"}
        made.append(read_benchmark(json.dumps(raw), Path(f"file-{i}.json")))
    assert machines.tell_apart(made) == details


def without(measure: str) -> Callable[[Raw], None]:
    def change(sweep: Raw) -> None:
        for point in sweep["points"]:
            del point["measures"][measure]

    return change


def other_unit(sweep: Raw) -> None:
    for point in sweep["points"]:
        point["measures"]["latency"]["unit"] = "tokens"


@pytest.mark.parametrize(
    "change",
    [
        without("latency"),
        other_unit,
        lambda sweep: sweep.update(points=[]),
        lambda sweep: sweep.update(points=sweep["points"][:1]),
        lambda sweep: sweep.update(points=[{**p, "at": {"size": 1}} for p in sweep["points"]]),
        lambda sweep: sweep.update(points=[{**p, "at": {"batch": "many"}} for p in sweep["points"]]),
    ],
)
def test_a_file_that_cannot_draw_the_chart_is_left_out(
    add: Callable[..., Path], change: Callable[[Raw], object]
) -> None:
    (only,) = drawn("batch-latency", add("other.json", change))
    assert only.chart.file == "quick-cpu.json"
    assert len(drawn("matmul-rate", add("other.json", change))) == 2  # which it can draw


def test_quoted_percentiles_are_no_distribution(add: Callable[..., Path]) -> None:
    folder = add("other.json")
    raw = json.loads((folder / "other.json").read_text("utf-8"))
    raw["experiments"]["request_latency"]["points"][0]["measures"]["latency"] = {
        "unit": "ms", "p50": 5, "p90": 9, "p99": 30,
    }  # fmt: skip
    (folder / "other.json").write_text(json.dumps(raw), "utf-8")
    assert len(drawn("latency-distribution", folder)) == 1


def test_an_illustration_is_no_machine(add: Callable[..., Path]) -> None:
    assert len(drawn("batch-latency", add("story.json", kind="illustration"))) == 1
    assert len(drawn("batch-latency", add("story.json", kind="published"))) == 2


def test_a_file_that_cannot_be_read_is_an_authors_error(add: Callable[..., Path]) -> None:
    folder = add("other.json")
    (folder / "other.json").write_text('{"format": "panelwright-bench', "utf-8")
    with pytest.raises(AuthorError) as caught:
        drawn("batch-latency", folder)
    assert caught.value.diagnostics[0].code == "data-broken"


def test_another_files_seconds_are_drawn_as_milliseconds(add: Callable[..., Path]) -> None:
    """The axis says milliseconds, whoever measured."""

    def in_seconds(sweep: Raw) -> None:
        for point in sweep["points"]:
            one = point["measures"]["latency"]
            point["measures"]["latency"] = {"unit": "s", "samples": [v / 1000 for v in one["samples"]]}

    own, other = (m.chart for m in drawn("batch-latency", add("seconds.json", in_seconds)))
    assert other.rows == own.rows
    assert other.columns == own.columns
    gpu = next(m.chart for m in drawn("batch-latency", DATA) if m.device == "NVIDIA RTX A6000")
    given = load_benchmark(DATA / gpu.file).experiment("batch_sweep").points
    assert [row[1] for row in gpu.rows] == [show(p.measures["latency"].value() * 1000) for p in given]


@pytest.mark.parametrize(
    ("given", "wanted", "by"),
    [("s", "ms", 1e3), ("us", "ms", 1e-3), ("GB/s", "MB/s", 1e3), ("TFLOP/s", "GFLOP/s", 1e3)],
)
def test_units_of_one_kind_are_converted(given: str, wanted: str, by: float) -> None:
    assert factor(given, wanted) == pytest.approx(by)


@pytest.mark.parametrize(("given", "wanted"), [("tokens/s", "requests/s"), ("ms", "MB"), ("%", "s"), ("GB/s", "s")])
def test_units_of_two_kinds_are_not(given: str, wanted: str) -> None:
    with pytest.raises(ValueError, match="cannot be told in"):
        factor(given, wanted)


def test_an_error_of_the_program_is_not_taken_for_a_poor_file(
    add: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise AttributeError("a mistake of ours")

    monkeypatch.setattr(draw, "_to_svg", broken)
    with pytest.raises(AttributeError):
        drawn("batch-latency", add("other.json"))
