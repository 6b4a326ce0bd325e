"""Whole builds of a tiny site."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from mkdocs.exceptions import Abort

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError, Diagnostic
from panelwright.plates import Spoken
from panelwright.publish.pdf import write_pdf

from .conftest import build_site, write_site
from .fake import fake_comic, fake_page

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs" / "data"
BAD = Diagnostic("docs/storyboard.md", 12, 3, "error", "no-speaker", "nobody says this", "write a name")
HM = Diagnostic("docs/storyboard.md", 4, 1, "warning", "long-line", "this is long")


def page(site: Path, name: str) -> str:
    return (site / name / "index.html").read_text("utf-8")


def test_each_page_has_its_address_art_words_and_dive(site: Path) -> None:
    html = page(site, "page-1")
    assert "<title>Title of 1 - Tiny</title>" in html
    assert html.count('role="graphics-document document"') == 2  # one plate an edition
    assert "Words 1.1 page" in html
    assert "Words 1.1 phone" in html
    assert html.count('<linearGradient id="p1-light"') == 1  # the editions share their symbols
    assert '<h3 id="p1-1">Page 1, panel 1</h3>' in html
    assert "What *is* this &lt;thing&gt; &amp; why_not?" in html
    assert re.search(r"<dt>Dr. Nova</dt>\s*<dd>Inference.</dd>", html)
    assert '<h2 id="dive">Below the surface</h2>' in html
    assert '<h3 id="deeper">Deeper</h3>' in html
    assert "panelwright:art" not in html


def test_what_an_author_writes_is_words_never_markup(tmp_path: Path) -> None:
    title, chapter = 'Is 1 <b>2</b> & "why"?', "R&D <i>now</i>"
    odd = replace(fake_page(1, title, chapter), goal='To say "<u>" & mean it.')
    said = (*odd.transcript, Spoken(3, "speech", "<em>Eve</em>", "I <s>like</s> you & <3"))
    meta = {"Title": "A <b>Tiny</b> Comic: How & Why", "Based on": "<q>Nothing</q>"}
    made = fake_comic(1)
    comic = replace(made, metadata=meta, pages=(made.pages[0], replace(odd, transcript=said)))
    root = write_site(tmp_path)
    (root / "docs" / "cast.md").write_text("---\ntemplate: cast.html\n---\n", "utf-8")
    site = build_site(root, comic)
    for path in (site / "index.html", *site.glob("*/index.html")):
        html = path.read_text("utf-8")
        for raw in ("<b>2", "<i>now", "<b>Tiny", "<u>", "<em>Eve", "<s>like", "<q>No", 'content="To say "'):
            assert raw not in html, (path, raw)
        assert "&amp;amp;" not in html, path
        assert "&amp;lt;" not in html, path
    assert "<h1>Is 1 &lt;b&gt;2&lt;/b&gt; &amp; " in page(site, "page-1")


def test_symbols_are_never_hidden_by_display_none(site: Path) -> None:
    shared = re.search(r'<svg width="0" height="0" style="([^"]*)"', page(site, "page-1"))
    assert shared
    assert shared[1] == "position:absolute"


def test_links_of_a_dive_are_as_seen_from_its_file(site: Path) -> None:
    html = page(site, "page-1")
    assert 'href="../page-2/#p2-1"' in html
    assert 'href="../notes/"' in html


def test_dives_are_no_pages_of_their_own(site: Path) -> None:
    assert not (site / "deep-dives").exists()
    assert "deep-dives" not in (site / "sitemap.xml").read_text("utf-8")


def test_pages_lead_to_their_neighbours(site: Path) -> None:
    assert re.search(r'href="../cover/" rel="prev" data-pw="prev"', page(site, "page-1"))
    assert re.search(r'href="../page-2/" rel="next" data-pw="next"', page(site, "page-1"))
    assert 'data-pw="prev"' not in page(site, "cover")
    assert 'data-pw="next"' not in page(site, "page-2")


def test_home_shows_the_cover_and_all_pages(site: Path) -> None:
    html = (site / "index.html").read_text("utf-8")
    assert "<h1>A Tiny Comic</h1>" in html
    assert '<p class="pw-hero__sub">How to Be Small</p>' in html
    for name in ("cover", "page-1", "page-2"):
        assert f'<a class="pw-th" href="{name}/">' in html
        assert f'src="assets/panelwright/pages/{name}.webp"' in html


def test_editing_a_page_means_editing_the_storyboard(site: Path) -> None:
    source = Path(__file__).parents[2] / "plugins" / "panelwright" / "theme" / "comic.html"
    assert source.is_file()
    root = site.parent
    (root / "overrides").mkdir()
    (root / "overrides" / "main.html").write_text(
        '{% extends "base.html" %}{% block libs %}<i data-edit="{{ page.edit_url }}"></i>{% endblock %}', "utf-8"
    )
    config = (root / "mkdocs.yml").read_text("utf-8").replace("font: false", "font: false\n  custom_dir: overrides")
    (root / "mkdocs.yml").write_text(config, "utf-8")
    assert 'data-edit="https://example.org/repo/edit/main/docs/storyboard.md"' in page(build_site(root), "page-1")


def test_search_finds_panels_and_not_the_script(site: Path) -> None:
    docs = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    by_place = {d["location"]: d for d in docs}
    assert by_place["page-1/#p1-1"]["title"] == "Page 1, panel 1"
    assert "Inference." in by_place["page-1/#p1-1"]["text"]
    everything = " ".join(d["text"] for d in docs)
    assert "Words 1.1" not in everything  # the letters on the art
    assert "Unmistakable" not in everything  # the storyboard, which says it all again
    assert "Dialogue" not in everything  # the switch


def test_only_relative_links_and_no_other_host(site: Path) -> None:
    for path in site.rglob("*.html"):
        if path.name == "404.html":  # served from anywhere, so MkDocs gives it absolute ones
            continue
        html = path.read_text("utf-8")
        assert not re.findall(r'(?:href|src)="/[^"]*"', html), path
        outside = set(re.findall(r'(?:href|src)="(https?://[^"]*)"', html))
        assert all(u.startswith("https://example.org/") for u in outside), (path, outside)
    for path in site.rglob("*.css"):
        assert not re.findall(r"url\((?:https?:)?//", path.read_text("utf-8")), path


def test_fonts_come_along_and_hold_what_is_written(site: Path) -> None:
    from fontTools.ttLib import TTFont

    css = (site / "assets" / "panelwright" / "fonts.css").read_text("utf-8")
    files = re.findall(r"url\((fonts/[^)]+)\)", css)
    assert len(files) >= 6
    for family in ("Comic Neue", "Rajdhani", "Oxanium", "JetBrains Mono", "Bangers", "Shantell Sans"):
        assert f'font-family:"{family}"' in css
    for name in files:
        font = TTFont(site / "assets" / "panelwright" / name)
        assert font.flavor == "woff2"
        assert {ord("A"), ord("z"), ord("…")} <= set(font.getBestCmap())


def test_pages_have_a_picture_to_share(site: Path) -> None:
    from PIL import Image

    with Image.open(site / "assets" / "panelwright" / "pages" / "page-1.png") as image:
        assert image.width == 1200
        assert image.height == round(1200 * 2475 / 1600)
    card = '<meta property="og:image" content="https://example.org/some/where/assets/panelwright/pages/page-1.png">'
    assert card in page(site, "page-1")


def test_the_book_can_be_taken_along(site: Path) -> None:
    from pypdf import PdfReader

    assert 'href="assets/panelwright/a-tiny-comic.pdf"' in (site / "index.html").read_text("utf-8")
    book = PdfReader(site / "assets" / "panelwright" / "a-tiny-comic.pdf")
    texts = [page.extract_text() for page in book.pages]
    assert len(texts) == 4  # the cover, page 1, what lies below it, page 2
    assert "Words 2.3 page" in texts[3]


def test_the_book_has_the_deep_dives_as_the_site_renders_them(tmp_path: Path) -> None:
    from pypdf import PdfReader

    root = write_site(tmp_path, extra="markdown_extensions: [footnotes, pymdownx.details, tables]\n")
    dive = root / "docs" / "deep-dives" / "01-surface.md"
    dive.write_text(
        "# Below\n\nA *word*[^1], a [link](../page-2.md) and [mail](https://example.com/x).\n\n## Deeper\n\n"
        '| a | b |\n| --- | --- |\n| cell | `code` |\n\n??? question "Why?"\n    Because.\n\n'
        "```chart\nbatch-latency\n```\n\n[^1]: The note.\n",
        "utf-8",
    )
    (root / "docs" / "data").mkdir()
    shutil.copy(ROOT / "docs" / "data" / "quick-cpu.json", root / "docs" / "data")
    book = PdfReader(build_site(root) / "assets" / "panelwright" / "a-tiny-comic.pdf")
    page = book.pages[2]
    text = " ".join(page.extract_text().split())
    for words in ("Below", "Deeper", "cell", "code", "Why?", "Because.", "The note.", "milliseconds per batch"):
        assert words in text, words
    assert "Show as a table" not in text
    links = [a.get_object()["/A"]["/URI"] for a in page.get("/Annots", []) if "/A" in a.get_object()]
    site = "https://example.org/some/where"
    assert [u for u in links if "example" in u] == [f"{site}/page-2/", "https://example.com/x",
                                                    f"{site}/data/quick-cpu.json"]  # fmt: skip
    titles = [entry.title for entry in book.outline if not isinstance(entry, list)]
    assert titles[:2] == ["A Tiny Comic", "1. Title of 1"]


@pytest.mark.parametrize(("tag", "told"), [("en", "en"), ("pt-BR", "pt-BR"), ("de", "de")])
def test_the_book_is_in_the_language_of_the_site(tmp_path: Path, tag: str, told: str) -> None:
    from pypdf import PdfReader

    write_pdf(fake_comic(1), tmp_path / "book.pdf", Assets.default(), language=tag)
    assert PdfReader(tmp_path / "book.pdf").trailer["/Root"]["/Lang"] == told


def test_figures_are_on_the_page_and_out_of_the_search(tmp_path: Path) -> None:
    root = write_site(tmp_path)
    (root / "docs" / "data").mkdir()
    shutil.copy(ROOT / "docs" / "data" / "quick-cpu.json", root / "docs" / "data")
    (root / "docs" / "notes.md").write_text("# Notes\n\nBefore.\n\n```chart\nbatch-latency\n```\n\nAfter.\n", "utf-8")
    site = build_site(root)
    html = page(site, "notes")
    assert html.index("Before.") < html.index('id="chart-batch-latency"') < html.index("After.")
    assert "panelwright:figure" not in html
    index = (site / "search" / "search_index.json").read_text("utf-8")
    assert "Before." in index
    assert "Show as a table" not in index
    assert "panelwright:figure" not in index


def test_navigation_groups_pages_by_chapter(site: Path) -> None:
    html = page(site, "notes")
    order = [html.index(t) for t in ("Beginning", "1. Title of 1", "2. Title of 2")]
    assert order == sorted(order)
    assert '<a href="../cover/">Read</a>' in html  # the bar leads to the first page of a part


def digests(site: Path) -> dict[str, str]:
    return {
        p.relative_to(site).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(site.rglob("*"))
        if p.is_file()
    }


@pytest.mark.slow
def test_same_bytes_in_any_folder_with_any_number_of_processes(tmp_path: Path) -> None:
    one = digests(build_site(write_site(tmp_path / "a", "      concurrency: 1\n      cache: .cache\n")))
    two = digests(build_site(write_site(tmp_path / "elsewhere" / "b", "      concurrency: 2\n      cache: .cache\n")))
    assert one == two


def test_without_directory_urls(tmp_path: Path) -> None:
    site = build_site(write_site(tmp_path, extra="use_directory_urls: false\n"))
    html = (site / "page-1.html").read_text("utf-8")
    assert 'href="cover.html" rel="prev"' in html
    assert 'href="page-2.html#p2-1"' in html
    assert 'src="assets/panelwright/pages/cover.webp"' in html


def test_nothing_is_written_into_the_docs(tmp_path: Path) -> None:
    root = write_site(tmp_path)
    before = digests(root / "docs")
    build_site(root)
    assert digests(root / "docs") == before


def test_another_theme_shows_art_and_words_and_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    root = write_site(tmp_path)
    text = (root / "mkdocs.yml").read_text("utf-8")
    start, end = text.index("theme:"), text.index("nav:")
    (root / "mkdocs.yml").write_text(f"{text[:start]}theme: readthedocs\n{text[end:]}", "utf-8")
    (root / "docs" / "cast.md").write_text("---\ntemplate: cast.html\n---\nWho is who.\n", "utf-8")
    site = build_site(root)
    html = page(site, "page-1")
    assert html.count('role="graphics-document document"') == 2
    assert "<dd>Inference.</dd>" in html
    assert "Below the surface" in html
    for name in re.findall(r'href="\.\./(assets/panelwright/[^"]+\.css)"', html):
        assert (site / name).is_file(), name
    assert "Who is who." in page(site, "cast")
    assert "not for 'readthedocs'" in caplog.text


def test_an_error_stops_a_build_and_names_the_place(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(Abort):
        build_site(write_site(tmp_path), AuthorError(BAD))
    assert "docs/storyboard.md:12:3: error[no-speaker]: nobody says this" in caplog.text
    assert "hint: write a name" in caplog.text
    assert "Traceback" not in caplog.text


def test_serving_shows_the_error_in_place_of_the_comic(tmp_path: Path) -> None:
    html = page(build_site(write_site(tmp_path), AuthorError(BAD), serve=True), "cover")
    assert "<code>docs/storyboard.md:12:3</code>" in html
    assert "nobody says this" in html
    assert "write a name" in html


def test_serving_shows_an_error_of_one_page_on_that_page(tmp_path: Path) -> None:
    from dataclasses import replace

    comic = fake_comic(1)
    comic = replace(comic, pages=(*comic.pages, fake_page(2, "Broken", "End", (BAD,))), diagnostics=(BAD,))
    site = build_site(write_site(tmp_path), comic, serve=True)
    assert "docs/storyboard.md:12:3" in page(site, "page-2")
    assert "docs/storyboard.md:12:3" not in page(site, "page-1")
    assert "Words 1.1 page" in page(site, "page-1")


def test_serving_makes_no_rasters(tmp_path: Path) -> None:
    site = build_site(write_site(tmp_path), serve=True)
    assert not list(site.rglob("assets/panelwright/**/*.png"))
    assert (site / "assets" / "panelwright" / "pages" / "page-1.svg").is_file()


@pytest.mark.parametrize("fence", ["chart", "explore"])
def test_an_unknown_figure_is_an_error_at_its_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fence: str
) -> None:
    root = write_site(tmp_path)
    dive = root / "docs" / "deep-dives" / "01-surface.md"
    dive.write_text(f"# Title\n\nWords.\n\n```{fence}\nno-such-thing\n```\n", "utf-8")
    with caplog.at_level(logging.ERROR), pytest.raises(Abort):
        build_site(root)
    assert f"docs/deep-dives/01-surface.md:6:1: error[{fence}-unknown]" in caplog.text


def test_an_explorable_brings_its_numbers_and_its_script_to_its_own_page_only(tmp_path: Path) -> None:
    root = write_site(tmp_path)
    shutil.copytree(DATA, root / "docs" / "data")
    dive = root / "docs" / "deep-dives" / "02-more.md"
    dive.write_text("# Title\n\nWords.\n\n```explore\ntail\n```\n\n```chart\nmatmul-rate\n```\n", "utf-8")
    site = build_site(root)
    html = page(site, "page-2")
    figure = re.search(r'<figure class="pw-fig pw-explore" id="explore-tail".*?</figure>', html, re.S)
    assert figure
    assert 'class="pw-prov pw-prov--measured">Measured<' in figure[0]
    numbers = re.search(r"<template>(.*?)</template>", figure[0], re.S)
    assert numbers
    assert json.loads(unescape(numbers[1]))["unit"] == "ms"
    assert 'id="chart-matmul-rate"' in html
    script = re.search(r'<script type="module" src="\.\./(assets/panelwright/explore/tail\.js)">', html)
    assert script
    assert (site / script[1]).is_file()
    assert "explore/" not in page(site, "page-1") + page(site, "notes")


def test_strict_counts_warnings(tmp_path: Path) -> None:
    with pytest.raises(Abort, match="1 warning"):
        build_site(write_site(tmp_path), fake_comic(2, (HM,)), strict=True)


def test_a_clean_site_is_clean_in_strict_mode(tmp_path: Path) -> None:
    build_site(write_site(tmp_path), strict=True)


def test_a_page_of_the_authors_is_not_overwritten(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    root = write_site(tmp_path)
    (root / "docs" / "page-1.md").write_text("# Mine\n", "utf-8")
    with caplog.at_level(logging.ERROR), pytest.raises(Abort):
        build_site(root)
    assert "docs/page-1.md is in the way" in caplog.text
