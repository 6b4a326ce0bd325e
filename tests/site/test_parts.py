"""The parts of the site that need no build: dives, transcripts, navigation."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from panelwright.assets import Assets
from panelwright.cache import FileDigests
from panelwright.diagnostics import Diagnostic
from panelwright.plates import Spoken
from panelwright.publish import pictures
from panelwright.publish.dives import Dive, find_fences, parse_dive, read_dives
from panelwright.publish.fences import DataFence
from panelwright.publish.pages import comic_nav, expand_nav, split_title
from panelwright.publish.problems import problems_html
from panelwright.publish.transcript import slug, speaker_in_words, transcript_markdown
from panelwright.publish.web import tiers
from panelwright.svg import inline

from .fake import fake_comic, fake_page

DOCS = Path(__file__).parents[2] / "docs"


def parsed(text: str) -> Dive:
    dive = parse_dive(text, 1, "docs/deep-dives/01-x.md")
    assert isinstance(dive, Dive)
    return dive


def test_a_dive_takes_its_title_from_the_first_line() -> None:
    dive = parsed("\n# What *happens*\n\nWords.\n\n## More\n")
    assert dive.title == "What *happens*"
    assert dive.markdown == "Words.\n\n### More\n"


def test_a_dive_without_a_title_says_where_it_belongs() -> None:
    problem = parse_dive("\n\nWords.\n", 1, "docs/deep-dives/01-x.md")
    assert isinstance(problem, Diagnostic)
    assert (problem.line, problem.code) == (3, "dive-title")


def test_code_in_a_dive_is_left_alone() -> None:
    text = "# T\n\n```md\n# not a heading [a](b.md)\n```\n"
    assert "# not a heading [a](b.md)" in parsed(text).markdown
    assert "## not" not in parsed(text).markdown


@pytest.mark.parametrize(
    ("link", "seen"),
    [
        ("../numbers.md", "numbers.md"),
        ("../page-2.md#p2-1", "page-2.md#p2-1"),
        ("02-x.md", "deep-dives/02-x.md"),
        ("#deeper", "#deeper"),
        ("https://example.org/a", "https://example.org/a"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_links_are_turned_to_the_root(link: str, seen: str) -> None:
    assert f"[a]({seen})" in parsed(f"# T\n\n[a]({link})\n").markdown


def test_fences_are_found_with_their_lines() -> None:
    text = "# T\n\n```chart\n  knee\n```\n\n````md\n```chart\nnot-this\n```\n````\n\n```explore\n```\n"
    found = [(c.kind, c.name, c.line, c.column) for c in find_fences(text, "x.md")]
    assert found == [("chart", "knee", 4, 3), ("explore", "", 13, 1)]


def test_dives_are_found_by_number_and_strays_are_named(tmp_path: Path) -> None:
    for name in ("01-a.md", "1-again.md", "notes.md", "07-late.md"):
        (tmp_path / name).write_text("# T\n", "utf-8")
    dives, problems = read_dives(tmp_path, [1, 2], "docs/deep-dives", lambda text, path: (text, []))
    assert list(dives) == [1]
    assert {(p.path, p.code) for p in problems} == {
        ("docs/deep-dives/1-again.md", "dive-twice"),
        ("docs/deep-dives/notes.md", "dive-name"),
        ("docs/deep-dives/07-late.md", "dive-page"),
    }


def test_our_own_dives_are_whole() -> None:
    from panelwright.charts import chart_names
    from panelwright.explore import explorable_names

    fence = DataFence(DOCS / "data")
    known = {"chart": chart_names(), "explore": explorable_names()}
    dives, problems = read_dives(
        DOCS / "deep-dives", range(1, 11), "docs/deep-dives", lambda text, path: fence.filled(text, path, "data")
    )
    assert sorted(dives) == list(range(1, 11))
    assert problems == []
    for dive in dives.values():
        assert "What to be careful about" in dive.markdown or "What the comic simplifies" in dive.markdown
        assert all(f.name in known[f.kind] for f in dive.fences)


@pytest.mark.parametrize(
    ("kind", "speaker", "words"),
    [
        ("speech", "Kai", "Kai"),
        ("thought", "Kai", "Kai (thinks)"),
        ("narration", "", "Narration"),
        ("label", "", "Label"),
        ("sfx", "", "Sound"),
    ],
)
def test_the_speaker_is_always_in_words(kind: str, speaker: str, words: str) -> None:
    assert speaker_in_words(Spoken(1, kind, speaker, "x")) == words


def test_a_transcript_has_a_heading_a_panel_and_one_line_blocks() -> None:
    text = transcript_markdown(fake_page(2, "T", "C"), {})
    assert [f"### Page 2, panel {n} {{#p2-{n}}}" in text for n in (1, 2, 3)] == [True] * 3
    assert '<p class="d full">To be seen: a lab.</p>' in text
    assert "A lab. - with a list" in text  # a blank line would break the HTML block
    assert slug("Dr. Nova") == "dr-nova"
    assert slug("小明") != slug("旁白"), "names of every script have one of their own"


def test_navigation_takes_the_pages_in() -> None:
    pages = fake_comic(4).pages
    entries = comic_nav(pages)
    assert entries[0] == {"Cover": "cover.md"}
    assert entries[1] == {"Beginning": [{f"{n}. Title of {n}": f"page-{n}.md"} for n in (1, 2, 3)]}
    assert entries[2] == {"End": [{"4. Title of 4": "page-4.md"}]}
    assert expand_nav([{"Read": "comic"}, "a.md"], pages, []) == [{"Read": entries}, "a.md"]
    assert expand_nav(["comic", "a.md"], pages, []) == [*entries, "a.md"]
    assert expand_nav(None, pages, ["b.md", "index.md"]) == ["index.md", {"Read": entries}, "b.md"]


def test_the_title_parts_at_the_colon() -> None:
    assert split_title(fake_comic()) == ("A Tiny Comic", "How to Be Small")


@pytest.mark.parametrize("module", [pictures, inline])
def test_other_code_makes_pictures_of_other_names(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_rasterize", lambda svg, picture: None)
    plates = {1: fake_page(1, "T", "C").plates["page"]}

    def named(digests: FileDigests) -> str:
        return pictures.make_pictures(plates, tmp_path, 1, Assets.default(), digests)[1].png.name

    changed = FileDigests()
    changed._known[str(module.__file__)] = "as if it were another"
    assert named(changed) != named(FileDigests())


def test_panels_of_one_tier_share_a_note() -> None:
    assert [row for _, row in tiers(fake_page(1, "T", "C").plates["page"])] == [[1], [2, 3]]


def test_problems_are_escaped() -> None:
    html = problems_html([Diagnostic("a.md", 1, 2, "error", "x", "<script>", "do & that")], "Oh")
    assert "&lt;script&gt;" in html
    assert "do &amp; that" in html
    assert "a.md:1:2" in html


def test_a_dive_may_begin_with_a_byte_order_mark_and_end_its_lines_as_windows_does(tmp_path: Path) -> None:
    (tmp_path / "01-x.md").write_bytes("\ufeff# Title\r\n\r\nWords.\r\n".encode())
    dives, problems = read_dives(tmp_path, [1], "dives", lambda text, _: (text, []))
    assert (dives[1].title, dives[1].markdown, problems) == ("Title", "Words.\n", [])
