"""What the cache holds, as JSON: drawings, letterings, whole pages, and which pages a comic has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from panelwright.cache import Cache
from panelwright.diagnostics import Diagnostic
from panelwright.drawing.model import Actor, Avoid, Box, Drawing
from panelwright.layout.model import Frame
from panelwright.lettering.model import Lettering, Placed
from panelwright.plates import Comic, ComicPage, Plate, Region, Spoken
from panelwright.script.character import Character

Json = Mapping[str, Any]


def drawing_out(drawing: Drawing) -> dict[str, Any]:
    return asdict(drawing)


def drawing_in(value: Json) -> Drawing:
    def actor(a: Json) -> Actor:
        face, hands = a["face"], tuple((x, y, r) for x, y, r in a["hands"])
        return Actor(a["who"], tuple(a["mouth"]), tuple(a["front"]), tuple(face), a["facing"], Box(**a["body"]), hands)

    return Drawing(
        value["svg"], value["defs"], dict(value["symbols"]), tuple(map(actor, value["actors"])),
        tuple(Avoid(**{**a, "box": Box(**a["box"])}) for a in value["avoid"]),
        Box(**value["focal"]) if value["focal"] else None, value["band"],
        tuple(value["words"]), tuple(value["depicts"]), value["over"],
    )  # fmt: skip


def lettering_out(lettering: Lettering) -> dict[str, Any]:
    return asdict(lettering)


def lettering_in(value: Json) -> Lettering:
    return Lettering(value["svg"], value["defs"], _placed(value["placed"]), _diagnostics(value["diagnostics"]))


def page_out(page: ComicPage) -> dict[str, Any]:
    """Each SVG once, however many editions show it, under ``texts``; where it belongs is its place there."""
    places: dict[str, int] = {}

    def place(svg: str) -> int:
        return places.setdefault(svg, len(places))

    def plate(edition: str, value: dict[str, Any]) -> dict[str, Any]:
        symbols = {name: place(svg) for name, svg in value["symbols"].items()}
        return {**value, "svg": place(value["svg"]), "symbols": symbols, "digest": page.plates[edition].name}

    value = asdict(page)
    plates = {name: plate(name, value) for name, value in value["plates"].items()}
    return {**value, "plates": plates, "scenes": sorted(page.scenes.items()), "texts": list(places)}


def page_in(value: Json) -> ComicPage:
    return ComicPage(
        value["number"], value["title"], value["chapter"], value["goal"],
        {name: _plate(plate, value["texts"]) for name, plate in value["plates"].items()},
        tuple(Spoken(**{**s, "directions": tuple(s["directions"])}) for s in value["transcript"]),
        dict(value["scenes"]),
        _diagnostics(value["diagnostics"]), value["kept"],
    )  # fmt: skip


def comic_out(comic: Comic) -> dict[str, Any] | None:
    """The comic without its pages, which the cache has; None where it has not all of them."""
    if not all(page.kept for page in comic.pages):
        return None
    return {
        "title": comic.title, "metadata": dict(comic.metadata), "cast": [asdict(c) for c in comic.cast],
        "pages": [page.kept for page in comic.pages], "diagnostics": [asdict(d) for d in comic.diagnostics],
    }  # fmt: skip


def comic_in(value: Json, cache: Cache) -> Comic:
    """Raises LookupError where the cache lost a page since."""
    pages = []
    for name in value["pages"]:
        page = cache.get(name, read=page_in)
        if page is None:
            raise LookupError(name)
        pages.append(page)
    cast = tuple(Character(**c) for c in value["cast"])
    return Comic(value["title"], value["metadata"], cast, tuple(pages), _diagnostics(value["diagnostics"]))


def _plate(value: Json, texts: Sequence[str]) -> Plate:
    regions = tuple(
        Region(r["panel"], Frame(**r["frame"]), _placed(r["placed"]), r["alt"], tuple(r["depicts"]), tuple(r["words"]))
        for r in value["regions"]
    )
    symbols = {name: texts[place] for name, place in value["symbols"].items()}
    return Plate(**{**value, "svg": texts[value["svg"]], "symbols": symbols, "regions": regions})


def _placed(values: Sequence[Json]) -> tuple[Placed, ...]:
    return tuple(
        Placed(p["order"], p["who"], Box(**p["box"]), p["style"], p["text"], tuple(p["tip"]) if p["tip"] else None)
        for p in values
    )


def _diagnostics(values: Sequence[Json]) -> tuple[Diagnostic, ...]:
    return tuple(Diagnostic(**d) for d in values)
