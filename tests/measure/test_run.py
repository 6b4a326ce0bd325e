"""A run writes a whole file, keeps to its budget, goes on where it was stopped, and needs nothing it should not."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from panelwright.benchdata import load_benchmark
from panelwright.diagnostics import MissingDependency
from panelwright.measure import lab, run, save
from panelwright.measure.__main__ import main
from panelwright.measure.lab import Experiment, Lab, Point, point, samples
from panelwright.measure.run import Order, _new_file, choose, find_device, measure
from panelwright.measure.save import completed, unfinished, write
from panelwright.measure.worker import work
from tests.benchdata.test_benchdata import DATA, SCHEMA

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "deep" / "run.json"
    assert measure(Order(only=("training_run", "forward_backward"), seed=5), out) == 0
    return out


def test_a_run_writes_a_whole_file_with_its_provenance(made: Path) -> None:
    raw = json.loads(made.read_text("utf-8"))
    jsonschema.validate(raw, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert raw["provenance"]["seed"] == 5
    paces = [ms for e in raw["experiments"].values() for ms in e["pace"]]
    assert raw["provenance"]["pace_ms"] == [min(paces), max(paces)]
    assert min(paces) > 0
    assert raw["provenance"]["command"].endswith("--only training_run --only forward_backward")
    loss = load_benchmark(made).experiment("training_run").series("step", "loss")
    assert loss[-1][1] < loss[0][1] / 2
    assert [p.name for p in made.parent.iterdir()] == ["run.json"]


def test_one_point_is_one_line(made: Path) -> None:
    lines = made.read_text("utf-8").splitlines()
    points = json.loads("\n".join(lines))["experiments"]["training_run"]["points"]
    assert sum(line.strip().startswith('{"at":{"step"') for line in lines) == len(points)


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out, order = tmp_path / "run.json", Order(only=("training_run", "forward_backward"))
    assert measure(order, out) == 0
    whole = json.loads(out.read_text("utf-8"))
    kept = whole["experiments"].pop("forward_backward")
    write(unfinished(out), {**whole, "experiments": {"forward_backward": kept}})  # as if stopped in between
    out.unlink()
    assert measure(order, out) == 0
    assert "resuming: 1 experiments" in capfd.readouterr().err
    resumed = json.loads(out.read_text("utf-8"))
    again = resumed["experiments"]
    assert resumed["provenance"]["seconds"] == round(sum(e["seconds"] for e in again.values()), 1)
    assert again["forward_backward"] == kept
    assert again["training_run"] != whole["experiments"]["training_run"]
    assert not unfinished(out).exists()


def test_another_command_does_not_go_on_from_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.json"
    assert measure(Order(only=("training_run",)), out) == 0
    out.replace(unfinished(out))
    assert measure(Order(only=("training_run",), seed=2), out) == 0
    assert "resuming" not in capfd.readouterr().err


def test_a_file_of_another_run_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    out.write_text("precious", "utf-8")
    assert measure(Order(only=("training_run",)), out) == 0
    assert (tmp_path / "run.json.bak").read_text("utf-8") == "precious"


def test_where_the_disk_is_full_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "run.json"
    out.write_text("precious", "utf-8")

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(save, "write", full)
    with pytest.raises(OSError, match="no space"):
        save.finish(out, {"experiments": {}})
    assert out.read_text("utf-8") == "precious"


def test_an_interrupted_run_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> dict[str, Any]:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "_run_one", interrupt)
    out = tmp_path / "run.json"
    out.write_text("{}", "utf-8")
    assert measure(Order(only=("training_run",)), out) == 130
    assert "goes on" in capfd.readouterr().err
    assert out.read_text("utf-8") == "{}"


def test_a_spent_budget_says_what_was_left_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.json"
    assert measure(Order(only=("training_run", "matmul"), budget=0.01), out) == 1
    said = capfd.readouterr().err
    assert "training_run" in said
    assert "matmul: left out" in said
    assert not out.exists()


def test_the_budget_is_a_hard_limit_and_points_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An experiment that would take a minute is stopped, and what it had is in the file."""
    (tmp_path / "slow.py").write_text(SLOW, "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", ""))))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("panelwright.measure.experiments.MODULES", ("slow",))
    (tmp_path / "sitecustomize.py").write_text(ADD_MODULES, "utf-8")
    out, start = tmp_path / "run.json", time.monotonic()
    assert measure(Order(only=("slow",), budget=4), out) == 0
    assert time.monotonic() - start < 10
    one = load_benchmark(out).experiment("slow")
    assert len(one.points) == 1
    assert one.about["cut_short"] is True


