"""Problems as part of a page, so that an author sees them where the comic should be."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from panelwright.diagnostics import Diagnostic


def problems_html(problems: Sequence[Diagnostic], heading: str) -> str:
    """A ``section.pw-problems``: place, message and hint of each, worst first."""
    order = {"error": 0, "warning": 1, "info": 2}
    rows = "".join(_row(d) for d in sorted(problems, key=lambda d: (order[d.severity], d)))
    return (
        f'<section class="pw-problems" data-search-exclude role="alert"><h2>{escape(heading)}</h2>'
        f"<ol>{rows}</ol><p>Save the file and this page shows the comic again.</p></section>"
    )


def _row(d: Diagnostic) -> str:
    place = f"{d.path}:{d.line}:{d.column}" if d.line else d.path
    hint = f'<p class="hint">{escape(d.hint)}</p>' if d.hint else ""
    return (
        f'<li class="{d.severity}"><code>{escape(place)}</code>'
        f"<p><b>{d.severity.capitalize()}.</b> {escape(d.message)} <small>{escape(d.code)}</small></p>{hint}</li>"
    )


def counted(problems: Sequence[Diagnostic]) -> str:
    """``1 error``, ``3 errors``."""
    n = sum(d.severity == "error" for d in problems)
    return f"{n} error{'s' if n != 1 else ''}"
