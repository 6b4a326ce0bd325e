"""Deep dives as the book sets them."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader

from panelwright.publish.prose import PREAMBLE, typst_of

FONTS = Path(__file__).parents[2] / "art" / "fonts"
CHART = '<figure class="pw-fig"><div class="pw-fig__h"><b>A title</b></div><svg viewBox="0 0 64 26"></svg></figure>'


def book(html: str, folder: Path) -> list[str]:
    """The text of each page."""
    import typst

    source, out = folder / "dive.typ", folder / "dive.pdf"
    source.write_text(PREAMBLE + typst_of(html, "dive", folder, ""), "utf-8")
    typst.compile(source, output=out, font_paths=[FONTS])
    return [page.extract_text() for page in PdfReader(out).pages]


def test_lines_of_code_as_long_as_dives_allow_are_not_broken(tmp_path: Path) -> None:
    line = "x" * 40 + " " + "y" * 41
    (page,) = book(f"<pre><code>{line}\nz</code></pre>", tmp_path)
    assert f"{line}\nz" in page


def test_a_figure_stays_with_its_title(tmp_path: Path) -> None:
    lines = "".join(f"<p>line {i}</p>" for i in range(28))
    pages = book(f"{lines}{CHART}<p>after</p>", tmp_path)
    (number,) = (i for i, text in enumerate(pages) if "A title" in text)
    assert number > 0
    assert pages[number].startswith("A title")
