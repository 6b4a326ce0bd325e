"""Finds who is meant and has the right rig draw them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from panelwright.assets import Assets
from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.drawing.cast import cast_files, expression, known_pose
from panelwright.drawing.cast import hands as known_hands
from panelwright.drawing.figure_model import Figure
from panelwright.drawing.gaze import Look, drawn_to, told
from panelwright.drawing.rig import SIDES
from panelwright.staging.model import CastMember, Shot


def cast(assets: Assets, problems: list[Diagnostic] | None = None) -> dict[str, dict[str, Any]]:
    """``art/cast/*.yaml`` by the character's name; what cannot be read is told in ``problems``."""
    return {str(facts["name"]): facts for _, facts in cast_files(assets, problems)}


def known_words(assets: Assets, problems: list[Diagnostic] | None = None) -> dict[str, tuple[str, ...]]:
    """Cast name -> the words in a scene that mean them."""
    return {name: (name, *facts.get("aliases", ())) for name, facts in cast(assets, problems).items()}


def misnamed(assets: Assets, entry: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Diagnostic]]:
    """The keys to every name in a staging's entry that means nobody or nothing, and what to say of it.

    What is broken in the art itself is told where it is drawn.
    """
    people, hands = cast(assets), known_hands(assets)
    facts = people.get(entry["who"])
    if facts is None:
        yield ("who",), _nobody(entry["who"], people)
        return
    for side, shape in entry.get("hands", {}).items():
        kind, word, known = ("hand", shape, tuple(hands)) if side in SIDES else ("side", side, SIDES)
        if kind == "side" or (facts.get("rig") == "human" and word not in known):
            hint = did_you_mean(str(word), known) or f"known: {', '.join(known)}"
            problem = Diagnostic("art/hands.yaml", 0, 0, "error", "hand-unknown", f"there is no {kind} {word!r}", hint)
            yield ("hands", side), problem
    for key in ("pose", "expression"):
        try:
            if entry.get(key):
                _look_up(assets, facts, key, entry[key])
        except AuthorError as error:
            if error.diagnostics[0].code == f"{key}-unknown":
                yield (key,), error.diagnostics[0]
        except (AttributeError, LookupError, TypeError, ValueError):
            continue


def _look_up(assets: Assets, facts: Mapping[str, Any], key: str, word: str) -> None:
    """Raises AuthorError where they have no such pose or face."""
    if facts.get("rig") == "robot":
        from panelwright.drawing.robots import named

        named(assets, facts, "art/cast", f"{key}s", word)
    elif key == "pose":
        known_pose(assets, word)
    else:
        expression(assets, word)


def _nobody(who: str, people: Mapping[str, Any]) -> Diagnostic:
    hint = did_you_mean(who, people) or f"the cast: {', '.join(people)}"
    return Diagnostic("art/cast", 0, 0, "error", "cast-missing", f"nobody in the cast is called {who!r}", hint)


def draw_member(
    assets: Assets, m: CastMember, rim: str, light_from: str, speaking: bool, shot: Shot | None = None
) -> Figure:
    """The figure of a cast member, who looks at what is in the ``shot``.

    Raises AuthorError when there is nobody of that name, and nobody and nothing there that ``look`` names.
    """
    people = cast(assets)
    facts = people.get(m.who)
    if facts is None:
        raise AuthorError(_nobody(m.who, people))
    if "rig" not in facts:
        hint = "write 'like: kai' into their file, to start from Kai, or let the staging leave them out"
        message = f"{m.who} has a voice and no figure"
        raise AuthorError(Diagnostic("art/cast", 0, 0, "error", "cast-broken", message, hint))
    shot = shot or Shot(0, cast=(m,))
    look, aim = told(m, shot), drawn_to(m, shot)
    try:
        return _drawn(assets, replace(m, look=look), facts, rim, light_from, speaking, aim)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # the art is data: what is missing in it or of the wrong kind shows when it is used
        path = next(p for p, data in cast_files(assets) if data is facts)
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        message = f"{m.who} cannot be drawn in the pose {m.pose!r} with the face {m.expression!r}: {what}"
        hint = "compare the character's file and the pose's file with those that come along"
        raise AuthorError(Diagnostic(str(path), 0, 0, "error", "cast-broken", message, hint)) from error


def _drawn(
    assets: Assets, m: CastMember, facts: Mapping[str, Any], rim: str, light_from: str, speaking: bool,
    aim: Look | None,
) -> Figure:  # fmt: skip
    if facts.get("rig") == "robot":
        from panelwright.drawing.robots import draw_robot

        look = None if isinstance(m.look, str) else m.look
        return draw_robot(
            assets, m.who, m.pose, m.expression, m.facing or "right", look, rim, m.orbs, seed=len(m.pose) + m.orbs
        )
    from panelwright.drawing.figures import FigureSpec, draw_figure

    # one who was told where to look is one symbol wherever others stand
    return draw_figure(assets, FigureSpec(**_spec(m, rim, light_from, speaking), aim=None if m.look else aim))


def _spec(m: CastMember, rim: str, light_from: str, speaking: bool) -> Mapping[str, Any]:
    return {
        "who": m.who, "view": m.view or "auto", "pose": m.pose, "expression": m.expression,
        "facing": m.facing or "right", "head": m.head or None, "head_turned": m.head_turned, "look": m.look,
        "rim": rim, "light_from": light_from, "hands": dict(m.hands), "holding": m.holding or "none",
        "over": dict(m.over), "strong": bool(m.light), "back": m.back, "mouth_open": True if speaking else None,
    }  # fmt: skip
