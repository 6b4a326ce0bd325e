"""Finds what a staging names: an option that says "Kai's hand" is where that hand is, once all stand in the frame.

A template's header lists under ``places`` which of its options are one. Nothing else is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from panelwright.diagnostics import AuthorError, Diagnostic, did_you_mean
from panelwright.drawing.block import Blocking
from panelwright.drawing.figure_model import Spot
from panelwright.drawing.model import Box
from panelwright.staging.model import Hologram
from panelwright.staging.places import ALL, PARTS, SIDES, Named, read_place
from panelwright.svg.path import Map


class Room(NamedTuple):
    """What of a panel can be named: who and what stands in it, and the points that sets and holograms name.

    ``points``: of a hologram, in fractions of its box. ``here``: of the set ``name``, in the panel.
    """

    panel: int
    place: Blocking
    points: Callable[[Hologram], Mapping[str, Sequence[float]]]
    name: str
    here: Mapping[str, Spot]

    def find(self, text: str) -> tuple[Spot, ...]:
        """Where a name of a place is in the panel, in its units; several from left to right.

        Raises AuthorError where nothing there has that name, or has no such part.
        """
        said = read_place(text)
        groups = self._called(said)
        if said.name == ALL:
            groups = [tuple(sorted(spot for found in groups for spot in found))]
        if said.nth is not None:
            groups = groups[said.nth : said.nth + 1]
        spots = next((found for found in groups if found), ())
        if not spots:
            raise AuthorError(self._unknown(text, said, bool(groups)))
        return spots

    def _called(self, said: Named) -> list[tuple[Spot, ...]]:
        """Of everybody and everything of that name, the places that are meant; none where it has no such part."""
        out = []
        for s in self.place.standing:
            if said.means(s.member.who):
                out.append(tuple(Spot(*s.to_panel(x, y), r * s.scale) for x, y, r in s.figure.spots(said.part)))
        for holo, box in self.place.holograms:
            if said.name == holo.template:
                known = {**SIDES, "": SIDES["middle"], **self.points(holo)}
                half = min(box.w, box.h) / 2
                at = [known[said.part]] if said.part in known else []
                out.append(tuple(Spot(box.x + x * box.w, box.y + y * box.h, half) for x, y in at))
        if said.name == self.name:
            out.append((self.here[said.part],) if said.part in self.here else ())
        return out

    def _unknown(self, text: str, said: Named, there: bool) -> Diagnostic:
        people = [s for s in self.place.standing if said.means(s.member.who)]
        holograms = [holo for holo, _ in self.place.holograms]
        if people and there:
            known = [part for part in PARTS if any(s.figure.spots(part) for s in people)]
        elif there and said.name == self.name:
            known = list(self.here)
        elif there:
            known = [*SIDES, *(name for holo in holograms if holo.template == said.name for name in self.points(holo))]
        else:
            known = [*(s.member.who for s in self.place.standing), *(holo.template for holo in holograms), self.name]
        what = f"{said.name} has no {said.part!r} as drawn" if there else f"{text!r} is not"
        hint = did_you_mean(said.part if there else said.name, known) or f"there are: {', '.join(dict.fromkeys(known))}"
        return Diagnostic("art/staging", 0, 0, "error", "place-unknown", f"{what} in panel {self.panel}", hint)


def placed(
    opts: Mapping[str, Any],
    kinds: Mapping[str, str],
    found: Callable[[str], tuple[Spot, ...]],
    box: Box,
    into: Map | None = None,
) -> dict[str, Any]:
    """The options of a template that draws into a box, every name of a place instead told as [x, y, r].

    All three are fractions as numbers in a staging are: ``r``, half the size of what is there, of the width.
    ``kinds``: option -> place or places, a list of them. ``into``: from the panel into the box, if that
    is more than a move.
    """
    out, move = dict(opts), into or (lambda x, y: (x - box.x, y - box.y))
    for name, kind in kinds.items():
        if isinstance(said := opts.get(name), str):
            at = [_fractions(spot, box, move) for spot in found(said)]
            out[name] = at if kind == "places" else at[0]
    return out


def _fractions(spot: Spot, box: Box, into: Map) -> list[float]:
    x, y = into(spot.x, spot.y)
    grows = abs(into(spot.x, spot.y + 1)[1] - y)  # an upright length: a sheet may be turned
    return [x / box.w, y / box.h, spot.r * grows / box.w]
