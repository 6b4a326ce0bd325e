"""A tiny site under a sub-path, and Chromium. Without Chromium: skipped here, a failure in CI."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from panelwright.explore import explorable_names
from tests.site.conftest import build_site, write_site

DATA = Path(__file__).parents[2] / "docs" / "data"
FENCE = "\nWords.\n\n```explore\n{}\n```\n"
CHART = "\nWords.\n\n```chart\n{}\n```\n"
ARGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("browser")
    project = write_site(root / "project")
    docs = project / "docs"
    shutil.copytree(DATA, docs / "data")
    (docs / "explore.md").write_text("# Explore\n" + "".join(map(FENCE.format, explorable_names())), "utf-8")
    charts = "".join(CHART.format(name) for name in ("batch-latency", "matmul-rate"))
    (docs / "machines.md").write_text("# Machines\n" + charts, "utf-8")
    value = "{{ value: quick-cpu:request_latency.latency.p99 }}"
    (docs / "values.md").write_text(f"# Values\n\nOne in a hundred took {value}.\n", "utf-8")
    knee = "# Knee\n" + FENCE.format("knee") + CHART.format("matmul-rate")
    (docs / "deep-dives" / "02-knee.md").write_text(knee, "utf-8")
    site = build_site(project)
    served = root / "www"
    (served / "some").mkdir(parents=True)
    site.rename(served / "some" / "where")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(served)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/some/where/"
    server.shutdown()


@pytest.fixture(scope="package")  # Playwright keeps an event loop running: it must not outlive these tests
def chromium() -> Iterator[Any]:
    found = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """An open page and what went wrong on it."""

    page: Any
    address: str
    trouble: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path, wait_until="load")


@pytest.fixture
def visit(chromium: Any, address: str) -> Callable[..., Any]:
    @contextmanager
    def visit(path: str, width: int, height: int = 900, dark: bool = True) -> Iterator[Visit]:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        visit = Visit(context.new_page(), address)
        page = visit.page
        page.on("console", lambda m: visit.trouble.append(f"{m.type}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: visit.trouble.append(f"exception: {e}"))
        page.on("request", lambda r: None if r.url.startswith(address) else visit.trouble.append(r.url))
        visit.go(path)
        yield visit
        context.close()

    return visit
