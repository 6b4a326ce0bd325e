"""The choice of the machine, as the site has it: all of them in the page, the chart's own on paper."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from panelwright.cache import Cache
from panelwright.publish.fences import DataFence
from panelwright.publish.prose import typst_of

from .conftest import build_site, write_site

DATA = Path(__file__).parents[2] / "docs" / "data"


def made(data: Path, cache: Path) -> str:
    fence = DataFence(data, Cache(cache))
    comment = fence("batch-latency", "chart", "", {}, None)
    assert not fence.problems
    return fence.placed(comment, "../data/")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The quick file alone."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(DATA / "quick-cpu.json", folder)
    return folder


def test_a_file_put_beside_appears_and_one_taken_away_is_gone(data: Path, tmp_path: Path) -> None:
    alone = made(data, tmp_path / "cache")
    assert "<input" not in alone
    assert alone.count("<svg") == 1
    assert "<figcaption>Batch sweep of a small network" in alone  # of one machine, too, it says what was run
    shutil.copy(DATA / "two-core-cpu.json", data)
    both = made(data, tmp_path / "cache")
    assert re.findall(r'<input type="radio" name="pw-machine-1" value="([\w.-]+)"( checked)?>', both) == [
        ("quick-cpu.json", " checked"), ("two-core-cpu.json", ""),
    ]  # fmt: skip
    assert "AMD EPYC, 2 cores <small>quick suite</small>" in both
    assert both.count("<svg") == both.count("<table>") == both.count("<figcaption>") == 2
    (data / "two-core-cpu.json").unlink()
    assert made(data, tmp_path / "cache") == alone


def test_every_machine_has_its_badge_its_words_and_a_link_to_its_file(data: Path, tmp_path: Path) -> None:
    shutil.copy(DATA / "published-sweep-a6000.json", data)
    own, other = re.findall(r"<figure.*?</figure>", made(data, tmp_path / "cache"), re.S)
    for html, kind, file, device in (
        (own, "Measured", "quick-cpu", "AMD EPYC, 2 cores"),
        (other, "Published", "published-sweep-a6000", "NVIDIA RTX A6000"),
    ):
        assert f">{kind}</span>" in html
        assert f'<a href="../data/{file}.json">{file}.json</a></figcaption>' in html
        assert re.search(rf"<figcaption>Batch sweep.*{device}", html)
    labels = [re.search(r'aria-label="([^"]*)"', html)[1] for html in (own, other)]  # type: ignore[index]
    assert labels[0] != labels[1]


def test_one_chart_twice_on_a_page_is_two_choices(data: Path, tmp_path: Path) -> None:
    shutil.copy(DATA / "two-core-cpu.json", data)
    fence = DataFence(data, Cache(tmp_path / "cache"))
    html = fence.placed("".join(fence("batch-latency", "chart", "", {}, None) for _ in range(2)), "data/")
    assert re.findall(r'name="([\w-]+)" value="quick-cpu', html) == ["pw-machine-1", "pw-machine-2"]


def test_paper_has_the_charts_own_machine_alone(data: Path, tmp_path: Path) -> None:
    shutil.copy(DATA / "published-sweep-a6000.json", data)
    for name in ("one", "all"):
        (tmp_path / name).mkdir()
    every = typst_of(made(data, tmp_path / "cache"), "dive", tmp_path / "all", "https://example.org/page-1/")
    (data / "published-sweep-a6000.json").unlink()
    alone = typst_of(made(data, tmp_path / "cache"), "dive", tmp_path / "one", "https://example.org/page-1/")
    pictures = {name: [p.read_bytes() for p in (tmp_path / name).iterdir()] for name in ("one", "all")}
    assert len(pictures["one"]) == 1
    assert pictures["one"] == pictures["all"]
    assert every.count("#figure(") == alone.count("#figure(") == 1
    assert "https://example.org/data/quick-cpu.json" in every
    for absent in ("A6000", "quick suite", "pw-machine"):
        assert absent not in every


def test_the_link_leads_to_the_file_from_wherever_the_page_is(tmp_path: Path) -> None:
    root = write_site(tmp_path)
    shutil.copytree(DATA, root / "docs" / "data")
    fence = "\n```chart\nbatch-latency\n```\n"
    (root / "docs" / "deep").mkdir()
    for path in ("notes.md", "deep/below.md", "deep-dives/01-surface.md"):
        (root / "docs" / path).write_text(f"# Title\n{fence}", "utf-8")
    site = build_site(root)
    for folder in ("notes", "deep/below", "page-1"):
        html = (site / folder / "index.html").read_text("utf-8")
        links = re.findall(r'<a href="([^"]*)">[\w-]+\.json</a>', html)
        assert len(links) == 3
        assert all((site / folder / link).resolve().is_file() for link in links)
        assert "panelwright:" not in html
    index = (site / "search" / "search_index.json").read_text("utf-8")
    assert "full suite" not in index
