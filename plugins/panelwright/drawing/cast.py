"""The cast and what it can do, as data: art/cast/, art/poses/, art/expressions.yaml, art/hands.yaml."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import yaml

from panelwright.assets import Assets
from panelwright.cache import memo
from panelwright.compiled import not_yaml, place_in, read_yaml
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean

VIEWS = ("34", "front", "profile", "back")
RIGS = ("human", "robot")
Data = dict[str, Any]


@memo
def load(path: Path) -> Data:
    """A YAML file of the art as a mapping. Raises AuthorError with its place."""
    text = path.read_text("utf-8")
    try:
        found = read_yaml(text)
    except yaml.YAMLError as error:
        raise AuthorError(not_yaml(str(path), error, text, "art-yaml")) from error
    if not isinstance(found, dict):
        raise AuthorError(Diagnostic(str(path), 1, 1, "error", "art-yaml", "expected names with values"))
    return found


def _single(assets: Assets, name: str) -> Data:
    """A file of the bundled art with the author's entries over it."""
    merged: Data = {}
    for root in reversed(assets.art):
        if (root / name).is_file():
            merged.update(load(root / name))
    return merged


def cast_files(assets: Assets, problems: list[Diagnostic] | None = None) -> list[tuple[Path, Data]]:
    """The files of the cast. One that cannot be read is told in ``problems``, and its character is not there."""
    out = []
    for path in assets.art_files("cast", "*.yaml"):
        try:
            data = character(assets, path)
        except AuthorError as error:
            if problems is not None:
                problems += error.diagnostics
            continue
        told = _unfit(data)
        if not told:
            out.append((path, data))
        elif problems is not None:
            problems.append(Diagnostic(str(path), 1, 1, "error", "cast-broken", *told))
    return out


def _unfit(data: Data) -> tuple[str, str] | None:
    """Message and hint, where this is nobody who can be drawn."""
    if "name" not in data:
        return "this character has no name", "write e.g. 'name: Kai', as in the storyboard"
    if "rig" in data and data["rig"] not in RIGS:
        return f"rig cannot be {data['rig']!r}", did_you_mean(str(data["rig"]), RIGS) or f"one of {', '.join(RIGS)}"
    return None  # without a rig: a voice


@memo
def character(assets: Assets, path: Path) -> Data:
    """What a file of the cast says, over what the one says that it is ``like``: names with values key by key.

    ``acts_as``: the name by which poses know whose shoulders these are. Raises AuthorError.
    """
    data = load(path)
    if "like" not in data:
        return data
    places = [root / "cast" / f"{data['like']}.yaml" for root in assets.art]
    there = [place for place in places if place.is_file() and place != path]
    if not there:
        known = [other.stem for other in assets.art_files("cast", "*.yaml") if other != path]
        hint = did_you_mean(str(data["like"]), known) or f"one of {', '.join(known)}"
        message = f"there is no character {data['like']!r} to be like"
        raise AuthorError(Diagnostic(str(path), *place_in(path.read_text("utf-8"), ("like",)), "error", "cast-like",
                                     message, hint))  # fmt: skip
    if "like" in load(there[0]):
        hint = f"say 'like: {load(there[0])['like']}'"
        raise AuthorError(
            Diagnostic(str(path), 1, 1, "error", "cast-like", f"{there[0].name} is itself like one", hint)
        )
    base = load(there[0])
    own = {k: v for k, v in data.items() if k != "like"}
    return _over({**{k: v for k, v in base.items() if k not in ("name", "aliases")}, "acts_as": base["name"]}, own)


def _over(base: Data, own: Data) -> Data:
    both = (k for k in own if isinstance(own[k], dict) and isinstance(base.get(k), dict))
    return {**base, **own, **{k: _over(base[k], own[k]) for k in both}}


def members(assets: Assets) -> dict[str, Data]:
    """Everybody with a figure template, by name."""
    return {str(m["name"]): m for _, m in cast_files(assets) if m.get("rig") == "human"}


def cast_names(assets: Assets) -> list[str]:
    return list(members(assets))


def member(assets: Assets, who: str) -> Data:
    """Raises AuthorError when nobody has this name or alias."""
    everybody = members(assets)
    if who in everybody:
        return everybody[who]
    for data in everybody.values():
        if who in data.get("aliases", ()):
            return data
    raise AuthorError(_unknown("art/cast", "cast-unknown", "member of the cast", who, everybody))


def _pose_files(assets: Assets) -> dict[str, Path]:
    return {path.stem: path for path in assets.art_files("poses", "*.yaml")}


def poses(assets: Assets) -> dict[str, Data]:
    """All poses by name: ``words`` that also mean it, and ``views``."""
    return {name: load(path) for name, path in _pose_files(assets).items()}


def pose_names(assets: Assets) -> list[str]:
    return list(_pose_files(assets))


def find_pose(assets: Assets, word: str) -> str | None:
    """The pose that a name or a plain word stands for."""
    if word in pose_names(assets):
        return word
    for name, pose in poses(assets).items():
        if word in pose.get("words", ()):
            return name
    return None


def known_pose(assets: Assets, word: str) -> str:
    """``find_pose``, or AuthorError where there is none."""
    if (name := find_pose(assets, word)) is None:
        raise AuthorError(_unknown("art/poses", "pose-unknown", "pose", word, pose_names(assets)))
    return name


def pose(assets: Assets, word: str, view: str, who: str) -> tuple[str, Data]:
    """(view, joints) of a pose; the first view it lives in when it does not live in ``view``."""
    name = known_pose(assets, word)
    views = {str(k): v for k, v in load(_pose_files(assets)[name])["views"].items()}
    chosen = view if view in views else next(iter(views))
    own = views[chosen].get("for", {}).get(who, {})
    return chosen, {**views[chosen], **own}


def expressions(assets: Assets) -> dict[str, Data]:
    return _single(assets, "expressions.yaml")


def words_of(kind: Callable[[Assets], dict[str, Data]], assets: Assets) -> dict[str, tuple[str, ...]]:
    """Of ``poses`` or ``expressions``: name -> its words. What is broken in them is told where it is drawn."""
    try:
        found = kind(assets).items()
    except AuthorError:
        return {}
    return {name: tuple(map(str, data.get("words", ()))) for name, data in found if isinstance(data, dict)}


def expression(assets: Assets, name: str) -> Data:
    known = expressions(assets)
    for key, data in known.items():
        if name == key or name in data.get("words", ()):
            return data
    raise AuthorError(_unknown("art/expressions.yaml", "expression-unknown", "expression", name, known))


def hands(assets: Assets) -> dict[str, Data]:
    return _single(assets, "hands.yaml")


def _unknown(place: str, code: str, kind: str, word: str, known: Collection[str]) -> Diagnostic:
    hint = did_you_mean(word, known) or f"known: {', '.join(known)}"
    return Diagnostic(place, 0, 0, "error", code, f"there is no {kind} {word!r}", hint)
