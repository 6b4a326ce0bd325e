"""Model sheets: every pose and expression of a character on one picture, drawn by the comic's own rigs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelwright.assets import Assets
from panelwright.cache import write_atomically
from panelwright.drawing import cast as people
from panelwright.drawing.casting import cast, draw_member
from panelwright.drawing.figure_model import Figure
from panelwright.publish.transcript import slug
from panelwright.staging.model import CastMember
from panelwright.svg.canvas import Canvas
from panelwright.svg.document import document
from panelwright.svg.path import frac, num
from panelwright.svg.pen import Pen
from panelwright.svg.templates import palette

CELL_W, CELL_H, FACE = 300.0, 430.0, 210.0
COLUMNS = 6


@dataclass(frozen=True)
class Sheet:
    who: str
    svg: str
    poses: tuple[str, ...]
    expressions: tuple[str, ...]


def model_sheets(assets: Assets) -> Iterator[Sheet]:
    """One sheet for each of the cast, in the order of the names."""
    for who, facts in cast(assets).items():
        yield model_sheet(assets, who, facts)


def model_sheet(assets: Assets, who: str, facts: Mapping[str, Any]) -> Sheet:
    """A robot's poses and expressions come with it, people share theirs."""
    robot = facts.get("rig") == "robot"
    poses, moods = (
        (facts["poses"], facts["expressions"]) if robot else (people.poses(assets), people.expressions(assets))
    )
    return _sheet(assets, who, str(facts.get("role", "")), tuple(poses), tuple(moods))


def _sheet(assets: Assets, who: str, role: str, poses: tuple[str, ...], moods: tuple[str, ...]) -> Sheet:
    colours = palette(assets)
    canvas = Canvas("s")
    canvas.assets = assets
    pen = Pen(canvas)
    symbols: dict[str, str] = {}
    rows = -(-len(poses) // COLUMNS)
    faces = -(-len(moods) // 8)
    w = COLUMNS * CELL_W + 80
    h = 150 + rows * CELL_H + 60 + faces * (FACE + 40) + 40
    out = [f'<path d="M0 0h{num(w)}v{num(h)}h{num(-w)}z" fill="{colours["deep"]}"/>',
           str(pen.text(who, 40, 84, 64, "title", anchor="start", glow=colours["cyan"])),
           str(pen.text(role, 40, 126, 30, "label", fill="#B3C3E0", anchor="start"))]  # fmt: skip

    def draw(member: CastMember) -> Figure:
        figure = draw_member(assets, member, "#7FEAFF", "front", False)
        symbols[figure.symbol] = figure.svg
        return figure

    def use(figure: Figure, x: float, y: float, scale: float) -> str:
        place = f'transform="translate({num(x)} {num(y)}) scale({frac(scale, 4)})"'
        return f'<use href="#{figure.symbol}" {place}/>'

    for i, pose in enumerate(poses):
        figure = draw(CastMember(who, pose=pose, expression=moods[0]))
        b = figure.bounds
        scale = min((CELL_W - 20) / b.w, (CELL_H - 60) / b.h)
        cx, base = 40 + (i % COLUMNS + 0.5) * CELL_W, 150 + (i // COLUMNS + 1) * CELL_H - 40
        out.append(use(figure, cx - (b.x + b.w / 2) * scale, base - b.y1 * scale, scale))
        out.append(str(pen.text(pose, cx, base + 30, 24, "label", fill="#B3C3E0")))
    top = 150 + rows * CELL_H + 40
    for i, mood in enumerate(moods):
        figure = draw(CastMember(who, pose=poses[0], expression=mood))
        fx, fy, r = figure.face
        scale = (FACE / 2 - 8) / r
        cx, cy = 40 + (i % 8 + 0.5) * (COLUMNS * CELL_W / 8), top + (i // 8) * (FACE + 40) + FACE / 2
        x, y = cx - FACE / 2, cy - FACE / 2
        clip = canvas.clip(f"M{num(x)} {num(y)}h{num(FACE)}v{num(FACE)}h{num(-FACE)}z")
        out.append(f'<g clip-path="{clip}">{use(figure, cx - fx * scale, cy - fy * scale, scale)}</g>')
        out.append(str(pen.text(mood, cx, cy + FACE / 2 + 26, 24, "label", fill="#B3C3E0")))
    body = f"<defs>{canvas.defs}</defs>{''.join(out)}"
    return Sheet(who, document(w, h, f"Model sheet: {who}", body, symbols), poses, moods)


def write_sheets(assets: Assets, out: Path) -> Iterator[Path]:
    for sheet in model_sheets(assets):
        path = out / f"{slug(sheet.who)}.svg"
        write_atomically(path, sheet.svg.encode())
        yield path
