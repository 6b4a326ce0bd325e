"""Places by name: what a hologram is told to belong to is where it is drawn, wherever the engine has put that."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError
from panelwright.drawing.block import Blocking, Standing, block
from panelwright.drawing.casting import draw_member
from panelwright.drawing.draw import draw_panel, turned
from panelwright.drawing.figure_model import Spot
from panelwright.drawing.model import Box, Drawing
from panelwright.drawing.places import Room, placed
from panelwright.layout.model import PAGE
from panelwright.script.model import Item, Panel, Scene, Span
from panelwright.staging.model import CastMember, Hologram, Shot
from panelwright.svg.path import homog, unhomog

ASSETS = Assets.default()
W, H = 1500.0, 800.0
HERE = Span("s.md", 1, 1)
PRESS = {"near": [-8, 12, 14, "relaxed"], "far": [34, 116, 98, "press"]}


def drawn(*cast: CastMember, holograms: tuple[Hologram, ...] = (), **more: object) -> Drawing:
    shot = Shot(1, cast=cast, holograms=holograms, **more)  # type: ignore[arg-type]
    items = tuple(Item(f'"How {word}?"', HERE, quoted=(f"How {word}?",)) for word in ("fast", "many", "much"))
    panel = Panel(1, "", HERE, Scene("", HERE, items=items), ())
    return draw_panel(panel, shot, W, H, 18, 100, 0, (), PAGE, ASSETS, "t", {})


def spots(m: CastMember, part: str, **more: object) -> list[tuple[float, float]]:
    """Where ``drawn`` puts a part of the only one in it."""
    shot = Shot(1, cast=(m,), **more)  # type: ignore[arg-type]
    figures = [(m, draw_member(ASSETS, m, "#7FEAFF", "front", False))]
    (s,) = block(shot, figures, [(0.3, 3.5)] * len(shot.holograms), W, H, 18, 100, 0, (), 0.62).standing
    return [s.to_panel(x, y) for x, y, _ in s.figure.spots(part)]


def lights(svg: str) -> Iterator[tuple[float, float]]:
    for x, y in re.findall(r'<circle r="1" transform="translate\((-?[\d.]+) (-?[\d.]+)\)', svg):
        yield float(x), float(y)


def standing(m: CastMember, x: float = 0, y: float = 0, scale: float = 1) -> Standing:
    return Standing(m, draw_member(ASSETS, m, "#7FEAFF", "front", False), x, y, scale, 1)


def room(*standing: Standing, holograms: tuple[tuple[Hologram, Box], ...] = ()) -> Room:
    place = Blocking(0, 1, standing, holograms, Box(0, 0, W, H), 0)
    return Room(1, place, lambda holo: {"foot": (0.25, 1)}, "holodeck", {"stage": Spot(700, 500)})


PARTS = st.sampled_from(["", "eyes", "mouth", "hand", "near hand", "far hand", "hands", "finger", "fingers", "grip"])


@given(PARTS, st.floats(-500, 2000), st.floats(0, 2000), st.floats(0.1, 3))
@settings(max_examples=60)
def test_what_is_named_follows_when_somebody_is_moved_and_scaled(part: str, x: float, y: float, scale: float) -> None:
    nova = CastMember("Dr. Nova", "raise_three", "calm", view="front", facing="right")
    name = f"Dr. Nova's {part}" if part else "Nova"
    there = room(standing(nova)).find(name)
    moved = room(standing(nova, x, y, scale)).find(name)
    assert moved
    for a, b in zip(there, moved, strict=True):
        assert b == pytest.approx((x + scale * a.x, y + scale * a.y, scale * a.r))


@given(PARTS)
@settings(max_examples=20)
def test_what_is_named_is_mirrored_with_who_has_it(part: str) -> None:
    ways = [CastMember("Dr. Nova", "raise_three", "calm", view="front", facing=side) for side in ("right", "left")]
    right, left = (room(standing(m)).find(f"Nova's {part}" if part else "Nova") for m in ways)
    for a, b in zip(right, reversed(left), strict=True):
        assert (-b.x, b.y, b.r) == pytest.approx(tuple(a), abs=0.2)


@given(st.floats(0.3, 0.7), st.sampled_from(["left", "right"]), st.sampled_from(["waist", "medium", "full"]))
@settings(max_examples=12, deadline=None)
def test_a_button_lies_under_the_finger_wherever_somebody_stands(at: float, facing: str, framing: str) -> None:
    nova = CastMember("Dr. Nova", "point", "calm", at=at, framing=framing, facing=facing, over=PRESS)
    button = Hologram("press", "frame", opts={"at": "Dr. Nova's finger", "to": "holodeck's stage"})
    out = drawn(nova, holograms=(button,), set="holodeck", eyes=0.4)
    (tip,) = spots(nova, "finger", holograms=(button,), eyes=0.4)
    assert any(math.dist(light, tip) < 1 for light in lights(out.svg))


@pytest.mark.parametrize("at", [0.2, 0.7])
def test_a_crowd_sends_its_requests_into_the_tablet_that_somebody_holds(at: float) -> None:
    kai = CastMember("Kai", "show_tablet", "calm", at=at, facing="right", holding="tablet")
    swarm = Hologram("user_swarm", "above", 0.4, opts={"to": "Kai's tablet", "from": "right"})
    out = drawn(kai, holograms=(swarm,), arrange="above")
    (screen,) = spots(kai, "tablet", holograms=(swarm,), arrange="above")
    assert any(math.dist(light, screen) < 1 for light in lights(out.svg))


def test_every_question_has_its_fingertip() -> None:
    for at in (0.3, 0.6):
        nova = CastMember("Dr. Nova", "raise_three", "calm", view="front", at=at, facing="right", framing="bust")
        holo = Hologram("questions", "above", 0.3, opts={"fingers": "Dr. Nova's fingers"})
        out = drawn(nova, holograms=(holo,), arrange="above", eyes=0.6)
        tips = spots(nova, "fingers", holograms=(holo,), arrange="above", eyes=0.6)
        assert len(tips) == 3
        assert all(any(math.dist(light, tip) < 1 for light in lights(out.svg)) for tip in tips)


def test_the_first_who_has_such_a_part_is_meant_unless_told_which() -> None:
    stands = standing(CastMember("Kai", "stand", "calm", facing="right"), 100)
    sits = standing(CastMember("Kai", "slump", "calm", facing="right"), 900)
    here = room(stands, sits)
    assert here.find("Kai's seat")[0].x > 500 > here.find("Kai's eyes")[0].x
    assert here.find("second Kai's eyes")[0].x > 500
    hip = here.find("Kai's seat")[0]
    assert sits.figure.eye_y < hip.y < -100  # between the eyes and the ground


def test_everybody_is_all_of_them_from_left_to_right() -> None:
    kai, nova = (CastMember(who, "crossed", "calm") for who in ("Kai", "Dr. Nova"))
    here = room(standing(kai, 900), standing(nova, 100))
    assert here.find("everybody") == (*here.find("Nova"), *here.find("Kai"))
    assert here.find("everybody's hands") == (*here.find("Nova's hands"), *here.find("Kai's hands"))


def test_holograms_and_sets_have_points_too() -> None:
    here = room(holograms=((Hologram("chat"), Box(100, 50, 400, 200)),))
    assert here.find("chat") == (Spot(300, 150, 100),)
    assert here.find("chat's bottom") == (Spot(300, 250, 100),)
    assert here.find("chat's foot") == (Spot(200, 250, 100),)
    assert here.find("holodeck's stage") == (Spot(700, 500),)


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("Kay's hand", '"Kay\'s hand" is not in panel 1', "did you mean 'Kai'?"),
        ("Kai's seat", "Kai has no 'seat' as drawn in panel 1", "hand"),
        ("third Kai", "'third Kai' is not in panel 1", "Kai"),
        ("chat's fot", "chat has no 'fot' as drawn in panel 1", "did you mean 'foot'?"),
        ("holodeck's stge", "holodeck has no 'stge' as drawn in panel 1", "did you mean 'stage'?"),
    ],
)
def test_what_is_not_there_is_told_with_what_there_is(name: str, message: str, hint: str) -> None:
    here = room(standing(CastMember("Kai", "stand", "calm")), holograms=((Hologram("chat"), Box(0, 0, 9, 9)),))
    with pytest.raises(AuthorError) as caught:
        here.find(name)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("place-unknown", message)
    assert hint in found.hint


@given(st.floats(-50, 50), st.floats(0, 1), st.floats(0, 1))
def test_on_a_turned_sheet_a_place_is_where_the_sheet_shows_it(degrees: float, u: float, v: float) -> None:
    quad, _ = turned(600, 400, degrees)
    x, y = homog(600, 400, quad)(u * 600, v * 400)
    box = Box(0, 0, 600, 400)
    out = placed({"at": "x"}, {"at": "place"}, lambda _: (Spot(x, y, 1),), box, unhomog(600, 400, quad))
    assert out["at"][:2] == pytest.approx([u, v], abs=1e-6)


def test_only_options_that_the_template_lists_are_places(tmp_path: Path) -> None:
    asked: list[str] = []

    def found(text: str) -> tuple[Spot, ...]:
        asked.append(text)
        return (Spot(50, 20, 5), Spot(60, 20, 5))

    opts = {"at": "Kai's hand", "all": "Kai's hands", "say": "Kai's hand", "to": [0.1, 0.2]}
    out = placed(opts, {"at": "place", "all": "places", "to": "place"}, found, Box(0, 0, 100, 40))
    assert out == {"at": [0.5, 0.5, 0.05], "all": [[0.5, 0.5, 0.05], [0.6, 0.5, 0.05]], "say": "Kai's hand",
                   "to": [0.1, 0.2]}  # fmt: skip
    assert asked == ["Kai's hand", "Kai's hands"]
