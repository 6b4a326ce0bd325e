"""Plots that a script can go on drawing: marks have names, and the SVG says how values become places.

Two of each: a wide one, and one for phones whose letters stay legible; the stylesheet shows the one that fits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

Box = tuple[float, float, float, float]  # x, y, width, height
Places = Sequence[tuple[float, float]]


def num(value: float) -> str:
    """One decimal, halves up: as the script rounds."""
    rounded = math.floor(value * 10 + 0.5) / 10
    return f"{rounded + 0.0:g}"  # no minus before a nought


def tone(name: str) -> str:
    return f"var(--pw-{name})"


@dataclass(frozen=True)
class Scale:
    """Values from ``low`` to ``high``, "linear" or "log", onto places from ``start`` to ``end``."""

    kind: str
    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        low, high = (math.log(v) if self.kind == "log" else v for v in (self.low, self.high))
        at = math.log(value) if self.kind == "log" else value
        return self.start + (at - low) / (high - low) * (self.end - self.start)

    def __str__(self) -> str:
        return f"{self.kind} {self.low!r} {self.high!r} {num(self.start)} {num(self.end)}"


@dataclass(frozen=True)
class Size:
    """``pitch``: about how wide a letter is, for the legend."""

    name: str
    width: int
    left: int
    font: int
    pitch: float


SIZES = (Size("wide", 640, 52, 15, 6.6), Size("narrow", 360, 40, 15, 6.6))


def rect(x: float, y: float, width: float, height: float) -> str:
    """A box as part of a path."""
    return f"M{num(x)} {num(y)}H{num(x + width)}V{num(y + height)}H{num(x)}Z"


def boxes(all_of_them: Iterable[Box]) -> str:
    return "".join(rect(*box) for box in all_of_them)


def line(places: Places) -> str:
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in places) if places else ""


def dots(places: Places) -> str:
    """Drawn by round caps."""
    return "".join(f"M{num(x)} {num(y)}h0" for x, y in places)


class Plot:
    """An SVG under construction. ``case``: shown only while that one is chosen; the first is the static picture."""

    def __init__(self, size: Size, height: int, x: Scale, y: Scale, case: int = 0) -> None:
        self.size, self.height, self.x, self.y, self.case = size, height, x, y, case
        self.parts: list[str] = []

    def add(self, tag: str, name: str = "", words: str = "", /, **attributes: object) -> None:
        """An element; ``name``: what the script calls it. Underscores in attributes become hyphens."""
        given = {"data-mark": name, **attributes} if name else attributes
        listed = "".join(
            f' {key.replace("_", "-")}="{escape(num(v) if isinstance(v, float) else str(v))}"'
            for key, v in given.items()
        )
        self.parts.append(f"<{tag}{listed}>{escape(words)}</{tag}>" if words or tag == "text" else f"<{tag}{listed}/>")

    def area(self, name: str, d: str, colour: str, **attributes: object) -> None:
        self.add("path", name, d=d, fill=tone(colour), **attributes)

    def stroke(self, name: str, d: str, colour: str, width: float = 2.5, **attributes: object) -> None:
        self.add("path", name, d=d, fill="none", stroke=tone(colour), stroke_width=width, **attributes)

    def points(self, name: str, places: Places, colour: str, width: float = 8.0) -> None:
        self.stroke(name, dots(places), colour, width, stroke_linecap="round")

    def axis_x(self, ticks: Sequence[tuple[float, str]], title: str) -> None:
        bottom, font = self.y.start, self.size.font
        marks = "".join(f"M{num(self.x(v))} {num(bottom)}v5" for v, _ in ticks)
        self.stroke("", f"{line([(self.x.start, bottom), (self.x.end, bottom)])}{marks}", "fg2", 1.0)
        for value, words in ticks:
            self.add("text", "", words, x=self.x(value), y=bottom + font + 6, text_anchor="middle")
        self.add("text", "", title, x=(self.x.start + self.x.end) / 2, y=bottom + 2 * font + 10, text_anchor="middle")

    def axis_y(self, ticks: Sequence[tuple[float, str]]) -> None:
        rules = "".join(line([(self.x.start, self.y(v)), (self.x.end, self.y(v))]) for v, _ in ticks)
        self.stroke("", rules, "line", 1.0)
        for value, words in ticks:
            self.add("text", "", words, x=self.x.start - 6, y=self.y(value) + 5, text_anchor="end")

    def legend(self, entries: Sequence[tuple[str, str, str]], y: float = 14.0) -> None:
        """(colour, words, name of the words) of each; a colour that ends in "-" is dashed. In rows where narrow."""
        x = first = float(self.x.start)
        for colour, words, name in entries:
            wide = 26 + self.size.pitch * len(words) + 18
            if x > first and x + wide > self.size.width + 14:
                x, y = first, y + self.size.font + 5
            dash = {"stroke_dasharray": "5 3"} if colour.endswith("-") else {}
            self.stroke("", line([(x, y - 5), (x + 20, y - 5)]), colour.removesuffix("-"), 5.0, **dash)
            self.add("text", name, words, x=x + 26, y=y)
            x += wide

    def svg(self) -> str:
        hidden = ' hidden=""' if self.case else ""
        once = " pw-print-no" if self.case or self.size != SIZES[0] else ""  # print takes the wide one of the first
        return (
            f'<svg class="pw-plot pw-plot--{self.size.name}{once}" viewBox="0 0 {self.size.width} {self.height}" '
            f'data-case="{self.case}" data-x="{self.x}" data-y="{self.y}" font-family="Rajdhani, sans-serif" '
            f'font-size="{self.size.font}" font-weight="500" fill="var(--pw-fg2)"{hidden}>{"".join(self.parts)}</svg>'
        )


def ticks_of(values: Iterable[float]) -> list[tuple[float, str]]:
    return [(v, f"{v:g}") for v in values]
