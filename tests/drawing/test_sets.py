"""Sets, frames and grounds: one of each drawn small, and what the stage relies on."""

import gzip
import io
import re
import time
from pathlib import Path
from typing import Any

import cairosvg
import pytest
from PIL import Image, ImageStat

from panelwright.assets import Assets
from panelwright.svg.camera import Camera
from panelwright.svg.canvas import Canvas
from panelwright.svg.check import refused
from panelwright.svg.pen import Pen
from panelwright.svg.templates import header, render

ASSETS = Assets.default()
SETS = sorted(p.name.removesuffix(".svg.j2") for p in ASSETS.template_files("sets") if not p.name.startswith("_"))
CYAN, GREEN = "#00D4FF", "#00FF88"
SIZES = {"wide": (1508, 600, 0.0, 0.45), "right": (740, 740, 20.0, 0.3), "tall": (900, 1450, -20.0, 0.65)}


def facts(name: str) -> dict[str, Any]:
    path = ASSETS.template_file(f"sets/{name}.svg.j2")
    assert path
    return header(path)


def draw(name: str, w: float = 740, h: float = 740, yaw: float | None = None, horizon: float = 0.45,
         light: str = CYAN, layer: str = "back", pos: tuple[float, float, float] | None = None,
         **opts: Any) -> str:  # fmt: skip
    shot = facts(name)["camera"]
    turn = shot["yaw"] if yaw is None else yaw
    cam = Camera(pos or tuple(shot["pos"]), turn, 0, shot["f"] * w, w / 2, horizon * h)
    canvas = Canvas("a", (w, h))
    body = render(ASSETS, f"sets/{name}.svg.j2", canvas, w=w, h=h, cam=cam, pen=Pen(canvas), light=light, opts=opts,
                  layer=layer)  # fmt: skip
    return wrapped(canvas, body, w, h)


def wrapped(canvas: Canvas, body: str, w: float, h: float, view: str = "") -> str:
    box = view or f"0 0 {w:g} {h:g}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><defs>{canvas.defs}</defs>{body}</svg>'


def raster(svg: str, width: int = 120) -> Image.Image:
    return Image.open(io.BytesIO(cairosvg.svg2png(bytestring=svg.encode(), output_width=width))).convert("RGBA")


@pytest.mark.parametrize("name", SETS)
def test_a_set_says_where_it_is_used_and_how_it_is_seen(name: str) -> None:
    known = facts(name)
    assert known["keywords"]
    assert all(isinstance(k, str) and k == k.lower() for k in known["keywords"])
    assert len(known["camera"]["pos"]) == 3
    assert 0.4 < known["camera"]["f"] < 1.2
    assert -20 <= known["camera"]["yaw"] <= 20
    assert known["stage"]["near"] < known["stage"]["far"]


def test_the_story_has_its_places() -> None:
    assert {"lab", "studio", "datacenter", "holodeck", "void", "imagination", "cover"} <= set(SETS)


def test_no_two_sets_claim_the_same_word() -> None:
    words = [word for name in SETS for word in facts(name)["keywords"]]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SETS)
def test_a_set_fills_every_frame_within_its_budget(name: str, size: str) -> None:
    w, h, yaw, horizon = SIZES[size]
    svg = draw(name, w, h, yaw, horizon)
    assert refused(svg) == []
    assert len(svg) < 60 * 1024
    assert len(gzip.compress(svg.encode(), mtime=0)) < 22 * 1024
    image = raster(svg)
    inside = image.crop((1, 1, image.width - 1, image.height - 1))  # the last row may be half a pixel
    assert inside.getchannel("A").getextrema() == (255, 255)  # no hole anywhere
    grey = inside.convert("L")
    assert ImageStat.Stat(grey).stddev[0] > 8  # neither black nor one flat wall
    third = grey.height // 3
    for top in (0, third, grey.height - third):  # nor is any third of it empty
        part = grey.crop((0, top, grey.width, top + third))
        low, high = part.getextrema()
        assert high - low > 12


