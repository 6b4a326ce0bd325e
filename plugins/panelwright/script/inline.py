"""The inside of a line: Markdown marks, quotes, stage directions in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from markdown_it import MarkdownIt

#: Opening quote -> what may close it. Word processors and language models mix straight and curly ones.
QUOTES = {
    '"': '"”',
    "“": '”"“',
    "„": '“”"',
    "”": '”"',
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    "＂": "＂",
    "'": "'’",
    "‘": "’'",
    "‹": "›",
}
BRACKETS = {"(": ")", "（": "）", "[": "]", "【": "】"}
_BETWEEN = ",;/、，；|"  # separators between quoted parts; not words
_AFTER = ".!?…。！？"
_BREAK = re.compile(r"<br\s*/?>", re.I)
Range = tuple[int, int]


@dataclass(frozen=True)
class Plain:
    """Words without Markdown marks. ``emphasis``: half-open ranges of ``text``, sorted, not touching."""

    text: str
    emphasis: tuple[Range, ...] = ()

    def cut(self, start: int, end: int) -> Plain:
        inside = ((max(a, start) - start, min(b, end) - start) for a, b in self.emphasis)
        return Plain(self.text[start:end], tuple((a, b) for a, b in inside if a < b))

    def strip(self) -> Plain:
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))


@dataclass(frozen=True)
class Value:
    """What follows a key: its ``parts`` (each in its own quotes), and the ``directions`` in brackets.

    ``quoted``: the parts were in quotes.
    """

    parts: tuple[Plain, ...]
    directions: tuple[str, ...] = ()
    quoted: bool = False

    def whole(self) -> Plain:
        return join(self.parts)


def join(parts: tuple[Plain, ...]) -> Plain:
    text = ""
    emphasis: list[Range] = []
    for part in parts:
        text += " " if text and part.text and part.text[0] not in _AFTER else ""
        emphasis += [(a + len(text), b + len(text)) for a, b in part.emphasis]
        text += part.text
    return Plain(text, tuple(emphasis))


@cache
def _inline_parser() -> MarkdownIt:
    # Only emphasis, code, escapes and entities are marks; a link or a tag in a balloon is kept as written.
    parser = MarkdownIt("commonmark")
    return parser.disable(["link", "image", "autolink", "html_inline", "linkify"], ignoreInvalid=True)


@lru_cache(maxsize=10_000)  # an author changes one line at a time
def read_plain(raw: str) -> Plain:
    """Take Markdown's marks off. Rows become one line of text."""
    text = ""
    emphasis: list[Range] = []
    starts: list[int] = []
    tokens = _inline_parser().parseInline(_BREAK.sub(" ", raw))
    for token in (child for block in tokens for child in block.children or ()):
        if token.type.endswith("_open"):
            starts.append(len(text))
        elif token.type.endswith("_close"):
            emphasis.append((starts.pop(), len(text)))
        else:
            text += " " if token.type in ("softbreak", "hardbreak") else token.content
    return Plain(text, _merge(emphasis)).strip()


