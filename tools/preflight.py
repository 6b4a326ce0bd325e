"""Says what the machine lacks before anything is installed. Needs nothing but Python itself."""

from __future__ import annotations

import ctypes.util
import importlib.util
import sys


def missing() -> list[str]:
    found = []
    if sys.version_info[:2] < (3, 11):  # noqa: UP036 - it runs on whatever Python there is
        found.append(f"Python 3.11 or newer is needed, not {sys.version.split()[0]}: set PYTHON=/path/to/python3.11")
    if importlib.util.find_spec("ensurepip") is None:
        found.append("Python's venv module cannot make environments: sudo apt-get install python3-venv")
    if ctypes.util.find_library("cairo") is None:
        found.append(
            "libcairo is missing (it draws the PNG pictures): sudo apt-get install libcairo2"
            "   (macOS: brew install cairo)"
        )
    return found


if __name__ == "__main__":
    problems = missing()
    for problem in problems:
        print(f"panelwright: {problem}", file=sys.stderr)
    sys.exit(3 if problems else 0)
