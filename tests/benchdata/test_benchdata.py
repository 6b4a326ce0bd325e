"""The benchmark file: what is committed holds to its schema and to itself; what is broken says so."""

from __future__ import annotations

import json
import random
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import panelwright.benchdata
from panelwright.benchdata import (
    BenchmarkError,
    crossing,
    hologram_data,
    interval,
    kneedle,
    load_benchmark,
    percentile,
    power_knee,
    read_benchmark,
)
from panelwright.benchdata.knee import nearest_crossing

DATA = Path(__file__).parents[2] / "docs" / "data"
SCHEMA = json.loads((Path(panelwright.benchdata.__file__).parent / "benchmark.schema.json").read_text("utf-8"))
FILES = sorted(DATA.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_committed_files_hold_to_the_schema(path: Path) -> None:
    raw = json.loads(path.read_text("utf-8"))
    jsonschema.validate(raw, SCHEMA, cls=jsonschema.Draft202012Validator)
    file = load_benchmark(path)
    for name, experiment in file.experiments.items():
        for i, point in enumerate(experiment.points):
            for key, measure in point.measures.items():
                said = raw["experiments"][name]["points"][i]["measures"][key].get("n")
                assert said is None or said == measure.n
                assert measure.value(50) >= 0


def test_percentiles_agree_with_numpy() -> None:
    chance = random.Random(1)
    values = [chance.lognormvariate(0, 1) for _ in range(777)]
    for q in (0, 1, 25, 50, 90, 99, 100):
        assert percentile(values, q) == pytest.approx(float(np.percentile(values, q)))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.floats(0, 100))
def test_a_percentile_lies_within_the_samples(values: list[float], q: float) -> None:
    assert min(values) <= percentile(values, q) <= max(values)


def test_a_p99_needs_368_samples() -> None:
    assert interval(list(range(367)), 99) is None
    assert interval(list(range(368)), 99) is not None


def test_the_interval_covers_as_often_as_it_says() -> None:
    chance = random.Random(7)
    hits = 0
    for _ in range(600):
        found = interval([chance.random() for _ in range(80)], 50)
        assert found is not None
        hits += found.low <= 0.5 <= found.high
    assert 0.93 <= hits / 600 <= 0.99


def test_the_published_sweep_has_its_sweet_spot_at_32() -> None:
    sweep = hologram_data("sweep", load_benchmark(DATA / "published-sweep-a6000.json"))
    assert sweep["nearest"] == 32
    batch, latency, throughput = sweep["batch"], sweep["latency"], sweep["throughput"]
    assert nearest_crossing(batch[:4], latency[:4], throughput[:4]) == 8  # the rule moves with the sweep's end
    assert power_knee(batch, latency, throughput) == 32
    assert power_knee(batch[:4], latency[:4], throughput[:4]) == 32
    at, height = crossing(batch, latency, throughput)
    assert 8 < at < 32
    assert 0 < height < 1


def test_kneedle_finds_a_bend_and_no_bend() -> None:
    assert kneedle([1, 2, 3, 4, 5], [1, 4, 4.5, 4.8, 5]) == 2
    assert kneedle([1, 2, 3], [1, 2, 3]) is None


def test_the_histogram_holds_every_request_and_is_relative_to_the_mean() -> None:
    file = load_benchmark(DATA / "quick-cpu.json")
    data = hologram_data("latency", file)
    assert sum(data["bins"]) + data["beyond"] == data["n"]
    samples = file.experiment("request_latency").points[0].measures["latency"].samples
    mean = sum(samples) / len(samples)
    assert data["p99"] * mean == pytest.approx(percentile(samples, 99))
    assert data["p50"] < 1 < data["p90"] < data["p99"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"format": "panelwright-benchmark", "version": 1, "ti', "data-broken"),
        ('{"format": "panelwright-benchmark", "version": 99}', "data-version"),
        ('{"something": "else"}', "data-format"),
        ("[]", "data-format"),
        ('{"format": "panelwright-benchmark", "version": 1, "title": "x"}', "data-shape"),
    ],
)
def test_a_broken_file_says_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(BenchmarkError) as caught:
        read_benchmark(text, Path("x.json"))
    assert caught.value.diagnostic.code == code
    assert caught.value.diagnostic.hint


def test_a_missing_file_names_its_neighbour() -> None:
    with pytest.raises(BenchmarkError) as caught:
        load_benchmark(DATA / "quick-cqu.json")
    assert "quick-cpu.json" in caught.value.diagnostic.hint


def test_a_missing_experiment_names_the_nearest() -> None:
    with pytest.raises(BenchmarkError, match="batch_sweep"):
        load_benchmark(DATA / "quick-cpu.json").experiment("batch_sweeep")
