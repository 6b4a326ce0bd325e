"""The numpy experiments measure what they say."""

from __future__ import annotations

import time

import numpy as np
import pytest

from panelwright.measure.experiments.ceilings import numbers
from panelwright.measure.experiments.numpy_net import batch_sweep, forward_backward, request_latency
from panelwright.measure.lab import Lab
from panelwright.measure.network import Network


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
    points = list(forward_backward(Lab(scale=0.1)))
    notes = {p["at"]["phase"]: p["notes"]["weights_changed"] for p in points}
    assert notes == {"forward": False, "forward+backward": False, "training step": True}


def test_latency_counts_from_the_scheduled_arrival() -> None:
    (found,) = request_latency(Lab(scale=0.05))
    latency, service = found["measures"]["latency"]["samples"], found["measures"]["service"]["samples"]
    assert len(latency) == 60
    assert 0 < found["notes"]["utilisation_reached"] <= 1
    assert all(a >= b * 0.98 for a, b in zip(latency, service, strict=True))


def test_throughput_is_the_batch_over_its_time() -> None:
    for p in batch_sweep(Lab(scale=0.05)):
        ms, rate = p["measures"]["latency"]["samples"][0], p["measures"]["throughput"]["samples"][0]
        assert rate == pytest.approx(p["at"]["batch"] / ms * 1000, rel=2e-3)


def test_ceilings_are_medians_and_the_faster_library_counts() -> None:
    found = [
        {"at": {"what": "float32, numpy"}, "measures": {"rate": {"samples": [1.0, 3.0, 2.0]}}},
        {"at": {"what": "float32, torch"}, "measures": {"rate": {"samples": [5.0]}}},
        {"at": {"what": "copy, numpy"}, "measures": {"bandwidth": {"samples": [7.0]}}},
    ]
    assert numbers(found) == {"flops float32": 5e9, "bandwidth": 7e9}


def test_repeats_are_shortened_to_three_where_time_is_short() -> None:
    def calls(seconds: float) -> int:
        return len(Lab(seconds=seconds).timed(lambda: time.sleep(0.01), 8, warm=0))

    assert calls(100) == 8
    assert calls(0.01) == 3


def test_repeats_are_taken_in_turn() -> None:
    order: list[str] = []
    found = Lab().interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 4, warm=1)
    assert "".join(order) == "ab" * 5
    assert [len(v) for v in found.values()] == [4, 4]
