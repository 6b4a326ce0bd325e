"""Who speaks in a storyboard, found before it is read."""

from __future__ import annotations

from collections.abc import Sequence

from panelwright.script.blocks import Block
from panelwright.script.drafts import read_characters
from panelwright.script.entries import read_voice, split_key
from panelwright.script.inline import read_value
from panelwright.script.vocabulary import SECTIONS, normal


def gather_names(blocks: Sequence[Block]) -> tuple[list[str], list[str]]:
    """Everybody who speaks in quotes, and the characters that the metadata lists, before reading."""
    listed: list[str] = []
    spoken: list[str] = []
    section = ""
    stack = [iter(blocks)]
    under_cast = 0  # depth of the list under "Characters"
    while stack:
        block = next(stack[-1], None)
        if block is None:
            stack.pop()
            under_cast = 0 if len(stack) <= under_cast else under_cast
            continue
        if block.kind == "heading" and block.rows:
            section = SECTIONS.get(normal(block.rows[0].text), "")
        elif block.kind in ("item", "paragraph"):
            if section == "characters" or under_cast:
                listed += [c.name for row in block.rows for c in read_characters(row.text)]
                stack.append(iter(block.children))
                continue
            for row in block.rows:
                found = split_key(row, loose=False)
                if found and found[0].field == "characters":
                    listed += [c.name for c in read_characters(found[1])]
                    under_cast = len(stack)
                elif found and found[0].marked and read_value(found[1]).quoted:
                    voice = read_voice(found[0], ())
                    if voice.speaker and not found[0].field:
                        spoken.append(voice.speaker)
        stack.append(iter(block.children))
    return list(dict.fromkeys([*listed, *spoken])), list(dict.fromkeys(listed))
