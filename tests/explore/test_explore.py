"""Explorables: complete as pictures, right by hand-made examples, drawn from the data."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from panelwright.benchdata import BenchmarkError, BenchmarkFile, Machine, Shape, interval, load_benchmark
from panelwright.cache import Cache
from panelwright.diagnostics import AuthorError
from panelwright.explore import DRAW, draw_explorable, explorable_names, roofline
from panelwright.explore.knee import RULES, judge
from panelwright.explore.padding import ORDERS, draw_lengths, waste
from panelwright.explore.plot import Scale, num
from panelwright.explore.quantise import BITS, BLOCKS, draw_weights, error, rounded, steps
from panelwright.explore.roofline import Pair
from panelwright.explore.tail import least
from panelwright.publish.figures import explorable_html
from panelwright.publish.prose import typst_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs" / "data"
SCRIPTS = ROOT / "plugins" / "panelwright" / "theme" / "assets" / "panelwright" / "explore"


@pytest.mark.parametrize("name", explorable_names())
def test_every_explorable_is_complete_without_its_script(name: str) -> None:
    found = draw_explorable(name, DATA).drawn
    roots = [ElementTree.fromstring(svg) for svg in found.plots]
    assert [r.get("class").split()[1] for r in roots[:2]] == ["pw-plot--wide", "pw-plot--narrow"]
    assert [r for r in roots if r.get("hidden") is None] == roots[:2]  # of several cases the first is shown
    assert all("var(--pw-" in svg for svg in found.plots)
    assert any(c.isdigit() for c in found.says)
    assert len(found.rows) >= 3
    assert all(len(row) == len(found.columns) for row in found.rows)
    assert set(found.kinds) <= {"measured", "published", "illustration"}
    assert found.conditions


@pytest.mark.parametrize("name", explorable_names())
def test_the_book_takes_one_picture_and_no_numbers_of_the_script(name: str, tmp_path: Path) -> None:
    found = draw_explorable(name, DATA)
    typst = typst_of(explorable_html(found), "dive", tmp_path, "")
    assert [p.name for p in tmp_path.glob("*.svg")] == ["dive-1.svg"]
    assert 'viewBox="0 0 640' in (tmp_path / "dive-1.svg").read_text("utf-8")
    assert found.title in typst
    assert next(iter(found.drawn.numbers)) + r"\"" not in typst


def test_every_name_draws_and_has_a_script() -> None:
    assert set(explorable_names()) == set(DRAW)
    assert {p.stem for p in SCRIPTS.glob("*.js")} == {*DRAW, "common"}


def test_scripts_are_small() -> None:
    sizes = {p.stem: len(gzip.compress(p.read_bytes(), 9)) for p in SCRIPTS.glob("*.js")}
    assert max(sizes.values()) < 12_000
    assert sum(sizes.values()) < 60_000


def test_marks_have_names_of_their_own() -> None:
    for name in explorable_names():
        for svg in draw_explorable(name, DATA).drawn.plots:
            marks = [e.get("data-mark") for e in ElementTree.fromstring(svg).iter() if e.get("data-mark")]
            assert len(marks) == len(set(marks))


def test_an_unknown_name_says_where_and_what_is_near() -> None:
    with pytest.raises(AuthorError) as caught:
        draw_explorable("padd", DATA, ("deep-dives/05.md", 12, 1))
    found = caught.value.diagnostics[0]
    assert (found.path, found.line, found.code) == ("deep-dives/05.md", 12, "explore-unknown")
    assert "padding" in found.hint


def test_a_missing_data_file_is_an_authors_error(tmp_path: Path) -> None:
    with pytest.raises(AuthorError) as caught:
        draw_explorable("tail", tmp_path)
    assert caught.value.diagnostics[0].code == "data-missing"


def test_other_data_draws_another_picture_and_is_not_taken_from_the_cache(tmp_path: Path) -> None:
    for path in DATA.glob("*.json"):
        shutil.copy(path, tmp_path)
    cache = Cache(tmp_path / "cache")
    before = draw_explorable("knee", tmp_path, store=cache)
    assert draw_explorable("knee", tmp_path, store=cache) == replace(before, drawn=_as_stored(before.drawn))
    path = tmp_path / "published-sweep-a6000.json"
    raw = json.loads(path.read_text("utf-8"))
    raw["experiments"]["batch_sweep"]["points"][2]["measures"]["throughput"]["value"] = 100
    path.write_text(json.dumps(raw), "utf-8")
    after = draw_explorable("knee", tmp_path, store=cache)
    assert after.drawn.plots != before.drawn.plots
    assert after.drawn.rows != before.drawn.rows


def _as_stored(drawn):  # type: ignore[no-untyped-def]
    """JSON has lists only; the numbers are JSON in the page anyway."""
    return replace(drawn, numbers=json.loads(json.dumps(drawn.numbers)))


def test_padding_is_what_a_hand_counts() -> None:
    assert waste([1, 3, 2, 2], 2, ORDERS[0]) == pytest.approx(1 - 8 / 10)
    assert waste([1, 3, 2, 2], 2, ORDERS[1]) == pytest.approx(1 - 8 / 10)
    assert waste([1, 3, 1, 3], 2, ORDERS[1]) == 0
    assert waste([5, 1, 9], 1, ORDERS[0]) == 0


@pytest.mark.parametrize("seed", range(20))
def test_sorting_never_pads_more(seed: int) -> None:
    lengths = draw_lengths(32, 2, 32, seed)
    assert all(2 <= v <= 32 for v in lengths)
    for batch in (2, 4, 8, 16, 32):
        assert waste(lengths, batch, ORDERS[1]) <= waste(lengths, batch, ORDERS[0])


def test_a_step_on_the_roofline_by_hand() -> None:
    shape = Shape(layers=2, width=5, layer_weights=60, head_weights=40, weight_bytes=2, kv_bytes=8)
    file = load_benchmark(DATA / "published-ceilings.json")
    pair = Pair("m", Machine(bandwidth=100, flops=1000), "tiny", shape, file)
    assert pair.machine.ridge == 10
    assert shape.decode_step(1, 10) == (200 + 400, 200 + 80)
    assert pair.limit(1, 10) == "memory"
    assert pair.rate(1, 10) == pytest.approx(1 / 2.8)
    assert shape.decode_step(100, 1) == (24_000, 200 + 800)
    assert pair.limit(100, 1) == "arithmetic"
    assert pair.rate(100, 1) == pytest.approx(100 / 24)


def test_a_measured_machine_shows_its_products_beside_the_roof(tmp_path: Path) -> None:
    rates = [{"at": {"intensity": c / 2}, "measures": {"rate": {"unit": "GFLOP/s", "samples": [c, 3 * c]}}}
             for c in (1, 2, 4)]  # fmt: skip
    ceilings = [{"at": {"what": "float32"}, "measures": {"rate": {"unit": "GFLOP/s", "samples": [90, 110]}}},
                {"at": {"what": "copy"}, "measures": {"bandwidth": {"unit": "GB/s", "samples": [9, 11]}}}]  # fmt: skip
    experiments = {"ceilings": {"title": "C", "points": ceilings}, "roofline": {"title": "R", "points": rates}}
    raw = {"format": "panelwright-benchmark", "version": 2, "title": "T", "kind": "measured",
           "device": "A small machine", "date": "2026-01-01", "experiments": experiments}  # fmt: skip
    (tmp_path / "mine.json").write_text(json.dumps(raw), "utf-8")
    given = {
        "label": "mine",
        "file": "mine.json",
        "experiment": "ceilings",
        "flops": {"what": "float32"},
        "bandwidth": {"what": "copy"},
        "points": "roofline",
        "model": "tiny",
        "shape": {"layers": 2, "width": 5, "layer_weights": 60, "head_weights": 40, "weight_bytes": 4, "kv_bytes": 8},
    }

    def load(name: str) -> BenchmarkFile:
        return load_benchmark(tmp_path / name)

    drawn = roofline.draw({"batch": 1, "context": 128, "machines": [given]}, load)
    found = roofline.pair(given, load)
    assert found.machine == Machine(bandwidth=10e9, flops=100e9)
    assert found.points == [(0.5, 2e9), (1, 4e9), (2, 8e9)]
    assert drawn.kinds == ("measured",)
    assert "measured products" in drawn.plots[0]
    assert "A small machine" in drawn.conditions
    with pytest.raises(BenchmarkError, match="has no rate at"):
        roofline.pair({**given, "flops": {"what": "float16"}}, load)


def test_the_title_of_the_roofline_holds() -> None:
    """More requests: more operations for every byte. Longer contexts, at many requests: fewer."""
    rows = draw_explorable("roofline", DATA).drawn.rows
    by = {(r[0], r[1], r[2]): float(r[3]) for r in rows}
    for machine in {r[0] for r in rows}:
        assert by[machine, "1", "512"] < by[machine, "8", "512"] < by[machine, "64", "512"] < by[machine, "512", "512"]
        assert by[machine, "64", "8\u202f192"] < by[machine, "64", "512"]


@pytest.mark.parametrize("q", [1, 50, 75, 90, 95, 99])
def test_the_least_sample_is_just_enough(q: float) -> None:
    n = least(q)
    assert interval([float(v) for v in range(n)], q) is not None
    assert interval([float(v) for v in range(n - 1)], q) is None


def test_the_published_knee_moves_with_the_end_of_the_sweep() -> None:
    experiment = load_benchmark(DATA / "published-sweep-a6000.json").experiment("batch_sweep")
    batch, latency = zip(*experiment.series("batch", "latency"), strict=True)
    throughput = [v for _, v in experiment.series("batch", "throughput")]
    assert judge(RULES[0], batch, latency, throughput, 0) == 32
    assert judge(RULES[0], batch[:4], latency[:4], throughput[:4], 0) == 8
    assert judge(RULES[1], batch[:4], latency[:4], throughput[:4], 0) == 32
    assert judge(RULES[3], batch, latency, throughput, 9.0) == 64
    assert judge(RULES[3], batch, latency, throughput, 1.0) is None


@pytest.mark.parametrize(
    ("name", "experiment", "measures"),
    [
        ("tail", "request_latency", {"ttft": {"unit": "ms", "p50": 1}}),
        ("knee", "batch_sweep", {"latency": {"unit": "ms", "p50": 0}, "throughput": {"unit": "requests/s", "p50": 0}}),
    ],
)
def test_a_file_with_other_measures_is_told_at_the_explorable_s_place(
    name: str, experiment: str, measures: dict[str, object], tmp_path: Path
) -> None:
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    raw = json.loads((DATA / "quick-cpu.json").read_text("utf-8"))
    for point in raw["experiments"][experiment]["points"]:
        point["measures"] = measures
    (tmp_path / "quick-cpu.json").write_text(json.dumps(raw), "utf-8")
    with pytest.raises(AuthorError) as caught:
        draw_explorable(name, tmp_path, ("dive.md", 7, 1))
    (problem,) = caught.value.diagnostics
    assert (problem.path, problem.line, problem.code) == ("dive.md", 7, "explore-data")


def test_rounding_by_hand() -> None:
    assert steps([0.3, -0.7], 4) == pytest.approx(0.1)
    assert rounded([0.3, -0.7, 0.24, 14.0, 1.0, 2.4], 4, 3) == pytest.approx([0.3, -0.7, 0.2, 14.0, 2.0, 2.0])
    assert error([3.0, 4.0], [3.0, 4.0]) == 0
    assert error([3.0, 4.0], [3.0, 3.0]) == pytest.approx(1 / 5)


@pytest.mark.parametrize("seed", range(5))
def test_each_bit_less_about_doubles_the_error(seed: int) -> None:
    weights = draw_weights(2048, seed)
    for block in (*BLOCKS, 2048):
        errors = [error(weights, rounded(weights, bits, block)) for bits in BITS]
        assert all(1.85 < a / b < 3.1 for a, b in pairwise(errors)), (block, errors)


def test_places_are_rounded_as_the_script_rounds() -> None:
    assert [num(v) for v in (0.25, 0.35, -0.04, 12.0, 1.96, -2.25)] == ["0.3", "0.4", "0", "12", "2", "-2.2"]
    x = Scale("log", 1, 100, 0, 10)
    assert (x(1), x(10), x(100)) == pytest.approx((0, 5, 10))
