"""One drawing's definitions: ids that never clash, gradients and clips written once each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from panelwright.assets import Assets
from panelwright.svg.colour import mix
from panelwright.svg.path import Path, Point, frac, num, pd

Bounds = tuple[float, float, float, float]  # x0, y0, x1, y1
Stop = tuple[float, str] | tuple[float, str, float]
WHITE = "#FFFFFF"


def base36(n: int) -> str:
    out = ""
    while True:
        n, r = divmod(n, 36)
        out = "0123456789abcdefghijklmnopqrstuvwxyz"[r] + out
        if not n:
            return out


class Canvas:
    """Collects ``<defs>`` for one drawing. ``prefix`` makes the ids unique on the web page."""

    def __init__(self, prefix: str, view: tuple[float, float] | None = None) -> None:
        self.prefix = prefix
        self.assets: Assets | None = None  # whose fonts words are set in; templates.render tells
        self.view = view  # (w, h): what lies wholly outside need not be written
        self.words: list[str] = []  # every text drawn, in order
        self.lines: list[tuple[str, Bounds]] = []  # every line of them, and where it stands
        self._defs: dict[str, str] = {}  # body with a %s for the id -> id

    def define(self, body: str) -> str:
        """Register a definition whose text has ``%s`` where the id goes; equal ones share an id."""
        if body not in self._defs:
            self._defs[body] = self.prefix + base36(len(self._defs))
        return self._defs[body]

    @property
    def defs(self) -> Markup:
        return Markup("".join(body.replace("%s", name, 1) for body, name in self._defs.items()))  # noqa: S704

    def lin(self, p0: Point, p1: Point, stops: Sequence[Stop]) -> str:
        ends = f'x1="{num(p0[0])}" y1="{num(p0[1])}" x2="{num(p1[0])}" y2="{num(p1[1])}"'
        body = f'<linearGradient id="%s" gradientUnits="userSpaceOnUse" {ends}>{_stops(stops)}</linearGradient>'
        return f"url(#{self.define(body)})"

    def rad(self, cx: float, cy: float, r: float, stops: Sequence[Stop]) -> str:
        ends = f'cx="{num(cx)}" cy="{num(cy)}" r="{num(r)}"'
        body = f'<radialGradient id="%s" gradientUnits="userSpaceOnUse" {ends}>{_stops(stops)}</radialGradient>'
        return f"url(#{self.define(body)})"

    def clip(self, path: Path | str) -> str:
        d = path if isinstance(path, str) else pd(path)
        name = self.define(f'<clipPath id="%s"><path d="{d}"/></clipPath>')
        return f"url(#{name})"

    def clipped(self, path: Path | str, body: str = "", caller: Callable[[], str] | None = None) -> Markup:
        """``body`` (or a Jinja ``call`` block) inside a clip."""
        inner = caller() if caller else body
        return Markup(f'<g clip-path="{self.clip(path)}">{inner}</g>')  # noqa: S704

    def blob(self, cx: float, cy: float, rx: float, ry: float, colour: str, op: float = 0.5, mid: float = 0.35,
             rot: float = 0) -> Markup:  # fmt: skip
        """A soft light: radial, .42 at ``mid``, .10 at 70 %, nothing at the rim."""
        if self._outside(cx - rx, cy - ry, cx + rx, cy + ry):
            return Markup()
        fill = self.rad(0, 0, 1, [(0, colour, op), (mid, colour, op * 0.42), (0.7, colour, op * 0.1), (1, colour, 0)])
        turn = f" rotate({num(rot)})" if rot else ""
        return Markup(  # noqa: S704
            f'<circle r="1" transform="translate({num(cx)} {num(cy)}){turn} scale({num(rx)} {num(ry)})" fill="{fill}"/>'
        )

    def hot(self, cx: float, cy: float, rx: float, ry: float, colour: str, op: float = 1, core: str = WHITE) -> Markup:
        """A burning light: white core, tint, colour, nothing (plain white at low alpha turns grey)."""
        stops: list[Stop] = [
            (0, core, op), (0.10, mix(colour, WHITE, 0.75), op * 0.92), (0.24, mix(colour, WHITE, 0.25), op * 0.6),
            (0.48, colour, op * 0.24), (0.75, colour, op * 0.06), (1, colour, 0),
        ]  # fmt: skip
        fill = self.rad(0, 0, 1, stops)
        return Markup(  # noqa: S704
            f'<circle r="1" transform="translate({num(cx)} {num(cy)}) scale({num(rx)} {num(ry)})" fill="{fill}"/>'
        )

    def _outside(self, x0: float, y0: float, x1: float, y1: float) -> bool:
        return self.view is not None and (x1 < 0 or y1 < 0 or x0 > self.view[0] or y0 > self.view[1])


def _stops(stops: Sequence[Stop]) -> str:
    out = []
    for s in stops:
        opacity = "" if len(s) < 3 or s[2] == 1 else f' stop-opacity="{frac(s[2], 3)}"'
        out.append(f'<stop offset="{frac(s[0])}" stop-color="{s[1]}"{opacity}/>')
    return "".join(out)
