"""The human cast: every pose draws, anchors lie where they say, and new ones need no Python."""

from __future__ import annotations

import gzip
import io
import itertools
import math
import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from PIL import Image, ImageChops

from panelwright.assets import Assets
from panelwright.cache import forget_changed
from panelwright.comic import Composer
from panelwright.diagnostics import AuthorError
from panelwright.drawing import cast
from panelwright.drawing.casting import draw_member
from panelwright.drawing.figures import FigureSpec, cast_names, draw_figure, find_pose, pose_names
from panelwright.drawing.rig import Arm, Rig
from panelwright.plates import Options
from panelwright.script.model import Storyboard
from panelwright.staging.model import CastMember, Hologram, Shot
from panelwright.svg.curves import data, spline
from panelwright.svg.ink import Ink
from panelwright.svg.inline import inlined
from panelwright.svg.limbs import Limb, widths
from panelwright.svg.path import pd, points_of

ASSETS = Assets.default()
PEOPLE = ("Dr. Nova", "Kai")
EVERY = [
    (who, pose, str(view)) for who in PEOPLE for pose, facts in cast.poses(ASSETS).items() for view in facts["views"]
]
METRES = 0.001525


def pixels(svg: str, box: str = "-500 -1400 1000 1450") -> Image.Image:
    import cairosvg

    page = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{svg}</svg>'
    png = cairosvg.svg2png(bytestring=inlined(page).encode(), output_width=200, output_height=290)
    return Image.open(io.BytesIO(png)).convert("RGBA")


def differ(a: Image.Image, b: Image.Image) -> bool:
    return ImageChops.difference(a.convert("RGB"), b.convert("RGB")).getbbox() is not None


@pytest.mark.parametrize(("who", "pose", "view"), EVERY)
def test_every_pose_draws_a_small_self_contained_symbol(who: str, pose: str, view: str) -> None:
    f = draw_figure(ASSETS, FigureSpec(who, view, pose, mouth_open=True))
    assert f.symbol.startswith("f")
    assert f.svg.startswith(f'<g id="{f.symbol}"')
    assert len(gzip.compress(f.svg.encode(), 6)) <= 17_500  # as it is sent
    ids = re.findall(r' id="([^"]+)"', f.svg)
    assert len(ids) == len(set(ids))
    assert all(i.startswith(f.symbol) for i in ids)
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', f.svg)) <= {(i, "") for i in ids} | {("", i) for i in ids}
    assert set(re.findall(r"<([a-zA-Z]+)", f.svg)) <= {
        "g", "path", "use", "clipPath", "circle", "ellipse", "linearGradient", "radialGradient", "stop", "defs",
    }  # fmt: skip
    assert not re.search(r"<use[^>]* opacity=|evenodd|nan|inf", f.svg)
    assert all(d[0] in "Mm" for d in re.findall(r' d="([^"]*)"', f.svg))
    # the anchors
    x, y, r = f.face
    assert (f.mouth[0] - x) ** 2 + (f.mouth[1] - y) ** 2 < r * r
    assert f.bounds.y <= f.eye_y <= f.bounds.y + f.height
    assert 0 <= f.bounds.y1 < 25  # the soles, and hardly more, under the ground line
    for hx, hy, _ in f.hands:
        assert f.bounds.grown(30).overlap(type(f.bounds)(hx - 1, hy - 1, 2, 2)) > 0
    cuts = [f.cuts[k] for k in ("full", "knees", "medium", "waist", "bust", "close")]
    assert cuts == sorted(cuts, reverse=True)


def test_the_cast_is_known_by_name_and_alias() -> None:
    assert set(cast_names(ASSETS)) >= set(PEOPLE)
    assert draw_figure(ASSETS, FigureSpec("Nova")).height == draw_figure(ASSETS, FigureSpec("Dr. Nova")).height


def test_novas_eyes_are_on_the_horizon() -> None:
    for view in cast.VIEWS:
        eyes = -draw_figure(ASSETS, FigureSpec("Dr. Nova", view)).eye_y * METRES
        assert eyes == pytest.approx(1.72, abs=0.03), view


def test_plain_words_mean_poses() -> None:
    assert find_pose(ASSETS, "hand on chin") == "chin"
    assert find_pose(ASSETS, "walks") == "walk"
    assert find_pose(ASSETS, "no such word") is None
    wanted = {
        "stand", "walk", "present", "explain", "point", "point_up", "hips", "crossed", "chin", "scratch", "lean_in",
        "hold_tablet", "show_tablet", "swipe", "raise_three", "triumph", "thumbs_up", "arms_wide", "sit",
    }  # fmt: skip
    assert wanted <= set(pose_names(ASSETS))


def test_a_word_means_one_pose_only() -> None:
    words = [w for p in cast.poses(ASSETS).values() for w in p["words"]]
    assert len(words) == len(set(words))
    faces = [w for e in cast.expressions(ASSETS).values() for w in e["words"]] + list(cast.expressions(ASSETS))
    assert len(faces) == len(set(faces))


def test_the_same_content_is_drawn_once_and_alike() -> None:
    spec = FigureSpec("Kai", pose="point", hands={"far": "thumb"}, over={"lean": 9})
    first = draw_figure(ASSETS, spec)
    assert draw_figure(ASSETS, replace(spec, over={"lean": 9})) is first
    forget_changed("as if the art had changed")
    again = draw_figure(ASSETS, spec)
    assert again is not first
    assert again.svg == first.svg


