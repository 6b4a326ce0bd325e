"""Many requests at once: a queue in front of a running batch, at several rates."""

from __future__ import annotations

import random
from collections.abc import Iterator

from panelwright.measure.batching import Batcher, Request, serve
from panelwright.measure.lab import Lab, Point, experiment, point, samples, value
from panelwright.measure.models import Model, small

SLOTS, LENGTH = 16, 96
SHARES = (0.5, 0.7, 0.9)
ASKED = {"quick": 70, "full": 400}  # requests at each share, before repeats
MOST_GAPS = 1500  # about so many are kept of each load; the notes say of how many each is one


@experiment("load", pages=(9,), title="A language model under load, continuous batching", seconds=15, growth=15)
def load(lab: Lab) -> Iterator[Point]:
    """Poisson arrivals, open loop: every wait counts from the moment the request should have been sent.

    The rates are shares of what the machine can do at most, measured first with all requests there at once.
    """
    model = small(lab)
    requests = _requests(model, 4 * SLOTS, lab.seed)
    serve(Batcher(model, SLOTS, LENGTH), _requests(model, SLOTS, lab.seed))  # warm up
    done, seconds = serve(Batcher(model, SLOTS, LENGTH), requests, lab.left() / 4)
    if not done:
        lab.fail({}, "not one request was answered in time")
        return
    most = len(done) / seconds
    lab.facts |= {"arrivals": "Poisson, open loop", "slots": SLOTS, "most_per_s": float(f"{most:.4g}"),
                  "prompt_tokens": "8 to 48", "answer_tokens": "4 to 24"}  # fmt: skip
    for i, share in enumerate(SHARES):
        rate = share * most
        time_for = lab.left() * 0.85 / (len(SHARES) - i)
        n = int(min(lab.repeats(ASKED[lab.suite], least=40), max(40, time_for * rate)))
        asked = _requests(model, n, lab.seed + i, rate)
        done, seconds = serve(Batcher(model, SLOTS, LENGTH), asked, max(time_for, 5.0))
        if len(done) < len(asked):
            lab.fail({"share": share}, f"{len(asked) - len(done)} of {len(asked)} requests were not finished in time")
        if not done:
            continue
        gaps = [gap * 1e3 for r in done for gap in r.gaps]
        every = max(1, len(gaps) // MOST_GAPS)
        counts = {"sent": len(asked), "finished": len(done)} | ({"itl_one_in": every} if every > 1 else {})
        yield point(
            {"share": share}, {"offered_per_s": float(f"{rate:.4g}"), **counts},
            latency=samples([r.latency * 1e3 for r in done], "ms", repeated=False),
            ttft=samples([r.ttft * 1e3 for r in done], "ms", repeated=False),
            queue=samples([(r.admitted - r.due) * 1e3 for r in done], "ms", repeated=False, digits=3),
            itl=samples(gaps[::every], "ms", repeated=False),
            throughput=value(float(f"{sum(len(r.tokens) for r in done) / seconds:.4g}"), "tokens/s"),
        )  # fmt: skip


def _requests(model: Model, n: int, seed: int, rate: float = 0.0) -> list[Request]:
    """``rate`` per second; 0: all at once. The same seed makes the same requests."""
    chance = random.Random(seed)
    out, at = [], 0.0
    for _ in range(n):
        at += chance.expovariate(rate) if rate else 0.0
        prompt = [chance.randrange(model.config.vocabulary) for _ in range(chance.randint(8, 48))]
        out.append(Request(prompt, chance.randint(4, 24), at))
    return out
