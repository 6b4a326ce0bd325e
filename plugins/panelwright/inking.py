"""Inks one panel: it is drawn, then lettered. Both are kept apart, so that new words redraw no picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, replace
from typing import NamedTuple, TypeVar

from panelwright.cache import Cache, digest
from panelwright.diagnostics import AuthorError, Diagnostic, Severity, has_errors
from panelwright.drawing.draw import draw_panel, reads_lines
from panelwright.drawing.model import Drawing
from panelwright.kept import drawing_in, drawing_out, lettering_in, lettering_out
from panelwright.layout.model import Edition, Frame
from panelwright.lettering.letter import letter
from panelwright.lettering.model import Lettering, Room
from panelwright.lettering.room import room_needed
from panelwright.plates import Options
from panelwright.script.model import Cover, Panel, Scene
from panelwright.staging.model import Shot
from panelwright.svg.canvas import Canvas
from panelwright.svg.path import num
from panelwright.svg.templates import palette, render

STEP = 50.0  # of the widths of balloons that a picture knows
SUBTITLE = {"page": 0.075, "phone": 0.1}  # share of a cover's height; on a phone it takes two rows
T = TypeVar("T")


class Inked(NamedTuple):
    """A finished panel: the picture, and the letters that lie on it."""

    drawing: Drawing
    lettering: Lettering
    diagnostics: tuple[Diagnostic, ...]


class Inker:
    """``common``: digest of all that every panel depends on. ``title``: what a cover without its own is called."""

    def __init__(self, options: Options, cache: Cache, common: str, title: str) -> None:
        self.options, self.assets, self.cache, self.common, self.title = options, options.assets, cache, common, title

    def ink(
        self, panel: Panel, shot: Shot, frame: Frame, edition: Edition, prefix: str,
        cover: Cover | None, about: Scene | None,
    ) -> Inked:  # fmt: skip
        found: list[Diagnostic] = []
        drawing, key = self._drawing(panel, shot, frame, edition, prefix, cover, about, found)
        lettering = (
            Lettering("") if cover else self._lettering(panel, shot, frame, edition, prefix, drawing, key, found)
        )
        return Inked(drawing, lettering, (*found, *lettering.diagnostics))

    def _drawing(
        self, panel: Panel, shot: Shot, frame: Frame, edition: Edition, prefix: str,
        cover: Cover | None, about: Scene | None, found: list[Diagnostic],
    ) -> tuple[Drawing, str]:  # fmt: skip
        k = edition.scale
        w, h = frame.w / k, frame.h / k
        covered = Room(h * 0.2 * k, h * SUBTITLE[edition.name] * k)  # by the title and the subtitle
        room = covered if cover else room_needed(panel.lines, frame.w, edition, self.assets)
        asks = shot.words == "auto" and shot.eyes is None  # whether heads rise as the balloons' widths allow
        row = tuple(round(width / k / STEP) * STEP for width in room.row) if asks else ()  # in steps: redraws seldom
        rooms = max(room.top, edition.live) / k, room.speech / k + shot.breathing, room.bottom / k, row
        reads = told([], lambda: reads_lines(self.assets, shot), True)  # what is broken there, drawing tells
        words = panel.lines if reads else [(line.kind, line.speaker) for line in panel.lines]
        key = digest(self.common, "drawing", panel.scene, words, about, shot, repr(asdict(shot)), w, h, rooms,
                     edition.name, prefix, cover)  # fmt: skip
        stored = self.cache.get(key, read=drawing_in)
        if stored is not None:
            return stored, key

        def draw() -> Drawing:
            return draw_panel(panel, shot, w, h, *rooms, edition, self.assets, prefix, self.options.data, about)

        problems: list[Diagnostic] = []
        drawing = told(problems, draw, Drawing(f'<path d="M0 0h{num(w)}v{num(h)}h{num(-w)}z" fill="#12213D"/>', ""))
        if cover:
            plain = drawing
            drawing = told(problems, lambda: self._titled(plain, cover, w, h, prefix, edition), plain)
        if not problems:
            self.cache.put(key, drawing, drawing_out)
        found += problems
        return drawing, key

    def _lettering(
        self, panel: Panel, shot: Shot, frame: Frame, edition: Edition, prefix: str,
        drawing: Drawing, key: str, found: list[Diagnostic],
    ) -> Lettering:  # fmt: skip
        names = names_of((key, "lettering", panel.lines), (panel,))
        stored = self.cache.get(*names, read=lettering_in)
        if stored is not None:
            return stored
        light = palette(self.assets).get(shot.light, shot.light)
        scaled = drawing.scaled(edition.scale)
        lettering = told(
            found,
            lambda: letter(panel.lines, scaled, frame.w, frame.h, edition, self.assets, f"{prefix}l", light),
            Lettering(""),
        )
        severity: Severity = "error" if self.options.strict else "warning"
        marked = tuple(replace(d, severity=severity) if d.severity == "warning" else d for d in lettering.diagnostics)
        lettering = replace(lettering, diagnostics=marked)
        if not has_errors([*found, *marked]):
            self.cache.put(names[bool(marked)], lettering, lettering_out)
        return lettering

    def _titled(self, drawing: Drawing, cover: Cover, w: float, h: float, prefix: str, edition: Edition) -> Drawing:
        canvas = Canvas(f"{prefix}t")
        body = render(
            self.assets, "props/title.svg.j2", canvas, w=w, h=h, text=cover.title or self.title,
            subtitle=cover.subtitle, least=edition.least_text / edition.scale,
            k=1.0 if edition.name == "page" else 1.22,
        )  # fmt: skip
        return replace(
            drawing, svg=drawing.svg + body, defs=drawing.defs + str(canvas.defs), words=(*canvas.words, *drawing.words)
        )


def names_of(key: tuple[object, ...], panels: Sequence[Panel]) -> tuple[str, str]:
    """Under which a result is kept: one without findings wherever its words stand in the file, one with only there."""
    places = [astuple(span) for p in panels for span in (p.span, *(line.span for line in p.lines))]
    return digest(*key), digest(*key, places)


def told(found: list[Diagnostic], work: Callable[[], T], instead: T) -> T:
    """What ``work`` gives; where a file of the author's is broken, that is told and the rest goes on."""
    try:
        return work()
    except AuthorError as error:
        found += error.diagnostics
        return instead
