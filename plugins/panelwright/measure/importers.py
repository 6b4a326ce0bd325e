"""``panelwright measure import FILE ...``: results of other tools as a data file; what they do not say is marked."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from panelwright.benchdata.model import FORMAT, VERSION
from panelwright.measure.endpoint import CLOSED, OPEN, public_name
from panelwright.measure.endpoint_run import PAGES, TITLES
from panelwright.measure.importers_read import READERS, Found, ImportFailedError, read
from panelwright.measure.save import File, completed, finish, script_digest

UNKNOWN = "unknown"
NEVER = ("hardware of the server", "version and settings of the server", "machine of the client, and its load")
"""What no result file of these tools records."""


def main(words: Sequence[str]) -> int:
    """0 written; 1 a file is not what it should be."""
    parser = argparse.ArgumentParser(
        prog="panelwright measure import", description="Make a benchmark file of results of other tools."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE",
                        help="results of vllm bench serve (with --save-detailed, for samples), GuideLLM, AIPerf; "
                        "several make one sweep")  # fmt: skip
    parser.add_argument("--from", dest="tool", choices=READERS, default="", help="left out: found out from the file")
    parser.add_argument("--hardware", default="", metavar="TEXT", help="what the server ran on: only you know")
    parser.add_argument("--out", type=Path, default=Path("benchmark.json"))
    given = parser.parse_args(words)
    try:
        found = [one for path in given.files for one in read(path, given.tool)]
        file = file_of(found, given.hardware, given.files)
    except ImportFailedError as error:
        print(f"panelwright: {error}", file=sys.stderr)
        return 1
    finish(given.out, file)
    print(f"panelwright: wrote {given.out}: {len(found)} loads of {found[0].tool}", file=sys.stderr)
    return 0


def file_of(found: Sequence[Found], hardware: str, files: Sequence[Path]) -> File:
    """One data file. Raises ImportFailedError: nothing in it, several models or tools, or a load twice."""
    for what in ("model", "tool"):
        several = sorted({getattr(one, what) for one in found})
        if len(several) != 1:
            raise ImportFailedError(f"these are of several {what}s ({', '.join(several)}): make a file of each"
                                    if several else "no load is in it")  # fmt: skip
    tool, model = found[0].tool, public_name(found[0].model)
    on = hardware or f"{UNKNOWN} hardware ({tool} does not record it)"
    experiments: dict[str, Any] = {}
    for name in (CLOSED, OPEN):
        ones = sorted((f for f in found if f.experiment == name), key=lambda f: next(iter(f.at.values())))
        if not ones:
            continue
        loads = [one.at for one in ones]
        if twice := next((at for at in loads if loads.count(at) > 1), None):
            raise ImportFailedError(f"{', '.join(f'{k} {v}' for k, v in twice.items())} is there twice")
        if bare := next((one for one in ones if not one.measures), None):
            raise ImportFailedError(f"{', '.join(f'{k} {v}' for k, v in bare.at.items())} has no numbers")
        missing = dict.fromkeys([*(m for one in ones for m in one.missing), *(NEVER[1:] if hardware else NEVER)])
        experiments[name] = completed({
            "title": TITLES[name], "pages": list(PAGES[name]),
            "facts": {"model": model, "tool": tool, "tool_version": ones[0].version,
                      "definitions": ones[0].definitions},
            "not_measured": [{"what": what, "reason": f"{tool} did not record it"} for what in missing],
            "points": [{"at": one.at, "measures": one.measures, "notes": one.notes} for one in ones],
        })  # fmt: skip
        for failure in experiments[name].get("failures", ()):
            raise ImportFailedError(f"{', '.join(f'{k} {v}' for k, v in failure['at'].items())}: {failure['reason']}")
    from panelwright import __version__

    days = sorted(one.date for one in found if one.date != UNKNOWN)
    return {
        "format": FORMAT, "version": VERSION, "title": f"{model} on {on}", "kind": "measured", "device": on,
        "date": days[-1] if days else time.strftime("%Y-%m-%d", time.gmtime()),
        "source": f"{tool} {found[0].version}, imported",
        "provenance": {
            "script": {"version": __version__, "sha256": script_digest(), "role": "imported only; it did not measure"},
            "command": UNKNOWN, "machine": {"client": UNKNOWN, "server": hardware or UNKNOWN},
            "libraries": {tool: found[0].version}, "date": days[-1] if days else f"{UNKNOWN}: the day of the import",
            "imported": [{"sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in files],
        },
        "not_measured": [], "experiments": experiments,
    }  # fmt: skip
