"""A drawn figure, whoever it is: one shared symbol and the places on it that others ask for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from panelwright.drawing.model import Box


class Figure(NamedTuple):
    """In figure units (1 unit = .001525 m), facing applied, origin on the ground, y down.

    ``symbol``: id of the ``<g>`` in ``svg``, which holds its own definitions. ``front``: where a
    balloon's tail should stop. ``face``: centre and radius, hair included. ``cuts``: framing name ->
    y where a frame's lower edge would cut the figure. ``feet``: x of the middle of each sole. ``over``: a
    second symbol, the thumbs that lie on a hologram in the hands, or nothing; its id is that of the first and "-over".
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
