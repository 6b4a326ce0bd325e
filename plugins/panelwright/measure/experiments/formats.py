"""File formats: size, time to save and load, and how far the numbers move."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from panelwright.measure import llama_cpp, smollm
from panelwright.measure.decoder import SMALL, Array, Config, Weights, about, random_weights
from panelwright.measure.gguf_file import QUANTISED, write_gguf
from panelwright.measure.lab import Lab, Point, experiment, point, samples, value
from panelwright.measure.onnx_file import write_onnx

Load = Callable[[Path], Any]
First = Callable[[Any], Array | None]  # logits, from engines that give any
TOKENS = np.arange(3, 19, dtype=np.int64)[None]


@experiment("formats", pages=(6, 7), title="File formats: size, saving, loading, first answer",
            seconds=8, growth=35, device="cpu")  # fmt: skip
def formats(lab: Lab) -> Iterator[Point]:
    """The same weights in every format. Mapped files load in no time and pay at the first pass: both are timed.

    Loads come from the cache of the operating system, as on a machine that has just written or read the file.
    """
    config, weights, kind = some_model(lab)
    lab.model = about(config, weights, kind)
    lab.facts |= {"cache": "files lie in the page cache", "first": "loading and one forward pass over 16 tokens"}
    lab.missing("TensorRT", "it needs an NVIDIA GPU and its own library")
    exact = _forward(config, weights)
    with tempfile.TemporaryDirectory() as name:
        for label, suffix, save, load, first in _formats(lab, config, kind):
            path = Path(name) / f"model{suffix}"
            if not lab.fits(2.0, {"format": label}):
                continue
            with lab.attempt(format=label):
                begun = time.perf_counter()
                save(path, weights)
                saved = time.perf_counter() - begun
                load_s, first_s = [], []
                found: Array | None = None
                for run in range(lab.repeats(3) + 1):
                    begun = time.perf_counter()
                    loaded = load(path)
                    middle = time.perf_counter()
                    found = first(loaded)
                    end = time.perf_counter()
                    del loaded
                    if run:
                        load_s.append((middle - begun) * 1e3)
                        first_s.append((end - begun) * 1e3)
                    if run >= 3 and end - begun > lab.left() / 6:
                        break
                moved = {} if found is None else {"difference": _logits(np.abs(found - exact).max())}
                yield point(
                    {"format": label}, {"largest_logit": round(float(np.abs(exact).max()), 4)},
                    size=value(path.stat().st_size, "bytes"), save=samples([saved * 1e3], "ms"),
                    load=samples(load_s, "ms"), first=samples(first_s, "ms"), **moved,
                )  # fmt: skip
                path.unlink()


def some_model(lab: Lab) -> tuple[Config, Weights, str]:
    """The real model in the full suite, where it is installed, else a small random one; and which of the two."""
    if lab.full and smollm.available():
        return (*smollm.load(), "trained")
    return SMALL, random_weights(SMALL, lab.seed), "random"


def _logits(largest: float) -> dict[str, Any]:
    return value(float(f"{largest:.4g}"), "logits")


def _forward(config: Config, weights: Mapping[str, Any]) -> Array:
    """Logits of one pass, with PyTorch where it is installed: faster than numpy, and takes mapped weights."""
    from panelwright.measure.lab import installed

    if installed("torch"):
        from panelwright.measure.torch_decoder import TorchDecoder

        return np.asarray(TorchDecoder(config, dict(weights)).forward(TOKENS))
    from panelwright.measure.decoder import Decoder

    return Decoder(config, dict(weights)).forward(TOKENS)


def _formats(
    lab: Lab, config: Config, kind: str
) -> Iterator[tuple[str, str, Callable[[Path, Weights], None], Load, First]]:
    def plain(loaded: Any) -> Array:
        return _forward(config, loaded)

    yield "numpy .npz", ".npz", lambda p, w: np.savez(p, **w), lambda p: dict(np.load(p)), plain  # type: ignore[arg-type]
    if lab.has("torch", "PyTorch's .bin"):
        import torch

        def save_bin(path: Path, weights: Weights) -> None:
            torch.save({k: torch.from_numpy(np.require(v, requirements=["W"])) for k, v in weights.items()}, path)

        yield "PyTorch .bin", ".bin", save_bin, lambda p: torch.load(p, weights_only=True), plain
        yield (
            "PyTorch .bin, mapped", ".bin", save_bin, lambda p: torch.load(p, weights_only=True, mmap=True), plain
        )  # fmt: skip
    if lab.has("safetensors", "safetensors"):
        from safetensors import numpy as safe

        if lab.has("torch", "safetensors, mapped by PyTorch"):
            from safetensors import torch as safe_torch

            yield "safetensors", ".safetensors", lambda p, w: safe.save_file(w, p), safe_torch.load_file, plain
        else:
            yield "safetensors", ".safetensors", lambda p, w: safe.save_file(w, p), safe.load_file, plain
    if lab.has("gguf", "GGUF"):
        for quantised in QUANTISED:
            yield (
                f"GGUF {quantised}", ".gguf", lambda p, w, q=quantised: write_gguf(p, config, w, q),  # type: ignore[misc]
                _read_gguf, plain,
            )  # fmt: skip
    if llama_cpp.usable(lab, "GGUF, llama.cpp", kind):
        lab.facts["llama.cpp"] = "maps the file and computes with its quantised numbers; gives no logits: see engines"
        for quantised in QUANTISED:
            yield (
                f"GGUF {quantised}, llama.cpp", ".gguf", lambda p, w, q=quantised: write_gguf(p, config, w, q),  # type: ignore[misc]
                llama_cpp.LlamaCpp, _first_of_llama_cpp,
            )  # fmt: skip
    if lab.has("onnx", "ONNX") and lab.has("onnxruntime", "ONNX"):
        import onnxruntime

        def open_onnx(path: Path) -> Any:
            return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

        yield ("ONNX", ".onnx", lambda p, w: write_onnx(p, config, w, TOKENS.shape[1]), open_onnx,
               lambda s: np.asarray(s.run(None, {"tokens": TOKENS})[0]))  # fmt: skip


def _first_of_llama_cpp(model: llama_cpp.LlamaCpp) -> None:
    model.read(TOKENS[0].tolist())


def _read_gguf(path: Path) -> Weights:
    from gguf import GGUFReader, dequantize

    return {t.name: np.array(dequantize(t.data, t.tensor_type), np.float32) for t in GGUFReader(path).tensors}


class _Hostile:
    """Unpickled, it would call a function of its maker's choice. This one's is harmless: it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return (Path.touch, (self.mark,))


