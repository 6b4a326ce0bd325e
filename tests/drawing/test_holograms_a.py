"""Holograms of the pages on training, inference and the pipeline, and the reader of flow diagrams."""

from __future__ import annotations

import math
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from panelwright.assets import Assets
from panelwright.drawing.diagram import Diagram, read_diagram
from panelwright.script.model import Item, Scene, Span
from panelwright.svg import templates
from panelwright.svg.camera import Camera
from panelwright.svg.canvas import Canvas
from panelwright.svg.path import arrow, bounds, points_of, xf
from panelwright.svg.pen import Pen

HERE = Span("storyboard.md", 1, 1)
LOOP = (
    "Training Dataset flows into Forward Pass (blue glowing box)",
    "Forward Pass outputs Predicted Insights",
    "Predicted Insights + Ground Truth Labels feed into Loss Computation (gear icon)",
    "Loss Computation feeds into Backward Pass (blue glowing box)",
    'Backward Pass updates the AI Network (brain icon with "Weights Updated" label)',
    "AI Network loops back to Forward Pass",
)
INFERENCE = (
    'Training Dataset + AI Network (with "Weights Frozen" label) feed into Forward Pass',
    "Forward Pass outputs Predicted Insights",
    "No backward pass, no loss computation",
)


def scene(*items: str, text: str = "", quoted: tuple[str, ...] = ()) -> Scene:
    return Scene(text, HERE, quoted, tuple(Item(t, HERE, number=i + 1) for i, t in enumerate(items)))


def arrows(diagram: Diagram) -> list[tuple[str, str]]:
    return [(diagram.node(e.start).text, diagram.node(e.end).text) for e in diagram.edges]


def test_the_training_loop_is_read_word_for_word() -> None:
    diagram = read_diagram(scene(*LOOP))
    assert [n.text for n in diagram.nodes] == [
        "Training Dataset", "Forward Pass", "Predicted Insights", "Ground Truth Labels", "Loss Computation",
        "Backward Pass", "AI Network",
    ]  # fmt: skip
    assert arrows(diagram) == [
        ("Training Dataset", "Forward Pass"), ("Forward Pass", "Predicted Insights"),
        ("Predicted Insights", "Loss Computation"), ("Ground Truth Labels", "Loss Computation"),
        ("Loss Computation", "Backward Pass"), ("Backward Pass", "AI Network"), ("AI Network", "Forward Pass"),
    ]  # fmt: skip
    network = diagram.node("ai-network")
    assert (network.icon, network.label) == ("brain", "Weights Updated")
    assert diagram.node("forward-pass").icon == "box"
    assert diagram.node("forward-pass").colour == "blue"
    assert diagram.node("loss-computation").icon == "gear"
    assert [e.verb for e in diagram.edges][-2:] == ["updates", "loops back to"]


def test_the_loop_of_a_diagram_starts_at_its_first_named_node() -> None:
    diagram = read_diagram(scene(*LOOP))
    assert diagram.cycle == (
        "forward-pass", "predicted-insights", "loss-computation", "backward-pass", "ai-network",
    )  # fmt: skip


