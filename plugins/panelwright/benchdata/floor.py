"""How fast a decoder could be at best, from what a machine can do: bytes over bandwidth, operations over their rate.

The roofline model (Williams, Waterman & Patterson 2009) for the two phases of inference. Seconds, bytes, FLOP/s.
"""

from __future__ import annotations

from typing import NamedTuple


class Machine(NamedTuple):
    """Ceilings: ``bandwidth`` in bytes/s and ``flops`` in operations/s."""

    bandwidth: float
    flops: float

    @property
    def ridge(self) -> float:
        """Operations per byte above which arithmetic is the limit."""
        return self.flops / self.bandwidth


class Shape(NamedTuple):
    """A decoder: how many weights, bytes of one, and bytes that a token leaves in the cache (``kv_bytes``)."""

    layers: int
    width: int
    layer_weights: int
    head_weights: int
    weight_bytes: float
    kv_bytes: float

    @property
    def streamed(self) -> float:
        """Bytes of weights that every decode step reads (the table of embeddings is looked up, not read)."""
        return (self.layer_weights + self.head_weights) * self.weight_bytes

    def _step(self, batch: float, context: float) -> tuple[float, float, float, float]:
        linear = 2 * (self.layer_weights + self.head_weights) * batch
        attention = 4 * self.layers * self.width * context * batch
        return self.streamed, linear, batch * context * self.kv_bytes, attention

    def decode_step(self, batch: float, context: float) -> tuple[float, float]:
        """(operations, bytes read) of one token for each of ``batch`` requests (Pope et al. 2022).

        Two operations a weight and token; attention multiplies each query with all keys, and its result with all
        values. Weights are read once for the batch, keys and values for each request.
        """
        weights, linear, cache, attention = self._step(batch, context)
        return linear + attention, weights + cache

    def decode_floor(self, machine: Machine, batch: float, context: float) -> float:
        """One step for a batch at least takes this long: whichever limit is greater, all overlapped."""
        operations, read = self.decode_step(batch, context)
        return max(read / machine.bandwidth, operations / machine.flops)

    def decode_sequential(self, machine: Machine, batch: float, context: float) -> float:
        """The same where weights and attention take turns, as they do layer by layer: the sum of two maxima."""
        weights, linear, cache, attention = self._step(batch, context)
        one = max(weights / machine.bandwidth, linear / machine.flops)
        return one + max(cache / machine.bandwidth, attention / machine.flops)

    def prefill_floor(self, machine: Machine, tokens: float, batch: float = 1) -> float:
        """Reading a prompt (causal attention, logits for its last token only): the least time to first token."""
        operations = (
            2 * self.layer_weights * tokens + 2 * self.head_weights + 2 * self.layers * self.width * tokens**2
        ) * batch
        return max(operations / machine.flops, self.streamed / machine.bandwidth)
