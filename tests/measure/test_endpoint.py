"""A server under load: nothing that fails is dropped, nothing that waits is hidden."""

from __future__ import annotations

import asyncio
import json
import time
from itertools import pairwise
from typing import Any

import pytest

from panelwright.measure.endpoint import EndpointError, Plan, Session, sweep
from panelwright.measure.endpoint_http import Pool, Target
from panelwright.measure.endpoint_load import Run, open_loop, poisson
from panelwright.measure.endpoint_points import KEPT, point_of
from panelwright.measure.endpoint_stream import Answer
from tests.measure.stub import Stub


def plan(stub: Stub, **changes: Any) -> Plan:
    short = {"concurrency": (2,), "rates": (), "seconds": 0.4, "timeout": 30.0, "stall": 20.0, "prompt_tokens": 20}
    return Plan(stub.url, "stub", **{**short, **changes})


def values(point: dict[str, Any], name: str) -> list[float]:
    found: list[float] = point["measures"][name]["samples"]
    return found


def test_a_closed_loop_measures_what_the_server_does() -> None:
    with Stub(pieces=5, gap=0.02) as stub, Session(plan(stub, concurrency=(3,))) as session:
        ((name, at, point),) = sweep(session)
    assert (name, at) == ("batch_sweep", {"batch": 3})
    assert point
    notes = point["notes"]
    assert notes["failed"] == 0
    assert notes["sent"] == notes["finished"] == len(stub.asked) - 1, "all but the one that warms up"
    assert stub.connections == 3
    assert min(values(point, "ttft")) >= 19.5
    assert len(values(point, "itl")) == 4 * notes["sent"]
    assert min(values(point, "latency")) >= 99
    assert all(a - b >= 0 for a, b in zip(values(point, "latency"), values(point, "ttft"), strict=True))
    assert notes["output_tokens"] == 10 * notes["sent"], "the server's usage says two tokens a piece"
    assert notes["tokens_counted_by"] == {"server's usage": notes["sent"]}
    assert notes["tokens_per_piece"] == 2
    assert point["measures"]["throughput"]["value"] == pytest.approx(
        notes["output_tokens"] / notes["seconds"], rel=5e-3
    )
    tpot, gaps = values(point, "tpot"), values(point, "itl")
    assert sum(tpot) * 9 == pytest.approx(sum(gaps), rel=1e-3), "ten tokens, nine steps"


def test_waiting_counts_from_the_schedule_and_the_schedule_waits_for_nobody() -> None:
    """One answer blocks the whole server for half a second: every request planned meanwhile has waited for it."""
    stub = Stub(lambda n: "blocked 0.5" if n == 30 else "ok", pieces=2, gap=0.001)
    with stub, Session(plan(stub, seconds=1.2)) as session:
        run = session.open(100)
    assert not any(a.failure for a in run.answers)
    waited = [a for a in run.answers if a.ttft > 0.1]
    assert len(waited) > 25, "about 40 requests fall into the 400 ms that are at least 100 ms long"
    assert max(a.ttft for a in waited) > 0.4
    planned = poisson(100, 1.2, seed=1)
    assert [a.scheduled - run.began for a in run.answers] == pytest.approx([t - planned[0] for t in planned])


def test_arrivals_are_poisson_and_the_same_for_the_same_seed() -> None:
    times = poisson(200, 50, seed=3)
    assert times == poisson(200, 50, seed=3) != poisson(200, 50, seed=4)
    gaps = [b - a for a, b in pairwise(times)]
    mean = sum(gaps) / len(gaps)
    assert mean == pytest.approx(1 / 200, rel=0.05)
    assert sum(g > mean for g in gaps) / len(gaps) == pytest.approx(0.368, abs=0.02), "exponential: 1/e exceed the mean"


def test_failures_are_counted_by_kind_and_weigh_on_the_rates() -> None:
    kinds = {2: "429", 3: "500", 4: "drop", 5: "broken json", 6: "empty"}
    with Stub(lambda n: kinds.get(n, "ok")) as stub, Session(plan(stub)) as session:
        ((_, _, point),) = sweep(session)
    assert point
    notes = point["notes"]
    assert notes["failures"] == {"HTTP 429": 1, "HTTP 500": 1, "dropped": 1, "garbage": 1, "empty": 1}
    assert notes["sent"] == notes["finished"] + 5 == len(stub.asked) - 1
    assert len(values(point, "latency")) == notes["finished"]
    assert len(values(point, "send lag")) == notes["sent"]
    assert point["measures"]["requests"]["value"] == pytest.approx(notes["finished"] / notes["seconds"], rel=5e-3)


