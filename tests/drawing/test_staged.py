"""Blocking: where the eye line lies, who reaches over the frame, how a hologram is turned."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from panelwright.assets import Assets
from panelwright.drawing.block import Blocking, block
from panelwright.drawing.casting import draw_member
from panelwright.drawing.draw import draw_panel, turned
from panelwright.drawing.model import Drawing
from panelwright.layout.model import PAGE
from panelwright.script.model import Panel, Scene, Span
from panelwright.staging.model import CastMember, Hologram, Shot

ASSETS = Assets.default()
W, H, SPEECH = 1500.0, 800.0, 360.0
HERE = Span("s.md", 1, 1)


def blocked(shot: Shot) -> Blocking:
    figures = [(m, draw_member(ASSETS, m, "#7FEAFF", "front", False)) for m in shot.cast]
    aspects = [(0.3, 3.5)] * len(shot.holograms)
    return block(shot, figures, aspects, W, H, 18, SPEECH, 0, (), 0.62)


def drawn(*cast: CastMember, holograms: tuple[Hologram, ...] = (), **more: object) -> Drawing:
    shot = Shot(1, cast=cast, holograms=holograms, **more)  # type: ignore[arg-type]
    panel = Panel(1, "", HERE, Scene("", HERE), ())
    return draw_panel(panel, shot, W, H, 18, SPEECH, 0, (), PAGE, ASSETS, "t", {})


def person(**more: object) -> CastMember:
    return CastMember("Dr. Nova", "stand", "calm", facing="right", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("framing", ["full", "medium", "bust"])
def test_an_eye_line_is_where_all_eyes_lie(framing: str) -> None:
    cast = (person(at=0.2, framing=framing), CastMember("Kai", "stand", "calm", at=0.7, facing="left"))
    for s in blocked(Shot(1, cast=cast, eyes=0.5)).standing:
        assert s.y + s.figure.eye_y * s.scale == pytest.approx(0.5 * H)


def test_the_framing_says_how_large_they_are_on_an_eye_line() -> None:
    sizes = [
        blocked(Shot(1, cast=(person(framing=f),), eyes=0.5)).standing[0].scale for f in ("full", "medium", "bust")
    ]
    assert sizes == sorted(sizes)
    assert sizes[2] > 1.3 * sizes[0]


def test_heads_rise_beside_the_words_where_an_eye_line_is_given_and_stay_in_the_frame() -> None:
    (under,) = blocked(Shot(1, cast=(person(),))).standing
    (beside,) = blocked(Shot(1, cast=(person(),), eyes=0.4)).standing
    top = beside.y + (beside.figure.face[1] - beside.figure.face[2]) * beside.scale
    assert under.y + under.figure.eye_y * under.scale > 18 + SPEECH > 0.4 * H
    assert top > 18
    assert beside.scale > 1.2 * under.scale


def test_somebody_may_stand_lower_than_the_others() -> None:
    cast = (person(at=0.2), CastMember("Kai", "stand", "calm", at=0.7, facing="left", eyes=0.65))
    nova, kai = blocked(Shot(1, cast=cast, eyes=0.45)).standing
    assert nova.y + nova.figure.eye_y * nova.scale == pytest.approx(0.45 * H)
    assert kai.y + kai.figure.eye_y * kai.scale == pytest.approx(0.65 * H)


def test_who_floats_is_drawn_before_those_who_stand_or_behind_them_if_told() -> None:
    for behind in (False, True):
        out = drawn(person(at=0.4), CastMember("Tensor", "happy", "joy", at=0.5, up=0.5, behind=behind))
        nova, tensor = (out.svg.index(f'<use href="#{symbol}"') for symbol in out.symbols)
        assert (tensor < nova) == behind


def test_what_breaks_the_frame_is_drawn_over_it_and_may_reach_out() -> None:
    tensor = CastMember("Tensor", "happy", "joy", at=0.95, up=0.9, size=1.4)
    assert not drawn(tensor).over
    over = drawn(CastMember("Tensor", "happy", "joy", at=0.95, up=0.9, size=1.4, breaks=True))
    (symbol,) = over.symbols
    assert symbol in over.over
    assert f'href="#{symbol}"' not in over.svg
    (inside,) = blocked(Shot(1, cast=(tensor,))).standing
    assert inside.box.x1 <= W


@pytest.mark.parametrize("degrees", [-40, -12, 12, 40])
def test_a_turned_sheet_stays_in_its_box_and_its_far_edge_is_shorter(degrees: float) -> None:
    quad, narrowest = turned(600, 400, degrees)
    assert all(-0.01 <= x <= 600.01 and -0.01 <= y <= 400.01 for x, y in quad)
    left, right = math.dist(quad[0], quad[3]), math.dist(quad[1], quad[2])
    assert (left > right) == (degrees > 0)
    assert min(left, right) == pytest.approx(400 * narrowest)


def test_a_hologram_that_somebody_holds_lies_on_the_fingers_and_under_the_thumb() -> None:
    nova = CastMember("Dr. Nova", "hold_up", "smile", facing="right", hands={"far": "show"}, holding="hologram")
    held = (Hologram("passport", "right", 0.4, front=True),)
    out = drawn(nova, holograms=held)
    (symbol,) = (s for s in out.symbols if not s.endswith("-over"))
    figure, thumb = (out.svg.index(f'href="#{s}"') for s in (symbol, f"{symbol}-over"))
    assert figure < out.svg.index("#051C33") < thumb  # the seal of the passport
    assert "#0A1E3A" not in out.symbols[symbol]  # no tablet in that hand
    assert len(drawn(replace(nova, holding=""), holograms=held).symbols) == 1


def shadows(d: Drawing) -> list[tuple[float, float]]:
    """Where the middles of the shadows lie."""
    found = []
    for x, y, fill in re.findall(r'<circle r="1" transform="translate\(([-.\d]+) ([-.\d]+)\)[^>]*url\(#(\w+)\)', d.svg):
        gradient = re.search(rf'id="{fill}".*?</radialGradient>', d.defs)
        if gradient and "#00030A" in gradient[0]:
            found.append((float(x), float(y)))
    return found


@pytest.mark.parametrize(("light", "side"), [("right", -1), ("left", 1)])
def test_one_whom_the_frame_cuts_shades_the_set_away_from_the_light_and_darkens_toward_the_cut(
    light: str, side: int
) -> None:
    plain = drawn(set="lab")
    d = drawn(person(at=0.5, framing="bust"), set="lab", opts={"light_from": light})
    (behind, cut) = [at for at in shadows(d) if at not in shadows(plain)]
    assert (behind[0] - W / 2) * side > 0
    assert behind[1] < H < cut[1]
    assert d.svg.index("<use") < d.svg.rindex("<circle")  # the last lies over the figure


def test_a_light_of_their_own_takes_the_place_of_the_rooms() -> None:
    plain, red = (next(iter(drawn(person(light=light)).symbols.values())) for light in ("", "red"))
    assert "#FF4D6D" in red
    assert "#FF4D6D" not in plain
    blue = next(iter(drawn(person(back="#123456")).symbols.values()))
    assert 'fill="#123456"' in blue


def test_hands_beside_the_cut_stay_light() -> None:
    def depth(pose: str) -> float:
        d = drawn(replace(person(at=0.5, framing="bust"), pose=pose))
        fill = re.findall(r"<circle [^>]*url\(#(\w+)\)", d.svg)[-1]  # the shade that lies over the figure
        gradient = re.search(rf'id="{fill}".*?</radialGradient>', d.defs)
        assert gradient is not None
        return max(float(o) for o in re.findall(r'stop-opacity="([\d.]+)"', gradient[0]))

    assert depth("crossed") < 0.6 * depth("stand")


def test_feet_have_their_shadow_on_the_floor_and_those_who_float_have_none() -> None:
    plain = drawn(set="lab")
    standing = [at for at in shadows(drawn(person(at=0.5, framing="full"), set="lab")) if at not in shadows(plain)]
    floating = [at for at in shadows(drawn(person(at=0.5, up=0.6), set="lab")) if at not in shadows(plain)]
    assert len(standing) == 3  # the shade away from the light, and the dark under each sole
    assert floating == []
    striding = drawn(replace(person(at=0.5, framing="full"), pose="walk"), set="lab")
    soles = sorted(x for x, _ in shadows(striding) if (x, _) not in shadows(plain))
    assert soles[-1] - soles[0] > 1.5 * (max(standing)[0] - min(standing)[0])
