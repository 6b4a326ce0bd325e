"""``panelwright check`` and ``panelwright new``: what is printed, and with which exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from panelwright import comic
from panelwright.cli import main
from panelwright.diagnostics import Diagnostic, MissingDependency
from panelwright.publish.sheets import Sheet

GOOD = '## Page 1 — "T"\n### Panel 1\n- **Scene**: x\n- **Kai**: "y"\n'
CONFIG = "site_name: x\nplugins: [{panelwright: {storyboard: script.md}}]\n"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "script.md").write_text(GOOD, "utf-8")
    (tmp_path / "mkdocs.yml").write_text(CONFIG, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_storyboard_is_the_one_that_the_site_names(project: Path) -> None:
    result = run("check")
    assert (result.exit_code, result.output) == (0, "docs/script.md: 1 page, 1 panel, 1 line; no problems\n")


def test_an_error_makes_the_status_1_and_has_a_place(project: Path) -> None:
    (project / "docs" / "script.md").write_text(GOOD + "### Panel 1\n- **Kai**: z\n", "utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "docs/script.md:5:5: error[duplicate-panel]" in result.output
    assert result.output.endswith("1 error\n")


def test_a_warning_counts_only_when_strict(project: Path) -> None:
    (project / "docs" / "script.md").write_text(GOOD + "stray\n\nstray\n", "utf-8")
    assert run("check").exit_code == 0
    assert run("check", "--strict").exit_code == 1


def test_formats(project: Path) -> None:
    (project / "docs" / "script.md").write_text(GOOD + "\nstray, words\n", "utf-8")
    (finding,) = json.loads(run("check", "--format", "json").stdout)
    assert (finding["path"], finding["line"], finding["column"]) == ("docs/script.md", 6, 1)
    github = run("check", "--format", "github").stdout
    assert github.startswith("::warning file=docs/script.md,line=6,col=1,title=not-understood::'stray, words'")
    (project / "docs" / "script.md").write_text(GOOD, "utf-8")
    assert json.loads(run("check", "--format", "json").stdout) == []
    assert run("check", "--format", "github").stdout == ""


def test_another_storyboard_needs_no_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.md").write_text(GOOD, "utf-8")
    assert run("check", "--storyboard", "mine.md").exit_code == 0
    Path("pages").mkdir()
    Path("pages/1.md").write_text(GOOD, "utf-8")
    assert run("check", "--storyboard", "pages").exit_code == 0
    missing = run("check", "--storyboard", "other.md")
    assert missing.exit_code == 1
    assert "other.md: error[not-found]" in missing.output


def test_wrong_usage_is_status_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nowhere = run("check")
    assert nowhere.exit_code == 2
    assert "panelwright new" in nowhere.output
    assert run("check", "--format", "xml").exit_code == 2
    assert run("chekc").exit_code == 2
    assert run("check", "--config", "other.yml", "--storyboard", "x.md").exit_code == 2


def test_a_wrong_configuration_is_the_authors_not_a_traceback(project: Path) -> None:
    for text in (
        "site_name: x\nplugins: []\n",
        "site_name: x\nplugins: [{panelwright: {editions: [poster]}}]\n",
        "a: [\n",
    ):
        (project / "mkdocs.yml").write_text(text, "utf-8")
        result = run("check")
        assert result.exit_code == 1
        assert "error[config]" in result.output
        assert isinstance(result.exception, SystemExit)


def test_what_the_comic_sees_is_told_too(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(storyboard: object, options: object) -> tuple[Diagnostic, ...]:
        return (Diagnostic("docs/script.md", 2, 5, "error", "page-overfull", "too many words"),)

    monkeypatch.setattr(comic, "check", look)
    result = run("check")
    assert result.exit_code == 1
    assert "docs/script.md:2:5: error[page-overfull]" in result.output


def test_what_the_environment_lacks_is_status_3(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(storyboard: object, options: object) -> tuple[Diagnostic, ...]:
        raise MissingDependency("fonts are missing; get them with `make fonts`")

    monkeypatch.setattr(comic, "check", look)
    result = run("check")
    assert result.exit_code == 3
    assert "make fonts" in result.output


@pytest.mark.parametrize(
    "command",
    [("render", "--page", "1"), ("cast",), ("measure", "--only", "training_run"), ("measure", "import", "vllm.json")],
)
def test_a_place_that_cannot_be_written_is_status_3(
    project: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Told at once where something is to be measured first."""
    (project / "file").write_text("no folder", "utf-8")
    shutil.copy(Path(__file__).parents[1] / "measure" / "fixtures" / "vllm-detailed.json", project / "vllm.json")
    monkeypatch.setattr("panelwright.measure.run._run_all", lambda *_: pytest.fail("it has begun"))
    monkeypatch.setattr("panelwright.publish.sheets.model_sheets", lambda _: [Sheet("Kai", "<svg/>", (), ())])
    result = CliRunner().invoke(main, [*command, "--out", "file/there.json"])
    assert result.exit_code == 3
    assert isinstance(result.exception, SystemExit)
    assert "file" in result.output


def test_new_makes_a_comic_without_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("new", tmp_path / "mine").exit_code == 0
    monkeypatch.chdir(tmp_path / "mine")
    result = run("check", "--strict")
    assert (result.exit_code, result.output) == (0, "docs/storyboard.md: 2 pages, 5 panels, 8 lines; no problems\n")
    assert Path(".gitignore").is_file()


def test_new_never_writes_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("mine", "utf-8")
    result = run("new", tmp_path)
    assert result.exit_code == 2
    assert "docs/index.md" in result.output
    assert "Give another folder" in result.output
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["index.md"]
    assert (tmp_path / "docs" / "index.md").read_text("utf-8") == "mine"


@pytest.mark.slow
def test_what_new_makes_can_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    run("new", tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    build(load_config("mkdocs.yml", strict=True))
    assert "I start as soon as I can!" in Path("site/page-2/index.html").read_text("utf-8")


def test_what_a_staging_asks_of_the_data_is_checked_too_and_files_are_named_from_the_project(project: Path) -> None:
    (project / "art" / "staging").mkdir(parents=True)
    staging = "page: 1\npanels:\n  1:\n    holograms: [{template: percentile_tail, data: mine}]\n"
    (project / "art" / "staging" / "01.yaml").write_text(staging, "utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert result.output.startswith("art/staging/01.yaml:4:51: error[staging-data]: there is no data file mine.json")
    drawn = run("render", "--page", "1", "--out", project / "out")
    assert "\nart/staging/01.yaml:4:51: error[staging-data]" in drawn.output


def test_a_broken_data_file_is_one_finding_in_every_format(project: Path) -> None:
    (project / "docs" / "data").mkdir()
    (project / "docs" / "data" / "mine.json").write_text("{", "utf-8")
    (found,) = json.loads(run("check", "--format", "json").stdout)
    assert (found["path"], found["code"]) == ("docs/data/mine.json", "data-broken")


@pytest.mark.parametrize(
    ("option", "said"), [("art: arrt", "arrt"), ("templates: svgs", "svgs"), ("editions: []", "page")]
)
def test_an_option_that_would_draw_something_else_in_silence_is_told(project: Path, option: str, said: str) -> None:
    (project / "mkdocs.yml").write_text(CONFIG.replace("storyboard:", f"{option}, storyboard:"), "utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert said in result.output
    assert option.split(":")[0] in result.output
