"""The cover's lettering, the partners' marks, and the pictures of the GPU, orbs, heat and waiting."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from panelwright.assets import Assets
from panelwright.drawing.block import block
from panelwright.drawing.figures import FigureSpec, draw_figure
from panelwright.inking import SUBTITLE
from panelwright.layout.model import EDITIONS
from panelwright.staging.model import CastMember, Shot
from panelwright.svg.canvas import Canvas
from panelwright.svg.pen import Pen
from panelwright.svg.templates import header, palette, render

ASSETS = Assets.default()
TITLE = "INTRO TO INFERENCE: How to Run AI Models on a GPU"
PICTURES = (
    "gpu",
    "light_stream",
    "orbs",
    "orb_storm",
    "dropped_orbs",
    "network_inside",
    "overload",
    "loading_spinner",
    "swipe",
)


def title(text: str, subtitle: str = "", w: float = 1600, h: float = 2475) -> tuple[str, Canvas]:
    canvas = Canvas("t")
    body = render(ASSETS, "props/title.svg.j2", canvas, w=w, h=h, text=text, subtitle=subtitle, least=26.0, k=1.0)
    return body, canvas


def picture(name: str, w: float, h: float, /, **opts: object) -> tuple[str, Canvas]:
    canvas = Canvas("h")
    body = render(
        ASSETS, f"holograms/{name}.svg.j2", canvas, pen=Pen(canvas).at(50, 40), w=w, h=h, light=palette(ASSETS)["cyan"],
        opts=opts, scene=None, panel=None, data={}, k=1.0, least=27.0,
    )  # fmt: skip
    return body, canvas


def starts(canvas: Canvas) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'd="m(-?[\d.]+)[ ]?(-?[\d.]+)', str(canvas.defs))]


def test_the_title_is_said_verbatim_once() -> None:
    body, canvas = title(TITLE)
    assert canvas.words == [TITLE]
    assert body.count(f'aria-label="{TITLE}"') == 1


@pytest.mark.parametrize(("edition", "k"), [("page", 1.0), ("phone", 1.22)])
def test_who_stands_whole_on_the_cover_has_the_feet_above_the_console(edition: str, k: float) -> None:
    e = EDITIONS[edition]
    w = e.width / e.scale
    h = w * (2475 / 1600 if edition == "page" else 1.5)
    body = render(
        ASSETS, "props/title.svg.j2", Canvas("t"), w=w, h=h, text=TITLE, least=e.least_text / e.scale, k=k,
        subtitle="A Google Cloud x NVIDIA Learning Path",
    )  # fmt: skip
    found = re.search(r'd="m-9 ([\d.]+)h[\d.]+l[\d.]+ ([\d.]+)h', body)
    assert found
    edge = float(found[1]) + float(found[2])
    shot = Shot(1, cast=(CastMember("Dr. Nova", at=0.5, framing="full"),), eyes=0.4)
    nova = draw_figure(ASSETS, FigureSpec("Dr. Nova"))
    place = block(shot, [(shot.cast[0], nova)], [], w, h, h * 0.2, 0.0, h * SUBTITLE[edition], (), 0.62)
    assert edge - 0.05 * h < place.standing[0].y < edge


@pytest.mark.parametrize("text", [TITLE, "Go", "The Quantum Kitchen and Other Very Short Stories", "A: B"])
@pytest.mark.parametrize(("w", "h"), [(1600, 2475), (1000, 1500)])
def test_any_title_stays_in_its_strip(text: str, w: float, h: float) -> None:
    _, canvas = title(text, w=w, h=h)
    lines = starts(canvas)
    assert lines
    assert all(0.05 * w < x < 0.95 * w and 0.02 * h < y < 0.22 * h for x, y in lines)


def test_what_follows_the_colon_is_set_smaller_and_below() -> None:
    _, canvas = title(TITLE)
    first, second, rest = starts(canvas)
    assert first[1] < second[1] < rest[1]


def test_marks_stand_only_where_the_subtitle_names_the_partners() -> None:
    both, _ = title(TITLE, "A Google Cloud x NVIDIA Learning Path")
    none, canvas = title(TITLE, "A Small Comic")
    assert both.count('aria-label="Google Cloud"') == both.count('aria-label="NVIDIA"') == 1
    assert 'aria-label="NVIDIA"' not in none
    assert canvas.words == [TITLE, "A Small Comic"]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(("w", "h"), [(1440, 640), (700, 700), (560, 900)])
def test_pictures_are_wellformed_in_every_shape_and_lean(name: str, w: float, h: float) -> None:
    body, canvas = picture(name, w, h)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{canvas.defs}{body}</svg>'
    ET.fromstring(svg)
    assert len(svg) < 66_000
    assert "nan" not in svg
    wanted = {a or b for a, b in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg)}
    assert wanted <= set(re.findall(r'\bid="([^"]+)"', svg))


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_say_what_they_depict(name: str) -> None:
    path = ASSETS.template_file(f"holograms/{name}.svg.j2")
    assert path
    facts = header(path)
    assert facts["depicts"]
    assert facts["keywords"]
    assert facts["aspect"][0] < facts["aspect"][1]


def test_hundreds_of_orbs() -> None:
    assert picture("orb_storm", 740, 700)[0].count("<use") >= 150


@pytest.mark.parametrize("name", ["overload", "loading_spinner"])
def test_the_crowd_changes_sides(name: str) -> None:
    last = []
    for side in ("left", "right"):
        places = re.findall(
            r'<use href="#[^"]+" transform="translate\((-?[\d.]+)', picture(name, 900, 500, side=side)[0]
        )
        last.append(float(places[-1]) - 50 < 450)
    assert last[0] != last[1]


def test_the_spinner_can_name_who_waits() -> None:
    assert picture("loading_spinner", 900, 500, user=False, name="P99")[1].words == ["P99"]
    assert picture("loading_spinner", 900, 500, user=False)[1].words == []


def test_a_name_on_a_lifted_layer_keeps_its_place_on_the_sheet() -> None:
    here, _ = picture("gpu", 900, 700)
    label = re.search(r'aria-label="GPU">.*?d="m(-?[\d.]+)', here)
    assert label
    assert 350 < float(label[1]) < 650


def test_orbs_fly_in_an_arc_over_the_hands_that_juggle_them() -> None:
    def orbs(shift: float, count: int = 6) -> list[tuple[float, float]]:
        hands = [[x + shift, y, 0.02] for x, y in ((0.3, 0.5), (0.4, 0.45), (0.5, 0.45), (0.6, 0.5), (0.45, 0.7))]
        svg = picture("orbs", 900, 600, over=hands, count=count)[0]
        found = re.findall(r"translate\((-?[\d.]+) (-?[\d.]+)\)", svg)
        return sorted({(float(x) - 50, float(y) - 40) for x, y in found})

    here = orbs(0)
    assert len(here) == 6
    assert len(orbs(0, 4)) == 4
    assert all(b == pytest.approx((x + 90, y), abs=0.2) for b, (x, y) in zip(orbs(0.1), here, strict=True))
    assert here[0][0] < 0.3 * 900 < 0.6 * 900 < here[-1][0]
    assert max(y for _, y in here) < 0.52 * 600
    assert min(y for _, y in here) < 0.45 * 600


@pytest.mark.parametrize(("w", "h"), [(900, 500), (400, 800)])
def test_the_happy_crowd_is_as_many_as_told_and_stands_on_the_ground_of_who_sits(w: float, h: float) -> None:
    def crowd(count: int, seat: float) -> list[tuple[float, float, float]]:
        svg = picture("loading_spinner", w, h, user=False, crowd=count, seat=[0.3, seat, 0.06])[0]
        found = re.findall(r'<use href="#[^"]+" transform="translate\((-?[\d.]+) (-?[\d.]+)\) scale\(([\d.]+)', svg)
        return [(float(x), float(y) + 260 * float(k), float(k)) for x, y, k in found]

    some, lower = crowd(7, 0.6), crowd(7, 0.7)
    assert len(some) == 7
    assert len(crowd(12, 0.6)) == 12
    assert [k for *_, k in some] == sorted(k for *_, k in some)  # the far ones first, and small
    feet = [y for _, y, _ in some]
    assert feet == sorted(feet)
    assert [y for _, y, _ in lower] == pytest.approx([y + 0.1 * h for y in feet], abs=0.5)


@pytest.mark.parametrize(("w", "h"), [(900, 500), (400, 800)])
def test_who_is_told_to_be_smaller_in_the_happy_crowd_is_further_off_on_the_same_ground(w: float, h: float) -> None:
    def nearest(size: float) -> tuple[float, float]:
        opts = {"user": False, "crowd": 7, "seat": [0.3, 0.6, 0.06], "nearest": size}
        svg = picture("loading_spinner", w, h, **opts)[0]
        y, k = re.findall(r'<use href="#[^"]+" transform="translate\(-?[\d.]+ (-?[\d.]+)\) scale\(([\d.]+)', svg)[-1]
        return float(y) + 260 * float(k), float(k)

    (low, large), (high, small) = nearest(0.8), nearest(0.4)
    assert small == pytest.approx(large / 2, abs=0.002)
    assert high < low


@pytest.mark.parametrize("x", [0.4, 0.8])
def test_the_trail_of_a_swipe_ends_at_the_hand_and_is_as_broad_as_the_hand_is_large(x: float) -> None:
    def light(r: float) -> tuple[float, float, float]:
        svg = picture("swipe", 900, 500, at=[x, 0.7, r])[0]
        found = re.findall(r'<circle r="1" transform="translate\((-?[\d.]+) (-?[\d.]+)\) scale\(([\d.]+)', svg)[-1]
        return float(found[0]) - 50, float(found[1]) - 40, float(found[2])

    near, far = light(0.06), light(0.03)
    for r, (lx, ly, _) in ((0.06, near), (0.03, far)):
        assert math.dist((lx, ly), (x * 900, 350)) < r * 900
    assert near[2] == pytest.approx(2 * far[2], rel=0.01)


def test_the_trail_of_a_finger_goes_where_its_tip_goes() -> None:
    def light(*tip: float) -> list[float]:
        svg = picture("swipe", 900, 500, at=[0.4, 0.7, 0.06], tip=[*tip, 0.01])[0]
        return [float(v) for v in re.findall(r'<circle r="1" transform="translate\((-?[\d.]+) (-?[\d.]+)', svg)[-1]]

    here, there = light(0.5, 0.6), light(0.6, 0.5)
    assert [b - a for a, b in zip(here, there, strict=True)] == pytest.approx([90, -50], abs=0.5)


def test_the_trail_of_a_finger_is_as_long_as_it_is_told_and_ends_where_it_did() -> None:
    def reach(long: float) -> tuple[float, list[str]]:
        svg = picture("swipe", 900, 500, at=[0.4, 0.9, 0.03], tip=[0.5, 0.9, 0.01], long=long)[0]
        trail = re.search(r'<path d="([^"]*)"', svg)
        assert trail
        ends = re.findall(r'<circle r="1" transform="translate\((-?[\d.]+) (-?[\d.]+)', svg)[-1]
        return float(re.findall(r"-?[\d.]+", trail[1])[1]), list(ends)

    (short, end), (tall, same) = reach(1), reach(2)
    assert same == end
    assert float(end[1]) - tall == pytest.approx(2 * (float(end[1]) - short), rel=0.02)


def test_the_light_of_the_spinner_falls_on_whom_it_is_told_and_draws_nothing_else() -> None:
    lefts = []
    for x in (0.2, 0.5):
        svg, canvas = picture("loading_spinner", 900, 500, part="light", lit=[x, 0.5, 0.1], name="P99")
        assert canvas.words == []
        assert "<path" not in svg
        lefts += [float(v) for v in re.findall(r"<circle[^>]*translate\(([\d.]+)", svg)]
    assert lefts[1] - lefts[0] == pytest.approx(0.3 * 900)


def test_the_river_of_light_passes_each_gate_twice_behind_and_before() -> None:
    none, _ = picture("light_stream", 900, 700, gates=[])
    two, _ = picture("light_stream", 900, 700, gates=[[0.2, 0.1, "cyan"], [0.8, 0.1, "green"]])
    last = two[two.rindex("<path", 0, two.rindex("<path")) :]
    assert two.count("<path") > none.count("<path") + 4
    assert 'fill="none"' in last  # the near side of the last gate lies over the particles


@pytest.mark.parametrize("given", [True, False])
def test_a_desk_stands_before_the_people_of_the_cover_where_it_is_asked_for(given: bool) -> None:
    front = render(
        ASSETS, "sets/cover.svg.j2", canvas := Canvas("m"), pen=Pen(canvas), layer="front", w=1600, h=2475, cam=None,
        light=palette(ASSETS)["cyan"], opts={"console": 0.87} if given else {},
    )  # fmt: skip
    assert ("<path" in front) is given


def test_shadows_lie_on_the_desk_of_the_cover_where_those_stand_who_cast_them() -> None:
    def dark(**opts: Any) -> int:
        front = render(
            ASSETS, "sets/cover.svg.j2", canvas := Canvas("m"), pen=Pen(canvas), layer="front", w=1600, h=2475,
            cam=None, light=palette(ASSETS)["cyan"], opts={"console": 0.87, **opts},
        )  # fmt: skip
        return front.count("<ellipse") + front.count("<circle")

    assert dark(shadows=[[0.2, 0.5, 0.06], [0.7, 0.4, 0.06]]) == dark() + 2
