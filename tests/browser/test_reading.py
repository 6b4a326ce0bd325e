"""What a reader sees: the right edition, words one can select, nothing that falls off the side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PATHS = ("", "cover/", "page-1/", "notes/", "storyboard/", "explore/", "machines/")


@pytest.mark.parametrize(("width", "dark"), [(390, True), (768, False), (1280, True), (1440, True)])
def test_nothing_falls_off_and_nothing_breaks(visit: Callable[..., Any], width: int, dark: bool) -> None:
    with visit("", width, dark=dark) as v:
        for path in PATHS:
            v.go(path)
            assert v.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert v.trouble == []


@pytest.mark.parametrize("width", [960, 1024, 1100, 1280, 1366])
def test_the_bar_holds_a_site_of_eight_parts(visit: Callable[..., Any], width: int) -> None:
    parts = ["Read", "Cast", "Numbers", "Glossary", "Storyboard", "Authoring", "Measuring", "Credits"]
    with visit("page-1/", width) as v:
        v.page.evaluate(
            "parts => { const nav = document.querySelector('.pw-nav');"
            "nav.innerHTML = parts.map(p => `<a href='#'>${p}</a>`).join('') }",
            parts,
        )
        assert v.page.evaluate("document.documentElement.scrollWidth") <= width
        menu = v.page.locator(".md-header label[for=__drawer]")
        assert v.page.locator(".pw-nav").is_visible() != menu.is_visible(), "either the parts or the menu"


@pytest.mark.parametrize(
    ("width", "shown", "hidden"), [(390, "phone", "page"), (720, "page", "phone"), (1440, "page", "phone")]
)
def test_the_edition_that_fits_is_shown(visit: Callable[..., Any], width: int, shown: str, hidden: str) -> None:
    with visit("page-1/", width) as v:
        assert v.page.locator(f".pw-sheet--{shown} .frame").first.is_visible()
        assert not v.page.locator(f".pw-sheet--{hidden} .frame").first.is_visible()
        box = v.page.locator(f".pw-sheet--{shown} .frame").first.bounding_box()
        assert box["width"] > width * 0.5


@pytest.mark.parametrize("width", [390, 1440])
def test_panels_are_painted(visit: Callable[..., Any], width: int) -> None:
    """A gradient in a hidden SVG would leave them black."""
    with visit("page-1/", width) as v:
        box = v.page.locator(".pw-sheet .frame >> visible=true").first.bounding_box()
        clip = {"x": box["x"] + 10, "y": box["y"] + box["height"] / 2, "width": 4, "height": 4}
        from io import BytesIO

        from PIL import Image

        red, green, blue = Image.open(BytesIO(v.page.screenshot(clip=clip))).convert("RGB").getpixel((1, 1))
        assert blue > 200
        assert green > 150 > red


@pytest.mark.parametrize("width", [390, 1440])
def test_words_on_the_art_can_be_selected(visit: Callable[..., Any], width: int) -> None:
    with visit("page-1/", width) as v:
        text = v.page.locator(".pw-sheet text >> visible=true").first
        box = text.bounding_box()
        v.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
        v.page.mouse.down()
        v.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=8)
        v.page.mouse.up()
        assert "Words 1.1" in v.page.evaluate("getSelection().toString()")


def test_arrow_keys_turn_the_page_and_leave_fields_alone(visit: Callable[..., Any]) -> None:
    with visit("page-1/", 1440) as v:
        v.page.keyboard.press("ArrowRight")
        v.page.wait_for_url("**/page-2/")
        v.page.wait_for_selector("h1:has-text('Title of 2')")
        v.page.keyboard.press("ArrowLeft")
        v.page.wait_for_url("**/page-1/")
        v.page.wait_for_selector("h1:has-text('Title of 1')")
        v.page.locator("[name=query]").focus()
        v.page.keyboard.press("ArrowRight")
        v.page.wait_for_timeout(300)
        assert v.page.url.endswith("/page-1/")
        assert v.trouble == []


def test_arrow_keys_move_what_is_wider_than_its_box(visit: Callable[..., Any]) -> None:
    """A chart on a phone, or magnified: it has the focus, and the page stays."""
    chart = ".pw-fig__art[tabindex] >> visible=true"
    with visit("page-2/", 390) as v:
        v.page.locator(chart).first.focus()
        v.page.keyboard.press("ArrowRight")
        v.page.wait_for_function("document.activeElement.scrollLeft > 0")
        v.page.keyboard.press("ArrowLeft")
        v.page.wait_for_timeout(300)
        assert v.page.url.endswith("/page-2/")
    with visit("page-2/", 1440) as v:
        v.page.locator(chart).first.focus()
        v.page.keyboard.press("ArrowLeft")
        v.page.wait_for_url("**/page-1/")


def test_the_bar_follows_instant_navigation(visit: Callable[..., Any]) -> None:
    with visit("page-1/", 1440) as v:
        assert v.page.locator(".pw-nav [aria-current]").inner_text() == "Read"
        v.page.click(".pw-nav >> text=Notes")
        v.page.wait_for_selector("h1:has-text('Notes')")
        assert v.page.locator(".pw-nav [aria-current]").inner_text() == "Notes"
        v.page.click(".pw-brand")
        v.page.wait_for_selector(".pw-hero")
        assert v.trouble == []


def test_the_transcript_has_three_levels_and_remembers(visit: Callable[..., Any]) -> None:
    with visit("page-1/", 1440) as v:
        brief, full = v.page.locator(".pw-words .brief").first, v.page.locator(".pw-words .full").first
        assert (brief.is_visible(), full.is_visible()) == (True, False)
        v.page.check("[value=full]", force=True)
        assert (brief.is_visible(), full.is_visible()) == (False, True)
        v.page.check("[value=dialogue]", force=True)
        assert (brief.is_visible(), full.is_visible()) == (False, False)
        v.go("page-2/")
        assert v.page.is_checked("[value=dialogue]")


def test_paper_is_white_and_the_words_on_it_dark(visit: Callable[..., Any]) -> None:
    """Browsers print no backgrounds: the night's colours would be white on white."""
    with visit("page-1/", 1440) as v:
        assert v.page.locator("body").get_attribute("data-md-color-scheme") == "night"
        v.page.emulate_media(media="print")
        for what in ("h1", "#dive", ".pw-dive__text p", ".pw-words p"):
            colour = v.page.locator(what).first.evaluate("e => getComputedStyle(e).color")
            assert max(map(int, colour[4:-1].split(","))) < 0x80, what