def test_one_experiment_cannot_take_the_time_of_the_others() -> None:
    assert run._share(100.0, [10.0, 90.0]) == pytest.approx(20)
    assert run._share(1000.0, [10.0, 90.0]) == pytest.approx(200)
    assert run._share(5.0, [10.0, 90.0]) == 5
    assert run._share(40.0, [40.0]) == 40


def test_a_dead_process_costs_its_experiment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow.py").write_text(SLOW, "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", ""))))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        "panelwright.measure.experiments.MODULES", ("slow", "panelwright.measure.experiments.numpy_net")
    )
    (tmp_path / "sitecustomize.py").write_text(ADD_MODULES, "utf-8")
    out = tmp_path / "run.json"
    assert measure(Order(only=("dies", "training_run")), out) == 0
    file = load_benchmark(out)
    assert "out of memory" in file.experiment("dies").about["failures"][0]["reason"]
    assert len(file.experiment("dies").points) == 1
    assert "training_run" in file.experiments


SLOW = """
import os, time
from panelwright.measure.lab import experiment, point, value

@experiment("slow", pages=(1,), title="Slow", seconds=1)
def slow(lab):
    yield point({"i": 0}, None, x=value(1.0, "s"))
    time.sleep(60)

@experiment("dies", pages=(1,), title="Dies", seconds=1)
def dies(lab):
    yield point({"i": 0}, None, x=value(1.0, "s"))
    os.kill(os.getpid(), 9)
"""
ADD_MODULES = """
import panelwright.measure.experiments as e
e.MODULES = ("slow", "panelwright.measure.experiments.numpy_net")
"""


def _registered(monkeypatch: pytest.MonkeyPatch, run_: lab.Run, needs: tuple[str, ...] = ()) -> None:
    one = Experiment("mine", "Mine", (1,), frozenset({"quick"}), 1, 1, needs, "", run_)
    monkeypatch.setattr("panelwright.measure.worker.registered", lambda: {"mine": one})


def _said(**order: Any) -> tuple[list[Point], dict[str, Any]]:
    points: list[Point] = []
    state: dict[str, Any] = {}
    work(
        {"experiment": "mine", **order},
        lambda kind, what: points.append(what) if kind == "point" else state.update(what),
    )
    return points, state


def test_a_lack_of_memory_is_recorded_and_the_sweep_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def sweep(mine: Lab) -> Iterator[Point]:
        for batch in (1, 2, 3):
            with mine.attempt(batch=batch):
                if batch == 2:
                    raise MemoryError
                yield point({"batch": batch}, None, time=samples([1.0], "s"))

    _registered(monkeypatch, sweep)
    points, state = _said()
    assert [p["at"]["batch"] for p in points] == [1, 3]
    assert state["failures"] == [{"at": {"batch": 2}, "reason": "out of memory"}]


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    _registered(monkeypatch, lambda _: iter(()), needs=("no_such_library",))
    points, state = _said()
    assert points == []
    assert state["not_measured"][0]["reason"] == "not installed: no_such_library"


def test_an_error_is_recorded_with_what_was_measured_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Lab) -> Iterator[Point]:
        yield point({"i": 1}, None, time=samples([1.0], "s"))
        raise ValueError("no such thing")

    _registered(monkeypatch, broken)
    points, state = _said()
    assert len(points) == 1
    assert "no such thing" in state["failures"][0]["reason"]


def test_repeats_that_disagree_are_called_noisy() -> None:
    def noise(values: list[float], repeated: bool = True) -> Any:
        return completed({"points": [point({"b": 1}, None, t=samples(values, "s", repeated))]}).get("noise")

    assert noise([1, 1.01, 0.99, 1, 1.02])["noisy"] == 0
    assert noise([1, 2, 3, 4, 5])["noisy"] == 1
    assert noise([1, 2, 3, 4, 5], repeated=False) is None  # a distribution is no noise


