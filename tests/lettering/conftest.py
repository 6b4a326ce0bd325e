"""A small panel with two speakers, and helpers to letter it."""

from __future__ import annotations

import pytest

from panelwright.assets import Assets
from panelwright.drawing.model import Actor, Avoid, Box, Drawing
from panelwright.script.model import Line, LineKind, Span


@pytest.fixture(scope="session")
def assets() -> Assets:
    return Assets.default()


def line(text: str, kind: LineKind = LineKind.SPEECH, speaker: str = "", **more: object) -> Line:
    if kind in (LineKind.SPEECH, LineKind.THOUGHT) and not speaker:
        speaker = "Kai"
    return Line(kind, text, Span("script.md", 7, 3), speaker, **more)  # type: ignore[arg-type]


def actor(who: str, x: float, y: float, r: float, facing: int = 1) -> Actor:
    """A head at (x, y): the mouth below its middle, the front to the side it looks at."""
    return Actor(
        who,
        (x + facing * r * 0.3, y + r * 0.4),
        (x + facing * r * 0.98, y + r * 0.5),
        (x, y, r),
        facing,
        Box(x - r * 1.5, y - r, r * 3, r * 7),
    )


def two(w: float, h: float, k: float = 1.0, band: float = 0.0) -> Drawing:
    """Kai on the left looks right, Dr. Nova on the right looks left."""
    r = 75 * k
    actors = (actor("Kai", w * 0.22, h * 0.66, r, 1), actor("Dr. Nova", w * 0.78, h * 0.66, r, -1))
    faces = tuple(Avoid(Box(a.face[0] - r, a.face[1] - r, 2 * r, 2 * r), 1.0, "face") for a in actors)
    return Drawing("", "", {}, actors, faces, None, band)
