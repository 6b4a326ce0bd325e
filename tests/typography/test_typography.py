"""Words get their places before anything is drawn: what is shaped is what every renderer shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
import uharfbuzz as hb
import yaml
from fontTools.ttLib import TTFont
from hypothesis import example, given
from hypothesis import strategies as st

from panelwright import once
from panelwright.assets import Assets
from panelwright.cache import prune
from panelwright.diagnostics import AuthorError
from panelwright.publish.fonts import site_faces
from panelwright.svg import path
from panelwright.typography import shaping, write
from panelwright.typography.faces import face, font_table
from panelwright.typography.fontconfig import use_bundled_fonts
from panelwright.typography.shaping import ShapedText
from panelwright.typography.write import live_text, outlines

ROLES = ("voice", "voice_italic", "label", "title", "code", "sfx")
FONTS = Path(__file__).parents[2] / "art" / "fonts"
TABLE = yaml.safe_load((FONTS / "fonts.yaml").read_text("utf-8"))
WORDS = st.text("abcxyzABWi0.,!?'-éß→≈", min_size=1, max_size=11)
TEXTS = st.lists(WORDS, min_size=1, max_size=20).map(" ".join)


def shape(text: str, role: str) -> ShapedText:
    return shaping.shape(text, face(role))


def measure(text: str, size: float, role: str = "label") -> float:
    return shaping.measure(text, size, face(role))


def wrap(text: str, width: float, size: float) -> list[str]:
    return write.wrap(text, width, size, face("label"))


def bounds(outline: path.Path) -> tuple[float, float, float, float]:
    return path.bounds(path.points_of(outline))


# -- faces


@pytest.mark.parametrize("role", TABLE)
def test_the_table_says_what_the_files_say(role: str) -> None:
    """Renderers find a face by family and weight: a wrong word here is another font there."""
    facts, font = TABLE[role], TTFont(FONTS / TABLE[role]["file"])
    names = {font["name"].getDebugName(i) for i in (1, 16)}
    assert facts["family"] in names
    assert font["OS/2"].usWeightClass == facts.get("weight", 400)
    italic = bool(font["OS/2"].fsSelection & 1)
    assert italic == (facts.get("style") == "italic")


@pytest.mark.parametrize("role", TABLE)
def test_heights_are_those_of_the_glyphs(role: str) -> None:
    """Lettering is centred by capitals and x-height, so they must be real: within a pen's overshoot."""
    f = face(role)
    for letter, told in (("H", f.cap), ("x", f.x_height)):
        _, y0, _, _ = bounds(outlines(shape(letter, role), 0, 0, 1.0))
        assert told == pytest.approx(-y0, abs=0.035), letter


def test_a_table_with_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "fonts.yaml").write_text("voice: {file: gone.ttf, family: Gone}\n", "utf-8")
    with pytest.raises(AuthorError, match=r"fonts\.yaml:1:1: error.*gone\.ttf"):
        font_table(Assets.default(art=tmp_path))


def test_an_author_s_fonts_lie_over_those_that_come_along(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "fonts.yaml").write_text("voice: {file: Bangers_400Regular.ttf, family: Bangers}\n", "utf-8")
    table = font_table(Assets.default(art=tmp_path))
    assert (table["voice"].family, table["voice"].fallback) == ("Bangers", None)
    assert table["title"] == face("title")
    sent = [f.family for f in site_faces(Assets.default(art=tmp_path))]
    assert {"Bangers", "Comic Neue"} <= set(sent), "the site's own words are in the fonts that come along"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("- voice", "no list of fonts"),
        ("voice: ]", "not YAML"),
        ("voice: Bangers", "'voice' is 'Bangers'"),
        ("voice: {file: Bangers_400Regular.ttf, family: B, wight: 3}", "'voice' is"),
        ("voice: {file: Bangers_400Regular.ttf, family: B, fallback: lable}", "fallback of 'voice' is 'lable'"),
        ("voice: {file: Bangers_400Regular.ttf, family: B, fallback: voice}", "fallback of 'voice' is 'voice'"),
    ],
)
def test_a_wrong_font_is_told_with_its_place(tmp_path: Path, said: str, message: str) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "fonts.yaml").write_text(said + "\n", "utf-8")
    with pytest.raises(AuthorError, match=message) as raised:
        font_table(Assets.default(art=tmp_path))
    assert raised.value.diagnostics[0].line == 1


def test_fonts_come_with_their_licences() -> None:
    families = {facts["family"].lower().replace(" ", "-") for facts in TABLE.values()}
    assert {file.name.removeprefix("LICENSE-") for file in FONTS.glob("LICENSE-*")} >= families


# -- shaping


@pytest.mark.parametrize("role", ["voice", "label", "title", "code"])
def test_every_character_of_the_storyboard_has_a_glyph(role: str, storyboard_path: Path) -> None:
    assert shaping.missing_glyphs(storyboard_path.read_text("utf-8"), face(role)) == ()


def test_what_no_font_has_is_named_once() -> None:
    assert shaping.missing_glyphs("a 漢 b 漢 ॐ", face("voice")) == ("漢", "ॐ")


