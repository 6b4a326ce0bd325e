"""Holograms of the pages on formats, metrics, percentiles and the knee, and the reader of short phrases."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest

from panelwright.assets import Assets
from panelwright.drawing import phrases
from panelwright.drawing.phrases import Stage, bracketed, chosen, listed, stages
from panelwright.script.model import Item, Line, LineKind, Scene, Span
from panelwright.svg import templates
from panelwright.svg.canvas import Canvas
from panelwright.svg.pen import Pen

HERE = Span("storyboard.md", 1, 1)
WAY = (
    "A holographic diagram shows: LLM Training Output (weights, biases, metadata) → Model Format "
    "(.bin, .gguf, .trt, .onnx) → Inference Engine (TensorRT, ONNX Runtime, vLLM)."
)
REASONS = (
    "Dr. Nova projects four icons representing the reasons: Ecosystem Silos, Hardware Diversity, "
    "Optimization Goals, Backward Compatibility."
)
PASSPORT = (
    'Dr. Nova holds up a holographic "passport" — it looks like a file icon with format labels '
    "(.bin, .gguf, .trt, .onnx)."
)
CYCLE = (
    "So the right format depends on where the model is in its lifecycle — research, sharing, local use, "
    "or production!"
)  # fmt: skip


def test_stages_are_read_with_their_parts() -> None:
    assert stages(WAY) == (
        Stage("LLM Training Output", ("weights", "biases", "metadata")),
        Stage("Model Format", (".bin", ".gguf", ".trt", ".onnx")),
        Stage("Inference Engine", ("TensorRT", "ONNX Runtime", "vLLM")),
    )
    assert stages("A -> B => C") == (Stage("A"), Stage("B"), Stage("C"))
    assert stages("A model on its way.") == ()


def test_lists_stand_after_a_colon_or_a_dash() -> None:
    assert listed(REASONS) == (
        "Ecosystem Silos", "Hardware Diversity", "Optimization Goals", "Backward Compatibility",
    )  # fmt: skip
    assert listed(CYCLE) == ("research", "sharing", "local use", "production")
    assert listed("Formats: .gguf and .onnx. They differ.") == (".gguf", ".onnx")
    assert listed("Model formats, engines and more.") == ()


def test_brackets_lose_their_etc() -> None:
    assert bracketed("different framework logos (PyTorch, TensorFlow, etc.).") == ("PyTorch", "TensorFlow")
    assert bracketed("no brackets") == ()


def test_the_first_look_that_occurs_is_chosen() -> None:
    assert chosen("Hardware Diversity", (("soft", "a"), ("hardware", "chip"), ("div", "b"))) == "chip"
    assert chosen("nothing", (("x", "y"),), "file") == "file"


def item(label: str, quoted: str = "", note: str = "", text: str = "") -> Item:
    return Item(text or f'{label}: "{quoted}"', HERE, label, (quoted,) if quoted else (), note)


def scene(text: str = "", *items: Item) -> Scene:
    return Scene(text, HERE, tuple(re.findall(r'"([^"]+)"', text)), items)


MARKS = (
    item("P50 (median)", "The typical experience"),
    item("P90", "1 in 10 users waits this long"),
    item("P99", "1 in 100 users gets STUCK"),
)
KNEE = (
    item("Blue line (latency)", text="Blue line (latency): starts low, curves up as batch size increases"),
    item("Red line (throughput, inverted)", text="Red line (throughput, inverted): starts high, drops"),
    item("A glowing orange dot marks where they cross", "Sweet Spot ~ BS 32"),
)
CARDS = (
    item("Chatbots", "Low TTFT", "lightning icon"),
    item("Translation", "High Throughput", "conveyor icon"),
    item("Streaming", "Steady ITL", "heartbeat icon"),
    item("On-device AI", "Small Footprint", "mobile icon"),
)
SCENES = {
    "passport": scene(PASSPORT),
    "format_path": scene(WAY),
    "four_reasons": scene(REASONS),
    "bridge": scene("A bridge icon connecting different framework logos (PyTorch, TensorFlow, etc.)."),
    "throughput_meter": scene("Multiple user icons sending requests. A meter shows requests/second."),
    "average_bar": scene('Dr. Nova points at a holographic chart showing an "average latency" bar.'),
    "percentile_tail": scene("The chart expands to show a distribution.", *MARKS),
    "knee_curves": scene("A holographic chart shows two crossing curves:", *KNEE),
    "four_cards": scene("Four application cards float holographically:", *CARDS),
}
WORDS = {
    "passport": ["passport", ".bin", ".gguf", ".trt", ".onnx"],
    "format_path": [
        "LLM Training Output", "weights", "biases", "metadata", "Model Format", ".bin", ".gguf", ".trt", ".onnx",
        "Inference Engine", "TensorRT", "ONNX Runtime", "vLLM",
    ],
    "four_reasons": ["Ecosystem Silos", "Hardware Diversity", "Optimization Goals", "Backward Compatibility"],
    "bridge": ["PyTorch", "TensorFlow"],
    "throughput_meter": ["requests/second"],
    "average_bar": ["average latency"],
    "lifecycle_table": ["research", "sharing", "local use", "production"],
    "four_cards": [
        "Chatbots", "Low TTFT", "Translation", "High Throughput", "Streaming", "Steady ITL", "On-device AI",
        "Small Footprint",
    ],
}  # fmt: skip
NAMES = (
    "passport", "format_path", "four_reasons", "shield", "laptop", "rocket", "bridge", "lifecycle_table", "dashboard",
    "latency_span", "first_token", "token_heartbeat", "throughput_meter", "average_bar", "percentile_tail",
    "knee_curves", "four_cards",
)  # fmt: skip
LINES = (Line(LineKind.SPEECH, CYCLE, HERE, "Kai"),)
# a tail with two bins that are empty, and a sweep whose straight lines cross exactly halfway between 8 and 32
LATENCY = {
    "bins": [10, 80, 40, 20, 10, 5, 0, 2, 0, 1], "edges": [0.5 * i for i in range(11)], "beyond": 3, "n": 171,
    "p50": 0.9, "p90": 2.1, "p99": 4.2, "source": "measured: a test",
}  # fmt: skip
SWEEP = {
    "batch": [1, 8, 32, 64, 128], "latency": [20, 30, 50, 70, 100], "throughput": [10, 40, 80, 95, 100],
    "source": "published: a test",
}  # fmt: skip
DATA = {"latency": LATENCY, "sweep": SWEEP}


def draw(name: str, w: float = 900, h: float = 600, data: Any = DATA, least: float = 27, **context: Any) -> Any:
    canvas = Canvas("x")
    svg = templates.render(
        Assets.default(), f"holograms/{name}.svg.j2", canvas, w=w, h=h, least=least,
        **{"pen": Pen(canvas), "scene": SCENES.get(name, scene("An icon.")), "lines": LINES, "opts": {}, "k": 1.0,
           "light": "#00D4FF", "data": data, **phrases.VERBS, **context},
    )  # fmt: skip
    return svg, canvas


@cache
def shapes(name: str) -> tuple[tuple[float, float], ...]:
    path = Assets.default().template_file(f"holograms/{name}.svg.j2")
    assert path is not None
    facts = templates.header(path)
    assert facts["keywords"]
    assert facts["depicts"]
    return tuple(((400_000 * a) ** 0.5, (400_000 / a) ** 0.5) for a in facts["aspect"])


def texts(svg: str) -> list[tuple[str, float, float, float]]:
    """(words, x, y, size) of the live text."""
    root = ElementTree.fromstring(f"<svg>{svg}</svg>")
    return [
        ("".join(t.itertext()), float(t.get("x", "0").split()[0]), float(t.get("y", "0").split()[0]),
         float(t.get("font-size", "0")))
        for t in root.iter() if t.tag == "text"
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_hologram_fills_its_whole_range_of_shapes(name: str) -> None:
    drawn = [draw(name, *shape)[0] for shape in shapes(name)]
    assert drawn[0] != drawn[1]
    for svg in drawn:
        ElementTree.fromstring(f"<svg>{svg}</svg>")
        assert len(svg) < 60_000
        assert "nan" not in svg
        assert "inf" not in svg


@pytest.mark.parametrize("name", NAMES)
def test_live_words_stay_in_the_box_and_are_large_enough(name: str) -> None:
    for w, h in (*shapes(name), (870, 870 / max(0.6, shapes(name)[0][0] / shapes(name)[0][1]))):
        for words, x, y, size in texts(draw(name, w, h)[0]):
            assert size >= 27 - 0.05, words
            assert -2 <= x <= w, words
            assert size * 0.5 <= y <= h + 2, words


@pytest.mark.parametrize("name", NAMES)
def test_a_hologram_moves_with_its_pen_as_one(name: str) -> None:
    here, there = draw(name)[0], draw(name, pen=Pen(Canvas("x")).at(100, 50))[0]
    for (words, x, y, _), (same, mx, my, _) in zip(texts(here), texts(there), strict=True):
        assert words == same
        assert math.isclose(x + 100, mx, abs_tol=0.15)
        assert math.isclose(y + 50, my, abs_tol=0.15)
    circle = r'<circle cx="(-?[\d.]+)" cy="(-?[\d.]+)"'
    before, after = re.findall(circle, here), re.findall(circle, there)
    assert len(before) == len(after)
    for (x, y), (mx, my) in zip(before, after, strict=True):
        assert math.isclose(float(x) + 100, float(mx), abs_tol=0.15)
        assert math.isclose(float(y) + 50, float(my), abs_tol=0.15)


@pytest.mark.parametrize(("name", "words"), WORDS.items())
def test_words_are_the_storyboards_in_both_shapes(name: str, words: list[str]) -> None:
    for shape in shapes(name):
        assert draw(name, *shape)[1].words == words


@pytest.mark.parametrize("name", ["shield", "laptop", "rocket", "dashboard", "latency_span", "first_token"])
def test_pictures_without_words_have_none(name: str) -> None:
    assert draw(name)[1].words == []


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("percentile_tail", "knee_curves")])
def test_a_scene_that_says_nothing_still_draws(name: str) -> None:
    svg, canvas = draw(name, scene=None, lines=())
    ElementTree.fromstring(f"<svg>{svg}</svg>")
    assert canvas.words == []


def test_the_first_token_is_the_first_word_that_the_panel_narrates() -> None:
    said = Line(LineKind.NARRATION, "Quick, the first word appears.", HERE)
    assert draw("first_token", lines=(*LINES, said))[1].words == ["Quick"]
    assert draw("first_token", lines=LINES)[1].words == []


def test_the_example_value_is_drawn_only_when_given() -> None:
    assert "50ms" in draw("average_bar", opts={"value": "50ms"})[1].words
    assert "50ms" not in draw("average_bar")[1].words


def test_names_of_formats_stay_clear_of_the_lines_between_columns() -> None:
    rows = [{"stage": "sharing", "icons": ["shield"], "names": ["Safetensors"]},
            {"stage": "production", "icons": ["rocket", "bridge"], "names": ["TensorRT", "ONNX"]}]  # fmt: skip
    _, canvas = draw("lifecycle_table", 700, 320, opts={"rows": rows})
    spans = {text: (x0, x1) for text, (x0, _, x1, _) in canvas.lines}
    assert spans["TensorRT"][0] - spans["Safetensors"][1] > 24  # a line runs through the middle
    assert spans["ONNX"][0] - spans["TensorRT"][1] > 12


def test_rows_of_the_lifecycle_can_be_staged() -> None:
    rows = [{"stage": "sharing", "icons": ["shield"]}, {"stage": "production", "icons": ["rocket", "bridge"]}]
    assert draw("lifecycle_table", opts={"rows": rows})[1].words == ["sharing", "production"]


# ---- percentiles
def paths(svg: str) -> list[str]:
    return re.findall(r'd="([^"]+)"', svg)


@pytest.mark.parametrize("shape", [(1500, 900), (870, 1000)])
def test_the_tail_has_a_bar_for_every_bin_that_counted_something(shape: tuple[float, float]) -> None:
    svg, canvas = draw("percentile_tail", *shape)
    full = sum(1 for v in LATENCY["bins"] if v)  # type: ignore[attr-defined, misc]
    # sides, tops and fronts are one path each, with one closed quadrangle to a bar
    assert sum(1 for d in paths(svg) if d.count("z") == full) >= 4
    assert canvas.words[:6] == ["1×", "average", "2×", "3×", "4×", "5×"]
    assert {"P50 (median)", "P90", "P99", "measured: a test", "3 of 171 lie further right"} <= set(canvas.words)
    assert " ".join(canvas.words).count("1 in 100 users gets STUCK") == 1


def test_markers_stand_where_the_percentiles_are() -> None:
    ticks = {words: x for words, x, _, _ in texts(draw("percentile_tail", 1500, 900)[0]) if words.endswith("×")}
    svg = draw("percentile_tail", 1500, 900)[0]
    # each marker ends in a dot on the axis: circles, three to a dot, in the order P50, P90, P99
    feet = [float(x) for x in re.findall(r'<circle cx="([\d.]+)" cy="[\d.]+" r="[\d.]+" fill="#[0-9A-F]{6}"/>', svg)]
    assert len(feet) == 3
    assert ticks["1×"] - (ticks["2×"] - ticks["1×"]) < feet[0] < ticks["1×"] + 20
    assert ticks["2×"] - 30 < feet[1] < ticks["3×"]
    assert ticks["4×"] - 30 < feet[2] < ticks["5×"]
    # the plane is tilted a little, so that the middle of a label is some units off its tick
    moved = draw("percentile_tail", 1500, 900, {"latency": {**LATENCY, "p99": 3.1}})[0]
    foot = [float(x) for x in re.findall(r'<circle cx="([\d.]+)" cy="[\d.]+" r="[\d.]+" fill="#[0-9A-F]{6}"/>', moved)]
    assert foot[2] < feet[2] - 100


def test_the_axis_of_the_tail_is_level_and_says_what_it_counts() -> None:
    svg, canvas = draw("percentile_tail", 1500, 900)
    assert len({y for words, _, y, _ in texts(svg) if words.endswith("×")}) == 1
    assert "latency (× average)" in canvas.words
    assert "Latenz (× Mittel)" in draw("percentile_tail", 1500, 900, opts={"axis": "Latenz (× Mittel)"})[1].words


def test_in_a_frame_the_axis_stands_where_told_and_the_notes_are_lines_at_the_left_of_the_strip_below() -> None:
    drawn = texts(draw("percentile_tail", 1500, 900, opts={"foot": 0.25})[0])
    said = {words: (x, y, size) for words, x, y, size in drawn}
    assert 900 * 0.75 < said["1×"][1] < 900 * 0.75 + 60
    first, second = said["measured: a test"], said["3 of 171 lie further right"]
    assert first[0] == second[0] < 100
    assert said["1×"][1] + said["1×"][2] < first[1] < second[1] < 900
    assert first[2] == second[2] <= said["1×"][2]


@pytest.mark.parametrize("shape", [(735, 500), (700, 640)])
def test_every_token_is_centred_on_its_beat(shape: tuple[float, float]) -> None:
    said = Line(LineKind.NARRATION, "The rhythm of tokens after the first.", HERE)
    svg, canvas = draw("token_heartbeat", *shape, lines=(said,))
    assert canvas.words == ["The", "rhythm", "of", "tokens"]
    beats = sorted({float(x) for x in re.findall(r'<circle cx="([\d.]+)" cy="[\d.]+" r="[\d.]+" fill="#', svg)})
    middles = [(x0 + x1) / 2 for _, (x0, _, x1, _) in canvas.lines]
    assert len(beats) == 4
    assert all(math.isclose(a, b, abs_tol=1) for a, b in zip(beats, middles, strict=True))


@pytest.mark.parametrize("name", ["percentile_tail", "knee_curves"])
def test_without_numbers_a_chart_says_that_it_is_an_illustration(name: str) -> None:
    _, canvas = draw(name, 1200, 760, {})
    assert "illustration" in canvas.words
    assert not any(re.fullmatch(r"[\d.]+×?", word) for word in canvas.words)
    assert (
        "Illustration (ohne Maßstab)"
        in draw(name, data={}, opts={"illustration": "Illustration (ohne Maßstab)"})[1].words
    )


# ---- the knee
def burning(svg: str) -> tuple[float, float]:
    """Centre of the white dot: the last white path without stroke that is an ellipse."""
    dot = re.findall(r'd="m([\d.]+)[ ]?(-?[\d.]+)c[^"]*z" fill="#FFFFFF"/>', svg)[-1]
    return float(dot[0]), float(dot[1])


@pytest.mark.parametrize("shape", [(1000, 560), (870, 800)])
def test_the_dot_burns_on_the_batch_nearest_to_where_the_two_curves_cross(shape: tuple[float, float]) -> None:
    svg, canvas = draw("knee_curves", *shape)
    ticks = {words: x + size * 0.25 * len(words) for words, x, _, size in texts(svg) if words.isdigit()}
    assert list(ticks) == ["1", "8", "32", "64", "128"]
    assert canvas.words.count("Sweet Spot ~ BS 32") == 1
    # each curve has its name along it, in the storyboard's own words but without its stage directions
    assert {"latency", "throughput, inverted", "published: a test", "batch size"} <= set(canvas.words)
    # L/Lmax: .3 at 8, .5 at 32; 1 - T/Tmax: .6 and .2: they meet shortly before 32
    x, _ = burning(svg)
    assert x == pytest.approx(ticks["32"], abs=15)
    # a sweep that crosses later burns on a later batch
    late = {**SWEEP, "throughput": [1, 8, 20, 35, 100]}
    later, _ = burning(draw("knee_curves", *shape, {"sweep": late})[0])
    assert later == pytest.approx(ticks["64"], abs=15)


def test_the_batch_axis_is_logarithmic() -> None:
    svg = draw("knee_curves", 1000, 560)[0]
    at = {w: x + size * 0.25 * len(w) for w, x, _, size in texts(svg) if w.isdigit()}
    octave = at["64"] - at["32"]
    assert math.isclose(at["32"] - at["8"], 2 * octave, rel_tol=0.15)


def test_curves_that_do_not_cross_get_no_dot() -> None:
    flat = {**SWEEP, "throughput": [100, 100, 100, 100, 100]}
    assert "Sweet Spot ~ BS 32" not in draw("knee_curves", 1000, 560, {"sweep": flat})[1].words


def test_the_same_input_gives_the_same_bytes() -> None:
    for name in NAMES:
        assert draw(name)[0] == draw(name)[0]


def test_some_of_the_reasons_stand_elsewhere() -> None:
    whole, part = (
        draw("four_reasons", scene=SCENES["four_reasons"]),
        draw("four_reasons", 300, 600, scene=SCENES["four_reasons"], opts={"only": [1, 3]}),
    )
    assert part[1].words == [whole[1].words[0], whole[1].words[2]]


def test_what_is_held_moves_with_the_hand_and_is_as_large_as_the_box_lets_it_be() -> None:
    def sheet(x: float, y: float) -> tuple[float, float, float]:
        opts = {"tilt": 9, "held": [x, y, 0.01]}
        lines = [b for _, b in draw("passport", 900, 800, scene=SCENES["passport"], opts=opts)[1].lines]
        x0, x1 = min(b[0] for b in lines), max(b[2] for b in lines)
        return x0, x1, min(b[1] for b in lines)

    x0, x1, top = sheet(0.1, 0.7)
    assert sheet(0.12, 0.7) == pytest.approx((x0 + 18, x1 + 18, top), abs=1)
    higher = sheet(0.1, 0.5)
    assert higher[1] - higher[0] < 0.8 * (x1 - x0)  # less room above the hand
    assert x0 > 0.1 * 900 - 10  # by its edge
    assert sheet(0.5, 0.7)[0] > 0.5 * 900  # still by its edge, though a larger one would stand on the hand
    under = sheet(0.7, 0.7)
    assert under[0] < 0.7 * 900 < under[1] < 900  # by its foot where that leaves much more room


def test_a_rocket_is_under_its_rider_and_as_large_as_the_rider_needs() -> None:
    def mark(x: float, y: float, r: float) -> tuple[float, float]:
        opts = {"under": [x, y, r], "tilt": 60, "part": "front"}
        turn = re.search(r"rotate\(-30 ([\d.]+) ([\d.]+)\)", draw("rocket", 800, 800, opts=opts)[0])
        assert turn
        return float(turn[1]) - 800 * x, float(turn[2]) - 800 * y

    small, large = mark(0.4, 0.4, 0.05), mark(0.5, 0.3, 0.1)
    assert large == pytest.approx((2 * small[0], 2 * small[1]), abs=0.5)
    assert small[1] > 0
