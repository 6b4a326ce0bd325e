"""The words a storyboard is written with: what ``**Narration box**`` or ``## Page 3`` mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from panelwright.script.model import LineKind

#: Keys of lines that are lettered. Compared in the form of :func:`normal`.
KINDS: dict[str, LineKind] = {
    **dict.fromkeys(
        (
            "speech",
            "speech bubble",
            "speech balloon",
            "bubble",
            "balloon",
            "dialogue",
            "dialog",
            "says",
            "对话",
            "对白",
        ),
        LineKind.SPEECH,
    ),
    **dict.fromkeys(
        (
            "thought",
            "thoughts",
            "thought bubble",
            "thought balloon",
            "thinking",
            "thinks",
            "inner monologue",
            "internal monologue",
            "inner thought",
            "内心",
            "内心独白",
        ),
        LineKind.THOUGHT,
    ),
    **dict.fromkeys(
        (
            "narration",
            "narration box",
            "narrator",
            "narrative",
            "narrative box",
            "caption",
            "caption box",
            "text box",
            "voice over",
            "voiceover",
            "旁白",
        ),
        LineKind.NARRATION,
    ),
    **dict.fromkeys(
        (
            "label",
            "labels",
            "text",
            "on screen text",
            "onscreen text",
            "screen text",
            "sign",
            "signs",
            "screen",
            "display",
            "display text",
            "holographic text",
            "title card",
            "标签",
        ),
        LineKind.LABEL,
    ),
    **dict.fromkeys(("sfx", "sound", "sound effect", "sound effects", "sounds", "fx", "音效"), LineKind.SFX),
    **dict.fromkeys(
        ("code", "code display", "code block", "code snippet", "terminal", "console", "代码"), LineKind.CODE
    ),
    **dict.fromkeys(
        ("chat", "chat display", "chat window", "chat message", "chat bubble", "chat interface", "聊天"),
        LineKind.CHAT,
    ),
}

#: Keys of everything else a storyboard may say.
FIELDS: dict[str, str] = {
    **dict.fromkeys(
        (
            "scene",
            "scene description",
            "visual",
            "visuals",
            "visual description",
            "description",
            "action",
            "art",
            "artwork",
            "illustration",
            "image",
            "setting",
            "background",
            "场景",
            "画面",
        ),
        "scene",
    ),
    **dict.fromkeys(("narrative goal", "goal", "purpose", "learning goal", "objective", "目标"), "goal"),
    **dict.fromkeys(("title", "标题"), "title"),
    **dict.fromkeys(("subtitle", "tagline", "副标题"), "subtitle"),
    **dict.fromkeys(("color mood", "colour mood", "mood", "colors", "colours", "color palette"), "mood"),
    **dict.fromkeys(("chapter", "section", "act", "章节"), "chapter"),
    **dict.fromkeys(("characters", "cast", "character", "角色"), "characters"),
    **dict.fromkeys(("layout", "panel layout", "panel size", "size", "shot", "framing"), "hint"),
    **dict.fromkeys(("note", "notes", "artist note", "art note", "directors note", "备注"), "note"),
}

#: Whole headings that open a section.
SECTIONS: dict[str, str] = {
    **dict.fromkeys(("metadata", "meta", "about", "project", "overview", "元数据"), "metadata"),
    **dict.fromkeys(("cover", "cover page", "front cover", "title page", "封面"), "cover"),
    **dict.fromkeys(("characters", "cast", "character list", "main characters", "角色"), "characters"),
    **dict.fromkeys(
        (
            "core knowledge points",
            "core knowledge",
            "knowledge points",
            "key knowledge points",
            "key takeaways",
            "takeaways",
            "key points",
            "learning points",
            "核心知识点",
            "知识点",
        ),
        "knowledge",
    ),
}

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBER = rf"(?:no\.?\s*|nr\.?\s*|#\s*)?(?P<number>\d{{1,6}}|(?:{'|'.join(_ONES)})\b)"
_REST = r"(?P<rest>(?:\s*[:：—–―|.)\-]|\s*(?=[(\[（\"“「『])|\s).*)?$"
_PAGE = re.compile(rf"^page\s*{_NUMBER}{_REST}|^第\s*(?P<n2>\d{{1,6}})\s*页(?P<r2>.*)$", re.I | re.S)
_PANEL = re.compile(rf"^panel\s*{_NUMBER}{_REST}|^第\s*(?P<n2>\d{{1,6}})\s*格(?P<r2>.*)$", re.I | re.S)
_CHAPTER = re.compile(r"^(?:chapter|part|act)\s+(?P<name>\S.*)$", re.I)
_SEPARATORS = " \t:：—–―|-.、"


@dataclass(frozen=True)
class Numbered:
    """``Page 3 — "Title" (Chapter)``: its number and the words after number and separator."""

    number: int
    rest: str


def normal(key: str) -> str:
    """The form in which keys are compared: folded, without marks, numbers at the end and extra spaces."""
    folded = unicodedata.normalize("NFKC", key).casefold()
    words = re.sub(r"[^\w\s]|_", " ", folded.replace("'", "").replace("’", "")).split()
    if len(words) > 1 and words[-1].isdigit():  # "Label 2", "Narration box #1"
        words.pop()
    return " ".join(words)


def page_heading(text: str) -> Numbered | None:
    return _numbered(_PAGE, text)


def panel_heading(text: str) -> Numbered | None:
    return _numbered(_PANEL, text)


def chapter_heading(text: str) -> str:
    """The chapter's name if the heading opens a chapter, else the empty string."""
    found = _CHAPTER.match(text)
    return found["name"].strip() if found else ""


def _numbered(pattern: re.Pattern[str], text: str) -> Numbered | None:
    found = pattern.match(" ".join(text.split()))
    if not found:
        return None
    number = (found["number"] or found["n2"]).casefold()
    rest = (found["rest"] or found["r2"] or "").lstrip(_SEPARATORS).strip()
    return Numbered(_ONES.index(number) + 1 if number in _ONES else int(number), rest)
