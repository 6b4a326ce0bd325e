"""The command line face. A command takes options, calls its department (imported late) and prints.

Exit status: 0 fine, 1 the author's input has errors, 2 wrong usage, 3 the environment lacks something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from panelwright.diagnostics import (
    AuthorError,
    Diagnostic,
    MissingDependency,
    as_github,
    as_json,
    has_errors,
    shown_from,
)

if TYPE_CHECKING:
    from panelwright.plates import Comic, Options
    from panelwright.script.model import Storyboard
    from panelwright.site import Site

AUTHOR, ENVIRONMENT = 1, 3
_Command = TypeVar("_Command", bound=Callable[..., Any])


class Studio(click.Group):
    """Turns what departments raise into words and an exit status; no command needs to."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AuthorError as error:
            click.echo("\n".join(map(str, error.diagnostics)), err=True)
            ctx.exit(AUTHOR)
        except BrokenPipeError:  # | head; click knows what to do
            raise
        except (MissingDependency, OSError) as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(ENVIRONMENT)


@click.group(cls=Studio, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="panelwright")
def main() -> None:
    """Publish an educational comic from a Markdown storyboard."""


def config_option(command: _Command) -> _Command:
    """``--config``: every command reads the site's own options, so that site and command line agree."""
    text = "The site's configuration; its options for the plugin hold here too."
    path = click.Path(dir_okay=False, path_type=Path)
    return click.option("--config", type=path, default=Path("mkdocs.yml"), show_default=True, help=text)(command)


def open_site(config: Path) -> Site:
    """The site that ``--config`` names. Raises UsageError without one, AuthorError if it is wrong."""
    if not config.is_file():
        raise click.UsageError(f"there is no {config} here; give it with --config, or start one: panelwright new DIR")
    from panelwright.site import read_site

    return read_site(config)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def new(folder: Path) -> None:
    """Start a small comic in DIR: two pages that build, with comments to learn from."""
    from panelwright.starter import copy_starter

    try:
        made = copy_starter(folder)
    except FileExistsError as error:
        raise click.UsageError(f"{error}; nothing was written. Give another folder, or move them away") from error
    for path in made:
        click.echo(path)
    click.echo(f"\nNow: cd {folder} && mkdocs serve")


@main.command()
@click.option("--storyboard", type=click.Path(path_type=Path), help="Another storyboard than the site's.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings too make the exit status 1.")
@config_option
@click.pass_context
def check(ctx: click.Context, storyboard: Path | None, form: str, strict: bool, config: Path) -> None:
    """Say what is wrong with the storyboard, with line and column."""
    from panelwright.script.parse import read_storyboard

    given = ctx.get_parameter_source("config") is not click.core.ParameterSource.DEFAULT
    site = open_site(config) if given or storyboard is None or config.is_file() else None
    path = storyboard or (site.storyboard if site else Path())
    inside = site is not None and path.resolve().is_relative_to(site.root.resolve())
    parsed = read_storyboard(path, site.root if site and inside else None)
    found = list(parsed.diagnostics)
    if not has_errors(found):
        from panelwright import comic
        from panelwright.plates import Options

        try:
            found += comic.check(parsed.storyboard, drawn_with(site) if site else Options())
        except AuthorError as error:
            found += error.diagnostics
    found = shown_from(site.root, found) if site else found
    click.echo(_printed(found, form), nl=form == "json" or bool(found))
    if form == "text":
        click.echo(_summary(parsed.storyboard, found))
    if has_errors(found) or (strict and any(d.severity == "warning" for d in found)):
        ctx.exit(AUTHOR)


def drawn_with(site: Site) -> Options:
    """The site's options and what its data files have. Raises AuthorError for a data file that cannot be used."""
    from panelwright.publish.source import benchmark_files, hologram_numbers

    return replace(site.options, data=hologram_numbers(benchmark_files(site.data)))


def _printed(found: Sequence[Diagnostic], form: str) -> str:
    if form == "json":
        return as_json(found)
    return "\n".join(as_github(d) if form == "github" else str(d) for d in found)