@pytest.mark.parametrize("name", SETS)
def test_the_edges_are_darker_than_the_middle(name: str) -> None:
    grey = raster(draw(name, 1508, 700)).convert("L")
    w, h = grey.size
    middle = ImageStat.Stat(grey.crop((w // 4, h // 6, 3 * w // 4, 2 * h // 3))).mean[0]
    corners = [ImageStat.Stat(grey.crop(box)).mean[0] for box in ((0, 0, w // 10, h // 6), (0, h - h // 6, w // 10, h))]
    assert max(corners) < middle


@pytest.mark.parametrize("name", [n for n in SETS if n != "imagination"])
def test_a_set_takes_the_colour_of_its_light(name: str) -> None:
    r, g, b = ImageStat.Stat(raster(draw(name, light="#FF4D6D")).convert("RGB")).mean
    r0, g0, b0 = ImageStat.Stat(raster(draw(name, light=CYAN)).convert("RGB")).mean
    assert r / (g + b) > 1.4 * r0 / (g0 + b0)


def test_the_split_mood_is_green_on_the_left_and_red_on_the_right_unless_told() -> None:
    image = raster(draw("imagination", 740, 740)).convert("RGB")
    left = ImageStat.Stat(image.crop((0, 0, 40, 60))).mean
    right = ImageStat.Stat(image.crop((80, 0, 120, 60))).mean
    assert left[1] > 1.5 * left[0]
    assert right[0] > 1.5 * right[1]
    other = raster(draw("imagination", 740, 740, left="#4D9BFF")).convert("RGB")
    assert ImageStat.Stat(other.crop((0, 0, 40, 60))).mean[2] > left[2] * 1.5


def test_what_is_thought_stays_in_its_cloud() -> None:
    plain, cloud = (
        raster(draw("imagination", 740, 740, **o)).convert("RGB") for o in ({}, {"cloud": [0.3, 0.2, 0.9, 0.8]})
    )
    corner, inside = (0, 0, 30, 16), (46, 50, 54, 60)
    green = [ImageStat.Stat(image.crop(corner)).mean[1] for image in (plain, cloud)]
    assert green[1] < green[0] * 0.6
    r, g, _ = ImageStat.Stat(cloud.crop(inside)).mean
    assert g > r


@pytest.mark.parametrize(("name", "opts"), [
    ("lab", {"door": True}), ("lab", {"projector": True}), ("lab", {"spot": [0, 3]}),
    ("void", {"rays": True}), ("void", {"at": [0.2, 0.3]}),
    ("void", {"wall": True}), ("void", {"lamp": True}), ("holodeck", {"beam": False}), ("cover", {"at": [0.4, 0.3]}),
    ("cover", {"spots": [[0.5, 0.8, 0.2]]}), ("studio", {"shut": True}), ("studio", {"dusk": "green"}),
    ("imagination", {"split": 0.3}), ("imagination", {"cloud": [0.2, 0.1, 0.8, 0.9]}),
    ("imagination", {"cloud": [0.2, 0.1, 0.8, 0.9], "trail": [0.1, 0.8, 0.06]}),
])  # fmt: skip
def test_an_option_changes_the_picture_and_stays_in_budget(name: str, opts: dict[str, Any]) -> None:
    with_it = draw(name, 1508, 700, **opts)
    assert with_it != draw(name, 1508, 700)
    assert refused(with_it) == []
    assert len(with_it) < 60 * 1024


def test_the_hologram_table_stands_at_the_depth_it_is_told() -> None:
    near, far = draw("lab", projector=4.0), draw("lab", projector=9.0)

    def widest_pool(svg: str) -> float:
        return max(float(m) for m in re.findall(r'scale\(([\d.]+) [\d.]+\)"', svg))

    assert widest_pool(near) > 1.5 * widest_pool(far)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_desk_in_front_stands_in_its_corner_only(side: str) -> None:
    alpha = raster(draw("lab", 1508, 700, layer="front", fore=side)).getchannel("A")
    w, h = alpha.size
    filled = {"left": (0, h - 6, w // 4, h), "right": (3 * w // 4, h - 6, w, h)}
    other = "right" if side == "left" else "left"
    assert ImageStat.Stat(alpha.crop(filled[side])).mean[0] > 200
    assert ImageStat.Stat(alpha.crop(filled[other])).mean[0] == 0
    assert ImageStat.Stat(alpha.crop((0, 0, w, h // 2))).mean[0] == 0


def test_nothing_stands_in_front_unless_asked() -> None:
    for name in SETS:
        assert "<path" not in draw(name, layer="front")


@pytest.mark.parametrize("name", SETS)
def test_the_floor_meets_the_camera(name: str) -> None:
    """A world, not a backdrop: a step to the side changes the picture."""
    x, y, z = facts(name)["camera"]["pos"]
    assert draw(name, pos=(x + 0.5, y, z)) != draw(name, pos=(x, y, z))


def test_a_set_is_drawn_the_same_every_time() -> None:
    for name in SETS:
        assert draw(name, 900, 600) == draw(name, 900, 600)


def test_a_set_is_drawn_fast() -> None:
    draw("lab")
    start = time.process_time()
    draw("lab", 1508, 700)
    assert time.process_time() - start < 0.5  # usually .05; a loop that runs away is what this catches


# -- frames


def frame(
    kind: str = "normal", light: str = CYAN, k: float = 1.0, w: float = 700, h: float = 400
) -> tuple[str, Image.Image]:
    canvas = Canvas("f")
    body = render(ASSETS, "frames/panel.svg.j2", canvas, w=w, h=h, light=light, kind=kind, k=k)
    svg = wrapped(canvas, body, w, h, f"-20 -20 {w + 40:g} {h + 40:g}")
    return svg, raster(svg, int(w + 40))


@pytest.mark.parametrize("kind", ["normal", "alert", "quiet"])
def test_a_frame_leaves_the_picture_free(kind: str) -> None:
    svg, image = frame(kind)
    assert refused(svg) == []
    assert len(svg) < 6 * 1024
    alpha = image.getchannel("A")
    assert alpha.crop((20 + 80, 20 + 40, 640, 380)).getextrema() == (0, 0)
    assert alpha.crop((300, 14, 400, 26)).getextrema()[1] == 255  # ink on the edge


def test_a_frame_takes_its_light_but_an_alert_burns_red() -> None:
    def edge(kind: str) -> tuple[int, ...]:
        pixel = frame(kind, GREEN)[1].convert("RGB").getpixel((20, 200))
        assert isinstance(pixel, tuple)
        return pixel

    assert edge("normal")[1] > edge("normal")[0]
    assert edge("alert")[0] > edge("alert")[1]
    assert sum(edge("quiet")) < sum(edge("normal"))


def test_a_frame_on_the_phone_is_thinner() -> None:
    def ink(k: float) -> int:
        column = frame(k=k)[1].getchannel("A").crop((350, 0, 351, 60))
        return sum(column.histogram()[251:])

    assert ink(1) >= 12
    assert ink(1 / 2.4) <= 7


FRAMES = [(46, 46, 1508, 1080), (46, 1156, 739, 1273), (815, 1156, 739, 1273)]


def ground(k: float = 1, seed: int = 31) -> str:
    canvas = Canvas("p")
    body = render(ASSETS, "frames/page.svg.j2", canvas, w=1600, h=2475, frames=FRAMES, margin=46, seed=seed, k=k)
    return wrapped(canvas, body, 1600, 2475)


def test_the_ground_has_traces_in_margins_and_gutters_only() -> None:
    svg = ground()
    assert refused(svg) == []
    assert len(svg) < 16 * 1024
    image = raster(svg, 800).convert("L")
    left_margin, gutter, inside = (
        image.crop(b) for b in ((2, 100, 16, 1100), (100, 565, 700, 576), (100, 200, 700, 500))
    )
    for lane in (left_margin, gutter):
        low, high = lane.getextrema()
        assert high - low > 25
    low, high = inside.getextrema()
    assert high - low < 4


def test_another_page_has_other_traces_and_the_same_page_the_same() -> None:
    assert ground(seed=1) != ground(seed=2)
    assert ground(seed=1) == ground(seed=1)


def test_the_cover_has_a_border() -> None:
    canvas = Canvas("c")
    body = render(ASSETS, "frames/cover.svg.j2", canvas, w=1600, h=2475, light=CYAN, k=1, margin=40)
    svg = wrapped(canvas, body, 1600, 2475)
    assert refused(svg) == []
    alpha = raster(svg, 400).getchannel("A")
    assert alpha.getpixel((10, 300)) == 255
    assert alpha.crop((40, 40, 360, 560)).getextrema() == (0, 0)


def test_an_author_adds_a_set_without_python(tmp_path: Path) -> None:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "beach.svg.j2").write_text(
        "{#---\nkeywords: [beach]\ncamera: {pos: [0, 1.72, 0], yaw: 0, f: 0.6}\nstage: {near: 2, far: 9}\n---#}\n"
        "{% set S = Scene(pen, cam) %}{{ S.lines([((-1, 0, 4), (1, 0, 4))], light, 3) }}"
        '{% from "sets/_shared.svg.j2" import vignette with context %}{{ vignette(0.5) }}'
    )
    own = Assets.default(templates=tmp_path)
    canvas = Canvas("a", (740, 740))
    svg = render(own, "sets/beach.svg.j2", canvas, w=740, h=740, cam=Camera(f=440, cx=370, cy=330), pen=Pen(canvas),
                 light=CYAN, opts={}, layer="back")  # fmt: skip
    assert 'stroke="#00D4FF"' in svg
    assert {"beach", "lab"} <= {p.name.removesuffix(".svg.j2") for p in own.template_files("sets")}
