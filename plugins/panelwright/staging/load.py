"""Reads ``art/staging/*.yaml``. A wrong key is an error with line, column and a way out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from panelwright.assets import LOADER, Assets
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.staging.model import ARRANGEMENTS, FRAMINGS, WORDS, ZONES, CastMember, Hologram, Shot
from panelwright.svg.templates import header, palette

Raw = Mapping[str, Any]
Files = Mapping[str, Collection[str]]
_PAGE_KEYS = ("page", "layout", "panels", "title")
_SHOT_KEYS = (*tuple(f.name for f in fields(Shot) if f.name != "panel"), "phone")
_CAST_KEYS = tuple(f.name for f in fields(CastMember))
_HOLO_KEYS = tuple(f.name for f in fields(Hologram))
_KINDS = {
    **dict.fromkeys(("at", "size", "up", "share", "height", "breathing", "yaw", "pitch", "f", "orbs",
                     "eyes", "turn"), "a number"),
    **dict.fromkeys(("set", "light", "frame", "arrange", "words", "who", "pose", "expression", "framing",
                     "facing", "view", "head", "holding", "template", "zone", "data", "back"),
                    "text, in quotes if it looks like a number"),
    **dict.fromkeys(("camera", "opts", "hands", "over", "phone"), "names with values, like {name: value}"),
    **dict.fromkeys(("cast", "holograms", "depicts"), "a list"),
    **dict.fromkeys(("head_turned", "front", "breaks", "behind"), "true or false"),
    "look": "two numbers, like [3, -1], or the name of somebody, of a hologram or reader",
    "pos": "three numbers, like [0, 1.7, 0]",
}  # fmt: skip
_CAMERA_KEYS = ("pos", "yaw", "pitch", "f")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CHOICES = {
    "framing": FRAMINGS,
    "arrange": ARRANGEMENTS,
    "words": WORDS,
    "zone": ZONES,
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


@dataclass(frozen=True)
class _Known:
    """What names in a staging may mean. ``plots``: template of a hologram -> the kind of numbers it draws."""

    lights: tuple[str, ...]
    files: Files | None
    plots: Callable[[str], str]


def load_staging(assets: Assets, data: Files | None = None) -> Staging:
    """All staging files. Number 0 is the cover, whose only panel is 1.

    ``data``: benchmark file -> the kinds of numbers that it has. Without it, names of files are not checked.
    """
    pages: dict[int, PageStaging] = {}
    found: list[Diagnostic] = []
    known = _Known(tuple(palette(assets)), data, lambda name: _plots(assets, name))
    for path in sorted(assets.staging.glob("*.yaml")) if assets.staging else ():
        number, page = _read(path, found, known)
        if number is not None:
            pages[number] = page
    return Staging(pages, tuple(found))


@lru_cache(maxsize=500)  # while an author writes, most files stay as they are
def _parsed(text: str) -> tuple[yaml.Node | None, Any]:
    """Parsed once, for the places and for the values, which nobody changes."""
    loader = LOADER(text)
    root = loader.get_single_node()
    return root, loader.construct_document(root) if root else None


def _read(path: Path, found: list[Diagnostic], known: _Known) -> tuple[int | None, PageStaging]:
    name = path.as_posix()

    def bad(node: yaml.Node | None, code: str, message: str, hint: str = "") -> None:
        line, column = (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)
        found.append(Diagnostic(name, line, column, "error", code, message, hint))

    try:
        root, values = _parsed(path.read_text("utf-8"))
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
    _right(root, values, _PAGE_KEYS, bad)
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
                panels[panel] = _shot(node, raw, bad, known)
            else:
                bad(node, "staging-shape", f"panel {panel} must be a mapping")
    elif panels_node is not None:
        bad(panels_node, "staging-shape", "'panels' must map a panel's number to its staging")
    return number, PageStaging(str(values.get("layout", "")), place, panels)


def _shot(node: yaml.MappingNode, raw: Raw, bad: Any, known: _Known, panel: Raw | None = None) -> dict[str, Any]:
    """The keys of a panel that are right; the others are told. ``panel``: the whole, when this is its phone part."""
    panel = panel or raw
    out = _right(node, raw, _SHOT_KEYS, bad)
    for key, keys, needed in (("cast", _CAST_KEYS, "who"), ("holograms", _HOLO_KEYS, "template")):
        group = _child(node, key)
        if out.get(key) is None or group is None:
            continue
        kept = []
        for entry, value in zip(group.value, out[key], strict=True):
            if not isinstance(entry, yaml.MappingNode):
                bad(entry, "staging-shape", f"an entry of {key!r} must be a mapping")
            elif _child(entry, needed) is None:
                _right(entry, value, keys, bad)
                bad(entry, "staging-shape", f"an entry of {key!r} needs {needed!r}")
            else:
                kept.append(_right(entry, value, keys, bad))
                if "data" in kept[-1]:
                    _check_data(entry, kept[-1], bad, known)
                if isinstance(kept[-1].get("look"), str):
                    _check_look(entry, kept[-1], bad, panel)
                for light in ("light", "back"):
                    _check_light(entry, kept[-1], light, bad, known)
        out[key] = kept
    camera, phone = _child(node, "camera"), _child(node, "phone")
    if "camera" in out and isinstance(camera, yaml.MappingNode):
        out["camera"] = _right(camera, out["camera"], _CAMERA_KEYS, bad)
    if "phone" in out and isinstance(phone, yaml.MappingNode):
        out["phone"] = _shot(phone, out["phone"], bad, known, panel)
    _check_light(node, out, "light", bad, known)
    return out


def _check_light(node: yaml.MappingNode, out: dict[str, Any], key: str, bad: Any, known: _Known) -> None:
    """Takes away a light that is neither in the palette nor a colour."""
    light, lights = out.get(key), known.lights
    if light and lights and light not in lights and not _COLOUR.fullmatch(light):
        hint = (
            did_you_mean(light, lights) or f"a name of art/palette.yaml or a colour like '#00D4FF': {', '.join(lights)}"
        )
        bad(_child(node, key), "staging-value", f"there is no light {light!r}", hint)
        del out[key]


def _check_look(node: yaml.MappingNode, entry: dict[str, Any], bad: Any, panel: Raw) -> None:
    """Takes away a look at what the panel's staging, phone part included, does not name."""
    there = ["reader"]
    for part in (panel, panel.get("phone")):
        for key, name in (("cast", "who"), ("holograms", "template")):
            group = part.get(key) if isinstance(part, Mapping) else None
            there += [str(e[name]) for e in group or () if isinstance(e, Mapping) and name in e]
    word = entry["look"]
    if word not in there and not any(word in name.split() for name in there):
        message = f"look must be two numbers, or who or what is in the panel, not {word!r}"
        hint = did_you_mean(word, there) or f"one of {', '.join(dict.fromkeys(there))}"
        bad(_child(node, "look"), "staging-value", message, hint)
        del entry["look"]


