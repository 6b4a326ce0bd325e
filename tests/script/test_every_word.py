"""Whatever people write: no traceback, no word dropped, the same result twice."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from panelwright.script.parse import parse_storyboard
from tests.script.compact import to_json

FRAGMENTS = yaml.safe_load((Path(__file__).parent / "fragments.yaml").read_text("utf-8"))

keys = st.sampled_from(FRAGMENTS["keys"])
values = st.sampled_from(FRAGMENTS["values"])
lines = st.one_of(
    st.builds(lambda k, m, v: f"**{k}{m} {v}", keys, st.sampled_from(("**:", ":**", "**", "** —", "**：")), values),
    st.builds(lambda k, v: f"{k}: {v}", keys, values),
    st.builds(lambda n, h: f"{'#' * n} {h}", st.integers(1, 6), st.sampled_from(FRAGMENTS["headings"])),
    st.sampled_from(FRAGMENTS["rows"]),
    st.just(""),
)
starts = st.sampled_from(
    ("", "- ", "  - ", "    - ", "1. ", "> ", "  ", "      ", "* ", "-\u00a0", "\u00a0", "\t", "> - ")
)
documents = st.lists(st.tuples(starts, lines), max_size=14).map(lambda rows: "\n".join(a + b for a, b in rows))


def numbered(document: str) -> str:
    """Every ``@`` becomes a word that is there only once."""
    count = iter(range(10_000))
    return re.sub("@", lambda _: f"w{next(count)}x", document)


@given(documents, st.sampled_from(("", "# Page 1\n## Panel 1\n", "- **Characters**: Kai (@), Dr. Nova\n\n## Page 1\n")))
@settings(max_examples=150)
def test_every_word_of_the_source_is_in_the_model(document: str, before: str) -> None:
    source = numbered(before + document)
    parsed = parse_storyboard(source, "s.md")
    model = to_json(parsed.storyboard)
    kept = json.dumps(model, ensure_ascii=False)
    assert [w for w in re.findall(r"w\d+x", source) if w not in kept] == []
    assert parse_storyboard(source, "s.md") == parsed


@given(st.text(max_size=300))
@settings(max_examples=150)
def test_any_text_at_all(text: str) -> None:
    parsed = parse_storyboard(text, "s.md")
    assert parsed.diagnostics
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for d in parsed.diagnostics:
        assert 0 <= d.line <= len(rows)
        assert d.column <= (len(rows[d.line - 1]) + 1 if d.line else 0)


def test_nesting_does_not_end_in_a_traceback() -> None:
    deep = "# Page 1\n## Panel 1\n- **Scene**: x\n" + "".join(f"{'  ' * n}- deep{n}x\n" for n in range(1, 400))
    deep += ">" * 3000 + " quote\n" + "- " * 3000 + "dash\n" + "*" * 5000 + "stars\n" + "[" * 5000 + "\n" + "(" * 5000
    parsed = parse_storyboard(deep, "s.md")
    kept = json.dumps(to_json(parsed.storyboard))
    assert all(f"deep{n}x" in kept for n in range(1, 400))
    assert all(word in kept for word in ("quote", "dash", "stars"))
