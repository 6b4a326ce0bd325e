"""The storyboard's files as lines: encodings, line ends, comments and front matter dealt with."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from panelwright.diagnostics import Diagnostic
from panelwright.script.model import Note, Span

#: Spaces that Markdown does not take for spaces but people (and word processors) do.
_ODD_SPACE = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BEFORE_ODD = rf"(?=[{_ODD_SPACE}])"
_LEAD = re.compile(rf"^(?:[\s>{_ODD_SPACE}]|[-*+]{_BEFORE_ODD}|\d{{1,9}}[.)]{_BEFORE_ODD}|#{{1,6}}{_BEFORE_ODD})+")
_FENCE = re.compile(r"^\s*(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}|~{3,})")


@dataclass(frozen=True)
class Source:
    """One file, ready for Markdown. ``lines`` keep the numbering and the columns of the file.

    ``front``: the front matter's lines with their line numbers; ``comments``: what stood in ``<!-- -->``.
    Both are blanked in ``lines``.
    """

    path: str
    lines: tuple[str, ...]
    front: tuple[tuple[int, str], ...] = ()
    comments: tuple[Note, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.front and not any(line.strip() for line in self.lines)


def take_source(text: str, path: str) -> Source:
    """Normalise line ends, the byte order mark and the spaces before a line's first word."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    lines = [_LEAD.sub(lambda m: re.sub(f"[{_ODD_SPACE}]", " ", m[0]), line) for line in text.split("\n")]
    lines, front = _take_front_matter(lines)
    lines, comments = _take_comments(lines, path)
    return Source(path, tuple(lines), front, comments)


def _take_front_matter(lines: list[str]) -> tuple[list[str], tuple[tuple[int, str], ...]]:
    if not lines or lines[0].rstrip() != "---":
        return lines, ()
    for end in range(1, len(lines)):
        if lines[end].rstrip() in ("---", "..."):
            break
        if lines[end].startswith("#") or not lines[end].strip():
            return lines, ()  # a rule at the top of the page, not front matter
    else:
        return lines, ()
    front = tuple((n + 1, lines[n]) for n in range(1, end) if lines[n].strip())
    return [""] * (end + 1) + lines[end + 1 :], front


def _take_comments(lines: list[str], path: str) -> tuple[list[str], tuple[Note, ...]]:
    """Blank ``<!-- comments -->`` outside code; one that never ends is text like any other."""
    out: list[str] = []
    notes: list[Note] = []
    fence = ""
    words: list[str] | None = None  # of the comment we are in
    start = Span(path, 0, 0)
    last_end = max((n for n, line in enumerate(lines) if "-->" in line), default=-1)
    for n, line in enumerate(lines):
        mark = _FENCE.match(line)
        if words is None and mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            out.append(line)
            continue
        if fence:
            out.append(line)
            continue
        at, kept = 0, ""
        while True:
            if words is None:
                found = line.find("<!--", at)
                if found < 0 or (last_end <= n and line.find("-->", found) < 0):
                    kept += line[at:]
                    break
                kept += line[at:found] + "    "
                at, words, start = found + 4, [], Span(path, n + 1, found + 1)
            end = line.find("-->", at)
            words.append(line[at:] if end < 0 else line[at:end])
            if end < 0:
                kept += " " * (len(line) - at)
                break
            kept += " " * (end + 3 - at)
            notes.append(Note("\n".join(w.strip() for w in words).strip(), start))
            at, words = end + 3, None
        out.append(kept.rstrip() if kept.isspace() else kept)
    return out, tuple(notes)


def read_sources(path: Path, root: Path | None) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """The file, or a folder's Markdown files in name order (``page-2`` before ``page-10``)."""
    shown = shown_path(path, root)
    if root is not None and not path.resolve().is_relative_to(root.resolve()):
        return (), (_problem(shown, "outside-project", f"{path.name} is outside the project", f"move it into {root}"),)
    if path.is_dir():
        files = sorted((p for p in path.glob("*.md") if p.is_file()), key=lambda p: _natural(p.name))
        if not files:
            hint = "write one file per page, for example 01-cover.md, 02-page.md"
            return (), (_problem(shown, "no-files", "the folder has no Markdown files", hint),)
    elif path.exists():
        files = [path]
    else:
        hint = "give the path with the option `storyboard`, or start one with `panelwright new DIR`"
        return (), (_problem(shown, "not-found", "there is no such storyboard", hint),)
    sources: list[Source] = []
    problems: list[Diagnostic] = []
    for file in files:
        read = _read(file, shown_path(file, root))
        if isinstance(read, Diagnostic):
            problems.append(read)
        else:
            sources.append(read)
    return tuple(sources), tuple(problems)


def shown_path(path: Path, root: Path | None) -> str:
    """The path as diagnostics print it: relative to the project if it is inside."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix() if root else path.as_posix()
    except ValueError:
        return path.as_posix()


def _read(file: Path, shown: str) -> Source | Diagnostic:
    try:
        raw = file.read_bytes()
    except OSError as error:
        return _problem(shown, "unreadable", f"cannot be read: {error.strerror}", "check the file's permissions")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _problem(shown, "not-utf8", "the file is UTF-16, not UTF-8", "save it with encoding UTF-8")
    try:
        return take_source(raw.decode("utf-8"), shown)
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        message = f"not UTF-8: byte 0x{raw[error.start]:02x} means nothing here"
        return Diagnostic(shown, line, column, "error", "not-utf8", message, "save it with encoding UTF-8")


def _problem(path: str, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(path, 0, 0, "error", code, message, hint)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(p), "") if p.isdecimal() else (-1, p.casefold()) for p in re.split(r"(\d+)", name)]
