"""A drawn figure, whoever it is: one shared symbol and the places on it that others ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from panelwright.drawing.model import Box


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
    spots: Callable[[str], tuple[Spot, ...]] = nowhere