def test_what_is_not_a_number_is_a_failure_of_its_point_and_never_in_the_file(tmp_path: Path) -> None:
    good, bad = (point({"b": b}, {"slope": math.nan}, t=samples(t, "s")) for b, t in ((1, [1.0, 2.0]), (2, [math.inf])))
    made = completed({"points": [good, bad], "facts": {"loss": math.nan}})
    assert [p["at"] for p in made["points"]] == [{"b": 1}]
    assert made["failures"] == [{"at": {"b": 2}, "reason": "t: a value is not a number"}]
    write(tmp_path / "f.json", {"experiments": {"e": made}})
    text = (tmp_path / "f.json").read_text("utf-8")
    read = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert read["experiments"]["e"]["facts"] == {"loss": None}


def test_what_runs_on_a_gpu_only_is_named_on_a_processor(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    assert measure(Order(only=("training_run", "gpu_decode"), device="cpu"), out) == 0
    (lack,) = load_benchmark(out).not_measured
    assert lack == {"what": "gpu_decode", "reason": "runs on cuda, this run is on cpu"}


def test_what_runs_on_the_processor_is_not_called_the_gpu_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("panelwright.measure.run.find_device", lambda wanted: "cuda")
    assert measure(Order(only=("matmul", "copying"), device="cuda"), tmp_path / "run.json") == 1
    assert "not measured: matmul: runs on cpu, this run is on cuda" in capsys.readouterr().err


def test_a_gpu_file_is_named_by_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panelwright.measure.machine._nvidia", lambda fields: ["NVIDIA H200", "580.1", "143771"])
    file = _new_file(Order(suite="full", device="cuda"), "cuda")
    assert (file["device"], file["title"]) == ("NVIDIA H200", "Full suite on NVIDIA H200")
    assert file["provenance"]["machine"]["gpu"] == "NVIDIA H200, driver 580.1, 143771 MiB"


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda p: p.name)
def test_the_command_of_a_committed_file_can_be_typed_again(path: Path) -> None:
    file = load_benchmark(path)
    if file.kind == "measured":
        words = file.provenance["command"].split()
        assert words[:2] == ["panelwright", "measure"]
        only = {name for option, name in pairwise(words) if option == "--only"}
        assert only <= lab.registered().keys()
        assert file.experiments.keys() <= lab.registered().keys()


def test_each_suite_has_its_experiments_in_their_order() -> None:
    assert [e.name for e in choose(Order())][:2] == ["ceilings", "forward_backward"]
    assert [e.name for e in choose(Order(only=("matmul", "ceilings")))] == ["ceilings", "matmul"]
    assert {e.name for e in choose(Order())} <= {e.name for e in choose(Order(suite="full"))}


def test_a_device_that_is_not_there_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    if not lab.installed("torch"):
        with pytest.raises(MissingDependency, match="pip install torch"):
            find_device("cuda")
        assert main(["--device", "cuda", "--only", "training_run"]) == 3
    assert find_device("cpu") == "cpu"
    with pytest.raises(SystemExit) as caught:
        main(["--device", "tpu"])
    assert caught.value.code == 2
    assert "tpu" in capsys.readouterr().err


def test_numpy_missing_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("panelwright.measure.run.installed", lambda _: False)
    assert main(["--only", "training_run"]) == 3
    assert "panelwright[measure]" in capsys.readouterr().err


WALL = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {'mkdocs', 'jinja2', 'yaml', 'cairosvg', 'uharfbuzz', 'typst', 'click', 'fontTools',
                                  'PIL', 'vl_convert', 'markdown_it', 'material', 'torch', 'tokenizers'}:
            raise ImportError(name)
sys.meta_path.insert(0, Wall())
"""


def test_it_runs_alone_where_the_drawing_side_is_not_installed(tmp_path: Path) -> None:
    """Only numpy and the standard library may be imported, in the processes it starts, too."""
    (tmp_path / "sitecustomize.py").write_text(WALL, "utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT / "plugins")))}
    out = tmp_path / "alone.json"
    done = subprocess.run(
        [sys.executable, "-m", "panelwright.measure", "--only", "training_run", "--out", str(out)],
        capture_output=True, text=True, check=False, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert load_benchmark(out).experiments


def test_help_leads_to_the_options_of_a_server_and_says_the_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "--endpoint URL --help" in said
    assert "benchmark.json" in said


def test_a_budget_that_is_no_number_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--budget", "abc"])
    assert "'abc' is no number of seconds" in capsys.readouterr().err
