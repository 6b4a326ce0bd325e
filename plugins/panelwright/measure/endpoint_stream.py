"""Reads a streamed chat completion: server-sent events, their JSON, and when each piece of text came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from panelwright.measure.endpoint_http import Call


@dataclass(frozen=True)
class Answer:
    """What one request gave. Times in seconds; ``failure`` empty: it finished.

    ``latency`` and ``ttft`` count from the scheduled time, so that a client or a server that is behind cannot hide
    it (coordinated omission); ``ttft`` is the first piece with text in it, not the first byte.
    """

    scheduled: float
    lag: float
    connect: float | None
    ended: float
    failure: str = ""
    times: tuple[float, ...] = ()
    """The moment of every piece of text, as absolute as ``scheduled``."""
    tokens: int | None = None
    """As the server counted them; None: it did not say."""
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    model: str = ""
    text: str = ""

    @property
    def ttft(self) -> float:
        return self.times[0] - self.scheduled

    @property
    def latency(self) -> float:
        return self.times[-1] - self.scheduled

    @property
    def gaps(self) -> list[float]:
        """Seconds between pieces of text: gaps between tokens only where a piece is a token."""
        return [b - a for a, b in pairwise(self.times)]


def events(parts: list[tuple[float, bytes]]) -> Iterator[tuple[float, bytes]]:
    """The data of each server-sent event, and when its last byte came. Comments (keep-alives) are passed over."""
    pending, data, last = b"", b"", 0.0
    for last, part in parts:
        *lines, pending = (pending + part).split(b"\n")
        for line in lines:
            line = line.removesuffix(b"\r")
            if line.startswith(b"data:"):
                data += (b"\n" if data else b"") + line[5:].removeprefix(b" ")
            elif not line and data:
                yield last, data
                data = b""
    if pending.startswith(b"data:"):  # a last event without its empty line
        data = pending[5:].strip()
    if data:
        yield last, data


def read(call: Call) -> Answer:
    """An answer from a finished call: every way to fail gets a kind, none is left out."""
    base = Answer(
        call.scheduled, call.started - call.scheduled, call.sent - call.started if call.opened and call.sent else None,
        call.ended, call.failure,
    )  # fmt: skip
    if call.failure:
        return _with(base, times=_times_only(call))
    if call.status != 200:
        return _with(base, failure=f"HTTP {call.status}")
    if "event-stream" not in call.headers.get("content-type", "text/event-stream"):
        return _with(base, failure="not a stream")
    times: list[float] = []
    words: list[str] = []
    whole = False
    facts: dict[str, Any] = {}
    try:
        for moment, data in events(call.parts):
            if data == b"[DONE]":
                whole = True
                continue
            piece = json.loads(data)
            if "error" in piece:
                return _with(base, failure="error in the stream", times=times)
            text, finished = _text(piece)
            whole = whole or finished
            if text:
                times.append(moment)
                words.append(text)
            if usage := piece.get("usage"):
                cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
                facts |= {"tokens": usage.get("completion_tokens"), "prompt_tokens": usage.get("prompt_tokens"),
                          "cached_tokens": cached}  # fmt: skip
            facts["model"] = piece.get("model") or facts.get("model", "")
    except (ValueError, TypeError, AttributeError, KeyError):
        return _with(base, failure="garbage", times=times)
    if not whole:
        return _with(base, failure="dropped", times=times)
    if not times:
        return _with(base, failure="empty")
    return _with(base, times=times, text="".join(words), **facts)


def _text(piece: dict[str, Any]) -> tuple[str, bool]:
    """What a piece adds (an answer, or a reasoning model's thoughts), and whether it is the last."""
    choices = piece.get("choices") or ()
    if not choices:
        return "", False
    choice = choices[0]
    delta = choice.get("delta") or {}
    text = delta.get("content") or delta.get("reasoning_content") or delta.get("reasoning") or choice.get("text") or ""
    return text, choice.get("finish_reason") is not None


def _times_only(call: Call) -> list[float]:
    """When text came before it broke off; what cannot be read is not text."""
    times = []
    for moment, data in events(call.parts):
        try:
            piece = json.loads(data)
            if isinstance(piece, dict) and _text(piece)[0]:
                times.append(moment)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError):
            break
    return times


def _with(base: Answer, times: Any = (), **changes: Any) -> Answer:
    return replace(base, times=tuple(times), **changes)