def _summary(storyboard: Storyboard, found: Iterable[Diagnostic]) -> str:
    panels = sum(len(page.panels) for page in storyboard.pages)
    has = [(len(storyboard.pages), "page"), (panels, "panel"), (len(list(storyboard.lines())), "line")]
    severities = [d.severity for d in found]
    problems = [(n, name) for name in ("error", "warning") if (n := severities.count(name))]
    told = ", ".join(counted(*p) for p in problems) or "no problems"
    return f"{storyboard.path}: {', '.join(counted(*h) for h in has)}; {told}"


EDITION = click.Choice(["page", "phone"])


@main.command()
@click.option("--page", "number", type=click.IntRange(0), help="One page; 0 is the cover. Without it: all.")
@click.option("--panel", type=click.IntRange(1), help="One panel of the page.")
@click.option("--edition", "editions", type=EDITION, multiple=True, help="page or phone; may be repeated. Both.")
@click.option("--format", "form", type=click.Choice(["svg", "png"]), default="svg", show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("build"), show_default=True)
@config_option
def render(
    number: int | None, panel: int | None, editions: tuple[str, ...], form: str, out: Path, config: Path
) -> None:
    """Draw pages or single panels as SVG or PNG files."""
    from panelwright.publish.render import write_pages

    if panel is not None and number is None:
        raise click.UsageError("--panel needs --page")
    comic = compose_site(config, only=number)
    wanted = editions or tuple(comic.pages[0].plates)
    try:
        for path in write_pages(comic.pages, wanted, form, out, open_site(config).options.assets, panel):
            click.echo(path)
    except KeyError as error:
        raise click.UsageError(f"page {number} has no panel or edition {error}") from error
    print_problems(comic.diagnostics)


@main.command()
@click.argument("form", type=click.Choice(["pdf"]), metavar="pdf")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Default: build/comic.pdf")
@config_option
def export(form: str, out: Path | None, config: Path) -> None:
    """Write the whole comic as one file: pdf, a vector book with live text, an outline and the deep dives."""
    from panelwright.site import write_book

    comic = compose_site(config)
    out = out or Path("build") / f"comic.{form}"
    write_book(config, out)
    click.echo(out)
    print_problems(comic.diagnostics)


@main.command(name="cast")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("build/cast"), show_default=True)
@config_option
def cast_(out: Path, config: Path) -> None:
    """Draw model sheets: every pose and expression of the cast."""
    from panelwright.assets import Assets
    from panelwright.publish.sheets import write_sheets

    assets = open_site(config).options.assets if config.is_file() else Assets.default()
    for path in write_sheets(assets, out):
        click.echo(path)


@main.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    short_help="Measure this machine or a server: a benchmark file.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def measure(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Measure this machine and write a benchmark file (see --help of its own)."""
    from panelwright.measure.__main__ import main as run

    ctx.exit(run(list(arguments)))


def compose_site(config: Path, only: int | None = None) -> Comic:
    """The site's comic, or one page of it. Problems that leave nothing to show are raised."""
    from panelwright.publish.source import benchmark_files, read_comic

    site = open_site(config)
    comic = read_comic(site.storyboard, site.root, benchmark_files(site.data), site.options)
    comic = replace(comic, diagnostics=tuple(shown_from(site.root, comic.diagnostics)))
    if not comic.pages:
        raise AuthorError(*comic.diagnostics)
    if only is not None:
        pages = tuple(p for p in comic.pages if p.number == only)
        if not pages:
            known = ", ".join(str(p.number) for p in comic.pages)
            raise click.UsageError(f"there is no page {only}; the pages: {known}")
        comic = replace(comic, pages=pages)
    return comic


def print_problems(found: Sequence[Diagnostic]) -> None:
    """What was found while drawing, to stderr; errors make the exit status 1."""
    for d in found:
        click.echo(str(d), err=True)
    if has_errors(found):
        click.get_current_context().exit(AUTHOR)


def counted(number: int, noun: str) -> str:
    """``1 page``, ``2 pages``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


if __name__ == "__main__":
    main()
