"""From files to a comic: the one place where the site meets parsing, data and composing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from panelwright.cache import Cache, FileDigests, digest, package_digest
from panelwright.diagnostics import AuthorError, has_errors
from panelwright.kept import comic_in, comic_out
from panelwright.plates import Comic, Options


def benchmark_files(folder: Path) -> tuple[Path, ...]:
    """All benchmark files of a folder, by name."""
    return tuple(sorted(folder.glob("*.json"), key=lambda p: p.stem)) if folder.is_dir() else ()


def hologram_numbers(files: Sequence[Path]) -> dict[str, Any]:
    """``kind`` -> numbers, from the first file by name that has them. Raises AuthorError.

    ``"files"`` -> the same for each file, by its name without the ending: what a staging may ask for.
    """
    from panelwright.benchdata import BenchmarkError, hologram_data, load_benchmark
    from panelwright.benchdata.holo import EXPERIMENTS

    def numbers_of(path: Path) -> dict[str, Any]:
        file = load_benchmark(path)
        return {kind: numbers for kind in EXPERIMENTS if (numbers := hologram_data(kind, file))}

    try:
        each = {path.stem: numbers_of(path) for path in files}
    except BenchmarkError as error:
        raise AuthorError(error.diagnostic) from error
    first: dict[str, Any] = {}
    for numbers in each.values():
        first = {**numbers, **first}
    return {**first, "files": each}


def read_comic(
    storyboard: Path, root: Path, data: Sequence[Path], options: Options, digests: FileDigests | None = None
) -> Comic:
    """Parse and compose. ``root``: the project's folder, from which problems name files.

    Raises AuthorError where the storyboard has errors: half a comic would hide them.
    """
    cache = Cache(options.cache_dir)
    files = (digests or FileDigests()).of([storyboard, *data, *options.assets.files()])
    name = digest("comic", package_digest(), files, str(storyboard), str(root), options.editions, options.strict)
    kept = cache.get(name, read=lambda value: comic_in(value, cache))
    if kept is not None:
        return kept
    # Loaded late: a comic in which nothing changed does without all that parses and draws.
    from panelwright.comic import compose
    from panelwright.script.parse import read_storyboard

    script, found = read_storyboard(storyboard, root)
    if has_errors(found):
        raise AuthorError(*found)
    comic = compose(script, replace(options, data=hologram_numbers(data)))
    comic = replace(comic, diagnostics=tuple(dict.fromkeys((*found, *comic.diagnostics))))
    if value := comic_out(comic):
        cache.put(name, value)
    return comic
