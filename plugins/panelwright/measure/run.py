"""Runs a suite and writes its file: after every experiment, to a temporary name, moved into place."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from panelwright.benchdata.model import FORMAT, VERSION

SUITES = ("quick", "full")


def measure(suite: str, out: Path, only: list[str] | None = None, budget: float | None = None, seed: int = 1) -> int:
    """Measure and write ``out``. Returns an exit status: 0 fine, 3 when numpy is missing."""
    try:
        import numpy  # noqa: F401
    except ImportError:
        print("panelwright: measuring needs numpy: pip install 'panelwright[measure]'", file=sys.stderr)
        return 3
    from panelwright.measure.experiments import EXPERIMENTS, Settings
    from panelwright.measure.machine import libraries, load_average, machine

    started = time.monotonic()
    settings = Settings(1.0 if suite == "quick" else 4.0, seed)
    host = machine()
    chosen = list(only or EXPERIMENTS)
    command = f"panelwright measure --suite {suite} --seed {seed}" + "".join(f" --only {n}" for n in only or ())
    file: dict[str, Any] = {
        "format": FORMAT, "version": VERSION, "title": f"{suite.capitalize()} suite on a CPU", "kind": "measured",
        "device": f"{host['cpu']}, {host['cores_available']} cores", "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "provenance": {
            "script": {"version": _version(), "sha256": _digest()}, "command": command, "seed": seed,
            "machine": host, "libraries": libraries(), "load_before": load_average(), "left_out": [],
        },
        "experiments": {},
    }  # fmt: skip
    talk = sys.stderr.isatty()
    for i, name in enumerate(chosen):
        spent = time.monotonic() - started
        if budget is not None and spent > budget * 0.9:
            file["provenance"]["left_out"] += chosen[i:]
            print(f"panelwright: left out for lack of time: {', '.join(chosen[i:])}", file=sys.stderr)
            break
        title, facts, points = EXPERIMENTS[name](settings)
        if talk:
            print(f"[{i + 1}/{len(chosen)}] {title} ...", file=sys.stderr)
        kept = list(points)
        if kept:
            file["experiments"][name] = {"title": title, "facts": facts, "points": kept}
        file["provenance"]["load_after"] = load_average()
        file["provenance"]["seconds"] = round(time.monotonic() - started, 1)
        write(out, file)
    return 0


def write(out: Path, file: dict[str, Any]) -> None:
    """One point a line: a diff shows what changed, and the file stays compact."""
    experiments = file["experiments"]
    shell = {**file, "experiments": {n: {**e, "points": [f"@{n}:{i}" for i in range(len(e["points"]))]}
                                     for n, e in experiments.items()}}  # fmt: skip
    text = json.dumps(shell, indent=1, ensure_ascii=False)
    for n, e in experiments.items():
        for i, point in enumerate(e["points"]):
            text = text.replace(f'"@{n}:{i}"', json.dumps(point, ensure_ascii=False, separators=(",", ":")), 1)
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text + "\n")
        Path(temporary).chmod(0o644)
        Path(temporary).replace(out)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _digest() -> str:
    h = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        h.update(path.read_bytes())
    return h.hexdigest()


def _version() -> str:
    from panelwright import __version__

    return __version__
