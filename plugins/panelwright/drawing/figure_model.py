"""A drawn figure, whoever it is: one shared symbol and the places on it that others ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from panelwright.drawing.model import Box

MARKED = re.compile(r"<\?b (\d+)\?>(.*?)<\?e\?>", re.S)  # what a frame may cut off, see Ink.below


class Spot(NamedTuple):
    """A place that has a size: ``r``, half of what is there."""

    x: float
    y: float
    r: float = 0.0


def nowhere(part: str) -> tuple[Spot, ...]:
    """One without parts that have names."""
    return ()


class Figure(NamedTuple):
    """In figure units (1 unit = .001525 m), facing applied, origin on the ground, y down.

    ``symbol``: id of the ``<g>`` in ``svg``, which holds its own definitions. ``front``: where a
    balloon's tail should stop. ``face``: centre and radius, hair included. ``cuts``: framing name ->
    y where a frame's lower edge would cut the figure. ``feet``: x of the middle of each sole. ``over``: a
    second symbol, the thumbs that lie on a hologram in the hands, or nothing; its id is that of the first and "-over".
    ``marked``: ``svg`` with marks round the parts that a frame may cut off, which begin at ``tops``.
    ``spots``: where a part of staging.places is; only reckoned when somebody asks.
    """

    symbol: str
    svg: str
    mouth: tuple[float, float]
    front: tuple[float, float]
    face: tuple[float, float, float]
    eye_y: float
    height: float
    bounds: Box
    hands: tuple[tuple[float, float, float], ...] = ()
    cuts: Mapping[str, float] = MappingProxyType({})
    feet: tuple[float, ...] = ()
    over: str = ""
    marked: str = ""
    tops: tuple[float, ...] = ()

    def above(self, y: float) -> Figure:
        """The figure as a frame shows it that cuts it at ``y``: without the parts wholly below, as another symbol."""
        hidden = {i for i, top in enumerate(self.tops) if top > y}
        if not hidden:
            return self
        symbol = f"g{sum(1 << i for i in hidden):x}_{self.symbol[1:]}"
        names = re.compile(f'(id="|#){self.symbol}')

        def named(svg: str) -> str:
            return names.sub(rf"\g<1>{symbol}", svg)

        svg = MARKED.sub(lambda m: "" if int(m[1]) in hidden else m[2], self.marked)
        return self._replace(symbol=symbol, svg=named(svg), over=named(self.over))

    spots: Callable[[str], tuple[Spot, ...]] = nowhere
