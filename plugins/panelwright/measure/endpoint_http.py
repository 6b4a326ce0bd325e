"""A small HTTP/1.1 client for streamed answers: keep-alive, chunked bodies, TLS.

On asyncio's protocols and not on a library, for what is measured is the moment at which bytes arrive: the callback
runs as soon as the socket is read, with no task switch between, and the JSON in it is read only when the answer is
over. It needs no more than the standard library, and keeps 500 streamed requests a second on one core.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LONGEST_CHUNK = 16 << 20
"""Bytes; a server that announces more is not speaking this protocol."""


class BadAnswerError(ValueError):
    """What came is not HTTP/1.1."""


@dataclass(frozen=True)
class Target:
    """Where to send: parsed from a URL, with the path under which ``/chat/completions`` lies."""

    host: str
    port: int
    path: str
    tls: bool

    @classmethod
    def of(cls, url: str) -> Target:
        """Parse ``http(s)://host[:port][/v1]``. Raises ValueError with what is wrong."""
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https"):
            raise ValueError(f"the endpoint must begin with http:// or https://, not {parts.scheme}://")
        if not parts.hostname:
            raise ValueError("the endpoint has no host")
        if parts.username or parts.password:
            raise ValueError("no user or password in the endpoint: name an environment variable with --api-key-env")
        path = parts.path.rstrip("/").removesuffix("/chat/completions").removesuffix("/completions")
        return cls(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80),
                   path or "/v1", parts.scheme == "https")  # fmt: skip

    def request(self, method: str, path: str, body: bytes = b"", key: str = "") -> bytes:
        """The whole request as bytes, made before its time so that sending is one write."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}:{self.port}", "User-Agent: panelwright",
                 "Accept: text/event-stream, application/json"]  # fmt: skip
        lines += [f"Authorization: Bearer {key}"] if key else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(slots=True, eq=False)
class Call:
    """One request and all that came back. Times: seconds of ``time.perf_counter``; 0: it did not happen."""

    payload: bytes
    scheduled: float = 0.0
    started: float = 0.0
    """When the client came to it: ``started - scheduled`` is what the client is late."""
    sent: float = 0.0
    """When its bytes were handed to the socket; later than ``started`` where a connection had to be opened."""
    ended: float = 0.0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[float, bytes]] = field(default_factory=list)
    """Pieces of the body with the moment at which each came."""
    failure: str = ""
    opened: bool = False
    """A connection was opened for it."""
    on_end: Callable[[], None] | None = None
    connection: Connection | None = None
    task: asyncio.Task[None] | None = None

    @property
    def body(self) -> bytes:
        return b"".join(data for _, data in self.parts)

    @property
    def heard(self) -> float:
        """The last sign of life."""
        return self.parts[-1][0] if self.parts else self.sent or self.started


class Pool:
    """Connections to one target: free ones are used again, new ones are opened when none is free."""

    def __init__(self, target: Target, *, timeout: float = 120.0, stall: float = 30.0, insecure: bool = False) -> None:
        """``timeout``: seconds from the scheduled time to the end; ``stall``: of silence in a begun answer."""
        self.target, self.timeout, self.stall = target, timeout, stall
        self.free: list[Connection] = []
        self.active: dict[Call, None] = {}
        self.addresses: Iterator[tuple[str, int]] = iter(())
        self.tls: ssl.SSLContext | None = None
        if target.tls:
            self.tls = ssl.create_default_context()
            if insecure:
                self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
        self._watch: asyncio.Task[None] | None = None
        self._drained = asyncio.Event()

    async def open(self) -> None:
        """Resolve the name and open one connection to each address that answers; they are used in turn.

        A name of several machines (a headless service of Kubernetes) is spread over them. Raises OSError.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self.target.host, self.target.port, type=1)
        good: list[tuple[str, int]] = []
        problem: OSError | None = None
        for host, port in dict.fromkeys((a[4][0], self.target.port) for a in found):
            try:
                async with asyncio.timeout(min(self.timeout, 10)):
                    self.free.append(await self._connection(str(host), port))
                good.append((str(host), port))
            except OSError as error:
                problem = error
        if not good:
            raise problem or OSError("the name has no address")
        self.addresses = itertools.cycle(good)
        self._watch = asyncio.create_task(self._time_out())

    async def close(self) -> None:
        if self._watch:
            self._watch.cancel()
        for call in list(self.active):
            self.end(call, "cut off")
        for connection in self.free:
            connection.transport.close()
        self.free.clear()
        await asyncio.sleep(0)

    def start(self, call: Call) -> None:
        """Send at once on a free connection, or open one and send then."""
        call.started = time.perf_counter()
        self.active[call] = None
        self._drained.clear()
        self._send(call)

    async def ask(self, call: Call) -> Call:
        """One request to its end, for what is not measured under load."""
        call.scheduled = time.perf_counter()
        over = asyncio.Event()
        call.on_end = over.set
        self.start(call)
        await over.wait()
        return call

    async def drain(self, until: float = math.inf) -> None:
        """Wait for what is under way; every call ends at the latest by its timeout, or ``until`` (perf_counter)."""
        try:
            async with asyncio.timeout(max(0.0, until - time.perf_counter()) if until < math.inf else None):
                while self.active:
                    self._drained.clear()
                    await self._drained.wait()
        except TimeoutError:
            for call in list(self.active):
                self.end(call, "no answer when the budget ended")

    def end(self, call: Call, failure: str = "") -> None:
        if call not in self.active:
            return
        del self.active[call]
        call.ended, call.failure = time.perf_counter(), failure
        connection, call.connection = call.connection, None
        if connection:
            connection.call = None
            if failure or not connection.reusable:
                connection.transport.abort() if failure else connection.transport.close()
            else:
                self.free.append(connection)
        if call.task and call.task is not asyncio.current_task():
            call.task.cancel()
        call.task = None
        if call.on_end:
            call.on_end()
        if not self.active:
            self._drained.set()

    def _send(self, call: Call) -> None:
        while self.free:
            connection = self.free.pop()
            if not connection.transport.is_closing():
                connection.begin(call)
                return
        call.opened = True
        call.task = asyncio.create_task(self._open_and_send(call))

    async def _open_and_send(self, call: Call) -> None:
        try:
            connection = await self._connection(*next(self.addresses))
        except ssl.SSLError:
            self.end(call, "unreachable: TLS")
        except OSError as error:
            self.end(call, "client out of sockets" if error.errno in (23, 24, 99) else "unreachable")
        else:
            call.task = None
            connection.begin(call)

    async def _connection(self, host: str, port: int) -> Connection:
        name = self.target.host if self.tls else None
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self), host, port, ssl=self.tls, server_hostname=name
        )
        return connection

    def again(self, call: Call) -> bool:
        """A kept connection that the server had closed meanwhile says nothing of the request: send it anew, once."""
        if call.opened or call.status or call not in self.active:
            return False
        call.connection, call.opened = None, True
        call.task = asyncio.create_task(self._open_and_send(call))
        return True

    async def _time_out(self) -> None:
        """One watch for all calls: a timer for each would cost more than sending it."""
        while True:
            await asyncio.sleep(min(0.1, self.stall / 4, self.timeout / 4))
            now = time.perf_counter()
            for call in list(self.active):
                if now - call.scheduled > self.timeout:
                    self.end(call, "timeout" if call.parts else "timeout before the first byte")
                elif call.parts and now - call.heard > self.stall:
                    self.end(call, "stalled")


