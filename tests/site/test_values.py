"""Numbers in prose come from the data, or the build fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from panelwright.publish.values import fill_values


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = {
        "format": "panelwright-benchmark", "version": 1, "title": "T", "kind": "measured", "device": "a toy",
        "date": "2026-01-01",
        "experiments": {
            "work": {
                "title": "Work",
                "facts": {"parameters": 6291456, "note": "words"},
                "model": {"name": "m", "weights": "random", "parameters": 1, "layers": 7},
                "points": [
                    {"at": {"n": 1, "kind": "a b"}, "measures": {"time": {"unit": "ms", "samples": [1, 2, 3]}}},
                    {"at": {"n": 2, "kind": "a b"}, "measures": {"time": {"unit": "ms", "samples": [8] * 400}}},
                    {"at": {"n": 4, "kind": "c, d"}, "measures": {"time": {"unit": "s", "p50": 3.5, "mean": 4}}},
                ],
            },
            "sweep": {
                "title": "Sweep",
                "points": [
                    {"at": {"batch": b}, "measures": {"latency": {"unit": "s", "p50": t},
                                                      "throughput": {"unit": "1/s", "p50": u}}}
                    for b, t, u in ((1, 3.04, 36), (8, 4.7, 190), (32, 6.5, 540), (64, 9.0, 856), (128, 18.5, 858))
                ],
            },
        },
    }  # fmt: skip
    (tmp_path / "toy.json").write_text(json.dumps(file), "utf-8")
    return tmp_path


def words(text: str, data: Path) -> str:
    filled, problems = fill_values(text, "x.md", data, "../data")
    assert not problems
    return re.sub(r"<[^>]+>", "", filled.partition("\n\n<details")[0])


@pytest.mark.parametrize(
    ("mark", "shown"),
    [
        ("{{ value: toy:work[n=1].time }}", "2.00\u00a0ms"),
        ("{{ value: toy:work[n=1, kind=a b].time.p90 }}", "2.80\u00a0ms"),
        ("{{ value: toy:work[n=1].time.mean | digits 2, bare }}", "2.0"),
        ("{{ value: toy:work[kind=c, d, n=4].time.mean }}", "4.00\u00a0s"),
        ("{{ value: toy:work[n=2].time.n }}", "400"),
        ("{{ value: toy:work.facts.parameters | digits 2 }}", "6\u202f300\u202f000"),
        ("{{ value: toy:work.facts.layers | bare }}", "7.00"),
        ("{{ value: toy:work[n=2].time / toy:work[n=1].time }}", "4.00"),
        ("{{ value: 100 * (1 - toy:work[n=1].time / toy:work[n=2].time) | as % }}", "75.0\u00a0%"),
        ("{{ value: toy:work[n=2].time | interval }}", "8.00\u00a0ms (8.00 to 8.00)"),
        ("{{ value: toy:work[n=1].time | interval }}", "2.00\u00a0ms (interval not estimable)"),
        ("{{ value: 6 * 405e9 * 15.6e12 / 1e24 | digits 2 }}", "38"),
        ("{{ let: w = toy:work }}{{ value: w[n=2].time / w[n=1].time }}", "4.00"),
        ("{{ value: toy:sweep.knee.crossing | digits 2 }}", "32"),
        ("{{ value: toy:sweep[until=64].knee.crossing | digits 1 }}", "8"),
        ("{{ value: toy:sweep.knee.power | digits 2 }}", "64"),
        ("{{ claim: toy:sweep.knee.lines < toy:sweep.knee.kneedle | between }}", "between"),
        ("{{ claim: toy:work[n=2].time > 3 * toy:work[n=1].time | more than three times }}", "more than three times"),
    ],
)
def test_a_mark_becomes_what_the_file_says(mark: str, shown: str, data: Path) -> None:
    assert words(mark, data) == shown


def test_a_value_says_where_it_comes_from(data: Path) -> None:
    filled, _ = fill_values("{{ value: toy:work[n=1].time }}", "x.md", data, "../data")
    assert 'value="2"' in filled
    assert 'title="toy.json, work at n=1: time, median of 3; measured, a toy"' in filled
    assert 'title="computed: 2 * 3"' in fill_values("{{ value: 2 * 3 }}", "x.md", data, "../data")[0]


def test_every_number_leads_to_where_it_comes_from_and_back(data: Path) -> None:
    text = "{{ value: toy:work[n=1].time }}, {{ value: 2 * 3 }}, again {{ value: toy:work[n=1].time }}"
    filled, _ = fill_values(text, "x.md", data, "../data")
    prose, _, notes = filled.partition("\n\n<details")
    assert re.findall(r'href="#from-(\d)"', prose) == ["1", "2", "1"]
    assert re.findall(r'id="value-(\d)"', prose) == ["1", "2"]
    first, second = re.findall(r"^1\. .*", notes, re.M)
    assert first == (
        '1. <a id="from-1" href="#value-1">2.00\u00a0ms</a>: [toy.json](../data/toy.json), '
        "work at n=1: time, median of 3; measured, a toy"
    )
    assert second == '1. <a id="from-2" href="#value-2">6.00</a>: computed: 2 &#42; 3'


def test_a_claim_is_quoted_where_its_numbers_are_told(data: Path) -> None:
    text = "{{ claim: toy:work[n=2].time > 3 * toy:work[n=1].time | *far* [more](a.md) }}"
    filled, _ = fill_values(text, "x.md", data, "../data")
    assert '<span class="pw-claim" id="value-1"' in filled
    assert "*far* [more](a.md)</span>" in filled
    assert '<a id="from-1" href="#value-1">“far more”</a>: [toy.json](../data/toy.json), work at n=2' in filled
    assert filled.count("[toy.json]") == 1, "a file is linked once, with all that is taken from it"


def test_a_number_in_a_link_is_no_second_link(data: Path) -> None:
    filled, _ = fill_values("[{{ value: toy:work[n=1].time }}](a.md)", "x.md", data, "../data")
    assert 'href="#from-1"' not in filled
    assert '<span id="value-1"><data' in filled


def test_a_bracket_that_opens_no_link_leaves_a_number_its_link(data: Path) -> None:
    filled, _ = fill_values("In [0, 1) it is {{ value: toy:work[n=1].time }} [so](a.md).", "x.md", data, "../data")
    assert 'href="#from-1"' in filled


def test_a_text_without_numbers_has_no_list_of_them(data: Path) -> None:
    assert fill_values("Words.\n", "x.md", data, "../data") == ("Words.\n", [])


@pytest.mark.parametrize(
    ("mark", "message", "hint"),
    [
        ("{{ value: toi:work[n=1].time }}", "no such data file", "toy.json"),
        ("{{ value: toy:werk[n=1].time }}", "no experiment 'werk'", "work"),
        ("{{ value: toy:work[m=1].time }}", "no field 'm'", "n"),
        ("{{ value: toy:work[n=3].time }}", "no point", "n=4"),
        ("{{ value: toy:work[kind=a b].time }}", "2 points", "n=2"),
        ("{{ value: toy:work[n=1].tyme }}", "no measure 'tyme'", "time"),
        ("{{ value: toy:work[n=4].time.p99 }}", "no 'p99'", "p50"),
        ("{{ value: toy:work.facts.note }}", "no fact 'note'", "parameters"),
        ("{{ value: toy:work[n=1].time + }}", "is no value", "file:experiment"),
        ("{{ value: __import__('os') }}", "is no value", "file:experiment"),
        ("{{ value: toy:sweep.knee.elbow }}", "no knee by the rule 'elbow'", "crossing"),
        ("{{ value: toy:sweep[batch=8].knee.power }}", "whole sweep", "until"),
        ("{{ value: toy:work.knee.power }}", "no latency and throughput", "sweep"),
        ("{{ let: w }}", "names nothing", "let"),
        ("{{ value: toy:work[n=1].time | loud }}", "no form", "digits"),
        ("{{ value: 1 / (toy:work[n=1].time - 2) }}", "divides by zero", ""),
        ("{{ claim: toy:work[n=1].time > toy:work[n=2].time | slower }}", "the data says otherwise", "measure again"),
        ("{{ claim: toy:work[n=1].time > 1 }}", "what to write", "words"),
    ],
)
def test_what_the_data_does_not_say_is_an_error_at_its_place(
    mark: str, message: str, hint: str, data: Path
) -> None:  # fmt: skip
    filled, (problem,) = fill_values(f"one\n  two {mark} three\n", "x.md", data, "../data")
    assert (problem.path, problem.line, problem.column, problem.severity) == ("x.md", 2, 7, "error")
    assert message in problem.message
    assert hint in problem.hint
    assert mark in filled


def test_code_is_left_alone(data: Path) -> None:
    text = "`{{ value: a:b.c }}`\n\n```text\n{{ value: a:b.c }}\n```\n\n~~~~\n{{ claim: a:b.c }}\n~~~~\n"
    assert fill_values(text, "x.md", data, "../data") == (text, [])


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("Words {{ value: toy:work[n=1].time }.", "is not closed", "}}"),
        ("Words {{ valeu: toy:work[n=1].time }}.", "no mark 'valeu'", "did you mean 'value'?"),
    ],
)
def test_what_was_meant_as_a_mark_is_not_printed_as_it_stands(text: str, message: str, hint: str, data: Path) -> None:
    (problem,) = fill_values("# T\n\n" + text, "x.md", data, "../data")[1]
    assert (problem.line, problem.column, problem.severity) == (3, 7, "error")
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize("text", ["`{{ value: x }`", "{{ page.title }}", "{{ config: x }}", "a {{ b"])
def test_what_is_for_others_is_left_to_them(text: str, data: Path) -> None:
    assert fill_values(text, "x.md", data, "../data") == (text, [])
