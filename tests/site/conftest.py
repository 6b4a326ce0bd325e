"""A tiny site in a temporary folder, built by MkDocs itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

import panelwright.plugin
from panelwright.plates import Comic

from .fake import fake_comic

CONFIG = """\
site_name: Tiny
site_url: https://example.org/some/where/
repo_url: https://example.org/repo
edit_uri: edit/main/docs/
theme:
  name: material
  font: false
  features: [navigation.instant]
  palette:
    - {scheme: night, primary: custom, accent: custom, toggle: {icon: material/weather-sunny, name: Light}}
    - {scheme: bristol, primary: custom, accent: custom, toggle: {icon: material/weather-night, name: Dark}}
nav: [{Home: index.md}, {Read: comic}, {Notes: notes.md}, {Storyboard: storyboard.md}]
"""
DIVE = """\
# Below the surface

The first words, with a [link](../page-2.md#p2-1) and [another](../notes.md).

## Deeper

Text.
"""


def write_site(root: Path, options: str = "", extra: str = "") -> Path:
    docs = root / "docs"
    (docs / "deep-dives").mkdir(parents=True)
    (docs / "index.md").write_text("---\ntemplate: home.html\nlede: Small.\n---\n## About\n\nWords.\n", "utf-8")
    (docs / "storyboard.md").write_text("# A Tiny Comic — Storyboard\n\nUnmistakable.\n", "utf-8")
    (docs / "notes.md").write_text("# Notes\n\nPlain words.\n", "utf-8")
    (docs / "deep-dives" / "01-surface.md").write_text(DIVE, "utf-8")
    if "cache:" not in options:  # fonts and pictures are made once for all tests
        options += f"      cache: {Path(gettempdir()) / 'panelwright-site-tests'}\n"
    plugins = "plugins:\n  - search\n  - panelwright:\n      editions: [page, phone]\n" + options
    (root / "mkdocs.yml").write_text(CONFIG + plugins + extra, "utf-8")
    return root


Build = Callable[..., Path]


@pytest.fixture(scope="session")
def build() -> Build:
    return build_site


def build_site(root: Path, comic: Comic | Exception | None = None, serve: bool = False, **settings: Any) -> Path:
    """Build as the command line does; returns the site's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        patch.setattr(panelwright.plugin, "read_comic", _giving(comic or fake_comic()))
        site = root / "site"
        config = load_config(str(root / "mkdocs.yml"), site_dir=str(site), **settings)
        config.plugins.on_startup(command="serve" if serve else "build", dirty=False)
        try:
            mkdocs_build(config, serve_url="http://127.0.0.1:8000/" if serve else None)
        finally:
            config.plugins.on_shutdown()
    return site


def _giving(result: Comic | Exception) -> Callable[..., Comic]:
    def read_comic(*_: object) -> Comic:
        if isinstance(result, Exception):
            raise result
        return result

    return read_comic


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("mkdocs").setLevel(logging.INFO)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(write_site(tmp_path_factory.mktemp("tiny")))
