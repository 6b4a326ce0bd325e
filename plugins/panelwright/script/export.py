"""The storyboard as JSON, after the schema in ``storyboard.schema.json``."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from panelwright.script.model import Storyboard


def to_json(storyboard: Storyboard) -> dict[str, Any]:
    """Plain dicts, lists, strings and numbers; every field is there, also empty ones."""
    plain: dict[str, Any] = _plain(storyboard)
    return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    return str(value) if isinstance(value, str) else value