def _merge(ranges: list[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for start, end in sorted(r for r in ranges if r[0] < r[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def read_value(raw: str, *, leading: bool = True) -> Value:
    """Part a line's words from their quotes and from the brackets around them.

    Brackets inside quotes are words. Outside, they are stage directions next to a quoted part or, with
    ``leading``, in front of words without quotes; others, as in ``First Token (TTFT)``, stay words.
    """
    plain = read_plain(raw)
    found = _quoted_parts(plain)
    if found:
        return found
    text, notes = plain.text, list[str]()
    while leading and text[:1] in BRACKETS:
        end = _closing_bracket(text, 0)
        rest = text[end + 1 :].strip() if end > 0 else ""
        if not rest:
            break
        notes.append(text[1:end].strip())
        plain = plain.cut(end + 1, len(text)).strip()
        text = plain.text
    outer = _outer_quotes(plain)
    return Value((outer or plain,) if text else (), tuple(notes), outer is not None)


def unquoted(raw: str) -> str:
    """The words without the quotes around all of them; brackets stay."""
    value = read_value(raw, leading=False)
    return read_plain(raw).text if value.directions else value.whole().text


def _quoted_parts(plain: Plain) -> Value | None:
    """The value as quoted parts and brackets only, or None if anything else stands between them."""
    text, at = plain.text, 0
    parts: list[Plain] = []
    notes: list[str] = []
    while at < len(text):
        char = text[at]
        if char.isspace() or (char in _BETWEEN and parts):
            at += 1
        elif char in _AFTER and parts:
            parts[-1] = Plain(parts[-1].text + char, parts[-1].emphasis)
            at += 1
        elif char in QUOTES:
            end = _closing_quote(text, at)
            if end < 0:
                return None
            parts.append(plain.cut(at + 1, end).strip())
            at = end + 1
        elif char in BRACKETS:
            end = _closing_bracket(text, at)
            if end < 0:
                return None
            notes.append(text[at + 1 : end].strip())
            at = end + 1
        else:
            return None
    return Value(tuple(p for p in parts if p.text), tuple(n for n in notes if n), True) if parts else None


def _closing_quote(text: str, start: int) -> int:
    """Where the quote that opens at ``start`` ends, or -1. An apostrophe inside a word closes nothing."""
    for at in range(start + 1, len(text)):
        if text[at] in QUOTES[text[start]]:
            after = text[at + 1 : at + 2]
            if text[start] == "“" and text[at] == "“" and not (not after or after.isspace()):
                return -1
            if not after or not (after.isalnum() or after in QUOTES):
                return at
            if text[at] != "'" and text[at] != "’":
                return -1
    return -1


def _outer_quotes(plain: Plain) -> Plain | None:
    """The words inside quotes around all of them; not of ``"Hello," she said, "world."``."""
    text = plain.text
    if len(text) < 2 or text[0] not in QUOTES or text[-1] not in QUOTES[text[0]]:
        return None
    inner = re.search("[" + re.escape(text[0] + QUOTES[text[0]]) + "]", text[1:-1]) if text[0] not in "'‘" else None
    if inner and not (inner.start() == 0 or text[inner.start()].isspace() or text[inner.start()] in BRACKETS):
        return None
    return plain.cut(1, len(text) - 1).strip()


def _closing_bracket(text: str, start: int) -> int:
    open_, close, depth = text[start], BRACKETS[text[start]], 0
    for at in range(start, len(text)):
        depth += (text[at] == open_) - (text[at] == close)
        if depth == 0:
            return at
    return -1


_QUOTED = re.compile(
    r'"([^"”]+)["”]|“([^”"]+)[”"]|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』|＂([^＂]+)＂'
    r"|(?<!\w)['‘]([^'‘’]+(?:['’]\w[^'‘’]*)*)['’](?!\w)"
)


def quoted_words(text: str) -> tuple[str, ...]:
    """The words in quotes in a scene, in order, without the quotes."""
    found = (next(g for g in m.groups() if g is not None).strip() for m in _QUOTED.finditer(text))
    return tuple(words for words in found if words)


def trailing_note(text: str) -> str:
    """What stands in brackets at the end: ``lightning icon``."""
    text = text.rstrip(" .。")
    for open_, close in BRACKETS.items():
        if text.endswith(close):
            depth = 0
            for at in range(len(text) - 1, -1, -1):
                depth += (text[at] == close) - (text[at] == open_)
                if depth == 0:
                    return text[at + 1 : -1].strip()
    return ""


def label_before_colon(text: str) -> str:
    """What stands before the first colon: ``P50 (median)``. Times, ratios and addresses have no label."""
    found = re.match(r"""([^:："“„«「]*?)\s*(?:：|:(?=[\s"“„«「]|$))""", text)
    return found[1].strip() if found else ""


def split_list(text: str, separators: str = ",;、，；") -> tuple[str, ...]:
    """Split at separators that are not inside brackets."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in BRACKETS) - (char in BRACKETS.values())
        if depth <= 0 and char in separators:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return tuple(p.strip() for p in parts if p.strip())
