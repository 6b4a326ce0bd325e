"""Reading a prompt and writing an answer: with and without a cache, over prompt lengths, over batch sizes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import numpy as np

from panelwright.benchdata.knee import knees
from panelwright.benchdata.stats import median
from panelwright.measure.lab import Lab, Point, experiment, point, samples, value
from panelwright.measure.machine import peak_memory, reset_peak
from panelwright.measure.models import best, ceilings, shape, small

LENGTHS = (16, 32, 64, 128, 256, 512, 1024)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
PROMPT, ANSWER = 32, 12


@experiment("kv_cache", pages=(3,), title="Time for the next token, with and without a cache",
            seconds=6, growth=13, device="cpu")  # fmt: skip
def kv_cache(lab: Lab) -> Iterator[Point]:
    """The cache keeps keys and values of the text so far; without it the whole text is read for every token."""
    model = best(lab)
    lab.facts["text"] = "random tokens; one text at a time"
    rng = np.random.default_rng(lab.seed)
    for length in (16, 64, 128, 256, 512):
        text = rng.integers(0, model.config.vocabulary, (1, length))
        cache = model.new_cache(1, length + 1)
        model.forward(text[:, :-1], cache)
        held = np.array([length - 1])
        for name, work in (
            ("with", lambda t=text, c=cache, h=held: model.choose(model.forward(t[:, -1:], c, h))),
            ("without", lambda t=text: model.choose(model.forward(t))),
        ):
            begun = time.perf_counter()
            work()  # type: ignore[no-untyped-call]
            once = time.perf_counter() - begun
            if lab.fits(once * 4, {"cache": name, "context": length}):
                seconds = lab.timed(work, 8, warm=0)
                yield point({"cache": name, "context": length}, None, time=samples([s * 1e3 for s in seconds], "ms"))


@experiment("prompt_length", pages=(3, 8), title="Time to first token over the length of the prompt",
            seconds=8, growth=18, device="cpu")  # fmt: skip
def prompt_length(lab: Lab) -> Iterator[Point]:
    """Reading a prompt, up to the first token of the answer; beside it the least that the ceilings allow."""
    model = best(lab)
    machine, form = ceilings(lab), shape(model.config)
    rng = np.random.default_rng(lab.seed)
    once = 0.0
    for length in LENGTHS:
        if not lab.fits(once * 4 * 3, {"tokens": length}):
            continue
        text = rng.integers(0, model.config.vocabulary, (1, length))
        cache = model.new_cache(1, length + 1)
        seconds = lab.timed(lambda t=text, c=cache: model.choose(model.forward(t, c)), 8, 1)  # type: ignore[misc]
        once = median(seconds)
        floor = {"floor": value(round(form.prefill_floor(machine, length) * 1e3, 4), "ms")} if machine else {}
        yield point({"tokens": length}, None, ttft=samples([s * 1e3 for s in seconds], "ms"), **floor)


@experiment("decode_sweep", pages=(10,), title="Batch sweep of a language model", seconds=13, growth=13)
def decode_sweep(lab: Lab) -> Iterator[Point]:
    """A closed batch of equal requests, from one to far beyond the knee: all four metrics, and memory.

    Latency is of the whole answer; throughput counts the tokens of all answers over it.
    """
    model = small(lab)
    machine, form = ceilings(lab), shape(model.config)
    lab.facts |= {"prompt_tokens": PROMPT, "answer_tokens": ANSWER, "loop": "closed, all requests start together"}
    rng = np.random.default_rng(lab.seed)
    found: list[tuple[int, float, float]] = []
    once = 0.0
    for batch in BATCHES if lab.full else BATCHES[:-3]:
        if not lab.fits(once * 2 * 3, {"batch": batch}):
            continue
        with lab.attempt(batch=batch):
            text = rng.integers(0, model.config.vocabulary, (batch, PROMPT))
            reset_peak()
            cache = model.new_cache(batch, PROMPT + ANSWER)
            latency, ttft, itl = [], [], []
            repeats = lab.repeats(5 if batch < 128 else 3)
            for run in range(repeats + 1):  # the first warms up
                clock = [time.perf_counter()]
                chosen = model.choose(model.forward(text, cache))
                clock.append(time.perf_counter())
                for i in range(ANSWER - 1):
                    chosen = model.choose(model.forward(chosen[:, None], cache, np.full(batch, PROMPT + i)))
                    clock.append(time.perf_counter())
                if run:
                    ttft.append(clock[1] - clock[0])
                    latency.append(clock[-1] - clock[0])
                    itl += [b - a for a, b in itertools.pairwise(clock[1:])]
                once = clock[-1] - clock[0]
                if run >= 3 and once > lab.left() / 3:
                    break
            measures = {
                "latency": samples([s * 1e3 for s in latency], "ms"),
                "ttft": samples([s * 1e3 for s in ttft], "ms"),
                "itl": samples([s * 1e3 for s in itl], "ms"),
                "throughput": samples([batch * ANSWER / s for s in latency], "tokens/s"),
                "cache": value(batch * (PROMPT + ANSWER) * model.config.cache_bytes(), "bytes"),
            }
            if lab.device == "cpu" and (peak := peak_memory()):  # the process's, not the GPU's
                measures["peak_memory"] = value(peak, "bytes")
            if machine:
                context = PROMPT + ANSWER / 2
                measures["itl_floor"] = value(round(form.decode_floor(machine, batch, context) * 1e3, 4), "ms")
                measures["itl_sequential"] = value(
                    round(form.decode_sequential(machine, batch, context) * 1e3, 4), "ms"
                )
                measures["ttft_floor"] = value(round(form.prefill_floor(machine, PROMPT, batch) * 1e3, 4), "ms")
            found.append((batch, median(latency), median([batch * ANSWER / s for s in latency])))
            lab.facts["knees"] = {
                f"sweep to {found[i][0]}": knees(*zip(*found[: i + 1], strict=True)) for i in range(3, len(found))
            }
            yield point({"batch": batch}, None, **measures)
