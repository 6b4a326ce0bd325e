"""What the drawing hands on to the lettering: SVG and the places that words must know about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from panelwright.diagnostics import AuthorError, Diagnostic


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    w: float
    h: float

    @property
    def x1(self) -> float:
        return self.x + self.w

    @property
    def y1(self) -> float:
        return self.y + self.h

    @property
    def cx(self) -> float:
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        return self.y + self.h / 2

    def grown(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def scaled(self, k: float) -> Box:
        return Box(self.x * k, self.y * k, self.w * k, self.h * k)

    def overlap(self, other: Box) -> float:
        """The common area."""
        w = min(self.x1, other.x1) - max(self.x, other.x)
        h = min(self.y1, other.y1) - max(self.y, other.y)
        return w * h if w > 0 and h > 0 else 0.0


@dataclass(frozen=True)
class Actor:
    """Somebody in the picture, in panel units (origin: the frame's top left corner).

    ``face``: centre and radius of the circle that holds face and hair. ``front``: where a tail's tip
    should stop, just outside the face before the mouth. ``facing``: -1 left, 1 right, 0 front.
    """

    who: str
    mouth: tuple[float, float]
    front: tuple[float, float]
    face: tuple[float, float, float]
    facing: int
    body: Box
    hands: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Avoid:
    """A zone that balloons should leave free. ``weight`` 1.0 must not be covered, below: a cost.

    ``words``: a line of a diagram stands there, and could not be read under a balloon.
    """

    box: Box
    weight: float
    name: str
    words: bool = False


@dataclass(frozen=True)
class Drawing:
    """``svg`` uses what ``defs`` defines and, by ``<use>``, the shared ``symbols`` (id -> element).

    ``over``: figures that reach over the panel's frame.

    ``words``: every word drawn as part of the picture (labels of diagrams), in order.
    ``depicts``: what the picture shows, for the alternative text and the review.
    """

    svg: str
    defs: str
    symbols: dict[str, str] = field(default_factory=dict)
    actors: tuple[Actor, ...] = ()
    avoid: tuple[Avoid, ...] = ()
    focal: Box | None = None
    band: float = 0.0  # y where the room for balloons begins
    words: tuple[str, ...] = ()
    depicts: tuple[str, ...] = ()
    over: str = ""

    def scaled(self, k: float) -> Drawing:
        """The same drawing with its anchors in units ``k`` times as large (an edition's own)."""
        if k == 1:
            return self
        actors = tuple(
            Actor(
                a.who,
                (a.mouth[0] * k, a.mouth[1] * k),
                (a.front[0] * k, a.front[1] * k),
                (a.face[0] * k, a.face[1] * k, a.face[2] * k),
                a.facing,
                a.body.scaled(k),
                tuple((x * k, y * k, r * k) for x, y, r in a.hands),
            )
            for a in self.actors
        )
        avoid = tuple(replace(a, box=a.box.scaled(k)) for a in self.avoid)
        focal = self.focal.scaled(k) if self.focal else None
        return replace(self, actors=actors, avoid=avoid, focal=focal, band=self.band * k)


def add_symbols(symbols: dict[str, str], more: Iterable[tuple[str, str]]) -> None:
    """Raises AuthorError where two drawings have one name: it is short, as a page says it hundreds of times."""
    for name, svg in more:
        if symbols.setdefault(name, svg) != svg:
            message = f"two figures of the page have one name by chance, {name}: one would be drawn twice"
            hint = "change one of them a little in the staging, like where they look"
            raise AuthorError(Diagnostic("art/staging", 0, 0, "error", "figure-name", message, hint))
