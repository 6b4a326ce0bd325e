"""How much height words need, before anything is drawn: the layout's and the camera's question."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from panelwright.assets import Assets
from panelwright.cache import memo
from panelwright.layout.model import Edition
from panelwright.lettering.model import Room
from panelwright.lettering.units import Form, Unit, units
from panelwright.script.model import Line

SQUEEZED = 1.25  # how much worse than two rows one row may be: a tail past another balloon is worse
STAGGER = 0.34  # of the first balloon's height, by which the second in a row hangs lower


def room_needed(lines: Sequence[Line], width: float, edition: Edition, assets: Assets) -> Room:
    """Heights at the top and the bottom of a panel ``width`` wide, in the edition's units."""
    return _room(tuple(lines), width, edition, assets)


@memo
def _room(lines: tuple[Line, ...], width: float, edition: Edition, assets: Assets) -> Room:
    every = units(lines, width, edition, assets)
    gap = gap_of(edition)
    top = sum(u.forms[0].h + gap for u in every if u.role in ("label", "top"))
    bottom = sum(u.forms[0].h + gap for u in every if u.role == "bottom")
    speech = 0.0
    row: tuple[float, ...] = ()
    speeches = [u for u in every if u.role == "speech"]
    if speeches:
        rows = pack(speeches, width, edition)
        speech = max(y + form.h for _, form, _, y in rows) + gap + (0.0 if top else edition.live)
        if max(y for *_, y in rows) < min(form.h for _, form, *_ in rows):
            row = tuple(form.w for _, form, *_ in rows)
    return Room(top + edition.live if top else 0.0, bottom + edition.live if bottom else 0.0, speech, row)


def gap_of(edition: Edition) -> float:
    """Least distance between two blocks of words."""
    return 12 * edition.scale if edition.name == "page" else 8.0


def pack(speeches: Sequence[Unit], width: float, edition: Edition) -> list[tuple[Unit, Form, float, float]]:
    """An arrangement that surely fits: (unit, form, left, top), tops from 0, in reading order.

    All in one row where the width allows, else rows of at most two; in a row the later one hangs lower, so
    that nobody reads it first.
    """
    inner = width - 2 * edition.live
    gap = gap_of(edition)
    out: list[tuple[Unit, Form, float, float]] = []
    if len(speeches) > 2 and (row := _row(speeches, inner, gap)):
        spare = (inner - sum(f.w for f in row) - gap * (len(row) - 1)) / (len(row) - 1)
        x = edition.live
        for k, (unit, form) in enumerate(zip(speeches, row, strict=True)):
            out.append((unit, form, x, min(row[0].h * STAGGER, 70 * edition.scale) * k / (len(row) - 1)))
            x += form.w + gap + spare
        return out
    y = 0.0
    i = 0
    while i < len(speeches):
        first = speeches[i]
        pair = _pair(first, speeches[i + 1], inner, gap) if i + 1 < len(speeches) else None
        if pair:
            f1, f2 = pair
            drop = min(f1.h * STAGGER, 70 * edition.scale)
            out.append((first, f1, edition.live, y))
            out.append((speeches[i + 1], f2, edition.live + inner - f2.w, y + drop))
            y += max(f1.h, drop + f2.h) + gap
            i += 2
        else:
            # a stacked balloon leaves the side free where its own tail comes down
            form = min(first.forms, key=lambda f: f.h + (1e4 if f.w > inner else 0) + f.cost * 60)
            left = edition.live + (inner - form.w) * (0.12 if i % 2 == 0 else 0.88)
            out.append((first, form, left, y))
            y += form.h + gap
            i += 1
    return out


def _row(speeches: Sequence[Unit], inner: float, gap: float) -> tuple[Form, ...] | None:
    """The lowest forms of three or four that stand in one row, or None."""
    if len(speeches) > 4:
        return None
    fitting = (
        forms for forms in product(*(u.forms[:4] for u in speeches))
        if sum(f.w for f in forms) + gap * (len(forms) - 1) <= inner
    )  # fmt: skip
    return min(
        fitting, key=lambda fs: max(f.h for f in fs) + sum(f.cost * 6 * f.blocks[0].size for f in fs), default=None
    )


def _pair(one: Unit, two: Unit, inner: float, gap: float) -> tuple[Form, Form] | None:
    """The two forms that stand side by side with the least height, or None when stacking is lower."""
    best: tuple[float, Form, Form] | None = None
    for f1 in one.forms[:5]:
        for f2 in two.forms[:5]:
            if f1.w + f2.w + gap > inner:
                continue
            drop = f1.h * STAGGER
            score = max(f1.h, f2.h + drop) + (f1.cost + f2.cost) * 6 * f1.blocks[0].size
            if best is None or score < best[0]:
                best = (score, f1, f2)
    # words squeezed into narrow columns are worse than a balloon under another
    stacked = sum(min(f.h + f.cost * 6 * f.blocks[0].size for f in u.forms if f.w <= inner or u.forms[0] is f)
                  for u in (one, two)) + gap  # fmt: skip
    return None if best is None or best[0] > SQUEEZED * stacked else (best[1], best[2])
