"""The measurement runs, writes a file that holds to its schema, and measures what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from panelwright.benchdata import load_benchmark
from panelwright.measure.experiments import Settings, batch_sweep, forward_backward, request_latency
from panelwright.measure.network import Network
from panelwright.measure.run import measure
from tests.benchdata.test_benchdata import SCHEMA


def test_gradients_are_right() -> None:
    net = Network((5, 7, 4), seed=3)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((6, 5)).astype(np.float32)
    target = np.array([0, 1, 2, 3, 0, 1])
    _, gradients = net.backward(net.forward(x), target)
    for layer, (i, j) in ((0, (2, 3)), (1, (4, 1))):
        w = net.weights[layer]
        step = 1e-2
        w[i, j] += step
        up, _ = net.backward(net.forward(x), target)
        w[i, j] -= 2 * step
        down, _ = net.backward(net.forward(x), target)
        w[i, j] += step
        assert (up - down) / (2 * step) == pytest.approx(float(gradients[layer][i, j]), abs=2e-3)


def test_inference_leaves_the_weights_alone_and_a_step_changes_them() -> None:
    _, _, points = forward_backward(Settings(0.1, 1))
    notes = {p["at"]["phase"]: p["notes"]["weights_changed"] for p in points}
    assert notes == {"forward": False, "forward+backward": False, "training step": True}


def test_latency_counts_from_the_scheduled_arrival() -> None:
    _, _, points = request_latency(Settings(0.05, 1))
    (point,) = points
    latency, service = point["measures"]["latency"]["samples"], point["measures"]["service"]["samples"]
    assert len(latency) == 120
    assert all(a >= b * 0.98 for a, b in zip(latency, service, strict=True))


def test_throughput_is_the_batch_over_its_time() -> None:
    _, _, points = batch_sweep(Settings(0.05, 1))
    for p in points:
        ms, rate = p["measures"]["latency"]["samples"][0], p["measures"]["throughput"]["samples"][0]
        assert rate == pytest.approx(p["at"]["batch"] / ms * 1000, rel=2e-3)


def test_a_run_writes_a_whole_file_with_its_provenance(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "run.json"
    assert measure("quick", out, only=["training_run"], seed=5) == 0
    raw = json.loads(out.read_text("utf-8"))
    jsonschema.validate(raw, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert raw["provenance"]["seed"] == 5
    assert raw["provenance"]["command"].endswith("--only training_run")
    loss = load_benchmark(out).experiment("training_run").series("step", "loss")
    assert loss[-1][1] < loss[0][1] / 2
    assert [p.name for p in out.parent.iterdir()] == ["run.json"]


def test_a_spent_budget_says_what_was_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert measure("quick", tmp_path / "run.json", only=["training_run", "matmul"], budget=0.0) == 0
    assert "training_run, matmul" in capsys.readouterr().err


def test_it_runs_alone_where_the_drawing_side_is_not_installed() -> None:
    """Only numpy and the standard library may be imported."""
    code = (
        "import sys\n"
        "class Wall:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'mkdocs','jinja2','yaml','cairosvg','uharfbuzz','typst','click'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Wall())\n"
        "from panelwright.measure.__main__ import main\n"
        "main(['--help'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--budget" in done.stdout
