"""The part of SVG that CairoSVG and browsers draw alike, as a check: what leaves it is refused.

Pictures for sharing, print and e-comics are made by CairoSVG, the web page by a browser: a drawing that
needs one of these features would look different in one of them, mostly without any warning.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

XLINK = "{http://www.w3.org/1999/xlink}"
FORBIDDEN = {
    "filter": "filters are not drawn by CairoSVG",
    "mask": "masks differ between renderers",
    "marker": "markers differ between renderers",
    "foreignObject": "HTML inside SVG is not drawn by CairoSVG",
    "textPath": "text on a path differs between renderers",
    "script": "drawings carry no scripts",
    "image": "drawings carry no bitmaps",
    "animate": "animation belongs to the page's style sheet",
    "animateTransform": "animation belongs to the page's style sheet",
}  # fmt: skip
ATTRIBUTES = {
    "filter": "filters are not drawn by CairoSVG",
    "mask": "masks differ between renderers",
    "marker": "markers differ between renderers",
    "marker-start": "markers differ between renderers",
    "marker-mid": "markers differ between renderers",
    "marker-end": "markers differ between renderers",
    "mix-blend-mode": "blend modes are ignored by CairoSVG",
    "isolation": "blend modes are ignored by CairoSVG",
    "paint-order": "paint-order is ignored by CairoSVG; draw the stroke first",
    "vector-effect": "non-scaling strokes are ignored by CairoSVG",
    "word-spacing": "word-spacing is ignored by CairoSVG",
    "textLength": "textLength differs between renderers",
    "lengthAdjust": "textLength differs between renderers",
    "dominant-baseline": "dominant-baseline is ignored by CairoSVG; set y to the baseline",
    "alignment-baseline": "alignment-baseline is ignored by CairoSVG; set y to the baseline",
}
FUNCTION = re.compile(r"\b(var|calc|hsla?|hwb|lab|lch|oklab|oklch|color-mix|color)\(", re.I)
LONG_HEX = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{4})\Z", re.I)
NOT_STYLED = {"id", "class", "href", "d", "aria-label", "aria-labelledby", "aria-describedby", "transform", "viewBox"}


def refused(svg: str) -> list[str]:
    """What a drawing uses beyond the common part: one sentence per kind of trouble and element, sorted.

    ``svg``: a whole SVG document, or a fragment of elements. Empty list: fine. XML that does not parse is
    itself one complaint (nothing is raised).
    """
    try:
        root = _parse(svg)
    except ET.ParseError as error:
        return [f"not well-formed XML: {error}"]
    return sorted(set(_complaints(root)))


def _parse(svg: str) -> ET.Element:
    text = svg.strip()
    if text.startswith(("<?xml", "<svg", "<!--")):
        return ET.fromstring(text)  # noqa: S314 - of our own templates, or of the author's
    return ET.fromstring(  # noqa: S314
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{text}</svg>'
    )


def _complaints(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in FORBIDDEN or (tag.startswith("fe") and tag[2:3].isupper()):
            yield f"<{tag}>: {FORBIDDEN.get(tag, FORBIDDEN['filter'])}"
        if tag == "style":
            yield from _style_sheet(element.text or "")
        properties = dict(element.attrib)
        properties.update(_declarations(properties.pop("style", "")))
        for name, value in properties.items():
            yield from _property(tag, name, value.strip())
        if tag == "path":
            yield from _path_data(properties.get("d", "").strip())
        yield from _units(tag, properties)


def _property(tag: str, name: str, value: str) -> Iterator[str]:
    if name == XLINK + "href":
        yield f"<{tag} xlink:href>: write href"
        return
    if name in ATTRIBUTES:
        yield f"<{tag} {name}>: {ATTRIBUTES[name]}"
    elif name == "opacity" and tag == "use":
        yield "<use opacity>: CairoSVG ignores it; wrap the use in a <g opacity> or use fill-opacity"
    elif name in ("clip-rule", "fill-rule") and value == "evenodd" and (name == "clip-rule" or tag == "clipPath"):
        yield f"<{tag} {name}=evenodd>: CairoSVG clips with nonzero"
    elif name.startswith("on"):
        yield f"<{tag} {name}>: drawings carry no scripts"
    if name in NOT_STYLED or name.startswith("{"):
        return
    if found := FUNCTION.search(value):
        yield f"<{tag} {name}>: {found.group(1)}() is not understood by CairoSVG; write #RRGGBB or a number"
    if LONG_HEX.match(value):
        yield f"<{tag} {name}={value}>: alpha in hex colours is not understood by CairoSVG; use an opacity attribute"


def _units(tag: str, properties: dict[str, str]) -> Iterator[str]:
    if tag == "clipPath" and properties.get("clipPathUnits") == "objectBoundingBox":
        yield "<clipPath clipPathUnits=objectBoundingBox>: clips differ; use userSpaceOnUse"


def _path_data(d: str) -> Iterator[str]:
    if d and d[0] not in "Mm":
        yield f"<path d>: begins with {d[0]!r}; path data begins with M or m"


def _style_sheet(text: str) -> Iterator[str]:
    if re.search(r"@font-face", text, re.I):
        yield "<style>: @font-face inside SVG is ignored by CairoSVG"
    if re.search(r"@(import|media|container|keyframes|supports)", text, re.I):
        yield "<style>: at-rules are ignored by CairoSVG"
    for body in re.findall(r"\{([^{}]*)\}", text):
        for name, value in _declarations(body).items():
            yield from _property("style", name, value)


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in style.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, _, value in pairs}