def test_inference_has_no_loop_and_says_what_is_absent() -> None:
    diagram = read_diagram(scene(*INFERENCE))
    assert diagram.cycle == ()
    assert diagram.absent == ("backward pass", "loss computation")
    assert diagram.node("ai-network").label == "Weights Frozen"
    assert diagram.ranks == {"training-dataset": 0, "ai-network": 0, "forward-pass": 1, "predicted-insights": 2}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Text → Tokens → Ids", [("Text", "Tokens"), ("Tokens", "Ids")]),
        ("A, B and C feed into D", [("A", "D"), ("B", "D"), ("C", "D")]),
        ("Model Outputs feed into Loss", [("Model Outputs", "Loss")]),
        ("Loss (feeds into nothing) updates the Weights", [("Loss", "Weights")]),
        ("A glowing cube turns slowly", []),
    ],
)
def test_sentences(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert arrows(read_diagram(scene(sentence))) == expected


def test_a_scene_without_a_list_has_an_empty_diagram() -> None:
    assert not read_diagram(None)
    assert not read_diagram(scene(text="A loop."))


NAMES = (
    "chat", "brain_learning", "brain_predicting", "training_loop", "loop_spiral", "inference_flow", "user_swarm",
    "questions", "pipeline", "pipeline_lit", "tokenizer", "batch_grid", "forward_network", "network_inside",
    "decode_serve",
)  # fmt: skip
SCENES: dict[str, Scene] = {
    "brain_learning": scene(text='A brain (labeled "Training")', quoted=("Training",)),
    "brain_predicting": scene(text='A brain (labeled "Inference")', quoted=("Inference",)),
    "training_loop": scene(*LOOP),
    "inference_flow": scene(*INFERENCE),
    "questions": Scene("", HERE, (), tuple(
        Item(f'"{t}"', HERE, quoted=(t,)) for t in ("How fast can we respond?", "How many users at once?")
    )),
    "pipeline": scene(text="A conveyor belt with 6 stations, each glowing a different color."),
}  # fmt: skip
BUDGET = 100_000  # bytes before compression; a page has a dozen of them at most


def draw(name: str, w: float = 900, h: float = 600, scene: Scene | None = None, **context: Any) -> tuple[str, Canvas]:
    canvas = Canvas("x")
    settings: dict[str, Any] = {"opts": {}, "k": 1.0, "least": 27.0, "light": "#00D4FF", "data": {}, "panel": None}
    svg = templates.render(
        Assets.default(), f"holograms/{name}.svg.j2", canvas, w=w, h=h, pen=Pen(canvas), scene=scene,
        diagram=read_diagram(scene), **{**settings, **context},
    )  # fmt: skip
    return svg, canvas


def test_a_stream_of_users_has_few_large_ones_and_many_small_ones_near_the_light() -> None:
    svg, _ = draw("user_swarm", 600, 900)
    heads = []
    for d, width in re.findall(
        r'<path d="(m[-\d.]+ [-\d.]+h[^"]+)" fill="none" stroke="#(?!060B18)\w+" stroke-width="([\d.]+)"', svg
    ):
        x, y = map(float, re.findall(r"-?\d*\.?\d+", d)[:2])
        heads.append((float(width), math.dist((x, y), (300, 886)), d.count("h")))
    small, large = ([h for h in heads if low <= h[0] < high] for low, high in ((0, 8), (20, 99)))
    assert sum(n for _, _, n in small) > 5 * sum(n for _, _, n in large) > 0
    assert max(far for _, far, _ in small) < min(far for _, far, _ in large)
    back, front = (draw("user_swarm", opts={"part": part})[0] for part in ("back", "front"))
    assert 0 < len(front) < len(back)


def facts(name: str) -> dict[str, Any]:
    path = Assets.default().template_file(f"holograms/{name}.svg.j2")
    assert path is not None
    return templates.header(path)


def sizes(svg: str) -> list[float]:
    return [float(v) for v in re.findall(r'font-size="([\d.]+)', svg)]


@pytest.mark.parametrize("name", NAMES)
def test_every_hologram_fills_its_whole_range_of_shapes(name: str) -> None:
    about = facts(name)
    narrow, wide = about["aspect"]
    assert about["keywords"]
    assert about["depicts"]
    pictures = {draw(name, (240_000 * a) ** 0.5, (240_000 / a) ** 0.5, SCENES.get(name))[0] for a in (narrow, wide)}
    assert len(pictures) == 2
    for svg in pictures:
        ElementTree.fromstring(f"<svg xmlns='http://www.w3.org/2000/svg'>{svg}</svg>")
        assert len(svg) < BUDGET
        assert "nan" not in svg


def solid(name: str, w: float, h: float, **opts: Any) -> tuple[float, float, float, float]:
    """The box of all that is drawn and is not faint."""
    canvas = Canvas("x")
    reach: list[tuple[float, float]] = []

    class Watch(Pen):
        def path(self, path: Any, fill: str = "none", stroke: str | None = None, w: float = 3, *a: Any,
                 **k: Any) -> Any:  # fmt: skip
            faint = min(k.get("so", 1), k.get("op", 1), k.get("fo", 1)) < 0.5
            if path and not faint:
                reach.extend(points_of(xf(path, self.to)))
            return super().path(path, fill, stroke, w, *a, **k)

    found = SCENES.get(name)
    templates.render(
        Assets.default(), f"holograms/{name}.svg.j2", canvas, w=w, h=h, pen=Watch(canvas), scene=found, opts=opts,
        diagram=read_diagram(found), k=1.0, least=27.0, light="#00D4FF", data={}, panel=None,
    )  # fmt: skip
    return bounds(reach)


# what comes toward us leaves the picture, and is clipped to the box
@pytest.mark.parametrize("name", [n for n in NAMES if n != "pipeline_lit"])
@pytest.mark.parametrize("shape", [(900, 520), (560, 760)])
def test_nothing_solid_lies_outside_the_box(name: str, shape: tuple[int, int]) -> None:
    w, h = shape
    slack = 0.05 * max(w, h)  # brackets stand a little outside their sheet
    x0, y0, x1, y1 = solid(name, w, h)
    assert min(x0, y0) > -slack
    assert x1 < w + slack
    assert y1 < h + slack


@pytest.mark.parametrize(("name", "half"), [("brain_learning", "left"), ("brain_predicting", "right")])
def test_half_a_split_screen_runs_on_toward_its_other_half_alone(name: str, half: str) -> None:
    x0, _, x1, _ = solid(name, 700, 420, half=half)
    assert (x0 < -50) == (half == "right")
    assert (x1 > 750) == (half == "left")


@pytest.mark.parametrize(("name", "half"), [("brain_learning", "left"), ("brain_predicting", "right")])
def test_half_a_split_screen_rises_over_its_picture_as_far_as_it_is_told(name: str, half: str) -> None:
    assert solid(name, 700, 420, half=half, rise=0.5)[1] < solid(name, 700, 420, half=half)[1] - 150


def test_a_chat_floats_at_the_height_it_is_told() -> None:
    _, y0, _, y1 = solid("chat", 500, 700, span=[0.3, 0.6])
    assert 180 < y0 < 215
    assert 415 < y1 < 450
    assert solid("chat", 500, 700)[3] > 690


def hues(name: str, w: float, h: float, hue: str, **opts: Any) -> list[tuple[float, float]]:
    """Where the corners lie of all that is filled with a colour."""
    canvas = Canvas("x")
    found: list[tuple[float, float]] = []

    class Watch(Pen):
        def path(self, path: Any, fill: str = "none", *a: Any, **k: Any) -> Any:
            if fill == hue:
                found.extend(points_of(xf(path, self.to)))
            return super().path(path, fill, *a, **k)

    templates.render(
        Assets.default(), f"holograms/{name}.svg.j2", canvas, w=w, h=h, pen=Watch(canvas), scene=SCENES.get(name),
        opts=opts, diagram=read_diagram(None), k=1.0, least=27.0, light="#00D4FF", data={}, panel=None,
    )  # fmt: skip
    return found


@pytest.mark.parametrize("name", ["brain_learning", "brain_predicting"])
def test_what_streams_into_a_brain_or_out_of_it_is_smaller_near_it(name: str) -> None:
    canvas = Canvas("x")
    tiles: list[tuple[float, float]] = []

    class Watch(Pen):
        def path(self, path: Any, fill: str = "none", *a: Any, **k: Any) -> Any:
            if k.get("fo") == 0.95 and "Z" in str(path):
                x0, y0, x1, y1 = bounds(points_of(xf(path, self.to)))
                tiles.append((math.hypot((x0 + x1) / 2 - 400, (y0 + y1) / 2 - 225), x1 - x0))
            return super().path(path, fill, *a, **k)

    templates.render(
        Assets.default(), f"holograms/{name}.svg.j2", canvas, w=800, h=450, pen=Watch(canvas), scene=SCENES.get(name),
        opts={}, diagram=read_diagram(None), k=1.0, least=27.0, light="#00D4FF", data={}, panel=None,
    )  # fmt: skip
    tiles.sort()
    assert len(tiles) > 5
    near, far = tiles[: len(tiles) // 2], tiles[-(len(tiles) // 2) :]
    assert 1.3 * sum(w for _, w in near) < sum(w for _, w in far)


def test_where_the_other_half_has_a_caption_above_the_answers_have_that_room_and_the_names_stay_on_a_line() -> None:
    sunk, level = (draw("brain_predicting", 800, h, SCENES["brain_predicting"], opts={"half": "right", **more})[0]
                   for h, more in ((700, {"sink": 0.4}), (420, {})))  # fmt: skip
    other = draw("brain_learning", 600, 420, SCENES["brain_learning"], opts={"half": "left"})[0]

    def name_y(svg: str) -> float:
        return float(re.findall(r'<text[^>]* y="([\d.]+)"', svg)[-1])

    assert name_y(sunk) - 280 == pytest.approx(name_y(level)) == pytest.approx(name_y(other))
    risen = hues("brain_predicting", 800, 700, "#00FF88", half="right", sink=0.4)
    beside = hues("brain_predicting", 800, 420, "#00FF88", half="right")
    assert max(y for _, y in risen) < 280 < min(y for _, y in beside) + 280


@pytest.mark.parametrize("name", NAMES)
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    assert draw(name, scene=SCENES.get(name))[0] == draw(name, scene=SCENES.get(name))[0]


def test_words_on_the_art_are_those_of_the_storyboard() -> None:
    loop = draw("training_loop", 1400, 800, SCENES["training_loop"])[1].words
    assert sorted(loop) == sorted([
        "Training Dataset", "Forward Pass", "Predicted Insights", "Ground Truth Labels", "Loss Computation",
        "Backward Pass", "AI Network", "Weights Updated",
    ])  # fmt: skip
    assert "Weights Frozen" in draw("inference_flow", scene=SCENES["inference_flow"])[1].words
    assert draw("questions", scene=SCENES["questions"])[1].words == [
        "How fast can we respond?", "How many users at once?",
    ]  # fmt: skip
    assert draw("brain_learning", scene=SCENES["brain_learning"])[1].words == ["Training"]
    assert draw("brain_learning", scene=SCENES["brain_learning"], opts={"plate": "Lernen"})[1].words == ["Lernen"]


@pytest.mark.parametrize("name", [n for n in NAMES if n not in SCENES])
def test_a_hologram_without_words_in_its_scene_has_none(name: str) -> None:
    assert draw(name)[1].words == []


@pytest.mark.parametrize("name", ["training_loop", "inference_flow", "questions", "brain_learning"])
def test_no_text_is_smaller_than_the_least_size(name: str) -> None:
    for w, h, least in ((1400, 800, 27), (350, 430, 12), (420, 300, 13)):
        svg, _ = draw(name, w, h, SCENES[name], least=least)
        assert all(size >= least - 0.1 for size in sizes(svg))


def test_a_loop_too_small_for_its_words_shows_icons_alone() -> None:
    assert draw("training_loop", 300, 170, SCENES["training_loop"])[1].words == []
    assert draw("training_loop", 1400, 800, None)[1].words == []


def test_a_loop_that_comes_to_life_shows_its_boxes_alone_as_they_will_stand() -> None:
    found = SCENES["training_loop"]
    whole, bare = (draw("training_loop", 1400, 800, found, opts=opts) for opts in ({}, {"bare": True}))
    assert "Loss Computation" in whole[1].words
    assert bare[1].words == []
    assert bare[0].count("<path") < 0.7 * whole[0].count("<path")


def test_a_loop_that_rises_is_built_from_its_foot_and_points_of_light_at_the_top() -> None:
    def halves(**opts: Any) -> tuple[int, int]:
        """How many broad strokes of the ring leave out its top, and how many dashed ones are nothing but its top."""
        canvas = Canvas("x")
        built, dashed = [0], [0]

        class Watch(Pen):
            def path(self, path: Any, fill: str = "none", stroke: str | None = None, w: float = 3, *a: Any,
                     **k: Any) -> Any:  # fmt: skip
                if path and fill == "none":
                    x0, y0, x1, y1 = bounds(points_of(xf(path, self.to)))
                    built[0] += x1 - x0 > 900 and 150 < y0 < 240 and y1 > 600 and y0 + y1 > 820 and not k.get("dash")
                    dashed[0] += 440 < x1 - x0 < 900 and y1 < 240 and bool(k.get("dash"))
                return super().path(path, fill, stroke, w, *a, **k)

        found = SCENES["training_loop"]
        templates.render(
            Assets.default(), "holograms/training_loop.svg.j2", canvas, w=1400.0, h=800.0, pen=Watch(canvas),
            scene=found, opts={"bare": True, **opts}, diagram=read_diagram(found), k=1.0, least=27.0, light="#00D4FF",
            data={}, panel=None,
        )  # fmt: skip
        return built[0], dashed[0]

    assert halves() == (0, 0)
    built, dashed = halves(rising=True)
    assert built > 3
    assert dashed == 1


def test_a_loop_keeps_to_the_room_it_is_given() -> None:
    def lowest(room: float) -> float:
        canvas = draw("training_loop", 1400, 1000, SCENES["training_loop"], opts={"room": room})[1]
        assert canvas.lines
        return max(y1 for _, (_, _, _, y1) in canvas.lines)

    assert lowest(0.75) < 750
    assert lowest(1) > 800


@pytest.mark.parametrize(("w", "h"), [(1400, 800), (700, 900)])
def test_every_arrow_of_the_ring_runs_clockwise_from_its_step_to_the_next(w: float, h: float) -> None:
    canvas = Canvas("x")
    ways: list[tuple[tuple[float, float], tuple[float, float]]] = []

    class Watch(Pen):
        def at(self, *args: Any, **more: Any) -> Pen:
            return Watch(canvas)

        def lin(self, a: Any, b: Any, stops: Any) -> Any:
            if len(stops) == 3 and stops[0][2:] == (0.25,):  # how an arrow brightens
                ways.append((a, b))
            return super().lin(a, b, stops)

    found = SCENES["training_loop"]
    templates.render(
        Assets.default(), "holograms/training_loop.svg.j2", canvas, w=w, h=h, pen=Watch(canvas), scene=found,
        opts={}, diagram=read_diagram(found), k=1.0, least=27.0, light="#00D4FF", data={}, panel=None,
    )  # fmt: skip
    assert len(ways) == len(read_diagram(found).cycle)
    x, y = (sum(p[i] for way in ways for p in way) / len(ways) / 2 for i in (0, 1))
    for (ax, ay), (bx, by) in ways:
        assert (ax - x) * (by - y) - (ay - y) * (bx - x) > 0


def test_a_step_more_in_the_loop_is_a_bead_more_on_every_lap() -> None:
    five = draw("loop_spiral", scene=scene(*LOOP))[0]
    four = draw("loop_spiral", scene=scene("A → B → C → D", "D loops back to A"))[0]
    assert five.count("<path") == four.count("<path") + 3
    assert draw("loop_spiral")[0] == five


def test_only_on_the_last_lap_which_is_the_highest_the_model_knows_the_cat() -> None:
    cat = hues("loop_spiral", 700, 700, "#00FF88")
    assert cat
    assert max(y for _, y in cat) < 300


def test_what_lies_before_those_who_work_in_the_network_leaves_the_middle_free() -> None:
    back, front = (solid("network_inside", 900, 360, part=part) for part in ("back", "front"))
    assert front[0] > back[0] + 100
    assert front[2] < back[2] - 100


def test_a_node_more_in_the_list_is_a_node_more_in_the_picture() -> None:
    longer = scene(*LOOP, "Human Feedback feeds into Loss Computation")
    assert "Human Feedback" in draw("training_loop", 1400, 900, longer)[1].words


def test_the_pipeline_has_as_many_stations_as_the_scene_says() -> None:
    six = draw("pipeline", scene=SCENES["pipeline"])[0]
    four = draw("pipeline", scene=scene(text="A belt with four stations."))[0]
    assert len(four) < len(six)
    assert draw("pipeline", scene=SCENES["pipeline"], opts={"stations": 4})[0] == four


def stations(**opts: Any) -> list[float]:
    """Where the numbers of the stations stand, from left to right."""
    lines = draw("pipeline_lit", 1500, 1000, opts={"first": 1, **opts})[1].lines
    return [x for x, _ in sorted(((b[0] + b[2]) / 2 / 1500, words) for words, b in lines)]


def test_a_running_pipeline_has_its_stations_on_a_half_ring() -> None:
    six = stations()
    assert len(six) == 6
    assert len(stations(stations=4)) == 4
    assert six == pytest.approx([1 - x for x in reversed(six)], abs=0.01)


@pytest.mark.parametrize(("at", "left"), [(0.3, 2), (0.5, 3), (0.7, 4)])
def test_the_stations_of_a_running_pipeline_leave_a_group_and_its_hand_free(at: float, left: int) -> None:
    heads = [[at - 0.07, 0.5, 0.06], [at + 0.07, 0.5, 0.06]]
    places = stations(round=heads)
    assert sum(x < at for x in places) == left
    assert sum(x > at for x in places) == 6 - left
    assert not any(at - 0.13 < x < at + 0.13 for x in places)
    assert not any(at - 0.13 < x < at + 0.24 for x in stations(round=heads, free=[at + 0.2, 0.4, 0.04]))


def test_who_stages_a_running_pipeline_may_say_how_many_stations_stand_on_the_left() -> None:
    heads = [[0.3, 0.5, 0.06], [0.47, 0.5, 0.06]]
    assert sum(x < 0.3 for x in stations(round=heads)) == 2
    assert sum(x < 0.3 for x in stations(round=heads, left=3)) == 3


def test_a_framed_camera_fills_the_rectangle_with_the_points() -> None:
    corners = [(x, y, z) for x in (-2.0, 5.0) for y in (0.0, 1.0) for z in (3.0, 9.0)]
    cam = Camera((-1.5, 3, -7), 30, -12).framed(corners, 10, 20, 300, 200)
    x0, y0, x1, y1 = bounds([cam.pr(*p) for p in corners])
    assert min(x0 - 10, 310 - x1, y0 - 20, 220 - y1) > -0.01
    assert x1 - x0 == pytest.approx(300) or y1 - y0 == pytest.approx(200)


def test_an_arrow_ends_in_its_point_and_starts_thin() -> None:
    outline = points_of(arrow([(float(x), 0.0) for x in range(0, 101, 10)], 20, tail=0.3, head=2))
    assert max(x for x, _ in outline) == 100
    assert max(y for x, y in outline if x == 0) == pytest.approx(3)
    assert max(y for _, y in outline) == pytest.approx(20)


def test_raw_text_comes_in_and_leaves_as_a_token_for_each_word() -> None:
    # a line of raw text for each word, then a token for each
    assert draw("tokenizer", opts={"text": "text into tokens"})[1].words == ["text", "into", "tokens"] * 2
    assert "Raw" in draw("tokenizer", scene=scene(text="Raw text flows into a station."))[1].words


def test_decoding_makes_tokens_of_the_word_that_the_staging_says() -> None:
    assert sorted(draw("decode_serve", opts={"text": "answer"})[1].words) == ["ans", "answer", "wer"]
    assert draw("decode_serve")[1].words == []
    assert sorted(draw("decode_serve", opts={"first": 4})[1].words) == ["4", "5", "6"]


def test_in_a_tall_box_the_last_stations_run_one_way_down_a_stair() -> None:
    lines = dict(draw("decode_serve", 730, 790, opts={"first": 4})[1].lines)
    for a, b in (("4", "5"), ("5", "6")):
        assert lines[a][0] < lines[b][0]
        assert lines[a][1] < lines[b][1]


def test_a_line_of_stations_keeps_to_its_room_at_the_foot() -> None:
    def top(**opts: Any) -> float:
        return min(box[1] for _, box in draw("decode_serve", 1200, 600, opts={"first": 4, **opts})[1].lines)

    assert top(room=0.6) > 0.4 * 600
    assert 0 < top() < top(room=0.6)


@pytest.mark.parametrize("tips", [[(0.5, 1.8), (0.6, 1.75), (0.7, 1.82)], [(0.8, 1.5)]])
def test_every_question_is_on_a_trace_to_a_fingertip_of_its_own_or_to_the_last(tips: list[tuple[float, float]]) -> None:
    def lights(**opts: Any) -> list[tuple[float, float]]:
        svg = draw("questions", 700, 500, SCENES["questions"], opts=opts)[0]
        found = re.findall(r'<circle r="1" transform="translate\(([\d.]+) ([\d.]+)', svg)
        return [(float(x), float(y)) for x, y in found if float(y) > 600]

    wanted = [tips[min(i, len(tips) - 1)] for i in range(len(SCENES["questions"].items))]
    for light, (x, y) in zip(sorted(lights(fingers=tips)), sorted(wanted), strict=True):
        assert light == pytest.approx((x * 700, y * 500), abs=1)
    assert lights() == []
