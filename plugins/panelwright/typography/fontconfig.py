"""Makes cairo find the bundled fonts, and only those, wherever the machine keeps its own."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from markupsafe import escape

from panelwright.assets import Assets

_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>
"""


def use_bundled_fonts(assets: Assets | None = None) -> Path:
    """Point FONTCONFIG_FILE at the bundled fonts. Call before cairosvg draws the first text.

    The path must be absolute: fontconfig ignores a relative one.
    """
    assets = assets or Assets.default()
    folders = [(root / "fonts").resolve() for root in assets.art if (root / "fonts").is_dir()]
    name = hashlib.sha256("\0".join(map(str, folders)).encode()).hexdigest()[:16]
    base = Path(tempfile.gettempdir()) / f"panelwright-fonts-{os.getuid() if hasattr(os, 'getuid') else 0}-{name}"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = _CONF.format(
        folders="".join(f"<dir>{escape(str(f))}</dir>" for f in folders), cache=escape(str(base / "cache"))
    )
    conf = base / "fonts.conf"
    if not conf.is_file() or conf.read_text("utf-8") != text:
        conf.write_text(text, "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(conf)
    return conf
