"""What is read once a machine: templates that are compiled, YAML that is parsed.

To compile the templates of a page takes longer than to draw it; to parse its YAML took a twelfth of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

import jinja2
import yaml
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from panelwright import once
from panelwright.assets import LOADER


class CompiledTemplates(FileSystemBytecodeCache):
    """By name and content of the template."""

    @classmethod
    def of_user(cls) -> CompiledTemplates | None:
        """None where nothing can be kept."""
        folder = once.folder()
        return cls(str(folder), "%s.template") if folder else None

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return sha256(f"{name}\0{filename}\0{jinja2.__version__}".encode()).hexdigest()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """A full or read-only disk costs time, nothing else."""
        try:
            super().dump_bytecode(bucket)
        except OSError:
            return


@lru_cache(maxsize=500)  # while an author writes, most files stay as they are
def read_yaml(text: str) -> Any:
    """The value of a YAML document, by the safe loader. Nobody changes what it gives.

    Raises yaml.YAMLError where it is none.
    """
    return once.parsed(f"yaml {yaml.__version__}", text, _load)


def _load(text: str) -> Any:
    return yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader


def place_in(text: str, at: Sequence[Any], key: bool = False) -> tuple[int, int]:
    """Line and column of what the keys ``at`` lead to in a YAML document, or of the last ``key`` itself.

    Where a key is not there: of the last one that is; of nothing, the first of both. ``text`` must be YAML.
    """
    loader = LOADER(text)
    found = node = loader.get_single_node()
    for step in at:
        pairs = node.value if isinstance(node, yaml.MappingNode) else enumerate(node.value)
        for name, value in pairs:
            if step == (loader.construct_object(name) if isinstance(name, yaml.Node) else name):
                found, node = name if key else value, value
                break
    return (found.start_mark.line + 1, found.start_mark.column + 1) if found else (1, 1)
