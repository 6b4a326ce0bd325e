"""The rules of professional lettering that can be checked, each with its code.

Sources: Blambot (N. Piekos), kleinletters.com, Comicraft's balloontales.com.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from panelwright.diagnostics import Diagnostic
from panelwright.drawing.model import Box, Drawing
from panelwright.layout.model import Edition
from panelwright.lettering.place import Panel, Spot
from panelwright.lettering.styles import BESIDE
from panelwright.lettering.units import MOST_WORDS
from panelwright.script import model as script
from panelwright.typography.shaping import measure, missing_glyphs

MOST_COVERED = 0.5  # of a panel's area, by all words together
MOST_FOCAL = 0.35  # of what the panel is about, under one block of words
MOST_ON_PAGE = 210  # words of a print page
MOST_HIDDEN = 0.04  # of a line of the picture's own words, under a block of words
NOTICED = 5  # letters of a word that the eye sees standing under itself
REWORD = "reword the line a little"
SLACK = 0.51  # units that nobody sees
FLAT = (5.0, 3.7)  # ems long and times wider than high: a tail that lies down


def violations(spots: Sequence[Spot], drawing: Drawing, w: float, h: float, edition: Edition) -> Iterator[Diagnostic]:
    """Every rule that the lettering of a panel breaks."""
    panel = Panel(drawing, w, h, edition)
    for i, s in enumerate(spots):
        yield from _alone(s, panel)
        for other in spots[i + 1 :]:
            yield from _pair(s, other, panel)
        yield from _lines(s, edition)
    covered = sum(s.box.w * s.box.h for s in spots)
    if spots and covered > MOST_COVERED * w * h:
        yield _say(spots[0], edition, "words-crowd-panel", f"words cover {covered / (w * h):.0%} of the panel",
                   "shorten a line, or give the panel more room")  # fmt: skip


def wordy(panels: Sequence[script.Panel]) -> Iterator[Diagnostic]:
    """A page that is mostly words."""
    lines = [line for panel in panels for line in panel.lines]
    words = sum(len(line.text.split()) for line in lines)
    if words > MOST_ON_PAGE:
        span = panels[0].span
        yield Diagnostic(span.path, span.line, span.column, "warning", "words-crowd-page",
                         f"the page has {words} words, {MOST_ON_PAGE} are the most that is read with pleasure",
                         "move a panel to the next page, or shorten a line")  # fmt: skip


def _alone(s: Spot, panel: Panel) -> Iterator[Diagnostic]:
    edition, box, live = panel.edition, s.box, panel.edition.live
    beyond = max(-box.x, -box.y, box.x1 - panel.w, box.y1 - panel.h)
    if beyond > SLACK - live:
        told = _say(s, edition, "words-outside", "words do not fit inside the panel", _room_for(s, panel))
        yield replace(told, severity="error") if beyond > SLACK else told  # beyond the frame they cannot be read
    missing = missing_glyphs(s.unit.line.text, s.unit.style.font)
    if missing:
        yield _say(s, edition, "missing-glyph", f"no font has {' '.join(missing)}", "use other characters")
    for block in s.form.blocks:
        if block.size < edition.least_text:
            yield _say(s, edition, "text-too-small", f"text of {block.size:.1f} units, least {edition.least_text:.1f}")
        words = sum(len(t.split()) for t in block.lines)
        if s.unit.line.kind in BESIDE and words > MOST_WORDS:
            yield _say(s, edition, "too-many-words", f"{words} words in one balloon, at most {MOST_WORDS}",
                       "end a sentence earlier, so that the speech can be split")  # fmt: skip
    for who, (fx, fy, r) in panel.faces.items():
        for (cx, cy), block in zip(s.blocks(), s.form.blocks, strict=True):
            dx, dy = max(0.0, abs(fx - cx) - block.a), max(0.0, abs(fy - cy) - block.b)
            if math.hypot(dx, dy) < r * 0.9:
                yield _say(s, edition, "balloon-over-face", f"words cover the face of {who}",
                           "move the figure in the staging (at, framing) or shorten the line")  # fmt: skip
                break
    if box.w * box.h > MOST_COVERED * panel.w * panel.h:
        yield _say(s, edition, "balloon-too-large", "one block of words takes more than half of the panel",
                   "shorten the line or give the panel more room")  # fmt: skip
    focal = panel.drawing.focal
    if focal and box.overlap(focal) > MOST_FOCAL * focal.w * focal.h:
        yield _say(s, edition, "words-over-focal", "words cover what the panel is about")
    if any(_covers(s, x, y) for x, y, _ in panel.hands):
        yield _say(s, edition, "balloon-over-hand", "words cover a hand", "move the figure or its gesture")
    for zone in panel.drawing.avoid:
        if zone.words and _hidden(s, zone.box) > MOST_HIDDEN:
            yield _say(s, edition, "words-over-words", f"words cover {zone.name!r} in the picture",
                       "give the hologram another zone or share, or the words another place")  # fmt: skip
    if s.tail:
        dx, dy = abs(s.tail.tip[0] - s.tail.root[0]), abs(s.tail.tip[1] - s.tail.root[1])
        if s.tail.length > FLAT[0] * panel.unit and dx > FLAT[1] * dy:
            yield _say(s, edition, "tail-too-flat", "the tail lies nearly level", "let the speaker stand nearer")
        own = s.unit.line.speaker
        for who, (fx, fy, r) in panel.faces.items():
            if who != own and s.tail.distance(fx, fy) < r * 0.8:
                yield _say(s, edition, "tail-crosses-face", f"the tail crosses the face of {who}",
                           "let the speakers stand in the order of speaking, left to right")  # fmt: skip
        if own in panel.faces:
            fx, fy, r = panel.faces[own]
            if math.hypot(s.tail.tip[0] - fx, s.tail.tip[1] - fy) < r * 0.62:
                yield _say(s, edition, "tail-in-face", "the tail ends inside the face")


def _hidden(s: Spot, line: Box) -> float:
    """The share of a drawn line under the words, by a grid of points."""
    if not s.box.overlap(line):
        return 0.0
    grid = [(line.x + line.w * (i + 0.5) / 12, line.y + line.h * (j + 0.5) / 3) for i in range(12) for j in range(3)]
    return sum(_covers(s, x, y, 1.06) for x, y in grid) / len(grid)


def _covers(s: Spot, x: float, y: float, edge: float = 0.9) -> bool:
    """``edge``: where the block ends; 1 is its outline, with its ink a little more."""
    return any(
        (abs(x - cx) / block.a) ** 2.6 + (abs(y - cy) / block.b) ** 2.6 < edge
        for (cx, cy), block in zip(s.blocks(), s.form.blocks, strict=True)
    )


def _lines(s: Spot, edition: Edition) -> Iterator[Diagnostic]:
    """How the lines are broken."""
    for block in s.form.blocks:
        rows = [row.split() for row in block.lines if row.strip()]  # code may have empty rows
        if len(rows) > 2 and len(rows[-1]) == 1 and len(rows[-1][0]) < 4:
            yield _say(s, edition, "widow", f"{rows[-1][0]!r} stands alone in the last line", REWORD)
        for one, two in pairwise(rows):
            for i in (0, -1):
                word = one[i].lower().strip(".,!?…")
                same = word == two[i].lower().strip(".,!?…") and len(word) >= NOTICED
                if same and s.unit.role == "speech" and min(len(one), len(two)) > 1:
                    yield _say(s, edition, "stacked-word", f"{two[i]!r} stands under itself", REWORD)


def _room_for(s: Spot, panel: Panel) -> str:
    """A way out for words that do not fit: often it is one word alone."""
    size, font = s.form.blocks[0].size, s.unit.style.font
    rows = [row for block in s.form.blocks for row in block.lines]
    around = s.box.w - max(measure(row, size, font) for row in rows)
    wide, widest = max((measure(word, size, font), word) for row in rows for word in row.split())
    if wide + around > panel.w - 2 * panel.edition.live:
        return f"{widest!r} is wider than the panel: divide it, or give the panel more room"
    return "shorten the line or give the panel more room"


def _pair(a: Spot, b: Spot, panel: Panel) -> Iterator[Diagnostic]:
    edition = panel.edition
    if a.box.overlap(b.box) > 1:
        yield _say(b, edition, "balloons-overlap", "two blocks of words overlap",
                   "shorten a line or give the panel more room")  # fmt: skip
    elif a.box.grown(1.5).overlap(b.box.grown(1.5)):
        yield _say(b, edition, "tangent", "two blocks of words just touch")
    first, second = (a, b) if a.unit.order < b.unit.order else (b, a)
    if second.box.y < first.box.y - 1 and second.box.x < first.box.cx and second.unit.role == "speech":
        yield _say(second, edition, "reading-order", "this would be read before what is said first",
                   "let the speakers stand in the order of speaking, left to right")  # fmt: skip
    for one, other in ((a, b), (b, a)):
        if one.tail and one.tail.through(other.box.grown(-1)):
            yield _say(one, edition, "tail-crosses-words", "the tail passes through other words")
    if a.tail and b.tail and a.tail.crosses(b.tail):
        yield _say(b, edition, "tails-cross", "two tails cross",
                   "let the speakers stand in the order of speaking, left to right")  # fmt: skip


def _say(s: Spot, edition: Edition, code: str, message: str, hint: str = "") -> Diagnostic:
    span = s.unit.line.span
    return Diagnostic(span.path, span.line, span.column, "warning", code, f"{message} ({edition.name} edition)", hint)