def _plots(assets: Assets, template: str) -> str:
    path = assets.template_file(f"holograms/{template}.svg.j2")
    try:
        return str(header(path).get("plots", "")) if path else ""
    except AuthorError:  # told where the template is drawn
        return ""


def _check_data(entry: yaml.MappingNode, holo: dict[str, Any], bad: Any, known: _Known) -> None:
    """A benchmark file that does not exist, or has not what the hologram plots, is told and left out."""
    if known.files is None:
        return
    name, kind = holo["data"], known.plots(str(holo.get("template", "")))
    having = [file for file, kinds in known.files.items() if not kind or kind in kinds]
    if name in having:
        return
    what = f"{name}.json has no numbers for {kind!r}" if name in known.files else f"there is no data file {name}.json"
    hint = f"files that have them: {', '.join(having)}" if having else "put one into the folder of the option 'data'"
    hint = did_you_mean(name, having) or hint
    bad(_child(entry, "data"), "staging-data", what, hint)
    del holo["data"]


def _right(node: yaml.MappingNode, raw: Raw, known: tuple[str, ...], bad: Any) -> dict[str, Any]:
    """What of a mapping has a known key and a value that the key takes; nothing said is as good as null."""
    out = {}
    for key, value in node.value:
        name, given = str(key.value), raw.get(key.value)
        if name not in known:
            bad(
                key,
                "staging-key",
                f"unknown key {name!r}",
                did_you_mean(name, known) or f"known keys: {', '.join(known)}",
            )
        elif given is not None and not _is(given, _KINDS.get(name, "")):
            bad(value, "staging-value", f"{name} must be {_KINDS[name]}, not {given!r}")
        elif name in _CHOICES and given is not None and given not in _CHOICES[name]:
            hint = did_you_mean(given, _CHOICES[name]) or f"one of {', '.join(_CHOICES[name])}"
            bad(value, "staging-value", f"{name} cannot be {given!r}", hint)
        elif given is not None:
            out[name] = given
    return out


def _is(value: Any, kind: str) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind == "a number":
        return number
    if "or the name" in kind and isinstance(value, str):
        return True
    if kind.startswith(("two", "three")):
        wanted = 2 if kind.startswith("two") else 3
        return isinstance(value, list) and len(value) == wanted and all(_is(v, "a number") for v in value)
    wanted_type = {"text": str, "names": dict, "a list": list, "true": bool}
    return all(isinstance(value, t) for start, t in wanted_type.items() if kind.startswith(start))


def _child(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((v for k, v in node.value if k.value == key), None)
