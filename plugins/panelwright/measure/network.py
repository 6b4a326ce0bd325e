"""A small multilayer perceptron in numpy: enough to compare a forward pass with a training step."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float32]]


class Network:
    """``layers`` widths, ReLU between them, softmax cross-entropy at the end; float32, seeded."""

    def __init__(self, layers: tuple[int, ...], seed: int) -> None:
        self.layers = layers
        rng = np.random.default_rng(seed)
        self.weights: list[Array] = [
            (rng.standard_normal((a, b)) * (2 / a) ** 0.5).astype(np.float32) for a, b in itertools.pairwise(layers)
        ]

    @property
    def parameters(self) -> int:
        return sum(w.size for w in self.weights)

    def digest(self) -> str:
        h = hashlib.sha256()
        for w in self.weights:
            h.update(w.tobytes())
        return h.hexdigest()

    def forward(self, x: Array) -> list[Array]:
        """Activations of every layer; x is (batch, inputs)."""
        out = [x]
        for i, w in enumerate(self.weights):
            y = out[-1] @ w
            out.append(np.maximum(y, 0) if i < len(self.weights) - 1 else y)
        return out

    def backward(self, activations: list[Array], target: Any) -> tuple[float, list[Array]]:
        """Mean loss and the gradients of all weights."""
        logits = activations[-1]
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        chance = shifted / shifted.sum(axis=1, keepdims=True)
        rows = np.arange(len(target))
        loss = float(-np.log(chance[rows, target] + 1e-9).mean())
        delta = chance
        delta[rows, target] -= 1
        delta /= len(target)
        gradients: list[Array] = []
        for i in range(len(self.weights) - 1, -1, -1):
            gradients.insert(0, activations[i].T @ delta)
            if i:
                delta = (delta @ self.weights[i].T) * (activations[i] > 0)
        return loss, gradients

    def step(self, gradients: list[Array], rate: float) -> None:
        for w, g in zip(self.weights, gradients, strict=True):
            w -= rate * g
