"""Continuous batching: requests join and leave a running batch between two steps (as Orca and vLLM do)."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from panelwright.measure.decoder import Array
from panelwright.measure.models import Model


@dataclass
class Request:
    """``due``: when it should be sent, seconds from the start. ``times``: when each of its tokens was ready."""

    prompt: list[int]
    answer: int
    due: float = 0.0
    admitted: float = 0.0
    times: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return len(self.tokens) >= self.answer

    @property
    def ttft(self) -> float:
        return self.times[0] - self.due

    @property
    def latency(self) -> float:
        return self.times[-1] - self.due

    @property
    def gaps(self) -> list[float]:
        return [b - a for a, b in itertools.pairwise(self.times)]


class Batcher:
    """``slots``: requests in flight at once; the others wait in line, first come first served."""

    def __init__(self, model: Model, slots: int, length: int) -> None:
        self.model, self.slots = model, slots
        self.cache = model.new_cache(slots, length)
        self.free = list(range(slots))
        self.waiting: deque[Request] = deque()
        self.running: dict[int, Request] = {}

    def step(self, now: float, start: float) -> None:
        """Admit what there is room for and read its prompts, else make one token for all that run."""
        joining = [self.waiting.popleft() for _ in range(min(len(self.free), len(self.waiting)))]
        if joining:
            self._prefill(joining, now, start)
        elif self.running:
            self._decode(start)

    def _prefill(self, joining: Sequence[Request], now: float, start: float) -> None:
        slots = [self.free.pop() for _ in joining]
        longest = max(len(r.prompt) for r in joining)
        tokens = np.zeros((len(joining), longest), np.int64)
        for row, request in enumerate(joining):
            tokens[row, : len(request.prompt)] = request.prompt
            request.admitted = now
        last = np.array([len(r.prompt) - 1 for r in joining])
        logits = self.model.forward(tokens, self.cache, slots=np.array(slots), last=last)
        self.running.update(zip(slots, joining, strict=True))
        self._take(slots, self.model.choose(logits), start)

    def _decode(self, start: float) -> None:
        slots = list(self.running)
        tokens = np.array([[self.running[s].tokens[-1]] for s in slots])
        held = np.array([len(self.running[s].prompt) + len(self.running[s].tokens) - 1 for s in slots])
        logits = self.model.forward(tokens, self.cache, held, np.array(slots))
        self._take(slots, self.model.choose(logits), start)

    def _take(self, slots: Sequence[int], chosen: Array, start: float) -> None:
        now = time.perf_counter() - start
        for slot, token in zip(slots, chosen, strict=True):
            request = self.running[slot]
            request.tokens.append(int(token))
            request.times.append(now)
            if request.done:
                del self.running[slot]
                self.free.append(slot)


def serve(batcher: Batcher, requests: Sequence[Request], until: float = float("inf")) -> tuple[list[Request], float]:
    """Send every request when it is due, whatever is still running (open loop). Returns the finished and the seconds.

    ``until``: seconds after which what is not finished is given up.
    """
    coming = deque(sorted(requests, key=lambda r: r.due))
    start = time.perf_counter()
    while coming or batcher.waiting or batcher.running:
        now = time.perf_counter() - start
        if now > until:
            break
        while coming and coming[0].due <= now:
            batcher.waiting.append(coming.popleft())
        if batcher.waiting or batcher.running:
            batcher.step(now, start)
        else:
            time.sleep(max(0.0, min(coming[0].due - (time.perf_counter() - start), 0.001)))
    return [r for r in requests if r.done], time.perf_counter() - start
