"""``python -m panelwright.measure``: the measurement without the rest of Panelwright."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from panelwright.diagnostics import MissingDependency
from panelwright.measure.lab import installed, registered
from panelwright.measure.run import DEVICES, SUITES, Order, measure

USAGE = """panelwright measure [--suite quick|full] [--out FILE] ...
       panelwright measure --endpoint URL [--model NAME] ...
       panelwright measure import FILE ...
       panelwright measure describe FILE
       panelwright measure compare FILE FILE"""


def main(arguments: list[str] | None = None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words and words[0] in ("describe", "compare"):
            from panelwright.measure.show import main as show

            return show(words)
        if words and words[0] == "import":
            from panelwright.measure.importers import main as take_over

            return take_over(words[1:])
        if any(word.partition("=")[0] == "--endpoint" for word in words):
            from panelwright.measure.endpoint_run import main as load

            return load(words)
        return _measure(words)
    except BrokenPipeError:
        raise
    except (MissingDependency, OSError) as error:
        print(f"panelwright: {error}", file=sys.stderr)
        return 3


def _measure(words: list[str]) -> int:
    names = list(registered()) if installed("numpy") else None
    parser = argparse.ArgumentParser(
        prog="panelwright measure",
        usage=USAGE,
        description="Measure this machine and write a benchmark file.",
        epilog="A server's options: panelwright measure --endpoint URL --help; others': measure import --help.",
    )
    parser.add_argument(
        "--suite",
        choices=SUITES,
        default="quick",
        help="quick (if nothing is said): 2 to 3 minutes on two cores; full: half an hour",
    )
    parser.add_argument("--only", action="append", choices=names, metavar="NAME",
                        help=f"one experiment; may be repeated. {', '.join(names or ())}")  # fmt: skip
    parser.add_argument(
        "--device", choices=DEVICES, default="auto", help="auto, if nothing is said: a GPU where PyTorch finds it"
    )
    parser.add_argument("--budget", type=_seconds, help="seconds, a hard limit; what does not fit is left out and said")
    parser.add_argument("--seed", type=int, default=1, help="of weights, prompts and arrivals; 1, if nothing is said")
    parser.add_argument("--out", type=Path, default=Path("benchmark.json"), help="benchmark.json, if nothing is said")
    given = parser.parse_args(words)
    order = Order(given.suite, tuple(given.only or ()), given.device, given.budget, given.seed)
    return measure(order, given.out)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds") from None
    if not seconds > 0:  # nor "nan"
        raise argparse.ArgumentTypeError("must be more than 0 seconds")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