def test_facing_left_mirrors_every_place() -> None:
    right, left = (draw_figure(ASSETS, FigureSpec("Kai", pose="point", facing=f)) for f in ("right", "left"))
    assert left.mouth == (-right.mouth[0], right.mouth[1])
    assert left.front == (-right.front[0], right.front[1])
    assert left.bounds.x == pytest.approx(-right.bounds.x1)
    assert [(-x, y, r) for x, y, r in right.hands] == list(left.hands)
    assert left.front[0] < left.mouth[0]  # the tail stops before the mouth, on the side faced


@pytest.mark.parametrize("expression", list(cast.expressions(ASSETS)))
def test_a_speaker_opens_the_mouth(expression: str) -> None:
    mouth = cast.expression(ASSETS, expression)["speaking"]
    shut = {"rest", "smile", "smirk", "press", "frown", "purse", "skew"}
    assert mouth not in shut
    spec = FigureSpec("Dr. Nova", expression=expression)
    quiet, speaking = draw_figure(ASSETS, spec), draw_figure(ASSETS, replace(spec, mouth_open=True))
    dark = "#4B1420"  # the inside of a mouth
    assert dark in speaking.svg or "#7D8CA8" in speaking.svg  # or teeth
    if cast.expression(ASSETS, expression)["mouth"] in shut:
        assert dark not in quiet.svg


@pytest.mark.parametrize("who", PEOPLE)
def test_every_two_expressions_are_told_apart_on_a_small_face(who: str) -> None:
    """A face of 60 pixels, quiet: no two of them may differ in less than a mouth or a brow."""
    faces: dict[str, Image.Image] = {}
    for name in cast.expressions(ASSETS):
        f = draw_figure(ASSETS, FigureSpec(who, "34", "stand", name))
        x, y, r = f.face
        faces[name] = pixels(f.svg, f"{x - r} {y - r} {2 * r} {2 * r}").resize((74, 74)).convert("L")
    for a, b in itertools.combinations(faces, 2):
        changed = sum(ImageChops.difference(faces[a], faces[b]).histogram()[25:])
        assert changed >= 12, f"{a} and {b}"


@pytest.mark.parametrize("view", ["34", "front", "profile"])
@pytest.mark.parametrize("speaking", [False, True])
def test_every_expression_has_its_mouth_in_every_view(view: str, speaking: bool) -> None:
    for who in PEOPLE:
        drawn = {e: draw_figure(ASSETS, FigureSpec(who, view, expression=e, mouth_open=speaking)).svg
                 for e in cast.expressions(ASSETS)}  # fmt: skip
        assert len(set(drawn.values())) == len(drawn)


def test_an_expression_tilts_the_head_and_its_anchors_go_along() -> None:
    level, up = (draw_figure(ASSETS, FigureSpec("Kai", "34", expression=e)) for e in ("smile", "proud"))
    assert cast.expression(ASSETS, "proud")["tilt"] < 0
    assert up.mouth[1] < level.mouth[1]  # chin up
    back = draw_figure(ASSETS, FigureSpec("Kai", "34", expression="proud", head_turned=True))
    assert back.mouth[1] < draw_figure(ASSETS, FigureSpec("Kai", "34", expression="smile", head_turned=True)).mouth[1]


def test_a_head_turns_on_any_body_and_the_light_takes_its_side_and_colour() -> None:
    spec = FigureSpec("Dr. Nova", "34", "present")
    plain = draw_figure(ASSETS, spec)
    profile = draw_figure(ASSETS, replace(spec, head="profile"))
    turned = draw_figure(ASSETS, replace(spec, head="profile", head_turned=True))
    assert profile.mouth[0] > plain.face[0] > turned.mouth[0]
    behind = draw_figure(ASSETS, replace(spec, light_from="back"))
    assert differ(pixels(plain.svg), pixels(behind.svg))
    green = draw_figure(ASSETS, replace(spec, rim="#00FF88"))
    assert "#7FEAFF" in plain.svg
    assert green.svg.count("#00FF88") > plain.svg.count("#00FF88")


def test_a_strong_light_models_the_body_and_a_back_light_lies_within_the_contour() -> None:
    spec = FigureSpec("Kai", "34", "stand", rim="#FF4D6D")
    plain, strong, back = (
        draw_figure(ASSETS, s) for s in (spec, replace(spec, strong=True), replace(spec, back="#00D4FF"))
    )
    assert differ(pixels(plain.svg), pixels(strong.svg))
    assert differ(pixels(plain.svg), pixels(back.svg))
    shapes = [pixels(f.svg).getchannel("A").point(lambda a: a > 64 and 255) for f in (plain, back)]
    assert shapes[0].tobytes() == shapes[1].tobytes()
    assert len(gzip.compress(back.svg.encode())) < len(gzip.compress(plain.svg.encode())) * 1.06


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("rim", [None, "#FF0000"])
def test_light_from_behind_is_a_finer_line_on_the_other_side(side: int, rim: str | None) -> None:
    ink = Ink("t", rim, side, back="#0000FF")
    picture = pixels(str(ink.cel("M60,60H140V140H60Z", "#FFFFFF", "#FFFFFF", (0, 0), ink=0, rim=6)), "0 0 200 290")
    row = [picture.getpixel((x, 100))[:3] for x in range(60, 140)]
    front, behind = ((x if side > 0 else 79 - x) for x in (77, 2))
    assert row[front] == ((255, 0, 0) if rim else (255, 255, 255))
    assert row[behind] == (0, 0, 255)
    assert 3 <= row.count((0, 0, 255)) <= 5
    assert row.count((255, 0, 0)) in ((5, 6) if rim else (0,))


