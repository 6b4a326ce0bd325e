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
from panelwright.diagnostics import Diagnostic


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

    Raises yaml.YAMLError where it is none, or where a mapping has a key twice.
    """
    return once.parsed(f"yaml, each key once, {yaml.__version__}", text, _load)


class KeyTwiceError(yaml.MarkedYAMLError):
    """A mapping has a key twice: YAML forbids it, and PyYAML would take the last without a word."""


class _Loader(LOADER):  # type: ignore[misc]  # libyaml's or Python's
    def construct_document(self, node: yaml.Node) -> Any:
        each_key_once(node)  # before keys that are merged in stand beside a mapping's own
        return super().construct_document(node)


def _load(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader


def each_key_once(root: yaml.Node | None) -> None:
    """Raises KeyTwiceError at the second of two keys that are the same in one mapping."""
    nodes, seen = [root], set[int]()
    for node in nodes:
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        if not isinstance(node, yaml.MappingNode):
            nodes += node.value
            continue
        first: dict[tuple[str, str], yaml.Node] = {}
        for key, value in node.value:
            nodes.append(value)
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                continue
            before = first.setdefault((key.tag, key.value), key)
            if before is not key:
                message = f"{key.value!r} is there twice; the first is in line {before.start_mark.line + 1}"
                raise KeyTwiceError(problem=message, problem_mark=key.start_mark)


def not_yaml(
    path: str, error: Exception, text: str, code: str = "yaml", what: str = "this is not YAML", before: int = 0
) -> Diagnostic:
    """What to tell of a ``text`` that ``read_yaml`` refused. ``before``: lines of its file above it."""
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = getattr(error, "problem", None) or str(error)
    if isinstance(error, KeyTwiceError):
        return Diagnostic(path, line + before, column, "error", code, problem, "keep one of the two")
    hint = "check the indentation and that text with ':' stands in quotes"
    if "\t" in "".join(text.splitlines()[line - 1 : line]):
        hint = "indent with spaces: YAML takes no tabs"
    return Diagnostic(path, line + before, column, "error", code, f"{what}: {problem}", hint)


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
