"""Path data must say what the path says: short numbers, no drift."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelwright.svg.curves import unloop
from panelwright.svg.path import Path, Point, ell, homog, num, pd, rrect

COORD = st.floats(-3000, 3000, allow_nan=False, width=32)
POINT = st.tuples(COORD, COORD)
SEGMENT = st.one_of(
    st.builds(lambda p: ("L", [p]), POINT),
    st.builds(lambda *p: ("C", list(p)), POINT, POINT, POINT),
    st.builds(lambda *p: ("Q", list(p)), POINT, POINT),
    st.builds(lambda p: ("M", [p]), POINT),
    st.just(("Z", [])),
)
PATHS = st.builds(lambda p, rest: [("M", [p]), *rest], POINT, st.lists(SEGMENT, max_size=40))
TOKEN = re.compile(r"[a-zA-Z]|-?(?:\d+\.\d+|\.\d+|\d+)")
COUNT = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "z": 0}


def parse(d: str) -> Path:
    """Path data (relative m l h v c s q z) to absolute segments, by the grammar of SVG 1.1."""
    tokens = TOKEN.findall(d)
    assert re.sub(r"[\s]", "", d) == "".join(tokens)
    out: Path = []
    x = y = sx = sy = 0.0
    i = 0
    command = ""
    while i < len(tokens):
        if tokens[i].isalpha():
            command = tokens[i]
            i += 1
        n = COUNT[command]
        values = [float(t) for t in tokens[i : i + n]]
        i += n
        if command == "z":
            out.append(("Z", []))
            x, y = sx, sy
            continue
        if command == "h":
            values = [values[0], 0.0]
        elif command == "v":
            values = [0.0, values[0]]
        if command == "s":  # the handle before it, mirrored; none, the pen's own place
            ax, ay = out[-1][1][1] if out[-1][0] == "C" else (x, y)
            values = [x - ax, y - ay, *values]
        points: list[Point] = [(x + a, y + b) for a, b in zip(values[::2], values[1::2], strict=True)]
        out.append(({"h": "L", "v": "L", "s": "C"}.get(command, command.upper()), points))
        x, y = points[-1]
        if command == "m":
            sx, sy = x, y
            command = "l"  # further pairs are lines
    return out


@given(PATHS, st.sampled_from((1, 2, 10)))
def test_path_data_reads_back_without_drift(path: Path, per: int) -> None:
    d = pd(path, per=per)
    assert d.startswith("m")
    back = parse(d)
    assert [c for c, _ in back] == [c for c, _ in path]
    for (_, there), (_, here) in zip(path, back, strict=True):
        for p, q in zip(there, here, strict=True):
            slack = 0 if p == there[-1] else 1 / per  # the first handle of a curve may be the last one's mirror image
            assert abs(p[0] - q[0]) <= 0.5 / per + 0.01 + slack
            assert abs(p[1] - q[1]) <= 0.5 / per + 0.01 + slack


def test_a_curve_that_goes_on_smoothly_does_not_say_its_first_handle() -> None:
    d = pd(ell(200, 100, 80, 60))
    assert re.sub(r"[^a-z]", "", d) == "mcsz"
    kink: Path = [("M", [(0, 0)]), ("C", [(10, 0), (20, 0), (30, 10)]), ("C", [(40, 0), (50, 0), (60, 10)])]
    assert "s" not in pd(kink)
    assert "s" in pd(kink, 300)


def test_relative_data_is_shorter_than_absolute() -> None:
    path = rrect(1210.3, 840.7, 60.2, 44.4, 8.1)
    absolute = "".join(c + " ".join(f"{num(x)} {num(y)}" for x, y in pts) for c, pts in path)
    assert len(pd(path)) < 0.8 * len(absolute)


@given(
    st.floats(1, 2000), st.floats(1, 2000),
    st.tuples(*[st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))] * 4),
)  # fmt: skip
def test_a_homography_takes_the_corners_to_the_quad(w: float, h: float, bends: tuple[Point, ...]) -> None:
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    quad = [(500 * (x + a), 400 * (y + b)) for (x, y), (a, b) in zip(square, bends, strict=True)]
    to = homog(w, h, quad)
    for (x, y), corner in zip(square, quad, strict=True):
        assert to(x * w, y * h) == pytest.approx(corner, abs=1e-6)
    # straight lines stay straight: the middle of the top edge lies on it
    mx, my = to(w / 2, 0)
    (ax, ay), (bx, by) = quad[:2]
    assert abs((bx - ax) * (my - ay) - (by - ay) * (mx - ax)) < 1e-4 * (1 + math.dist(quad[0], quad[1]))


def test_the_loop_of_a_tight_bend_is_cut_where_it_crosses_itself() -> None:
    bend: list[Point] = [(0, 0), (10, 10), (14, 4), (6, 4), (0, 10), (-4, 14)]
    cut = unloop(bend)
    assert cut[0] == bend[0]
    assert cut[1] == pytest.approx((5, 5))
    assert cut[2:] == bend[4:]
    straight: list[Point] = [(0, 0), (1, 2), (2, 3), (3, 3.5), (5, 3)]
    assert unloop(straight) == straight
