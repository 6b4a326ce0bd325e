"""The author's words leave ink where they stand: each page drawn with and without its text, and compared."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageChops

from panelwright.comic import Comic
from panelwright.publish.render import png

WIDTH = {"page": 500, "phone": 260}


@pytest.mark.slow
@pytest.mark.parametrize("edition", WIDTH)
def test_letters_leave_ink_where_they_stand(shipped: Comic, edition: str) -> None:
    for page in shipped.pages:
        plate = page.plates[edition]
        whole = plate.standalone()
        bare = re.sub(r"<text .*?</text>", "", whole, flags=re.S)
        drawn, empty = (Image.open(io.BytesIO(png(svg, WIDTH[edition]))).convert("L") for svg in (whole, bare))
        changed = ImageChops.difference(drawn, empty)
        k = changed.width / plate.width
        for region in plate.regions:
            for p in region.placed:
                x, y = (region.frame.x + p.box.x) * k, (region.frame.y + p.box.y) * k
                box = changed.crop((round(x), round(y), round(x + p.box.w * k), round(y + p.box.h * k)))
                ink = sum(box.histogram()[61:]) / (box.width * box.height)
                assert ink > 0.02, (page.number, region.panel, p.text, ink)
