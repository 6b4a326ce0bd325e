"""What is told to the author, and where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from panelwright.script.parse import parse_storyboard, read_storyboard
from panelwright.script.spelling import resembles

PAGE = '## Page 1 — "T"\n### Panel 1\n- **Scene**: x\n'


def told(source: str) -> list[tuple[str, str, int, int]]:
    return [(d.severity, d.code, d.line, d.column) for d in parse_storyboard(source, "s.md").diagnostics]


@pytest.mark.parametrize("source", ["", "\ufeff", " \n\t\n"])
def test_an_empty_file_says_so_and_nothing_else(source: str) -> None:
    assert told(source) == [("error", "empty-file", 0, 0)]


def test_no_pages() -> None:
    assert ("error", "no-pages", 0, 0) in told("# Title\n")


def test_a_line_of_121_words_is_too_long_and_one_of_120_is_not() -> None:
    line = '- **Kai**: "{}"\n'
    assert told(PAGE + line.format("word " * 120)) == []
    assert told(PAGE + line.format("word " * 121)) == [("error", "line-too-long", 4, 3)]
    assert told(PAGE + line.format("字" * 240)) == []
    assert told(PAGE + line.format("字" * 242)) == [("error", "line-too-long", 4, 3)]


def test_a_line_of_5000_words_has_a_way_out() -> None:
    (problem,) = parse_storyboard(PAGE + f"- **Narration**: {'word ' * 5000}", "s.md").diagnostics
    assert problem.message.startswith("a line of 5000 words")
    assert "split it" in problem.hint


def test_thirteen_panels_are_too_many() -> None:
    panels = "".join(f'### Panel {n}\n- **Kai**: "{n}"\n' for n in range(1, 14))
    assert told("## Page 1\n" + panels) == [("error", "too-many-panels", 26, 5)]


def test_every_problem_has_a_place_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "page-10.md").write_text('# Page 2 — "B"\n## Panel 1\n- **Dr Nova**: "b"\n', "utf-8")
    (tmp_path / "page-2.md").write_text('# Page 1 — "A"\n## Panel 1\n- **Dr. Nova**: "a"\n', "utf-8")
    (tmp_path / "page-0.md").write_text("- **Characters**: Dr. Nova\n", "utf-8")
    (tmp_path / "page-3.md").write_text("", "utf-8")
    parsed = read_storyboard(tmp_path, tmp_path)
    assert [p.title for p in parsed.storyboard.pages] == ["A", "B"]
    assert [(d.path, d.line, d.code) for d in parsed.diagnostics] == [
        ("page-3.md", 0, "empty-file"),
        ("page-10.md", 3, "speaker-spelling"),
    ]


def test_a_file_does_not_continue_the_panel_of_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "1.md").write_text(PAGE + "- **Kai**:\n", "utf-8")
    (tmp_path / "2.md").write_text('"Whose words?"\n', "utf-8")
    parsed = read_storyboard(tmp_path, tmp_path)
    assert {d.code for d in parsed.diagnostics} == {"empty-line", "panel-without-lines", "not-understood"}
    assert not list(parsed.storyboard.lines())


def test_bytes_that_are_not_utf8_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "s.md"
    file.write_bytes("# Ä\nKai: Gr".encode() + "ü".encode("latin-1") + b"n")
    (problem,) = read_storyboard(file, tmp_path).diagnostics
    assert (problem.path, problem.line, problem.column, problem.code) == ("s.md", 2, 8, "not-utf8")
    file.write_text("# Page 1", encoding="utf-16")
    (problem,) = read_storyboard(file, tmp_path).diagnostics
    assert problem.code == "not-utf8"
    assert "UTF-16" in problem.message


def test_files_that_are_not_there_or_not_ours(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "empty").mkdir(parents=True)
    (tmp_path / "other.md").write_text(PAGE, "utf-8")
    (root / "link.md").symlink_to(tmp_path / "other.md")
    codes = {name: [d.code for d in read_storyboard(root / name, root).diagnostics] for name in ("no.md", "empty")}
    assert codes == {"no.md": ["not-found"], "empty": ["no-files"]}
    for name in ("../other.md", "link.md"):
        assert [d.code for d in read_storyboard(root / name, root).diagnostics] == ["outside-project"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_must_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "s.md"
    file.write_text(PAGE, "utf-8")
    file.chmod(0)
    assert [d.code for d in read_storyboard(file).diagnostics] == ["unreadable"]


@pytest.mark.parametrize(
    ("name", "other", "one"),
    [
        ("Dr Nova", "Dr. Nova", True),
        ("dr. nova", "Dr. Nova", True),
        ("Nova", "Dr. Nova", True),
        ("Kia", "Kai", True),
        ("Tensr", "Tensor", True),
        ("CPU", "GPU", False),
        ("User 1", "User 2", False),
        ("User", "User 2", False),
        ("Student A", "Student B", False),
        ("Kai", "Tensor", False),
        ("老王", "老李", False),
    ],
)
def test_names_that_are_meant_to_be_one(name: str, other: str, one: bool) -> None:
    assert resembles(name, other) is one
    assert resembles(other, name) is one


def test_several_speakers_at_once_are_no_misspelling() -> None:
    source = (
        "- **Characters**: Kai, Dr. Nova\n" + PAGE + '- **Kai and Dr. Nova**: "Yes!"\n- **Kai & Dr. Nova**: "No!"\n'
    )
    assert told(source) == []


def test_without_a_list_the_name_used_more_often_is_the_right_one() -> None:
    lines = '- **Tensr**: "a"\n- **Tensor**: "b"\n- **Tensor**: "c"\n'
    assert told(PAGE + lines) == [("warning", "speaker-spelling", 4, 5)]


def test_the_shipped_storyboard_has_no_problems(storyboard_path: Path) -> None:
    assert read_storyboard(storyboard_path, storyboard_path.parents[1]).diagnostics == ()


def test_every_lettered_word_of_the_shipped_storyboard_is_there(storyboard_path: Path) -> None:
    parsed = read_storyboard(storyboard_path, storyboard_path.parents[1])
    rows = storyboard_path.read_text("utf-8").splitlines()
    texts = {(line.span.line, line.text) for _, _, line in parsed.storyboard.lines()}
    spoken = ("**Scene**", "**Title**", "**Art Style**", "**Pages**", "**Characters**", "**Based on**")
    for number, row in enumerate(rows[20:280], 21):
        if row.startswith("- **") and not row.startswith(spoken, 2):
            assert (number, row.split('"', 1)[1].rsplit('"', 1)[0]) in texts


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("# T\n### Panel 1 (Left)\n- **Kai**: y\n" + PAGE, "a panel stands under a page"),
        (PAGE + '## Page — "Two"\n### Panel 1\n- **Kai**: y\n', "a page has a number"),
    ],
)
def test_a_heading_that_is_well_spelt_is_not_said_to_be_misspelt(source: str, hint: str) -> None:
    found = [d for d in parse_storyboard(source, "s.md").diagnostics if d.code == "not-understood"]
    assert found[0].hint.startswith(hint)
    assert not any("did you mean" in d.hint for d in found)


@pytest.mark.parametrize(
    ("words", "open_"),
    [('"It smells', True), ("“It smells", True), ('"Yes," she said', False), ("'Tis so", False), ('"Yes."', False)],
)
def test_a_quotation_mark_that_is_not_closed_is_told(words: str, open_: bool) -> None:
    assert (told(f"{PAGE}- **Kai**: {words}\n") == [("warning", "open-quote", 4, 3)]) is open_