@experiment("pickle_safety", pages=(6,), title="A file that runs a program when it is opened",
            seconds=2, growth=1, device="cpu")  # fmt: skip
def pickle_safety(lab: Lab) -> Iterator[Point]:
    """A pickle may name any function to call while it is read. Which loaders did call it, and which refused?"""
    loaders: list[tuple[str, Callable[[Path], Any]]] = [("pickle.load", lambda p: pickle.loads(p.read_bytes()))]  # noqa: S301
    if lab.has("torch", "PyTorch's safe loader"):
        import torch

        loaders.append(("torch.load, weights_only", lambda p: torch.load(p, weights_only=True)))
    if lab.has("safetensors", "safetensors"):
        from safetensors import numpy as safe

        loaders.append(("safetensors", safe.load_file))
    lab.facts["file"] = "a pickle that would create an empty file, made and opened in a temporary folder"
    for label, load in loaders:
        with tempfile.TemporaryDirectory() as name:
            mark, path = Path(name) / "it-ran", Path(name) / "model.bin"
            path.write_bytes(pickle.dumps(_Hostile(mark), protocol=2))
            try:
                load(path)
                said = "opened without a word"
            except Exception as error:  # which one depends on the loader: that it refuses is the finding
                said = f"refused: {type(error).__name__}"
            yield point({"loader": label}, {"said": said}, ran=value(int(mark.exists()), "programs run"))
