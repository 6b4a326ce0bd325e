"""`mkdocs serve` while an author writes, with a real one-page comic."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from .conftest import write_site

GOOD = """\
# Small — Storyboard

## Page 1 — "One" (Start)

**Narrative goal**: Show it.

### Panel 1 (Wide)
- **Scene**: Kai stands in the lab.
- **Kai**: "First words."
"""


class Served:
    def __init__(self, root: Path, log: Path, port: int) -> None:
        self.root, self.log, self.url = root, log, f"http://127.0.0.1:{port}/some/where/"

    def write(self, text: str) -> None:
        time.sleep(1)  # the server looks about once a second; two writes in one look are one
        (self.root / "docs" / "storyboard.md").write_text(text, "utf-8")

    def wait_for(self, words: str, path: str = "page-1/", seconds: float = 60) -> str:
        """The page once it holds ``words``; what it held last if it never does."""
        html = ""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with urlopen(self.url + path, timeout=20) as answer:
                    html = answer.read().decode()
            except (URLError, ConnectionError, TimeoutError):
                html = ""
            if words in html:
                return html
            time.sleep(0.1)
        raise AssertionError(f"{words!r} never came; log:\n{self.log.read_text('utf-8')}\n{html[-2000:]}")

    def builds(self) -> int:
        return self.log.read_text("utf-8").count("Building documentation...")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    root = write_site(tmp_path / "project", "      cache: .cache\n")
    (root / "docs" / "deep-dives" / "01-surface.md").write_text("# Below\n\nWords.\n", "utf-8")
    (root / "art").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    server = Served(root, log, port)
    server.write(GOOD)
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=root, stdout=out, stderr=out, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        try:
            yield server
        finally:
            process.terminate()
            process.wait(20)


def settle(condition: Callable[[], bool], seconds: float = 2) -> bool:
    """Whether ``condition`` still holds after a while in which a loop would have shown."""
    time.sleep(seconds)
    return condition()


@pytest.mark.slow
def test_an_author_at_work(served: Served) -> None:
    served.wait_for("First words.")
    assert served.builds() == 1

    served.write(GOOD.replace("First words.", "Second words."))
    served.wait_for("Second words.")
    assert settle(lambda: served.builds() == 2), "one edit, one build"

    served.write("")  # nothing is left of it
    html = served.wait_for("docs/storyboard.md")
    assert "cannot be drawn" in html
    assert "Traceback" not in served.log.read_text("utf-8")

    served.write(GOOD.replace("First words.", "Third words."))
    assert "cannot be drawn" not in served.wait_for("Third words.")

    before = served.builds()
    palette = Path(__file__).parents[2] / "art" / "palette.yaml"
    (served.root / "art" / "palette.yaml").write_text(palette.read_text("utf-8"), "utf-8")
    until = time.monotonic() + 30
    while served.builds() == before and time.monotonic() < until:
        time.sleep(0.2)
    assert served.builds() == before + 1, "art is watched"
