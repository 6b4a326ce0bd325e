"""The MkDocs face: reads the options, composes the comic, hands pages to MkDocs."""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from panelwright.assets import Assets
from panelwright.cache import Cache, FileDigests, prune
from panelwright.compiled import CompiledTemplates
from panelwright.diagnostics import AuthorError, Diagnostic, has_errors, shown_from
from panelwright.plates import Comic, ComicPage, Options
from panelwright.publish import downloads, fonts, pages, pictures, portraits, transcript, web
from panelwright.publish.dives import FENCES, Dive, find_fences, is_dive, read_dives
from panelwright.publish.fences import DataFence
from panelwright.publish.glossary import explained, read_glossary
from panelwright.publish.problems import counted, problems_html
from panelwright.publish.source import benchmark_files, read_comic

log = get_plugin_logger("panelwright")

THEME = Path(__file__).parent / "theme"
ASSETS = "assets/panelwright"
DIVES = "deep-dives"
EXTENSIONS = ("attr_list", "md_in_html", "pymdownx.superfences")
"""Of Markdown, that the pages are written with."""


class PanelwrightConfig(Config):  # type: ignore[no-untyped-call]
    storyboard = c.Type(str, default="storyboard.md")
    """The storyboard, in the docs folder (or anywhere, as seen from there)."""

    art = c.Type(str, default="art")
    """Folder with palette, cast, poses, staging; files missing from it are taken from the package."""

    templates = c.Type(str, default="svg_templates")
    """Folder with SVG templates; templates missing from it are taken from the package."""

    data_ = c.Type(str, default="data")
    """Folder with benchmark files, in the docs folder."""

    glossary = c.Type(str, default="glossary.md")
    """Page with a heading for each term; a link to one shows its first sentence where it stands."""

    editions = c.ListOfItems(c.Choice(("page", "phone")), default=["page", "phone"])
    """Shapes that every page is laid out in; a reader sees the one that fits the screen."""

    exports = c.ListOfItems(c.Choice(("png", "pdf")), default=["png", "pdf"])
    """Made besides the site in ``mkdocs build``: ``png``, a picture of every page; ``pdf``, the book."""

    languages = c.ListOfItems(c.Type(str), default=["en"])
    """Language of the storyboard's words, as an HTML language tag. One for now."""

    reader = c.Type(bool, default=True)
    """Load the script for arrow keys, the remembered transcript and the bracket round a linked panel."""

    cache = c.Type(str, default=".cache/panelwright")
    """Folder for finished drawings, pictures and fonts; safe to delete at any time."""

    concurrency = c.Type(int, default=max(1, min(4, os.cpu_count() or 1)))
    """Processes that draw pictures in ``mkdocs build``. The site is the same for any number."""

    strict_lettering = c.Type(bool, default=False)
    """Treat violations of lettering rules (small text, covered faces) as errors."""


