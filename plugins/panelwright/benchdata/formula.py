"""Arithmetic in data files and prose: ``2 * weights * tokens``, ``min(peak, x * bandwidth)``; nothing else runs."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping

ARITHMETIC: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip
COMPARISON: Mapping[type, Callable[[float, float], bool]] = {
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
}  # fmt: skip
FUNCTIONS: Mapping[str, Callable[..., float]] = {"min": min, "max": max, "log": math.log, "sqrt": math.sqrt}


class FormulaError(ValueError):
    """A formula that has no value; the message says why."""


def compute(formula: str, known: Mapping[str, float]) -> float:
    """The formula's value; a comparison gives 1 or 0. Raises FormulaError."""
    try:
        return float(_value(ast.parse(formula.strip(), mode="eval").body, known))
    except ZeroDivisionError:
        raise FormulaError("divides by zero") from None
    except KeyError as error:
        raise FormulaError(f"does not know {error}; it knows: {', '.join(known) or 'nothing'}") from None
    except (SyntaxError, TypeError, ValueError, OverflowError):
        raise FormulaError("is no value") from None


def _value(node: ast.expr, known: Mapping[str, float]) -> float:
    if isinstance(node, ast.Name):
        return known[node.id]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]  # as floats: a power of whole numbers may never end
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        return ARITHMETIC[type(node.op)](_value(node.left, known), _value(node.right, known))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, known)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISON:
        return COMPARISON[type(node.ops[0])](_value(node.left, known), _value(node.comparators[0], known))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        return FUNCTIONS[node.func.id](*(_value(a, known) for a in node.args))
    raise SyntaxError