class Connection(asyncio.Protocol):
    """Reads answers from one socket, and hands each piece of a body to its call with the time it came."""

    transport: asyncio.Transport

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.call: Call | None = None
        self.reusable = True
        self._buffer = b""
        self._body: Callable[[bytes, float], None] | None = None
        self._left = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def begin(self, call: Call) -> None:
        self.call, call.connection = call, self
        self._buffer, self._body, self.reusable = b"", None, True
        call.sent = time.perf_counter()
        self.transport.write(call.payload)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if self.call is None:  # nobody asked
            self.transport.close()
            return
        try:
            if self._body:
                self._body(data, now)
            else:
                self._head(data, now)
        except ValueError:
            self.pool.end(self.call, "garbage")

    def connection_lost(self, exc: Exception | None) -> None:
        call = self.call
        if call is None:
            return
        if self._body == self._to_the_end and exc is None:
            self._over()
        elif not self.pool.again(call):
            self.pool.end(call, "dropped")

    def _head(self, data: bytes, now: float) -> None:
        assert self.call
        self._buffer += data
        if not b"HTTP/1.".startswith(self._buffer[:7]):
            raise BadAnswerError
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > 65536:
                raise BadAnswerError
            return
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        rest, self._buffer = self._buffer[end + 4 :], b""
        self.call.status = int(lines[0].split(" ", 2)[1])
        if 100 <= self.call.status < 200:  # "continue" and the like: the answer follows
            self.call.status = 0
            if rest:
                self._head(rest, now)
            return
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        self.call.headers = headers
        self.reusable = "close" not in headers.get("connection", "").lower() and not lines[0].startswith("HTTP/1.0")
        if "chunked" in headers.get("transfer-encoding", "").lower():
            self._body = self._chunked
        elif "content-length" in headers:
            self._left = int(headers["content-length"])
            self._body = self._counted
        else:
            self._body, self.reusable = self._to_the_end, False
        if rest or self._body == self._counted:
            self._body(rest, now)

    def _over(self) -> None:
        if self.call:
            self.pool.end(self.call)

    def _take(self, data: bytes, now: float) -> None:
        if data and self.call:
            self.call.parts.append((now, data))

    def _to_the_end(self, data: bytes, now: float) -> None:
        self._take(data, now)

    def _counted(self, data: bytes, now: float) -> None:
        self._take(data[: self._left], now)
        self._left -= len(data)
        if self._left <= 0:
            self._over()

    def _chunked(self, data: bytes, now: float) -> None:
        """Whole chunks only: an event is read when it is whole, so a part of one has no moment of its own."""
        if self._buffer:
            data = self._buffer + data
        at = 0
        while (line := data.find(b"\r\n", at)) >= 0:
            size = int(data[at:line].partition(b";")[0], 16)
            if not 0 <= size <= LONGEST_CHUNK:
                raise BadAnswerError
            if size == 0:
                if data[line + 2 : line + 4] == b"\r\n" or data.find(b"\r\n\r\n", line) >= 0:
                    self._over()
                    return
                break
            if len(data) < line + 2 + size + 2:
                break
            self._take(data[line + 2 : line + 2 + size], now)
            at = line + 2 + size + 2
        else:
            if len(data) - at > 1024:  # no size in sight
                raise BadAnswerError
        self._buffer = data[at:]
