"""Every experiment, with a tiny model: it runs, and its points say what they should."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from panelwright.benchdata.floor import Machine
from panelwright.benchdata.stats import median
from panelwright.measure import experiments, lab
from panelwright.measure.decoder import TINY
from panelwright.measure.lab import Lab, Point, installed, registered
from panelwright.measure.models import shape
from panelwright.measure.save import completed
from tests.benchdata.test_benchdata import SCHEMA

Do = Callable[..., tuple[list[Point], Lab]]
CEILINGS = {"flops float32": 1e11, "bandwidth": 1e10}


@pytest.fixture
def do(monkeypatch: pytest.MonkeyPatch) -> Do:
    """Run an experiment with a tiny model and check that its result holds to the schema."""
    registered()
    for module in ("models", "experiments.learning", "experiments.formats"):
        monkeypatch.setattr(f"panelwright.measure.{module}.SMALL", TINY)

    def run(name: str, **given: Any) -> tuple[list[Point], Lab]:
        one = registered()[name]
        missing = [module for module in one.needs if not installed(module)]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)}")
        mine = Lab(**{"scale": 0.1, "ceilings": dict(CEILINGS), **given})
        points = list(one.run(mine))
        shown: dict[str, Any] = {"title": one.title, "pages": list(one.pages), "points": points, "facts": mine.facts,
                                 "failures": mine.failures, "not_measured": mine.not_measured}  # fmt: skip
        if mine.model:
            shown["model"] = mine.model
        file = {"format": "panelwright-benchmark", "version": 2, "title": "t", "kind": "measured", "device": "d",
                "date": "2026-01-01", "experiments": {name: completed(shown)},
                "provenance": {"script": {}, "command": "", "machine": {}, "libraries": {}}}  # fmt: skip
        if points:
            jsonschema.validate(json.loads(json.dumps(file)), SCHEMA, cls=jsonschema.Draft202012Validator)
        return points, mine

    return run


def by(points: list[Point], key: str) -> dict[Any, dict[str, Any]]:
    return {p["at"][key]: p["measures"] for p in points if key in p["at"]}


def test_all_ten_pages_are_served() -> None:
    served = {page for one in registered().values() for page in one.pages}
    assert served == set(range(1, 11))


def test_every_module_is_listed() -> None:
    folder = Path(experiments.__file__).parent
    assert {p.stem for p in folder.glob("*.py")} - {"__init__"} == {m.rpartition(".")[2] for m in experiments.MODULES}


def test_ceilings(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.experiments.ceilings.MATRIX", {"cpu": 64})
    monkeypatch.setattr("panelwright.measure.experiments.ceilings.COPY", {"cpu": 2**16})
    points, mine = do("ceilings")
    found = {p["at"]["what"] for p in points}
    assert {"float32, numpy", "float64, numpy", "copy, numpy"} <= found
    assert installed("torch") == ("bfloat16, torch" in found)
    assert installed("torch") or mine.not_measured


def test_a_cache_saves_time_at_length(do: Do) -> None:
    points, _ = do("kv_cache", scale=0.5)
    times = {(p["at"]["cache"], p["at"]["context"]): median(p["measures"]["time"]["samples"]) for p in points}
    assert times["with", 512] < times["without", 512]


def test_prompt_lengths_have_floors(do: Do) -> None:
    points, _ = do("prompt_length")
    found = by(points, "tokens")
    assert list(found) == [16, 32, 64, 128, 256, 512, 1024]
    said = shape(TINY).prefill_floor(Machine(1e10, 1e11), 512) * 1e3
    assert found[512]["floor"]["value"] == pytest.approx(said, abs=1e-4)


def test_without_ceilings_there_is_no_floor_and_the_file_says_so(do: Do) -> None:
    points, mine = do("prompt_length", ceilings={})
    assert all("floor" not in p["measures"] for p in points)
    assert "ceilings" in mine.not_measured[0]["reason"]


def test_a_batch_sweep_has_all_four_metrics(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.experiments.generation.BATCHES", (1, 2, 4, 8, 16, 32, 64))
    points, mine = do("decode_sweep")
    for p in points:
        m, batch = p["measures"], p["at"]["batch"]
        answer = mine.facts["answer_tokens"]
        assert m["itl"]["n"] == m["latency"]["n"] * (answer - 1)
        total = m["ttft"]["samples"][0] + sum(m["itl"]["samples"][: answer - 1])
        assert m["latency"]["samples"][0] == pytest.approx(total, rel=5e-3)
        assert m["throughput"]["samples"][0] == pytest.approx(
            batch * answer / m["latency"]["samples"][0] * 1e3, rel=5e-3
        )
        assert m["itl_sequential"]["value"] >= m["itl_floor"]["value"]
    assert mine.facts["knees"]["sweep to 8"].keys() == {"nearest crossing", "kneedle", "power"}


def test_no_time_left_is_said_and_not_measured(do: Do) -> None:
    points, mine = do("kv_cache", seconds=-1.0)
    assert points == []
    assert {"what": "cache with, context 16", "reason": "no time left"} in mine.not_measured


def test_a_large_batch_that_finds_no_memory_does_not_end_the_sweep(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    from panelwright.measure.decoder import Decoder

    whole = Decoder.new_cache
    monkeypatch.setattr("panelwright.measure.experiments.generation.BATCHES", (1, 2, 4, 8, 16, 32))

    def scarce(self: Decoder, slots: int, length: int) -> Any:
        if slots == 2:
            raise MemoryError("cannot allocate 1 TiB")
        return whole(self, slots, length)

    monkeypatch.setattr(Decoder, "new_cache", scarce)
    monkeypatch.setattr("panelwright.measure.models.installed", lambda _: False)  # the numpy decoder
    points, mine = do("decode_sweep")
    assert list(by(points, "batch")) == [1, 4]
    assert mine.failures == [{"at": {"batch": 2}, "reason": "out of memory: cannot allocate 1 TiB"}]


def test_a_load_counts_from_the_intended_start(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.experiments.load.MOST_GAPS", 100)
    points, mine = do("load", scale=0.8)
    assert [p["at"]["share"] for p in points] == [0.5, 0.7, 0.9]
    for p in points:
        m = p["measures"]
        assert p["notes"]["finished"] == p["notes"]["sent"] == m["latency"]["n"] == 56
        rows = zip(m["latency"]["samples"], m["ttft"]["samples"], m["queue"]["samples"], strict=True)
        assert all(latency >= ttft >= queue * 0.99 >= 0 for latency, ttft, queue in rows)
        every = p["notes"]["itl_one_in"]
        assert every > 1
        assert 100 <= m["itl"]["n"] < 200
    assert mine.failures == []


def test_a_request_goes_through_all_six_stages(do: Do) -> None:
    points, mine = do("request")
    stages = by(points, "stage")
    assert list(stages) == ["tokenise", "batch", "prefill", "decode", "detokenise", "serve"]
    stream = by(points, "what")["stream"]
    for i, latency in enumerate(stream["latency"]["samples"]):
        assert sum(s["time"]["samples"][i] for s in stages.values()) <= latency * 1.001
        assert stages["prefill"]["time"]["samples"][i] <= stream["ttft"]["samples"][i] * 1.001
    arrived = [m["arrived"]["value"] for m in by(points, "token").values()]
    assert arrived == sorted(arrived)
    assert "tokenizer" in mine.facts


def test_sorting_by_length_wastes_less(do: Do) -> None:
    points, _ = do("padding")
    waste = {k: m["waste"]["value"] for k, m in by(points, "order").items()}
    assert 0 <= waste["sorted by length"] < waste["as they come"] < 100


def test_operations_per_byte(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.experiments.arithmetic.MATRIX", {"cpu": 128})
    points, mine = do("roofline", scale=0.05)
    intensities = [p["at"]["intensity"] for p in points]
    assert intensities == sorted(intensities)
    assert intensities[0] == pytest.approx(0.5, rel=0.02)
    assert mine.facts["ridge"] == pytest.approx(10)


def test_copies_of_all_sizes(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.experiments.arithmetic.POWERS", (10, 14))
    points, _ = do("copying", scale=0.1)
    assert list(by(points, "bytes")) == [2**10, 2**14]


def test_a_hostile_pickle_runs_only_where_nobody_refuses_it(do: Do) -> None:
    points, _ = do("pickle_safety")
    ran = {p["at"]["loader"]: p["measures"]["ran"]["value"] for p in points}
    assert ran.pop("pickle.load") == 1
    assert set(ran.values()) <= {0}
    for p in points[1:]:
        assert p["notes"]["said"].startswith("refused")


def test_formats_and_how_far_the_numbers_move(do: Do) -> None:
    points, mine = do("formats")
    found = by(points, "format")
    assert found["numpy .npz"]["difference"]["value"] == 0
    assert any(lack["what"] == "TensorRT" for lack in mine.not_measured)
    for m in found.values():
        assert all(a <= b for a, b in zip(m["load"]["samples"], m["first"]["samples"], strict=True))
    if installed("gguf"):
        sizes = [found[f"GGUF {q}"]["size"]["value"] for q in ("F16", "Q8_0", "Q4_0")]
        moved = [found[f"GGUF {q}"]["difference"]["value"] for q in ("F16", "Q8_0", "Q4_0")]
        assert sizes == sorted(sizes, reverse=True)
        assert moved == sorted(moved)
    if installed("onnxruntime") and installed("onnx"):
        assert found["ONNX"]["difference"]["value"] < 1e-3


def test_engines_that_are_missing_are_named(do: Do) -> None:
    points, mine = do("engines")
    lacking = {lack["what"] for lack in mine.not_measured}
    assert {"TensorRT", "vLLM"} <= lacking
    assert ("PyTorch" in lacking) != ("PyTorch" in by(points, "engine"))
    assert "llama.cpp" in lacking


def test_engines_are_timed_and_compared(do: Do) -> None:
    points, mine = do("engines")
    found = by(points, "engine")
    assert found["numpy"]["difference"]["value"] == 0
    assert all(m["difference"]["value"] < 1e-3 for m in found.values())
    assert found["numpy"]["token"]["n"] == found["numpy"]["time"]["n"] >= 3
    # without a cache there is no next token, and the file says so
    assert ("token" in found.get("ONNX Runtime", ())) is False
    said = {lack["what"] for lack in mine.not_measured}
    assert ("ONNX Runtime, token" in said) == ("ONNX Runtime" in found)


@pytest.mark.needs_torch
def test_training_takes_more_time_and_memory_and_changes_the_weights(do: Do) -> None:
    points, _ = do("lm_training", scale=1)
    changed = {p["at"]["phase"]: p["notes"]["weights_changed"] for p in points}
    assert changed == {"forward": False, "forward+backward": False, "training step": True}
    middle = {k: median(m["time"]["samples"]) for k, m in by(points, "phase").items()}
    assert middle["forward"] < middle["training step"]


@pytest.mark.needs_torch
def test_a_byte_model_learns(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.experiments.learning.STEPS", {"quick": 60})
    points, mine = do("lm_training_run")
    steps = by(points, "step")
    first, last = steps[0], steps[max(steps)]
    assert first["loss"]["samples"][0] == pytest.approx(mine.facts["chance_level_nats"], abs=0.6)
    assert last["unseen_loss"]["samples"][0] < first["unseen_loss"]["samples"][0] - 1
    assert last["forward"]["n"] == 10


@pytest.mark.needs_torch
def test_types_of_numbers(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.experiments.arithmetic.SIZES", {"cpu": (32, 64)})
    points, _ = do("matmul_types", scale=0.1)
    assert {p["at"]["dtype"] for p in points} == {"float64", "float32", "bfloat16", "float16"}


@pytest.mark.needs_torch
def test_the_gpu_sweep_runs_its_code_on_a_processor() -> None:
    if not installed("torch"):
        pytest.skip("PyTorch is not installed")
    from panelwright.measure.experiments.gpu import sweep

    mine = Lab(scale=0.1, ceilings={"flops bfloat16": 1e11, "bandwidth": 1e10})
    found = by(list(sweep(mine, TINY, "bfloat16", (1, 2, 4, 8), 64)), "batch")
    assert list(found) == [1, 2, 4, 8]
    assert found[8]["cache"]["value"] == 8 * 65 * TINY.cache_bytes(2)
    assert found[8]["itl_floor"]["value"] <= found[8]["itl_sequential"]["value"] * 1.001
    assert mine.model["weights"] == "random"
    assert mine.facts["graphs"] is False


@pytest.mark.needs_torch
def test_prompts_of_the_gpu_model_stay_above_their_floor() -> None:
    if not installed("torch"):
        pytest.skip("PyTorch is not installed")
    from panelwright.measure.experiments.gpu import prompts

    mine = Lab(scale=0.1, ceilings={"flops bfloat16": 1e15, "bandwidth": 1e13})
    found = by(list(prompts(mine, TINY, "bfloat16", (16, 256))), "tokens")
    assert list(found) == [16, 256]
    for point in found.values():
        assert 0 < point["floor"]["value"] < min(point["ttft"]["samples"])
    assert mine.model["configuration"]["dtype"] == "bfloat16"


def test_nothing_but_numpy_is_imported_to_list_the_experiments() -> None:
    heavy = {"torch", "onnx", "onnxruntime", "gguf", "tokenizers", "xllamacpp"} & set(sys.modules)
    if "torch" in heavy:
        pytest.skip("another test has imported it")
    lab.registered()
    assert not {"torch", "onnx", "gguf", "tokenizers", "xllamacpp"} & set(sys.modules)
