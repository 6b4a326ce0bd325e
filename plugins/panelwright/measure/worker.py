"""Runs one experiment in a process of its own. Reads its order from standard input, writes lines of JSON."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from panelwright.measure.lab import Lab, installed, registered

Say = Callable[[str, Any], None]


def work(order: dict[str, Any], say: Say) -> None:
    """Run and ``say`` "point" for each point and "state" for what the experiment says about itself."""
    name = order.pop("experiment")
    found = registered()[name]
    lab = Lab(**order)
    lacking = [module for module in found.needs if not installed(module)]
    if lacking:
        lab.missing(found.title, f"not installed: {', '.join(lacking)}")
    else:
        try:
            for point in found.run(lab):
                say("point", point)
                say("state", _state(lab))
        except (KeyboardInterrupt, SystemExit):
            raise
        except MemoryError:
            lab.fail({}, "out of memory")
        except Exception as error:  # one experiment that fails must not cost the others
            lab.fail({}, f"{type(error).__name__}: {str(error)[:300]}")
            traceback.print_exc()
    say("state", {**_state(lab), "finished": True})


def _state(lab: Lab) -> dict[str, Any]:
    said = {"facts": lab.facts, "model": lab.model, "failures": lab.failures, "not_measured": lab.not_measured}
    return {k: v for k, v in said.items() if v}


def main() -> None:
    # Libraries print to standard output, below Python even: keep the real one for the points alone.
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    order = json.loads(sys.stdin.readline())

    def say(kind: str, what: Any) -> None:
        lines.write(json.dumps({kind: what}, ensure_ascii=False) + "\n")
        lines.flush()

    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        work(order, say)


if __name__ == "__main__":
    main()
