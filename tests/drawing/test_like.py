"""A character of one's own is like one that comes along, and says what is different."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError, Diagnostic
from panelwright.drawing.cast import cast_files, character
from panelwright.drawing.casting import cast, draw_member, known_words
from panelwright.drawing.figures import FigureSpec, draw_figure
from panelwright.staging.model import CastMember


def assets(tmp_path: Path, **files: str) -> Assets:
    (tmp_path / "cast").mkdir()
    for name, text in files.items():
        (tmp_path / "cast" / f"{name}.yaml").write_text(text, "utf-8")
    return Assets.default(tmp_path)


def test_what_a_file_leaves_out_is_as_in_the_one_that_it_is_like(tmp_path: Path) -> None:
    art = assets(tmp_path, emil='name: Emil\nlike: kai\ncolours: {hoodie: {base: "#B8332F"}}\n')
    people = cast(art)
    emil, kai = people["Emil"], people["Kai"]
    assert emil["colours"]["hoodie"] == {**kai["colours"]["hoodie"], "base": "#B8332F"}
    assert emil["colours"]["skin"] == kai["colours"]["skin"]
    assert emil["heads"] == kai["heads"]
    assert "like" not in emil
    svg = draw_figure(art, FigureSpec(who="Emil")).svg
    assert "#B8332F" in svg
    assert draw_figure(art, FigureSpec(who="Kai")).svg != svg


def test_a_pose_that_is_otherwise_for_somebody_is_so_for_those_who_are_like_them(tmp_path: Path) -> None:
    art = assets(tmp_path, emil="name: Emil\nlike: kai\n")
    kai, emil = (draw_figure(art, FigureSpec(who=who, pose="stand")) for who in ("Kai", "Emil"))
    assert emil.svg.replace(emil.symbol, "s") == kai.svg.replace(kai.symbol, "s")


def test_names_are_nobody_else_s(tmp_path: Path) -> None:
    assert known_words(assets(tmp_path, marta="name: Marta\nlike: nova\n"))["Marta"] == ("Marta",)


def test_a_file_may_be_like_the_one_whose_place_it_takes(tmp_path: Path) -> None:
    art = assets(tmp_path, kai="name: Kai\nlike: kai\nrole: cook\n")
    assert cast(art)["Kai"]["role"] == "cook"


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [("name: Emil\nlike: kia\n", (2, 7), "did you mean 'kai'?"), ("name: Emil\nlike: ada\n", (1, 1), "like: kai")],
)
def test_a_likeness_that_cannot_be_is_told(tmp_path: Path, text: str, place: tuple[int, int], hint: str) -> None:
    art = assets(tmp_path, ada="name: Ada\nlike: kai\n", emil=text)
    with pytest.raises(AuthorError) as caught:
        character(art, tmp_path / "cast" / "emil.yaml")
    (found,) = caught.value.diagnostics
    assert ((found.line, found.column), found.code) == (place, "cast-like")
    assert hint in found.hint


def test_a_rig_that_is_none_is_told(tmp_path: Path) -> None:
    problems: list[Diagnostic] = []
    cast_files(assets(tmp_path, emil="name: Emil\nrig: humn\n"), problems)
    (found,) = problems
    assert "rig" in found.message
    assert "human" in found.hint


def test_who_has_no_figure_is_told_how_to_get_one(tmp_path: Path) -> None:
    art = assets(tmp_path, emil="name: Emil\n")
    with pytest.raises(AuthorError, match="like: kai"):
        draw_member(art, CastMember("Emil"), "", "front", False)
