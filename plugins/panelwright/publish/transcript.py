"""The words of a page as text: who says what, panel by panel, in three levels of detail."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import escape

from panelwright.lettering.model import UNSPOKEN
from panelwright.plates import ComicPage, Region, Spoken

LEVELS = ("dialogue", "brief", "full")


def panel_name(page: int, panel: int, panels: int) -> str:
    """``Page 2, panel 1``, and ``Cover`` where a cover is one panel."""
    if page == 0:
        return "Cover" if panels == 1 else f"Cover, panel {panel}"
    return f"Page {page}, panel {panel}"


def panel_id(page: int, panel: int) -> str:
    return f"p{page}-{panel}"


def slug(name: str) -> str:
    """``Dr. Nova`` -> ``dr-nova``: for names of files, and for a speaker's colour. Letters of every script stay."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def speaker_in_words(spoken: Spoken) -> str:
    if not spoken.speaker:
        return UNSPOKEN.get(spoken.kind, "Text")
    return {"thought": f"{spoken.speaker} (thinks)", "chat": f"{spoken.speaker} (chat)"}.get(
        spoken.kind, spoken.speaker
    )


def transcript_markdown(page: ComicPage, hues: Mapping[str, str]) -> str:
    """Markdown with a heading a panel (``{#p2-1}``) and HTML for the lines, all escaped. ``hues``: of who speaks."""
    numbers = _panel_numbers(page)
    seen = _first_regions(page)
    parts = [
        '<section class="pw-tr" aria-labelledby="transcript" markdown="1">',
        f'<div class="pw-tr__h" markdown="1">\n\n## Transcript {{#transcript}}\n\n{_switch()}\n\n</div>',
    ]
    for number in numbers:
        heading = panel_name(page.number, number, len(numbers))
        parts.append(
            f'<section class="pw-p" markdown="1">\n\n### {heading} {{#{panel_id(page.number, number)}}}\n\n'
            f"{_panel(page, number, seen.get(number), hues)}\n\n</section>"
        )
    return "\n\n".join([*parts, "</section>"])


def _panel_numbers(page: ComicPage) -> tuple[int, ...]:
    seen = {s.panel for s in page.transcript} | set(page.scenes)
    seen |= {r.panel for plate in page.plates.values() for r in plate.regions}
    return tuple(sorted(seen))


def _first_regions(page: ComicPage) -> Mapping[int, Region]:
    """What each panel shows: in the page edition, or in whatever edition there is."""
    regions: dict[int, Region] = {}
    for plate in sorted(page.plates.values(), key=lambda p: p.edition != "page"):
        for region in plate.regions:
            regions.setdefault(region.panel, region)
    return regions


def _panel(page: ComicPage, number: int, region: Region | None, hues: Mapping[str, str]) -> str:
    lines = [s for s in page.transcript if s.panel == number]
    parts = ['<div class="pw-words">']
    if region and region.alt:
        parts.append(f'<p class="d brief">{escape(_one_line(region.alt))}</p>')
    if page.scenes.get(number):
        parts.append(f'<p class="d full">{escape(_one_line(page.scenes[number]))}</p>')
    if region and region.depicts:
        parts.append(f'<p class="d full">To be seen: {escape(_one_line("; ".join(region.depicts)))}.</p>')
    if lines:
        parts.append(f"<dl>{''.join(_line(line, hues) for line in lines)}</dl>")
    else:
        parts.append('<p class="d">Nobody speaks.</p>')
    return "".join([*parts, "</div>"])


def _line(spoken: Spoken, hues: Mapping[str, str]) -> str:
    who = slug(spoken.speaker) if spoken.speaker else spoken.kind
    direction = "".join(f' <i class="dir">({escape(_one_line(d))})</i>' for d in spoken.directions)
    hue = hues.get(spoken.speaker)
    colour = f' style="--who:var(--pw-{escape(hue)})"' if hue else ""
    return (
        f'<div class="pw-line" data-who="{escape(who)}"{colour}><dt>{escape(speaker_in_words(spoken))}</dt>'
        f"<dd>{escape(_one_line(spoken.text))}{direction}</dd></div>"
    )


def _one_line(text: str) -> str:
    # A blank line would end the HTML block that the words stand in.
    return re.sub(r"\s*\n\s*", " ", text).strip()


def _switch() -> str:
    options = "".join(
        f'<label><input type="radio" name="pw-level" value="{level}"{" checked" if level == "brief" else ""}>'
        f"{level.capitalize()}</label>"
        for level in LEVELS
    )
    return (
        '<fieldset class="pw-seg" data-search-exclude><legend class="pw-sr">How much is described</legend>'
        f"{options}</fieldset>"
    )
