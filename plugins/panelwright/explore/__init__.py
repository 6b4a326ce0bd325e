"""Explorables: a chart with controls, complete as a static picture; a small script draws it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from panelwright.benchdata import BenchmarkError, BenchmarkFile, load_benchmark
from panelwright.benchdata.model import LACKING
from panelwright.cache import Cache, FileDigests, digest, package_digest
from panelwright.compiled import read_yaml
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.explore import knee, padding, quantise, roofline, tail
from panelwright.explore.model import Drawn, Explorable, Load

__all__ = ["Drawn", "Explorable", "draw_explorable", "explorable_names"]

DRAW: Mapping[str, Callable[[Mapping[str, Any], Load], Drawn]] = {
    "padding": padding.draw, "roofline": roofline.draw, "tail": tail.draw, "knee": knee.draw,
    "quantise": quantise.draw,
}  # fmt: skip


@cache
def _specifications() -> dict[str, dict[str, Any]]:
    text = Path(__file__).with_name("explore.yaml").read_text("utf-8")
    return dict(read_yaml(text))


def explorable_names() -> tuple[str, ...]:
    return tuple(_specifications())


def draw_explorable(
    name: str, data_dir: Path, place: tuple[str, int, int] = ("", 0, 0), store: Cache | None = None
) -> Explorable:
    """Draw an explorable from the benchmark files in ``data_dir``.

    Raises AuthorError for a name that is none (at ``place``) and for a data file that cannot be used.
    """
    known, store = _specifications(), store or Cache(None)
    if name not in known:
        hint = did_you_mean(name, known) or f"the explorables: {', '.join(known)}"
        raise AuthorError(Diagnostic(*place, "error", "explore-unknown", f"there is no explorable {name!r}", hint))
    what = known[name]
    files = [data_dir / file for file in _files_of(what)]
    key = digest("explore", name, package_digest(), repr(what), FileDigests().of(files), str(data_dir))
    stored = store.get(key, read=_drawn_in)
    if stored is None:

        def load(file: str) -> BenchmarkFile:
            return load_benchmark(data_dir / file)

        try:
            stored = DRAW[name](what, load)
        except BenchmarkError as error:
            raise AuthorError(error.diagnostic) from error
        except LACKING as error:
            told = f"the explorable {name!r} cannot be drawn: {error}"
            hint = f"see {name} in explore.yaml, and what its files measured"
            raise AuthorError(Diagnostic(*place, "error", "explore-data", told, hint)) from error
        store.put(key, stored, asdict)
    return Explorable(name, what["title"], stored)


def _files_of(what: Mapping[str, Any]) -> list[str]:
    """The data files that a specification names, at whatever depth."""
    nested = [part for value in what.values() if isinstance(value, list) for part in value if isinstance(part, dict)]
    return sorted({part["file"] for part in (what, *nested) if "file" in part})


def _drawn_in(value: Mapping[str, Any]) -> Drawn:
    lists = {k: tuple(value[k]) for k in ("plots", "columns", "kinds")}
    return Drawn(**{**value, **lists, "rows": tuple(map(tuple, value["rows"]))})
