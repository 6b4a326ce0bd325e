"""The command: its file holds to the schema, goes on where it was interrupted, and never says where the server is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from panelwright.benchdata import hologram_data, load_benchmark
from panelwright.measure.__main__ import main
from panelwright.measure.save import unfinished
from tests.benchdata.test_benchdata import SCHEMA
from tests.measure.stub import Stub

SHORT = ["--concurrency", "1,2", "--seconds", "0.5", "--prompt-tokens", "20", "--timeout", "30"]


def run(stub: Stub, out: Path, *more: str) -> int:
    return main(["--endpoint", stub.url, "--out", str(out), *SHORT, *more])


def saved(out: Path) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return raw


def test_its_file_feeds_the_comic_and_holds_to_the_schema(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "server.json"
    with Stub(pieces=3) as stub:
        assert run(stub, out, "--hardware", "2 x H100", "--objective", "ttft=500", "--seed", "7") == 0
    jsonschema.validate(saved(out), SCHEMA, cls=jsonschema.Draft202012Validator)
    file = load_benchmark(out)
    assert (file.device, file.title) == ("2 x H100", "stub on 2 x H100")
    sweep, latency = file.experiment("batch_sweep"), file.experiment("request_latency")
    assert [b for b, _ in sweep.series("batch", "throughput")] == [1, 2]
    assert len(latency.points) == 4
    assert latency.points[0].measures["latency"].repeated is False
    assert latency.points[0].measures["goodput"].value() > 0
    plotted, crowd = hologram_data("sweep", file), hologram_data("latency", file)
    assert plotted
    assert plotted["batch"] == [1, 2]
    assert crowd
    assert crowd["n"] == latency.points[0].measures["latency"].n
    provenance = file.provenance
    assert provenance["server"]["version"] == "1.2.3"
    assert provenance["seed"] == 7
    assert provenance["command"] == ("panelwright measure --endpoint URL --concurrency 1,2 --seconds 0.5 "
        "--prompt-tokens 20 --timeout 30 --objective ttft=500 --hardware '2 x H100' --seed 7")  # fmt: skip
    assert [p.name for p in out.parent.iterdir()] == ["server.json"]


def test_it_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    """As a machine has it that only sends requests."""
    code = (
        "import sys\n"
        "class Nothing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] not in {*sys.stdlib_module_names, 'panelwright'}:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Nothing())\n"
        "from panelwright.measure.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    out = tmp_path / "bare.json"
    with Stub() as stub:
        words = ["--endpoint", stub.url, "--out", str(out), *SHORT, "--rates", "none"]
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "numpy" not in saved(out)["provenance"]["libraries"]


def test_the_file_never_says_where_the_server_is_nor_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sesame")
    path = "/home/someone/models/tiny.gguf"
    with Stub(lambda n: "drop" if n == 3 else "ok", models=(path,), key="sesame") as stub:
        assert run(stub, tmp_path / "b.json", "--api-key-env", "MY_KEY", "--rates", "none", "--model", path) == 0
    text = (tmp_path / "b.json").read_text("utf-8")
    for secret in ("127.0.0.1", str(stub.port), "sesame", "MY_KEY", "someone"):
        assert secret not in text
    assert "tiny.gguf" in text


def test_an_interrupted_run_goes_on_and_another_server_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from panelwright.measure import endpoint

    out = tmp_path / "b.json"
    real = endpoint.Session.closed

    def interrupted(self: endpoint.Session, clients: int, until: float) -> Any:
        if clients == 2:
            raise KeyboardInterrupt
        return real(self, clients, until)

    with Stub() as stub, Stub() as other:
        monkeypatch.setattr(endpoint.Session, "closed", interrupted)
        assert run(stub, out, "--rates", "none") == 130
        left = saved(unfinished(out))
        assert [p["at"] for p in left["experiments"]["batch_sweep"]["points"]] == [{"batch": 1}]
        assert stub.url not in json.dumps(left)
        assert not out.exists()
        monkeypatch.setattr(endpoint.Session, "closed", real)
        assert run(other, tmp_path / "c.json", "--rates", "none") == 0
        unfinished(tmp_path / "d.json").write_bytes(unfinished(out).read_bytes())
        assert run(other, tmp_path / "d.json", "--rates", "none") == 0
        assert run(stub, out, "--rates", "none") == 0
    first = left["experiments"]["batch_sweep"]["points"][0]
    points = saved(out)["experiments"]["batch_sweep"]["points"]
    assert points[0] == first
    assert [p["at"]["batch"] for p in points] == [1, 2]
    assert "address" not in saved(out)
    assert saved(tmp_path / "d.json")["experiments"]["batch_sweep"]["points"][0] != first
    assert "resuming: 1 loads" in capsys.readouterr().err
    assert not unfinished(out).exists()


def test_a_spent_budget_keeps_what_there_is_and_names_the_rest(tmp_path: Path) -> None:
    with Stub(lambda n: "ok" if n < 3 else "silent") as stub:
        words = ["--budget", "2.5", "--seconds", "2", "--timeout", "60", "--concurrency", "1,2,4"]
        assert run(stub, tmp_path / "b.json", *words) == 0
    file = saved(tmp_path / "b.json")
    sweep = file["experiments"]["batch_sweep"]
    assert [p["at"]["batch"] for p in sweep["points"]] == [1]
    assert sweep["points"][0]["notes"]["failures"] == {"no answer when the budget ended": 1}
    assert [lack["what"] for lack in sweep["not_measured"]] == ["batch 2", "batch 4"]
    jsonschema.validate(file, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "b.json"
    with Stub(models=("a", "b")) as stub:
        assert run(stub, out) == 1
        assert "say which model: --model NAME; the endpoint has: a, b" in capsys.readouterr().err
    assert run(stub, out, "--model", "a") == 1
    assert capsys.readouterr().err == "panelwright: the endpoint cannot be reached: connection refused\n"
    assert list(tmp_path.iterdir()) == []
    for wrong in (["--rates", "0"], ["--objective", "speed=1"], ["--extra", "{"], ["--concurrency", "x"]):
        with pytest.raises(SystemExit) as ended:
            main(["--endpoint", "http://h", *wrong])
        assert ended.value.code == 2
