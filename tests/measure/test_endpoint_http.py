"""The client reads HTTP/1.1 and server-sent events however the bytes are cut, and tells every way to fail apart."""

from __future__ import annotations

import asyncio
import json
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelwright.measure.endpoint_http import Call, Connection, Pool, Target
from panelwright.measure.endpoint_stream import Answer, events, read
from tests.measure.stub import Stub

PIECES = ["Ein ", "Wort,\n", "zwei – ", "drei"]


def ask(stub: Stub, times: int = 1, **options: Any) -> list[Answer]:
    """The answers to requests one after another, on connections that are kept."""

    async def run() -> list[Answer]:
        target = Target.of(stub.url)
        pool = Pool(target, **{"timeout": 1.0, "stall": 0.3, **options})
        await pool.open()
        body = b'{"model": "stub", "stream_options": {}}'
        calls = [await pool.ask(Call(target.request("POST", "/v1/chat/completions", body))) for _ in range(times)]
        await pool.close()
        return [read(c) for c in calls]

    return asyncio.run(run())


def spoken(end: bytes) -> bytes:
    chunks = [b": ping\n\n"]
    for piece in PIECES:
        text = json.dumps({"choices": [{"delta": {"content": piece}}]})
        chunks.append(f"data: {text}{end.decode()}{end.decode()}".encode())
    chunks.append(b"data: [DONE]" + end + end)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%X;x=1\r\n%s\r\n" % (len(c), c) for c in chunks) + b"0\r\nTrailer: 1\r\n\r\n"


class Socket:
    """As much of a transport as a connection asks of one."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def is_closing(self) -> bool:
        return False


@given(cuts=st.sets(st.integers(1, 420)), end=st.sampled_from([b"\n", b"\r\n"]))
def test_it_does_not_matter_where_the_bytes_are_cut(cuts: set[int], end: bytes) -> None:
    data = spoken(end)
    places = sorted(c for c in cuts if c < len(data))
    pool = Pool(Target.of("http://stub"))
    connection, call = Connection(pool), Call(b"", scheduled=1.0, started=1.0)
    connection.transport = Socket()  # type: ignore[assignment]
    pool.active[call] = None
    connection.begin(call)
    for a, b in zip([0, *places], [*places, len(data)], strict=True):
        connection.data_received(data[a:b])
    answer = read(call)
    assert (answer.failure, answer.text, len(answer.times)) == ("", "".join(PIECES), len(PIECES))
    assert pool.free == [connection]


def test_an_event_is_dated_by_its_last_byte() -> None:
    assert list(events([(1.0, b"data: a"), (2.0, b"b\n"), (3.0, b"\ndata: c\n\ndata: d")])) == [
        (3.0, b"ab"), (3.0, b"c"), (3.0, b"d")]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("ok", ""), ("ok without usage", ""), ("ok without done", ""), ("continue", ""),
        ("429", "HTTP 429"), ("500", "HTTP 500"), ("drop", "dropped"), ("cut", "dropped"), ("drop before", "dropped"),
        ("stall", "stalled"), ("silent", "timeout before the first byte"), ("broken json", "garbage"),
        ("broken http", "garbage"), ("broken chunk", "garbage"), ("error event", "error in the stream"),
        ("empty", "empty"), ("not a stream", "not a stream"),
    ],
)  # fmt: skip
def test_each_way_to_fail_has_its_name_and_the_next_request_is_served(how: str, kind: str) -> None:
    with Stub(lambda n: how if n <= (2 if how == "drop before" else 1) else "ok") as stub:
        first, second = ask(stub, 2)
    assert (first.failure, second.failure) == (kind, "")
    assert first.ended > first.scheduled
    if how in ("drop", "stall", "error event"):
        assert len(first.times) == 2, "what came before it broke off is known"


def test_a_long_answer_ends_at_its_timeout_though_it_never_stalls() -> None:
    with Stub(pieces=100, gap=0.02) as stub:
        (answer,) = ask(stub, timeout=0.5)
    assert answer.failure == "timeout"
    assert 0.5 <= answer.ended - answer.scheduled < 0.9


def test_connections_are_kept_and_a_closed_one_costs_no_request() -> None:
    with Stub() as stub:
        assert not any(a.failure for a in ask(stub, 5))
        assert stub.connections == 1
    with Stub(closes=True) as stub:
        assert not any(a.failure for a in ask(stub, 5))
        assert stub.connections == 5


def test_nobody_there_is_a_failure_of_each_request_and_not_the_end() -> None:
    async def run() -> Answer:
        with Stub() as stub:
            target = Target.of(stub.url)
        pool = Pool(target)
        pool.addresses = iter([("127.0.0.1", 1)])
        return read(await pool.ask(Call(target.request("GET", "/"))))

    assert asyncio.run(run()).failure == "unreachable"


def test_what_an_endpoint_may_look_like() -> None:
    assert Target.of("host") == Target("host", 80, "/v1", False)
    assert Target.of("https://h:8443/openai/v1/chat/completions") == Target("h", 8443, "/openai/v1", True)
    assert b"Host: [::1]:8000\r\n" in Target.of("http://[::1]:8000").request("GET", "/")
    for wrong in ("ftp://host", "http://", "https://me:secret@host"):
        with pytest.raises(ValueError, match="endpoint"):
            Target.of(wrong)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_it_speaks_tls_and_trusts_nobody_unless_told(tmp_path: Path) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=stub",
                    "-keyout", key, "-out", cert], check=True, capture_output=True)  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    with Stub(tls=context) as stub:
        (answer,) = ask(stub, insecure=True)
        assert answer.text == "word " * 4
        with pytest.raises(ssl.SSLError):
            ask(stub)
