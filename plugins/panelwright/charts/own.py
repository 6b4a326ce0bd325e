"""Charts of an author's own: ``charts.yaml`` beside the data files, in the form of the one beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from panelwright.charts.series import TONES
from panelwright.compiled import not_yaml, place_in, read_yaml
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean

NAME = "charts.yaml"
MARKS = ("line", "bar", "dot", "histogram")
CHART = ("title", "mark", "file", "experiment", "x", "series", "y", "by", "where", "constants", "source")
X = ("field", "title", "scale", "times", "values")
ONE = ("measure", "formula", "title", "colour", "unit", "times", "q", "computed")
SCALES = ("log2", "log10")


def own_charts(folder: Path) -> Mapping[str, dict[str, Any]]:
    """The charts that the author added, by name; none where there is no such file.

    What may be left out is filled in: titles of axes and series are their names, colours are taken in turn.
    Raises AuthorError with line and column of every key that is wrong.
    """
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        return _charts(path.read_text("utf-8-sig"), path.as_posix())
    except UnicodeDecodeError as error:
        problem = Diagnostic(path.as_posix(), 0, 0, "error", "charts", str(error), "save it with encoding UTF-8")
        raise AuthorError(problem) from error


@lru_cache(maxsize=8)  # every figure of a site asks
def _charts(text: str, path: str) -> Mapping[str, dict[str, Any]]:
    try:
        found = read_yaml(text)
    except yaml.YAMLError as error:
        raise AuthorError(not_yaml(path, error, text, "charts")) from error
    reader = _Reader(text, path)
    charts = {str(name): reader.chart(name, raw) for name, raw in reader.names((), found or {}).items()}
    if reader.found:
        raise AuthorError(*reader.found)
    return charts


class _Reader:
    """Checks and fills in; what is wrong is in ``found``."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self.found: list[Diagnostic] = []

    def bad(self, at: tuple[Any, ...], message: str, hint: str, key: bool = False) -> None:
        line, column = place_in(self.text, at, key)
        self.found.append(Diagnostic(self.path, line, column, "error", "charts", message, hint))

    def names(self, at: tuple[Any, ...], given: Any) -> dict[Any, Any]:
        """``given``, where it is names with values; else it is told and taken for none."""
        if isinstance(given, dict):
            return given
        what = f"{at[-1]} has" if at else "this file has"
        self.bad(at, f"{what} names with values", "write 'name: value', with a space after the colon")
        return {}

    def chart(self, name: Any, raw: Any) -> dict[str, Any]:
        at, before = (name,), len(self.found)
        what = self._known(at, raw, CHART)
        needed = ("title", "mark", "x", "series", *(("experiment",) if "file" in what else ("source",)))
        if len(self.found) == before:
            self._needed(at, what, needed)
        if "mark" in what:
            self._one_of((*at, "mark"), what["mark"], MARKS)
        for axis, keys in (("x", X), ("y", ("title", "scale")), ("by", ("field", "title"))):
            if axis in what:
                what[axis] = self._axis((*at, axis), what[axis], keys, needs_field=axis == "by" or "file" in what)
        series = what.get("series", ())
        if not isinstance(series, list) or ("series" in what and not series):
            self.bad((*at, "series"), "series is a list", "write e.g. 'series: [{measure: height}]'")
            series = ()
        what["series"] = [self._series((*at, "series", i), i, one) for i, one in enumerate(series)]
        return what

    def _axis(self, at: tuple[Any, ...], raw: Any, keys: tuple[str, ...], needs_field: bool) -> dict[str, Any]:
        axis = self._known(at, raw, keys)
        if "field" in keys:
            if needs_field:
                self._needed(at, axis, ("field",))
            axis.setdefault("title", str(axis.get("field", "")))
        if "scale" in axis:
            self._one_of((*at, "scale"), axis["scale"], SCALES)
        return axis

    def _series(self, at: tuple[Any, ...], i: int, raw: Any) -> dict[str, Any]:
        one = self._known(at, raw, ONE)
        if one and not {"measure", "formula"} & set(one):
            self.bad(at, "a series has a measure or a formula", "write e.g. 'measure: height', as in the data file")
        one.setdefault("title", str(one.get("measure", one.get("formula", ""))))
        one.setdefault("colour", TONES[i % len(TONES)])
        self._one_of((*at, "colour"), one["colour"], TONES)
        return one

    def _known(self, at: tuple[Any, ...], raw: Any, keys: tuple[str, ...]) -> dict[str, Any]:
        known = {}
        for key, value in self.names(at, raw).items():
            if key in keys:
                known[key] = value
            else:
                hint = did_you_mean(str(key), keys) or f"known: {', '.join(keys)}"
                self.bad((*at, key), f"unknown key {str(key)!r}", hint, key=True)
        return known

    def _needed(self, at: tuple[Any, ...], what: Mapping[str, Any], needed: tuple[str, ...]) -> None:
        if lacking := [key for key in needed if key not in what]:
            hint = "a chart has title, mark, x and series, and a file with an experiment or the source of its formulas"
            self.bad(at, f"{at[-1]!r} lacks {', '.join(lacking)}", hint, key=True)

    def _one_of(self, at: tuple[Any, ...], value: Any, known: tuple[str, ...]) -> None:
        if value not in known:
            hint = did_you_mean(str(value), known) or f"one of {', '.join(known)}"
            self.bad(at, f"{at[-1]} cannot be {value!r}", hint)
