"""Where art and templates are found: the author's folders first, then the ones that come along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from panelwright.cache import files_below, memo

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""YAML's safe loader, by libyaml where that is there: ten times as fast."""


@cache
def _bundled(kind: str) -> Path:
    packed = Path(__file__).parent / "_assets" / kind  # in a wheel
    return packed if packed.is_dir() else Path(__file__).resolve().parents[2] / kind  # in a checkout


@dataclass(frozen=True)
class Assets:
    """Search path for ``art/`` and ``svg_templates/``; earlier folders win, file by file.

    ``staging``: of the author's own comic; the shipped comic's is nobody else's default.
    """

    art: tuple[Path, ...]
    templates: tuple[Path, ...]
    staging: Path | None = None

    @classmethod
    def default(cls, art: Path | None = None, templates: Path | None = None) -> Assets:
        def chain(own: Path | None, kind: str) -> tuple[Path, ...]:
            bundled = _bundled(kind)
            return (own, bundled) if own and own.resolve() != bundled.resolve() else (bundled,)

        return cls(chain(art, "art"), chain(templates, "svg_templates"), art / "staging" if art else None)

    def files(self) -> Iterator[Path]:
        """Every file of every folder, sorted within each: what a drawing may depend on."""
        for root in (*self.art, *self.templates):
            yield from files_below(root)

    def art_file(self, name: str) -> Path | None:
        """The first ``art/<name>`` that exists. ``name`` may not leave the folder."""
        return _first(self.art, name)

    def template_file(self, name: str) -> Path | None:
        return _first(self.templates, name)

    def art_files(self, folder: str, pattern: str = "*") -> tuple[Path, ...]:
        """All files of a folder, each name once, the author's own winning, sorted by name."""
        return _merged(self.art, folder, pattern)

    def template_files(self, folder: str, pattern: str = "*.svg.j2") -> tuple[Path, ...]:
        return _merged(self.templates, folder, pattern)


@memo
def _first(roots: tuple[Path, ...], name: str) -> Path | None:
    for root in roots:
        path = root / name
        if path.is_file() and path.resolve().is_relative_to(root.resolve()):
            return path
    return None


@memo
def _merged(roots: tuple[Path, ...], folder: str, pattern: str) -> tuple[Path, ...]:
    found: dict[str, Path] = {}
    for root in roots:
        for path in sorted((root / folder).glob(pattern)):
            found.setdefault(path.name, path)
    return tuple(found[name] for name in sorted(found))
