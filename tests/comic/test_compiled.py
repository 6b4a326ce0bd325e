"""YAML is parsed once a machine, and what is kept of it can be lost, broken or refused without harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from panelwright import compiled
from panelwright.compiled import read_yaml

TEXT = "panels: {1: {at: 0.5, cast: [Kai, Tensor], front: true, head: null}}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(compiled, "_folder", lambda: tmp_path)
    yield tmp_path
    tmp_path.chmod(0o700)


def test_the_second_reading_needs_no_parser(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = read_yaml(TEXT)
    assert value == yaml.safe_load(TEXT)
    monkeypatch.setattr(yaml, "load", None)
    assert read_yaml(TEXT) == value


def test_other_words_are_read_anew(folder: Path) -> None:
    read_yaml(TEXT)
    assert read_yaml(TEXT.replace("Tensor", "CPU"))["panels"][1]["cast"] == ["Kai", "CPU"]


def test_what_was_cut_short_is_parsed_again_and_mended(folder: Path) -> None:
    value = read_yaml(TEXT)
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    assert read_yaml(TEXT) == value
    assert kept.read_bytes() == whole


def test_what_cannot_be_kept_is_read_all_the_same(folder: Path) -> None:
    assert str(read_yaml("drawn: 2026-01-31")["drawn"]) == "2026-01-31"
    assert not list(folder.iterdir())


def test_without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_folder", lambda: None)
    assert read_yaml(TEXT) == yaml.safe_load(TEXT)


def test_what_is_no_yaml_is_told_and_not_kept(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(yaml.YAMLError):
            read_yaml("a: [1")
    assert not list(folder.iterdir())
