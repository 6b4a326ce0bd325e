"""Robots: arms reach and never tangle, poses and robots are data, drawings are one safe symbol."""

from __future__ import annotations

import itertools
import math
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError
from panelwright.drawing import robots
from panelwright.drawing.figure_model import Figure
from panelwright.drawing.robots import draw_robot, hull, reach, robot_facts

ASSETS = Assets.default()
TENSOR_POSES = ("happy", "juggle", "toss", "work", "overload", "thumbs", "zoom", "present", "wave")
DRAWN = [("Tensor", "happy"), ("Tensor", "overload"), ("CPU", "tired"), ("CPU", "drop")]
CPU_POSES = ("tired", "drop", "sleepy")


def posed(who: str, pose: str, side: int = 1, orbs: int = 9) -> robots.Robot:
    facts, _ = robot_facts(ASSETS, who)
    return robots._posed(facts, facts["poses"][pose], side, orbs)


def crossing(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]) -> bool:
    return (robots._cross(a, b, c) * robots._cross(a, b, d) < 0) and (
        robots._cross(c, d, a) * robots._cross(c, d, b) < 0
    )


@pytest.mark.parametrize("pose", TENSOR_POSES)
def test_eight_arms_and_none_crosses_another(pose: str) -> None:
    arms = posed("Tensor", pose).arms
    assert len(arms) == 8
    for one, two in itertools.combinations(arms, 2):
        for p, q in itertools.product(
            ((one.shoulder, one.elbow), (one.elbow, one.wrist)), ((two.shoulder, two.elbow), (two.elbow, two.wrist))
        ):
            assert not crossing(*p, *q)


@pytest.mark.parametrize("pose", CPU_POSES)
def test_the_cpu_has_a_single_arm(pose: str) -> None:
    assert len(posed("CPU", pose).arms) == 1


def test_an_arm_keeps_its_length_and_reaches_what_is_near() -> None:
    elbow, wrist = reach((0, 0), (90, 40), 70, 60, 1)
    assert math.dist((0, 0), elbow) == pytest.approx(70)
    assert math.dist(elbow, wrist) == pytest.approx(60)
    assert wrist == pytest.approx((90, 40))


def test_an_arm_only_points_at_what_is_out_of_reach() -> None:
    _, wrist = reach((0, 0), (900, 0), 70, 60, 1)
    assert wrist[1] == pytest.approx(0)
    assert 120 < wrist[0] < 130


def test_hull_leaves_out_what_lies_within() -> None:
    assert set(hull([(0, 0), (9, 0), (9, 9), (0, 9), (4, 4), (5, 0)])) == {(0, 0), (9, 0), (9, 9), (0, 9)}


@pytest.mark.parametrize("orbs", [2, 9, 24])
def test_as_many_orbs_as_wished_are_juggled(orbs: int) -> None:
    robot = posed("Tensor", "juggle", orbs=orbs)
    assert len(robot.orbs) + sum(arm.orb is not None for arm in robot.arms) == orbs


def test_facing_left_mirrors_the_pose() -> None:
    right, left = posed("Tensor", "present", 1), posed("Tensor", "present", -1)
    for a, b in zip(right.arms, left.arms, strict=True):
        assert b.wrist == pytest.approx((-a.wrist[0], a.wrist[1]))
        assert math.cos(math.radians(b.hand_at)) == pytest.approx(-math.cos(math.radians(a.hand_at)))


