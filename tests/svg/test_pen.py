"""A pen's light: written once, drawn five times, and never other than before."""

import io

import cairosvg
import pytest
from PIL import Image, ImageChops

from panelwright.svg.canvas import Canvas
from panelwright.svg.path import Path, line, poly, smooth
from panelwright.svg.pen import LONG, Pen
from panelwright.typography.faces import face
from panelwright.typography.shaping import measure

LONG_LINE = smooth([(10 + 12 * i, 60 + (i * 37) % 50) for i in range(12)])


def test_a_pen_tells_where_each_line_of_its_words_stands() -> None:
    canvas = Canvas("a")
    Pen(canvas).at(100, 50, 2).block("Forward Pass", 30, 40, 60, 20, anchor="start")
    (first, (x0, y0, x1, y1)), (second, below) = canvas.lines
    assert (first, second, canvas.words) == ("Forward", "Pass", ["Forward Pass"])
    assert (x0, y1, y1 - y0) == (160, 130, 28)  # the baseline, and capitals of 0.7 of the size
    assert x1 - x0 == pytest.approx(2 * measure("Forward", 20, face("label")))
    assert below[3] - y1 == pytest.approx(2 * 1.12 * 20)


def raster(canvas: Canvas, body: str) -> Image.Image:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160" width="160" height="160">'
        f'<defs>{canvas.defs}</defs><rect width="160" height="160" fill="#060B18"/>{body}</svg>'
    )
    return Image.open(io.BytesIO(cairosvg.svg2png(bytestring=svg.encode()))).convert("RGB")


def written_out(path: Path, monkeypatch: pytest.MonkeyPatch, **look: object) -> tuple[Canvas, str]:
    monkeypatch.setattr("panelwright.svg.pen.LONG", 10**9)
    canvas = Canvas("b")
    return canvas, Pen(canvas).glow(path, "#00D4FF", 4, **look)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "look",
    [{}, {"amt": 0.6}, {"dash": (12, 9)}, {"core": False}, {"fill": "#123456"}],
    ids=("plain", "faint", "dashed", "no core", "filled"),
)
def test_a_long_glow_draws_the_same_picture_from_one_definition(
    look: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = Canvas("a")
    short = Pen(canvas).glow(LONG_LINE, "#00D4FF", 4, **look)  # type: ignore[arg-type]
    assert short.count("<use") >= 4
    assert " d=" not in short
    plain, long = written_out(LONG_LINE, monkeypatch, **look)
    assert "<use" not in long
    assert len(short) + len(canvas.defs) < len(long)
    here, there = raster(canvas, short), raster(plain, long)
    assert ImageChops.difference(here, there).getbbox() is None
    assert here.getextrema()[1][1] > 150  # there is light in it at all


def test_a_short_glow_stays_written_out() -> None:
    canvas = Canvas("a")
    svg = Pen(canvas).glow(line((0, 0), (10, 10)), "#00D4FF", 3)
    assert svg.count("<path") == 5
    assert not canvas.defs


def test_a_glow_follows_a_moved_pen() -> None:
    canvas = Canvas("a")
    Pen(canvas).at(20, 0).glow(LONG_LINE, "#00D4FF", 4)
    Pen(canvas).glow(LONG_LINE, "#00D4FF", 4)
    assert canvas.defs.count("<path") == 2


def test_light_outside_the_picture_is_not_written() -> None:
    canvas = Canvas("a", view=(100, 100))
    far = poly(*[(400 + 9 * i, 300 + (i * 31) % 70) for i in range(20)])
    assert Pen(canvas).glow(far, "#00D4FF", 4) == ""
    assert canvas.defs == ""
    assert len(LONG_LINE) * 8 > LONG
