"""Reads a flow diagram out of a scene's list: "Training Dataset flows into Forward Pass (blue glowing box)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from panelwright.script.model import Scene

# lower case only: "Outputs" with a capital is part of a name
VERB = re.compile(
    r"\s+(flows?\s+(?:in)?to|feeds?\s+(?:in)?to|goes\s+(?:in)?to|leads?\s+to|loops?\s+back\s+to|outputs?|produces?"
    r"|updates?|becomes?|->|=>|→|⟶)\s+"
)
JOIN = re.compile(r"\s*\+\s*|\s*,\s+(?:and\s+)?|\s+and\s+")
BRACKETS = re.compile(r"\(([^()]*)\)")
QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]")
ICON = re.compile(r"([A-Za-z-]+)\s+icon\b")
COLOUR = re.compile(r"\b(blue|cyan|green|violet|purple|amber|orange|red|yellow)\b", re.I)
ABSENT = re.compile(r"\b[Nn]o\s+([^,;.]+)")


@dataclass(frozen=True)
class Node:
    """``text`` verbatim; ``icon`` and ``colour`` as the brackets say ('' if they don't); ``label`` its quoted words."""

    id: str
    text: str
    icon: str = ""
    label: str = ""
    colour: str = ""


class Edge(NamedTuple):
    """An arrow between two node ids; ``verb`` in the words of the storyboard ('loops back to', '→')."""

    start: str
    end: str
    verb: str


@dataclass(frozen=True)
class Diagram:
    """``absent``: what the scene says is not there ("No backward pass, no loss computation"), in order."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    absent: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes)

    def node(self, name: str) -> Node:
        """Raises KeyError if there is no node of that id."""
        for node in self.nodes:
            if node.id == name:
                return node
        raise KeyError(name)

    @cached_property
    def cycle(self) -> tuple[str, ...]:
        """The longest loop, from its first named node on; () if nothing loops."""
        order = {node.id: i for i, node in enumerate(self.nodes)}
        found = max(self._cycles(), key=len, default=())
        if not found:
            return ()
        start = found.index(min(found, key=order.__getitem__))
        return found[start:] + found[:start]

    @cached_property
    def ranks(self) -> dict[str, int]:
        """How many steps each node lies from where the flow begins (arrows that close a loop don't count)."""
        rank = {node.id: 0 for node in self.nodes}
        closing = set()
        if self.cycle:
            closing = {(self.cycle[-1], self.cycle[0])}
        for _ in self.nodes:
            for edge in self.edges:
                if (edge.start, edge.end) not in closing and edge.start != edge.end:
                    rank[edge.end] = min(max(rank[edge.end], rank[edge.start] + 1), len(self.nodes) - 1)
        return rank

    def _cycles(self) -> Iterator[tuple[str, ...]]:
        ways: dict[str, list[str]] = {}
        for edge in self.edges:
            ways.setdefault(edge.start, []).append(edge.end)

        def walk(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
            for name in ways.get(path[-1], ()):
                if name == path[0]:
                    yield path
                elif name not in path and len(path) < 12:
                    yield from walk((*path, name))

        for node in self.nodes:
            yield from walk((node.id,))


def read_diagram(scene: Scene | None) -> Diagram:
    """The nodes and arrows that the scene's list items describe; items that describe none are passed over.

    ``A + B feed into C (gear icon) → D``: several starts, brackets with an icon, a colour or a quoted label,
    chains. The same name in two items is the same node; the fuller description wins.
    """
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str], Edge] = {}
    absent: list[str] = []
    for item in scene.walk() if scene else ():
        parts = _split(item.text)
        if len(parts) < 3:
            absent += [m.strip() for m in ABSENT.findall(item.text)]
            continue
        sides = [[_note(nodes, name) for name in _names(part)] for part in parts[::2]]
        for starts, verb, ends in zip(sides, parts[1::2], sides[1:], strict=False):
            for a in starts:
                for b in ends:
                    edges.setdefault((a, b), Edge(a, b, " ".join(verb.split())))
    return Diagram(tuple(nodes.values()), tuple(edges.values()), tuple(absent))


def _split(text: str) -> list[str]:
    """Cut at the verbs that stand outside brackets: [names, verb, names, ...]."""
    masked = BRACKETS.sub(lambda m: "#" * len(m.group()), text)
    parts, at = [], 0
    for match in VERB.finditer(masked):
        parts += [text[at : match.start()], match.group(1)]
        at = match.end()
    return [*parts, text[at:]]


def _names(part: str) -> list[str]:
    masked = BRACKETS.sub(lambda m: "#" * len(m.group()), part)
    names, at = [], 0
    for match in JOIN.finditer(masked):
        names.append(part[at : match.start()])
        at = match.end()
    return [name for name in (*names, part[at:]) if name.strip()]


def _note(nodes: dict[str, Node], words: str) -> str:
    """Enter a node under its name, or add to what is known of it; its id."""
    note = " ".join(BRACKETS.findall(words))
    text = " ".join(BRACKETS.sub(" ", words).split()).strip(" .;")
    text = re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.I)
    name = re.sub(r"\W+", "-", text.casefold()).strip("-") or "node"
    icon, colour, label = ICON.search(note), COLOUR.search(note), QUOTED.search(note)
    node = nodes.get(name, Node(name, text))
    shape = icon.group(1).lower() if icon else ("box" if re.search(r"\bbox\b", note) else "")
    nodes[name] = replace(
        node, icon=node.icon or shape, label=node.label or (label.group(1) if label else ""),
        colour=node.colour or (colour.group(1).lower() if colour else ""),
    )  # fmt: skip
    return name