@pytest.mark.parametrize(("who", "pose"), [*(("Tensor", p) for p in TENSOR_POSES), *(("CPU", p) for p in CPU_POSES)])
def test_a_drawing_is_one_wellformed_symbol_with_its_own_ids(who: str, pose: str) -> None:
    figure = draw_robot(ASSETS, who, pose, "", orbs=9)
    root = ET.fromstring(figure.svg)
    assert root.get("id") == figure.symbol
    ids = [e.get("id", "") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(i.startswith(figure.symbol) for i in ids)
    wanted = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', figure.svg))
    assert {a or b for a, b in wanted} <= set(ids)
    assert len(figure.svg) < 45_000
    assert not re.search(r"<(filter|mask)|opacity=\"[^\"]*\"[^>]*href|nan", figure.svg)


@pytest.mark.parametrize(
    ("who", "pose"), [("Tensor", "happy"), ("Tensor", "overload"), ("CPU", "tired"), ("CPU", "drop")]
)
def test_anchors_lie_where_they_should(who: str, pose: str) -> None:
    figure = draw_robot(ASSETS, who, pose, "")
    b = figure.bounds
    x, y, r = figure.face
    assert b.x < x - r * 0.5
    assert x + r * 0.5 < b.x1
    assert b.y < y < b.y1
    assert math.dist(figure.mouth, (x, y)) < r
    assert figure.mouth[1] > figure.eye_y
    assert all(b.x <= hx <= b.x1 and b.y <= hy <= b.y1 for hx, hy, _ in figure.hands)


def test_a_pose_can_ask_for_a_light_outline(tmp_path: Path) -> None:
    file = tmp_path / "cast" / "tensor.yaml"
    file.parent.mkdir()
    source = next(f for f in ASSETS.art_files("cast", "*.yaml") if f.name == "tensor.yaml")
    file.write_text(source.read_text("utf-8").replace("  wave:\n", "  wave:\n    edge: true\n"), "utf-8")
    plain = draw_robot(ASSETS, "Tensor", "wave", "", rim="#00FF88").svg
    edged = draw_robot(Assets.default(tmp_path), "Tensor", "wave", "", rim="#00FF88").svg
    assert edged.count("#99FFCF") > plain.count("#99FFCF")


def test_a_robot_with_legs_stands_on_its_origin() -> None:
    assert draw_robot(ASSETS, "CPU", "tired", "tired").bounds.y1 == 0
    floating = draw_robot(ASSETS, "Tensor", "happy", "happy").bounds
    assert floating.y < 0 < floating.y1


def test_the_two_drawings_of_the_cpu_differ_in_view_and_bearing() -> None:
    tired, drop = posed("CPU", "tired"), posed("CPU", "drop")
    assert tired.turn.yaw * drop.turn.yaw < 0
    assert tired.turn.roll * drop.turn.roll < 0
    assert tired.arms[0].wrist[1] > tired.arms[0].shoulder[1]
    assert drop.arms[0].wrist[1] < drop.arms[0].shoulder[1]


def test_the_same_content_gives_the_same_drawing() -> None:
    def drawn(look: tuple[float, float] | None) -> Figure:
        return draw_robot(ASSETS, "Tensor", "work", "focus", look=look)

    assert drawn(None) is drawn(None)
    assert drawn((4, 2)).svg != drawn(None).svg


def test_a_new_pose_and_a_new_face_need_no_python(tmp_path: Path) -> None:
    facts = yaml.safe_load((ASSETS.art[0] / "cast/tensor.yaml").read_text("utf-8"))
    facts["poses"]["salute"] = {
        "yaw": 5,
        "arms": [{"side": "right", "at": 0, "to": [150, -160], "hand": "open", "angle": -120}],
    }
    facts["expressions"]["wow"] = {
        "eyes": "round",
        "eye": [40, 60],
        "eye_at": [38, -10],
        "mouth": "M-8 30C-8 48 8 48 8 30Z",
    }
    (tmp_path / "cast").mkdir()
    (tmp_path / "cast/tensor.yaml").write_text(yaml.safe_dump(facts), "utf-8")
    figure = draw_robot(Assets.default(art=tmp_path), "Tensor", "salute", "wow")
    assert len(figure.hands) == 1
    assert figure.svg != draw_robot(ASSETS, "Tensor", "happy", "happy").svg


def test_a_new_robot_needs_no_python(tmp_path: Path) -> None:
    art, templates = tmp_path / "art", tmp_path / "templates"
    (art / "cast").mkdir(parents=True)
    facts = yaml.safe_load((ASSETS.art[0] / "cast/cpu.yaml").read_text("utf-8")) | {"name": "TPU", "template": "tpu"}
    (art / "cast/tpu.yaml").write_text(yaml.safe_dump(facts), "utf-8")
    (templates / "figures/tpu").mkdir(parents=True)
    shutil.copy(ASSETS.templates[0] / "figures/cpu/robot.svg.j2", templates / "figures/tpu/robot.svg.j2")
    assert draw_robot(Assets.default(art, templates), "TPU", "tired", "tired").height > 100


@pytest.mark.parametrize(("pose", "face", "hint"), [("jugle", "happy", "juggle"), ("happy", "hapy", "happy")])
def test_a_misspelt_word_is_the_authors_and_gets_a_hint(pose: str, face: str, hint: str) -> None:
    with pytest.raises(AuthorError) as caught:
        draw_robot(ASSETS, "Tensor", pose, face)
    assert hint in caught.value.diagnostics[0].hint


def test_words_that_only_people_know_give_a_robot_its_first_pose() -> None:
    assert draw_robot(ASSETS, "Tensor", "chin", "").bounds == draw_robot(ASSETS, "Tensor", "happy", "").bounds


def test_a_broken_pose_is_reported_with_its_file(tmp_path: Path) -> None:
    facts = yaml.safe_load((ASSETS.art[0] / "cast/tensor.yaml").read_text("utf-8"))
    facts["poses"]["happy"]["arms"][0]["hand"] = "tentacle"
    (tmp_path / "cast").mkdir()
    (tmp_path / "cast/tensor.yaml").write_text(yaml.safe_dump(facts), "utf-8")
    with pytest.raises(AuthorError, match="tentacle"):
        draw_robot(Assets.default(art=tmp_path), "Tensor", "happy", "happy")
