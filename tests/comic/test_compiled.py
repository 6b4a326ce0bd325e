"""YAML and JSON are parsed once a machine, and what is kept of them can be lost, broken or refused without harm."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from panelwright import compiled, once
from panelwright.cache import DAY
from panelwright.once import read_json

read_yaml = compiled.read_yaml.__wrapped__  # as another process reads, which has nothing in memory
TEXT = "panels: {1: {at: 0.5, cast: [Kai, Tensor], front: true, head: null}}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(once, "folder", lambda: tmp_path)
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
    monkeypatch.setattr(once, "folder", lambda: None)
    assert read_yaml(TEXT) == yaml.safe_load(TEXT)


def test_what_is_no_yaml_is_told_and_not_kept(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(yaml.YAMLError):
            read_yaml("a: [1")
    assert not list(folder.iterdir())


def test_a_key_that_is_there_twice_is_told_at_the_second(folder: Path) -> None:
    with pytest.raises(compiled.KeyTwiceError) as caught:
        read_yaml("a: 1\nb:\n  - {x: 1, y: 2, x: 3}\n")
    found = compiled.not_yaml("f.yaml", caught.value, "", before=10)
    assert (found.line, found.column, found.message) == (13, 18, "'x' is there twice; the first is in line 3")
    assert found.hint == "keep one of the two"


def test_keys_that_are_merged_in_may_be_there_again(folder: Path) -> None:
    text = "base: &b {x: 1}\nin: {deep: &d {<<: *b, x: 2}}\nother: {<<: *d, x: 3}\nboth: {1: a, '1': b}\n"
    assert read_yaml(text) == yaml.safe_load(text)


def test_json_is_parsed_once_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"samples": [0.1, 1e-7, 3, null, "\\u00e9"], "kind": true}'
    value = read_json(text)
    assert value == json.loads(text)
    monkeypatch.setattr(json, "loads", None)
    assert read_json(text) == value


def test_a_folder_that_others_may_write_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    mine = once.folder.__wrapped__()
    assert mine.parent == tmp_path
    mine.chmod(0o777)
    assert once.folder.__wrapped__() is None
    shutil.rmtree(mine)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    mine.symlink_to(tmp_path / "elsewhere")
    assert once.folder.__wrapped__() is None


def test_what_is_kept_for_all_projects_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(once, "MOST_KEPT", 250)
    folder = once.folder.__wrapped__()
    assert folder
    for age in range(5):
        (file := folder / f"{age:064x}.parsed").write_bytes(b"x" * 100)
        os.utime(file, (time.time() - (age + 1) * 2 * DAY,) * 2)
    once.folder.__wrapped__()
    assert len(list(folder.glob("*.parsed"))) == 5, "looked through once a day"
    os.utime(folder / "looked-through", (0, 0))
    once.folder.__wrapped__()
    assert sorted(int(p.stem, 16) for p in folder.glob("*.parsed")) == [0, 1]
