"""Where eyes go: who stands where in the staging says it, before anything is drawn."""

from __future__ import annotations

from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.staging.direct import default_at
from panelwright.staging.model import CastMember, Hologram, Shot

Look = tuple[float, float]  # where pupils go: x forward, y down, about -6..6
READER = "reader"
_AT_READER: Look = (-4.0, 0.0)  # a three-quarter head looks past the reader
_REACH, _ASIDE = 4.6, 0.75
_EYE_LEVEL = 0.75  # share of the stage's height at which people's eyes lie


def told(m: CastMember, shot: Shot) -> Look | None:
    """What ``look`` of the staging says: two numbers, the reader, or the name of somebody or of a hologram.

    Raises AuthorError when it names nobody and nothing in the panel.
    """
    if not isinstance(m.look, str):
        return m.look
    if m.look == READER:
        return _AT_READER
    for i, other in enumerate(shot.cast):
        if other is not m and (m.look == other.who or m.look in other.who.split()):
            return _to_person(m, other, i, shot)
    for holo in shot.holograms:
        if m.look == holo.template:
            return _to_hologram(m, holo, shot)
    known = [READER, *(c.who for c in shot.cast if c is not m), *(h.template for h in shot.holograms)]
    hint = did_you_mean(m.look, known) or f"two numbers, or one of {', '.join(known)}"
    message = f"{m.who} cannot look at {m.look!r}: it is not in panel {shot.panel}"
    raise AuthorError(Diagnostic("art/staging", 0, 0, "error", "look-unknown", message, hint))


def drawn_to(m: CastMember, shot: Shot) -> Look | None:
    """Where somebody looks who was told nothing: at the nearest person in front, else at the first hologram."""
    ahead = []
    for i, other in enumerate(shot.cast):
        if other is not m and (way := _forward(m, _at(other, i, shot), shot)) > 0:
            ahead.append((way, i))
    if ahead:
        _, i = min(ahead)
        return _to_person(m, shot.cast[i], i, shot)
    return _to_hologram(m, shot.holograms[0], shot) if shot.holograms else None


def _at(m: CastMember, i: int, shot: Shot) -> float:
    return m.at if m.at is not None else default_at(i, len(shot.cast), bool(shot.holograms))


def _forward(m: CastMember, x: float, shot: Shot) -> float:
    """How far before somebody a place lies, in widths of the panel; negative is behind."""
    i = next(i for i, c in enumerate(shot.cast) if c is m)
    return (x - _at(m, i, shot)) * (-1 if m.facing == "left" else 1)


def _to_person(m: CastMember, other: CastMember, i: int, shot: Shot) -> Look:
    way = _forward(m, _at(other, i, shot), shot)
    mine, theirs = (_EYE_LEVEL if c.up is None else c.up for c in (m, other))
    drop = 0.0 if other.up is None and m.up is None else (mine - theirs) * 8
    return (_REACH if way > 0 else -_REACH, max(-4.0, min(4.0, drop)))


def _to_hologram(m: CastMember, holo: Hologram, shot: Shot) -> Look:
    over = holo.zone == "above" or (holo.zone == "auto" and shot.arrange == "above")
    if over:
        return (_REACH * _ASIDE, -3.6)
    side = {"left": 0.2, "right": 0.8}.get(holo.zone, 0.5)
    return (_REACH if _forward(m, side, shot) > 0 else -_REACH, 0.0)