def test_a_linked_panel_gets_the_bracket(visit: Callable[..., Any]) -> None:
    with visit("page-1/#p1-2", 1440) as v:
        marked = v.page.locator(".pw-spot.is-on >> visible=true")
        assert marked.count() == 1
        assert marked.get_attribute("data-panel") == "p1-2"


def test_search_opens_the_panel(visit: Callable[..., Any]) -> None:
    with visit("", 1440) as v:
        v.page.wait_for_load_state("networkidle")
        v.page.click("[name=query]")
        v.page.keyboard.type("Inference")
        hit = v.page.locator(".md-search-result__link[href*='#p1-1']").first
        hit.wait_for(state="visible")
        hit.click()
        v.page.wait_for_selector("h3#p1-1")
        assert v.page.url.split("?")[0].endswith("/page-1/") or "#p1-1" in v.page.url
        assert v.trouble == []


def test_the_switch_of_schemes(visit: Callable[..., Any]) -> None:
    with visit("page-1/", 1440) as v:
        before = v.page.evaluate("getComputedStyle(document.body).backgroundColor")
        v.page.locator("[data-md-component=palette] label >> visible=true").first.click()
        v.page.wait_for_function(f"getComputedStyle(document.body).backgroundColor !== {before!r}")


def test_without_scripts_all_can_be_read(chromium: Any, address: str, tmp_path: Path) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "page-1/")
    assert page.locator(".pw-sheet--page .frame").first.is_visible()
    assert page.locator("text=Inference.").first.is_visible()
    page.click("[data-pw=next]")
    assert page.locator("h1:has-text('Title of 2')").is_visible()
    context.close()


def test_a_number_opens_the_list_of_where_it_comes_from(visit: Callable[..., Any]) -> None:
    with visit("values/", 390) as v:
        row = v.page.get_by_text("request_latency: latency, p99")
        assert not row.is_visible()
        v.page.locator(".pw-from").focus()
        v.page.keyboard.press("Enter")
        row.wait_for(state="visible")
        assert (
            v.page.get_by_role("link", name="quick-cpu.json").evaluate("a => a.href").endswith("/data/quick-cpu.json")
        )
