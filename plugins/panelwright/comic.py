"""Puts it together: a storyboard becomes a comic. ``compose`` is the one way in.

Per page and edition: room for words, frames, drawings, letters, plates. Each panel is cached.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from markupsafe import escape

from panelwright.cache import (
    Cache,
    FileDigests,
    digest,
    forget_changed,
    package_digest,
    stamp,
    text_in,
    text_out,
)
from panelwright.diagnostics import Diagnostic, has_errors
from panelwright.drawing.cast import expressions, poses, words_of
from panelwright.drawing.casting import known_words, misnamed
from panelwright.drawing.draw import keywords
from panelwright.drawing.model import add_symbols
from panelwright.inking import Inked, Inker, names_of, told
from panelwright.kept import page_in, page_out
from panelwright.layout.cut import cut_page, stack_panels
from panelwright.layout.hints import misspelt, place_of
from panelwright.layout.model import EDITIONS, Edition, Frame, PageLayout
from panelwright.layout.tree import Node, TreeError, parse_tree, tree_from_hints
from panelwright.lettering.room import room_needed
from panelwright.lettering.rules import wordy
from panelwright.lettering.styles import misnamed_balloons
from panelwright.plates import Comic, ComicPage, Options, Plate, Region, Spoken
from panelwright.script.model import Cover, Page, Panel, Span, Storyboard
from panelwright.staging.direct import direct, misspelt_names
from panelwright.staging.load import PageStaging, load_staging
from panelwright.staging.model import Shot
from panelwright.svg.canvas import Canvas
from panelwright.svg.path import frac, num
from panelwright.svg.templates import palette, render


def compose(storyboard: Storyboard, options: Options) -> Comic:
    """The cover and all pages, in every edition asked for. Problems travel in ``diagnostics``."""
    composer = Composer(storyboard, options)
    pages = [composer.cover(storyboard.cover)] if storyboard.cover else []
    pages += [composer.page(page) for page in storyboard.pages]
    found = dict.fromkeys(composer.diagnostics)
    found.update(dict.fromkeys(d for page in pages for d in page.diagnostics))
    if composer.cache.broken:
        hint = "let it be written to, or give 'cache' another folder"
        message = f"finished drawings cannot be kept, so all is drawn anew each time: {composer.cache.broken}"
        found[Diagnostic(str(options.cache_dir), 0, 0, "info", "cache", message, hint)] = None
    return Comic(storyboard.title, storyboard.metadata, storyboard.characters, tuple(pages), tuple(sorted(found)))


def check(storyboard: Storyboard, options: Options) -> tuple[Diagnostic, ...]:
    """What only shows once the comic is drawn: overfull pages, lettering, staging, templates."""
    return compose(storyboard, options).diagnostics


class Composer:
    """Holds what all pages share: staging, keywords, digests, the cache."""

    def __init__(self, storyboard: Storyboard, options: Options) -> None:
        self.options, self.assets = options, options.assets
        self.storyboard = storyboard
        self.listed = tuple(character.name for character in storyboard.characters)
        self.problems: list[Diagnostic] = []  # of the art as a whole; every page that is drawn has them
        self.cache = Cache(options.cache_dir)
        paths = [path for path in self.assets.files() if "staging" not in path.parts]
        # contents and code are read for the names in the cache alone
        files, code = (FileDigests().of(paths), package_digest()) if options.cache_dir else (stamp(paths), "")
        forget_changed(files)
        panels = {page.number: [panel.number for panel in page.panels] for page in storyboard.pages}
        panels |= {0: [1]} if storyboard.cover else {}
        self.staging = load_staging(
            self.assets, options.data.get("files"), panels, lambda entry: misnamed(self.assets, entry)
        )
        self.diagnostics: list[Diagnostic] = [*self.staging.diagnostics, *misnamed_balloons(self.assets)]
        self.common = digest(code, files, options.strict, options.data)
        self.inker = Inker(options, self.cache, self.common, storyboard.title)

    # Read when the first panel is directed: an unchanged comic never asks.
    @cached_property
    def known(self) -> dict[str, tuple[str, ...]]:
        return known_words(self.assets, self.problems)

    @cached_property
    def sets(self) -> dict[str, tuple[str, ...]]:
        return keywords(self.assets, "sets", self.problems)

    @cached_property
    def holograms(self) -> dict[str, tuple[str, ...]]:
        return keywords(self.assets, "holograms", self.problems)

    @cached_property
    def poses(self) -> dict[str, tuple[str, ...]]:
        return words_of(poses, self.assets)

    @cached_property
    def faces(self) -> dict[str, tuple[str, ...]]:
        return words_of(expressions, self.assets)

    # -- pages
    def page(self, page: Page) -> ComicPage:
        raw = self.staging.pages.get(page.number)

        def draw(found: list[Diagnostic]) -> dict[str, Plate]:
            found += [replace(d, severity="error") if self.options.strict else d for d in wordy(page.panels)]
            found += self._slips(page, raw)
            plates = {}
            drawn: list[Diagnostic] = []
            symbols: dict[str, str] = {}  # of both editions, as a web page has them once
            for name in self.options.editions:
                edition = EDITIONS[name]
                shots = self._shots(page.panels, raw.panels if raw else {}, name)
                layout = self._layout(page, raw, shots, edition, drawn)
                title = f"Page {page.number}: {page.title}"
                plates[name] = self._plate(page.number, title, page.panels, shots, layout, symbols, drawn)
            if any(d.code == "page-overfull" for d in drawn):  # what it does to the lettering would hide it
                drawn = [d for d in drawn if d.severity == "error"]
            found += drawn
            return plates

        scenes = {p.number: p.scene.text for p in page.panels if p.scene}
        blank = ComicPage(page.number, page.title, page.chapter, page.goal, {}, _transcript(page.panels), scenes)
        return self._cached(blank, page.panels, draw, page, raw, self.listed)

    def cover(self, cover: Cover) -> ComicPage:
        """The cover is a page of one panel without a gutter, under its title."""
        panel = Panel(1, "splash", cover.span, cover.scene, cover.lines)
        raw = self.staging.pages.get(0)
        title = cover.title or self.storyboard.title

        def draw(found: list[Diagnostic]) -> dict[str, Plate]:
            plates = {}
            symbols: dict[str, str] = {}  # of both editions, as a web page has them once
            for name in self.options.editions:
                edition = EDITIONS[name]
                shots = self._shots((panel,), raw.panels if raw else {}, name)
                height = edition.height or edition.width * 1.5
                layout = PageLayout(edition, edition.width, height, (Frame(0, 0, 0, edition.width, height),))
                plates[name] = self._plate(0, title, (panel,), shots, layout, symbols, found, cover)
            return plates

        scenes = {1: cover.scene.text} if cover.scene else {}
        return self._cached(
            ComicPage(0, title, "", "", {}, _cover_transcript(cover), scenes), (panel,), draw, cover, title, raw
        )

    def _cached(
        self, blank: ComicPage, panels: tuple[Panel, ...], draw: Callable[[list[Diagnostic]], dict[str, Plate]],
        *key: object,
    ) -> ComicPage:  # fmt: skip
        """``blank`` with its plates: from the cache when nothing that goes into them has changed."""
        names = names_of((self.common, "page", self.options.editions, *key), panels)
        stored = self.cache.get(*names, read=page_in)
        if stored is not None:
            return stored
        found: list[Diagnostic] = []
        with uncollected():
            plates = draw(found)
        found += self.problems
        name = "" if has_errors(found) else names[bool(found)]
        page = replace(blank, plates=plates, diagnostics=tuple(found), kept=name)
        return page if name and self.cache.put(name, page, page_out) else replace(page, kept="")

    def _shots(self, panels: Iterable[Panel], raw: Mapping[int, Mapping[str, Any]], edition: str) -> list[Shot]:
        shots: list[Shot] = []
        for panel in panels:
            before = shots[-1] if shots else None
            said = raw.get(panel.number)
            words = self.known, self.sets, self.holograms
            shots.append(direct(panel, said, edition, *words, before, self.poses, self.faces))
        return shots

    def _slips(self, page: Page, raw: PageStaging | None) -> Iterator[Diagnostic]:
        """Words of place and names that do nothing as they are spelt, unless the staging says it instead."""
        everybody = (*self.listed, *(line.speaker for panel in page.panels for line in panel.lines))
        for panel in page.panels:
            if not (raw and raw.layout):
                for word, meant in misspelt(panel.hint):
                    message = f"{word!r} in the hint of panel {panel.number} says no place or size"
                    yield _told(panel.span, "hint-spelling", message, f"did you mean {meant!r}?")
            if panel.scene and (raw.panels.get(panel.number, {}) if raw else {}).get("cast") is None:
                for word, meant in misspelt_names(panel, self.known, everybody):
                    message = f"{word!r} in the scene of panel {panel.number} is nobody of the cast"
                    hint = f"did you mean {meant!r}? If not, list {word} under Characters"
                    yield _told(panel.scene.span, "name-spelling", message, hint)

    # -- layout
    def _layout(self, page: Page, raw: Any, shots: list[Shot], edition: Edition, found: list[Diagnostic]) -> PageLayout:
        def need(i: int, width: float) -> float:
            room = room_needed(page.panels[i].lines, width, edition, self.assets)
            stage = shots[i].height or (max(300.0, 0.42 * width / edition.scale) if width < 1000 else 360.0)
            return room.total + stage * edition.scale

        if edition.height is None:
            width = edition.width - 2 * edition.margin
            return stack_panels(
                [
                    self._strip_height(p, s, width, edition, need(i, width))
                    for i, (p, s) in enumerate(zip(page.panels, shots, strict=True))
                ],
                edition,
            )
        if not page.panels:
            return PageLayout(edition, edition.width, edition.height, ())
        layout, over = cut_page(self._tree(page, raw, found), edition, need)
        if over > 0:
            fullest = max(page.panels, key=lambda panel: sum(len(line.text) for line in panel.lines))
            found.append(
                Diagnostic(
                    page.span.path,
                    page.span.line,
                    page.span.column,
                    "error",
                    "page-overfull",
                    f"page {page.number} has more words than it has room for: {over:.0f} units too high",
                    f"shorten a line, most are in panel {fullest.number}; move a panel to the next page, or give the "
                    "panels other places",
                )
            )
        return layout

    def _strip_height(self, panel: Panel, shot: Shot, width: float, edition: Edition, least: float) -> float:
        """Portrait where people and a hologram share the frame, else about square."""
        room = room_needed(panel.lines, width, edition, self.assets)
        share = shot.height * edition.scale / width if shot.height else (1.02 if shot.cast and shot.holograms else 0.82)
        return float(round(max(least, room.total + width * share)))

    def _tree(self, page: Page, raw: Any, found: list[Diagnostic]) -> Node:
        fallback = tree_from_hints([place_of(p.hint) for p in page.panels])
        if not raw or not raw.layout:
            return fallback
        path, line, column = raw.layout_place
        try:
            tree = parse_tree(raw.layout)
        except TreeError as error:
            found.append(
                Diagnostic(
                    path,
                    line,
                    column,
                    "error",
                    "layout",
                    f"{error} (at character {error.column})",
                    "write e.g. '50 / 50 [* | *]'",
                )
            )
            return fallback
        if tree.leaves() != tuple(range(len(page.panels))):
            found.append(
                Diagnostic(
                    path,
                    line,
                    column,
                    "error",
                    "layout",
                    f"the layout has {len(tree.leaves())} panels, the page {len(page.panels)}",
                    "one * for each panel, in reading order",
                )
            )
            return fallback
        return tree

    # -- plates
    def _plate(
        self,
        number: int,
        title: str,
        panels: tuple[Panel, ...],
        shots: list[Shot],
        layout: PageLayout,
        shared: dict[str, str],
        found: list[Diagnostic],
        cover: Cover | None = None,
    ) -> Plate:
        edition = layout.edition
        mark = f"p{number}{'a' if edition.name == 'page' else 'b'}"
        parts = [self._ground(mark, layout, found)] if cover is None else []
        symbols: dict[str, str] = {}
        regions = []
        about = next((p.scene for p in panels if p.scene and p.scene.items), None)
        for panel, shot, frame in zip(panels, shots, layout.frames, strict=True):
            inked = self.inker.ink(panel, shot, frame, edition, f"{mark}-{panel.number}-", cover, about)
            drawing = inked.drawing
            symbols |= drawing.symbols
            wrong = list(inked.diagnostics)
            told(wrong, partial(add_symbols, shared, drawing.symbols.items()), None)
            staging = self.staging.pages.get(number)
            found += [staging.place(panel.number, d) if staging else d for d in wrong]
            alt = _alt(panel, drawing.depicts)
            parts.append(self._mount(mark, panel, frame, shot, inked, edition, alt, cover, found))
            regions.append(Region(panel.number, frame, inked.lettering.placed, alt, drawing.depicts, drawing.words))
        return Plate(edition.name, layout.width, layout.height, "".join(parts), symbols, tuple(regions), title)

    def _ground(self, mark: str, layout: PageLayout, found: list[Diagnostic]) -> str:
        canvas = Canvas(f"{mark}-g")
        k = layout.edition.scale
        frames = [(f.x / k, f.y / k, f.w / k, f.h / k) for f in layout.frames]
        key = digest(self.common, "ground", mark, frames, layout.width, layout.height)
        stored = self.cache.get(key, read=text_in)
        if stored is not None:
            return stored
        context = {"w": layout.width / k, "h": layout.height / k, "frames": frames, "margin": layout.edition.margin / k}
        body = told(found, lambda: render(self.assets, "frames/page.svg.j2", canvas, seed=31, k=1.0, **context), "")
        scale = f' transform="scale({frac(k, 4)})"' if k != 1 else ""
        ground = f"<g{scale}><defs>{canvas.defs}</defs>{body}</g>"
        if body:
            self.cache.put(key, ground, text_out)
        return ground

    def _mount(
        self,
        mark: str,
        panel: Panel,
        frame: Frame,
        shot: Shot,
        inked: Inked,
        edition: Edition,
        alt: str,
        cover: Cover | None,
        found: list[Diagnostic],
    ) -> str:
        """The drawing clipped to its frame, the frame's line, the letters on top."""
        k = edition.scale
        w, h = frame.w / k, frame.h / k
        canvas = Canvas(f"{mark}-{panel.number}f")
        light = palette(self.assets).get(shot.light, shot.light)
        template = "frames/cover.svg.j2" if cover else "frames/panel.svg.j2"
        clip = canvas.clip(f"M0 0h{num(w)}v{num(h)}h{num(-w)}z")
        line = ""
        if shot.frame != "none":
            context = {"w": w, "h": h, "light": light, "kind": shot.frame, "margin": edition.margin / k}
            line = told(found, lambda: render(self.assets, template, canvas, k=1.0, **context), "")
        out = edition.margin / k  # over the frame and into the gutter, but not into what stands below
        wide = f"M{num(-out)} {num(-out)}h{num(w + 2 * out)}v{num(h + out)}h{num(-w - 2 * out)}z"
        over = f'<g clip-path="{canvas.clip(wide)}">{inked.drawing.over}</g>' if inked.drawing.over else ""
        scale = f'<g transform="scale({frac(k, 4)})">' if k != 1 else "<g>"
        place = f'transform="translate({num(frame.x)} {num(frame.y)})"' if frame.x or frame.y else ""
        return (
            f'<g {place} role="group" aria-label="{escape(f"Panel {panel.number}")}">'
            f"<defs>{inked.drawing.defs}{inked.lettering.defs}{canvas.defs}</defs>"
            f'{scale}<g clip-path="{clip}" role="img" aria-label="{escape(alt)}">{inked.drawing.svg}</g>'
            f"{line}{over}</g>"
            f"{inked.lettering.svg}</g>"
        )


@contextmanager
def uncollected() -> Iterator[None]:
    """Garbage waits until a page is drawn: most of what a page makes stays, and to look it over took a tenth of it."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _told(span: Span, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(span.path, span.line, span.column, "warning", code, message, hint)


def _alt(panel: Panel, depicts: tuple[str, ...]) -> str:
    """The scene's own words, else what the staging says is to be seen."""
    return panel.scene.text if panel.scene and panel.scene.text else ", ".join(depicts) or f"Panel {panel.number}"


def _transcript(panels: Iterable[Panel]) -> tuple[Spoken, ...]:
    return tuple(
        Spoken(p.number, str(line.kind), line.speaker, line.text, line.directions) for p in panels for line in p.lines
    )


def _cover_transcript(cover: Cover) -> tuple[Spoken, ...]:
    words = [Spoken(1, "label", "", t) for t in (cover.title, cover.subtitle) if t]
    return (*words, *(Spoken(1, str(x.kind), x.speaker, x.text, x.directions) for x in cover.lines))


__all__ = ["Comic", "ComicPage", "Composer", "Options", "Plate", "Region", "Spoken", "check", "compose"]
