"""Reads ``art/staging/*.yaml``. A wrong key is an error with line, column and a way out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from panelwright.assets import Assets
from panelwright.compiled import not_yaml, place_in, read_yaml
from panelwright.diagnostics import AuthorError, Diagnostic, Severity, did_you_mean
from panelwright.staging.model import ARRANGEMENTS, FRAMINGS, WORDS, ZONES, CastMember, Hologram, Shot
from panelwright.staging.places import SIDES, not_there
from panelwright.svg.templates import header, palette

Raw = Mapping[str, Any]
At = tuple[Any, ...]  # keys and indices that lead to a value
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
_RANGES: Mapping[str, tuple[float, float, str]] = {
    "at": (-0.5, 1.5, "0 is the panel's left edge, 1 its right"),
    "up": (-1, 2, "0 is the bottom of the stage, 1 its top"),
    "eyes": (0, 1, "0 is the top of the frame, 1 its bottom"),
    "size": (0.05, 3, "1 is the height of the stage"),
    "share": (0.01, 1, "1 is all of the stage"),
    **dict.fromkeys(("height", "breathing"), (0, 5000, "in units of the page, which is 1600 wide")),
    "orbs": (0, 24, "so many are juggled"),
    **dict.fromkeys(("turn", "yaw", "pitch"), (-80, 80, "in degrees")),
    "f": (0.05, 10, "the width of the panel is 1; smaller is wider"),
}
_CAMERA_KEYS = ("pos", "yaw", "pitch", "f")
UNPLACED = "art/staging"  # the path of a problem whose file is not known where it is found
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CHOICES = {
    "framing": FRAMINGS,
    "arrange": ARRANGEMENTS,
    "words": WORDS,
    "zone": ZONES,
    "facing": ("left", "right", ""),
    "frame": ("normal", "alert", "quiet", "none"),
    "view": ("", "auto", "34", "front", "profile", "back"),
    "head": ("", "34", "front", "profile", "back"),
    "holding": ("", "none", "tablet", "table", "hologram", "pointer"),
}


@dataclass(frozen=True)
class PageStaging:
    """What the file says: ``layout`` override; per panel number the raw keys, checked."""

    layout: str = ""
    path: str = ""
    panels: Mapping[int, Raw] = field(default_factory=dict)

    @property
    def layout_place(self) -> tuple[str, int, int]:
        """Path, line and column; looked for when it is asked for."""
        return self.path, *place_in(Path(self.path).read_text("utf-8"), ("layout",))

    def place(self, panel: int, problem: Diagnostic) -> Diagnostic:
        """What only drawing finds wrong in a staging, with the file and where the panel begins in it."""
        if problem.path != UNPLACED:
            return problem
        line, column = place_in(Path(self.path).read_text("utf-8"), ("panels", panel), key=True)
        return replace(problem, path=self.path, line=line, column=column)


class Staging(NamedTuple):
    pages: Mapping[int, PageStaging]
    diagnostics: tuple[Diagnostic, ...] = ()


Misnamed = Callable[[Mapping[str, Any]], Iterable[tuple[At, Diagnostic]]]
"""An entry of ``cast`` -> the keys to every name in it that means nobody and nothing, and what to say of it."""


class _Known(NamedTuple):
    """What names in a staging may mean. ``panels``: page -> its panels; None: they are not checked."""

    assets: Assets
    lights: tuple[str, ...]
    files: Files | None
    panels: Mapping[int, Collection[int]] | None
    misnamed: Misnamed

    def facts(self, template: str) -> Mapping[str, Any]:
        """What a template's header says; its name has its folder first. What is wrong is told where it is drawn."""
        path = self.assets.template_file(f"{template}.svg.j2")
        try:
            return header(path) if path else {}
        except AuthorError:
            return {}

    def templates(self, kind: str) -> list[str]:
        """Sets or holograms that there are; what begins with _ is a part of others."""
        names = (path.name.removesuffix(".svg.j2") for path in self.assets.template_files(kind))
        return [name for name in names if not name.startswith("_")]