def test_a_server_that_fails_everything_has_a_point_that_says_so() -> None:
    with Stub(lambda n: "ok" if n == 1 else "500") as stub, Session(plan(stub)) as session:
        ((_, _, point),) = sweep(session)
    assert point
    assert point["notes"]["failures"] == {"HTTP 500": point["notes"]["sent"]}
    assert point["measures"]["throughput"]["value"] == 0
    assert "latency" not in point["measures"]
    assert point["notes"]["sent"] < 20, "a server that refuses is not hammered"


def test_goodput_is_of_requests_that_meet_all_objectives() -> None:
    with (
        Stub(lambda n: "late 0.15" if n % 2 else "ok") as stub,
        Session(plan(stub, concurrency=(1,), seconds=1.0, objectives={"ttft": 100.0, "latency": 400.0})) as session,
    ):
        ((_, _, point),) = sweep(session)
    assert point
    good = sum(t <= 100 for t in values(point, "ttft"))
    assert 0 < good < point["notes"]["finished"]
    assert point["measures"]["goodput"]["value"] == pytest.approx(good / point["notes"]["seconds"], rel=5e-3)


def test_a_client_that_fell_behind_says_so() -> None:
    async def busy() -> None:
        while True:
            time.sleep(0.05)  # what a starved client looks like: nothing of it runs
            await asyncio.sleep(0.01)

    async def run(stub: Stub, disturbed: bool) -> Run:
        target = Target.of(stub.url)
        pool = Pool(target)
        await pool.open()
        task = asyncio.create_task(busy()) if disturbed else None
        arrivals = poisson(60, 0.8, 1)
        payload = target.request("POST", "/v1/chat/completions", b'{"model": "stub"}')
        result = await open_loop(pool, [payload] * len(arrivals), arrivals)
        if task:
            task.cancel()
        await pool.close()
        return result

    with Stub(pieces=2) as stub:
        late = point_of(asyncio.run(run(stub, disturbed=True)), {"rate": 60})
    assert late["notes"]["client"]["kept_pace"] is False
    assert late["notes"]["client"]["send_lag_p99_ms"] > 10
    lag = max(values(late, "send lag"))
    assert lag > 10
    assert max(values(late, "latency")) > lag, "and the latency contains it"


def test_one_long_stall_weighs_as_much_as_it_lasted() -> None:
    """Half a second in which nothing is read is a quarter of this run, though no request was due in it."""

    async def run(stub: Stub) -> Run:
        target = Target.of(stub.url)
        pool = Pool(target)
        await pool.open()
        asyncio.get_running_loop().call_later(0.6, time.sleep, 0.5)
        payload = target.request("POST", "/v1/chat/completions", b'{"model": "stub"}')
        result = await open_loop(pool, [payload] * 2, [0.0, 2.6])
        await pool.close()
        return result

    with Stub(pieces=2) as stub:
        client = point_of(asyncio.run(run(stub)), {"rate": 1})["notes"]["client"]
    assert client["send_lag_p99_ms"] < 100
    assert client["stall_p99_ms"] > 300
    assert client["kept_pace"] is False


def answered(n: int, ms: float = 10.0) -> list[Answer]:
    return [Answer(i * 1.0, 0.0, None, i + ms * 3e-3, times=(i + ms * 1e-3, i + ms * 2e-3)) for i in range(n)]


def test_a_client_that_kept_up_is_not_accused() -> None:
    point = point_of(Run(answered(20), 0.0, 20.0, [0.001] * 100), {"rate": 1})
    assert point["notes"]["client"]["kept_pace"] is True


def test_of_many_samples_a_part_is_kept_and_the_whole_is_counted() -> None:
    point = point_of(Run(answered(KEPT + 100), 0.0, KEPT + 100.0), {"rate": 1})
    assert point["measures"]["latency"]["n"] == len(values(point, "latency")) == KEPT
    assert point["notes"]["drawn_from"] == {"requests": KEPT + 100, "gaps": KEPT + 100}
    assert point["notes"]["finished"] == KEPT + 100
    assert point["notes"]["output_tokens"] == 2 * (KEPT + 100)


def test_tokens_are_counted_as_well_as_can_be_and_it_is_said_how() -> None:
    with Stub(lambda n: "ok without usage") as stub, Session(plan(stub)) as session:
        assert session.facts["tokens_counted_by"] == "pieces of text"
        run = session.closed(1)
    pieces = point_of(run, {})["notes"]
    assert pieces["output_tokens"] == 4 * pieces["finished"]
    assert list(pieces["tokens_counted_by"]) == ["pieces of text: a piece is not always a token"]
    words = point_of(run, {}, count=lambda text: len(text))["notes"]
    assert words["output_tokens"] == len("word " * 4) * words["finished"]
    assert list(words["tokens_counted_by"]) == ["tokenizer"]


