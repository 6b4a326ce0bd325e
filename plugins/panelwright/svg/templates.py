"""SVG templates: Jinja2 in a sandbox, with the drawing verbs as globals.

A template owns shapes and their order. It may begin with a YAML comment of facts about itself::

    {#---
    keywords: [brain]
    size: [480, 440]
    ---#}
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

import yaml
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from panelwright.assets import LOADER, Assets
from panelwright.cache import memo
from panelwright.compiled import CompiledTemplates, each_key_once, not_yaml, read_yaml
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.svg import path as _path
from panelwright.svg import words
from panelwright.svg.camera import Camera, Scene
from panelwright.svg.canvas import Canvas
from panelwright.svg.check import refused
from panelwright.svg.colour import mix
from panelwright.svg.pen import Pen
from panelwright.svg.sandbox import Sandbox
from panelwright.typography import shaping, write
from panelwright.typography.faces import face

HEADER = re.compile(r"\A\s*\{#-{3}\n(.*?)\n-{3}#\}", re.S)
VERBS: dict[str, Any] = {
    **{n: getattr(_path, n) for n in ("line", "poly", "rect", "rrect", "cham", "ell", "arc", "cub", "qud", "smooth",
                                      "bez", "arrow", "xf", "aff", "pd", "num", "frac")},
    "mix": mix, "Camera": Camera, "Scene": Scene, "Pen": Pen,
    "sin": math.sin, "cos": math.cos, "pi": math.pi, "sqrt": math.sqrt, "hypot": math.hypot, "atan2": math.atan2,
    "radians": math.radians, "degrees": math.degrees, "floor": math.floor, "log": math.log, "exp": math.exp,
    "min": min, "max": max, "abs": abs, "round": round, "int": int, "float": float, "len": len, "zip": zip,
    "enumerate": enumerate, "seeded": random.Random,
}  # fmt: skip


def _environment(assets: Assets) -> Sandbox:
    env = Sandbox(
        loader=ChoiceLoader([FileSystemLoader(root) for root in assets.templates]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        bytecode_cache=CompiledTemplates.of_user(), optimized=False,  # folding constants costs more than it saves
    )  # fmt: skip
    env.globals.update(VERBS, **_lettering(assets))
    env.filters["bounds"] = _path.bounds
    return env


environment = cache(_environment)


def _lettering(assets: Assets) -> dict[str, Callable[..., Any]]:
    """Verbs that need to know how wide words are, in the fonts of these assets."""

    def measure(text: str, size: float, role: str = "label") -> float:
        return shaping.measure(text, size, face(role, assets))

    def wrap(text: str, width: float, size: float, role: str = "label") -> list[str]:
        return write.wrap(text, width, size, face(role, assets))

    def letters(
        string: str, x: float, y: float, size: float, font: str = "title", *place: Any, **more: Any
    ) -> _path.Path:
        return words.letters(string, x, y, size, face(font, assets), *place, **more)

    return {"measure": measure, "wrap": wrap, "letters": letters}


@memo
def palette(assets: Assets) -> dict[str, str]:
    """``art/palette.yaml``: colour names to #RRGGBB, an author's own over those that come along.

    Raises AuthorError where it is not YAML or a colour is none.
    """
    colours: dict[str, str] = {}
    for root in reversed(assets.art):
        path = root / "palette.yaml"
        if path.is_file():
            colours |= _colours(path)
    return colours


def _colours(path: Path) -> dict[str, str]:
    def bad(line: int, message: str) -> AuthorError:
        hint = "a palette has a colour on every line, like cyan: '#00D4FF'"
        return AuthorError(Diagnostic(str(path), line, 1, "error", "palette", message, hint))

    text = path.read_text("utf-8")
    try:
        root = yaml.compose(text, Loader=LOADER)
        each_key_once(root)
    except yaml.YAMLError as error:
        raise AuthorError(not_yaml(str(path), error, text, "palette")) from error
    if not isinstance(root, yaml.MappingNode):
        raise bad(1, "this is no list of colours")
    for name, colour in root.value:
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", str(colour.value)):
            raise bad(name.start_mark.line + 1, f"{name.value!r} is no colour: {colour.value!r}")
    return {str(name.value): str(colour.value) for name, colour in root.value}


def render(assets: Assets, name: str, canvas: Canvas, /, **context: Any) -> str:
    """Render ``svg_templates/<name>``; the context has ``canvas``, ``pen``, the palette and ``context``.

    Raises AuthorError with file and line when the template is missing, broken, or needs what not all renderers draw.
    """
    env, canvas.assets = environment(assets), assets
    names = {"canvas": canvas, "pen": context.pop("pen", None) or Pen(canvas), "c": palette(assets)}
    try:
        text = env.get_template(name).render({**names, **context})
    except TemplateError as error:
        raise AuthorError(_explain(assets, name, error)) from error
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise AuthorError(_explain(assets, name, error)) from error
    svg = re.sub(r">\s+<", "><", text).strip()
    _check_xml(assets, name, svg)
    _check_parts(assets, name, svg)
    return svg


def _check_xml(assets: Assets, name: str, svg: str) -> None:
    """One unclosed element would take the rest of the page with it."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(f"<g>{svg}</g>", True)
    except expat.ExpatError as error:
        at = parser.ErrorByteIndex - len("<g>")
        around = svg.encode()[max(0, at - 40) : at + 20].decode(errors="ignore")
        message = f"what it draws is not well-formed: {expat.ErrorString(error.code)}, near {around!r}"
        hint = "every element that is opened must be closed; text goes through pen.text"
        place = assets.template_file(name)
        raise AuthorError(Diagnostic(str(place or name), 0, 0, "error", "template-xml", message, hint)) from error


