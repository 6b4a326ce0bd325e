"""The model as golden files keep it: without empty fields, places as ``line:column``.

``python -m tests.script.compact`` writes the expectations of all golden files anew; read the difference.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import yaml

from panelwright.script.parse import Parsed, parse_storyboard

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"


def to_json(value: Any) -> Any:
    """Plain dicts, lists, strings and numbers; every field is there, also empty ones."""
    if is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    if isinstance(value, dict):
        return {str(key): to_json(part) for key, part in value.items()}
    return str(value) if isinstance(value, str) else value


def compact(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"path", "line", "column"}:
            return f"{value['line']}:{value['column']}"
        small = {key: compact(part) for key, part in value.items() if part not in ("", [], {}, None)}
        return {("at" if key == "span" else key): part for key, part in small.items() if key != "path"}
    return [compact(part) for part in value] if isinstance(value, list) else value


def read_case(file: Path) -> tuple[dict[str, Any], Parsed]:
    case = yaml.safe_load(file.read_text("utf-8"))
    text = (ROOT / case["file"]).read_text("utf-8") if "file" in case else case["input"]
    return case, parse_storyboard(
        text.encode("ascii").decode("unicode_escape") if case.get("escaped") else text, "s.md"
    )


def found(parsed: Parsed) -> dict[str, Any]:
    problems = [f"{d.line}:{d.column} {d.severity}[{d.code}] {d.message} | {d.hint}" for d in parsed.diagnostics]
    return {"model": compact(to_json(parsed.storyboard)), "diagnostics": problems}


class _Dumper(yaml.SafeDumper):
    pass


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def main() -> None:
    for file in sorted(GOLDEN.glob("*.yaml")):
        case, parsed = read_case(file)
        about = {key: case[key] for key in ("about", "file", "escaped", "input") if key in case}
        text = yaml.dump(about | found(parsed), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
