"""Same input, same bytes; the cache shows nothing stale and an edit redraws one panel."""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import panelwright
from panelwright.cache import Cache, digest_of_sources, text_in, text_out
from panelwright.comic import Comic, ComicPage, Composer, Options, compose
from panelwright.script.parse import parse_storyboard

TEXT = """# Two

## Page 1 — "One" (Start)

### Panel 1 (Top, wide)
- **Scene**: Kai walks into the lab.
- **Kai**: "Is anybody here?"

### Panel 2 (Bottom)
- **Scene**: Dr. Nova waits.
- **Dr. Nova**: "I am."
"""


def board(text: str = TEXT):  # type: ignore[no-untyped-def]
    return parse_storyboard(text, "s.md").storyboard


def digest(comic: Comic | Sequence[ComicPage]) -> str:
    h = hashlib.sha256()
    for page in comic.pages if isinstance(comic, Comic) else comic:
        for name in sorted(page.plates):
            h.update(page.plates[name].standalone().encode())
    return h.hexdigest()


def test_composing_twice_gives_the_same_bytes() -> None:
    assert digest(compose(board(), Options())) == digest(compose(board(), Options()))


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "s.md").write_text(TEXT, "utf-8")
    code = (
        "from tests.comic.test_determinism import board, digest\n"
        "from panelwright.comic import Options, compose\n"
        "print(digest(compose(board(), Options())))\n"
    )
    found = set()
    for seed in ("1", "2"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                              cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": seed})  # fmt: skip
        found.add(done.stdout.strip())
    assert found == {digest(compose(board(), Options()))}


SHIPPED = """
import sys
from pathlib import Path
from tests.comic.test_determinism import digest
from panelwright.assets import Assets
from panelwright.comic import Composer, Options
from panelwright.publish.source import benchmark_files, hologram_numbers
from panelwright.script.parse import read_storyboard
root = Path()
board = read_storyboard(root / "docs" / "storyboard.md", root).storyboard
data = hologram_numbers(benchmark_files(root / "docs" / "data"))
composer = Composer(board, Options(assets=Assets.default(root / "art"), strict=True, data=data))
pages = [composer.page(page) for page in reversed(board.pages)]
print(digest([composer.cover(board.cover), *reversed(pages)]))
"""


@pytest.mark.slow
def test_the_shipped_comic_is_the_same_from_another_process_in_another_order(shipped: Comic) -> None:
    done = subprocess.run([sys.executable, "-c", SHIPPED], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": "77"})  # fmt: skip
    assert done.stdout.strip() == digest(shipped.pages)


def test_a_warm_cache_gives_the_same_comic(tmp_path: Path) -> None:
    options = Options(cache_dir=tmp_path)
    cold = compose(board(), options)
    warm = compose(board(), options)
    assert warm == cold
    assert digest(warm) == digest(compose(board(), Options()))


def test_an_edit_of_one_line_redraws_one_panel(tmp_path: Path) -> None:
    options = Options(cache_dir=tmp_path, editions=("page",))
    compose(board(), options)
    composer = Composer(board(TEXT.replace("I am.", "I ate.")), options)
    composer.page(composer.storyboard.pages[0])
    # The page's ground, drawing and letters of the panel that did not change, the drawing of the one that did.
    assert composer.cache.hits == 4
    assert composer.cache.misses == 2  # the page and the edited letters


@pytest.mark.parametrize(("eyes", "redrawn"), [("", True), ("eyes: 0.6", False)])
def test_a_wider_balloon_redraws_only_where_heads_rise_with_it(tmp_path: Path, eyes: str, redrawn: bool) -> None:
    from panelwright.assets import Assets

    staging = tmp_path / "art" / "staging"
    staging.mkdir(parents=True)
    (staging / "01.yaml").write_text(f"page: 1\npanels:\n  2: {{breathing: 10, {eyes}}}\n", "utf-8")
    options = Options(Assets.default(tmp_path / "art"), cache_dir=tmp_path / "cache", editions=("page",))
    compose(board(), options)
    composer = Composer(board(TEXT.replace("I am.", "I am, and you are")), options)
    composer.page(composer.storyboard.pages[0])
    assert composer.cache.misses == (3 if redrawn else 2)  # the page, the letters, and perhaps the picture


def test_what_only_moved_in_the_file_is_not_drawn_again(tmp_path: Path) -> None:
    options = Options(cache_dir=tmp_path)
    compose(board(), options)
    moved = board(TEXT.replace("# Two\n", "# Two\n\nA word before.\n"))
    composer = Composer(moved, options)
    page = composer.page(moved.pages[0])
    assert (composer.cache.hits, composer.cache.misses) == (1, 0)
    assert page.plates["page"].regions[0].placed[0].who == "Kai"


def test_findings_are_told_where_the_words_stand_now(tmp_path: Path) -> None:
    long = TEXT.replace("I am.", "word " * 40 + "end")
    options = Options(cache_dir=tmp_path)
    before = compose(board(long), options).diagnostics
    again = compose(board(long), options).diagnostics
    after = compose(board(f"\n\n{long}"), options).diagnostics
    assert before
    assert again == before
    assert [(d.line, d.code) for d in after] == [(d.line + 2, d.code) for d in before]


def test_other_art_is_never_served_from_the_cache(tmp_path: Path) -> None:
    from panelwright.assets import Assets

    bundled = Assets.default()
    mine = tmp_path / "art"
    mine.mkdir()
    palette = (bundled.art[0] / "palette.yaml").read_text("utf-8")
    (mine / "palette.yaml").write_text(palette, "utf-8")
    options = Options(assets=Assets.default(art=mine), cache_dir=tmp_path / "cache")
    before = digest(compose(board(), options))
    (mine / "palette.yaml").write_text(palette.replace("#00D4FF", "#FF00D4"), "utf-8")
    assert digest(compose(board(), options)) != before


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    wall = tmp_path / "file"
    wall.write_text("not a folder", "utf-8")
    comic = compose(board(), Options(cache_dir=wall))
    assert digest(comic) == digest(compose(board(), Options()))
    assert [(d.severity, d.code, d.path) for d in comic.diagnostics] == [("info", "cache", str(wall))]


@pytest.mark.parametrize(
    "content", ['{"cut sho', "", "[]", "{}", "5", '{"plates": {"page": 3}, "diagnostics": []}', "\0"]
)
def test_a_broken_file_of_the_cache_is_drawn_anew(tmp_path: Path, content: str) -> None:
    options = Options(cache_dir=tmp_path, editions=("page",))
    first = compose(board(), options)
    files = sorted(tmp_path.rglob("*.json"))
    assert len(files) == 6  # the page, its ground; of each panel the drawing and the letters
    for path in files:
        path.write_text(content, "utf-8")
    assert compose(board(), options) == first
    assert content not in {path.read_text("utf-8") for path in files}  # mended


def test_editions_share_their_figures() -> None:
    page = compose(board(), Options()).pages[0]
    assert set(page.plates["page"].symbols) & set(page.plates["phone"].symbols)
    assert page.plates["page"].symbols.items() & page.plates["phone"].symbols.items()


@pytest.mark.parametrize("name", ["comic.py", "charts/charts.yaml", "explore/explore.yaml", "publish/notes.lua"])
def test_a_changed_source_of_the_package_empties_the_caches(tmp_path: Path, name: str) -> None:
    """A list of charts is read as code is: a new title must not wait for somebody to clear the cache."""
    copy = tmp_path / "panelwright"
    shutil.copytree(Path(panelwright.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__", "theme"))
    before = digest_of_sources(copy)
    assert before == digest_of_sources(Path(panelwright.__file__).parent)
    (copy / name).write_text((copy / name).read_text("utf-8") + "\n", "utf-8")
    assert digest_of_sources(copy) != before


@pytest.mark.parametrize("on", [True, False])
def test_composing_leaves_the_garbage_collector_as_it_was(on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    was, during = gc.isenabled(), []
    monkeypatch.setattr("panelwright.inking.draw_panel", lambda *_: during.append(gc.isenabled()) or 1 / 0)
    (gc.enable if on else gc.disable)()
    try:
        with pytest.raises(ZeroDivisionError):
            compose(board(), Options())
        assert gc.isenabled() == on
        assert during == [False]
    finally:
        (gc.enable if was else gc.disable)()


@pytest.mark.parametrize("svg", ['<path d="M0 0"/>', '"', "<text>odd \x7f \0 — 🙂</text>\r\n<g/>\n", ""])
def test_svg_comes_back_from_the_cache_as_it_was(svg: str, tmp_path: Path) -> None:
    assert Cache(tmp_path).put("kk", svg, text_out)
    assert Cache(tmp_path).get("kk", read=text_in) == svg


def test_a_kept_text_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    Cache(tmp_path).put("kk", "<g/>" * 9, text_out)
    (kept,) = tmp_path.rglob("kk.json")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert Cache(tmp_path).get("kk", read=text_in) is None


def test_a_plate_from_the_cache_goes_by_the_name_that_it_had(tmp_path: Path) -> None:
    """What is made of it, its picture, is not made again because it was read."""
    options = Options(cache_dir=tmp_path)
    made, kept = (compose(board(), options).pages[0].plates["page"] for _ in range(2))
    assert (made.digest, kept.digest) == ("", made.name)
    assert replace(kept, digest="", svg=kept.svg + "<g/>").name != kept.name