def load_staging(
    assets: Assets, data: Files | None = None, panels: Mapping[int, Collection[int]] | None = None,
    misnamed: Misnamed = lambda _: (),
) -> Staging:  # fmt: skip
    """All staging files. Number 0 is the cover, whose only panel is 1.

    ``data``: benchmark file -> the kinds of numbers that it has. ``panels``: page -> its panels. Without them, names
    of files and numbers of pages are not checked. ``misnamed`` knows the cast, which is drawn by others.
    """
    pages: dict[int, PageStaging] = {}
    found: list[Diagnostic] = []
    known = _Known(assets, tuple(palette(assets)), data, panels, misnamed)
    for path in sorted(assets.staging.glob("*.yml")) if assets.staging else ():
        hint = f"call it {path.stem}.yaml"
        found.append(Diagnostic(path.as_posix(), 0, 0, "warning", "staging-name", "this file is not read", hint))
    for path in sorted(assets.staging.glob("*.yaml")) if assets.staging else ():
        number, page = _read(path, found, known, pages)
        if number is not None:
            pages[number] = page
    return Staging(pages, tuple(found))


class _File:
    """One file's values. The places in it are only looked for when there is something to tell."""

    def __init__(self, path: Path, found: list[Diagnostic]) -> None:
        self.name, self._found = path.as_posix(), found
        self._text = ""
        self.values: Any = None
        try:
            self._text = path.read_text("utf-8")
            self.values = read_yaml(self._text)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self._found.append(not_yaml(self.name, error, self._text))
            raise

    def bad(
        self, at: At, code: str, message: str, hint: str = "", key: bool = False, severity: Severity = "error"
    ) -> None:
        """``at``: the keys that lead to what is wrong; ``key``: it is the last of them, not its value."""
        line, column = place_in(self._text, at, key)
        self._found.append(Diagnostic(self.name, line, column, severity, code, message, hint))


def _read(
    path: Path, found: list[Diagnostic], known: _Known, before: Mapping[int, PageStaging]
) -> tuple[int | None, PageStaging]:
    try:
        file = _File(path, found)
    except (yaml.YAMLError, UnicodeDecodeError):
        return None, PageStaging()
    values = file.values
    if not isinstance(values, dict):
        file.bad((), "staging-shape", "a staging file is a mapping with 'page' and 'panels'")
        return None, PageStaging()
    _right(file, (), values, _PAGE_KEYS)
    number = values.get("page")
    if not isinstance(number, int):
        message = "'page' must be the number of a page (0 is the cover)"
        file.bad((), "staging-page", message, "write e.g. 'page: 3'")
        return None, PageStaging()
    if number in before:
        hint = "bring both into one file, or give this one another page"
        file.bad(
            ("page",), "staging-twice", f"page {number} is staged in {Path(before[number].path).name} already", hint
        )
        return None, PageStaging()
    _check_panels(file, number, values, known.panels)
    panels: dict[int, Raw] = {}
    given = values.get("panels")
    if isinstance(given, dict):
        for key, raw in given.items():
            try:
                panel = int(str(key))
            except ValueError:
                file.bad(("panels", key), "staging-panel", f"{key!r} is not a panel's number", key=True)
                continue
            if panel in panels:
                file.bad(("panels", key), "staging-panel", f"panel {panel} is staged twice", "keep one", key=True)
                continue
            if isinstance(raw, dict):
                panels[panel] = _shot(file, ("panels", key), raw, known)
            else:
                hint = "write 'name: value' below it, indented, with a space after the colon"
                file.bad(("panels", key), "staging-shape", f"panel {panel} must be names with values", hint)
    elif "panels" in values:
        file.bad(("panels",), "staging-shape", "'panels' must map a panel's number to its staging")
    return number, PageStaging(str(values.get("layout", "")), file.name, panels)


def _check_panels(file: _File, number: int, values: Raw, known: Mapping[int, Collection[int]] | None) -> None:
    """Tells what is staged and is not there: nobody would see why nothing changes."""
    if known is None:
        return
    if number not in known:
        what = f"the storyboard has no page {number}" if number else "the storyboard has no cover"
        file.bad(("page",), "staging-page", what, "what stands here is not used", severity="warning")
        return
    given = values.get("panels")
    for key in given if isinstance(given, dict) else ():
        if str(key).isdecimal() and int(str(key)) not in known[number]:
            hint = f"the panels: {', '.join(map(str, known[number]))}"
            message = f"page {number} has no panel {key}"
            file.bad(("panels", key), "staging-panel", message, hint, key=True, severity="warning")


