"""Runs a suite: one experiment after another in processes of their own, saved after each, within the budget."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from panelwright.benchdata.model import FORMAT, VERSION
from panelwright.diagnostics import MissingDependency
from panelwright.measure.lab import Experiment, installed, registered
from panelwright.measure.save import File, completed, finish, resume, script_digest, unfinished, write

SUITES = ("quick", "full")
DEVICES = ("auto", "cpu", "cuda")
FULL_REPEATS = 3.0  # times those of the quick suite; models are larger there, too
LEAST_SCALE = 0.25  # fewer repeats than a quarter say too little: rather leave an experiment out

LEAST_SECONDS = 10.0  # to start a process and import a large library


@dataclass(frozen=True)
class Order:
    """What to measure. ``budget``: seconds, a hard limit."""

    suite: str = "quick"
    only: tuple[str, ...] = ()
    device: str = "auto"
    budget: float | None = None
    seed: int = 1

    @property
    def command(self) -> str:
        """As one would type it, without the name of the file."""
        parts = ["panelwright measure", f"--suite {self.suite}", f"--seed {self.seed}"]
        parts += [f"--device {self.device}"] if self.device != "auto" else []
        parts += [f"--budget {self.budget:g}"] if self.budget is not None else []
        return " ".join(parts + [f"--only {name}" for name in self.only])


def measure(order: Order, out: Path) -> int:
    """Measure and write ``out``: 0 fine, 1 nothing could be measured, 130 interrupted (the same command goes on).

    Raises MissingDependency: numpy is missing, or the device asked for cannot be used.
    """
    if not installed("numpy"):
        raise MissingDependency("measuring needs numpy: pip install 'panelwright[measure]'")
    start = time.monotonic()
    device = find_device(order.device)
    chosen = choose(order)
    file = _new_file(order, device)
    left = resume(out, file)
    if left:
        file = left
        say(f"resuming: {len(file['experiments'])} experiments are in {unfinished(out).name} already")
    done = {*file["experiments"], *(lack["what"] for lack in file["not_measured"])}
    for one in chosen:
        if one.device not in ("", device) and one.name not in done:
            file["not_measured"].append({"what": one.name, "reason": f"runs on {one.device}, this run is on {device}"})
            done.add(one.name)
    todo = [e for e in chosen if e.name not in done]
    try:
        _run_all(todo, order, device, file, out, start)
    except KeyboardInterrupt:
        _stamp(file)
        write(unfinished(out), file)
        say(f"interrupted: what is measured is in {unfinished(out)}; the same command goes on from there")
        return 130
    for lack in file["not_measured"]:
        say(f"not measured: {lack['what']}: {lack['reason']}")
    if not file["experiments"]:
        say("nothing was measured, no file was written")
        return 1
    finish(out, file)
    failures = sum(len(e.get("failures", ())) for e in file["experiments"].values())
    noisy = sum(e.get("noise", {}).get("noisy", 0) for e in file["experiments"].values())
    checked = sum(e.get("noise", {}).get("checked", 0) for e in file["experiments"].values())
    say(f"wrote {out}: {len(file['experiments'])} experiments, {failures} failures, "
        f"{noisy} of {checked} measures did not repeat well")  # fmt: skip
    return 0


def choose(order: Order) -> list[Experiment]:
    """The experiments of an order, in the order in which they run."""
    return [e for e in registered().values() if (e.name in order.only if order.only else order.suite in e.suites)]


def _run_all(todo: list[Experiment], order: Order, device: str, file: File, out: Path, start: float) -> None:
    end = start + order.budget if order.budget is not None else None
    for i, one in enumerate(todo):
        costs = [_cost(e, order) for e in todo[i:]]
        left = None if end is None else end - time.monotonic()
        # shorten all that is still to come alike, so that as much as possible fits
        scale = 1.0 if left is None else min(1.0, max(LEAST_SCALE, 0.9 * left / sum(costs)))
        if left is not None and left < min(costs[0] * LEAST_SCALE, 1.0) + 0.5:
            file["not_measured"].append({"what": one.name, "reason": "left out: no time left in the budget"})
            continue
        allowed = None if left is None else _share(left, costs)
        about = sum(costs) * scale
        say(f"[{i + 1}/{len(todo)}] {one.title} ... about {_clock(about)} to go")
        found = completed(_run_one(one, order, device, scale, allowed, file))
        if found["points"]:
            file["experiments"][one.name] = found
        else:
            reasons = [lack["reason"] for lack in found.get("not_measured", ())]
            reasons += [failure["reason"] for failure in found.get("failures", ())]
            reason = "; ".join(dict.fromkeys(reasons)) or "no point was finished in time"
            file["not_measured"].append({"what": one.name, "reason": reason})
        _stamp(file)
        write(unfinished(out), file)


def _share(left: float, costs: list[float]) -> float:
    """Seconds that the next experiment may take: twice its part of what is left, so that one cannot take it all."""
    rest = left - LEAST_SCALE * sum(costs[1:])
    return min(left, max(LEAST_SECONDS, min(rest, 2 * left * costs[0] / sum(costs))))


def _run_one(
    one: Experiment, order: Order, device: str, scale: float, allowed: float | None, file: File
) -> dict[str, Any]:
    """Run in a child; keep its points as they come, so that none is lost when it is stopped or dies."""
    from panelwright.measure.experiments.ceilings import numbers
    from panelwright.measure.machine import load_average, pace

    told = {"experiment": one.name, "scale": scale * (FULL_REPEATS if order.suite == "full" else 1.0),
            "seed": order.seed, "device": device, "suite": order.suite,
            "ceilings": numbers(file["experiments"].get("ceilings", {}).get("points", []))}  # fmt: skip
    if allowed is not None:
        told["seconds"] = allowed * 0.9
    before, pace_before, begun = load_average()[:1], pace(), time.monotonic()
    points: list[dict[str, Any]] = []
    state: dict[str, Any] = {}
    paths = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
    child = subprocess.Popen([sys.executable, "-m", "panelwright.measure.worker"], text=True, encoding="utf-8",
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             env={**os.environ, "PYTHONPATH": paths})  # fmt: skip
    lines: Queue[str | None] = Queue()
    try:
        assert child.stdin is not None
        child.stdin.write(json.dumps(told) + "\n")
        child.stdin.close()
        threading.Thread(target=_listen, args=(child, lines), daemon=True).start()
        while True:
            wait = None if allowed is None else max(0.0, begun + allowed - time.monotonic())
            line = lines.get(timeout=wait)
            if line is None:
                break
            said = json.loads(line)
            points += [said["point"]] if "point" in said else []
            state = said.get("state", state)
        status = child.wait()
    except Empty:
        state = {**state, "cut_short": True}
        status = 0
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    failures = list(state.get("failures", ()))
    if status and not state.pop("finished", False):
        failures.append({"at": {"after_points": len(points)}, "reason": _death(status)})
    state.pop("finished", None)
    return {"title": one.title, "pages": list(one.pages), **state, **({"failures": failures} if failures else {}),
            "load": [*before, *load_average()[:1]], "pace": [pace_before, pace()],
            "seconds": round(time.monotonic() - begun, 1), "points": points}  # fmt: skip


def _listen(child: subprocess.Popen[str], lines: Queue[str | None]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        lines.put(line)
    lines.put(None)


def _death(status: int) -> str:
    if status == -signal.SIGKILL:
        return "the process was killed, as happens when the machine is out of memory"
    return f"the process ended with status {status}"


def find_device(wanted: str) -> str:
    """ "cpu" or "cuda". Raises MissingDependency where the one asked for cannot be used."""
    if wanted == "cpu" or (wanted == "auto" and not (installed("torch") and Path("/dev/nvidiactl").exists())):
        return "cpu"
    if not installed("torch"):
        raise MissingDependency("--device cuda needs PyTorch, which is not installed: pip install torch")
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if wanted == "cuda":
        raise MissingDependency("--device cuda: PyTorch finds no NVIDIA GPU here; use --device cpu")
    return "cpu"


def _cost(one: Experiment, order: Order) -> float:
    return one.seconds * (one.growth if order.suite == "full" else 1.0)


def _new_file(order: Order, device: str) -> File:
    from panelwright import __version__
    from panelwright.measure.machine import libraries, load_average, machine

    host = machine(device)
    on = host["gpu"].partition(",")[0] if device == "cuda" else f"{host['cpu']}, {host['cores_available']} cores"
    return {
        "format": FORMAT, "version": VERSION, "title": f"{order.suite.capitalize()} suite on {on}",
        "kind": "measured", "device": on, "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "provenance": {
            "script": {"version": __version__, "sha256": script_digest()}, "command": order.command,
            "seed": order.seed, "machine": host, "libraries": libraries(), "load_before": load_average(),
        },
        "not_measured": [], "experiments": {},
    }  # fmt: skip


def _stamp(file: File) -> None:
    """``seconds``: of all experiments, those of an interrupted run that this one goes on from included."""
    from panelwright.measure.machine import clocks, load_average

    provenance = file["provenance"]
    provenance["load_after"] = load_average()
    provenance["clocks_after"] = clocks()
    paces = [ms for e in file["experiments"].values() for ms in e.get("pace", ())]
    if paces:
        provenance["pace_ms"] = [min(paces), max(paces)]
    provenance["seconds"] = round(sum(e["seconds"] for e in file["experiments"].values()), 1)


def _clock(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def say(text: str) -> None:
    print(f"panelwright: {text}", file=sys.stderr, flush=True)
