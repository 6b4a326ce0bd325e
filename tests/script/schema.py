"""The published schema."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

SCHEMA: dict[str, Any] = json.loads(files("panelwright.script").joinpath("storyboard.schema.json").read_text("utf-8"))
