"""Deep dives in the book: the HTML that a page shows becomes typst by pandoc, so every extension means the same."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlparse

STYLESHEET = Path(__file__).parents[1] / "theme" / "assets" / "panelwright" / "panelwright.css"
_GONE = re.compile(
    r"<(script|style|template|form|button|output)\b.*?</\1>|<input\b[^>]*>"
    r"|<details>\s*<summary>Show as a table.*?</details>"
    r'|<(\w+)[^>]*\bclass="[^"]*\bpw-print-no\b[^"]*".*?</\2>',
    re.S,
)
_SVG = re.compile(r"<svg\b.*?</svg>", re.S)
_LINK = re.compile(r'<a\b([^>]*?)\bhref="([^"]*)"([^>]*)>(.*?)</a>', re.S)
_NOTE = re.compile(r'<li id="(fn:[^"]+)">\s*(?:<p>)?(.*?)(?:</p>)?\s*</li>', re.S)
_NOTES = re.compile(r'<div class="footnote">.*?</ol>\s*</div>', re.S)
_MARK = re.compile(r'<sup id="fnref[^"]*"><a class="footnote-ref" href="#(fn:[^"]+)">.*?</a></sup>')
_BACK = re.compile(r'(?:&#160;|\s)*<a class="footnote-backref".*?</a>', re.S)
_COLOUR = re.compile(r"var\(--(pw-[\w-]+)\)")

PREAMBLE = """
#let deep-dive(body) = {
  set page(width: 6.625in, height: 10.25in, margin: (x: 0.8in, top: 0.8in, bottom: 0.9in), fill: white,
    footer: context align(center, text(size: 9pt, fill: rgb("#45557A"), counter(page).display())))
  set text(font: ("Rajdhani", "Comic Neue"), size: 11.5pt, weight: 500, fill: rgb("#16213A"))
  set par(leading: 0.6em, spacing: 1em)
  set table(stroke: (x, y) => (bottom: 0.5pt + rgb("#BCD3E4")), inset: (x: 4pt, y: 3.5pt))
  set figure(gap: 0.7em)
  show heading: set block(above: 1.5em, below: 0.8em)
  show heading: set text(font: "Oxanium", weight: 600, fill: rgb("#0B1020"))
  show heading.where(level: 2): set text(size: 17pt)
  show heading.where(level: 3): set text(size: 12.5pt)
  show heading.where(level: 4): set text(size: 11.5pt)
  show figure: set block(above: 1.4em, below: 1.4em)
  show figure.where(kind: table): set block(breakable: true)
  show table: set align(left)
  show figure.caption: it => align(left, text(size: 9.5pt, fill: rgb("#45557A"), it.body))
  show raw: set text(font: "JetBrains Mono", size: 8.8pt)
  show raw.where(block: true): set text(size: 7pt)
  show raw.where(block: true): it => block(fill: rgb("#F3F6FA"), inset: 8pt, width: 100%, it)
  show link: it => underline(text(fill: rgb("#00608A"), it))
  body
}
#let horizontalrule = line(length: 100%, stroke: 0.5pt + rgb("#BCD3E4"))
"""
"""What the converted dives stand in; ``horizontalrule`` is a name that pandoc uses."""


@cache
def print_colours() -> dict[str, str]:
    """The light scheme's colours by name, as hexadecimal."""
    block = re.search(r"\[data-md-color-scheme=bristol\] \{(.*?)\n\}", STYLESHEET.read_text("utf-8"), re.S)
    assert block
    return dict(re.findall(r"--(pw-[\w-]+): (#[0-9A-Fa-f]{3,8});", block[1]))


def typst_of(html: str, name: str, folder: Path, address: str) -> str:
    """Typst source of a dive. Charts are written into ``folder`` as ``name-1.svg`` and on.

    ``address``: of the page on the web, against which links are resolved; without a host they become plain words.
    """
    import pypandoc

    def picture(match: re.Match[str]) -> str:
        colours = print_colours()
        svg = _COLOUR.sub(lambda m: colours.get(m[1], "#16213A"), match[0]).replace("currentColor", colours["pw-fg"])
        if "xmlns=" not in svg[:300]:
            svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        path = folder / f"{name}-{len(list(folder.glob(f'{name}-*.svg'))) + 1}.svg"
        path.write_text(svg, "utf-8")
        return f'<img src="{path.name}" width="100%">'

    def link(match: re.Match[str]) -> str:
        href = match[2]
        if href.startswith("#"):
            return match[0] if f'id="{href[1:]}"' in html else match[4]
        whole = urljoin(address, href)
        return (
            f'<a href="{whole}">{match[4]}</a>' if urlparse(whole).scheme in ("http", "https", "mailto") else match[4]
        )

    html = _GONE.sub("", html)
    html = _SVG.sub(picture, _with_footnotes(html))
    html = _LINK.sub(link, html)
    html = re.sub(r"<summary>(.*?)</summary>", r"<p><strong>\1</strong></p>", html, flags=re.S)
    html = re.sub(r'<span class="pw-prov[^"]*">(.*?)</span>', r" <em>(\1)</em>", html)
    notes = Path(__file__).with_name("notes.lua")
    options = [f"--id-prefix={name}-", "--wrap=none", f"--lua-filter={notes}"]
    converted: str = pypandoc.convert_text(html, "typst", format="html", extra_args=options)
    return f"#deep-dive[\n{converted}\n]"


def _with_footnotes(html: str) -> str:
    """Each footnote where it is referred to, as a span that ``notes.lua`` knows."""
    notes = {name: _BACK.sub("", body).strip() for name, body in _NOTE.findall(html)}
    html = _MARK.sub(lambda m: f'<span class="footnote">{notes.get(m[1], "")}</span>', html)
    return _NOTES.sub("", html)
