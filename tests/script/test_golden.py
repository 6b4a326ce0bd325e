"""Storyboards in many dialects, and what they are read as."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.script.compact import GOLDEN, found, read_case


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.yaml")), ids=lambda p: p.stem)
def test_golden(file: Path) -> None:
    case, parsed = read_case(file)
    assert found(parsed) == {"model": case["model"], "diagnostics": case["diagnostics"]}
