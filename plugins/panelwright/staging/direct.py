"""From a panel to a shot: what the staging says, and a director's defaults for what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from panelwright.diagnostics import slip_of
from panelwright.script.model import LineKind, Panel
from panelwright.staging.model import CastMember, Hologram, Shot

Words = Mapping[str, Sequence[str]]
# words in a scene -> pose; the first that is found wins, before the words that the poses name themselves
POSES = {
    "walk": "walk",
    "point": "point",
    "holds up": "show_tablet",
    "tablet": "hold_tablet",
    "swipe": "swipe",
    "three fingers": "raise_three",
    "thumbs": "thumbs_up",
    "raises": "point_up",
    "projects": "present",
    "activates": "present",
    "shows": "present",
}
MOODS = {
    "frustrat": "frustrated",
    "fascinat": "awe",
    "realiz": "eureka",
    "satisf": "smile",
    "confus": "confused",
    "worr": "worried",
}


def direct(
    panel: Panel,
    raw: Mapping[str, Any] | None,
    edition: str,
    known: Mapping[str, Sequence[str]],
    sets: Mapping[str, Sequence[str]],
    holograms: Mapping[str, Sequence[str]],
    before: Shot | None,
    poses: Words = MappingProxyType({}),
    faces: Words = MappingProxyType({}),
) -> Shot:
    """One shot for an edition.

    ``known``: cast name -> words that mean it; ``sets`` and ``holograms``: template -> keywords;
    ``before``: the shot before, whose place is kept when nothing says otherwise; ``poses`` and ``faces``: the words
    in what is said of somebody that mean one.
    """
    said = {**(raw or {})}
    for_phone = said.pop("phone", None) or {}
    if edition == "phone":
        said |= for_phone
    text = panel.scene.text if panel.scene else ""
    shot = Shot(panel.number, **_only(Shot, said, skip=("cast", "holograms", "depicts", "panel")))
    if "set" not in said:
        shot = replace(shot, set=_best(text, sets) or (before.set if before else "studio"))
    if "light" not in said and before:
        shot = replace(shot, light=before.light)
    cast = said["cast"] if said.get("cast") is not None else [{"who": n} for n in _present(panel, text, known)]
    members = [CastMember(**_only(CastMember, c)) for c in cast if isinstance(c, Mapping) and "who" in c]
    if said.get("holograms") is not None:
        holos = [Hologram(**_only(Hologram, h)) for h in said["holograms"] if isinstance(h, Mapping)]
    else:
        name = _best(text, holograms)
        holos = [Hologram(name)] if name else []
    members = [_act(m, i, len(members), panel, text, bool(holos), poses, faces) for i, m in enumerate(members)]
    return replace(
        shot, cast=tuple(members), holograms=tuple(holos), depicts=tuple(map(str, said.get("depicts") or ()))
    )


def _only(cls: type, raw: Mapping[str, Any], skip: tuple[str, ...] = ()) -> dict[str, Any]:
    names = {f.name for f in fields(cls)} - set(skip)
    out = {k: v for k, v in raw.items() if k in names and v is not None}
    if isinstance(out.get("look"), list):
        out["look"] = tuple(out["look"])
    return out


def _present(panel: Panel, text: str, known: Mapping[str, Sequence[str]], most: int = 3) -> list[str]:
    """Who is named in the scene or speaks, in the order of speaking, at most three or ``most``."""
    speakers = [line.speaker for line in panel.lines if line.kind in (LineKind.SPEECH, LineKind.THOUGHT)]
    names = [s for s in dict.fromkeys(speakers) if s in known]
    for name, words in known.items():
        if name not in names and any(re.search(rf"\b{re.escape(w)}\b", text) for w in words):
            names.append(name)
    return names[:most]


def misspelt_names(
    panel: Panel, known: Mapping[str, Sequence[str]], others: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Names in the scene that are a slip of somebody's who is not in the panel otherwise, and the name meant.

    ``known``: as for ``direct``; ``others``: more people of the comic, whose names are no slips.
    """
    text = panel.scene.text if panel.scene else ""
    there = _present(panel, text, known, most=len(known))
    missing = [word for who, said in known.items() if who not in there for w in said for word in w.split()]
    names = {word for name in (*known, *(w for said in known.values() for w in said), *others) for word in name.split()}
    for word in dict.fromkeys(re.findall(r"[^\W\d_]{3,}", text)):
        if word[0].isupper() and word not in names and (meant := slip_of(word, missing)):
            yield word, meant


def _best(text: str, keywords: Mapping[str, Sequence[str]]) -> str:
    """The template whose keywords are found most in the text; longer words count more."""
    low = text.lower()
    scores = {name: sum(len(w) for w in words if w.lower() in low) for name, words in keywords.items()}
    best = max(scores, key=lambda n: scores[n], default="")
    return best if best and scores[best] > 0 else ""


def _meant(clause: str, words: Words) -> str:
    """The name with the longest of its words in the clause."""
    found = ((len(w), name) for name, ws in words.items() for w in ws if re.search(rf"\b{re.escape(w)}\b", clause))
    return max(found, default=(0, ""))[1]


def _act(
    m: CastMember, i: int, n: int, panel: Panel, text: str, holo: bool, poses: Words, faces: Words
) -> CastMember:  # fmt: skip
    speech = next((line for line in panel.lines if line.speaker == m.who), None)
    low = text.lower()
    name = m.who.split()[-1].lower()
    clause = next((part for part in re.split(r"[.;,]", low) if name in part), "")
    if not m.expression:
        mood = next((mood for word, mood in MOODS.items() if word in low), "") or _meant(clause, faces)
        if speech and not mood:
            mood = "confused" if "?" in speech.text else ("smile" if "!" in speech.text else "talk")
        m = replace(m, expression=mood or "calm")
    if not m.pose:
        pose = next((pose for word, pose in POSES.items() if word in clause), "") or _meant(clause, poses)
        m = replace(
            m,
            pose=pose or (("explain", "chin", "hips")[i % 3] if speech else ("stand", "crossed", "hips")[i % 3]),
        )
    if not m.facing:
        at = m.at if m.at is not None else (default_at(i, n, holo))
        m = replace(m, facing="right" if at < 0.5 else "left")
    return m


def default_at(i: int, n: int, holo: bool) -> float:
    """Where the i-th of n stands."""
    if n == 1:
        return 0.76 if holo else 0.5
    return {2: (0.2, 0.8), 3: (0.16, 0.5, 0.84)}.get(n, tuple((k + 0.5) / n for k in range(n)))[i]
