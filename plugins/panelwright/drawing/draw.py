"""Draws a shot into a frame: set, holograms and figures in layers of depth, with anchors for the words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError, Diagnostic
from panelwright.drawing import phrases, places
from panelwright.drawing.block import Blocking, Standing, block
from panelwright.drawing.casting import draw_member
from panelwright.drawing.diagram import Diagram, read_diagram
from panelwright.drawing.figure_model import Spot
from panelwright.drawing.model import Actor, Avoid, Box, Drawing, add_symbols
from panelwright.layout.model import Edition
from panelwright.script.model import LineKind, Panel, Scene
from panelwright.staging.model import CastMember, Hologram, Shot
from panelwright.svg.camera import Camera
from panelwright.svg.canvas import Canvas
from panelwright.svg.path import Map, Point, frac, num, unhomog
from panelwright.svg.pen import Pen
from panelwright.svg.templates import header, palette, render

SHOULDERS = 1.5  # half their width, in radii of the head with its hair
SCENERY = ("bleed", "frame")  # zones of holograms that words may cover
TALKING = (LineKind.SPEECH, LineKind.CHAT)
DARK = "#00030A"  # of the shadows that figures cast
HIDDEN = 24.0  # how far under the frame, in units of a figure, a part begins that is left out


def draw_panel(
    panel: Panel,
    shot: Shot,
    w: float,
    h: float,
    top: float,
    speech: float,
    bottom: float,
    row: Sequence[float],
    edition: Edition,
    assets: Assets,
    prefix: str,
    data: Mapping[str, Any],
    about: Scene | None = None,
) -> Drawing:
    """``w``, ``h``, ``top``, ``speech``, ``bottom``, ``row`` in drawing units; so is everything in the Drawing.

    The four that words ask for are those of the lettering's Room.

    ``about``: the scene of the page that lists a diagram's parts, for panels that show it again.

    Raises AuthorError for a template or a cast member that does not exist or is broken.
    """
    canvas = Canvas(prefix, (w, h))
    pen = Pen(canvas)
    colours = palette(assets)
    light = colours.get(shot.light, shot.light)
    facts = _facts(assets, f"sets/{shot.set}.svg.j2")
    lens = float(shot.camera.get("f", facts.get("camera", {}).get("f", 0.62)))

    speakers = {line.speaker for line in panel.lines if line.kind in TALKING}
    shot = replace(shot, cast=tuple(_in_light(m, colours) for m in shot.cast))
    figures = [
        (m, draw_member(assets, m, _rim(light, m.light), _light_side(shot, m.facing), m.who in speakers, shot))
        for m in shot.cast
    ]
    diagram = read_diagram(panel.scene)
    if not diagram.nodes:
        diagram = read_diagram(about)
    aspects = [_aspect(assets, holo) for holo in shot.holograms]
    place = block(shot, figures, aspects, w, h, top, speech, bottom, row, _lens(lens, w, h))
    place = place._replace(standing=tuple(_cut(s, h) for s in place.standing))
    cam = _camera(shot, facts, place, w)

    @cache
    def found(text: str) -> tuple[Spot, ...]:
        here = {name: Spot(*cam.pr(*at)) for name, at in facts.get("points", {}).items()}
        return places.Room(shot.panel, place, lambda holo: _points(assets, holo), shot.set, here).find(text)

    opts = places.placed(shot.opts, facts.get("places", {}), found, Box(0, 0, w, h))
    context: dict[str, Any] = {"w": w, "h": h, "cam": cam, "light": light, "opts": opts}
    parts = [render(assets, f"sets/{shot.set}.svg.j2", canvas, pen=pen, layer="back", **context)]
    by_depth = sorted(place.standing, key=lambda s: -s.depth)
    parts += [_shadow(s, canvas, h, shot) for s in by_depth]
    before = len(canvas.lines)  # words of the set are scenery
    parts += [_hologram(holo, box, panel, canvas, assets, light, edition, data, diagram, found)
              for holo, box in place.holograms if not holo.front]  # fmt: skip
    parts += [_figure(s, canvas, h) for s in by_depth if not s.member.breaks]
    parts += [_hologram(holo, box, panel, canvas, assets, light, edition, data, diagram, found)
              for holo, box in place.holograms if holo.front]  # fmt: skip
    parts += [_use(s, s.figure.symbol + "-over") for s in by_depth if s.figure.over]  # thumbs on what they hold
    shown = canvas.lines[before:]
    parts.append(render(assets, f"sets/{shot.set}.svg.j2", canvas, pen=pen, layer="front", **context))

    actors = tuple(_actor(s, w, h) for s in place.standing)
    symbols: dict[str, str] = {}
    add_symbols(symbols, ((s.figure.symbol, s.figure.svg) for s in place.standing))
    add_symbols(symbols, ((s.figure.symbol + "-over", s.figure.over) for s in place.standing if s.figure.over))
    return Drawing(
        svg="".join(parts),
        over="".join(_figure(s, canvas, h) for s in by_depth if s.member.breaks),
        defs=str(canvas.defs),
        symbols=symbols,
        actors=actors,
        avoid=(*_avoid(place, actors), *(_line(text, *at) for text, at in shown)),
        focal=place.holograms[0][1] if place.holograms else (actors[0].body if actors else None),
        band=place.band,
        words=tuple(canvas.words),
        depicts=shot.depicts or tuple(_depicts(assets, shot)),
    )


def reads_lines(assets: Assets, shot: Shot) -> bool:
    """Whether a hologram of the shot draws what is said (its header has ``reads: lines``)."""
    return any(_facts(assets, f"holograms/{h.template}.svg.j2").get("reads") == "lines" for h in shot.holograms)


def keywords(assets: Assets, folder: str, problems: list[Diagnostic]) -> dict[str, tuple[str, ...]]:
    """Template name -> the words that choose it, for every template of a folder; ``problems`` grow."""
    out = {}
    for path in assets.template_files(folder):
        name = path.name.removesuffix(".svg.j2")
        if name.startswith("_"):
            continue
        try:
            out[name] = tuple(header(path).get("keywords", ()))
        except AuthorError as error:
            problems += error.diagnostics
    return out


def _facts(assets: Assets, template: str) -> dict[str, Any]:
    path = assets.template_file(template)
    return header(path) if path else {}


def _points(assets: Assets, holo: Hologram) -> Mapping[str, Sequence[float]]:
    points: Mapping[str, Sequence[float]] = _facts(assets, f"holograms/{holo.template}.svg.j2").get("points", {})
    return points


def _aspect(assets: Assets, holo: Hologram) -> tuple[float, float]:
    least, most = _facts(assets, f"holograms/{holo.template}.svg.j2").get("aspect", (0.3, 3.5))
    return float(least), float(most)


def _lens(f: float, w: float, h: float) -> float:
    """A tall frame keeps the field of view of its height, or rooms would look through a tube."""
    return f if w >= h else f * (h / w) ** 0.6


def _camera(shot: Shot, facts: Mapping[str, Any], place: Blocking, w: float) -> Camera:
    default = facts.get("camera", {})
    x, y, z = shot.camera.get("pos", default.get("pos", (0, 1.72, 0)))
    yaw = float(shot.camera.get("yaw", default.get("yaw", 0)))
    pitch = float(shot.camera.get("pitch", default.get("pitch", 0)))
    return Camera((float(x), float(y), float(z)), yaw, pitch, place.focal_length, w / 2, place.horizon)


def _in_light(m: CastMember, colours: Mapping[str, str]) -> CastMember:
    return replace(m, light=colours.get(m.light, m.light), back=colours.get(m.back, m.back)) if m.light + m.back else m


def _rim(light: str, own: str) -> str:
    from panelwright.svg.colour import mix

    return own or mix(light, "#FFFFFF", 0.45)


def _light_side(shot: Shot, facing: str) -> str:
    side = str(shot.opts.get("light_from", ""))
    return "front" if not side or side == facing else "back"


def _shadow(s: Standing, canvas: Canvas, h: float, shot: Shot) -> str:
    """What a figure darkens of the set, away from the light: the floor, or all behind one whom the frame cuts."""
    if s.member.up is not None:
        return ""
    lit = 1 if (s.member.facing != "left") == (_light_side(shot, s.member.facing) == "front") else -1
    away, k = -70 * lit * s.scale, s.scale
    if s.y < h + 30:
        soles = [(s.to_panel(x, 0)[0], 120 * k) for x in s.figure.feet] or [(s.box.cx, s.box.w * 0.62)]
        dark = "".join(str(canvas.blob(x, s.y - 3 * k, wide, 20 * k, DARK, 0.9, mid=0.75)) for x, wide in soles)
        return f"{canvas.blob(s.x + away * 0.6, s.y - 4 * k, 310 * k, 38 * k, DARK, 0.7, mid=0.45)}{dark}"
    top = s.box.y
    return str(canvas.blob(s.x + away, (top + h) / 2, 300 * k, (h - top) * 0.62, DARK, 0.6, mid=0.6))


def _use(s: Standing, symbol: str) -> str:
    return f'<use href="#{symbol}" transform="translate({num(s.x)} {num(s.y)}) scale({frac(s.scale, 4)})"/>'


def _cut(s: Standing, h: float) -> Standing:
    """One whom the frame cuts, without what it hides."""
    return s if s.member.breaks else s._replace(figure=s.figure.above((h - s.y) / s.scale + HIDDEN))


def _figure(s: Standing, canvas: Canvas, h: float) -> str:
    """A figure; one whom the frame cuts gets darker toward the cut, less so where a hand lies there."""
    drawn, k = _use(s, s.figure.symbol), s.scale
    if s.member.up is not None or s.member.breaks or s.y < h + 30:
        return drawn
    shown = any(h - 130 * k < s.to_panel(x, y)[1] < h + 20 * k for x, y, _ in s.figure.hands)
    return drawn + str(canvas.blob(s.x, h + 20 * k, 330 * k, 180 * k, DARK, 0.32 if shown else 0.72, mid=0.5))


def _hologram(
    holo: Hologram, box: Box, panel: Panel, canvas: Canvas, assets: Assets, light: str, edition: Edition,
    data: Mapping[str, Any], diagram: Diagram, found: Callable[[str], tuple[Spot, ...]],
) -> str:  # fmt: skip
    pen = Pen(canvas).at(box.x, box.y)
    if holo.data:
        data = data.get("files", {}).get(holo.data, {})
    least = edition.least_text / edition.scale
    into: Map | None = None
    if holo.turn:
        quad, narrowest = turned(box.w, box.h, holo.turn)
        pen, least = pen.onto(box.w, box.h, quad), least / narrowest
        into = unhomog(box.w, box.h, [(box.x + x, box.y + y) for x, y in quad])
    facts = _facts(assets, f"holograms/{holo.template}.svg.j2")
    return render(
        assets, f"holograms/{holo.template}.svg.j2", canvas, pen=pen, w=box.w, h=box.h, light=light,
        opts=places.placed(holo.opts, facts.get("places", {}), found, box, into), scene=panel.scene, data=data,
        diagram=diagram, lines=panel.lines if facts.get("reads") == "lines" else (),
        k=1.0 if edition.name == "page" else 1.22, least=least, **phrases.VERBS,
    )  # fmt: skip


def turned(w: float, h: float, degrees: float) -> tuple[list[Point], float]:
    """Corners of a sheet (w, h) turned about its upright middle, fitted into (w, h); how small its far edge is."""
    a, far = math.radians(degrees), 2.0 * max(w, h)
    edges = [(x * math.cos(a), far / (far + x * math.sin(a))) for x in (-w / 2, w / 2)]
    (x0, k0), (x1, k1) = edges
    fit = min(w / (x1 * k1 - x0 * k0), 1 / max(k0, k1))
    left = w / 2 - fit * (x0 * k0 + x1 * k1) / 2
    quad = [(left + fit * x * k, h / 2 + s * h / 2 * fit * k) for s, (x, k) in
            ((-1, edges[0]), (-1, edges[1]), (1, edges[1]), (1, edges[0]))]  # fmt: skip
    return quad, fit * min(k0, k1)


def _actor(s: Standing, w: float, h: float) -> Actor:
    fig = s.figure
    fx, fy = s.to_panel(fig.face[0], fig.face[1])
    body = s.box
    x0, y0, x1, y1 = max(0.0, body.x), max(0.0, body.y), min(w, body.x1), min(h, body.y1)
    hands = tuple((*s.to_panel(x, y), r * s.scale) for x, y, r in fig.hands)
    return Actor(
        who=s.member.who, mouth=s.to_panel(*fig.mouth), front=s.to_panel(*fig.front),
        face=(fx, fy, fig.face[2] * s.scale), facing=-1 if s.member.facing == "left" else 1,
        body=Box(x0, y0, max(0.0, x1 - x0), max(0.0, y1 - y0)),
        hands=tuple(hand for hand in hands if 0 < hand[0] < w and 0 < hand[1] < h),
    )  # fmt: skip


def _line(text: str, x0: float, y0: float, x1: float, y1: float) -> Avoid:
    return Avoid(Box(x0, y0, x1 - x0, y1 - y0), 0.95, text, True)


def _avoid(place: Blocking, actors: tuple[Actor, ...]) -> tuple[Avoid, ...]:
    out = []
    for a in actors:
        x, y, r = a.face
        out.append(Avoid(Box(x - r, y - r, 2 * r, 2 * r), 1.0, f"face of {a.who}"))
        out += [Avoid(Box(hx - hr, hy - hr, 2 * hr, 2 * hr), 0.6, f"hand of {a.who}") for hx, hy, hr in a.hands]
        out += [Avoid(box, 0.3, f"body of {a.who}") for box in _trunk(a)]
    out += [Avoid(box, 0.2 if holo.zone in SCENERY else 0.9, holo.template) for holo, box in place.holograms]
    return tuple(out)


def _trunk(a: Actor) -> list[Box]:
    """The body below the chin, about as wide as the shoulders, and the reach of each arm."""
    x, y, r = a.face
    chin = y + r
    x0, x1 = max(a.body.x, x - SHOULDERS * r), min(a.body.x1, x + SHOULDERS * r)
    out = [Box(x0, chin, x1 - x0, a.body.y1 - chin)] if a.body.y1 > chin else []
    for hx, hy, hr in a.hands:
        near, far = (x0, hx) if hx < x0 else (x1, hx)
        if hx < x0 or hx > x1:
            top, low = min(hy, chin + r) - hr, max(hy, chin + r) + hr
            half = (near + far) / 2  # the arm rises or falls on the way: two boxes follow it better than one
            inner = Box(min(near, half), top, abs(half - near), low - top)
            out += [inner, Box(min(half, far), hy - hr, abs(far - half), 2 * hr)]
    return out


def _depicts(assets: Assets, shot: Shot) -> list[str]:
    shown = [m.who for m in shot.cast]
    for holo in shot.holograms:
        if phrase := _facts(assets, f"holograms/{holo.template}.svg.j2").get("depicts"):
            shown.append(str(phrase))
    return shown