def _shot(file: _File, at: At, raw: Raw, known: _Known, panel: Raw | None = None) -> dict[str, Any]:
    """The keys of a panel that are right; the others are told. ``panel``: the whole, when this is its phone part."""
    panel = panel or raw
    out = _right(file, at, raw, _SHOT_KEYS)
    for key, keys, needed in (("cast", _CAST_KEYS, "who"), ("holograms", _HOLO_KEYS, "template")):
        if out.get(key) is None:
            continue
        kept = []
        for i, value in enumerate(out[key]):
            here = (*at, key, i)
            if not isinstance(value, dict):
                file.bad(here, "staging-shape", f"an entry of {key!r} must be a mapping")
            elif needed not in value:
                _right(file, here, value, keys)
                file.bad(here, "staging-shape", f"an entry of {key!r} needs {needed!r}")
            else:
                kept.append(_right(file, here, value, keys))
                if key == "holograms":
                    _check_template(file, here, kept[-1], "template", known)
                elif "who" in kept[-1]:
                    _check_names(file, here, kept[-1], known)
                if needed not in kept[-1]:
                    kept.pop()
                    continue
                _check_places(file, here, kept[-1], f"holograms/{kept[-1].get('template')}", panel, known)
                if "data" in kept[-1]:
                    _check_data(file, here, kept[-1], known)
                if isinstance(kept[-1].get("look"), str):
                    _check_look(file, here, kept[-1], panel)
                for light in ("light", "back"):
                    _check_light(file, here, kept[-1], light, known)
        out[key] = kept
    _check_places(file, at, out, f"sets/{out.get('set') or panel.get('set')}", panel, known)
    if isinstance(out.get("camera"), dict):
        out["camera"] = _right(file, (*at, "camera"), out["camera"], _CAMERA_KEYS)
    if isinstance(out.get("phone"), dict):
        out["phone"] = _shot(file, (*at, "phone"), out["phone"], known, panel)
    _check_light(file, at, out, "light", known)
    _check_template(file, at, out, "set", known)
    return out


def _check_template(file: _File, at: At, out: dict[str, Any], key: str, known: _Known) -> None:
    """Takes away a set or a hologram that does not exist; tells options that are spelt otherwise."""
    kind, name = ("set" if key == "set" else "hologram"), out.get(key)
    if name is None:
        return
    there = known.templates(f"{kind}s")
    if name not in there and there:
        hint = did_you_mean(name, there) or f"known: {', '.join(there)}"
        file.bad((*at, key), "template-missing", f"there is no {kind} {name!r}", hint)
        del out[key]
    options = known.facts(f"{kind}s/{name}").get("opts") if "opts" in out else None
    declared = tuple(options) if isinstance(options, dict) else ()
    for option in [o for o in map(str, out.get("opts", ())) if o not in declared]:
        if hint := did_you_mean(option, declared):  # others may be for a part that the template includes
            message = f"the {kind} {name!r} has no option {option!r}"
            file.bad((*at, "opts", option), "staging-key", message, hint, key=True)


def _check_names(file: _File, at: At, member: dict[str, Any], known: _Known) -> None:
    """Takes away a name of somebody, of a pose, a face or a hand, that does not exist."""
    for keys, problem in known.misnamed(member):
        file.bad((*at, *keys), problem.code, problem.message, problem.hint)
        member.pop(keys[0], None)


def _check_light(file: _File, at: At, out: dict[str, Any], key: str, known: _Known) -> None:
    """Takes away a light that is neither in the palette nor a colour."""
    light, lights = out.get(key), known.lights
    if light and lights and light not in lights and not _COLOUR.fullmatch(light):
        hint = (
            did_you_mean(light, lights) or f"a name of art/palette.yaml or a colour like '#00D4FF': {', '.join(lights)}"
        )
        file.bad((*at, key), "staging-value", f"there is no light {light!r}", hint)
        del out[key]