@pytest.mark.parametrize("who", ["Kai", "Dr. Nova"])
def test_a_strong_light_colours_edges_and_no_garment(who: str) -> None:
    red, white = (
        pixels(draw_figure(ASSETS, FigureSpec(who, "34", "stand", rim=rim, strong=True)).svg)
        for rim in ("#FF4D6D", "#FFFFFF")
    )
    body = [
        (a, b) for a, b in zip(red.get_flattened_data(), white.get_flattened_data(), strict=True) if a[3] == 255 == b[3]
    ]
    dyed = sum(max(abs(x - y) for x, y in zip(a, b, strict=True)) > 36 for a, b in body)
    assert 0 < dyed < len(body) * 0.05


@pytest.mark.parametrize("side", [1, -1])
def test_the_contour_is_finer_on_the_lit_side(side: int) -> None:
    ink = Ink("t", "#FF0000", side)
    shape = ink.cel("M60,60H140V140H60Z", "#FFFFFF", "#FFFFFF", ink=0, out=6)
    picture = pixels(f"{ink.contour()}{shape}", "0 0 200 290")
    line = [picture.getpixel((x, 100)) == (11, 16, 32, 255) for x in range(200)]
    left, right = sum(line[:100]), sum(line[100:])
    assert (right < left) == (side > 0)
    assert 2 <= min(left, right) < max(left, right) <= 6


def test_look_moves_the_pupils_and_over_moves_an_arm() -> None:
    spec = FigureSpec("Kai")
    assert differ(
        pixels(draw_figure(ASSETS, spec).svg, "-150 -1300 300 300"),
        pixels(draw_figure(ASSETS, replace(spec, look=(-5, 3))).svg, "-150 -1300 300 300"),
    )
    up = draw_figure(ASSETS, replace(spec, over={"far": [120, 170, 176, "point"]}))
    assert min(y for _, y, _ in up.hands) < -1000


def looked(m: CastMember, *others: CastMember, holo: Hologram | None = None) -> Image.Image:
    """The face of ``m`` in a shot with the others, drawn as a panel draws it."""
    shot = Shot(1, cast=(m, *others), holograms=(holo,) if holo else ())
    f = draw_member(ASSETS, m, "#7FEAFF", "front", False, shot)
    x, y, r = f.face
    return pixels(f.svg, f"{x - r} {y - r} {2 * r} {2 * r}")


def test_eyes_go_to_who_and_what_is_there() -> None:
    kai = CastMember("Kai", pose="stand", expression="calm", at=0.2, facing="right")
    nova = CastMember("Dr. Nova", pose="stand", expression="calm", at=0.8, facing="left")
    up, low = (CastMember("Tensor", pose="zoom", expression="happy", at=0.8, up=y) for y in (0.95, 0.1))
    alone, at_nova = looked(kai), looked(kai, nova)
    assert differ(alone, at_nova)
    assert not differ(at_nova, looked(replace(kai, look="Nova"), nova, holo=Hologram("chat", zone="above")))
    assert differ(at_nova, looked(replace(kai, look="chat"), nova, holo=Hologram("chat", zone="above")))
    assert differ(at_nova, looked(replace(kai, look="reader"), nova))
    assert differ(looked(kai, up), looked(kai, low))
    behind = replace(nova, at=0.05)
    assert not differ(alone, looked(kai, behind))  # nobody turns round unasked
    assert differ(alone, looked(replace(kai, look="Nova"), behind))


def test_an_averted_face_looks_away_unless_told_otherwise() -> None:
    nova = CastMember("Dr. Nova", pose="stand", expression="calm", at=0.8, facing="left")
    kai = CastMember("Kai", pose="stand", expression="thinking", at=0.2, facing="right")
    assert not differ(looked(kai), looked(kai, nova))
    assert differ(looked(kai), looked(replace(kai, look="Dr. Nova"), nova))


def test_a_look_at_somebody_who_is_not_there_is_an_error_with_a_way_out() -> None:
    with pytest.raises(AuthorError) as caught:
        looked(CastMember("Kai", look="Novva"), CastMember("Dr. Nova"))
    (found,) = caught.value.diagnostics
    assert found.code == "look-unknown"
    assert "Nova" in found.hint


@pytest.mark.parametrize("who", ["Kai", "Dr. Nova"])
@pytest.mark.parametrize("view", ["34", "front", "profile", "back"])
def test_every_head_sits_on_every_body(who: str, view: str) -> None:
    for head in ("34", "front", "profile", "back"):
        ElementTree.fromstring(draw_figure(ASSETS, FigureSpec(who, view, "stand", head=head)).svg)


