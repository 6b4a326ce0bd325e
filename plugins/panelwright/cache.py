"""A cache by content: a key names everything that went in, so nothing stale is ever read."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


SOURCES = (".py", ".yaml", ".json", ".lua")
MOST_KEPT = 10**9  # bytes in the folder of a site; one version of a comic of ten pages takes some forty million
DAY = 86_400.0  # seconds
_OURS = re.compile(r"([\w-]+\.)?[0-9a-f]{24,64}(-\w+\.cache-\d+|\.[a-z.]+2?)")  # by content; fontconfig's by folder
_MEMOS: list[Callable[[], None]] = []
_seen = ""


def memo(function: Callable[P, T]) -> Callable[P, T]:
    """Remembers results that depend on an author's files, until ``forget_changed``."""
    remembered = lru_cache(maxsize=20_000)(function)
    _MEMOS.append(remembered.cache_clear)
    return cast(Callable[P, T], remembered)


def forget_changed(files: str) -> None:
    """Empties every ``memo`` if the digest of the author's files is not the one of last time."""
    global _seen
    if files != _seen:
        _seen = files
        for forget in _MEMOS:
            forget()


def files_below(root: Path) -> list[Path]:
    """Every file of a folder and of the folders in it, sorted. In one walk: a glob asks the disk twice for each."""
    return [Path(name) for name in sorted(f"{at}{os.sep}{name}" for at, _, names in os.walk(root) for name in names)]


@cache
def package_digest() -> str:
    """Digest of this package's own sources: a changed line of code, or of a list of charts, empties every cache."""
    return digest_of_sources(Path(__file__).parent)


def digest_of_sources(root: Path) -> str:
    """Of code and of the data files beside it. The art and the theme's files have digests of their own."""
    h = hashlib.sha256()
    for path in files_below(root):
        inside = path.as_posix()[len(root.as_posix()) + 1 :]
        if inside.endswith(SOURCES) and not inside.startswith(("_assets/", "theme/")):
            h.update(inside.encode() + b"\0" + path.read_bytes())
    return h.hexdigest()


@cache
def installed(distribution: str) -> str:
    """The version that is installed; what it makes depends on it."""
    from importlib.metadata import distribution as found  # not needed to draw, and slow to load

    package = found(distribution)
    said = re.search(r"^Version: *(\S+)", package.read_text("METADATA") or "", re.M)
    return said[1] if said else package.version  # which parses all the rest of what the package says of itself, too


class FileDigests:
    """Digests of files, each read once; one object lives as long as one build."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, paths: Iterable[Path]) -> str:
        h = hashlib.sha256()
        for path in paths:
            known = self._known.get(name := str(path))
            if known is None:
                known = self._known[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "-"
            h.update(f"{path.name}\0{known}\0".encode())
        return h.hexdigest()


def stamp(paths: Iterable[Path]) -> str:
    """When files changed last and how long they are: what tells one process that they changed."""
    found = []
    for path in paths:
        with suppress(OSError):  # a link to nothing
            state = path.stat()
            found.append((str(path), state.st_mtime_ns, state.st_size))
    return digest(found)


def digest(*parts: object) -> str:
    """Of the parts' ``repr``; text, which may be long, goes in as it is, with its length before it."""
    h = hashlib.sha256()
    for part in parts:
        data = (part if isinstance(part, str) else repr(part)).encode("utf-8", "surrogatepass")
        h.update(b"%s%d:" % (b"s" if isinstance(part, str) else b"r", len(data)))
        h.update(data)
    return h.hexdigest()


def text_out(text: str) -> dict[str, Any]:
    return {"texts": [text]}


def text_in(value: Mapping[str, Any]) -> str:
    return str(value["texts"][0])


def _packed(value: Any) -> bytes:
    """A line of JSON, then what the value has under ``texts``, each as it is: JSON would escape every quote of SVG."""
    texts = [text.encode() for text in value["texts"]] if isinstance(value, dict) and "texts" in value else []
    head = {**value, "texts": [len(text) for text in texts]} if texts else value
    return b"\n".join([json.dumps(head, ensure_ascii=False).encode(), b"".join(texts)])


@lru_cache(maxsize=64)  # about the pages and panels of a comic that is being written
def _loaded(path: Path) -> Any:
    """The value of a file, which its name tells: a file of that name never holds another. Nobody changes it."""
    content = path.read_bytes()
    at = content.index(b"\n") + 1
    value = json.loads(content[:at])
    if isinstance(value, dict) and "texts" in value:
        ends = list(accumulate(value["texts"], initial=at))
        if ends[-1] != len(content):
            raise ValueError("cut short")
        value["texts"] = [content[a:b].decode() for a, b in pairwise(ends)]
    return value


class Cache:
    """Values in a folder: JSON, and under ``texts`` long ones. None as folder, or one that is read-only: no cache."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.hits = self.misses = 0
        self.broken = ""

    def get(self, *keys: str, read: Callable[[Any], T] = lambda value: value) -> T | None:
        """What ``read`` makes of the first key's value that is there and that it understands; None: none is."""
        if self.folder is None:
            return None
        for key in keys:
            with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):  # not there, or broken
                value = read(_loaded(self.folder / key[:2] / f"{key}.json"))
                self.hits += 1
                return value
        self.misses += 1
        return None

    def put(self, key: str, value: T, write: Callable[[T], Any] = lambda value: value) -> bool:
        """Whether the value is kept, as the JSON that ``write`` makes of it."""
        if self.folder is None or self.broken:
            return False
        try:
            write_atomically(self.folder / key[:2] / f"{key}.json", _packed(write(value)))
        except OSError as error:
            self.broken = f"{error.strerror or error}: {self.folder}"
            return False
        return True


def prune(folder: Path, most: int = MOST_KEPT) -> None:
    """Once a day: of what is named by content, what was used longest ago goes until ``most`` bytes are left.

    Each edit leaves its drawings behind, which may come back. What was used within a day stays in any case.
    """
    now, mark = time.time(), folder / "looked-through"
    with suppress(OSError):  # not there, or read-only
        if not folder.is_dir() or (mark.is_file() and now - mark.stat().st_mtime < DAY):
            return
        mark.touch()
        found = [(path.stat(), path) for path in files_below(folder)
                 if _OURS.fullmatch(path.name) and not path.is_symlink()]  # fmt: skip
        sizes = 0
        for state, path in sorted(found, key=lambda f: -max(f[0].st_atime, f[0].st_mtime)):
            sizes += state.st_size
            if sizes > most and now - max(state.st_atime, state.st_mtime) > DAY:
                path.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write to a temporary name beside ``path``, then move it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
