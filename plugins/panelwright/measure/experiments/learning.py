"""A language model learns: what a training step costs beside an answer, in time and in memory."""

from __future__ import annotations

import gc
import hashlib
import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from panelwright.measure.decoder import SMALL, Config, about, digest, random_weights
from panelwright.measure.lab import Lab, Point, experiment, point, samples, value
from panelwright.measure.machine import peak_memory, reset_peak

BYTES = Config("byte model", 256, 128, 2, 4, 2, 384, context=64)
STEPS = {"quick": 90, "full": 400}


def _trainable(config: Config, lab: Lab) -> Any:
    from panelwright.measure.torch_decoder import TorchDecoder

    weights = random_weights(config, lab.seed)
    lab.model = about(config, weights, "random")
    model = TorchDecoder(config, weights, lab.device)
    for w in model.weights.values():
        w.requires_grad_(True)
    return model


def _loss(model: Any, text: Any) -> Any:
    """Mean cross-entropy of the next token at every place, in nats."""
    from torch import zeros
    from torch.nn import functional

    batch, time_ = text.shape
    start = zeros(batch, dtype=text.dtype, device=text.device)
    x = model.body(text[:, :-1], None, start, None, time_ - 1)
    logits = model.head(x)
    return functional.cross_entropy(logits.flatten(0, 1), text[:, 1:].flatten())


@experiment("lm_training", pages=(1, 2), title="A language model: an answer against a training step", seconds=10,
            growth=2, needs=("torch",))  # fmt: skip
def lm_training(lab: Lab) -> Iterator[Point]:
    """The same batch read, read and differentiated, and learnt from; with peak memory and digests of the weights."""
    import torch

    model = _trainable(SMALL, lab)
    optimiser = torch.optim.AdamW(model.weights.values(), lr=1e-4)
    rng = np.random.default_rng(lab.seed)
    batch, length = 4, 64
    text = torch.as_tensor(rng.integers(0, SMALL.vocabulary, (batch, length + 1)), device=lab.device)
    lab.facts |= {
        "batch": batch,
        "tokens": length,
        "optimiser": "AdamW",
        "repeats": "interleaved",
        "memory": "the greatest above what is held before the phase begins, weights included in neither",
    }
    gpu = lab.device == "cuda"

    def forward() -> None:
        with torch.inference_mode():
            _loss(model, text)

    def backward() -> None:
        optimiser.zero_grad(set_to_none=True)
        _loss(model, text).backward()

    def learn() -> None:
        backward()
        optimiser.step()

    works: dict[str, Callable[[], None]] = {"forward": forward, "forward+backward": backward, "training step": learn}
    notes, memory = {}, {}
    for phase, work in works.items():
        before = digest(model.numpy_weights())
        optimiser.zero_grad(set_to_none=True)
        optimiser.state.clear()
        work()  # what is allocated once, is
        optimiser.zero_grad(set_to_none=True)
        optimiser.state.clear()
        gc.collect()
        if gpu:
            torch.cuda.reset_peak_memory_stats()
            held = torch.cuda.memory_allocated()
        else:
            reset_peak()
            held = peak_memory() or 0
        work()
        peak = torch.cuda.max_memory_allocated() if gpu else peak_memory() or 0
        memory[phase] = max(0, peak - held)
        after = digest(model.numpy_weights())
        notes[phase] = {"weights_before": before, "weights_after": after, "weights_changed": before != after}
    if gpu:
        works = {k: (lambda w=w: (w(), torch.cuda.synchronize())) for k, w in works.items()}  # type: ignore[misc]
    seconds = lab.interleaved(works, 5, warm=1)
    for phase in works:
        yield point({"phase": phase}, notes[phase], time=samples([s * 1e3 for s in seconds[phase]], "ms"),
                    memory=value(memory[phase], "bytes"))  # fmt: skip


@experiment("lm_training_run", pages=(2,), title="A byte model learns to spell Python", seconds=9, growth=3,
            needs=("torch",))  # fmt: skip
def lm_training_run(lab: Lab) -> Iterator[Point]:
    """A real training run on real text: the source of a module of the standard library, byte by byte.

    The last tenth of the text is never learnt from; the loss on it says whether more than copying was learnt.
    """
    import argparse

    import torch

    model = _trainable(BYTES, lab)
    source = inspect.getsource(argparse).encode()
    text = torch.frombuffer(bytearray(source), dtype=torch.uint8).long().to(lab.device)
    cut = len(text) * 9 // 10
    optimiser = torch.optim.AdamW(model.weights.values(), lr=3e-3)
    chance = torch.Generator().manual_seed(lab.seed)
    batch, length, steps, every = 16, 48, STEPS[lab.suite], 10
    lab.facts |= {"batch": batch, "tokens": length, "steps": steps, "optimiser": "AdamW", "learning_rate": 3e-3,
                  "text": f"source of argparse, {len(source)} bytes", "text_sha256": hashlib.sha256(source).hexdigest(),
                  "chance_level_nats": round(float(np.log(256)), 4)}  # fmt: skip

    def draw(low: int, high: int, n: int) -> Any:
        places = torch.randint(low, high - length - 1, (n,), generator=chance)
        return torch.stack([text[p : p + length + 1] for p in places.tolist()])

    def now() -> float:
        if lab.device == "cuda":  # or the clock would tell when the work was handed over
            torch.cuda.synchronize()
        return time.perf_counter()

    held_out = draw(cut, len(text), 32)
    times: dict[str, list[float]] = {"forward": [], "backward": [], "step": []}
    for step in range(steps + 1):
        clock = [now()]
        loss = _loss(model, draw(0, cut, batch))
        clock.append(now())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        clock.append(now())
        if step % every == 0:
            with torch.inference_mode():
                unseen = float(_loss(model, held_out))
            phases = {k: samples([s * 1e3 for s in v], "ms") for k, v in times.items() if v}
            yield point({"step": step}, None, loss=samples([loss.item()], "nats"),
                        unseen_loss=samples([unseen], "nats"), **phases)  # fmt: skip
            times = {k: [] for k in times}
            if lab.left() < 1:
                lab.missing(f"steps after {step}", "no time left")
                return
        begun = now()
        optimiser.step()
        for name, spent in (("forward", clock[1] - clock[0]), ("backward", clock[2] - clock[1]),
                            ("step", now() - begun)):  # fmt: skip
            times[name].append(spent)
