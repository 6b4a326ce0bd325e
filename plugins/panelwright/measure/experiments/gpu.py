"""An 8B Llama configuration on a GPU: bf16, random weights, static cache, CUDA graphs, fused attention.

The tests run the same code with a tiny configuration on a processor, where nothing is captured in graphs.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from panelwright.benchdata.knee import knees
from panelwright.benchdata.stats import median
from panelwright.measure.decoder import LLAMA_8B, Config
from panelwright.measure.lab import Lab, Point, experiment, point, samples, value
from panelwright.measure.models import ceilings, shape

BYTES = {"bfloat16": 2, "float16": 2, "float32": 4}


@experiment("gpu_decode", pages=(8, 10), title="Batch sweep of an 8B model on a GPU", seconds=60, needs=("torch",),
            device="cuda")  # fmt: skip
def gpu_decode(lab: Lab) -> Iterator[Point]:
    """Time to first token, gaps, throughput and memory over batch sizes at a context of 1024 tokens."""
    yield from sweep(lab, LLAMA_8B, "bfloat16", (1, 2, 4, 8, 16, 32, 64, 128, 256, 384, 512), 1024)


@experiment("gpu_prompt", pages=(3, 8), title="Time to first token of an 8B model on a GPU", seconds=15,
            needs=("torch",), device="cuda")  # fmt: skip
def gpu_prompt(lab: Lab) -> Iterator[Point]:
    """Reading one prompt, up to the first token of the answer, over the length of the prompt."""
    yield from prompts(lab, LLAMA_8B, "bfloat16", (64, 128, 256, 512, 1024, 2048, 4096, 8192))


def prompts(lab: Lab, config: Config, dtype: str, lengths: Sequence[int]) -> Iterator[Point]:
    """One prompt of each length, and the least that the ceilings allow."""
    model = _model(lab, config, dtype)
    machine, form = ceilings(lab, dtype), shape(config, BYTES[dtype])
    rng = np.random.default_rng(lab.seed)
    cache = model.new_cache(1, max(lengths))
    for length in lengths:
        with lab.attempt(tokens=length):
            text = rng.integers(0, config.vocabulary, (1, length))
            # waits for the GPU: the chosen token is brought to the host
            seconds = lab.timed(lambda t=text: model.choose(model.forward(t, cache)), 8)  # type: ignore[misc]
            floor = {"floor": value(form.prefill_floor(machine, length) * 1e3, "ms")} if machine else {}
            yield point({"tokens": length}, None, ttft=samples([s * 1e3 for s in seconds], "ms"), **floor)


def _model(lab: Lab, config: Config, dtype: str) -> Any:
    """No digest in the file: 16 GB of random numbers are known by seed and configuration."""
    from panelwright.measure.torch_decoder import random_on

    lab.model = {"name": config.name, "weights": "random", "parameters": config.parameters,
                 "configuration": {**asdict(config), "dtype": dtype, "seed": lab.seed}}  # fmt: skip
    return random_on(config, lab.device, dtype, lab.seed)


def sweep(lab: Lab, config: Config, dtype: str, batches: Sequence[int], context: int) -> Iterator[Point]:
    """Prefill ``context`` tokens one row at a time, then decode steps for the whole batch at that context.

    Out of memory at a batch is recorded, and the sweep goes on.
    """
    gpu = lab.device == "cuda"
    model = _model(lab, config, dtype)
    lab.facts |= {"context": context, "cache": "static", "graphs": gpu, "attention": "scaled_dot_product_attention",
                  "prefill": "one prompt; a batch's prompts are read one after another"}  # fmt: skip
    machine, form = ceilings(lab, dtype), shape(config, BYTES[dtype])
    found: list[tuple[float, float, float]] = []
    for batch in batches:
        if not lab.fits(2.0 if gpu else 0.0, {"batch": batch}):
            continue
        with lab.attempt(batch=batch):
            ttft, itl, peak = _batch(lab, model, batch, context)
            measures = {
                "ttft": samples([s * 1e3 for s in ttft], "ms"),
                "itl": samples([s * 1e3 for s in itl], "ms"),
                "throughput": samples([batch / s for s in itl], "tokens/s"),
                "cache": value(batch * (context + 1) * config.cache_bytes(BYTES[dtype]), "bytes"),
            }
            if gpu:
                measures["peak_memory"] = value(peak, "bytes")
            if machine:
                measures |= {
                    "itl_floor": value(form.decode_floor(machine, batch, context) * 1e3, "ms"),
                    "itl_sequential": value(form.decode_sequential(machine, batch, context) * 1e3, "ms"),
                    "ttft_floor": value(form.prefill_floor(machine, context) * 1e3, "ms"),
                }
            found.append((batch, median(itl), batch / median(itl)))
            lab.facts["knees"] = {
                f"sweep to {found[i][0]}": knees(*zip(*found[: i + 1], strict=True)) for i in range(3, len(found))
            }
            yield point({"batch": batch}, None, **measures)


def _batch(lab: Lab, model: Any, batch: int, context: int) -> tuple[list[float], list[float], int]:
    """Seconds to the first token and between tokens, and peak bytes. The cache is gone when it returns or raises."""
    import torch

    gpu = lab.device == "cuda"
    if gpu:
        gc.collect()  # the graph and the cache of the batch before
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    cache = model.new_cache(batch, context + 1)
    prompt = np.random.default_rng(lab.seed).integers(0, model.config.vocabulary, (1, context))
    ttft = _clock(lambda: model.choose(model.forward(prompt, cache)), lab.repeats(4), gpu)
    with torch.inference_mode():
        itl = _clock(_step(model, batch, cache, context, gpu), lab.repeats(30), gpu)
    return ttft, itl, torch.cuda.max_memory_allocated() if gpu else 0


def _step(model: Any, batch: int, cache: Any, context: int, graphs: bool) -> Callable[[], object]:
    """One decode step at a fixed context, shapes and addresses never changing; captured in a graph on a GPU.

    Launching a hundred small kernels a layer from Python takes longer than running them: a graph launches once.
    """
    import torch

    tokens = torch.zeros((batch, 1), dtype=torch.long, device=model.device)
    start = torch.full((batch,), context, device=model.device)

    def step() -> None:
        x = model.body(tokens, cache, start, None, context + 1, even=True)
        tokens.copy_(model.head(x[:, -1]).argmax(dim=-1, keepdim=True))

    if not graphs:
        return step
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):  # a graph must not see what is allocated once
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return lambda: graph.replay()


def _clock(work: Callable[[], object], repeats: int, gpu: bool) -> list[float]:
    import torch

    out = []
    for run in range(repeats + 2):  # two warm up
        begun = time.perf_counter()
        work()
        if gpu:
            torch.cuda.synchronize()
        if run >= 2:
            out.append(time.perf_counter() - begun)
    return out
