"""The house keeps its rules: format, lint, types, import contracts, workflows, module sizes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_formatted() -> None:
    run(str(BIN / "ruff"), "format", "--check", "plugins", "tests", "tools")


def test_linted() -> None:
    run(str(BIN / "ruff"), "check", "plugins", "tests", "tools")


@pytest.mark.slow
def test_typed() -> None:
    run(str(BIN / "mypy"))


def test_departments_import_only_from_above() -> None:
    run(str(BIN / "lint-imports"))


def test_workflows_hold_to_githubs_schema() -> None:
    files = [str(p) for p in sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
    assert files
    run(str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *files)


def test_no_module_is_two_ideas_long() -> None:
    long = {p.name: n for p in (ROOT / "plugins").rglob("*.py") if (n := len(p.read_text("utf-8").splitlines())) > 420}
    assert not long


def test_the_storyboard_is_the_authors_byte_for_byte() -> None:
    import hashlib

    digest = hashlib.sha256((ROOT / "docs" / "storyboard.md").read_bytes()).hexdigest()
    assert digest == (ROOT / "tests" / "house" / "storyboard.sha256").read_text("utf-8").strip()


def test_every_bundled_font_has_its_licence() -> None:
    fonts = ROOT / "art" / "fonts"
    licences = " ".join(p.name.replace("-", "") for p in fonts.glob("LICENSE-*")).lower()
    for font in fonts.glob("*.ttf"):
        assert font.name.split("_")[0].lower() in licences, font.name
