"""The site as it ships: no link leads nowhere."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

import panelwright.plugin
from panelwright.comic import Comic

ROOT = Path(__file__).parents[2]
BASE = "https://example.org/intro-to-inference/"


@pytest.fixture(scope="module")
def shipped_site(shipped: Comic, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real configuration and pages, without pictures and the book: their names are checked elsewhere."""
    folder = tmp_path_factory.mktemp("shipped")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panelwright.plugin, "read_comic", lambda *_: shipped)
        patch.setenv("SITE_URL", BASE)
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder / "site"))
        plugin = next(p for n, p in config.plugins.items() if n.endswith("panelwright"))
        plugin.config["cache"], plugin.config["exports"] = str(folder / "cache"), []
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(config)
        finally:
            config.plugins.on_shutdown()
    return folder / "site"


def pages(site: Path) -> dict[str, str]:
    """Address -> HTML."""
    found = {BASE + p.relative_to(site).as_posix(): p.read_text("utf-8") for p in site.rglob("*.html")}
    return {re.sub(r"(^|/)index\.html$", r"\1", url): html for url, html in found.items()}


def test_every_link_and_anchor_has_a_target(shipped_site: Path) -> None:
    found = pages(shipped_site)
    ids = {url: set(re.findall(r'\bid="([^"]+)"', html)) for url, html in found.items()}
    lost = []
    for url, html in found.items():
        if url.endswith("404.html"):
            continue
        for link in re.findall(r'<(?:a|link|img|script|source)\b[^>]*?\b(?:href|src)="([^"]*)"', html):
            target, anchor = urldefrag(urljoin(url, unescape(link)))
            if not target.startswith(BASE):
                continue
            path = shipped_site / unquote(urlsplit(target).path.removeprefix(urlsplit(BASE).path))
            if target in found:
                if anchor and unquote(anchor) not in ids[target]:
                    lost.append(f"{url}: {link}")
            elif not path.is_file():
                lost.append(f"{url}: {link}")
    assert not lost, "\n".join(sorted(set(lost))[:20])


def test_terms_of_the_glossary_explain_themselves_in_the_dives(shipped_site: Path) -> None:
    html = pages(shipped_site)[BASE + "page-3/"]
    assert re.search(r'<a href="[^"]*glossary/#kv-cache" class="pw-term" title="[^"]{20,}"', html)


def test_every_question_can_be_unfolded(shipped_site: Path) -> None:
    for number in range(1, 11):
        html = pages(shipped_site)[f"{BASE}page-{number}/"]
        asked = re.findall(r'<details class="question">\s*<summary>(?:(?!</summary>).)+\?</summary>', html)
        assert len(asked) == 3, number
