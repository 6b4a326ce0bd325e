"""What is parsed once a machine: kept in the user's own temporary folder under a name that tells the content."""

from __future__ import annotations

import json
import marshal
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from panelwright.cache import prune, write_atomically

MOST_KEPT = 10**8  # bytes; templates and YAML of one version take some ten million


@cache
def folder() -> Path | None:
    """Only the user may write there; None where there is no such folder, or where it might be somebody else's."""
    user = os.getuid() if hasattr(os, "getuid") else 0  # on Windows each user has a temporary folder
    path = Path(tempfile.gettempdir()) / f"panelwright-{user}"
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
    except OSError:
        return None
    private = os.name == "nt" or (found.st_uid == user and stat.S_IMODE(found.st_mode) == 0o700)
    if not (private and stat.S_ISDIR(found.st_mode)):
        return None
    prune(path, MOST_KEPT)
    return path


def read_json(text: str) -> Any:
    """The value of a JSON document. Nobody changes what it gives. Raises json.JSONDecodeError where it is none."""
    return parsed("json", text, json.loads)


def parsed(language: str, text: str, parse: Callable[[str], Any]) -> Any:
    """What ``parse`` makes of the text, by which it is kept if it is plain data. ``language``: and its version."""
    kept_in = folder()
    name = sha256(f"{language} {sys.version_info[:2]} {text}".encode("utf-8", "surrogatepass")).hexdigest()
    path = kept_in / f"{name}.parsed" if kept_in else None
    if path:
        with suppress(OSError, EOFError, ValueError, TypeError):  # not there, or cut short
            return marshal.loads(path.read_bytes())  # noqa: S302 - only the user may write there
    value = parse(text)
    if path:
        with suppress(OSError, ValueError):  # a full or read-only disk; a date, which marshal does not know
            write_atomically(path, marshal.dumps(value))
    return value
