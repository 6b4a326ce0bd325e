"""What is read once a machine: templates that are compiled, YAML that is parsed.

Both are kept in the user's own temporary folder, which only the user may write, under a name that tells the content.
To compile the templates of a page takes longer than to draw it; to parse its YAML took a twelfth of that.
"""

from __future__ import annotations

import marshal
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
import yaml
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from panelwright.assets import LOADER
from panelwright.cache import write_atomically


class CompiledTemplates(FileSystemBytecodeCache):
    """By name and content of the template."""

    @classmethod
    def of_user(cls) -> CompiledTemplates | None:
        """None where there is no such folder, or where it might be somebody else's."""
        try:
            return cls(pattern="panelwright-%s.cache")
        except (OSError, RuntimeError):
            return None

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return sha256(f"{name}\0{filename}\0{jinja2.__version__}".encode()).hexdigest()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """A full or read-only disk costs time, nothing else."""
        try:
            super().dump_bytecode(bucket)
        except OSError:
            return


@cache
def _folder() -> Path | None:
    kept = CompiledTemplates.of_user()
    return Path(kept.directory) if kept else None


def read_yaml(text: str) -> Any:
    """The value of a YAML document, by the safe loader. Nobody changes what it gives.

    Raises yaml.YAMLError where it is none.
    """
    folder = _folder()
    versions = f"{yaml.__version__} {sys.version_info[:2]}"
    path = folder / f"panelwright-{sha256(f'{versions} {text}'.encode()).hexdigest()}.yaml" if folder else None
    if path:
        with suppress(OSError, EOFError, ValueError, TypeError):  # not there, or cut short
            return marshal.loads(path.read_bytes())  # noqa: S302 - only the user may write there, as with templates
    value = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader
    if path:
        with suppress(OSError, ValueError):  # a full or read-only disk; a date, which marshal does not know
            write_atomically(path, marshal.dumps(value))
    return value