@pytest.mark.parametrize("sign", ["→", "≈"])
def test_a_sign_the_voice_lacks_is_a_run_of_the_fallback(sign: str) -> None:
    assert not face("voice").has(sign)
    runs = shape(f"prompt {sign}tokens", "voice").runs
    assert [(r.face.role, r.text) for r in runs] == [("voice", "prompt "), ("fallback", sign), ("voice", "tokens")]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("text", ["AVATAR. To Wave?", "office fjord", "50ms (P99)!"])
def test_widths_are_harfbuzzs(role: str, text: str) -> None:
    f = face(role)
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(f.path))))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {"kern": True, "liga": False, "clig": False, "dlig": False, "calt": False})
    advance = sum(p.x_advance for p in buffer.glyph_positions) / font.face.upem
    assert shape(text, role).advance == pytest.approx(advance)
    assert measure(text, 39, role) == pytest.approx(39 * advance)


def test_pairs_are_kerned() -> None:
    for role, pair in (("title", "AV"), ("voice", "To")):
        assert measure(pair, 100, role) < sum(measure(c, 100, role) for c in pair) - 1, role


def test_letters_stay_single_glyphs() -> None:
    """CairoSVG draws character by character: a ligature would leave its second place empty."""
    for role in ROLES:
        run = shape("office ffl -> != ==", role).runs[0]
        assert len(run.glyphs) == len(run.text), role


@given(TEXTS, st.sampled_from(ROLES))
@example("≈ 12 → 24 tok/s", "voice")
@example(".'", "sfx")
def test_shaping_loses_nothing_and_adds_up(text: str, role: str) -> None:
    shaped = shape(text, role)
    assert "".join(r.text for r in shaped.runs) == text
    at = 0.0
    for run in shaped.runs:
        assert len(run.x) == len(run.text)
        assert run.x[0] == pytest.approx(at)
        assert all(b > a - 0.1 for a, b in pairwise(run.x))  # ems: a kerned mark may stand over the one before
        # each run is as wide as it is by itself: faces do not kern with each other
        at += shape(run.text, run.face.role).advance
    assert shaped.advance == pytest.approx(at)


def test_characters_beyond_the_first_plane_are_one_place_each() -> None:
    (run,) = shape("a\U0001f600b", "voice").runs
    assert len(run.x) == 3


# -- SVG


def _elements(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(f"<g>{svg}</g>"))


@given(TEXTS, st.sampled_from(ROLES), st.floats(0, 4))
def test_live_text_has_a_place_for_every_character(text: str, role: str, track: float) -> None:
    shaped = shape(text, role)
    elements = _elements(live_text(shaped, 10, 50, 20, track=track))
    assert [e.text for e in elements] == [r.text.strip() for r in shaped.runs if r.text.strip()]
    assert [len(e.get("x", "").split()) for e in elements] == [len(e.text or "") for e in elements]
    assert float(elements[0].get("x", "").split()[0]) == 10


def test_live_text_is_escaped() -> None:
    svg = live_text(shape('a<b> & "c"', "code"), 0, 0, 10)
    assert "a&lt;b&gt; &amp;" in svg
    assert _elements(svg)[0].text == 'a<b> & "c"'


def test_live_text_names_its_face() -> None:
    (element,) = _elements(live_text(shape("a", "voice_italic"), 0, 0, 10, 'fill="#FF0000"'))
    assert {k: element.get(k) for k in ("font-family", "font-weight", "font-style", "font-size", "fill")} == {
        "font-family": "Comic Neue", "font-weight": "700", "font-style": "italic", "font-size": "10",
        "fill": "#FF0000",
    }  # fmt: skip


def test_spaces_that_renderers_drop_take_their_places_along() -> None:
    """A dropped space would hand its place to the next character, and shift the rest."""
    shaped = shape("    print() ", "code")
    (element,) = _elements(live_text(shaped, 0, 0, 10))
    assert element.text == "print()"
    assert [float(x) for x in element.get("x", "").split()] == [
        pytest.approx(x * 10, abs=0.05) for x in shaped.runs[0].x[4:-1]
    ]
    assert live_text(shape("  ", "code"), 0, 0, 10) == ""


def test_spaces_between_words_are_all_kept() -> None:
    (element,) = _elements(live_text(shape("a  = 1", "code"), 0, 0, 10))
    assert element.text == "a  = 1"
    assert element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    assert "xml:space" not in live_text(shape("  a b ", "code"), 0, 0, 10)


def test_outlines_are_as_wide_as_the_text() -> None:
    shaped = shape("HHHH", "title")
    x0, y0, x1, y1 = bounds(outlines(shaped, 5, 100, 50))
    assert x0 >= 5
    assert x1 <= 5 + shaped.advance * 50
    assert x1 - x0 > shaped.advance * 50 * 0.85  # but for the side bearings
    assert y1 == pytest.approx(100, abs=1)
    assert y1 - y0 == pytest.approx(face("title").cap * 50, rel=0.05)


