"""Reads the shipped storyboard without the package: a few regular expressions for the one file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

PAGE = re.compile(r"## (?:(Cover)|Page (\d+) — .*)$")
PANEL = re.compile(r"### Panel (\d+) ")
SAID = re.compile(r'- \*\*([^*]+)\*\*: (?:\(([^)]*)\) )?"(.*)"$')
SCENE = re.compile(r"- \*\*Scene\*\*: (.*)$")
TITLE = re.compile(r'\*\*(?:Title|Subtitle)\*\*: "(.*)"$')
NAMES = {"Narration box": "Narration", "Label": "Label", "Labels": "Label"}


@dataclass
class Panel:
    """``said``: (who, words, stage direction) in order; who is "Narration" or "Label" where nobody speaks."""

    page: int
    number: int
    said: list[tuple[str, str, str]] = field(default_factory=list)
    scene: list[str] = field(default_factory=list)

    @property
    def quoted(self) -> list[str]:
        return re.findall(r'"([^"]*)"', " ".join(self.scene))


def read(path: Path) -> tuple[list[str], list[Panel]]:
    """The words on the cover, and all panels in order."""
    cover: list[str] = []
    panels: list[Panel] = []
    page = -1
    for row in path.read_text("utf-8").splitlines():
        if found := PAGE.match(row):
            page = int(found[2] or 0)
        elif row.startswith("## "):
            page = -1
        elif page == 0 and (found := TITLE.match(row)):
            cover.append(found[1])
        elif page > 0 and (found := PANEL.match(row)):
            panels.append(Panel(page, int(found[1])))
        elif page > 0 and (found := SCENE.match(row)):
            panels[-1].scene.append(found[1])
        elif page > 0 and (found := SAID.match(row)):
            panels[-1].said.append((NAMES.get(found[1], found[1]), found[3], found[2] or ""))
        elif page > 0 and row.startswith("  "):
            panels[-1].scene.append(row.strip())
        elif page > 0 and row.startswith("- "):
            raise AssertionError(f"not understood: {row}")
    return cover, panels
