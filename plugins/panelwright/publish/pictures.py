"""Pages as pictures: a PNG to share and to fall back on, and small WebP ones for the overview."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from panelwright.assets import Assets
from panelwright.cache import FileDigests, digest, installed, write_atomically
from panelwright.plates import Plate
from panelwright.publish.fonts import digest_of
from panelwright.svg import inline
from panelwright.typography.fontconfig import use_bundled_fonts

PICTURE_WIDTH = 1200
THUMB_WIDTH = 440
HERO_WIDTH = 960


@dataclass(frozen=True)
class Picture:
    """Files of one page: ``png`` 1200 px wide, ``thumb`` 440 px, ``hero`` 960 px."""

    png: Path
    thumb: Path
    hero: Path


def make_pictures(
    plates: Mapping[int, Plate], folder: Path, processes: int, assets: Assets, digests: FileDigests
) -> dict[int, Picture]:
    """Rasterise plates by page number into ``folder``, by content, so that nothing is drawn twice.

    The files are the same bytes for any number of ``processes``, which inherit the bundled fonts.
    """
    use_bundled_fonts(assets)
    fonts, own = digest_of(assets, digests), digests.of([Path(__file__), Path(inline.__file__)])
    made: dict[int, Picture] = {}
    missing: dict[int, tuple[str, Picture]] = {}
    for number, plate in plates.items():
        key = digest(plate.name, fonts, own, installed("cairosvg"), installed("pillow"))
        stem = folder / key[:24]
        picture = Picture(stem.with_suffix(".png"), stem.with_suffix(".webp"), stem.with_suffix(".large.webp"))
        made[number] = picture
        if not (picture.png.is_file() and picture.thumb.is_file() and picture.hero.is_file()):
            missing[number] = (plate.standalone(), picture)
    jobs = list(missing.values())
    # A worker takes most of a second to start: a handful of pages is drawn here.
    if processes > 1 and len(jobs) > 2:
        from concurrent.futures import ProcessPoolExecutor  # slow to load, and mostly nothing is missing
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        try:
            with ProcessPoolExecutor(min(processes, len(jobs)), mp_context=get_context("spawn")) as pool:
                list(pool.map(_rasterize, *zip(*jobs, strict=True)))
            jobs = []
        except BrokenProcessPool:  # a host that allows no processes: what is left is drawn here
            jobs = [job for job in jobs if not job[1].png.is_file()]
    for svg, picture in jobs:
        _rasterize(svg, picture)
    return made


def _rasterize(svg: str, picture: Picture) -> None:
    import cairosvg
    from PIL import Image

    whole = inline.inlined(svg).encode()
    png = cairosvg.svg2png(bytestring=whole, output_width=PICTURE_WIDTH, background_color="#060B18")
    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("RGB")
    for path, width in ((picture.thumb, THUMB_WIDTH), (picture.hero, HERO_WIDTH)):
        size = (width, round(image.height * width / image.width))
        buffer = io.BytesIO()
        image.resize(size, Image.Resampling.LANCZOS).save(buffer, "WEBP", quality=86, method=4)
        write_atomically(path, buffer.getvalue())
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=7)
    write_atomically(picture.png, buffer.getvalue())
