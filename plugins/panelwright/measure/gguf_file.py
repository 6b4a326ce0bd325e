"""Writes a model as a GGUF file in several quantisations, with the real model's vocabulary where it is installed."""

from __future__ import annotations

from pathlib import Path

from panelwright.measure import smollm
from panelwright.measure.decoder import Config, Weights

QUANTISED = ("F16", "Q8_0", "Q4_0")
BLOCK = 32  # numbers that share a scale


def write_gguf(path: Path, config: Config, weights: Weights, quantised: str) -> None:
    """Norms stay float32, as llama.cpp wants them; rows that blocks do not fill stay float16."""
    import gguf

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(config.name)
    writer.add_context_length(config.context)
    writer.add_embedding_length(config.width)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.hidden)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.kv_heads)
    writer.add_layer_norm_rms_eps(config.epsilon)
    writer.add_rope_freq_base(config.theta)
    writer.add_rope_dimension_count(config.head)
    writer.add_vocab_size(config.vocabulary)
    if config.name.startswith("SmolLM2"):
        _vocabulary(writer)
    for name, weight in weights.items():
        kind = quantised if weight.ndim == 2 and weight.shape[1] % BLOCK == 0 else "F16" if weight.ndim == 2 else "F32"
        type_ = gguf.GGMLQuantizationType[kind]
        writer.add_tensor(name, gguf.quantize(weight, type_), raw_dtype=type_)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _vocabulary(writer: object) -> None:
    import gguf

    source = gguf.GGUFReader(smollm.gguf_path())
    for key, field in source.fields.items():
        if not key.startswith("tokenizer."):
            continue
        kind = field.types[0]
        if kind == gguf.GGUFValueType.ARRAY:
            writer.add_key_value(key, field.contents(), kind, sub_type=field.types[-1])  # type: ignore[attr-defined]
        else:
            writer.add_key_value(key, field.contents(), kind)  # type: ignore[attr-defined]