def test_options_the_server_refuses_are_left_away() -> None:
    with Stub(refuses=("ignore_eos",)) as stub, Session(plan(stub)) as session:
        assert session.facts["asked_for"] == ["stream_options"]
        session.closed(1)
    assert all("ignore_eos" not in asked and "stream_options" in asked for asked in stub.asked)


def test_no_two_prompts_begin_alike_even_if_the_same_command_runs_again() -> None:
    """Or the server's cache of prefixes would make the second run, or the rest of an interrupted one, look fast."""
    with Stub() as stub:
        for _ in range(2):
            with Session(plan(stub, extra={"top_p": 0.9, "temperature": None})) as session:
                session.closed(1)
    prompts = [asked["messages"][0]["content"] for asked in stub.asked]
    assert len({p[:25] for p in prompts}) == len(prompts)
    assert len({len(p.split()) for p in prompts}) == 1
    assert stub.asked[0]["top_p"] == 0.9
    assert "temperature" not in stub.asked[0]


def test_rates_follow_from_what_the_closed_loop_reached_and_known_points_are_not_measured_again() -> None:
    with Stub(pieces=2) as stub:
        with Session(plan(stub, rates=None)) as session:
            first = list(sweep(session))
        assert first[0][2]
        best = first[0][2]["measures"]["requests"]["value"]
        shares = [at["rate"] / best for _, at, _ in first[1:]]
        assert shares == pytest.approx([0.25, 0.5, 0.75, 0.9], rel=0.01)
        asked = len(stub.asked)
        with Session(plan(stub, rates=None)) as session:
            known = {name: [p for n, _, p in first if p and n == name] for name, _, _ in first}
            again = list(sweep(session, known))
    assert again == first
    assert len(stub.asked) == asked + 1, "the one that warms up"


def test_what_there_is_no_time_for_is_named_and_what_is_cut_is_marked() -> None:
    with Stub() as stub, Session(plan(stub, concurrency=(1, 2, 4), seconds=1.0)) as session:
        known = {"at": {"batch": 1}, "measures": {"requests": {"unit": "requests/s", "value": 9}}}
        found = list(sweep(session, {"batch_sweep": [known]}, until=time.perf_counter() + 0.8))
    assert [bool(p) for _, _, p in found] == [True, True, False]
    cut = found[1][2]
    assert cut
    assert cut["notes"]["cut_short"] is True
    assert found[2] == ("batch_sweep", {"batch": 4}, None)


@pytest.mark.parametrize(
    ("stub", "changes", "words"),
    [
        (Stub(), {"model": "stup"}, "has no model 'stup'.*stub"),
        (Stub(key="sesame"), {}, "wants a key.*401"),
        (Stub(lambda n: "500"), {}, "single request: HTTP 500: said no"),
        (Stub(lambda n: "429"), {}, "single request: HTTP 429"),
        (Stub(lambda n: "not a stream"), {}, "single request: not a stream"),
        (Stub(lambda n: "silent"), {"timeout": 0.3}, "single request: timeout before"),
        (Stub(), {"url": "gopher://x"}, "must begin with http"),
        (Stub(), {"url": "http://no-such-host.invalid/v1"}, "cannot be reached"),
        (Stub(), {"url": "http://127.0.0.1:1/v1"}, "cannot be reached: connection refused"),
        (Stub(), {"tokenizer": "nowhere.json"}, "tokenizer"),
    ],
)
def test_what_cannot_be_measured_is_said_at_once(stub: Stub, changes: dict[str, Any], words: str) -> None:
    with stub:
        given = {"url": stub.url, "model": "stub", "timeout": 2.0, **changes}
        with pytest.raises(EndpointError, match=words) as caught:
            Session(Plan(**given))
        assert "127.0.0.1" not in str(caught.value)


def test_a_key_opens_the_server() -> None:
    with Stub(key="sesame") as stub, Session(plan(stub, key="sesame")) as session:
        assert not any(a.failure for a in session.closed(1).answers)
        assert "sesame" not in json.dumps(session.facts)


def test_a_cold_server_may_be_silent_once() -> None:
    stub = Stub(lambda n: "cold 0.8" if n < 3 else "ok")
    with stub, Session(plan(stub, stall=0.3, seconds=1.5)) as session:
        failures = [a.failure for a in session.closed(1).answers]
    assert failures[0] == "stalled", "later it is a failure"
    assert set(failures[1:]) == {""}


def test_it_finds_out_what_the_server_is() -> None:
    with Stub() as stub, Session(plan(stub)) as session:
        assert session.facts["version"] == "1.2.3"
        assert session.facts["server"] == "stub/0"
        assert session.facts["owned_by"] == "stub"
