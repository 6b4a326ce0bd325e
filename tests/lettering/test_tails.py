"""Tails aim at the mouth, stop before the face and go round it."""

from __future__ import annotations

import math

import pytest

from panelwright.drawing.model import Actor, Box
from panelwright.lettering.breaking import Block
from panelwright.lettering.tails import Tail, aim, cross, crosses_box, off_panel

EM = 39.0
BLOCK = Block(("words", "and more"), (0, 6), EM, 180, 90, 0.0)


def person(facing: int = 1) -> Actor:
    """A head at (500, 600) with radius 100, looking to ``facing``."""
    return Actor("Kai", (500 + 40 * facing, 640), (500 + 110 * facing, 670), (500, 600, 100), facing,
                 Box(400, 480, 200, 700))  # fmt: skip


@pytest.mark.parametrize("facing", [-1, 1])
@pytest.mark.parametrize("cx", [300, 400, 500, 600, 700])
def test_a_balloon_above_sends_its_tail_past_the_face_to_the_mouth(facing: int, cx: float) -> None:
    actor = person(facing)
    tail = aim(actor, BLOCK, cx, 300, 2.6, EM)
    if tail.aims:
        assert math.dist(tail.tip, actor.mouth) <= 4 * EM + 1e-6
        assert tail.distance(500, 600) >= 0.9 * 100 - 1e-6
    else:  # the mouth lies behind the face from there
        assert (cx - 500) * facing < 0
        assert math.dist(tail.tip, (500, 600)) >= 100


@pytest.mark.parametrize("facing", [-1, 1])
def test_on_the_side_that_the_speaker_looks_to_the_tail_always_aims(facing: int) -> None:
    assert aim(person(facing), BLOCK, 500 + 100 * facing, 300, 2.6, EM).aims


def test_a_tail_never_ends_inside_the_face() -> None:
    for cx in range(100, 1000, 90):
        for cy in range(100, 400, 60):
            tail = aim(person(), BLOCK, cx, cy, 2.6, EM)
            assert math.dist(tail.tip, (500, 600)) > 100


@pytest.mark.parametrize(("cx", "cy"), [(900, 560), (1000, 640), (860, 480), (720, 320)])
def test_a_tail_from_afar_is_short_and_points_to_the_mouth(cx: float, cy: float) -> None:
    actor = person()
    tail = aim(actor, BLOCK, cx, cy, 2.6, EM)
    assert tail.aims
    assert math.dist(tail.tip, actor.mouth) <= 4 * EM
    to_mouth = math.dist(tail.root, actor.mouth)
    assert tail.length < to_mouth - 1.2 * EM
    # the way on from its tip leads to the mouth
    assert tail.length + math.dist(tail.tip, actor.mouth) < 1.12 * to_mouth


def test_a_balloon_beside_the_head_lets_its_tail_leave_at_the_side() -> None:
    tail = aim(person(), BLOCK, 860, 610, 2.6, EM)
    assert tail.root[0] < 860 - 0.6 * BLOCK.a
    assert abs(tail.root[1] - 610) < BLOCK.b


def test_the_root_lies_inside_the_balloon() -> None:
    for tip_x in (200, 500, 900):
        actor = Actor("Kai", (tip_x, 700), (tip_x, 700), (tip_x, 900, 90), 0, Box(0, 0, 1, 1))
        root = aim(actor, BLOCK, 500, 300, 2.6, EM).root
        assert (abs(root[0] - 500) / 180) ** 2.6 + (abs(root[1] - 300) / 90) ** 2.6 < 0.8


def test_the_bow_bends_away_from_the_face() -> None:
    tail = aim(person(), BLOCK, 620, 300, 2.6, EM)
    straight = ((tail.root[0] + tail.tip[0]) / 2, (tail.root[1] + tail.tip[1]) / 2)
    assert math.dist(tail.knee, (500, 600)) > math.dist(straight, (500, 600))


def test_a_robot_is_met_from_outside_its_square_face() -> None:
    """Its front lies inside the circle of the face: a tail from above must not cross the screen."""
    robot = Actor("Tensor", (500, 620), (430, 620), (500, 600, 100), -1, Box(400, 500, 200, 200))
    above = aim(robot, BLOCK, 500, 250, 2.6, EM)
    assert math.dist(above.tip, (500, 600)) > 100
    beside = aim(robot, BLOCK, 120, 600, 2.6, EM)
    assert beside.aims
    assert beside.tip[0] <= robot.front[0]
    assert 590 < beside.tip[1] < 640


def test_a_voice_from_outside_points_to_the_nearest_side() -> None:
    assert off_panel(BLOCK, 300, 200, 2.6, 1500, 700, EM).tip[0] < 10
    assert off_panel(BLOCK, 1200, 200, 2.6, 1500, 700, EM).tip[0] > 1490


def test_crossing_tails_are_seen() -> None:
    one = Tail((0, 0), (100, 100), 0.14, True)
    assert one.crosses(Tail((100, 0), (0, 100), 0.14, True))
    assert not one.crosses(Tail((200, 0), (300, 100), 0.14, True))
    assert cross((0, 0), (10, 10), (0, 10), (10, 0))
    assert one.through(Box(40, 40, 20, 20))
    assert not one.through(Box(80, 0, 15, 15))
    assert crosses_box((0, 5), (10, 5), Box(4, 0, 2, 10))
    assert not crosses_box((0, 15), (10, 15), Box(4, 0, 2, 10))


def test_over_a_large_face_the_tail_ends_at_the_hair_instead_of_running_along_it() -> None:
    actor = Actor("Kai", (560, 700), (690, 740), (500, 600, 190), 1, Box(300, 400, 400, 700))
    tail = aim(actor, BLOCK, 640, 250, 2.6, EM)
    assert tail.aims
    assert tail.tip[1] < 640  # above the mouth and in front of the hair
    assert math.dist(tail.tip, (500, 600)) >= 190
