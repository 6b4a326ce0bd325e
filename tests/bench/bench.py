"""``make bench``: how fast, measured in one run on one machine; medians of five, bounds beside them.

Ratios are taken against the same work without Panelwright, measured in turn, so a slow machine does not fail.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 5
# Compiled modules are kept, as they are for everybody: without, ours alone would be compiled at every start.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"NO_MKDOCS_2_WARNING": "1"}

COMPOSE = """
import sys, time
from pathlib import Path
from panelwright.script.parse import read_storyboard
from panelwright.publish.source import benchmark_files, hologram_numbers
root = Path(sys.argv[1])
board = read_storyboard(root / "docs" / "storyboard.md", root).storyboard
start = time.process_time()
from panelwright.assets import Assets
from panelwright.comic import Composer, Options
data = hologram_numbers(benchmark_files(root / "docs" / "data"))
composer = Composer(board, Options(assets=Assets.default(root / "art"), data=data))
composer.page(next(p for p in board.pages if p.number == int(sys.argv[2])))
print(time.process_time() - start)
"""

EDIT = """
import sys, time
from pathlib import Path
from panelwright.script.parse import parse_storyboard
from panelwright.publish.source import benchmark_files, hologram_numbers
from panelwright.assets import Assets
from panelwright.comic import Options, compose
root, cache = Path(sys.argv[1]), Path(sys.argv[2])
text = (root / "docs" / "storyboard.md").read_text("utf-8")
files = benchmark_files(root / "docs" / "data")
options = Options(assets=Assets.default(root / "art"), cache_dir=cache, data=hologram_numbers(files))
compose(parse_storyboard(text, "docs/storyboard.md").storyboard, options)
spent = []
for i in range(5):
    edited = text.replace("A pipeline?", f"A pipeline{'?' * (i + 2)}")
    start = time.process_time()
    compose(parse_storyboard(edited, "docs/storyboard.md").storyboard, options)
    spent.append(time.process_time() - start)
print(sorted(spent)[2])
"""

MANY = """
import sys, time
from panelwright.script.parse import parse_storyboard
from panelwright.comic import Options, compose
panel = (
    "### Panel {n} ({hint})\\n- **Scene**: Kai and Dr. Nova in the lab.\\n"
    '- **Kai**: "Question {n}?"\\n- **Dr. Nova**: "Answer."\\n\\n'
)
hints = ["Top, wide", "Bottom left", "Bottom right"]
text = "# Many\\n\\n" + "".join(
    f'## Page {p} — "Page {p}" (Part)\\n\\n' + "".join(panel.format(n=n + 1, hint=h) for n, h in enumerate(hints))
    for p in range(1, int(sys.argv[1]) + 1))
start = time.process_time()
compose(parse_storyboard(text, "s.md").storyboard, Options())
print(time.process_time() - start)
"""


def script(code: str, *arguments: object) -> float:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT)
    return float(run.stdout.split()[-1])


def median(work: Callable[[], float], runs: int = RUNS) -> float:
    return statistics.median(work() for _ in range(runs))


def wall(command: list[str], cwd: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=cwd, env=ENVIRONMENT)
    return time.perf_counter() - start


def plain_site(folder: Path) -> Path:
    """The same pages, text and navigation for Material alone: transcripts and dives as Markdown, no plugin.

    It has the Markdown extensions that the plugin adds: without them a dive would be passed through unread.
    """
    from panelwright.cli import compose_site
    from panelwright.plugin import EXTENSIONS
    from panelwright.publish.dives import read_dives
    from panelwright.publish.fences import DataFence
    from panelwright.publish.pages import page_markdown, page_uri

    docs = folder / "docs"
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns("deep-dives", "data"))
    comic = compose_site(ROOT / "mkdocs.yml")
    fence = DataFence(ROOT / "docs" / "data")
    dives, _ = read_dives(
        ROOT / "docs" / "deep-dives", range(11), "docs/deep-dives", lambda text, path: fence.filled(text, path, "data")
    )
    for page in comic.pages:
        path = docs / page_uri(page.number)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = re.sub(r"^template:.*\n", "", page_markdown(page, dives.get(page.number), {}), flags=re.M)
        path.write_text(re.sub(r"```(?:chart|explore)\n.*?```", "", text, flags=re.S), "utf-8")
    for path in docs.glob("*.md"):
        path.write_text(re.sub(r"^template:.*\n", "", path.read_text("utf-8"), flags=re.M), "utf-8")
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    uris = ", ".join(page_uri(page.number) for page in comic.pages)
    config = re.sub(r"  - panelwright:\n(?:      .*\n)*", "", config).replace("- Read: comic", f"- Read: [{uris}]")
    config = config.replace("markdown_extensions: [", f"markdown_extensions: [{', '.join(EXTENSIONS)}, ")
    (folder / "mkdocs.yml").write_text(config, "utf-8")
    return folder


def warm_ratio() -> tuple[float, float, float]:
    """Whole commands, in turn: the comic's site with nothing changed, and plain Material."""
    mkdocs = str(Path(sys.executable).with_name("mkdocs"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = plain_site(folder / "plain")
        ours = [mkdocs, "build", "-q", "-d", str(folder / "ours")]
        theirs = [mkdocs, "build", "-q", "-d", str(folder / "theirs")]
        wall(ours, ROOT)
        wall(theirs, plain)
        pairs = [(wall(ours, ROOT), wall(theirs, plain)) for _ in range(RUNS)]
    a, b = statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)
    return a / b, a, b


def cold_build() -> float:
    """Wall seconds of a whole build, pictures and book included, with nothing kept: also what takes most memory."""
    with tempfile.TemporaryDirectory() as name:
        config = (ROOT / "mkdocs.yml").read_text("utf-8")
        config = config.replace("  - panelwright:\n", f"  - panelwright:\n      cache: {name}/cache\n")
        command = [str(Path(sys.executable).with_name("mkdocs")), "build", "-q", "-f", "-", "-d", f"{name}/site"]
        start = time.perf_counter()
        subprocess.run(command, input=config, check=True, capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT)
        return time.perf_counter() - start


def main() -> int:
    def row(what: str, value: float, unit: str, most: float, note: str = "") -> None:
        print(
            f"{'ok  ' if value <= most else 'OVER'}  {what:58} {value:8.2f} {unit:6} at most {most:g}{note}", flush=True
        )

    pages = [median(lambda n=n: script(COMPOSE, ROOT, n), 3) for n in range(1, 11)]
    row("compose a page cold*, both editions, CPU (median page)", statistics.median(pages), "s", 1)
    row("compose a page cold*, both editions, CPU (slowest page)", max(pages), "s", 1)
    with tempfile.TemporaryDirectory() as cache:
        row("after an edit of one line, CPU", script(EDIT, ROOT, cache) * 1000, "ms", 300)
    ratio, ours, theirs = warm_ratio()
    row("warm build against plain Material", ratio, "times", 1.2, f"  ({ours:.2f} s, {theirs:.2f} s)")
    # Fifty before and after the hundred: a machine whose clock drifts meanwhile is neither helped nor blamed.
    before, hundred, after = (script(MANY, pages) for pages in (50, 100, 50))
    ratio = 2 * hundred / (before + after)
    row("100 generated pages against 50", ratio, "times", 2.3, f"  ({hundred:.1f} s)")
    cold = cold_build()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    row("peak memory of any of these", peak, "MB", 600, f"  (a cold build of the whole site: {cold:.0f} s)")
    print(
        "* a fresh process, no cache of drawings; templates were compiled, YAML and JSON parsed before, once a machine"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
