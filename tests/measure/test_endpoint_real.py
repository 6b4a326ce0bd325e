"""Against a real server, where there is one: ``PANELWRIGHT_TEST_ENDPOINT=http://localhost:8000/v1 pytest ...``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from panelwright.benchdata import load_benchmark
from panelwright.measure.__main__ import main

URL = os.environ.get("PANELWRIGHT_TEST_ENDPOINT", "")


@pytest.mark.skipif(not URL, reason="no server: set PANELWRIGHT_TEST_ENDPOINT to its address")
def test_a_real_server_is_measured(tmp_path: Path) -> None:
    out = tmp_path / "real.json"
    words = ["--concurrency", "1,2", "--rates", "none", "--seconds", "5", "--prompt-tokens", "32"]
    assert main(["--endpoint", URL, "--out", str(out), *words, "--output-tokens", "8", "--timeout", "300"]) == 0
    for point in load_benchmark(out).experiment("batch_sweep").points:
        assert point.notes["failed"] == 0
        assert point.notes["finished"] >= point.at["batch"]
        assert point.notes["output_tokens"] > point.notes["finished"]
        assert 0 < point.measures["ttft"].value() < point.measures["latency"].value()
