"""Every page looks as it did when somebody last looked at it and said yes (``make accept``)."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from panelwright.plates import Comic

from .pictures import Pixels, drawn, pixels

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parent / "golden"
SEEN = Path(__file__).parents[2] / "build" / "golden"
WIDTH = {"page": 320, "phone": 200}
BLOCK = 10  # pixels: about a third of a face
MOST_ANYWHERE, MOST_OVERALL = 0.09, 0.012  # of the way from black to white; other versions of cairo stay below half
ACCEPT = bool(os.environ.get("PANELWRIGHT_ACCEPT"))


def difference(one: Pixels, two: Pixels) -> tuple[float, float]:
    """Of the blocks' mean colours: the greatest, and the mean."""
    if one.shape != two.shape:
        return 1.0, 1.0
    rows, columns = (n // BLOCK * BLOCK for n in one.shape[:2])
    blocks = [
        p[:rows, :columns].reshape(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK, 3).mean(axis=(1, 3))
        for p in (one, two)
    ]
    apart = np.abs(blocks[0] - blocks[1])
    return float(apart.max()), float(apart.mean())


def as_webp(picture: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray((picture * 255).round().astype("uint8")).save(buffer, "WEBP", quality=90, method=6)
    return buffer.getvalue()


@pytest.mark.parametrize("edition", WIDTH)
@pytest.mark.parametrize("number", range(11))
def test_golden_picture(shipped: Comic, number: int, edition: str) -> None:
    plate = next(p for p in shipped.pages if p.number == number).plates[edition]
    now = drawn(plate.standalone(), WIDTH[edition])
    path = GOLDEN / f"{number:02}-{edition}.webp"
    if ACCEPT:
        GOLDEN.mkdir(exist_ok=True)
        if not path.exists() or max(difference(pixels(path.read_bytes()), now)) > 0.01:
            path.write_bytes(as_webp(now))
        return
    worst, overall = difference(pixels(path.read_bytes()), now)
    if worst > MOST_ANYWHERE or overall > MOST_OVERALL:
        SEEN.mkdir(parents=True, exist_ok=True)
        (SEEN / path.name).write_bytes(as_webp(now))
        pytest.fail(
            f"page {number} ({edition}) looks different: {worst:.3f} somewhere, {overall:.4f} overall; "
            f"compare {SEEN / path.name} with {path}, and if it is meant: make accept"
        )


@pytest.mark.parametrize("edition", WIDTH)
def test_golden_tolerance_notices_a_balloon_that_moved(shipped: Comic, edition: str) -> None:
    plate = next(p for p in shipped.pages if p.number == 1).plates[edition]
    before = drawn(plate.standalone(), WIDTH[edition])
    start = plate.svg.index('role="img" aria-label="Kai: ')
    moved = plate.svg[:start] + 'transform="translate(0 40)" ' + plate.svg[start:]
    worst, _ = difference(before, drawn(replace(plate, svg=moved).standalone(), WIDTH[edition]))
    assert worst > 2 * MOST_ANYWHERE
