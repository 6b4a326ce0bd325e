"""What an experiment is given, and how it registers: one generator of points behind one interface.

    @experiment("matmul", pages=(4,), title="Matrix multiplication", seconds=20)
    def matmul(lab: Lab) -> Iterator[Point]:
        lab.facts["operations"] = "2 n^3"
        for n in (64, 128):
            yield point({"n": n}, time=samples(lab.timed(lambda: a @ b, 20), "s"))

Every experiment runs in a process of its own (``worker``), so that peaks of memory and thread counts are its own,
a crash costs one experiment, and time can be cut off. What it yielded until then is kept.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

LEAST = 3  # repeats, however short the time: fewer do not say whether they agree

Point = dict[str, Any]
Work = Callable[[], object]
Run = Callable[["Lab"], Iterator[Point]]


@dataclass(frozen=True)
class Experiment:
    """``seconds``: about how long it takes on two cores in the quick suite. ``growth``: times that in the full one,
    which repeats more often and runs the real model where it can.

    ``needs``: importable modules, ``device``: the only one it runs on; else it is recorded as not measured. What
    compares times of small models says cpu: on a GPU it would time the launching of kernels.
    """

    name: str
    title: str
    pages: tuple[int, ...]
    suites: frozenset[str]
    seconds: float
    growth: float
    needs: tuple[str, ...]
    device: str
    run: Run


@dataclass
class Lab:
    """``scale`` 1: as many repeats as the quick suite has; a short budget lowers it. ``seconds``: time it may take.

    An experiment fills ``facts``, ``model`` (see ``model``), ``failures`` (see ``fail``) and ``not_measured``.
    ``ceilings`` holds what the run measured before: "flops float32" ... in FLOP/s and "bandwidth" in bytes/s.
    """

    scale: float = 1.0
    seed: int = 1
    device: str = "cpu"
    suite: str = "quick"
    seconds: float = math.inf
    ceilings: dict[str, float] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    model: dict[str, Any] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    not_measured: list[dict[str, str]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def full(self) -> bool:
        return self.suite == "full"

    def repeats(self, quick: int, least: int = LEAST) -> int:
        return max(least, round(quick * self.scale))

    def timed(self, work: Work, quick: int, warm: int = 2) -> list[float]:
        """Wall seconds of each run, after warm-up runs that do not count; see ``interleaved``."""
        return self.interleaved({"": work}, quick, warm)[""]

    def interleaved(
        self, works: Mapping[str, Callable[[], object]], quick: int, warm: int = 2
    ) -> dict[str, list[float]]:
        """The same for several in turn: what disturbs the machine for a while disturbs all of them.

        ``quick``: repeats in the quick suite. Where time is short it stops after three: of a quarter of what is left.
        """
        out: dict[str, list[float]] = {name: [] for name in works}
        end = time.monotonic() + self.left() / 4
        for run in range(-warm, self.repeats(quick)):
            if run >= LEAST and time.monotonic() > end:
                break
            for name, work in works.items():
                start = time.perf_counter()
                work()
                if run >= 0:
                    out[name].append(time.perf_counter() - start)
        return out

    def left(self) -> float:
        """Seconds left of what this experiment may take."""
        return self.seconds - (time.monotonic() - self.started)

    def fits(self, seconds: float, at: Mapping[str, object]) -> bool:
        """Whether something that takes so long still fits; where not, the file says that it was left out."""
        if seconds <= self.left():
            return True
        self.missing(", ".join(f"{k} {v}" for k, v in at.items()), "no time left")
        return False

    def fail(self, at: Mapping[str, object], reason: str) -> None:
        self.failures.append({"at": dict(at), "reason": reason})

    def missing(self, what: str, reason: str) -> None:
        self.not_measured.append({"what": what, "reason": reason})

    def has(self, module: str, what: str) -> bool:
        """Whether a library is installed; where not, the file says that ``what`` was not measured."""
        if installed(module):
            return True
        self.missing(what, f"{module.split('.')[0]} is not installed")
        return False

    @contextmanager
    def attempt(self, **at: object) -> Iterator[None]:
        """Record a lack of memory as a failure at this point, and go on. Other errors are errors."""
        try:
            yield
        except MemoryError as error:
            self.fail(at, f"out of memory: {error}".rstrip(": "))
        except RuntimeError as error:  # PyTorch: of the CPU's allocator; OutOfMemoryError of CUDA is one, too
            if not any(words in str(error).lower() for words in ("out of memory", "can't allocate", "not enough mem")):
                raise
            self.fail(at, f"out of memory: {str(error).splitlines()[0][:200]}")


_found: dict[str, Experiment] = {}


def experiment(
    name: str,
    *,
    pages: Sequence[int],
    title: str,
    seconds: float,
    growth: float = 3.0,
    suites: Sequence[str] = ("quick", "full"),
    needs: Sequence[str] = (),
    device: str = "",
) -> Callable[[Run], Run]:
    """Register a generator of points under a name of the data file."""

    def register(run: Run) -> Run:
        _found[name] = Experiment(
            name, title, tuple(pages), frozenset(suites), seconds, growth, tuple(needs), device, run
        )
        return run

    return register


def registered() -> Mapping[str, Experiment]:
    """All experiments, in the order in which they run: the cheap and telling ones first."""
    from panelwright.measure import experiments  # they import this module

    for name in experiments.MODULES:
        __import__(name)
    return _found


def installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def point(at: Mapping[str, object], notes: Mapping[str, Any] | None = None, **measures: dict[str, Any]) -> Point:
    return {"at": dict(at), "measures": measures, **({"notes": dict(notes)} if notes else {})}


def samples(values: Sequence[float], unit: str, repeated: bool = True, digits: int = 4) -> dict[str, Any]:
    """A measure of raw samples; ``repeated`` False: a distribution, whose spread is no noise."""
    out = {"unit": unit, "n": len(values), "samples": [float(f"{v:.{digits}g}") for v in values]}
    return out if repeated else {**out, "repeated": False}


def value(number: float, unit: str) -> dict[str, Any]:
    """A measure that is one number: a size, a count, a computed floor."""
    return {"unit": unit, "value": number}
