"""Rules that a storyboard must keep, checked on the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from panelwright.diagnostics import Diagnostic, Severity
from panelwright.script.inline import QUOTES
from panelwright.script.model import Page, Panel, Span, Storyboard

MOST_WORDS = 120
MOST_PANELS = 12
_OPENING = ('"', "“", "„", "«", "「", "『")  # an apostrophe may open a word
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_N = TypeVar("_N", Page, Panel)


def check_storyboard(storyboard: Storyboard) -> Iterator[Diagnostic]:
    """Every finding of this module, in no particular order."""
    if not storyboard.pages:
        hint = 'start each page with a heading: ## Page 1 — "Title" (Chapter)'
        yield Diagnostic(storyboard.path, 0, 0, "error", "no-pages", "the storyboard has no pages", hint)
    yield from _numbers(storyboard.pages, "page", "")
    for page in storyboard.pages:
        yield from _page(page)
    lines = [line for _, _, line in storyboard.lines()]
    for line in (*(storyboard.cover.lines if storyboard.cover else ()), *lines):
        words = count_words(line.text)
        if words > MOST_WORDS:
            message = f"a line of {words} words; no balloon holds more than {MOST_WORDS}"
            hint = "split it into several lines, or move some to the deep dive"
            yield _at(line.span, "error", "line-too-long", message, hint)
        if line.text[:1] in _OPENING and not any(mark in line.text[1:] for mark in QUOTES[line.text[0]]):
            message = f"the quotation mark {line.text[0]} is opened and not closed; it is lettered"
            yield _at(line.span, "warning", "open-quote", message, "close it after the last word")


def _page(page: Page) -> Iterator[Diagnostic]:
    if not page.panels:
        hint = "add a heading under it: ### Panel 1 (Wide)"
        yield _at(page.span, "error", "page-without-panels", f"page {page.number} has no panels", hint)
    if len(page.panels) > MOST_PANELS:
        message = f"page {page.number} has {len(page.panels)} panels; a page holds {MOST_PANELS} at most"
        hint = "spread them over two pages"
        yield _at(page.panels[MOST_PANELS].span, "error", "too-many-panels", message, hint)
    yield from _numbers(page.panels, "panel", f" of page {page.number}")
    for panel in page.panels:
        what = f"panel {panel.number} of page {page.number}"
        if not panel.lines and panel.scene is None:
            hint = "say what it shows (- **Scene**: ...) or what is said in it"
            message = f"{what} has neither a scene nor lines"
            yield _at(panel.span, "error", "panel-without-lines", message, hint)
        elif not panel.lines:
            yield _at(panel.span, "info", "panel-without-lines", f"{what} is silent: it has no lines", "")


def _numbers(nodes: Sequence[_N], what: str, where: str) -> Iterator[Diagnostic]:
    """Duplicates are errors; gaps and steps back are warnings."""
    first: dict[int, Span] = {}
    last = 0
    for node in nodes:
        if node.number in first:
            place = first[node.number]
            message = f"{what} {node.number}{where} is there twice; the first is at {place.path}:{place.line}"
            yield _at(node.span, "error", f"duplicate-{what}", message, f"give this {what} its own number")
            continue
        first[node.number] = node.span
        if node.number != last + 1:
            before = f"follows {what} {last}" if last else "is the first"
            message = f"{what} {node.number}{where} {before}; expected {what} {last + 1}"
            hint = f"{what}s are shown in the order in which they are written"
            yield _at(node.span, "warning", f"{what}-order", message, hint)
        last = node.number


def count_words(text: str) -> int:
    """Words by spaces; scripts without spaces count two characters as a word."""
    dense = len(_NO_SPACES.findall(text))
    return len(_NO_SPACES.sub(" ", text).split()) + (dense + 1) // 2


def _at(span: Span, severity: Severity, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(span.path, span.line, span.column, severity, code, message, hint)
