"""Formulas of data files and prose."""

from __future__ import annotations

import pytest

from panelwright.benchdata.formula import FormulaError, compute


@pytest.mark.parametrize(
    ("formula", "value"),
    [("2 * w + 1", 7), ("-w / 2", -1.5), ("min(w, x) ** 2", 4), ("max(w, x, 9)", 9), ("w > x", 1), ("w <= x", 0),
     ("log(x) / log(2)", 1), ("sqrt(4e6)", 2000)],
)  # fmt: skip
def test_arithmetic(formula: str, value: float) -> None:
    assert compute(formula, {"w": 3, "x": 2}) == pytest.approx(value)


@pytest.mark.parametrize(
    ("formula", "message"),
    [("1 / (w - 3)", "divides by zero"), ("q + 1", "does not know 'q'"), ("w +", "is no value"), ("", "is no value"),
     ("__import__('os')", "is no value"), ("w.real", "is no value"), ("'a' * 2", "is no value"),
     ("9 ** 9 ** 9 ** 9", "is no value"), ("log(-1)", "is no value"), ("(-8) ** 0.5", "is no value"),
     ("True", "is no value"), ("1 < w < 5", "is no value")],
)  # fmt: skip
def test_nothing_else_runs(formula: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        compute(formula, {"w": 3})
