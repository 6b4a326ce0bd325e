"""A server of OpenAI's protocol that behaves, and misbehaves, as told. Alone: ``python stub.py PORT PIECES GAP``."""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import threading
import time
from collections.abc import Callable
from typing import Any


class Stub:
    """``script``: what happens to the n-th chat request (from 1; the first is the one that warms up).

    ok, ok without usage, ok without done, continue, cut, late 0.3, cold 0.3, blocked 0.3, drop, drop before, stall,
    silent, broken json, broken http, broken chunk, error event, empty, not a stream, or a status such as 429.
    """

    def __init__(self, script: Callable[[int], str] = lambda n: "ok", *, pieces: int = 4, gap: float = 0.004,
                 models: tuple[str, ...] = ("stub",), refuses: tuple[str, ...] = (), key: str = "",
                 tls: ssl.SSLContext | None = None, closes: bool = False, port: int = 0) -> None:  # fmt: skip
        self.script, self.pieces, self.gap, self.models = script, pieces, gap, models
        self.refuses, self.key, self.tls, self.closes, self.port = refuses, key, tls, closes, port
        self.asked: list[dict[str, Any]] = []
        self.connections = 0

    def __enter__(self) -> Stub:
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()

        def run() -> None:
            self.loop.run_until_complete(self.serve())
            ready.set()
            self.loop.run_forever()
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    async def serve(self) -> None:
        server = await asyncio.get_running_loop().create_server(
            lambda: _Talk(self), "127.0.0.1", self.port, ssl=self.tls
        )
        self.port = server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/v1"


class _Talk(asyncio.Protocol):
    def __init__(self, stub: Stub) -> None:
        self.stub, self.buffer = stub, b""
        stub.connections += 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].decode().lower()
            length = int(head.partition("content-length:")[2].split("\r\n")[0] or 0)
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
            self.answer(head, body)

    def answer(self, head: str, body: bytes) -> None:
        stub = self.stub
        if stub.key and f"authorization: bearer {stub.key}" not in head:
            self.plain(401, {"error": {"message": "no key"}})
        elif head.startswith("get /v1/models"):
            self.plain(200, {"data": [{"id": m, "owned_by": "stub"} for m in stub.models]})
        elif head.startswith("get /health"):
            self.plain(200, {})
        elif head.startswith("get /version"):
            self.plain(200, {"version": "1.2.3"})
        elif head.startswith("post /v1/chat/completions"):
            asked = json.loads(body)
            if set(stub.refuses) & set(asked):
                self.plain(400, {"error": {"message": "unknown field"}})
                return
            stub.asked.append(asked)
            asyncio.get_running_loop().create_task(self.chat(stub.script(len(stub.asked)), asked))
        else:
            self.plain(404, {"error": {"message": "not found"}})

    def plain(self, status: int, what: Any, kind: str = "application/json") -> None:
        body = json.dumps(what).encode()
        self.transport.write(b"HTTP/1.1 %d Said\r\nServer: stub/0\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                             % (status, kind.encode(), len(body), body))  # fmt: skip

    def event(self, data: bytes, whole: bool = True) -> None:
        chunk = b"data: " + data + b"\n\n"
        framed = b"%x\r\n%s\r\n" % (len(chunk), chunk)
        self.transport.write(framed if whole else framed[: len(framed) // 2])

    async def chat(self, how: str, asked: dict[str, Any]) -> None:
        stub, (what, _, amount) = self.stub, how.partition(" 0.")
        write = self.transport.write
        if how.isdigit():
            self.plain(int(how), {"error": {"message": "said no"}})
            return
        if what == "late":
            await asyncio.sleep(float(f"0.{amount}"))
        if what == "blocked":
            time.sleep(float(f"0.{amount}"))  # nobody is answered meanwhile
        if how == "drop before":
            self.transport.close()
            return
        if how == "silent":
            return
        if how == "broken http":
            write(b"SSH-2.0-OpenSSH_9.9\r\n")
            return
        if how == "not a stream":
            self.plain(200, {"choices": [{"message": {"content": "word"}, "finish_reason": "stop"}]})
            return
        write(b"HTTP/1.1 100 Continue\r\n\r\n" if how == "continue" else b"")
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        write(b"6\r\n: hi\n\n\r\n")
        said = {"id": "1", "object": "chat.completion.chunk", "model": asked["model"], "usage": None}
        self.event(json.dumps({**said, "choices": [{"delta": {"role": "assistant", "content": ""}}]}).encode())
        if what == "cold":
            await asyncio.sleep(float(f"0.{amount}"))  # after the head, before the first word
        for i in range(0 if how == "empty" else stub.pieces):
            await asyncio.sleep(stub.gap)
            if i == stub.pieces // 2 and how in ("drop", "stall", "broken json", "broken chunk", "error event"):
                if how == "drop":
                    self.event(b'{"choices": [{"delta": {"con', whole=False)
                    self.transport.close()
                elif how == "broken json":
                    self.event(b"<html>")
                    write(b"0\r\n\r\n")
                elif how == "broken chunk":
                    write(b"zz\r\n")
                elif how == "error event":
                    self.event(b'{"error": {"message": "out of blocks"}}')
                    write(b"0\r\n\r\n")
                return
            self.event(
                json.dumps({**said, "choices": [{"delta": {"content": "word "}, "finish_reason": None}]}).encode()
            )
        last = {**said, "choices": [{"delta": {}, "finish_reason": "length"}]}
        if how != "cut":
            self.event(json.dumps(last).encode())
        if "without usage" not in how and asked.get("stream_options"):
            usage = {"prompt_tokens": 7, "completion_tokens": 2 * stub.pieces}
            self.event(json.dumps({**said, "choices": [], "usage": usage}).encode())
        if how not in ("ok without done", "cut"):
            self.event(b"[DONE]")
        write(b"0\r\n\r\n")
        if stub.closes:
            self.transport.close()


def main() -> None:
    async def run() -> None:
        await Stub(pieces=int(sys.argv[2]), gap=float(sys.argv[3]), port=int(sys.argv[1])).serve()
        print("ready", flush=True)
        await asyncio.Event().wait()

    asyncio.run(run())


if __name__ == "__main__":
    main()
