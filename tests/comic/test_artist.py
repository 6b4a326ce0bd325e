"""An artist needs no Python: one new thing of each kind, made of files alone, and a panel that shows them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from panelwright.assets import Assets
from panelwright.comic import Comic, Options, compose
from panelwright.drawing import figures
from panelwright.lettering.styles import styles
from panelwright.script.parse import parse_storyboard
from panelwright.svg.check import refused

STORY = """# Ada flies

## Page 1 — "Up" (Wind)

### Panel 1 (Splash)
- **Scene**: Ada stands in the meadow and flies a kite.
- **Ada**: "It pulls!"
"""
SET = """{#---
keywords: [meadow]
camera: {pos: [0, 1.7, 0], f: 0.7}
---#}
{% if layer == 'back' %}
{{ pen.path(rect(0, 0, w, cam.cy), '#1B3A6B') }}
{{ pen.path(rect(0, cam.cy, w, h - cam.cy), '#2E6B3A') }}
{% endif %}
"""
PROP = """{% macro tail(x, y, n) %}
{% for i in range(n) %}{{ pen.path(ell(x + 14 * sin(i), y + 30 * i, 7), '#F2994A') }}{% endfor %}
{% endmacro %}
"""
HOLOGRAM = """{#---
keywords: [kite]
aspect: [0.5, 2]
depicts: a kite in the wind
---#}
{% from "props/kite_tail.svg.j2" import tail with context %}
{{ pen.path(poly((w / 2, 0), (w, h / 3), (w / 2, h), (0, h / 3)), '#C0392B') }}
{{ tail(w / 2, h, 3) }}
{{ pen.text('No. 7', w / 2, h / 3, least * 1.2) }}
"""
BALLOON = """{% for cx, cy, a, b in parts %}
{{ pen.path(poly((cx - a, cy), (cx, cy - b * 1.3), (cx + a, cy), (cx, cy + b * 1.3)), '#FDF6C3', '#7A6A00', 4 * k) }}
{% endfor %}
"""
STYLE = """diamond: {shape: diamond, font: voice, italic: voice_italic, pad: [2.2, 1.6], leading: 1.1, fill: "#FDF6C3",
          line: 4, tail: true}
"""
STAGING = """page: 1
panels:
  1:
    cast: [{who: Ada, pose: fly_a_kite, at: 0.3}]
"""


def write(folder: Path) -> None:
    """The bundled Kai and his way of standing, changed a little, and new files for the rest."""
    bundled = Assets.default().art[0]
    kai = (bundled / "cast" / "kai.yaml").read_text("utf-8")
    ada = re.sub(r"^name: .*", "name: Ada", kai, flags=re.M)
    ada = re.sub(r"^balloon: .*", "balloon: diamond", ada, flags=re.M)
    ada = ada.replace('hoodie: {base: "#2F6FE0"', 'hoodie: {base: "#8E1B5A"')
    pose = (bundled / "poses" / "stand.yaml").read_text("utf-8")
    pose = re.sub(r"^words: .*", "words: [flies]", pose, flags=re.M).replace("near: [-13, 0, 4,", "near: [-60, -70, 4,")
    files = {
        "art/cast/ada.yaml": ada,
        "art/poses/fly_a_kite.yaml": pose,
        "art/balloons/diamond.yaml": STYLE,
        "art/staging/01.yaml": STAGING,
        "svg_templates/sets/meadow.svg.j2": SET,
        "svg_templates/props/kite_tail.svg.j2": PROP,
        "svg_templates/holograms/kite.svg.j2": HOLOGRAM,
        "svg_templates/balloons/diamond.svg.j2": BALLOON,
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> Comic:
    folder = tmp_path_factory.mktemp("artist")
    write(folder)
    assert not list(folder.rglob("*.py"))
    assets = Assets.default(folder / "art", folder / "svg_templates")
    assert "diamond" in styles(assets)
    return compose(parse_storyboard(STORY, "s.md").storyboard, Options(assets=assets, strict=True))


def test_nothing_is_wrong_with_it(flown: Comic) -> None:
    assert flown.diagnostics == ()
    assert refused(flown.pages[0].plates["page"].standalone()) == []


@pytest.mark.parametrize("edition", ["page", "phone"])
@pytest.mark.parametrize(
    ("thing", "colour"),
    [
        ("character", "#8E1B5A"),
        ("set", "#1B3A6B"),
        ("hologram", "#C0392B"),
        ("prop", "#F2994A"),
        ("balloon", "#7A6A00"),
    ],
)
def test_each_new_thing_is_drawn(flown: Comic, edition: str, thing: str, colour: str) -> None:
    assert colour in flown.pages[0].plates[edition].standalone(), thing


def test_the_new_pose_is_struck(flown: Comic, tmp_path: Path) -> None:
    write(tmp_path)
    staged = tmp_path / "art" / "staging" / "01.yaml"
    staged.write_text(STAGING.replace("fly_a_kite", "stand"), "utf-8")
    assets = Assets.default(tmp_path / "art", tmp_path / "svg_templates")
    standing = compose(parse_storyboard(STORY, "s.md").storyboard, Options(assets=assets))
    (flying,), (still,) = (c.pages[0].plates["page"].symbols.values() for c in (flown, standing))
    assert "#8E1B5A" in flying
    assert paths(flying) != paths(still)


def paths(symbol: str) -> list[str]:
    return re.findall(r' d="([^"]*)"', symbol)


def test_the_new_words_and_what_is_seen_are_told(flown: Comic) -> None:
    region = flown.pages[0].plates["page"].regions[0]
    assert region.words == ("No. 7",)
    assert region.depicts == ("Ada", "a kite in the wind")
    assert [(p.style, p.who, p.text) for p in region.placed] == [("diamond", "Ada", "It pulls!")]


def test_without_these_files_there_is_nobody_of_that_name() -> None:
    plain = compose(parse_storyboard(STORY, "s.md").storyboard, Options(editions=("page",)))
    assert "#8E1B5A" not in plain.pages[0].plates["page"].standalone()
    assert "No. 7" not in plain.pages[0].plates["page"].standalone()


def test_an_author_s_fonts_letter_the_comic(flown: Comic, tmp_path: Path) -> None:
    """Balloons are as wide as their words are in the author's font, and a hologram's words are set in it too."""
    write(tmp_path)
    fonts = tmp_path / "art" / "fonts"
    fonts.mkdir()
    said = "voice: {file: own.ttf, family: Bangers}\nlabel: {file: own.ttf, family: Bangers}\n"
    (fonts / "fonts.yaml").write_text(said, "utf-8")
    bundled = Assets.default().art[0] / "fonts"
    (fonts / "own.ttf").write_bytes((bundled / "Bangers_400Regular.ttf").read_bytes())
    assets = Assets.default(tmp_path / "art", tmp_path / "svg_templates")
    comic = compose(parse_storyboard(STORY, "s.md").storyboard, Options(assets=assets, editions=("page",)))
    plate, usual = (c.pages[0].plates["page"] for c in (comic, flown))
    drawn = plate.standalone()
    for words in ("It pulls!", "No. 7"):
        (family,) = re.findall(rf'font-family="([^"]*)"[^>]*>{re.escape(words)}<', drawn)
        assert family == "Bangers"
    assert plate.regions[0].placed[0].box.w < usual.regions[0].placed[0].box.w  # Bangers is narrow


@pytest.mark.parametrize(
    "panels",
    [("Kai and Dr. Nova talk.",), ("Kai stands there.", "Dr. Nova stands there.")],
    ids=["in one panel", "in two panels"],
)
def test_two_figures_whose_names_are_the_same_by_chance_are_told(
    panels: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page writes each figure once, by its name: of two with one name, one would be shown in the other's place."""
    monkeypatch.setattr(figures, "base36", lambda number: "name0")
    (tmp_path / "cast").mkdir()
    story = '# A story\n\n## Page 1 — "Up" (Wind)\n' + "".join(
        f'\n### Panel {i} (Wide)\n- **Scene**: {scene}\n- **Kai**: "Hm."\n' for i, scene in enumerate(panels, 1)
    )
    options = Options(assets=Assets.default(tmp_path), editions=("page",))
    comic = compose(parse_storyboard(story, "s.md").storyboard, options)
    found = {d.code for d in (*comic.diagnostics, *comic.pages[0].diagnostics) if d.severity == "error"}
    assert found == {"figure-name"}