def _check_look(file: _File, at: At, entry: dict[str, Any], panel: Raw) -> None:
    """Takes away a look at what the panel's staging, phone part included, does not name."""
    there = ["reader", *_named(panel, "cast", "who"), *_named(panel, "holograms", "template")]
    word = entry["look"]
    if word not in there and not any(word in name.split() for name in there):
        message = f"look must be two numbers, or who or what is in the panel, not {word!r}"
        hint = did_you_mean(word, there) or f"one of {', '.join(there)}"
        file.bad((*at, "look"), "staging-value", message, hint)
        del entry["look"]


def _check_places(file: _File, at: At, out: dict[str, Any], template: str, panel: Raw, known: _Known) -> None:
    """Takes away options that name a place which the panel's staging, phone part included, does not have."""
    if panel.get("cast") is None or not panel.get("set"):
        return  # the director says who is there or where: drawing tells
    words = {name: said for name, said in out.get("opts", {}).items() if isinstance(said, str)}
    places = known.facts(template).get("places", {}) if words else {}
    wrong = {}
    for name in [name for name in words if name in places]:
        message, hint = not_there(words[name], *_there(panel, known))
        if message:
            file.bad((*at, "opts", name), "staging-value", message, hint)
            wrong[name] = message
    if wrong:
        out["opts"] = {name: said for name, said in out["opts"].items() if name not in wrong}


def _there(panel: Raw, known: _Known) -> tuple[list[str], dict[str, list[str]]]:
    """Who is in a panel; its holograms and its set, with the points that they name."""
    rooms = [str(part["set"]) for part in _editions(panel) if part.get("set")]
    things = {room: list(known.facts(f"sets/{room}").get("points", ())) for room in rooms}
    for name in _named(panel, "holograms", "template"):
        things[name] = [*SIDES, *known.facts(f"holograms/{name}").get("points", ())]
    return _named(panel, "cast", "who"), things


def _editions(panel: Raw) -> list[Raw]:
    return [part for part in (panel, panel.get("phone")) if isinstance(part, Mapping)]


def _named(panel: Raw, group: str, name: str) -> list[str]:
    """Who or what a panel's staging names, phone part included, each once."""
    entries = [e for part in _editions(panel) for e in part.get(group) or () if isinstance(e, Mapping)]
    return list(dict.fromkeys(str(e[name]) for e in entries if name in e))


def _check_data(file: _File, at: At, holo: dict[str, Any], known: _Known) -> None:
    """A benchmark file that does not exist, or has not what the hologram plots, is told and left out."""
    if known.files is None:
        return
    name, kind = holo["data"], str(known.facts(f"holograms/{holo.get('template', '')}").get("plots", ""))
    having = [one for one, kinds in known.files.items() if not kind or kind in kinds]
    if name in having:
        return
    what = f"{name}.json has no numbers for {kind!r}" if name in known.files else f"there is no data file {name}.json"
    hint = f"files that have them: {', '.join(having)}" if having else "put one into the folder of the option 'data'"
    hint = did_you_mean(name, having) or hint
    file.bad((*at, "data"), "staging-data", what, hint)
    del holo["data"]


def _right(file: _File, at: At, raw: Raw, known: tuple[str, ...]) -> dict[str, Any]:
    """What of a mapping has a known key and a value that the key takes; nothing said is as good as null."""
    out = {}
    for key, given in raw.items():
        here = (*at, key)
        if key not in known:
            hint = did_you_mean(str(key), known) or f"known keys: {', '.join(known)}"
            file.bad(here, "staging-key", f"unknown key {str(key)!r}", hint, key=True)
        elif given is not None and not _is(given, _KINDS.get(key, "")):
            file.bad(here, "staging-value", f"{key} must be {_KINDS[key]}, not {given!r}")
        elif given is not None and key in _RANGES and not _RANGES[key][0] <= given <= _RANGES[key][1]:
            least, most, hint = _RANGES[key]
            file.bad(here, "staging-value", f"{key} must be from {least:g} to {most:g}, not {given!r}", hint)
        elif key in _CHOICES and given is not None and given not in _CHOICES[key]:
            hint = did_you_mean(given, _CHOICES[key]) or f"one of {', '.join(_CHOICES[key])}"
            file.bad(here, "staging-value", f"{key} cannot be {given!r}", hint)
        elif given is not None:
            out[key] = given
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
