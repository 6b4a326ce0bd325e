"""``python -m panelwright.measure``: the measurement without the rest of Panelwright."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from panelwright.measure.experiments import EXPERIMENTS
from panelwright.measure.run import SUITES, measure


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="panelwright measure", description=__doc__)
    parser.add_argument("--suite", choices=SUITES, default="quick")
    parser.add_argument("--only", action="append", choices=list(EXPERIMENTS), help="one experiment; may be repeated")
    parser.add_argument("--budget", type=float, default=None, help="seconds; what does not fit is left out and said")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("benchmark.json"))
    given = parser.parse_args(arguments)
    return measure(given.suite, given.out, only=given.only, budget=given.budget, seed=given.seed)


if __name__ == "__main__":
    sys.exit(main())
