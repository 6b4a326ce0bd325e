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
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.svg import path as _path
from panelwright.svg.camera import Camera, Scene
from panelwright.svg.canvas import Canvas
from panelwright.svg.colour import mix
from panelwright.svg.compiled import CompiledTemplates
from panelwright.svg.pen import Pen
from panelwright.svg.words import letters
from panelwright.typography import measure, wrap

_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HEADER = re.compile(r"\A\s*\{#-{3}\n(.*?)\n-{3}#\}", re.S)
VERBS: dict[str, Any] = {
    **{n: getattr(_path, n) for n in ("line", "poly", "rect", "rrect", "cham", "ell", "arc", "cub", "qud", "smooth",
                                      "bez", "arrow", "xf", "aff", "pd", "num", "frac")},
    "mix": mix, "measure": measure, "wrap": wrap, "letters": letters, "Camera": Camera, "Scene": Scene, "Pen": Pen,
    "sin": math.sin, "cos": math.cos, "pi": math.pi, "sqrt": math.sqrt, "hypot": math.hypot, "atan2": math.atan2,
    "radians": math.radians, "degrees": math.degrees, "floor": math.floor, "log": math.log, "exp": math.exp,
    "min": min, "max": max, "abs": abs, "round": round, "int": int, "float": float, "len": len, "zip": zip,
    "enumerate": enumerate, "seeded": random.Random,
}  # fmt: skip


def _environment(assets: Assets) -> SandboxedEnvironment:
    env = SandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(root) for root in assets.templates]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        bytecode_cache=CompiledTemplates.of_user(), optimized=False,  # folding constants costs more than it saves
    )  # fmt: skip
    env.globals.update(VERBS)
    env.filters["bounds"] = _path.bounds
    return env


environment = cache(_environment)


@cache
def palette(assets: Assets) -> dict[str, str]:
    """``art/palette.yaml``: colour names to #RRGGBB."""
    path = assets.art_file("palette.yaml")
    return dict(yaml.safe_load(path.read_text("utf-8"))) if path else {}


def render(assets: Assets, name: str, canvas: Canvas, /, **context: Any) -> str:
    """Render ``svg_templates/<name>``; the context has ``canvas``, ``pen``, the palette and ``context``.

    Raises AuthorError with file and line when the template is missing or broken.
    """
    env = environment(assets)
    names = {"canvas": canvas, "pen": context.pop("pen", None) or Pen(canvas), "c": palette(assets)}
    try:
        text = env.get_template(name).render({**names, **context})
    except TemplateError as error:
        raise AuthorError(_explain(assets, name, error)) from error
    except (TypeError, ValueError, KeyError, ZeroDivisionError, AttributeError, IndexError) as error:
        raise AuthorError(_explain(assets, name, error)) from error
    return re.sub(r">\s+<", "><", text).strip()


@cache
def header(path: Path) -> dict[str, Any]:
    """The YAML facts at the top of a template."""
    found = HEADER.match(path.read_text("utf-8"))
    if not found:
        return {}
    try:
        facts = yaml.load(found.group(1), Loader=_YAML) or {}  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise AuthorError(Diagnostic(str(path), line, 1, "error", "template-header",
                                     f"the facts at the top are not YAML: {error}",
                                     "between {#--- and ---#} stands YAML")) from error  # fmt: skip
    return dict(facts)


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
