"""Finds who is meant and has the right rig draw them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.drawing.cast import load
from panelwright.drawing.figure_model import Figure
from panelwright.staging.model import CastMember


def cast(assets: Assets) -> dict[str, dict[str, Any]]:
    """``art/cast/*.yaml`` by the character's name."""
    found = [load(path) for path in assets.art_files("cast", "*.yaml")]
    return {str(facts.get("name", "")): facts for facts in found}


def known_words(assets: Assets) -> dict[str, tuple[str, ...]]:
    """Cast name -> the words in a scene that mean them."""
    return {name: (name, *facts.get("aliases", ())) for name, facts in cast(assets).items()}


def has_figure(assets: Assets, who: str) -> bool:
    return who in cast(assets)


def draw_member(assets: Assets, m: CastMember, rim: str, light_from: str, speaking: bool) -> Figure:
    """The figure of a cast member. Raises AuthorError when there is nobody of that name."""
    people = cast(assets)
    facts = people.get(m.who)
    if facts is None:
        raise AuthorError(
            Diagnostic("art/cast", 0, 0, "error", "cast-missing", f"nobody in the cast is called {m.who!r}",
                       did_you_mean(m.who, people) or f"the cast: {', '.join(people)}")
        )  # fmt: skip
    if facts.get("rig") == "robot":
        from panelwright.drawing.robots import draw_robot

        return draw_robot(
            assets, m.who, m.pose, m.expression, m.facing or "right", m.look, rim, m.orbs, seed=len(m.pose) + m.orbs
        )
    from panelwright.drawing.figures import FigureSpec, draw_figure

    return draw_figure(assets, FigureSpec(**_spec(m, rim, light_from, speaking)))


def _spec(m: CastMember, rim: str, light_from: str, speaking: bool) -> Mapping[str, Any]:
    return {
        "who": m.who, "view": m.view or "auto", "pose": m.pose, "expression": m.expression,
        "facing": m.facing or "right", "head": m.head or None, "head_turned": m.head_turned, "look": m.look,
        "rim": rim, "light_from": light_from, "hands": dict(m.hands), "holding": m.holding or "none",
        "over": dict(m.over), "mouth_open": True if speaking else None,
    }  # fmt: skip
