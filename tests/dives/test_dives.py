"""The deep dives of the comic: whole, of a length to be read in a sitting, and every line of code runs as it stands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest

from panelwright.publish.dives import find_fences
from panelwright.publish.glossary import read_glossary

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DIVES = sorted((DOCS / "deep-dives").glob("*.md"))
FENCE = re.compile(r"^( *)(`{3,})(\w*)[^\n]*\n(.*?)^\1\2[ ]*$", re.S | re.M)
SECTIONS = ("What the comic simplifies", "Try it", "Check yourself", "Sources")
IMPORTS = {"numpy", *sys.stdlib_module_names}


@dataclass(frozen=True)
class Block:
    """``says``: the block of text right after a program, its output."""

    where: str
    language: str
    code: str
    says: str | None


def blocks(path: Path) -> list[Block]:
    text = path.read_text("utf-8")
    found = list(FENCE.finditer(text))
    out = []
    for match, after in zip_longest(found, found[1:]):
        line = text.count("\n", 0, match.start()) + 1
        is_output = after is not None and after[3] == "text" and not text[match.end() : after.start()].strip()
        out.append(Block(f"{path.name}:{line}", match[3], match[4], after[4] if after and is_output else None))
    return out


def of(language: str) -> list[Block]:
    return [b for path in DIVES for b in blocks(path) if b.language == language]


def by_place(block: Block) -> str:
    return block.where


def test_every_page_has_its_dive() -> None:
    assert [int(p.name[:2]) for p in DIVES] == list(range(1, 11))


@pytest.mark.parametrize("block", of("python"), ids=by_place)
def test_programs_run_as_they_stand_and_say_what_the_text_says(block: Block, tmp_path: Path) -> None:
    imported = set(re.findall(r"^\s*(?:import|from)\s+(\w+)", block.code, re.M))
    assert imported <= IMPORTS, f"{block.where} needs more than numpy and the standard library"
    assert max(map(len, block.code.splitlines())) <= 84, f"{block.where} has lines that scroll"
    done = subprocess.run(
        [sys.executable, "-I", "-c", block.code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), "a program that says nothing teaches nothing"
    if block.says is not None:
        assert done.stdout.strip() == block.says.strip()


@pytest.mark.parametrize("block", of("console"), ids=by_place)
def test_commands_are_understood(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsed by the command line itself, whose work is put aside."""
    import panelwright.measure.__main__ as measure
    from panelwright.measure.run import choose

    for line in block.code.strip().replace("\\\n", " ").splitlines():
        program, command, *words = shlex.split(line, comments=True)
        assert (program, command) == ("panelwright", "measure"), f"{block.where}: {line}"
        if any(word.startswith("--endpoint") for word in words) or words[:1] in (["describe"], ["compare"]):
            continue
        orders = []
        monkeypatch.setattr(measure, "measure", lambda order, out, orders=orders: orders.append(order) or 0)
        assert measure.main(words) == 0
        assert choose(orders[0])


def whole(path: Path) -> bool:
    return all(f"\n## {section}\n" in path.read_text("utf-8") for section in SECTIONS)


WHOLE = [p for p in DIVES if whole(p)]


def prose(text: str) -> list[str]:
    """Words that a reader reads from top to bottom: no code, no questions, no sources."""
    text = FENCE.sub("", text).split("\n## Check yourself\n")[0]
    text = re.sub(r"\{\{\s*value:.*?\}\}", "0", text, flags=re.S)
    text = re.sub(r"\{\{\s*claim:[^|]*\|(.*?)\}\}", r"\1", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.findall(r"[^\W\d_][\w’'-]*", text)


@pytest.mark.parametrize("path", WHOLE, ids=lambda p: p.name)
def test_a_dive_is_read_in_a_sitting(path: Path) -> None:
    assert 700 <= len(prose(path.read_text("utf-8"))) <= 1200


@pytest.mark.parametrize("path", WHOLE, ids=lambda p: p.name)
def test_a_dive_shows_asks_and_names_its_sources(path: Path) -> None:
    text = path.read_text("utf-8")
    assert sum(f.kind == "chart" for f in find_fences(text, path.name)) >= 2
    asked = re.split(r"^\?\?\? question ", text.split("\n## Check yourself\n")[1].split("\n## ")[0], flags=re.M)[1:]
    assert len(asked) == 3
    for question in asked:
        said, _, answer = question.partition("\n")
        assert re.fullmatch(r'"[^"]+\?"', said), said
        assert len(answer.split()) >= 5
    sources = text.split("\n## Sources\n")[1].strip().splitlines()
    assert len(sources) >= 3
    assert all(re.search(r"\]\(https://", s) for s in sources)
    assert any(b.language in ("python", "console") for b in blocks(path))


@pytest.mark.parametrize("path", WHOLE, ids=lambda p: p.name)
def test_terms_are_explained_where_they_are_met_first(path: Path) -> None:
    entries = read_glossary((DOCS / "glossary.md").read_text("utf-8"))
    linked = re.findall(r"\.\./glossary\.md#([\w-]+)", path.read_text("utf-8"))
    assert len(linked) >= 4
    assert set(linked) <= set(entries)
    assert len(linked) == len(set(linked)), "a term is linked where it is met first, not again"


def test_the_glossary_is_in_order() -> None:
    terms = re.findall(r"^## ([^{\n]+)", (DOCS / "glossary.md").read_text("utf-8"), re.M)
    assert terms == sorted(terms, key=str.casefold)


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda p: p.name)
def test_headings_go_down_one_level_at_a_time(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)]
    assert all(below <= above + 1 for above, below in zip([1, *levels], levels, strict=False))
