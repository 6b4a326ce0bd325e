"""A small comic to start from: the files beside this module."""

from __future__ import annotations

from pathlib import Path

#: Here -> in the new folder. ``gitignore`` has no dot here, or it would be obeyed here.
FILES = {
    "mkdocs.yml": "mkdocs.yml",
    "docs/index.md": "docs/index.md",
    "docs/storyboard.md": "docs/storyboard.md",
    "art/staging/01.yaml": "art/staging/01.yaml",
    "art/staging/02.yaml": "art/staging/02.yaml",
    "gitignore": ".gitignore",
}


def copy_starter(folder: Path) -> tuple[Path, ...]:
    """Write the starter's files; returns their paths. Raises FileExistsError before writing over anything."""
    there = [name for name in FILES.values() if (folder / name).exists()]
    if there:
        raise FileExistsError(f"{folder} has {', '.join(there)} already")
    made = []
    for source, name in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write((Path(__file__).parent / source).read_text("utf-8"))
        made.append(path)
    return tuple(made)
