"""Draws the README's pictures anew from the pages: ``python tools/pictures.py``."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from panelwright.cli import compose_site, open_site
from panelwright.publish.render import png

ROOT = Path(__file__).resolve().parents[1]
PAGES = (0, 1, 4, 9)
WIDTH = 640


def main() -> None:
    site = ROOT / "mkdocs.yml"
    comic, assets = compose_site(site), open_site(site).options.assets
    out = ROOT / ".github" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    for page in comic.pages:
        if page.number in PAGES:
            picture = Image.open(io.BytesIO(png(page.plates["page"].standalone(), 2 * WIDTH, assets)))
            small = picture.convert("RGB").resize((WIDTH, round(picture.height / 2)), Image.Resampling.LANCZOS)
            name = f"page-{page.number:02}.webp" if page.number else "cover.webp"
            small.save(out / name, quality=86, method=6)


if __name__ == "__main__":
    main()
