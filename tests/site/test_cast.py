"""The cast's page: who speaks, what the storyboard tells of them, portraits by the comic's rigs."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from panelwright.assets import Assets
from panelwright.cache import Cache, FileDigests
from panelwright.plates import Comic
from panelwright.publish import sheets
from panelwright.publish.portraits import hues, portrait, voices
from panelwright.script.character import Character
from panelwright.svg.check import refused

from .conftest import build_site, write_site
from .fake import fake_comic


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_site(tmp_path_factory.mktemp("cast"))
    (root / "docs" / "cast.md").write_text("---\ntemplate: cast.html\ntitle: The cast\n---\nWho is who.\n", "utf-8")
    return build_site(root)


def test_who_is_listed_comes_first_then_who_only_speaks() -> None:
    made = fake_comic(2)
    comic = Comic(made.title, {}, (Character("Tensor", "GPU mascot"), Character("Silent", "never")), made.pages)
    tensor, kai, nova = voices(comic)
    assert (tensor.who, tensor.role, tensor.panels, tensor.pages, tensor.first) == (
        "Tensor",
        "GPU mascot",
        2,
        (1, 2),
        (1, 3),
    )
    assert (kai.who, kai.role) == ("Kai", "")
    assert nova.quote == "Inference."


def test_everybody_has_a_card_with_portraits_and_a_way_to_the_first_words(site: Path) -> None:
    html = (site / "cast" / "index.html").read_text("utf-8")
    cards = re.findall(r'<article class="pw-ch" id="([\w-]+)"', html)
    assert cards == ["kai", "dr-nova", "tensor"]
    assert 'href="../page-1/#p1-3"' in html  # Tensor's
    sources = re.findall(r'(?:src|href)="\.\./(assets/panelwright/cast/[^"]+)"', html)
    assert len(sources) == 3 * 5  # a figure, three faces, a model sheet
    for source in sources:
        svg = (site / source).read_text("utf-8")
        assert refused(svg) == [], source
        assert ElementTree.fromstring(svg).find(".//{http://www.w3.org/2000/svg}path") is not None


def test_sheets_are_named_for_whom_they_show_and_stay_in_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("Dr. Nova", "旁白", "小明", "../../Ève")
    monkeypatch.setattr(sheets, "model_sheets", lambda _: [sheets.Sheet(who, "<svg/>", (), ()) for who in names])
    written = list(sheets.write_sheets(Assets.default(), tmp_path / "out"))
    assert [p.name for p in written] == ["dr-nova.svg", "旁白.svg", "小明.svg", "ève.svg"]
    assert sorted(tmp_path.rglob("*.svg")) == sorted(written)
    assert {p.parent for p in written} == {tmp_path / "out"}


def test_a_site_without_the_page_draws_no_portraits(tmp_path: Path) -> None:
    assert not (build_site(write_site(tmp_path)) / "assets" / "panelwright" / "cast").exists()


def test_a_portrait_is_drawn_once_for_a_kept_comic(tmp_path: Path) -> None:
    from dataclasses import replace

    made = fake_comic(1)
    comic = replace(made, pages=tuple(replace(p, kept=f"k{p.number}") for p in made.pages))
    kai = next(iter(voices(comic)))
    cache = Cache(tmp_path)
    first = portrait(kai, comic, Assets.default(), cache)
    again = Cache(tmp_path)
    assert portrait(kai, comic, Assets.default(), again) == first
    assert (again.hits, again.misses) == (1, 0)


def test_somebody_without_a_rig_has_no_portrait(tmp_path: Path) -> None:
    from dataclasses import replace

    made = fake_comic(1)
    kai = replace(next(iter(voices(made))), who="Nobody")
    assert portrait(kai, made, Assets.default(), Cache(None)) is None


def test_the_colour_of_who_speaks_is_what_their_file_says(tmp_path: Path) -> None:
    (tmp_path / "cast").mkdir()
    (tmp_path / "cast" / "ada.yaml").write_text("name: Ada\nlike: kai\nportrait: {hue: red}\n", "utf-8")
    (tmp_path / "cast" / "bob.yaml").write_text("name: Bob\nlike: kai\nportrait: {hue: 'red;}'}\n", "utf-8")
    assets, cache = Assets.default(art=tmp_path), Cache(tmp_path / "cache")
    found = hues(assets, FileDigests(), cache)
    assert (found["Ada"], found["Kai"], found["Dr. Nova"]) == ("red", "violet", "cyan")
    assert found["Bob"] in ("cyan", "violet", "green", "amber")
    assert hues(assets, FileDigests(), cache) == found


def test_what_is_said_has_the_colour_of_who_says_it(site: Path) -> None:
    html = (site / "page-1" / "index.html").read_text("utf-8")
    assert '<div class="pw-line" data-who="dr-nova" style="--who:var(--pw-cyan)">' in html
    assert '<div class="pw-line" data-who="tensor" style="--who:var(--pw-green)">' in html
