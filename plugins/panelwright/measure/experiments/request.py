"""One request, followed all the way: its six stages, its stream of tokens over HTTP, and what padding wastes."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from panelwright.measure.lab import Lab, Point, experiment, point, samples, value
from panelwright.measure.models import Model, Words, best, words
from panelwright.measure.texts import QUESTIONS

STAGES = ("tokenise", "batch", "prefill", "decode", "detokenise", "serve")
Emit = Callable[[str], None]


def answer(
    model: Model, text: Words, question: str, tokens: int, emit: Emit, spans: dict[str, float] | None = None
) -> list[int]:
    """Generate up to ``tokens`` and ``emit`` each as text at once. ``spans``: seconds by stage, added to."""
    spans = {} if spans is None else spans
    out: list[int] = []
    clock = time.perf_counter

    def note(stage: str, since: float) -> float:
        now = clock()
        spans[stage] = spans.get(stage, 0.0) + now - since
        return now

    at = clock()
    prompt = text.encode(question)[: model.config.context - tokens]
    at = note("tokenise", at)
    row = np.array([prompt], np.int64)
    cache = model.new_cache(1, len(prompt) + tokens)
    at = note("batch", at)
    chosen = model.choose(model.forward(row, cache))
    at = note("prefill", at)
    for i in range(tokens):
        token = int(chosen[0])
        if token == text.end:
            break
        out.append(token)
        piece = text.decode([token])
        at = note("detokenise", at)
        emit(piece)
        at = note("serve", at)
        if i + 1 < tokens:
            chosen = model.choose(model.forward(chosen[:, None], cache, np.array([len(prompt) + i])))
            at = note("decode", at)
    return out


class _Server(ThreadingHTTPServer):
    """Streams server-sent events on a free port of this machine. ``spans``: of every request, in order."""

    daemon_threads = True

    def __init__(self, model: Model, text: Words) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.model, self.text = model, text
        self.spans: list[dict[str, float]] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        spans: dict[str, float] = {}
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

        def emit(piece: str) -> None:
            self.wfile.write(f"data: {json.dumps({'text': piece})}\n\n".encode())
            self.wfile.flush()

        answer(self.server.model, self.server.text, asked["question"], asked["tokens"], emit, spans)
        # before the last event: who has read it may look at them
        self.server.spans.append(spans)
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: Any) -> None:
        """Nothing: standard error belongs to the progress."""


def ask(port: int, question: str, tokens: int) -> tuple[list[float], str, float]:
    """Seconds from sending to each token's arrival, the text, and seconds to the end of the stream."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("POST", "/", json.dumps({"question": question, "tokens": tokens}))
    response = connection.getresponse()
    times, pieces = [], []
    for line in iter(response.readline, b""):
        if not line.startswith(b"data: ") or line.startswith(b"data: [DONE]"):
            continue
        times.append(time.perf_counter() - start)
        pieces.append(json.loads(line[6:])["text"])
    connection.close()
    return times, "".join(pieces), time.perf_counter() - start


@experiment("request", pages=(5, 8), title="Requests streamed over HTTP: four clocks, six stages", seconds=6, growth=22)
def request(lab: Lab) -> Iterator[Point]:
    """Each question goes through a real server on this machine, one at a time; a client clocks every token.

    What of the latency is in none of the stages is the network, the server's own work and the client.
    """
    model = best(lab)
    text = words(model)
    server = _Server(model, text)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = int(server.server_address[1])
    tokens = 48 if lab.full else 24
    lab.facts |= {
        "tokenizer": text.name,
        "answer_tokens": f"up to {tokens}",
        "loop": "closed, one at a time",
        "stages": "tokenise, batch and pad, prefill, decode, detokenise, serve; seconds of the same request",
    }
    ask(port, QUESTIONS[0], 4)
    server.spans.clear()
    rounds = [ask(port, QUESTIONS[0], tokens)]
    once = rounds[0][2]
    asked = [QUESTIONS[0]]
    for question in itertools.islice(itertools.cycle(QUESTIONS[1:] + QUESTIONS[:1]), lab.repeats(11, least=5)):
        if once * 2 > lab.left():
            lab.missing(f"requests after the first {len(rounds)}", "no time left")
            break
        rounds.append(ask(port, question, tokens))
        asked.append(question)
    server.shutdown()
    said = {"first_question": asked[0], "first_answer": rounds[0][1]}
    gaps = [b - a for times, _, _ in rounds for a, b in itertools.pairwise(times)]
    yield point(
        {"what": "stream"}, said,
        latency=samples([end * 1e3 for _, _, end in rounds], "ms", repeated=False),
        ttft=samples([times[0] * 1e3 for times, _, _ in rounds if times], "ms", repeated=False),
        itl=samples([gap * 1e3 for gap in gaps], "ms", repeated=False),
        throughput=samples([len(times) / end for times, _, end in rounds], "tokens/s", repeated=False),
    )  # fmt: skip
    for i, at in enumerate(rounds[0][0]):
        yield point({"token": i + 1}, None, arrived=value(float(f"{at * 1e3:.5g}"), "ms"))
    for stage in STAGES:
        spent = [spans.get(stage, 0.0) * 1e3 for spans in server.spans]
        yield point({"stage": stage}, None, time=samples(spent, "ms", repeated=False))


@experiment("padding", pages=(5,), title="Padding: what short prompts waste in a batch",
            seconds=6, growth=25, device="cpu")  # fmt: skip
def padding(lab: Lab) -> Iterator[Point]:
    """Batches as long as their longest prompt, filled as they come or sorted by length: the same prompts."""
    model = best(lab)
    chance = random.Random(lab.seed)
    batch, batches = 8, 4
    lengths = [round(8 * 16 ** chance.random()) for _ in range(batch * batches)]
    lab.facts |= {"prompts": len(lengths), "batch": batch, "prompt_tokens": "8 to 128, log-uniform"}
    rng = np.random.default_rng(lab.seed)
    for order, row in (("as they come", lengths), ("sorted by length", sorted(lengths))):
        groups = [row[i : i + batch] for i in range(0, len(row), batch)]
        texts = [rng.integers(0, model.config.vocabulary, (batch, max(group))) for group in groups]
        cells = sum(t.size for t in texts)

        def read(texts: list[Any] = texts, groups: list[list[int]] = groups) -> None:
            for tokens, group in zip(texts, groups, strict=True):
                model.choose(model.forward(tokens, last=np.array(group) - 1))

        milliseconds = [s * 1e3 for s in lab.timed(read, 4, warm=1)]
        yield point({"order": order}, {"tokens": sum(row), "cells": cells}, time=samples(milliseconds, "ms"),
                    waste=value(round(100 * (1 - sum(row) / cells), 2), "%"))  # fmt: skip
