"""Reads the storyboard: Markdown becomes pages, panels and lines, each with its place in the file."""

from panelwright.script.export import to_json
from panelwright.script.model import (
    Character,
    Cover,
    Item,
    KnowledgePoint,
    Line,
    LineKind,
    Note,
    Page,
    Panel,
    Scene,
    Span,
    Storyboard,
)
from panelwright.script.parse import Parsed, parse_storyboard, read_storyboard

__all__ = [
    "Character",
    "Cover",
    "Item",
    "KnowledgePoint",
    "Line",
    "LineKind",
    "Note",
    "Page",
    "Panel",
    "Parsed",
    "Scene",
    "Span",
    "Storyboard",
    "parse_storyboard",
    "read_storyboard",
    "to_json",
]
