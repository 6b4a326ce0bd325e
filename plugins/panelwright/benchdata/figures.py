"""Numbers as the site writes them. The explorables' script has the same two functions; a test compares them."""

from __future__ import annotations

import math

NARROW = "\u202f"


def figure(number: float, digits: int = 3) -> str:
    """``digits`` significant ones, no exponents, narrow spaces between thousands that do not break."""
    if number == 0 or not math.isfinite(number):
        return f"{number:g}"
    decimals = digits - 1 - math.floor(math.log10(abs(number)))
    rounded = round(number, decimals)
    return f"{rounded:,.{max(0, decimals)}f}".replace(",", NARROW)


def whole(number: float) -> str:
    """A count: every digit, narrow spaces between thousands that do not break."""
    return f"{number:,.0f}".replace(",", NARROW)