def test_a_tablet_that_is_held_up_shows_people_or_a_table() -> None:
    people, table = (draw_figure(ASSETS, FigureSpec("Kai", "34", "show_tablet", holding=what)).svg
                     for what in ("tablet", "table"))  # fmt: skip
    assert "#A78BFA" in table  # one of its columns
    assert "#A78BFA" not in people
    mirrored = draw_figure(ASSETS, FigureSpec("Kai", "34", "show_tablet", facing="left", holding="table")).svg
    for svg, first in ((table, "#3FBBE0"), (mirrored, "#00FF88")):  # drawn mirrored, it still begins at the left
        bars = re.findall(r'<path d="[^"]*h15l3[^"]*" fill="(#\w+)"', svg)
        assert bars[0] == first


def test_a_tablet_can_be_held_without_undoing_a_pose_that_shows_one() -> None:
    held = draw_figure(ASSETS, FigureSpec("Kai", "34", "stand", holding="tablet"))
    assert "#55648A" in held.svg  # its back
    assert len(held.hands) == 1  # which words leave free, and from which it may project
    shown = draw_figure(ASSETS, FigureSpec("Kai", "34", "show_tablet", holding="tablet"))
    assert "#55648A" not in shown.svg
    assert "#0A1E3A" in shown.svg  # its screen


def test_a_pose_is_drawn_in_a_view_it_lives_in() -> None:
    assert draw_figure(ASSETS, FigureSpec("Kai", "back", "scratch")).height > 1000
    auto = draw_figure(ASSETS, FigureSpec("Kai", pose="sit"))
    assert auto.eye_y > draw_figure(ASSETS, FigureSpec("Kai")).eye_y + 150  # seated is lower


