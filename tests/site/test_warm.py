"""A build with nothing changed does without all that parses, draws and letters."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from panelwright.starter import copy_starter

BUILD = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
config = load_config("mkdocs.yml")
config.plugins.on_startup(command="build", dirty=False)
build(config)
print("MODULES", *sorted(sys.modules))
"""
DIVE = "# More\n\n```chart\nmatmul-rate\n```\n\n{{ value: quick-cpu:request_latency.latency.p99 }}\n"
DATA = Path(__file__).parents[2] / "docs" / "data"
HEAVY = {"panelwright.comic", "panelwright.drawing.draw", "panelwright.lettering.letter", "panelwright.staging.load",
         "panelwright.script.parse", "markdown_it", "uharfbuzz", "vl_convert", "cairosvg", "typst", "pypandoc",
         "panelwright.charts", "panelwright.explore", "panelwright.publish.values", "panelwright.benchdata.model",
         "panelwright.publish.pdf"}  # fmt: skip


def loaded(site: Path) -> set[str]:
    done = subprocess.run([sys.executable, "-c", BUILD], cwd=site, capture_output=True, text=True, check=True,
                          env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})  # fmt: skip
    return set(next(line for line in done.stdout.splitlines() if line.startswith("MODULES")).split())


@pytest.mark.slow
def test_a_warm_build_loads_nothing_that_draws(tmp_path: Path) -> None:
    copy_starter(tmp_path / "mine")
    docs = tmp_path / "mine" / "docs"
    (docs / "data").mkdir()
    shutil.copy(DATA / "quick-cpu.json", docs / "data")
    (docs / "deep-dives").mkdir()
    (docs / "deep-dives" / "01-a.md").write_text(DIVE, "utf-8")
    assert loaded(tmp_path / "mine") >= HEAVY
    pages = {p.name: p.read_bytes() for p in (tmp_path / "mine" / "site").rglob("*.html")}
    assert loaded(tmp_path / "mine") & HEAVY == set()
    assert {p.name: p.read_bytes() for p in (tmp_path / "mine" / "site").rglob("*.html")} == pages