@dataclass
class Build:
    """What one build knows. A new one begins in every ``on_config``."""

    root: Path
    docs: Path
    fence: DataFence
    digests: FileDigests = field(default_factory=FileDigests)
    comic: Comic | None = None
    dives: dict[int, Dive] = field(default_factory=dict)
    by_uri: dict[str, ComicPage] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    fatal: bool = False
    terms: dict[str, str] = field(default_factory=dict)
    prose: dict[int, tuple[str, str]] = field(default_factory=dict)
    thumbs: dict[int, str] = field(default_factory=dict)
    heroes: dict[int, str] = field(default_factory=dict)
    cast: list[portraits.Shown] = field(default_factory=list)
    pictures: dict[int, str] = field(default_factory=dict)
    downloads: dict[str, str] = field(default_factory=dict)

    def shown(self, path: Path) -> str:
        """How problems name a file: from the project's folder where it is inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()


class PanelwrightPlugin(BasePlugin[PanelwrightConfig]):  # type: ignore[no-untyped-call]
    """Handlers are thin: what they do is in ``panelwright.publish``."""

    build: Build

    def __init__(self) -> None:
        self.serving = False
        self.known: tuple[str, ...] = (pages.page_uri(0),)

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.serving = command == "serve"  # being defined, it also keeps this object between rebuilds

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if len(self.config.languages) != 1:
            raise PluginError("panelwright: 'languages' takes one language for now")
        if not self.config.editions:
            raise PluginError("panelwright: 'editions' takes page, phone or both")
        docs = Path(config.docs_dir)
        root = Path(config.config_file_path).parent if config.config_file_path else docs.parent
        for name, usual in (("art", "art"), ("templates", "svg_templates")):  # without an option, it may be missing
            if (given := self.config[name]) != usual and not (root / given).is_dir():
                raise PluginError(f"panelwright: {name!r} names a folder that is not there: {given}")
        self.build = Build(root, docs, DataFence(docs / self.config.data_, Cache(root / self.config.cache / "charts")))
        self.build.fence.digests = self.build.digests
        watched = (docs / self.config.storyboard, root / self.config.art, root / self.config.templates,
                   docs / self.config.data_)  # fmt: skip
        config.watch += [str(p) for p in watched if p.exists() and not p.is_relative_to(docs)]
        _add_theme(config, self.config.reader)
        _add_markdown(config, self.build.fence)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        build = self.build
        self._compose()
        for file in [f for f in files if is_dive(f.src_uri, DIVES)]:
            files.remove(file)
        others = [f.src_uri for f in files.documentation_pages()]
        if build.comic is None:
            for uri in self.known:
                files.append(File.generated(config, uri, content="# The comic\n"))
            config.nav = pages.expand_nav(config.nav, (), others)
            return files
        hues = portraits.hues(self.options().assets, build.digests, Cache(build.root / self.config.cache / "drawings"))
        for page in build.comic.pages:
            uri = pages.page_uri(page.number)
            if files.get_file_from_path(uri):
                raise PluginError(f"panelwright: docs/{uri} is in the way of the comic's page of that name")
            file = File.generated(config, uri, content=pages.page_markdown(page, build.dives.get(page.number), hues))
            file.edit_uri = self.config.storyboard  # what an author edits is the storyboard
            files.append(file)
            build.by_uri[uri] = page
        self.known = tuple(build.by_uri)
        config.nav = pages.expand_nav(config.nav, build.comic.pages, others)
        self._add_fonts(files, config)
        self._add_pictures(files, config)
        self._add_cast(files, config)
        self._add_downloads()
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        comic_page = self.build.by_uri.get(page.file.src_uri)
        if comic_page is None:
            shown = self.build.shown(self.build.docs / page.file.src_uri)
            self.build.fence.begin(shown, list(find_fences(page.file.content_string, shown)))
            written = page.file.content_string
            before = written[: len(written) - len(markdown)] if written.endswith(markdown) else ""  # its metadata
            link = posixpath.relpath(self.config.data_, posixpath.dirname(page.file.src_uri) or ".")
            whole, problems = self.build.fence.filled(before + markdown, shown, link)
            markdown = whole[len(before) :]
            self.build.fence.problems += problems
        elif dive := self.build.dives.get(comic_page.number):
            self.build.fence.begin(dive.path, dive.fences)
        if page.file.src_uri == self.config.storyboard:
            page.meta.setdefault("search", {"exclude": True})  # the transcripts say the same, panel by panel
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        html += self.build.fence.scripts(html, get_relative_url(f"{ASSETS}/explore/", page.url))
        if not self.build.fatal:
            html = self._explained(html, page, files)
            if (comic_page := self.build.by_uri.get(page.file.src_uri)) and comic_page.number in self.build.dives:
                self.build.prose[comic_page.number] = html.split(pages.CUT)[-1], page.canonical_url or page.url
            return html
        page.meta = {"title": page.meta.get("title", page.title), "hide": ["navigation", "toc"]}
        return f"<h1>{counted(self.build.problems)}</h1>" + problems_html(
            self.build.problems, "The comic cannot be drawn"
        )

    def _explained(self, html: str, page: Page, files: Files) -> str:
        glossary = files.get_file_from_path(self.config.glossary)
        if glossary is None:
            return html
        if not self.build.terms:
            self.build.terms = read_glossary(glossary.content_string)
        return explained(html, self.build.terms, page.url, glossary.url)

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        build = self.build
        env.bytecode_cache = CompiledTemplates.of_user()  # the theme's templates take as long to compile as to fill
        if has_errors(build.fence.problems):
            self._report(shown_from(build.root, build.fence.problems))
        env.globals["pw"] = None
        if build.comic:
            urls = {n.number: f.url for uri, n in build.by_uri.items() if (f := files.get_file_from_path(uri))}
            site = pages.site_context(build.comic, urls, build.thumbs, build.heroes, build.pictures, build.dives)
            cast = [shown.context(urls) for shown in build.cast]
            env.globals["pw"] = {**site, "downloads": build.downloads, "cast": cast}
        return env

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        output = self.build.fence.placed(output, get_relative_url(f"{self.config.data_}/", page.url))
        comic_page = self.build.by_uri.get(page.file.src_uri)
        if comic_page is None:
            return output
        art = web.art_html(comic_page, self.config.languages[0])
        found = shown_from(self.build.root, comic_page.diagnostics)
        errors = [d for d in found if d.severity == "error"]
        if errors:
            art = problems_html(errors, f"{counted(errors)} on this page") + art
        return output.replace(web.art_placeholder(comic_page), art, 1)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """The book is made of the pages as they were rendered; then the cache is kept small."""
        build = self.build
        if build.comic and (uri := build.downloads.get("PDF")):
            folder = build.root / self.config.cache / "downloads"
            data = f"{config.site_url or ''}{self.config.data_}/"
            made = downloads.book(
                build.comic, folder, self.options().assets, build.prose,
                lambda html: build.fence.placed(html, data), build.digests, self.config.languages[0],
            )  # fmt: skip
            out = Path(config.site_dir) / uri
            out.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made, out)
        prune(build.root / self.config.cache)

    # -- what the handlers share
    def _compose(self) -> None:
        """Comic and deep dives into the build; problems are reported, and end a build that is not served."""
        build = self.build
        path = build.docs / self.config.storyboard
        found: list[Diagnostic] = []
        try:
            data = benchmark_files(build.docs / self.config.data_)
            comic = read_comic(path, build.root, data, self.options(), build.digests)
            found += [*comic.diagnostics, *(d for p in comic.pages for d in p.diagnostics)]
            numbers = [p.number for p in comic.pages]
            dives, problems = read_dives(
                build.docs / DIVES, numbers, build.shown(build.docs / DIVES),
                lambda text, path: build.fence.filled(text, path, posixpath.relpath(self.config.data_, DIVES)),
            )  # fmt: skip
            found += problems
            build.comic, build.dives = comic, dict(dives)
            on_pages = {d for p in comic.pages for d in p.diagnostics}
            build.fatal = has_errors(d for d in found if d not in on_pages)
        except AuthorError as error:
            found += error.diagnostics
            build.fatal = True
        build.problems = shown_from(build.root, found)
        self._report(build.problems)

    def _report(self, problems: Sequence[Diagnostic]) -> None:
        for d in problems:
            if d.severity != "error":
                (log.warning if d.severity == "warning" else log.info)(str(d))
        errors = [d for d in problems if d.severity == "error"]
        if not errors:
            return
        message = "\n".join([f"{counted(errors)} in the comic", *map(str, errors)])
        if not self.serving:
            raise PluginError(message)
        log.error(message)

    def options(self) -> Options:
        root = self.build.root
        art, templates = root / self.config.art, root / self.config.templates
        return Options(
            assets=Assets.default(art if art.is_dir() else None, templates if templates.is_dir() else None),
            editions=tuple(self.config.editions),
            strict=self.config.strict_lettering,
            cache_dir=root / self.config.cache / "drawings",
        )

    def _add_fonts(self, files: Files, config: MkDocsConfig) -> None:
        assert self.build.comic
        faces = fonts.site_faces(self.options().assets)
        text = "".join(set().union(*(f.content_string for f in files.documentation_pages())))  # characters, not words
        folder = self.build.root / self.config.cache / "fonts"
        made = [fonts.subset(face, text, folder, self.build.digests) for face in faces]
        for path in made:
            files.append(File.generated(config, f"{ASSETS}/fonts/{path.name}", abs_src_path=str(path)))
        css = fonts.stylesheet(faces, made)
        files.append(File.generated(config, f"{ASSETS}/fonts.css", content=css))

    def _add_pictures(self, files: Files, config: MkDocsConfig) -> None:
        """Thumbnails for the overview: SVG while serving, WebP and a PNG to share in a build."""
        build = self.build
        assert build.comic
        drawn = {p.number: plate for p in build.comic.pages if (plate := pages.main_plate(p))}
        raster = not self.serving and "png" in self.config.exports
        made = {}
        if raster:
            folder = build.root / self.config.cache / "pictures"
            made = pictures.make_pictures(drawn, folder, self.config.concurrency, self.options().assets, build.digests)
        for number, plate in drawn.items():
            base = f"{ASSETS}/pages/{pages.page_name(number)}"
            if not raster:
                files.append(File.generated(config, f"{base}.svg", content=plate.standalone()))
                build.thumbs[number] = build.heroes[number] = f"{base}.svg"
                continue
            for suffix, path, into in (
                (".webp", made[number].thumb, build.thumbs),
                ("-large.webp", made[number].hero, build.heroes),
                (".png", made[number].png, build.pictures),
            ):
                files.append(File.generated(config, base + suffix, abs_src_path=str(path)))
                into[number] = base + suffix

    def _add_cast(self, files: Files, config: MkDocsConfig) -> None:
        """Portraits and model sheets, for a page that asks for them (``template: cast.html``)."""
        build = self.build
        assert build.comic
        if not any("template: cast.html" in f.content_string for f in files.documentation_pages()):
            return
        cache = Cache(build.root / self.config.cache / "drawings")
        for voice in portraits.voices(build.comic):
            made = portraits.portrait(voice, build.comic, self.options().assets, cache)
            if made is None:
                continue
            base = f"{ASSETS}/cast/{voice.name}"
            for suffix, svg in made.pictures():
                files.append(File.generated(config, f"{base}{suffix}.svg", content=svg))
            build.cast.append(portraits.Shown(voice, made, base))

    def _add_downloads(self) -> None:
        build = self.build
        assert build.comic
        if self.serving or "pdf" not in self.config.exports:
            return
        if downloads.has_book(build.comic):
            name = transcript.slug(pages.split_title(build.comic)[0]) or "comic"
            build.downloads["PDF"] = f"{ASSETS}/{name}.pdf"


def _add_theme(config: MkDocsConfig, reader: bool) -> None:
    """Templates and static files of ours: after the author's own, before Material's; another theme's come first."""
    position = 1 if config.theme.custom_dir else 0
    if config.theme.name == "material":
        config.theme.dirs.insert(position, str(THEME))
    else:
        log.warning(f"pages are designed for the theme 'material', not for {config.theme.name!r}")
        config.theme.dirs += [str(THEME / "plain"), str(THEME)]
    styles = [f"{ASSETS}/{name}.css" for name in ("fonts", "panelwright", "comic", "material")]
    config.extra_css[:0] = styles
    if reader:
        config.extra_javascript.append(f"{ASSETS}/reader.js")


def _add_markdown(config: MkDocsConfig, fence: DataFence) -> None:
    for name in EXTENSIONS:
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
    superfences = config.mdx_configs.setdefault("pymdownx.superfences", {}) or {}
    config.mdx_configs["pymdownx.superfences"] = superfences
    own = [{"name": name, "class": f"pw-{name}", "format": fence} for name in FENCES]
    superfences["custom_fences"] = [*superfences.get("custom_fences", []), *own]
