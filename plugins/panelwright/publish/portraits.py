"""The cast for its page: what the storyboard tells of each, and portraits by the comic's own rigs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from panelwright.assets import Assets
from panelwright.cache import Cache, FileDigests, digest, package_digest
from panelwright.plates import Comic, Spoken
from panelwright.publish.transcript import panel_id, slug

QUOTE = 40  # characters: what somebody says is quoted by the line nearest to this
HUES = ("cyan", "violet", "green", "amber")


@dataclass(frozen=True)
class Voice:
    """Somebody who speaks. ``first``: page and panel of the first words."""

    who: str
    role: str
    quote: str
    pages: tuple[int, ...]
    panels: int
    first: tuple[int, int]

    @property
    def name(self) -> str:
        return slug(self.who)

    @property
    def first_id(self) -> str:
        return panel_id(*self.first)


@dataclass(frozen=True)
class Portrait:
    """SVG documents. ``faces``: expression and picture."""

    looks: str
    hue: str
    small: bool
    robot: bool
    figure: str
    sheet: str
    faces: tuple[tuple[str, str], ...]

    def pictures(self) -> Iterator[tuple[str, str]]:
        """What a file's name ends with, and its SVG."""
        yield from (("", self.figure), ("-sheet", self.sheet), *((f"-{mood}", svg) for mood, svg in self.faces))


@dataclass(frozen=True)
class Shown:
    """A voice with its portrait, whose files' names begin with ``base``."""

    voice: Voice
    portrait: Portrait
    base: str

    def context(self, urls: Mapping[int, str]) -> dict[str, Any]:
        """What ``cast.html`` asks for."""
        v, p = self.voice, self.portrait
        return {
            "who": v.who, "name": v.name, "role": v.role, "quote": v.quote, "pages": v.pages, "panels": v.panels,
            "first": v.first, "first_id": v.first_id, "url": urls.get(v.first[0], ""), "looks": p.looks, "hue": p.hue,
            "small": p.small, "robot": p.robot, "figure": f"{self.base}.svg", "sheet": f"{self.base}-sheet.svg",
            "faces": [(mood, f"{self.base}-{mood}.svg") for mood, _ in p.faces],
        }  # fmt: skip


def voices(comic: Comic) -> Iterator[Voice]:
    """Who is listed, in the storyboard's order, then who speaks without being listed."""
    said: dict[str, list[tuple[int, Spoken]]] = {}
    for page in comic.pages:
        for spoken in page.transcript:
            if spoken.speaker:
                said.setdefault(spoken.speaker, []).append((page.number, spoken))
    roles = {c.name: c.role for c in comic.cast}
    for who in [*(n for n in roles if n in said), *(n for n in said if n not in roles)]:
        lines = said[who]
        panels = {(number, s.panel) for number, s in lines}
        quote = min((s.text for _, s in lines), key=lambda text: (abs(len(text) - QUOTE), text))
        pages = tuple(sorted({number for number, _ in panels}))
        yield Voice(who, roles.get(who, ""), quote, pages, len(panels), min(panels))


def portrait(voice: Voice, comic: Comic, assets: Assets, cache: Cache) -> Portrait | None:
    """Drawn once for a comic; None for somebody whom nobody can draw. Raises AuthorError for broken art."""
    drawn = [page.kept for page in comic.pages]
    key = digest("portrait", voice.who, drawn)
    if all(drawn) and (stored := cache.get(key, read=_portrait_in)) is not None:
        return stored
    from panelwright.drawing.casting import cast

    facts = cast(assets).get(voice.who)
    if facts is None:
        return None
    made = _draw(voice.who, facts, assets)
    if all(drawn):
        cache.put(key, made, _portrait_out)
    return made


def hues(assets: Assets, digests: FileDigests, cache: Cache) -> dict[str, str]:
    """Name -> colour of the site (``--pw-...``) of everybody in ``art/cast``: on their page and by their words."""
    files = assets.art_files("cast", "*.yaml")
    key = digest("hues", package_digest(), digests.of(files), [file.name for file in files])
    stored: dict[str, str] | None = cache.get(key)
    if stored is None:
        from panelwright.drawing.casting import cast

        stored = {who: _hue(who, facts) for who, facts in cast(assets).items()}
        cache.put(key, stored)
    return stored


def _hue(who: str, facts: Mapping[str, Any]) -> str:
    own = facts.get("portrait")
    hue = own.get("hue") if isinstance(own, Mapping) else None
    return str(hue) if re.fullmatch(r"[\w-]+", str(hue or "")) else HUES[len(who) % len(HUES)]


def _draw(who: str, facts: Mapping[str, Any], assets: Assets) -> Portrait:
    from panelwright.drawing import cast as people
    from panelwright.drawing.casting import draw_member
    from panelwright.publish.sheets import model_sheet
    from panelwright.staging.model import CastMember
    from panelwright.svg.document import document
    from panelwright.svg.path import num

    robot = facts.get("rig") == "robot"
    own = facts.get("portrait", {})
    moods = list(facts["expressions"]) if robot else list(people.expressions(assets))
    poses = list(facts["poses"]) if robot else people.pose_names(assets)
    pose, faces = own.get("pose", poses[0]), own.get("faces", moods[:3])

    def drawn(mood: str, close: bool) -> str:
        figure = draw_member(assets, CastMember(who, pose=pose, expression=mood), "#7FEAFF", "front", False)
        x, y, r = figure.face
        r *= 1.12  # air round hair and chin
        box = (x - r, y - r, 2 * r, 2 * r) if close else (
            figure.bounds.x - 8, figure.bounds.y - 8, figure.bounds.w + 16, figure.bounds.h + 16)  # fmt: skip
        body = f'<use href="#{figure.symbol}" transform="translate({num(-box[0])} {num(-box[1])})"/>'
        return document(box[2], box[3], f"{who}: {mood}" if close else who, body, {figure.symbol: figure.svg})

    pictures = tuple((mood, drawn(mood, True)) for mood in faces)
    return Portrait(str(facts.get("looks", "")), _hue(who, facts), bool(facts.get("floats")) or robot, robot,
                    drawn(own.get("expression", faces[0]), False),
                    model_sheet(assets, who, facts).svg, pictures)  # fmt: skip


def _portrait_out(made: Portrait) -> dict[str, Any]:
    faces = [mood for mood, _ in made.faces]
    return {**asdict(made), "faces": faces, "figure": None, "sheet": None, "texts": [svg for _, svg in made.pictures()]}


def _portrait_in(value: Mapping[str, Any]) -> Portrait:
    figure, sheet, *svgs = value["texts"]
    faces = tuple(zip(value["faces"], svgs, strict=True))
    facts = {name: said for name, said in value.items() if name != "texts"}
    return Portrait(**{**facts, "figure": figure, "sheet": sheet, "faces": faces})
