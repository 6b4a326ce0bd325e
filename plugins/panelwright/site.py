"""The site for the command line: what its configuration says, and its book without the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from panelwright.cache import write_atomically
from panelwright.diagnostics import AuthorError, Diagnostic
from panelwright.plates import Options
from panelwright.plugin import PanelwrightPlugin


@dataclass(frozen=True)
class Site:
    """What the command line needs to know of a site. ``data``: the folder of benchmark files."""

    root: Path
    docs: Path
    storyboard: Path
    data: Path
    options: Options


def read_site(config_file: Path) -> Site:
    """The site as MkDocs understands its configuration. Raises AuthorError where it does not."""
    shown = config_file.as_posix()
    try:
        config = load_config(str(config_file))
    except (MkDocsException, SystemExit) as error:  # MkDocs has logged the single findings
        hint = "`mkdocs build` says the same; the options are in the authoring guide"
        raise AuthorError(Diagnostic(shown, 0, 0, "error", "config", str(error), hint)) from error
    plugin = next((p for p in config.plugins.values() if isinstance(p, PanelwrightPlugin)), None)
    if plugin is None:
        message, hint = "the plugin is not switched on", "add 'panelwright' to 'plugins:'"
        raise AuthorError(Diagnostic(shown, 0, 0, "error", "config", message, hint))
    plugin.on_config(config)
    found = plugin.build
    storyboard, data = found.docs / plugin.config.storyboard, found.docs / plugin.config.data_
    return Site(found.root, found.docs, storyboard, data, plugin.options())


def write_book(config_file: Path, out: Path) -> None:
    """The site's PDF alone: the site is built into a temporary folder, as the book is made of its pages.

    Raises AuthorError where a page lacks the page edition.
    """
    with TemporaryDirectory(prefix="panelwright-book-") as folder:
        config = load_config(str(config_file), site_dir=folder)
        plugin = next(p for p in config.plugins.values() if isinstance(p, PanelwrightPlugin))
        plugin.config.exports = ["pdf"]
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        uri = plugin.build.downloads.get("PDF")
        if uri is None:
            hint = "add 'page' to 'editions:'"
            raise AuthorError(Diagnostic(config_file.as_posix(), 0, 0, "error", "config", "a book needs pages", hint))
        write_atomically(out, (Path(folder) / uri).read_bytes())
