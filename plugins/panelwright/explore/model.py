"""What an explorable is: a static picture with its words and its table, and the numbers that its script needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from panelwright.benchdata import BenchmarkFile

Load = Callable[[str], BenchmarkFile]
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Drawn:
    """``says``: what the static picture shows, in the words that the script goes on with.

    ``rows``: what the script would answer at the settings in the first columns. ``kinds``: where the numbers
    come from; ``conditions``: the same in words.
    """

    plots: tuple[str, ...]
    says: str
    columns: tuple[str, ...]
    rows: Rows
    numbers: Mapping[str, Any]
    kinds: tuple[str, ...]
    conditions: str


@dataclass(frozen=True)
class Explorable:
    name: str
    title: str
    drawn: Drawn


def told(file: BenchmarkFile) -> str:
    """Device and date of a file, for a caption."""
    return file.device + (f", {file.date}" if file.date else "")
