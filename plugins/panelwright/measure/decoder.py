"""A decoder-only language model of the Llama family, in numpy: the same weights and cache as ``torch_decoder``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Weights = dict[str, Array]


@dataclass(frozen=True)
class Config:
    """Sizes. ``kv_heads`` fewer than ``heads``: grouped-query attention. ``context``: longest text, in tokens."""

    name: str
    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    hidden: int
    context: int = 2048
    theta: float = 10000.0
    epsilon: float = 1e-5
    tied: bool = True

    @property
    def head(self) -> int:
        return self.width // self.heads

    @property
    def layer_parameters(self) -> int:
        """Of all layers: the weights that every token is multiplied with, without the vocabulary's."""
        attention = 2 * self.width * self.width + 2 * self.width * self.kv_heads * self.head
        return self.layers * (attention + 3 * self.width * self.hidden)

    @property
    def parameters(self) -> int:
        norms = (2 * self.layers + 1) * self.width
        return self.layer_parameters + norms + (1 if self.tied else 2) * self.vocabulary * self.width

    def cache_bytes(self, width: int = 4) -> int:
        """Bytes of keys and values that one token leaves in the cache; ``width``: bytes of a number."""
        return 2 * self.layers * self.kv_heads * self.head * width

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the weights, (out, in), as GGUF files name them."""
        kv = self.kv_heads * self.head
        out: dict[str, tuple[int, ...]] = {"token_embd.weight": (self.vocabulary, self.width)}
        for i in range(self.layers):
            for name, shape in (
                ("attn_norm", (self.width,)), ("attn_q", (self.width, self.width)), ("attn_k", (kv, self.width)),
                ("attn_v", (kv, self.width)), ("attn_output", (self.width, self.width)), ("ffn_norm", (self.width,)),
                ("ffn_gate", (self.hidden, self.width)), ("ffn_up", (self.hidden, self.width)),
                ("ffn_down", (self.width, self.hidden)),
            ):  # fmt: skip
                out[f"blk.{i}.{name}.weight"] = shape
        out["output_norm.weight"] = (self.width,)
        if not self.tied:
            out["output.weight"] = (self.vocabulary, self.width)
        return out


TINY = Config("tiny", 512, 32, 2, 4, 2, 64, context=1100)
SMALL = Config("small decoder", 4096, 384, 6, 6, 2, 1024)
LLAMA_8B = Config("8B Llama configuration", 128256, 4096, 32, 32, 8, 14336, 16384, 500000.0, tied=False)


def random_weights(config: Config, seed: int) -> Weights:
    """Seeded; scaled so that activations neither vanish nor explode."""
    rng = np.random.default_rng(seed)
    out: Weights = {}
    for name, shape in config.shapes().items():
        if len(shape) == 1:
            out[name] = np.ones(shape, np.float32)
        else:
            scale = 0.02 if name == "token_embd.weight" else shape[1] ** -0.5
            out[name] = rng.standard_normal(shape, np.float32) * np.float32(scale)
    return out


def digest(weights: Mapping[str, Any]) -> str:
    """SHA-256 over names and bytes of all weights, in the order of names."""
    h = hashlib.sha256()
    for name in sorted(weights):
        h.update(name.encode())
        h.update(np.ascontiguousarray(weights[name]).tobytes())
    return h.hexdigest()


def about(config: Config, weights: Mapping[str, Any], kind: str, dtype: str = "float32") -> dict[str, Any]:
    """What the data file says of the model. ``kind``: random or trained."""
    return {"name": config.name, "weights": kind, "parameters": config.parameters, "sha256": digest(weights),
            "configuration": {**asdict(config), "dtype": dtype}}  # fmt: skip


def rotations(config: Config) -> tuple[Array, Array]:
    """Cosines and sines of the rotary embedding, (context, head/2); pairs are neighbours, as in GGUF files."""
    speeds = config.theta ** (-np.arange(0, config.head, 2, dtype=np.float64) / config.head)
    angles = np.outer(np.arange(config.context), speeds)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


class Decoder:
    """The forward pass. ``cache``: keys and values of ``slots`` texts at once, each at its own length."""

    engine = "numpy"

    def __init__(self, config: Config, weights: Weights) -> None:
        self.config, self.weights = config, weights
        self.cos, self.sin = rotations(config)

    def new_cache(self, slots: int, length: int) -> tuple[Array, Array]:
        shape = (self.config.layers, slots, self.config.kv_heads, length, self.config.head)
        return np.zeros(shape, np.float32), np.zeros(shape, np.float32)

    def forward(
        self,
        tokens: Array,
        cache: tuple[Array, Array] | None = None,
        start: Array | None = None,
        slots: Array | None = None,
        last: Array | None = None,
    ) -> Array:
        """Logits after the last token of every row, (batch, vocabulary).

        ``tokens`` (batch, time); ``start``: how many tokens of the row the cache holds already; ``slots``: its
        rows in the cache; ``last``: index of each row's last real token, where rows are padded on the right.
        """
        c, w = self.config, self.weights
        batch, time = tokens.shape
        start = np.zeros(batch, np.int64) if start is None else start
        slots = np.arange(batch) if slots is None else slots
        places = start[:, None] + np.arange(time)
        cos, sin = self.cos[places][:, None], self.sin[places][:, None]
        reach = int(start.max()) + time
        hidden = places[:, None, None, :, None] < np.arange(reach)  # a token sees only what lies before it
        x = w["token_embd.weight"][tokens]
        for i in range(c.layers):
            at = f"blk.{i}."
            h = self._norm(x, w[at + "attn_norm.weight"])
            q = _turn(self._heads(h @ w[at + "attn_q.weight"].T, c.heads), cos, sin)
            k = _turn(self._heads(h @ w[at + "attn_k.weight"].T, c.kv_heads), cos, sin)
            v = self._heads(h @ w[at + "attn_v.weight"].T, c.kv_heads)
            if cache is not None:
                for row, slot in enumerate(slots):
                    cache[0][i, slot, :, start[row] : start[row] + time] = k[row]
                    cache[1][i, slot, :, start[row] : start[row] + time] = v[row]
                k, v = cache[0][i, slots, :, :reach], cache[1][i, slots, :, :reach]
            q = q.reshape(batch, c.kv_heads, c.heads // c.kv_heads, time, c.head)
            scores = q @ k[:, :, None].swapaxes(-1, -2) * np.float32(c.head**-0.5)
            scores[np.broadcast_to(hidden, scores.shape)] = -np.inf
            chance = np.exp(scores - scores.max(axis=-1, keepdims=True))
            chance /= chance.sum(axis=-1, keepdims=True)
            mixed = (chance @ v[:, :, None]).reshape(batch, c.heads, time, c.head)
            x = x + mixed.swapaxes(1, 2).reshape(batch, time, c.width) @ w[at + "attn_output.weight"].T
            h = self._norm(x, w[at + "ffn_norm.weight"])
            gate = h @ w[at + "ffn_gate.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * (h @ w[at + "ffn_up.weight"].T)) @ w[at + "ffn_down.weight"].T
        rows = x[np.arange(batch), -1 if last is None else last]
        out: Array = self._norm(rows, w["output_norm.weight"]) @ w.get("output.weight", w["token_embd.weight"]).T
        return out

    def _norm(self, x: Array, weight: Array) -> Array:
        scaled: Array = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(self.config.epsilon)) * weight
        return scaled

    def _heads(self, x: Array, heads: int) -> Array:
        return x.reshape(*x.shape[:2], heads, self.config.head).swapaxes(1, 2)

    def choose(self, logits: Array) -> Array:
        """The likeliest token of every row, as numpy integers."""
        chosen: Array = logits.argmax(axis=-1)
        return chosen


def _turn(x: Array, cos: Array, sin: Array) -> Array:
    out = np.empty_like(x)
    even, odd = x[..., 0::2], x[..., 1::2]
    out[..., 0::2], out[..., 1::2] = even * cos - odd * sin, even * sin + odd * cos
    return out
