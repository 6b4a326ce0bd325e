"""Reads ``art/staging/*.yaml``. A wrong key is an error with line, column and a way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from panelwright.assets import Assets
from panelwright.diagnostics import Diagnostic, did_you_mean
from panelwright.staging.model import ARRANGEMENTS, FRAMINGS, CastMember, Hologram, Shot

Raw = Mapping[str, Any]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PAGE_KEYS = ("page", "layout", "panels", "title")
_SHOT_KEYS = (*tuple(f.name for f in fields(Shot) if f.name != "panel"), "phone")
_CAST_KEYS = tuple(f.name for f in fields(CastMember))
_HOLO_KEYS = tuple(f.name for f in fields(Hologram))
_CHOICES = {
    "framing": FRAMINGS,
    "arrange": ARRANGEMENTS,
    "facing": ("left", "right", ""),
    "frame": ("normal", "alert", "quiet", "none"),
}


@dataclass(frozen=True)
class PageStaging:
    """What the file says: ``layout`` override; per panel number the raw keys, checked."""

    layout: str = ""
    layout_place: tuple[str, int, int] = ("", 0, 0)
    panels: Mapping[int, Raw] = field(default_factory=dict)


@dataclass(frozen=True)
class Staging:
    pages: Mapping[int, PageStaging] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def load_staging(assets: Assets) -> Staging:
    """All staging files. Number 0 is the cover, whose only panel is 1."""
    pages: dict[int, PageStaging] = {}
    found: list[Diagnostic] = []
    own = Assets(assets.art[:1], ())  # the shipped comic's staging is nobody else's default
    for path in own.art_files("staging", "*.yaml"):
        number, page = _read(path, found)
        if number is not None:
            pages[number] = page
    return Staging(pages, tuple(found))


def _read(path: Path, found: list[Diagnostic]) -> tuple[int | None, PageStaging]:
    name = path.as_posix()

    def bad(node: yaml.Node | None, code: str, message: str, hint: str = "") -> None:
        line, column = (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)
        found.append(Diagnostic(name, line, column, "error", code, message, hint))

    try:
        text = path.read_text("utf-8")
        root = yaml.compose(text, Loader=_LOADER)
        values = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(error, "problem", None) or str(error)
        found.append(
            Diagnostic(
                name,
                line,
                column,
                "error",
                "yaml",
                f"this is not YAML: {problem}",
                "check the indentation and that text with ':' stands in quotes",
            )
        )
        return None, PageStaging()
    if not isinstance(root, yaml.MappingNode) or not isinstance(values, dict):
        bad(root, "staging-shape", "a staging file is a mapping with 'page' and 'panels'")
        return None, PageStaging()
    _check_keys(root, _PAGE_KEYS, bad)
    number = values.get("page")
    if not isinstance(number, int):
        bad(
            root,
            "staging-page",
            "'page' must be the number of a page (0 is the cover)",
            "write e.g. 'page: 3'",
        )
        return None, PageStaging()
    layout_node = _child(root, "layout")
    place = (name, layout_node.start_mark.line + 1, layout_node.start_mark.column + 1) if layout_node else (name, 1, 1)
    panels: dict[int, Raw] = {}
    panels_node = _child(root, "panels")
    if isinstance(panels_node, yaml.MappingNode):
        for key, node in panels_node.value:
            try:
                panel = int(key.value)
            except ValueError:
                bad(key, "staging-panel", f"{key.value!r} is not a panel's number")
                continue
            raw = (values["panels"] or {}).get(panel)
            if isinstance(node, yaml.MappingNode) and isinstance(raw, dict):
                _check_shot(node, bad)
                panels[panel] = raw
            else:
                bad(node, "staging-shape", f"panel {panel} must be a mapping")
    elif panels_node is not None:
        bad(panels_node, "staging-shape", "'panels' must map a panel's number to its staging")
    return number, PageStaging(str(values.get("layout", "")), place, panels)


def _check_shot(node: yaml.MappingNode, bad: Any) -> None:
    _check_keys(node, _SHOT_KEYS, bad)
    for key, known in (("cast", _CAST_KEYS), ("holograms", _HOLO_KEYS)):
        group = _child(node, key)
        if group is None:
            continue
        if not isinstance(group, yaml.SequenceNode):
            bad(group, "staging-shape", f"{key!r} must be a list")
            continue
        for entry in group.value:
            if isinstance(entry, yaml.MappingNode):
                _check_keys(entry, known, bad)
                first = _child(entry, "who" if key == "cast" else "template")
                if first is None:
                    bad(
                        entry,
                        "staging-shape",
                        f"an entry of {key!r} needs '{'who' if key == 'cast' else 'template'}'",
                    )
            else:
                bad(entry, "staging-shape", f"an entry of {key!r} must be a mapping")
    phone = _child(node, "phone")
    if isinstance(phone, yaml.MappingNode):
        _check_shot(phone, bad)


def _check_keys(node: yaml.MappingNode, known: tuple[str, ...], bad: Any) -> None:
    for key, value in node.value:
        if key.value not in known:
            hint = did_you_mean(str(key.value), known) or f"known keys: {', '.join(known)}"
            bad(key, "staging-key", f"unknown key {key.value!r}", hint)
        elif key.value in _CHOICES and value.value not in _CHOICES[key.value]:
            bad(
                value,
                "staging-value",
                f"{key.value} cannot be {value.value!r}",
                did_you_mean(str(value.value), _CHOICES[key.value]) or f"one of {', '.join(_CHOICES[key.value])}",
            )


def _child(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((v for k, v in node.value if k.value == key), None)
