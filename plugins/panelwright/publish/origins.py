"""Where the numbers of a text come from: a list at its end, for fingers, keys and screen readers as for the mouse."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from markupsafe import escape


class Source(Protocol):
    """A number of a file: the file's name without its ending, and what the number is there, in words."""

    @property
    def file(self) -> str: ...
    @property
    def told(self) -> str: ...


@dataclass
class Origins:
    """Collects them while a text is filled. ``link``: the data's folder as seen from the text."""

    link: str
    _rows: dict[tuple[str, str], int] = field(default_factory=dict)

    def value(self, shown: str, number: float, sources: Sequence[Source], said: str, linked: bool) -> str:
        """The number as HTML, with a link to its row. Not ``linked``: it stands in a link already."""
        told = _words(sources) or f"computed: {said}"
        at, first = self._row(shown, self._linked(sources) or plain(told))
        data = f'<data class="pw-value" value="{number:.6g}" title="{escape(told)}">{escape(shown)}</data>'
        name = f' id="value-{at}"' if first else ""
        return f'<a class="pw-from"{name} href="#from-{at}">{data}</a>' if linked else f"<span{name}>{data}</span>"

    def claim(self, words: str, sources: Sequence[Source]) -> str:
        """The words, which a row of the list quotes: as they may hold links, they are none."""
        quoted = re.sub(r"\[([^\]]*)\]\([^)]*\)|[*`]", r"\1", words)
        at, first = self._row(f"“{quoted}”", self._linked(sources))
        name = f' id="value-{at}"' if first else ""
        return f'<span class="pw-claim"{name} title="{escape(_words(sources))}">{words}</span>'

    def markdown(self) -> str:
        """The list, closed until it is wanted; a link into it opens it. Empty for a text without numbers."""
        if not self._rows:
            return ""
        rows = (f'1. <a id="from-{at}" href="#value-{at}">{plain(shown)}</a>: {told}'
                for (shown, told), at in self._rows.items())  # fmt: skip
        return (
            '\n\n<details class="pw-origins pw-print-no" data-search-exclude markdown="1">\n'
            "<summary>Where the numbers come from</summary>\n\n" + "\n".join(rows) + "\n\n</details>\n"
        )

    def _row(self, shown: str, told: str) -> tuple[int, bool]:
        """Its number, and whether it is new."""
        known = (shown, told) in self._rows
        return self._rows.setdefault((shown, told), len(self._rows) + 1), not known

    def _linked(self, sources: Sequence[Source]) -> str:
        """Each file once, with what is taken from it."""
        files: dict[str, dict[str, None]] = {}
        for source in sources:
            files.setdefault(source.file, {})[plain(source.told)] = None
        return "; ".join(
            f"[{plain(file)}.json]({posixpath.join(self.link, quote(file))}.json), {'; '.join(told)}"
            for file, told in files.items()
        )


def _words(sources: Sequence[Source]) -> str:
    return "; ".join(dict.fromkeys(f"{s.file}.json, {s.told}" for s in sources))


def plain(words: object) -> str:
    """Safe in Markdown, a table's cell too: neither HTML nor markup."""
    return re.sub(r"[|*_`\[\]{}\\]", lambda m: f"&#{ord(m[0])};", str(escape(str(words))))
