"""The same decoder in PyTorch: for training, for GPUs, and faster on a CPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from panelwright.measure.decoder import Array, Config, Weights, rotations

Tensor = Any


class TorchDecoder:
    """Like ``decoder.Decoder``; takes and gives numpy arrays of tokens, keeps all else on the device."""

    engine = "torch"

    def __init__(self, config: Config, weights: Weights | dict[str, Tensor], device: str = "cpu") -> None:
        self.config, self.device = config, device
        self.weights: dict[str, Tensor] = {
            k: (torch.from_numpy(np.require(v, requirements=["C", "W"])) if isinstance(v, np.ndarray) else v).to(device)
            for k, v in weights.items()
        }
        self.dtype = self.weights["token_embd.weight"].dtype
        cos, sin = rotations(config)
        self.cos, self.sin = (torch.from_numpy(t).to(device, self.dtype) for t in (cos, sin))

    def new_cache(self, slots: int, length: int) -> tuple[Tensor, Tensor]:
        shape = (self.config.layers, slots, self.config.kv_heads, length, self.config.head)
        keys, values = (torch.zeros(shape, dtype=self.dtype, device=self.device) for _ in range(2))
        return keys, values

    def forward(
        self,
        tokens: Array,
        cache: tuple[Tensor, Tensor] | None = None,
        start: Array | None = None,
        slots: Array | None = None,
        last: Array | None = None,
    ) -> Tensor:
        """See ``decoder.Decoder.forward``; the logits stay on the device."""
        batch, time = tokens.shape
        start = np.zeros(batch, np.int64) if start is None else start
        with torch.inference_mode():
            rows = None if slots is None else self._move(slots)
            x = self.body(self._move(tokens), cache, self._move(start), rows, int(start.max()) + time)
            return self.head(x[torch.arange(batch), -1 if last is None else self._move(last)])

    def body(
        self,
        tokens: Tensor,
        cache: tuple[Tensor, Tensor] | None,
        start: Tensor,
        slots: Tensor | None,
        reach: int,
        even: bool = False,
    ) -> Tensor:
        """All layers: (batch, time, width). Reads nothing back to the host, so that CUDA graphs can hold it.

        ``slots`` None: the first rows of the cache, in order, which are then read where they lie. ``reach``: how
        much of the cache attention looks at. ``even``: one token a row and all rows as long as ``reach``, so that
        there is nothing to mask and the fused kernels apply.
        """
        c, w = self.config, self.weights
        batch, time = tokens.shape
        places = start[:, None] + torch.arange(time, device=self.device)
        cos, sin = self.cos[places][:, None], self.sin[places][:, None]
        # from the beginning of the text the fused kernels know the causal mask without being given one
        simple = cache is None or reach == time
        seen = None
        if not simple and not even:
            seen = (torch.arange(reach, device=self.device) <= places[:, :, None])[:, None]
        rows = torch.arange(batch, device=self.device) if slots is None else slots
        x = w["token_embd.weight"][tokens]
        for i in range(c.layers):
            at = f"blk.{i}."
            h = functional.rms_norm(x, (c.width,), w[at + "attn_norm.weight"], c.epsilon)
            q = self._turn(self._heads(h, w[at + "attn_q.weight"], c.heads), cos, sin)
            k = self._turn(self._heads(h, w[at + "attn_k.weight"], c.kv_heads), cos, sin)
            v = self._heads(h, w[at + "attn_v.weight"], c.kv_heads)
            if cache is not None:
                for kept, new in ((cache[0][i], k), (cache[1][i], v)):
                    kept[rows[:, None], :, places] = new.transpose(1, 2)
                k, v = (kept[i, :batch, :, :reach] if slots is None else kept[i, :, :, :reach][slots] for kept in cache)
            mixed = functional.scaled_dot_product_attention(
                q, k, v, attn_mask=seen, is_causal=simple, enable_gqa=c.heads != c.kv_heads
            )
            x = x + functional.linear(mixed.transpose(1, 2).reshape(batch, time, c.width), w[at + "attn_output.weight"])
            h = functional.rms_norm(x, (c.width,), w[at + "ffn_norm.weight"], c.epsilon)
            gate = functional.silu(functional.linear(h, w[at + "ffn_gate.weight"]))
            x = x + functional.linear(gate * functional.linear(h, w[at + "ffn_up.weight"]), w[at + "ffn_down.weight"])
        return x

    def head(self, x: Tensor) -> Tensor:
        """Logits over the vocabulary."""
        w = self.weights
        x = functional.rms_norm(x, (self.config.width,), w["output_norm.weight"], self.config.epsilon)
        return functional.linear(x, w.get("output.weight", w["token_embd.weight"]))

    def choose(self, logits: Tensor) -> Array:
        found: Array = logits.argmax(dim=-1).cpu().numpy()
        return found

    def numpy_weights(self) -> Weights:
        return {k: v.detach().float().cpu().numpy() for k, v in self.weights.items()}

    def _move(self, numbers: Array) -> Tensor:
        return torch.as_tensor(numbers, device=self.device)

    def _heads(self, x: Tensor, weight: Tensor, heads: int) -> Tensor:
        return functional.linear(x, weight).view(*x.shape[:2], heads, self.config.head).transpose(1, 2)

    def _turn(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        even, odd = x[..., 0::2], x[..., 1::2]
        return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


def random_on(config: Config, device: str, dtype: str, seed: int) -> TorchDecoder:
    """Random weights made on the device: eight billion would take minutes to make on the host and to move."""
    made = torch.Generator(device=device).manual_seed(seed)
    kind = getattr(torch, dtype)
    weights = {}
    for name, shape in config.shapes().items():
        if len(shape) == 1:
            weights[name] = torch.ones(shape, dtype=kind, device=device)
        else:
            scale = 0.02 if name == "token_embd.weight" else shape[1] ** -0.5
            weights[name] = torch.empty(shape, dtype=kind, device=device).normal_(0, scale, generator=made)
    return TorchDecoder(config, weights, device)
