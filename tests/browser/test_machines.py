"""Choosing the machine of a chart: by keyboard and by touch, with everything that is said of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

pytestmark = pytest.mark.browser
CHART = "#chart-batch-latency"


def seen(v: Any, chart: str = CHART) -> dict[str, str]:
    """What a reader sees of a chart; there is one of each."""
    parts = {"picture": ".pw-fig__art", "badge": ".pw-prov", "conditions": "figcaption", "link": "figcaption a"}
    found = {name: v.page.locator(f"{chart} {where} >> visible=true") for name, where in parts.items()}
    assert {name: one.count() for name, one in found.items()} == dict.fromkeys(parts, 1)
    shown = {name: one.inner_text() for name, one in found.items() if name != "picture"}
    return {**shown, "picture": found["picture"].get_attribute("aria-label")}


def rows(v: Any, chart: str = CHART) -> list[str]:
    v.page.locator(f"{chart} summary >> visible=true").click()
    return list(v.page.locator(f"{chart} td >> visible=true").all_inner_texts())


@pytest.mark.parametrize(("width", "dark"), [(1440, True), (390, False)])
def test_the_keyboard_chooses_and_all_of_it_changes(visit: Callable[..., Any], width: int, dark: bool) -> None:
    with visit("machines/", width, dark=dark) as v:
        before, table = seen(v), rows(v)
        assert (before["badge"], before["link"]) == ("Measured", "quick-cpu.json")
        v.page.locator(f"{CHART} input").first.focus()
        v.page.keyboard.press("ArrowDown")
        after = seen(v)
        assert (after["badge"], after["link"]) == ("Published", "published-sweep-a6000.json")
        assert "NVIDIA RTX A6000" in after["conditions"]
        assert after["picture"] != before["picture"]
        assert rows(v) != table
        assert v.page.evaluate("document.documentElement.scrollWidth") <= width
        v.page.keyboard.press("Shift+Tab")
        assert v.page.url.endswith("/machines/")
        assert v.trouble == []


def test_title_choice_and_picture_stand_in_that_order(visit: Callable[..., Any]) -> None:
    for width in (390, 1440):
        with visit("machines/", width) as v:
            parts = [".pw-fig__h", "label", ".pw-fig__art", "figcaption", "details"]
            boxes = [v.page.locator(f"{CHART} {part} >> visible=true").first.bounding_box() for part in parts]
            assert all(a["y"] + a["height"] <= b["y"] + 1 for a, b in pairwise(boxes))
            labels = [label.bounding_box() for label in v.page.locator(f"{CHART} label").all()]
            assert all(box["height"] >= 44 for box in labels)
            assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in labels)


def test_a_choice_holds_for_the_charts_of_the_page_that_have_it(visit: Callable[..., Any]) -> None:
    with visit("machines/", 1440) as v:
        v.page.click(f"{CHART} label:has-text('full suite')")
        assert [seen(v, chart)["link"] for chart in (CHART, "#chart-matmul-rate")] == ["two-core-cpu.json"] * 2
        v.page.click(f"{CHART} label:has-text('A6000')")
        assert seen(v, "#chart-matmul-rate")["link"] == "two-core-cpu.json"  # which the A6000's file cannot draw


def test_it_works_after_instant_navigation(visit: Callable[..., Any]) -> None:
    with visit("page-1/", 1440) as v:
        v.page.wait_for_load_state("networkidle")
        v.page.click("[data-pw=next]")
        v.page.wait_for_selector("h1:has-text('Title of 2')")
        chart = "#chart-matmul-rate"
        assert seen(v, chart)["link"] == "quick-cpu.json"
        v.page.click(f"{chart} label:has-text('full suite')")
        assert seen(v, chart)["link"] == "two-core-cpu.json"
        assert v.trouble == []


def test_a_finger_chooses_without_scripts(chromium: Any, address: str) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(address + "machines/")
    page.locator(f"{CHART} label:has-text('A6000')").tap()
    assert page.locator(f"{CHART} figcaption a >> visible=true").inner_text() == "published-sweep-a6000.json"
    context.close()


def test_print_shows_the_charts_own_machine_whatever_was_chosen(visit: Callable[..., Any]) -> None:
    with visit("machines/", 1440) as v:
        v.page.click(f"{CHART} label:has-text('A6000')")
        v.page.emulate_media(media="print")
        assert seen(v)["link"] == "quick-cpu.json"
        assert v.page.locator(f"{CHART} label >> visible=true").count() == 0