def _check_parts(assets: Assets, name: str, svg: str) -> None:
    """An author's own template draws with what all renderers know; tests look at those that come along."""
    place = assets.template_file(name)
    if place is None or place.is_relative_to(assets.templates[-1]):
        return
    hint = "pictures, print and the web page must look alike; see the authoring guide, Templates"
    if found := refused(svg):
        raise AuthorError(*(Diagnostic(str(place), 0, 0, "error", "template-svg", what, hint) for what in found))


def header(path: Path) -> dict[str, Any]:
    """The YAML facts at the top of a template."""
    return _header(path, path.read_text("utf-8"))


@cache
def _header(path: Path, text: str) -> dict[str, Any]:
    found = HEADER.match(text)
    if not found:
        return {}
    try:
        facts = read_yaml(found.group(1)) or {}
    except yaml.YAMLError as error:
        above = text[: found.start(1)].count("\n")
        what = "the facts between {#--- and ---#} are not YAML"
        raise AuthorError(not_yaml(str(path), error, found.group(1), "template-header", what, above)) from error
    if not isinstance(facts, dict):
        raise _bad_header(path, "the facts at the top are no names with values")
    for name in (str(given) for given in facts if given not in KNOWN_FACTS):
        if meant := did_you_mean(name, KNOWN_FACTS):  # any other is a note of the artist's
            raise _bad_header(path, f"unknown fact {name!r}; {meant}")
    for name, fits, wanted in _FACTS:
        if name in facts and not fits(facts[name]):
            raise _bad_header(path, f"{name} must be {wanted}, not {facts[name]!r}")
    return facts


def _numbers(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(isinstance(v, int | float) for v in value)


_FACTS: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("keywords", lambda v: isinstance(v, list) and all(isinstance(w, str) for w in v), "a list of words"),
    ("reads", lambda v: v == "lines", "lines: what is said in the panel"),
    (
        "places",
        lambda v: isinstance(v, dict) and set(v.values()) <= {"place", "places"},
        "options that are told by a name, like {at: place, hands: places}",
    ),
    (
        "points",
        lambda v: isinstance(v, dict) and all(_numbers(at, 2) or _numbers(at, 3) for at in v.values()),
        "names with places: of a hologram in fractions of its box, {foot: [0.5, 1]}; of a set in metres, three numbers",
    ),
    ("aspect", lambda v: _numbers(v, 2) and 0 < v[0] <= v[1], "two numbers, least and greatest width by height"),
    (
        "camera",
        lambda v: isinstance(v, dict) and _numbers(v.get("pos", [0, 0, 0]), 3),
        "like {pos: [0, 1.7, 0], yaw: 0}",
    ),
)
KNOWN_FACTS = (*(name for name, *_ in _FACTS), "depicts", "opts", "stage", "plots", "kinds")


def _bad_header(path: Path, message: str) -> AuthorError:
    hint = "between {#--- and ---#} stands YAML, see the authoring guide, Templates"
    return AuthorError(Diagnostic(str(path), 1, 1, "error", "template-header", message, hint))


def _explain(assets: Assets, name: str, error: Exception) -> Diagnostic:
    place = assets.template_file(name)
    line = 0
    if isinstance(error, TemplateSyntaxError):
        line = error.lineno
        place = Path(error.filename) if error.filename else place
    else:
        # the innermost frame that jinja2 mapped back to a template file
        tb = error.__traceback__
        while tb:
            filename = tb.tb_frame.f_code.co_filename
            if filename.endswith((".j2", ".svg")):
                place, line = Path(filename), tb.tb_lineno
            tb = tb.tb_next
    if place is None:
        folder = name.rpartition("/")[0]
        known = [f"{folder}/{p.name}" for p in assets.template_files(folder)]
        return Diagnostic(f"svg_templates/{name}", 0, 0, "error", "template-missing", f"there is no template {name!r}",
                          did_you_mean(name, known))  # fmt: skip
    return Diagnostic(str(place), line, 1, "error", "template-broken", str(error),
                      "the template is Jinja2; see the authoring guide, Templates")  # fmt: skip
