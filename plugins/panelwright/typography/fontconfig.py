"""Makes cairo find the bundled fonts, and only those, wherever the machine keeps its own."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from markupsafe import escape

from panelwright import once
from panelwright.assets import Assets
from panelwright.cache import write_atomically

_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>
"""


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    """Where there is no folder of the user's; gone with the process."""
    return tempfile.TemporaryDirectory(prefix="panelwright-")


def use_bundled_fonts(assets: Assets | None = None) -> Path:
    """Point FONTCONFIG_FILE at the bundled fonts. Call before cairosvg draws the first text.

    The file lies in the user's own folder, where what is used no longer is cleared away, as is what fontconfig keeps
    beside it. Its path must be absolute: fontconfig ignores a relative one.
    """
    assets = assets or Assets.default()
    folders = [(root / "fonts").resolve() for root in assets.art if (root / "fonts").is_dir()]
    base = once.folder() or Path(_temporary().name)
    text = _CONF.format(
        folders="".join(f"<dir>{escape(str(f))}</dir>" for f in folders), cache=escape(str(base / "fonts"))
    )
    conf = base / f"{hashlib.sha256(text.encode()).hexdigest()}.conf"
    if conf.is_symlink() or not conf.is_file() or conf.read_text("utf-8") != text:
        write_atomically(conf, text.encode())  # another process may be reading it
    os.environ["FONTCONFIG_FILE"] = str(conf)
    return conf