@pytest.mark.parametrize(
    ("change", "code", "hint"),
    [
        ({"who": "Kay"}, "cast-unknown", "Kai"), ({"pose": "hipps"}, "pose-unknown", "hips"),
        ({"expression": "smil"}, "expression-unknown", "smile"), ({"hands": {"near": "opn"}}, "hand-unknown", "open"),
        ({"head": "profil"}, "view-unknown", "profile"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_answered_with_the_right_one(change: dict[str, object], code: str, hint: str) -> None:
    with pytest.raises(AuthorError) as caught:
        draw_figure(ASSETS, replace(FigureSpec("Kai"), **change))  # type: ignore[arg-type]
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert hint in found.hint


def test_a_new_pose_expression_hand_and_person_need_no_python(tmp_path: Path) -> None:
    art, templates = tmp_path / "art", tmp_path / "templates"
    (art / "poses").mkdir(parents=True)
    (art / "cast").mkdir()
    (art / "poses" / "salute.yaml").write_text(
        "words: [greets]\nviews:\n  front:\n    near: [-10, 0, 0, relaxed]\n    far: [110, 240, 250, wave]\n"
        "    legs: [[-4, -2], [8, 3]]\n"
    )
    (art / "expressions.yaml").write_text(
        "dozing:\n  words: [asleep]\n  eyes: [0, 0]\n  lower: 0.5\n  look: [0, 0]\n  iris: 1\n"
        "  brows: [[0, 0, 0], [0, 0, 0]]\n  mouth: press\n  speaking: ask\n"
    )
    (art / "hands.yaml").write_text(
        "wave:\n  outline: [[[-8, -15], [60, -20], [120, -10]], [[60, 0], [60, 20], [-8, 15]]]\n"
    )
    mira = yaml.safe_load(ASSETS.art_file("cast/kai.yaml").read_text())  # type: ignore[union-attr]
    mira |= {"name": "Mira", "aliases": [], "template": "mira"}
    mira["colours"]["hoodie"]["base"] = "#AA5500"
    (art / "cast" / "mira.yaml").write_text(yaml.safe_dump(mira))
    theirs = templates / "figures" / "mira"
    theirs.mkdir(parents=True)
    kai = ASSETS.templates[-1] / "figures" / "kai"
    for name in ("figure-front.svg.j2", "head-front.svg.j2"):
        shutil.copy(kai / name, theirs / name)
    own = Assets.default(art, templates)

    plain = draw_figure(own, FigureSpec("Mira", "front"))
    drawn = draw_figure(own, FigureSpec("Mira", "front", "greets", "asleep"))
    assert "#AA5500" in drawn.svg
    assert differ(pixels(plain.svg), pixels(drawn.svg))
    assert min(y for _, y, _ in drawn.hands) < -1000
    assert "smile" in cast.expressions(own)  # the bundled ones are still there


def test_an_edit_is_seen_by_the_next_comic(tmp_path: Path) -> None:
    (tmp_path / "poses").mkdir()
    pose = tmp_path / "poses" / "nod.yaml"
    text = "words: []\nviews:\n  front:\n    head: {0}\n    near: [-10, 0, 0, relaxed]\n    far: [9, 0, 0, relaxed]\n"
    text += "    legs: [[-4, -2], [8, 3]]\n"
    own = Assets.default(tmp_path)

    def mouth(head: int) -> tuple[float, float]:
        pose.write_text(text.format(head))
        Composer(Storyboard("", ""), Options(own))
        return draw_figure(own, FigureSpec("Kai", pose="nod")).mouth

    assert mouth(0) != mouth(20)


def test_a_broken_file_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "poses").mkdir()
    (tmp_path / "poses" / "bad.yaml").write_text("words: []\nviews: [\n")
    with pytest.raises(AuthorError) as caught:
        draw_figure(Assets.default(tmp_path), FigureSpec("Kai", pose="bad"))
    assert caught.value.diagnostics[0].path.endswith("bad.yaml")
    assert caught.value.diagnostics[0].line >= 2


def test_inlining_draws_the_same_picture() -> None:
    import cairosvg

    f = draw_figure(ASSETS, FigureSpec("Dr. Nova", pose="present"))
    page = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-500 -1400 1000 1450">{f.svg}</svg>'
    a, b = (
        Image.open(io.BytesIO(cairosvg.svg2png(bytestring=s.encode(), output_width=200))) for s in (page, inlined(page))
    )
    assert not differ(a, b)
    assert inlined(page).count("<use") < page.count("<use") / 10


def test_a_bent_limb_keeps_a_simple_outline() -> None:
    arm = Limb((0, 0), (0, 100), (60, 40), widths([(0, 60), (1, 40)]), 0.25)
    assert len(arm.left) != len(arm.right)  # the loop on the inner side is cut
    assert arm.bend == pytest.approx(-135)


def test_where_light_is_spared_a_shape_has_no_bright_edge() -> None:
    def bright(hole: str) -> int:
        ink = Ink("x", "#FF0000")
        cel = ink.cel("M20,20H80V80H20Z", "#101010", "#101010", ink=0, rim=6, rim_hole=hole)
        return pixels(cel, "0 0 100 100").histogram()[255]

    assert bright("M20,20H80V80H20Z") > 100
    assert bright("M0,0H100V100H0Z") == 0


@pytest.mark.parametrize("view", ["34", "front", "back"])
def test_an_offered_palm_turns_up_on_either_side(view: str) -> None:
    pose = cast.pose(ASSETS, "arms_wide", view, "Kai")[1]
    rig = Rig(cast.member(ASSETS, "Kai"), view, pose, {}, cast.hands(ASSETS))
    for arm in rig.arms.values():
        thumb = -arm.flip * math.cos(math.radians(arm.angle))  # y of the thumb's side
        assert arm.hand == ("flat" if view == "back" else "offer")  # from behind one sees the back of the hand
        assert thumb < -0.9


@pytest.mark.parametrize(("pose", "side"), [("chin", "far"), ("scratch", "near")])
def test_a_hand_that_rests_on_the_head_goes_with_it(pose: str, side: str) -> None:
    who, joints = cast.member(ASSETS, "Kai"), cast.pose(ASSETS, pose, "34", "Kai")[1]
    still, bent = (Rig(who, "34", joints, {}, {}, nod) for nod in (0, 12))
    assert bent.arms[side].angle - still.arms[side].angle == pytest.approx(12)
    for rig in (still, bent):
        assert rig.arms[side].wrist == pytest.approx(rig.on_head(tuple(joints[side]["wrist"])))
    assert math.dist(still.arms[side].wrist, bent.arms[side].wrist) > 10
    assert still.arms[side].elbow == bent.arms[side].elbow


@pytest.mark.parametrize("who", ["Kai", "Dr. Nova"])
def test_shoulders_are_drawn_up_and_the_head_put_forward_without_each_other(who: str) -> None:
    joints = cast.pose(ASSETS, "stand", "34", "Dr. Nova")[1]

    def rig(**more: float) -> Rig:
        return Rig(cast.member(ASSETS, who), "34", joints | more, {}, {})

    plain, drawn_up, forward = rig(), rig(shrug=20), rig(crane=15)
    assert all(drawn_up.arms[s].shoulder[1] < plain.arms[s].shoulder[1] - 12 for s in ("near", "far"))
    assert drawn_up.at(-80, -320)[1] < plain.at(-80, -320)[1] - 12  # the coat goes up with them
    assert drawn_up.skull == plain.skull
    assert drawn_up.at(0, -200) == plain.at(0, -200)
    assert forward.skull[0] == pytest.approx(plain.skull[0] + 15)
    assert forward.arms["near"].shoulder == plain.arms["near"].shoulder


def test_skin_and_white_cloth_take_the_light_of_the_room() -> None:
    def reds(rim: str) -> tuple[int, str]:
        svg = draw_figure(ASSETS, FigureSpec("Dr. Nova", rim=rim)).svg
        return svg.count("#DE9F7F"), svg

    plain, _ = reds("")
    lit, svg = reds("#00FF88")
    plain_coat = draw_figure(ASSETS, FigureSpec("Dr. Nova", rim="")).svg.count("#22376C")
    assert plain > 2
    assert lit == 0
    assert "#D19F7B" in svg  # the shade of her skin, a little of it seen through green: more would make it olive
    assert (
        draw_figure(ASSETS, FigureSpec("Dr. Nova", rim="#00FF88")).svg.count("#22376C") == plain_coat
    )  # her coat stays


SEEN_INSIDE = {"open", "offer", "point", "fist", "thumb", "three", "show", "pinch"}
ANY_WAY = {"chin", "scratch", "none"}  # the thumb lies where the face has it


@pytest.mark.parametrize("view", cast.VIEWS)
def test_thumbs_are_on_the_side_that_a_right_and_a_left_hand_have_them(view: str) -> None:
    """Fingers up, a right hand has its thumb at the left when one sees its back, at the right when its palm."""
    seen = 0
    for name, pose in cast.poses(ASSETS).items():
        if view not in pose["views"]:
            continue
        given = cast.pose(ASSETS, name, view, "Kai")[1]
        rig = Rig(cast.member(ASSETS, "Kai"), view, given, {}, cast.hands(ASSETS))
        for side, arm in rig.arms.items():
            if arm.hand in ANY_WAY:
                continue
            right = side == ("far" if view == "back" else "near")
            thumb_left = arm.flip == 1  # hands are drawn along +x with the thumb toward -y: fingers up, it is left
            assert thumb_left == (right != (arm.hand in SEEN_INSIDE)), (name, side, arm.hand)
            seen += 1
    assert seen > 8


@pytest.mark.parametrize("who", PEOPLE)
def test_a_hand_is_no_longer_than_a_face_from_the_chin_to_the_forehead(who: str) -> None:
    person = cast.member(ASSETS, who)
    chin, forehead = 219, 66  # in the box of a head
    for kind, shape in cast.hands(ASSETS).items():
        tip = max(x for run in shape["outline"] for x, _ in run)
        assert tip * person["hand_scale"] < (chin - forehead) * person["head_scale"], kind


def test_pinching_thumb_and_forefinger_meet_and_leave_a_gap_behind_them() -> None:
    hand = cast.hands(ASSETS)["pinch"]
    thumb, rest = ([p for run in part["outline"] for p in run] for part in (hand["front"][0], hand))
    tip = max(thumb)
    assert min(math.dist(tip, p) for p in rest) < 8
    gap = (74, -24)  # what one holds is seen through it
    for outline in (thumb, rest):
        across = [
            x for (x, y), (_, below) in itertools.pairwise([*outline, outline[0]]) if (y < gap[1]) != (below < gap[1])
        ]
        assert sum(x > gap[0] for x in across) % 2 == 0


@pytest.mark.parametrize("kind", ["pinch", "press", "edge"])
@pytest.mark.parametrize("who", PEOPLE)
def test_quiet_hands_are_drawn_on_either_arm(who: str, kind: str) -> None:
    plain = FigureSpec(who, "34", "present")
    for side in ("near", "far"):
        held = draw_figure(ASSETS, replace(plain, hands={side: kind}))
        assert differ(pixels(draw_figure(ASSETS, plain).svg), pixels(held.svg))
        assert len(held.hands) == 2


def test_light_on_a_bent_sleeve_spares_the_inside_of_the_elbow() -> None:
    arm = Limb((0, 0), (0, 172), (150, 172), widths([(0, 60), (1, 50)]), 0.15)
    inner = min((arm.left, arm.right), key=len)  # where the loop is cut
    corner = min(inner, key=lambda p: math.dist(p, arm.joints[1]))
    sleeve = arm.sleeve(False)
    nearest = [min(math.dist(p, corner) for p in points_of(path)) for path in (sleeve.shape, sleeve.spared)]
    assert nearest[1] <= nearest[0]


@pytest.mark.parametrize(
    ("pose", "side"), [("hips", "near"), ("triumph", "far"), ("stand", "near"), ("crossed", "far")]
)
def test_a_raglan_sleeve_grows_out_of_the_collar_and_has_its_seam_at_the_armpit(pose: str, side: str) -> None:
    who = cast.member(ASSETS, "Kai")
    rig = Rig(who, "front", cast.pose(ASSETS, pose, "front", "Kai")[1], {}, {})
    arm = rig.arms[side]
    neck, pit = rig.body(who["views"]["front"]["raglan"][side])
    assert arm.sleeve.seam is not None
    assert arm.sleeve.seam[0][1][0] == neck
    end = arm.sleeve.seam[-1][1][-1]
    assert math.dist(end, pit) < 75
    assert math.dist(arm.shoulder, end) < 110
    plain = arm.limb.sleeve(not arm.over)
    assert math.dist(neck, min(points_of(arm.sleeve.shape), key=lambda p: math.dist(p, neck))) < 1
    assert math.dist(neck, min(points_of(plain.shape), key=lambda p: math.dist(p, neck))) > 12


def test_the_seam_of_a_sleeve_set_in_at_the_shoulder_lies_on_the_chest() -> None:
    for view in ("34", "front"):
        rig = Rig(cast.member(ASSETS, "Kai"), view, cast.pose(ASSETS, "hips", view, "Kai")[1], {}, {})
        seam = rig.arms["near"].sleeve.seam
        assert seam is not None
        (ax, ay), (x, y), (bx, by) = seam[0][1][0], seam[1 if len(seam) == 3 else 0][1][-1], seam[-1][1][-1]
        straight = ax + (bx - ax) * (y - ay) / (by - ay)
        assert x > straight + 3  # the near shoulder is at the left: the chest lies at its right


@pytest.mark.parametrize("who", PEOPLE)
def test_a_frame_that_cuts_a_figure_leaves_out_what_it_hides(who: str) -> None:
    whole = draw_figure(ASSETS, FigureSpec(who, view="34", pose="stand"))
    assert "<?" not in whole.svg
    assert whole.above(50.0) is whole  # the frame ends under the soles
    bust = whole.above(whole.cuts["bust"] + 24)
    assert len(bust.svg) < 0.9 * len(whole.svg)
    assert "<?" not in bust.svg
    assert bust.symbol != whole.symbol
    ids = re.findall(r' id="([^"]+)"', bust.svg)
    assert len(ids) == len(set(ids))
    assert all(i.startswith(bust.symbol) for i in ids)
    assert set(re.findall(r'(?:href="#|url\(#)([^)"]+)', bust.svg)) <= set(ids)
    assert bust._replace(symbol=whole.symbol, svg=whole.svg) == whole  # every place stays


def test_a_sleeve_of_the_coats_own_cloth_has_no_line_round_the_shoulder() -> None:
    for view in ("34", "front"):
        rig = Rig(cast.member(ASSETS, "Dr. Nova"), view, cast.pose(ASSETS, "stand", view, "Dr. Nova")[1], {}, {})
        arm = rig.arms["near"]
        assert arm.sleeve.seam is None
        assert arm.sleeve.ink is not None
        cap = min(y for _, y in points_of(arm.sleeve.shape))
        assert cap < arm.shoulder[1] - 20  # it reaches over the joint, under the shoulder of the coat
        assert min(y for _, y in points_of(arm.sleeve.ink)) > cap + 8
    svg = draw_figure(ASSETS, FigureSpec("Dr. Nova", view="34", pose="stand")).svg
    cloth = re.search(r'<linearGradient id="([^"]+)"[^>]*><stop stop-color="#1A2B59"', svg)
    assert cloth is not None
    assert svg.count(f"url(#{cloth[1]})") > 6  # sleeves, cuffs, bodice and skirt turn with the same light


def test_a_raised_arm_takes_the_armpit_with_it() -> None:
    who = cast.member(ASSETS, "Kai")

    def seam_end(pose: str) -> float:
        rig = Rig(
            who, "front", {**cast.pose(ASSETS, pose, "front", "Kai")[1], "lean": 0, "bow": 0, "shoulders": 0}, {}, {}
        )
        seam = rig.arms["far"].sleeve.seam
        assert seam is not None
        return float(seam[-1][1][-1][1])

    assert seam_end("triumph") < float(who["views"]["front"]["raglan"]["far"][1][1]) - 20
    assert seam_end("triumph") < seam_end("stand") - 10


def test_an_arm_held_out_in_profile_has_its_shoulder_and_armpit_on_the_body() -> None:
    who = cast.member(ASSETS, "Kai")
    rig = Rig(who, "profile", cast.pose(ASSETS, "point", "profile", "Kai")[1], {}, {})
    arm = rig.arms["near"]
    seam = arm.sleeve.seam
    assert seam is not None
    (nx, ny), (px, py) = seam[0][1][0], seam[-1][1][-1]
    assert py - ny > 1.5 * arm.limb.half[0]  # the seam ends under the arm
    assert px < arm.shoulder[0] < max(x for x, _ in points_of(arm.sleeve.shape))
    assert nx > px


@pytest.mark.parametrize("who", PEOPLE)
def test_the_far_hand_of_one_who_holds_a_tablet_reaches_its_edge(who: str) -> None:
    rig = Rig(cast.member(ASSETS, who), "34", cast.pose(ASSETS, "hold_tablet", "34", who)[1], {}, {})
    near, far = rig.arms["near"].wrist, rig.arms["far"].wrist
    assert 145 < far[0] - near[0] < 175  # a tablet's breadth and the length of the fingers that lie on it
    assert rig.arms["far"].elbow[1] > far[1] + 50  # its forearm comes up from an elbow below


def test_a_head_may_have_a_scale_of_its_own() -> None:
    who = cast.member(ASSETS, "Kai")
    pose = cast.pose(ASSETS, "stand", "front", "Kai")[1]
    small, large = (
        Rig({**who, "heads": {**who["heads"], "front": {**who["heads"]["front"], "scale": k}}}, "front", pose, {}, {})
        for k in (1, 1.5)
    )
    crown, pivot = (100, 0), tuple(who["heads"]["front"]["pivot"])
    assert small.on_head(pivot) == large.on_head(pivot)
    assert math.dist(large.on_head(crown), large.skull) == pytest.approx(
        1.5 * math.dist(small.on_head(crown), small.skull)
    )


def test_the_outside_of_a_bent_elbow_is_a_point_and_its_inside_a_crease() -> None:
    arm = Limb((0, 0), (0, 170), (150, 170), widths([(0, 70), (1, 50)]), 0.2)
    reach = max(math.dist(p, (0, 0)) for p in points_of(arm.sleeve(True).shape) if p[0] < 5)
    assert reach > max(math.dist(p, (0, 0)) for p in points_of(arm.tube()) if p[0] < 5)
    x, y = arm.crease
    assert 0 < x < 50
    assert 120 < y < 170


def test_a_calf_lies_behind_its_bones() -> None:
    straight = ((0.0, 0.0), (0.0, 100.0), (0.0, 200.0), widths([(0, 60), (1, 40)]), 0.2)
    plain, leg = Limb(*straight), Limb(*straight, widths([(0, 0), (0.7, 9), (1, 0)]))
    back, front = (max(abs(a[0] - b[0]) for a, b in zip(x, y, strict=True))
                   for x, y in ((plain.left, leg.left), (plain.right, leg.right)))  # fmt: skip
    assert back == pytest.approx(front)  # moved, not widened
    assert 8 < back <= 9.1
    assert leg.centre[0] == (0, 0)
    assert leg.centre[-1] == pytest.approx((0, 200))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("view", ["34", "front"])
def test_crossed_arms_show_one_hand_on_the_other_arm_and_a_bust_keeps_them(who: str, view: str) -> None:
    f = draw_figure(ASSETS, FigureSpec(who, view, "crossed"))
    (x, y, r), *others = f.hands
    assert not others  # the other hand is tucked away
    assert x > 40
    assert y + r < f.cuts["bust"] < f.cuts["waist"]
    assert draw_figure(ASSETS, FigureSpec(who, view, "stand")).cuts["bust"] < f.cuts["bust"] - 30


@pytest.mark.parametrize("who", PEOPLE)
def test_one_who_sits_is_seen_from_three_quarters_hands_in_the_lap(who: str) -> None:
    stands, sits = draw_figure(ASSETS, FigureSpec(who, "34")), draw_figure(ASSETS, FigureSpec(who, "34", "sit"))
    assert sits.eye_y > stands.eye_y + 150
    lap, knees = sits.cuts["medium"], sits.cuts["knees"]
    assert lap < knees < -300  # the thighs slope down to the knees, the shins stand
    assert len(sits.hands) == 2
    assert all(lap - 70 < y < knees for _, y, _ in sits.hands)
    longer = draw_figure(ASSETS, FigureSpec(who, "34", "sit", over={"thigh": 1}))
    assert longer.bounds.x1 > sits.bounds.x1 + 20  # the thighs are foreshortened


def test_a_corner_stays_sharp_and_path_data_survives() -> None:
    points = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
    _, (_, first), *_ = spline(points, True, corners=(0, 1))
    assert first[0][1] == first[1][1] == 0  # a straight edge between two corners
    d = "M10,20h5v-5c1,2 3,4 5,6q1,1 2,2z"
    assert pd(data(pd(data(d)))) == pd(data(d))


def test_one_who_is_told_where_to_look_is_one_symbol_wherever_others_stand() -> None:
    told = CastMember("Dr. Nova", "hips", "smile", at=0.2, facing="right", look="Kai")
    kai, low = CastMember("Kai", "stand", "calm", at=0.7), CastMember("Tensor", "idle", "joy", at=0.4, up=0.2)
    alone, near = (
        draw_member(ASSETS, told, "#7FEAFF", "front", False, Shot(1, cast=(told, *others)))
        for others in ((kai,), (low, kai))
    )
    assert alone.symbol == near.symbol


def test_where_a_bust_is_cut_is_no_other_drawing() -> None:
    low, high = (draw_figure(ASSETS, FigureSpec("Kai", "34", "stand", over={"bust": y})) for y in (-150, -300))
    assert low.symbol == high.symbol
    assert low.svg == high.svg
    assert low.cuts["bust"] > high.cuts["bust"]
    assert draw_figure(ASSETS, FigureSpec("Kai", "34", "stand", over={"lean": 9})).symbol != low.symbol


def test_a_pocket_covers_a_tucked_hand_and_a_turned_foot_points_to_the_viewer() -> None:
    kai = FigureSpec("Kai", "34", "stand")
    near = cast.pose(ASSETS, "stand", "34", "Kai")[1]["near"]
    out = replace(kai, over={"tucked": (), "near": near})
    pouch = "-80 -750 60 87"
    assert differ(pixels(draw_figure(ASSETS, kai).svg, pouch), pixels(draw_figure(ASSETS, out).svg, pouch))
    feet = "-100 -80 200 90"
    aside = replace(kai, over={"turned": ()})
    assert differ(pixels(draw_figure(ASSETS, kai).svg, feet), pixels(draw_figure(ASSETS, aside).svg, feet))


def test_shade_lies_on_the_side_of_a_limb_away_from_the_light() -> None:
    limb = Limb((0, 0), (0, 100), (0, 200), widths([(0, 40), (1, 40)]), 0.2)
    for away in (-1, 1):
        across = [x for x, y in points_of(limb.lit((away, 0))) if 40 < y < 160]
        shaded, lit = (min(across), max(across)) if away < 0 else (-max(across), -min(across))
        assert -15 < shaded < 0
        assert lit > 20


def test_cloth_slides_down_a_raised_forearm_and_stays_where_a_hand_touches_the_head() -> None:
    def arm(view: str, pose: dict[str, object]) -> Arm:
        return Rig(cast.member(ASSETS, "Kai"), view, pose, {}, cast.hands(ASSETS)).arms["far"]

    base = {"near": [0, 0, 0, "rest"], "legs": [[0, 0], [0, 0]]}
    up = arm("34", base | {"far": [84, 170, 178, "fist"]})
    assert up.bare > 0
    assert math.dist(up.wrist, up.limb.joints[2]) == pytest.approx(up.bare)
    for far, more in (
        ([84, 170, 178, "fist"], {"hand_over_head": "far"}),
        ([10, 20, 20, "fist"], {}),
        ([84, 170, 178, "flat"], {}),
    ):
        still = arm("34", base | {"far": far} | more)
        assert (still.bare, still.wrist) == (0, still.limb.joints[2])


def test_a_sleeve_may_be_wider_from_one_side() -> None:
    kai = cast.member(ASSETS, "Kai")
    pose = {"near": [20, 30, 30, "rest"], "far": [10, 20, 20, "rest"], "legs": [[0, 0], [0, 0]]}
    slim = kai | {
        "views": kai["views"] | {"profile": {k: v for k, v in kai["views"]["profile"].items() if k != "sleeve"}}
    }
    wide, thin = (Rig(who, "profile", pose, {}, cast.hands(ASSETS)).arms["near"].limb.half for who in (kai, slim))
    assert all(w > t for w, t in zip(wide, thin, strict=True))
