"""Results of other tools become the same file: their numbers, not more, and what they do not say is marked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from panelwright.benchdata import BenchmarkFile, load_benchmark, median
from panelwright.measure.__main__ import main
from tests.benchdata.test_benchdata import SCHEMA

HERE = Path(__file__).parent / "fixtures"


def taken(tmp_path: Path, *words: str | Path) -> BenchmarkFile:
    out = tmp_path / "imported.json"
    assert main(["import", *map(str, words), "--out", str(out)]) == 0
    text = out.read_text("utf-8")
    jsonschema.validate(json.loads(text), SCHEMA, cls=jsonschema.Draft202012Validator)
    for own in ("10.1.2.3", "someone", "/data"):
        assert own not in text, "addresses and folders stay where they are"
    return load_benchmark(out)


def missing(file: BenchmarkFile, experiment: str) -> str:
    return ", ".join(lack["what"] for lack in file.experiment(experiment).about["not_measured"])


def test_vllm_with_its_samples(tmp_path: Path) -> None:
    file = taken(tmp_path, HERE / "vllm-detailed.json", "--hardware", "8 x H100")
    (point,) = file.experiment("request_latency").points
    assert (point.at, file.date, file.device) == ({"rate": 2.0}, "2026-08-26", "8 x H100")
    assert file.title == "Tiny-1B on 8 x H100"
    measures = point.measures
    assert measures["ttft"].samples == (100, 200, 300), "the failed one has none"
    assert measures["latency"].samples == (160, 260, 360)
    assert sorted(measures["itl"].samples) == [10, 10, 20, 20, 20, 20, 20, 30, 30]
    assert measures["tpot"].samples == (20, 20, 20)
    assert measures["send lag"].samples == (0.1, 0.2, 0.3, 0.4)
    assert measures["throughput"].value() == 6
    assert point.notes["failures"] == {"ClientConnectorError": 1}
    assert (point.notes["sent"], point.notes["finished"], point.notes["failed"]) == (4, 3, 1)
    assert missing(file, "request_latency") == "version and settings of the server, machine of the client, and its load"
    assert file.provenance["libraries"] == {"vllm bench serve": "unknown"}


def test_vllm_without_samples_quotes_and_several_results_in_a_file_are_a_sweep(tmp_path: Path) -> None:
    file = taken(tmp_path, HERE / "vllm-appended.json")
    sweep = file.experiment("batch_sweep")
    assert sweep.series("batch", "throughput") == [(8, 800), (16, 1600)]
    assert sweep.series("batch", "latency") == [(8, 400), (16, 800)]
    assert sweep.series("batch", "latency", q=99) == [(8, 720), (16, 1440)]
    assert sweep.points[0].measures["ttft"].samples == ()
    assert "samples of single requests" in missing(file, "batch_sweep")
    assert "scheduled against actual send times" in missing(file, "batch_sweep")
    assert "unknown hardware" in file.device


def test_guidellm(tmp_path: Path) -> None:
    file = taken(tmp_path, HERE / "guidellm.json")
    raw = json.loads((HERE / "guidellm.json").read_text("utf-8"))["benchmarks"]
    (closed,), (opened,) = file.experiment("batch_sweep").points, file.experiment("request_latency").points
    assert (closed.at, opened.at) == ({"batch": 4}, {"rate": 20.0})
    kept = raw[0]["requests"]["successful"]
    assert closed.measures["ttft"].samples == pytest.approx([r["time_to_first_token_ms"] for r in kept], rel=1e-4)
    assert closed.measures["latency"].samples == pytest.approx([1e3 * r["request_latency"] for r in kept], rel=1e-4)
    assert closed.measures["tpot"].samples == pytest.approx([r["inter_token_latency_ms"] for r in kept], rel=1e-4)
    assert "itl" not in closed.measures, "it keeps but a mean for each request"
    assert "gaps between single tokens" in missing(file, "batch_sweep")
    tokens, seconds = raw[0]["metrics"]["output_token_count"]["successful"]["total_sum"], raw[0]["duration"]
    assert closed.measures["throughput"].value() == pytest.approx(tokens / seconds, rel=1e-4)
    assert "send lag" not in closed.measures
    assert all(0 < lag < 1000 for lag in opened.measures["send lag"].samples)
    assert opened.notes["failures"] == {"ConnectTimeout": 1, "no answer when the run ended": 2}
    assert opened.notes["failed"] == 3
    assert file.provenance["libraries"] == {"GuideLLM": "0.8.1"}


def test_guidellm_may_name_its_backend_by_a_word(tmp_path: Path) -> None:
    raw = json.loads((HERE / "guidellm.json").read_text("utf-8"))
    for benchmark in raw["benchmarks"]:
        benchmark["config"] = {**benchmark["config"], "backend": {"model": "Tiny-2B"}}
    raw["config"] = {"spec": {"backend": "openai_http"}}
    (tmp_path / "words.json").write_text(json.dumps(raw), "utf-8")
    assert taken(tmp_path, tmp_path / "words.json").experiment("batch_sweep").facts["model"] == "Tiny-2B"


def test_guidellm_without_requests_quotes(tmp_path: Path) -> None:
    raw = json.loads((HERE / "guidellm.json").read_text("utf-8"))
    for benchmark in raw["benchmarks"]:
        benchmark["requests"] = {"successful": [], "errored": [], "incomplete": []}
    (tmp_path / "bare.json").write_text(json.dumps(raw), "utf-8")
    file = taken(tmp_path, tmp_path / "bare.json")
    summary = raw["benchmarks"][0]["metrics"]["request_latency"]["successful"]
    (point,) = file.experiment("batch_sweep").points
    assert point.measures["latency"].value(99) == pytest.approx(1e3 * summary["percentiles"]["p99"], rel=1e-4)
    assert "samples of single requests" in missing(file, "batch_sweep")


@pytest.mark.parametrize("name", ["profile_export_aiperf.json", "profile_export.jsonl"])
def test_aiperf_from_either_of_its_two_files(tmp_path: Path, name: str) -> None:
    file = taken(tmp_path, HERE / name)
    (point,) = file.experiment("batch_sweep").points
    lines = [json.loads(line) for line in (HERE / "profile_export.jsonl").read_text("utf-8").splitlines()]
    good = [r for r in lines if not r.get("error")]
    ttft = [r["metrics"]["time_to_first_token"]["value"] for r in good]
    assert point.at == {"batch": 4}
    assert point.measures["ttft"].samples == pytest.approx(ttft, rel=1e-4)
    assert point.measures["ttft"].value() == pytest.approx(median(ttft), rel=1e-4)
    assert point.measures["itl"].n == 15 * len(good)
    lags = [r["metadata"]["request_start_ns"] - r["metadata"]["credit_issued_ns"] for r in good]
    assert point.measures["send lag"].samples == pytest.approx([lag / 1e6 for lag in lags], rel=1e-4)
    assert point.notes["failures"] == {"InvalidInferenceResultError": 1}
    assert (point.notes["finished"], point.notes["failed"]) == (40, 1)
    assert file.provenance["libraries"] == {"AIPerf": "0.13.0"}


def test_aiperf_with_its_summary_alone_quotes(tmp_path: Path) -> None:
    shutil.copy(HERE / "profile_export_aiperf.json", tmp_path)
    file = taken(tmp_path, tmp_path / "profile_export_aiperf.json")
    summary = json.loads((HERE / "profile_export_aiperf.json").read_text("utf-8"))["time_to_first_token"]
    (point,) = file.experiment("batch_sweep").points
    assert point.measures["ttft"].value(90) == pytest.approx(summary["p90"], rel=1e-4)
    assert "samples of single requests" in missing(file, "batch_sweep")


def changed(tmp_path: Path, name: str, **changes: Any) -> Path:
    raw = json.loads((HERE / name).read_text("utf-8"))
    path = tmp_path / "changed.json"
    path.write_text(json.dumps({**raw, **changes}), "utf-8")
    return path


def test_what_cannot_be_taken_over_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    detailed = HERE / "vllm-detailed.json"
    (tmp_path / "cut.json").write_text(detailed.read_text("utf-8")[:300], "utf-8")
    (tmp_path / "list.json").write_text("[1]", "utf-8")
    shutil.copy(HERE / "profile_export.jsonl", tmp_path)
    for words, said in (
        ([tmp_path / "none.json"], "cannot be read"),
        ([tmp_path / "cut.json"], "not whole JSON"),
        ([tmp_path / "list.json"], "no object of JSON"),
        ([HERE.parents[2] / "docs" / "data" / "quick-cpu.json"], "no result of vllm bench serve, GuideLLM or AIPerf"),
        ([detailed, detailed], "rate 2.0 is there twice"),
        ([detailed, HERE / "guidellm.json"], "several models"),
        ([changed(tmp_path, "vllm-detailed.json", itls=7)], "not as vllm writes it"),
        ([tmp_path / "profile_export.jsonl"], "profile_export_aiperf.json must lie beside it"),
        ([detailed, "--from", "aiperf"], "neither a rate nor a number of clients"),
    ):
        assert main(["import", *map(str, words), "--out", str(tmp_path / "out.json")]) == 1
        assert said in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()
