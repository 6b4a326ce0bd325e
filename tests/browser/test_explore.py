"""Explorables in a browser: the script says at every setting what Python says, and takes nothing away."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from panelwright.benchdata import load_benchmark
from panelwright.benchdata.figures import figure, whole
from panelwright.explore import draw_explorable, explorable_names
from panelwright.explore import knee as k
from panelwright.explore import padding as p
from panelwright.explore import quantise as q
from panelwright.explore import roofline as r
from panelwright.explore import tail as t

pytestmark = pytest.mark.browser
DATA = Path(__file__).parents[2] / "docs" / "data"
SAYS = """([name, settings]) => {
  const figure = document.querySelector(`[data-explore=${name}]`), said = [];
  const controls = [...figure.querySelectorAll(".pw-explore__slide input, .pw-explore__choice")];
  for (const setting of settings) {
    setting.forEach((at, i) => {
      const input = controls[i].matches("input") ? controls[i] : controls[i].querySelectorAll("input")[at];
      if (input.type === "range") { input.value = at; input.dispatchEvent(new Event("input")); }
      else { input.checked = true; input.dispatchEvent(new Event("change")); }
    });
    said.push(figure.querySelector("output").textContent);
  }
  return said;
}"""


def load(name: str) -> Any:
    return load_benchmark(DATA / name)


def numbers(name: str) -> Any:
    return json.loads(json.dumps(draw_explorable(name, DATA).drawn.numbers))


def check(v: Any, name: str, expected: dict[tuple[int, ...], str]) -> None:
    """Settings are positions of the controls, in their order."""
    said = v.page.evaluate(SAYS, [name, [list(s) for s in expected]])
    assert dict(zip(expected, said, strict=True)) == expected


def specification(name: str) -> Any:
    from panelwright.explore import _specifications

    return _specifications()[name]


def test_the_script_changes_nothing_until_the_reader_does(visit: Callable[..., Any]) -> None:
    with visit("explore/", 1440) as v:
        for name in explorable_names():
            figure = v.page.locator(f"#explore-{name}")
            figure.locator("output").wait_for()
            pictures = [
                figure.locator(f".pw-explore__{part} svg").evaluate_all("all => all.map(svg => svg.innerHTML)")
                for part in ("static", "live")
            ]
            assert pictures[0] == pictures[1], name
            assert figure.locator("output").inner_text() == figure.locator("p").text_content()
            assert not figure.locator(".pw-explore__static").is_visible()
        assert v.trouble == []


def test_padding_says_what_python_says(visit: Callable[..., Any]) -> None:
    n = numbers("padding")
    with visit("explore/", 1440) as v:
        check(v, "padding", {(i, j): p.says(n["lengths"], size, order)
                             for i, size in enumerate(n["sizes"]) for j, order in enumerate(p.ORDERS)})  # fmt: skip


def test_the_roofline_says_what_python_says(visit: Callable[..., Any]) -> None:
    machines = [r.pair(given, load) for given in specification("roofline")["machines"]]
    with visit("explore/", 1440) as v:
        for case, machine in enumerate(machines):
            which = (case,) if len(machines) > 1 else ()
            check(v, "roofline", {(*which, i, j): r.says(machine, batch, context)
                                  for i, batch in enumerate(r.BATCHES)
                                  for j, context in enumerate(r.CONTEXTS)})  # fmt: skip


def test_the_tail_says_what_python_says(visit: Callable[..., Any]) -> None:
    n = numbers("tail")
    samples, sizes = n["samples"], n["sizes"]
    with visit("explore/", 1440) as v:
        module = v.address + "assets/panelwright/explore/tail.js"
        for at, size in enumerate(sizes):
            drawn = v.page.evaluate(
                "([url, all, n]) => import(url).then(m => m.drawn(all, n, 9973 + n))", [module, samples, size]
            )
            assert len(drawn) == size
            assert set(drawn) <= set(samples)
            check(v, "tail", {(i, at): t.says(drawn, quantile, n["unit"]) for i, quantile in enumerate(t.QUANTILES)})


def test_another_sample_is_another_one(visit: Callable[..., Any]) -> None:
    with visit("explore/", 1440) as v:
        tail = v.page.locator("#explore-tail")
        assert tail.locator("button").is_disabled()  # all there are: there is no other
        tail.locator("input").nth(1).fill("2")
        before = tail.locator("output").inner_text()
        tail.locator("button").click()
        assert tail.locator("output").inner_text() != before
        assert "not estimable" in before  # P99 of fifty requests


def test_the_knee_says_what_python_says(visit: Callable[..., Any]) -> None:
    sweeps = [k._sweep(given, load) for given in specification("knee")["sweeps"]]
    with visit("explore/", 1440) as v:
        for case, sweep in enumerate(sweeps):
            expected = {}
            for rule, name in enumerate(k.RULES):
                limit = numbers("knee")["sweeps"][case]["limit"]
                for end in range(len(sweep.batch) - k.FEWEST + 1):
                    expected[case, rule, end] = k.says(sweep, end + k.FEWEST, name, limit)
            check(v, "knee", expected)
        v.page.evaluate(SAYS, ["knee", [[0, 3, len(sweeps[0].batch) - k.FEWEST]]])
        line = v.page.locator("#explore-knee .pw-explore__live svg >> visible=true").locator("[data-mark=helper]")
        assert line.get_attribute("d").count("L") == 1  # the limit, from side to side
        slider = v.page.locator("#explore-knee input[type=range]").nth(1)
        for step in range(int(slider.get_attribute("max")) + 1):
            slider.fill(str(step))
            limit = float(slider.get_attribute("aria-valuetext").split()[0])
            said = v.page.locator("#explore-knee output").text_content()
            assert said == k.says(sweeps[0], len(sweeps[0].batch), k.RULES[3], limit)


def test_rounding_says_what_python_says(visit: Callable[..., Any]) -> None:
    n = numbers("quantise")
    plain = [w / 1000 for w in n["weights"]]
    with visit("explore/", 1440) as v:
        module = v.address + "assets/panelwright/explore/quantise.js"
        far = v.page.evaluate("([url, w, n, far]) => import(url).then(m => m.withOutliers(w, n, far))",
                              [module, plain, n["outliers"], n["outlier"]])  # fmt: skip
        assert sorted(set(far) - set(plain)) == [-n["outlier"], n["outlier"]]
        check(v, "quantise", {(i, j, which): q.says(weights, bits, block)
                              for i, bits in enumerate(n["bits"]) for j, block in enumerate(n["blocks"])
                              for which, weights in enumerate((plain, far))})  # fmt: skip


def test_numbers_are_written_alike(visit: Callable[..., Any]) -> None:
    """Halves too: measured values of four digits often end in one."""
    values = [
        20.25,
        20.35,
        0.125,
        2.675,
        1234.5,
        12345.0,
        999.5,
        99.95,
        0.00012345,
        1e6,
        64,
        3.0,
        -20.25,
        0,
        99.96,
        9.996,
    ]
    with visit("explore/", 1440) as v:
        module = v.address + "assets/panelwright/explore/common.js"
        for name, mine in (("figure", figure), ("whole", whole), ("figure", partial(figure, digits=2))):
            digits = [2] if isinstance(mine, partial) else []
            given: Sequence[float] = [round(x) for x in values] if name == "whole" else values
            theirs = v.page.evaluate("([url, f, all, d]) => import(url).then(m => all.map(x => m[f](x, ...d)))",
                                     [module, name, given, digits])  # fmt: skip
            assert theirs == [mine(x) for x in given]


def test_keys_move_a_slider_and_not_the_page(visit: Callable[..., Any]) -> None:
    with visit("page-2/", 1440) as v:
        slider = v.page.get_by_label("The sweep ends at a batch of")
        slider.focus()
        assert "batch of 32," in v.page.locator("output").inner_text()
        v.page.keyboard.press("ArrowLeft")
        assert slider.get_attribute("aria-valuetext") == "64"
        assert "batch of 8," in v.page.locator("output").inner_text()
        assert v.page.url.endswith("/page-2/")
        v.page.get_by_label("power").focus()
        v.page.keyboard.press("ArrowRight")
        assert v.page.is_checked("text=kneedle")
        assert v.trouble == []


def test_instant_navigation_wakes_it_once_and_again(visit: Callable[..., Any]) -> None:
    with visit("page-1/", 1440) as v:
        v.page.wait_for_load_state("networkidle")
        for _ in range(2):
            v.page.keyboard.press("ArrowRight")
            v.page.wait_for_selector("#explore-knee.is-live output")
            v.page.wait_for_timeout(200)
            assert v.page.locator(".pw-explore__live").count() == 1
            v.page.keyboard.press("ArrowLeft")
            v.page.wait_for_selector("h1:has-text('Title of 1')")
        assert v.trouble == []


def test_dragging_over_the_plot(visit: Callable[..., Any]) -> None:
    with visit("explore/", 1440) as v:
        for name, share, expected in (
            ("knee", 0.86, "ends at 64"),
            ("tail", 0.2, "the mean is"),
            ("roofline", 0.7, "the limit"),
        ):
            plot = v.page.locator(f"#explore-{name} .pw-explore__live svg >> visible=true")
            plot.scroll_into_view_if_needed()
            box = plot.bounding_box()
            before = v.page.locator(f"#explore-{name} output").inner_text()
            v.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
            v.page.mouse.down()
            v.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=5)
            v.page.mouse.up()
            said = v.page.locator(f"#explore-{name} output").inner_text()
            assert expected in said
            assert said != before
            v.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
            assert v.page.locator(f"#explore-{name} output").inner_text() == said  # let go


def test_touch_on_a_phone(chromium: Any, address: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + "explore/")
    for name in explorable_names():
        wide, narrow = (
            page.locator(f"#explore-{name} .pw-explore__live .pw-plot--{s}").first for s in ("wide", "narrow")
        )
        assert (wide.is_visible(), narrow.is_visible()) == (False, True)
        for control in page.locator(
            f"#explore-{name} :is(input[type=range], .pw-seg label, button) >> visible=true"
        ).all():
            assert control.bounding_box()["height"] >= 40, name
    plot = page.locator("#explore-knee .pw-explore__live svg >> visible=true")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
    assert "ends at 32" in page.locator("#explore-knee output").inner_text()
    context.close()


def test_print_shows_the_picture_that_was_built(visit: Callable[..., Any]) -> None:
    with visit("explore/", 1440) as v:
        figure = v.page.locator("#explore-padding")
        figure.locator("input").first.fill("0")
        v.page.emulate_media(media="print")
        v.page.set_viewport_size({"width": 700, "height": 900})  # A4 less its margins
        shown = figure.locator(".pw-explore__static svg >> visible=true")
        assert [shown.count(), shown.first.get_attribute("class")] == [1, "pw-plot pw-plot--wide"]
        assert figure.locator(".pw-explore__static p").inner_text() == draw_explorable("padding", DATA).drawn.says
        assert not figure.locator(".pw-explore__live").is_visible()


def test_without_scripts_the_picture_and_its_words_are_there(chromium: Any, address: str) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "explore/")
    for name in explorable_names():
        figure = page.locator(f"#explore-{name}")
        assert figure.locator("svg >> visible=true").count() == 1
        assert figure.locator("p").inner_text() == draw_explorable(name, DATA).drawn.says
        assert figure.locator("input, button, template >> visible=true").count() == 0
    context.close()
