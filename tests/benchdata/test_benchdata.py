"""The benchmark file: what is committed holds to its schema and to itself; what is broken says so."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from statistics import NormalDist
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import panelwright.benchdata
from panelwright.benchdata import (
    BenchmarkError,
    Machine,
    Shape,
    best_under,
    crossing,
    hologram_data,
    interval,
    kneedle,
    knees,
    load_benchmark,
    percentile,
    power_knee,
    read_benchmark,
)
from panelwright.benchdata.figures import figure
from panelwright.benchdata.knee import nearest_crossing
from panelwright.benchdata.stats import spread, summary
from panelwright.publish.source import hologram_numbers

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
    assert sweep
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
    assert data
    assert sum(data["bins"]) + data["beyond"] == data["n"]
    samples = file.experiment("request_latency").points[0].measures["latency"].samples
    mean = sum(samples) / len(samples)
    assert data["p99"] * mean == pytest.approx(percentile(samples, 99))
    assert data["p50"] < 1 < data["p90"] < data["p99"]


def points(*measures: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"at": {"batch": 2**i, "rate": i + 1.0}, "measures": m} for i, m in enumerate(measures)]


@pytest.mark.parametrize(
    ("kind", "experiment", "measured"),
    [
        ("latency", "request_latency", points({"latency": {"unit": "ms", "p50": 2.0, "p99": 9.0}})),
        ("latency", "request_latency", points({"ttft": {"unit": "ms", "samples": [1, 2]}})),
        ("sweep", "batch_sweep", points({"throughput": {"unit": "tokens/s", "value": 0.0}})),
        ("sweep", "batch_sweep", points({"latency": {"unit": "ms", "p99": 9}, "throughput": {"unit": "x", "p50": 1}})),
        ("sweep", "batch_sweep", points({"latency": {"unit": "ms", "p50": 9}, "throughput": {"unit": "x", "p50": 0}})),
        ("sweep", "other", points({"latency": {"unit": "ms", "p50": 9}, "throughput": {"unit": "x", "value": 1}})),
    ],
)  # fmt: skip
def test_a_file_without_the_numbers_of_a_hologram_breaks_nothing(
    kind: str, experiment: str, measured: list[dict[str, Any]], tmp_path: Path
) -> None:
    """Results of other tools lie beside the others: without samples, or of a server that answered nothing."""
    about = {"format": "panelwright-benchmark", "version": 2, "title": "t", "kind": "measured", "device": "d"}
    raw = {**about, "date": "2026", "provenance": {}, "experiments": {experiment: {"title": "e", "points": measured}}}
    (tmp_path / "theirs.json").write_text(json.dumps(raw), "utf-8")
    assert hologram_data(kind, load_benchmark(tmp_path / "theirs.json")) is None
    assert hologram_numbers([tmp_path / "theirs.json"]) == {"files": {"theirs": {}}}


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


def test_a_broken_experiment_says_so_and_leaves_the_others() -> None:
    good = {"title": "G", "points": [{"at": {"n": 1}, "measures": {"t": {"unit": "s", "samples": [1]}}}]}
    broken = {"title": "B", "points": [{"at": {"n": 1}, "measures": {"t": {"unit": "s"}}}]}
    raw = {"format": "panelwright-benchmark", "version": 2, "title": "T", "kind": "measured", "device": "D",
           "date": "2026-01-01", "experiments": {"good": good, "broken": broken}}  # fmt: skip
    file = read_benchmark(json.dumps(raw), Path("x.json"))
    assert file.experiment("good").series("n", "t") == [(1, 1)]
    with pytest.raises(BenchmarkError, match="neither samples nor values") as caught:
        file.experiment("broken")
    assert (caught.value.diagnostic.path, caught.value.diagnostic.code) == ("x.json", "data-shape")


def test_a_missing_file_names_its_neighbour() -> None:
    with pytest.raises(BenchmarkError) as caught:
        load_benchmark(DATA / "quick-cqu.json")
    assert "quick-cpu.json" in caught.value.diagnostic.hint


def test_a_missing_experiment_names_the_nearest() -> None:
    with pytest.raises(BenchmarkError, match="batch_sweep"):
        load_benchmark(DATA / "quick-cpu.json").experiment("batch_sweeep")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_what_a_committed_file_says_follows_from_its_samples(path: Path) -> None:
    """Percentiles, intervals and n are computed again from the raw samples."""
    raw = json.loads(path.read_text("utf-8"))
    for experiment in raw["experiments"].values():
        for point in experiment["points"]:
            for measure in point["measures"].values():
                if raw["version"] >= 2 and measure.get("samples"):
                    said = {k: v for k, v in measure.items() if k not in ("unit", "samples", "n", "repeated")}
                    assert said == summary(measure["samples"])
                    assert measure["n"] == len(measure["samples"])


def test_a_summary_says_what_it_does_not_know() -> None:
    few = summary([1.0, 2.0, 3.0])
    assert few == {"median": 2.0, "mean": 2.0, "p50": "not estimable", "p90": "not estimable", "p99": "not estimable"}
    many = summary([float(i) for i in range(400)])
    assert all(isinstance(many[f"p{q}"], dict) for q in (50, 90, 99))


@pytest.mark.parametrize("q", [50, 90, 99])
@pytest.mark.parametrize("draw", ["expovariate", "lognormal"])
def test_intervals_cover_the_true_percentile_of_known_distributions(q: int, draw: str) -> None:
    chance = random.Random(11)
    if draw == "expovariate":
        true, one = -math.log(1 - q / 100), lambda: chance.expovariate(1)
    else:
        true, one = math.exp(NormalDist().inv_cdf(q / 100)), lambda: chance.lognormvariate(0, 1)
    hits = 0
    for _ in range(250):
        found = interval([one() for _ in range(500)], q)
        assert found is not None
        hits += found.low <= true <= found.high
    assert 0.91 <= hits / 250 <= 1


def test_spread_is_blind_to_one_outlier() -> None:
    assert spread([1.0] * 20 + [50.0]) == 0
    assert spread([1.0, 2.0, 3.0]) == pytest.approx(0.5)


LLAMA_8B = Shape(32, 4096, 6_979_321_856, 525_336_576, 2, 131072)  # in bf16
H200 = Machine(4.3e12, 780e12)  # as measured: copy, bf16
H200_DATASHEET = Machine(4.8e12, 989e12)


def test_the_floors_of_an_8b_model_are_the_published_ones() -> None:
    found = [LLAMA_8B.decode_sequential(H200, b, 1024) * 1e3 for b in (1, 32, 112, 256, 512)]
    assert found == pytest.approx([3.5, 4.5, 7.0, 12.9, 25.8], abs=0.06)
    found = [LLAMA_8B.prefill_floor(H200_DATASHEET, s) * 1e3 for s in (1024, 4096, 8192)]
    assert found == pytest.approx([14.7, 62, 133], rel=0.01)
    assert H200_DATASHEET.ridge == pytest.approx(206, abs=0.5)


@given(st.floats(1, 1024), st.floats(1, 32768))
def test_taking_turns_is_never_faster_than_the_floor(batch: float, context: float) -> None:
    assert LLAMA_8B.decode_sequential(H200, batch, context) >= LLAMA_8B.decode_floor(H200, batch, context) * (1 - 1e-12)


@pytest.mark.parametrize(
    ("end", "nearest", "bend", "power"),
    [(64, 16, 32, 64), (128, 32, 64, 128), (256, 64, 128, 128), (512, 128, 128, 128), (1024, 128, 256, 128)],
)
def test_knees_move_with_the_end_of_the_sweep_and_power_does_not(end: int, nearest: int, bend: int, power: int) -> None:
    """One curve, an 8B model at a context of 1024 on an H200, cut at five places."""
    batch = [2**i for i in range(11) if 2**i <= end]
    latency = [LLAMA_8B.decode_sequential(H200, b, 1024) for b in batch]
    throughput = [b / t for b, t in zip(batch, latency, strict=True)]
    found = knees(batch, latency, throughput)
    assert found == {"nearest crossing": nearest, "kneedle": bend, "power": power}
    if end >= 128:
        assert best_under(batch, latency, throughput, 0.006) == 64  # an objective does not care where it ends


def test_an_objective_that_nothing_meets() -> None:
    assert best_under([1, 2], [5, 6], [1, 2], 4) is None
    assert best_under([1, 2, 4], [5, 6, 9], [1, 2, 3], 6) == 2


def test_a_file_of_version_2_is_read_with_what_it_says() -> None:
    text = json.dumps({
        "format": "panelwright-benchmark", "version": 2, "title": "t", "kind": "measured", "device": "d",
        "date": "2026-01-01", "not_measured": [{"what": "gpu", "reason": "none"}],
        "provenance": {"script": {}, "command": "", "machine": {}, "libraries": {}},
        "experiments": {"e": {"title": "E", "pages": [4], "points": [
            {"at": {"b": 1}, "measures": {"t": {"unit": "s", "p50": {"value": 2, "low": 1, "high": 3},
                                                "p99": "not estimable"}}}],
            "failures": [{"at": {"b": 9}, "reason": "memory"}]}},
    })  # fmt: skip
    jsonschema.validate(json.loads(text), SCHEMA, cls=jsonschema.Draft202012Validator)
    file = read_benchmark(text, Path("x.json"))
    one = file.experiment("e")
    assert one.pages == (4,)
    assert one.about["failures"][0]["reason"] == "memory"
    assert file.not_measured[0]["what"] == "gpu"
    assert one.points[0].measures["t"].value(50) == 2
    with pytest.raises(KeyError):
        one.points[0].measures["t"].value(99)


@pytest.mark.parametrize(
    ("number", "digits", "shown"),
    [(99.96, 3, "100"), (9.996, 3, "10.0"), (0.09996, 3, "0.100"), (-99.96, 3, "-100"), (999.96, 4, "1\u202f000"),
     (9.96, 2, "10"), (1250, 2, "1\u202f200"), (12345, 3, "12\u202f300"), (0, 3, "0"), (math.inf, 3, "inf")],
)  # fmt: skip
def test_a_number_has_as_many_digits_as_asked_also_where_rounding_adds_one(
    number: float, digits: int, shown: str
) -> None:
    assert figure(number, digits) == shown
