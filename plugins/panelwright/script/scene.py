"""What a panel shows: a scene's words and its lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from panelwright.script.blocks import Block
from panelwright.script.inline import label_before_colon, quoted_words, read_plain, trailing_note
from panelwright.script.model import Item, Scene, Span


def make_scene(text: str, span: Span, items: Iterable[Item] = ()) -> Scene:
    return Scene(text, span, quoted_words(text), tuple(items))


def extend_scene(scene: Scene, text: str = "", items: Iterable[Item] = ()) -> Scene:
    """The scene with more words and items after its own."""
    words = " ".join(part for part in (scene.text, text) if part)
    return make_scene(words, scene.span, (*scene.items, *items))


def make_item(block: Block, path: str) -> Item:
    """An item with everything in it. The depth is bounded by that of the blocks."""
    children: list[Item] = []
    text = read_plain("\n".join(row.text for row in block.rows)).text
    for child in block.children:
        if child.kind == "paragraph" and not children:
            text = " ".join((text, read_plain("\n".join(row.text for row in child.rows)).text)).strip()
        else:
            children.append(make_item(child, path))
    if block.info:
        children.insert(0, item_of(block.info, Span(path, block.level, 1)))
    first = next(_rows(block), None)
    span = Span(path, first[0], first[1]) if first else Span(path, max(1, block.level), 1)
    return item_of(text, span, block.number, tuple(children))


def item_of(text: str, span: Span, number: int | None = None, children: tuple[Item, ...] = ()) -> Item:
    note = trailing_note(text)
    return Item(text, span, label_before_colon(text), quoted_words(text), note, number, children)


def _rows(block: Block) -> Iterator[tuple[int, int]]:
    for row in block.rows:
        yield row.line, row.column
    for child in block.children:
        yield from _rows(child)
