"""Where figures and holograms stand, and what words get of the room."""

from __future__ import annotations

from dataclasses import replace

from panelwright.drawing.block import Blocking, block
from panelwright.drawing.figure_model import Figure
from panelwright.drawing.model import Box
from panelwright.staging.model import CastMember, Hologram, Shot

W, H, SPEECH = 1500.0, 760.0, 280.0
CUTS = {"full": 0.0, "medium": -560.0, "bust": -800.0}
FIGURE = Figure("f", "", (40, -1090), (110, -1080), (0, -1150, 120), -1120, 1270, Box(-200, -1270, 400, 1270),
                ((150, -700, 60),), CUTS)  # fmt: skip
HELD_UP = FIGURE._replace(hands=((160, -1300, 60),))
NOVA = CastMember("Dr. Nova", at=0.2, facing="right")
SHOT = Shot(1, cast=(NOVA,), holograms=(Hologram("chart", zone="beside"),))


def blocked(shot: Shot = SHOT, row: tuple[float, ...] = (560.0,), figure: Figure = FIGURE) -> Blocking:
    return block(shot, [(m, figure) for m in shot.cast], [(0.3, 4.0)], W, H, 18.0, SPEECH, 0.0, row, 0.62)


def crown(place: Blocking) -> float:
    s = place.standing[0]
    return s.to_panel(0, s.figure.face[1] - s.figure.face[2])[1]


def test_a_head_rises_beside_its_balloon_where_there_is_room() -> None:
    assert crown(blocked()) < 60
    assert crown(blocked(replace(SHOT, words="above"))) > SPEECH


def test_a_head_stays_under_balloons_that_leave_it_no_room() -> None:
    assert crown(blocked(row=(1300.0,))) > SPEECH
    assert crown(blocked(row=())) > SPEECH  # they stand in several rows


def test_a_raised_hand_takes_room_from_balloons_too() -> None:
    wide = (1010.0,)
    assert crown(blocked(row=wide)) < crown(blocked(row=wide, figure=HELD_UP))


def test_balloons_of_two_hang_between_their_heads() -> None:
    both = replace(SHOT, cast=(replace(NOVA, at=0.12), CastMember("Kai", at=0.88, facing="left")))
    assert crown(blocked(both, (390.0, 400.0))) < 60
    assert crown(blocked(both, (690.0, 690.0))) > SPEECH


def test_words_below_give_the_hologram_the_upper_part() -> None:
    place = blocked(replace(SHOT, words="below"))
    assert place.holograms[0][1].y < 60
    assert place.holograms[0][1].y1 < H - SPEECH
    assert place.band > H - SPEECH - 20
    assert crown(place) < 60


def test_a_hologram_takes_its_share_of_the_width_where_its_zone_says() -> None:
    boxes = [
        blocked(replace(SHOT, eyes=0.5, holograms=(Hologram("chart", zone=z, share=0.4),))).holograms[0][1]
        for z in ("left", "middle", "right")
    ]
    left, middle, right = boxes
    assert left.w == middle.w == right.w == (W - 60) * 0.4
    assert left.x == 30
    assert abs(middle.cx - W / 2) < 1
    assert right.x1 == W - 30
    assert middle.h > H * 0.9


def test_only_holograms_above_share_the_band_above() -> None:
    def boxes(*zones: str) -> list[Box]:
        shot = replace(SHOT, arrange="above", holograms=tuple(Hologram("chart", zone=z, share=0.4) for z in zones))
        figures = [(m, FIGURE) for m in shot.cast]
        place = block(shot, figures, [(0.1, 9.0)] * len(zones), W, H, 18.0, SPEECH, 0.0, (560.0,), 0.62)
        return [box for _, box in place.holograms]

    one, two = boxes("above", "above")
    assert one.w == two.w < W / 2
    light, line = boxes("frame", "above")
    assert (light.w, line.w) == (W, W - 60)


def test_on_a_phone_a_lone_speaker_stands_as_high_as_the_balloon() -> None:
    tall = replace(SHOT, arrange="above")

    def top(row: tuple[float, ...]) -> float:
        place = block(tall, [(NOVA, FIGURE)], [(0.3, 4.0)], 890.0, 1300.0, 18.0, SPEECH, 0.0, row, 0.62)
        return crown(place) - place.band

    assert top((440.0,)) < 40
    assert top((800.0,)) > 100


def test_one_whom_nobody_placed_stands_with_both_hands_in_a_tall_frame() -> None:
    pointing = FIGURE._replace(
        hands=((-620, -900, 60), (180, -650, 60), (-900, -100, 60)), bounds=Box(-680, -1270, 900, 1270)
    )
    tall = 640.0

    def hands(at: float | None) -> list[bool]:
        shot = Shot(1, cast=(CastMember("Kai", at=at, framing="medium"),))
        (s,) = block(shot, [(shot.cast[0], pointing)], [], tall, 1000.0, 18.0, 200.0, 0.0, (300.0,), 0.62).standing
        ends = [(s.to_panel(x - r, y)[0], s.to_panel(x + r, y)[0]) for x, y, r in pointing.hands]
        return [left >= 0 and right <= tall for left, right in ends]

    assert hands(None) == [True, True, False]  # the third is below the frame
    assert hands(0.5)[0] is False, "where a staging puts them, they stand"
