"""A problem with a place. Problems are values: they travel with results and the faces print them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One finding. ``line`` and ``column`` count from 1; 0 means the whole file."""

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        text = f"{place}: {self.severity}[{self.code}]: {self.message}"
        return f"{text}\n    hint: {self.hint}" if self.hint else text


def shown_from(root: Path, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each once, and files inside the folder ``root`` named as seen from it."""
    return list(
        dict.fromkeys(
            replace(d, path=path.relative_to(root).as_posix()) if (path := Path(d.path)).is_relative_to(root) else d
            for d in found
        )
    )


class AuthorError(Exception):
    """Input that cannot be worked with at all. Faces print the diagnostics, never a traceback."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(str(d) for d in diagnostics))
        self.diagnostics = diagnostics


class MissingDependency(Exception):  # noqa: N818 - named for what is missing
    """The environment lacks something. The message says how to get it (exit status 3)."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the closest known word, or the empty string."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {found[0]!r}?" if found else ""


def slip_of(word: str, known: Iterable[str]) -> str:
    """The known word of which this one is a slip of the fingers, or the empty string; for words in free text.

    Two letters changed places, or one is left out or typed twice, not the first. One letter for another makes too
    many other words: night and light of right.
    """
    for other in known:
        swapped = len(word) == len(other) and any(
            word == other[:i] + other[i + 1] + other[i] + other[i + 2 :] for i in range(len(other) - 1)
        )
        out = len(word) >= 4 and word in (other[:i] + other[i + 1 :] for i in range(1, len(other)))
        twice = len(other) >= 4 and word in (other[: i + 1] + other[i:] for i in range(len(other)))
        if word != other and (swapped or out or twice):
            return other
    return ""


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity == "error" for d in diagnostics)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    return json.dumps([asdict(d) for d in diagnostics], indent=2, ensure_ascii=False)


def as_github(d: Diagnostic) -> str:
    """A GitHub Actions workflow command that annotates the line."""
    kind = {"error": "error", "warning": "warning", "info": "notice"}[d.severity]

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def prop(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    body = f"{d.message} ({d.hint})" if d.hint else d.message
    return f"::{kind} file={prop(d.path)},line={d.line},col={d.column},title={prop(d.code)}::{data(body)}"