def test_tracking_moves_outlines_and_live_text_alike() -> None:
    shaped = shape("HI", "title")
    tight, wide = (bounds(outlines(shaped, 0, 0, 50, track)) for track in (0, 10))
    assert wide[2] - tight[2] == pytest.approx(10)
    x = [float(_elements(live_text(shaped, 0, 0, 50, track=t))[0].get("x", "").split()[1]) for t in (0, 10)]
    assert x[1] - x[0] == pytest.approx(10)


def test_a_space_has_no_outline() -> None:
    assert outlines(shape("  ", "voice"), 0, 0, 10) == []


# -- wrapping


@given(TEXTS, st.floats(20, 600))
@example("", 100)
@example("  a   b ", 100)
def test_wrap_keeps_words_and_width(text: str, width: float) -> None:
    lines = wrap(text, width, 20)
    assert " ".join(lines).split() == text.split()
    assert all(line.strip() for line in lines)
    assert all(measure(line, 20) <= width + 1e-6 or " " not in line for line in lines)


@given(TEXTS, st.floats(60, 600))
def test_wrap_takes_no_more_lines_than_filling_would(text: str, width: float) -> None:
    filled = [""]
    for word in text.split():
        longer = f"{filled[-1]} {word}".strip()
        if filled[-1] and measure(longer, 20) > width:
            filled.append(word)
        else:
            filled[-1] = longer
    assert len(wrap(text, width, 20)) == len(filled)


def test_wrap_leaves_no_short_last_line() -> None:
    lines = wrap("one two three four five six seven eight nine", 300, 20)
    widths = [measure(line, 20) for line in lines]
    assert len(lines) == 2
    assert min(widths) > 0.8 * max(widths)


# -- the fonts that cairo finds


def test_cairo_draws_the_bundled_faces(tmp_path: Path) -> None:
    """In a process of its own: fontconfig reads its file once. A missing family would draw like any other."""
    script = tmp_path / "draw.py"
    script.write_text(
        """
import sys, hashlib
from panelwright.typography.fontconfig import use_bundled_fonts
use_bundled_fonts()
import cairosvg
for family in sys.argv[1:]:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60"><rect width="200" height="60" ' \\
          f'fill="#fff"/><text x="5" y="40" font-size="30" font-family="{family}" font-weight="700">Rag 24</text></svg>'
    print(hashlib.sha256(cairosvg.svg2png(bytestring=svg.encode())).hexdigest())
""",
        "utf-8",
    )
    families = ["Oxanium", "Comic Neue", "Rajdhani", "Bangers", "JetBrains Mono"]
    done = subprocess.run(
        [sys.executable, str(script), *families, "No Such Family"], capture_output=True, text=True, check=True
    )
    pictures = done.stdout.split()
    missing = pictures.pop()
    assert len(set(pictures)) == len(families)
    # what an unknown family falls back to is one of the bundled faces at most
    assert sum(p == missing for p in pictures) <= 1


def test_the_configuration_is_absolute_and_the_same_each_time() -> None:
    first, second = use_bundled_fonts(), use_bundled_fonts()
    assert first == second
    assert first.is_absolute()
    folders = re.findall(r"<dir>(.*?)</dir>", first.read_text("utf-8"))
    assert folders == [str(FONTS.resolve())]


def test_the_configuration_lies_where_nobody_else_writes_and_follows_no_link(tmp_path: Path) -> None:
    conf = use_bundled_fonts()
    written = conf.read_text("utf-8")
    mine = tmp_path / "mine"
    mine.write_text("dear to me", "utf-8")
    conf.unlink()
    conf.symlink_to(mine)
    assert use_bundled_fonts() == conf
    assert mine.read_text("utf-8") == "dear to me"
    assert conf.read_text("utf-8") == written
    assert conf.is_relative_to(once.folder() or "")


def test_what_is_kept_for_the_fonts_of_many_folders_is_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with what fontconfig keeps of it, as a process of its own draws."""
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(once, "folder", lambda: kept)
    monkeypatch.setenv("FONTCONFIG_FILE", "")
    text = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text font-family="Oxanium">a</text></svg>'
    for name in "ab":
        shutil.copytree(FONTS, tmp_path / name / "fonts")
        conf = use_bundled_fonts(Assets((tmp_path / name,), ()))
        draw = f"import cairosvg; cairosvg.svg2png(bytestring={text!r})"
        subprocess.run([sys.executable, "-c", draw], check=True, env={**os.environ, "FONTCONFIG_FILE": str(conf)})
    (tag,) = kept.rglob("CACHEDIR.TAG")
    files = {path for path in kept.rglob("*") if path.is_file()} - {tag}
    assert len(files) == 4
    for file in files - {conf}:
        os.utime(file, (0, 0))
    prune(kept, 0)
    assert {path for path in kept.rglob("*") if path.is_file()} == {conf, tag, kept / "looked-through"}


def test_without_a_folder_of_the_user_the_configuration_goes_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "folder", lambda: None)
    monkeypatch.setenv("FONTCONFIG_FILE", "")
    assert use_bundled_fonts().parent == use_bundled_fonts().parent
    code = "from panelwright import once; once.folder = lambda: None\n"
    code += "from panelwright.typography.fontconfig import use_bundled_fonts; print(use_bundled_fonts())"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert not Path(said.strip()).parent.exists()
