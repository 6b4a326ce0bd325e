"""Terms are explained where they stand."""

from __future__ import annotations

import pytest

from panelwright.publish.glossary import explained, read_glossary

GLOSSARY = """# Glossary

Words.

### KV cache

The *keys* and values of [tokens](x.md) seen so far. They grow.

### Time to first token (TTFT) { #ttft }
How long until something shows.
"""


def test_an_entry_is_its_first_sentence_without_marks() -> None:
    assert read_glossary(GLOSSARY) == {
        "kv-cache": "The keys and values of tokens seen so far.",
        "ttft": "How long until something shows.",
    }


@pytest.mark.parametrize(
    ("page", "href", "glossary"),
    [
        ("page-3/", "../glossary/#ttft", "glossary/"),
        ("", "glossary/#ttft", "glossary/"),
        ("page-3.html", "glossary.html#ttft", "glossary.html"),
    ],
)
def test_a_link_to_an_entry_carries_it(page: str, href: str, glossary: str) -> None:
    html = explained(f'<a href="{href}">TTFT</a>', read_glossary(GLOSSARY), page, glossary)
    assert html == f'<a href="{href}" class="pw-term" title="How long until something shows.">TTFT</a>'


@pytest.mark.parametrize("href", ["../other/#ttft", "../glossary/#missing", "../glossary/", "#ttft"])
def test_other_links_are_left_alone(href: str) -> None:
    link = f'<a href="{href}">x</a>'
    assert explained(link, read_glossary(GLOSSARY), "page-3/", "glossary/") == link
