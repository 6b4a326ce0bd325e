"""Cuts the page: hints to a slicing tree, the tree and the room that words need to frames."""

from panelwright.layout.cut import cut_page, stack_panels
from panelwright.layout.hints import place_of
from panelwright.layout.model import EDITIONS, PAGE, PHONE, Edition, Frame, PageLayout
from panelwright.layout.tree import Node, parse_tree, tree_from_hints

__all__ = [
    "EDITIONS",
    "PAGE",
    "PHONE",
    "Edition",
    "Frame",
    "Node",
    "PageLayout",
    "cut_page",
    "parse_tree",
    "place_of",
    "stack_panels",
    "tree_from_hints",
]
