"""Writes the data file, and reads an unfinished one: atomic, one point a line; there is always a whole one."""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from panelwright.benchdata.stats import NOISY, spread, summary

File = dict[str, Any]


def completed(experiment: dict[str, Any]) -> dict[str, Any]:
    """An experiment with what follows from its samples: percentiles, and whether repeats agree.

    A point with a value that is not finite has failed: JSON has no such number, and no median would be one.
    """
    failures = list(experiment.get("failures", ()))
    checked, worst, worst_at, noisy = 0, 0.0, "", 0
    points = []
    for point in experiment["points"]:
        bad = [name for name, measure in point["measures"].items() if _finite(measure) != measure]
        if bad:
            failures.append({"at": point["at"], "reason": f"{', '.join(bad)}: a value is not a number"})
            continue
        measures = {}
        for name, measure in point["measures"].items():
            values = measure.get("samples")
            if not values:
                measures[name] = measure
                continue
            measures[name] = {**measure, "n": len(values), **summary(values)}
            if measure.get("repeated", True) and len(values) >= 5:
                checked += 1
                apart = spread(values)
                noisy += apart > NOISY
                if apart > worst:
                    worst, worst_at = apart, ", ".join(f"{k} {v}" for k, v in point["at"].items()) + f": {name}"
        points.append({**point, "measures": measures})
    noise: dict[str, Any] = {"limit": NOISY, "checked": checked, "noisy": noisy}
    if worst_at:
        noise |= {"worst": round(worst, 3), "worst_at": worst_at}
    return {**experiment, **({"noise": noise} if checked else {}),
            **({"failures": failures} if failures else {}), "points": points}  # fmt: skip


def _finite(value: Any) -> Any:
    """The same, with None for what is not a number."""
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_finite(v) for v in value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(out: Path, file: File) -> None:
    """One point a line: a diff shows what changed, and the file stays compact. Moved into place when whole.

    A fact or note that is not finite is null.
    """
    file = _finite(file)
    experiments = file["experiments"]
    shell = {**file, "experiments": {n: {**e, "points": [f"@{n}:{i}" for i in range(len(e["points"]))]}
                                     for n, e in experiments.items()}}  # fmt: skip
    parts = []
    for line in json.dumps(shell, indent=1, ensure_ascii=False, allow_nan=False).split("\n"):
        mark = line.strip().rstrip(",").strip('"')
        name, _, at = mark[1:].partition(":")
        if mark.startswith("@") and name in experiments:
            point = experiments[name]["points"][int(at)]
            text = json.dumps(point, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            line = line.replace(f'"{mark}"', text, 1)
        parts.append(line)
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write("\n".join(parts) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(out)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def unfinished(out: Path) -> Path:
    """Where a run that is under way keeps what it has."""
    return out.with_name(out.name + ".part")


def resume(out: Path, fresh: File) -> File | None:
    """What an interrupted run of the same command, script and machine left; None where there is nothing to go on.

    Raises OSError where the folder cannot be made: before anything is measured, not after.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        left: File = json.loads(unfinished(out).read_text("utf-8"))
        before, now = left["provenance"], fresh["provenance"]
        same = all(before[k] == now[k] for k in ("script", "command", "machine", "libraries"))
        return left if same and isinstance(left["experiments"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def finish(out: Path, file: File) -> None:
    """Put the whole file into place. A file of another run that lies there is kept as ``NAME.bak``, the last one."""
    if out.exists():
        shutil.copyfile(out, out.with_name(out.name + ".bak"))  # not moved: until the new one is whole, it stays
    write(out, file)
    unfinished(out).unlink(missing_ok=True)


def script_digest() -> str:
    """SHA-256 over the measuring code, for the provenance."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
