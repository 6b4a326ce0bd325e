import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelwright.svg.camera import Scene

RADII = st.floats(0.1, 20)


@given(RADII, st.floats(-3, 9), st.integers(3, 90))
def test_a_circle_is_closed_level_and_everywhere_as_far_from_the_middle(r: float, y: float, m: int) -> None:
    segments = Scene.circle(r, y, m)
    assert len(segments) == m
    for (_, end), (start, _) in zip(segments, segments[1:] + segments[:1], strict=True):
        assert end == pytest.approx(start, abs=1e-9 * r)
        assert start[1] == y
        assert math.hypot(start[0], start[2]) == pytest.approx(r)


@given(RADII, st.floats(-3, 3), st.floats(0.01, 1), st.floats(0, 2), st.floats(0.1, 5))
def test_an_upright_panel_stands_on_its_circle(r: float, a: float, wide: float, foot: float, tall: float) -> None:
    corners = Scene.upright(r, a, a + wide, foot, foot + tall)
    assert [c[1] for c in corners] == [foot, foot, foot + tall, foot + tall]
    assert all(math.hypot(x, z) == pytest.approx(r) for x, _, z in corners)
    assert corners[0][::2] == corners[3][::2]
    assert corners[1][::2] == corners[2][::2]
    assert math.dist(corners[0], corners[1]) == pytest.approx(2 * r * math.sin(wide / 2))
