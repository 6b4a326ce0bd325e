"""Engines: the same model, run by different programs, on the same machine."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from panelwright.measure import llama_cpp
from panelwright.measure.decoder import Array, Config, Decoder, Weights, about
from panelwright.measure.experiments.formats import TOKENS, some_model
from panelwright.measure.gguf_file import QUANTISED, write_gguf
from panelwright.measure.lab import Lab, Point, experiment, point, samples, value
from panelwright.measure.models import Model
from panelwright.measure.onnx_file import write_onnx

ANSWER = 16


@dataclass(frozen=True)
class Times:
    """Of one run, in ms: the prompt, each further token, and both by the engine's own clock; None: it has none."""

    prompt: float
    token: float | None = None
    own_prompt: float | None = None
    own_token: float | None = None


@dataclass(frozen=True)
class Engine:
    """``run``: reads the prompt and goes on. ``log_chances``: of the token after the prompt, (vocabulary,)."""

    run: Callable[[], Times]
    log_chances: Callable[[], Array]


@experiment("engines", pages=(7,), title="Engines: the same model, run by different programs",
            seconds=6, growth=30, device="cpu")  # fmt: skip
def engines(lab: Lab) -> Iterator[Point]:
    """A short prompt and an answer by every engine that is installed; the others are named as not measured."""
    config, weights, kind = some_model(lab)
    lab.model = about(config, weights, kind)
    lab.facts |= {
        "time": "reading a prompt of 16 tokens, up to the choice of the next; float32 unless named",
        "token": f"each further token, a mean over {ANSWER - 1}",
        "own": "the same by llama.cpp's own clock",
        "difference": "largest change of a log-probability of the next token, over the vocabulary, against numpy",
    }
    lab.missing("TensorRT", "it needs an NVIDIA GPU and its own library")
    lab.missing("vLLM", "reached through an endpoint only: panelwright measure --endpoint URL")
    exact = _log_softmax(Decoder(config, weights).forward(TOKENS)[0])
    with tempfile.TemporaryDirectory() as folder:
        for label, opened in _openers(lab, Path(folder), config, weights, kind):
            if not lab.fits(1.0, {"engine": label}):
                continue
            with lab.attempt(engine=label):
                engine = opened()  # only one lives at a time: idle threads of another may spin
                found = engine.log_chances()
                runs: list[Times] = []
                for run in range(lab.repeats(10) + 1):
                    begun = time.perf_counter()
                    times = engine.run()
                    runs += [times] if run else []  # the first warms up
                    if run >= 3 and time.perf_counter() - begun > lab.left() / 10:
                        break
                del engine
                difference = value(float(f"{np.abs(found - exact).max():.3g}"), "nats")
                yield point({"engine": label}, None, **_measures(runs), difference=difference)


def _measures(runs: list[Times]) -> dict[str, Any]:
    columns: dict[str, list[float | None]] = {
        "time": [r.prompt for r in runs], "token": [r.token for r in runs],
        "own time": [r.own_prompt for r in runs], "own token": [r.own_token for r in runs],
    }  # fmt: skip
    known = {name: [v for v in column if v is not None] for name, column in columns.items()}
    return {name: samples(column, "ms") for name, column in known.items() if column}


def _openers(
    lab: Lab, folder: Path, config: Config, weights: Weights, kind: str
) -> Iterator[tuple[str, Callable[[], Engine]]]:
    yield "numpy", lambda: _decoder(Decoder(config, weights))
    if lab.has("torch", "PyTorch"):
        from panelwright.measure.torch_decoder import TorchDecoder

        yield "PyTorch", lambda: _decoder(TorchDecoder(config, weights))
    if lab.has("onnxruntime", "ONNX Runtime") and lab.has("onnx", "ONNX Runtime"):
        lab.missing("ONNX Runtime, token", "the graph has no cache: it is one pass over a prompt")
        yield "ONNX Runtime", lambda: _onnx(folder / "model.onnx", config, weights)
    if llama_cpp.usable(lab, "llama.cpp", kind):
        for quantised in ("F32", *QUANTISED):
            yield f"llama.cpp, {quantised}", lambda q=quantised: _llama_cpp(folder, config, weights, q)  # type: ignore[misc]


def _decoder(model: Model) -> Engine:
    prompt = TOKENS.shape[1]

    def run() -> Times:
        cache = model.new_cache(1, prompt + ANSWER)
        clock = [time.perf_counter()]
        chosen = model.choose(model.forward(TOKENS, cache))
        clock.append(time.perf_counter())
        for i in range(ANSWER - 1):
            chosen = model.choose(model.forward(chosen[:, None], cache, np.array([prompt + i])))
        clock.append(time.perf_counter())
        return Times((clock[1] - clock[0]) * 1e3, (clock[2] - clock[1]) * 1e3 / (ANSWER - 1))

    return Engine(run, lambda: _log_softmax(np.asarray(model.forward(TOKENS))[0]))


def _onnx(path: Path, config: Config, weights: Weights) -> Engine:
    import onnxruntime

    write_onnx(path, config, weights, TOKENS.shape[1])
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def logits() -> Array:
        found: Array = np.asarray(session.run(None, {"tokens": TOKENS})[0])[0]
        return found

    def run() -> Times:
        begun = time.perf_counter()
        logits().argmax()
        return Times((time.perf_counter() - begun) * 1e3)

    return Engine(run, lambda: _log_softmax(logits()))


def _llama_cpp(folder: Path, config: Config, weights: Weights, quantised: str) -> Engine:
    path = folder / "model.gguf"  # each in the place of the last, which is closed by then
    write_gguf(path, config, weights, quantised)
    model, prompt = llama_cpp.LlamaCpp(path), TOKENS[0].tolist()

    def run() -> Times:
        answer = model.answer(prompt, ANSWER)
        return Times(answer.first, answer.each, answer.own_first, answer.own_each)

    return Engine(run, lambda: model.log_chances(prompt, config.vocabulary))


def _log_softmax(logits: Array) -> Array:
    wide = logits.astype(np.float64)
    wide -= wide.max()
    return np.asarray(wide - np.log(np.exp(wide).sum()))
