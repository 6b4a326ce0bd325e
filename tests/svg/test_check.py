"""What the two renderers draw differently must not get into a drawing."""

import pytest

from panelwright.svg.canvas import Canvas
from panelwright.svg.check import refused
from panelwright.svg.path import rrect
from panelwright.svg.pen import Pen

REFUSED = {
    "filter element": '<filter id="f"><feGaussianBlur stdDeviation="3"/></filter>',
    "filter": '<g filter="url(#f)"/>',
    "filter in style": '<g style="filter: blur(3px)"/>',
    "mask element": '<mask id="m"/>',
    "mask": '<g mask="url(#m)"/>',
    "blend mode": '<g style="mix-blend-mode:screen"/>',
    "opacity on use": '<use href="#a" opacity=".5"/>',
    "opacity on use in style": '<use href="#a" style="opacity:.5"/>',
    "clip-rule": '<clipPath id="c"><path clip-rule="evenodd" d="M0 0h9v9z"/></clipPath>',
    "var()": '<rect fill="var(--light)"/>',
    "calc()": '<rect width="calc(100% - 2px)"/>',
    "clip units": '<clipPath id="c" clipPathUnits="objectBoundingBox"><path d="M0 0h1v1z"/></clipPath>',
    "hsl()": '<rect fill="hsl(120,50%,50%)"/>',
    "8-digit hex": '<rect fill="#00D4FF80"/>',
    "4-digit hex": '<rect stroke="#0DF8"/>',
    "8-digit hex in style": '<rect style="fill:#00D4FF80"/>',
    "paint-order": '<text paint-order="stroke">a</text>',
    "non-scaling stroke": '<path vector-effect="non-scaling-stroke" d="M0 0h9"/>',
    "marker element": '<marker id="a"/>',
    "marker": '<path marker-end="url(#a)" d="M0 0h9"/>',
    "word-spacing": '<text word-spacing="4">a b</text>',
    "textLength": '<text textLength="90">a</text>',
    "dominant-baseline": '<text dominant-baseline="middle">a</text>',
    "font-face": "<style>@font-face{font-family:A;src:url(a.woff2)}</style>",
    "var in a style sheet": "<style>.a{fill:var(--b)}</style>",
    "path data": '<path d="L10 10"/>',
    "xlink": '<use xlink:href="#a"/>',
    "script": "<script>1</script>",
    "handler": '<rect onclick="x()"/>',
    "html": "<foreignObject/>",
    "not XML": "<g><path></g>",
}


@pytest.mark.parametrize("svg", REFUSED.values(), ids=REFUSED.keys())
def test_what_renderers_draw_differently_is_refused(svg: str) -> None:
    assert refused(f"<g>{svg}</g>")


FINE = {
    "relative path": '<path d="m1 2l3 4z" fill="none" stroke="#00D4FF" stroke-opacity=".5"/>',
    "opacity on a group": '<g opacity=".5"><use href="#a"/></g>',
    "stroke opacity on use": '<use href="#a" stroke-opacity=".5"/>',
    "gradient": '<linearGradient id="g" gradientUnits="userSpaceOnUse"><stop stop-color="#FFF"/></linearGradient>',
    "a word that looks like a function": '<text aria-label="calc(1) and var(x)" x="1">calc(1)</text>',
    "an id like a colour": '<path id="fe12ab34" d="M0 0h9"/><use href="#fe12ab34"/>',
    "even-odd fill": '<path fill-rule="evenodd" d="M0 0h9v9z"/>',
    "font family": '<text style="font-family:Oxanium;font-size:20px">a</text>',
}


@pytest.mark.parametrize("svg", FINE.values(), ids=FINE.keys())
def test_what_both_draw_alike_passes(svg: str) -> None:
    assert refused(svg) == []


def test_a_complaint_names_element_and_way_out() -> None:
    (complaint,) = refused('<use href="#a" opacity=".5"/><use href="#b" opacity=".5"/>')
    assert complaint.startswith("<use opacity>")
    assert "<g opacity>" in complaint


def test_a_pen_writes_only_what_passes() -> None:
    canvas = Canvas("a")
    pen = Pen(canvas)
    light = pen.glow(rrect(10, 10, 300, 200, 40), "#00D4FF", 4, dash=(4, 5)) + canvas.blob(1, 2, 30, 40, "#00FF88")
    body = canvas.clipped(rrect(0, 0, 90, 90, 9), light + pen.dot(4, 5, 6, "#FF4D6D"))
    assert refused(f'<svg xmlns="http://www.w3.org/2000/svg"><defs>{canvas.defs}</defs>{body}</svg>') == []
