"""What readers read is spelt right. Words that no dictionary has are in ``words.txt``, one a line, in order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from spellchecker import SpellChecker

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("words.txt")
PAGES = sorted(p for p in (ROOT / "docs").rglob("*.md") if p.name != "storyboard.md")
NOT_PROSE = re.compile(
    r"^---\n.*?^---$|^( *)(`{3,}|~{3,}).*?^\1\2[ ]*$|`[^`\n]*`|\{\{\s*value.*?\}\}|\{\{\s*claim:[^|]*\||"
    r"\]\([^)]*\)|<[^>]+>|https?://\S+|\{[ ]*[#.][^}]*\}",
    re.S | re.M,
)


@pytest.fixture(scope="module")
def ours() -> list[str]:
    return LIST.read_text("utf-8").split()


@pytest.fixture(scope="module")
def dictionary(ours: list[str]) -> SpellChecker:
    spelling = SpellChecker(distance=1)
    spelling.word_frequency.load_words(ours)
    return spelling


def words(text: str) -> set[str]:
    text = NOT_PROSE.sub(" ", text).replace("’", "'")
    found = re.findall(r"(?<![\w.])[^\W\d_]+(?:'[^\W\d_]+)?(?![\w])", text)
    return {re.sub(r"'s$|'$", "", w) for w in found if len(w) > 2 and not w.isupper()}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_word_is_known(path: Path, dictionary: SpellChecker) -> None:
    unknown = dictionary.unknown(w.lower() for w in words(path.read_text("utf-8")))
    assert not unknown, f"misspelt, or missing in {LIST.name}: {', '.join(sorted(unknown))}"


def test_a_misspelling_is_found(dictionary: SpellChecker) -> None:
    assert dictionary.unknown(["inferense", "recieve", "the"]) == {"inferense", "recieve"}


def test_our_list_is_in_order_and_has_only_what_the_dictionary_lacks(ours: list[str]) -> None:
    assert ours == sorted(set(ours))
    assert ours == [w.lower() for w in ours]
    assert not SpellChecker(distance=1).known(ours)
