"""Numbers as the site writes them. The explorables' script has the same two functions; a test compares them."""

from __future__ import annotations

import math

NARROW = "\u202f"


def figure(number: float, digits: int = 3) -> str:
    """``digits`` significant ones, no exponents, narrow spaces between thousands that do not break."""
    if number == 0 or not math.isfinite(number):
        return f"{number:g}"
    rounded = f"{number:.{digits - 1}e}"  # first: 99.96 has two digits before the point, 100 three
    decimals = digits - 1 - int(rounded.partition("e")[2])
    return f"{float(rounded):,.{max(0, decimals)}f}".replace(",", NARROW)


def whole(number: float) -> str:
    """A count: every digit, narrow spaces between thousands that do not break."""
    return f"{number:,.0f}".replace(",", NARROW)
