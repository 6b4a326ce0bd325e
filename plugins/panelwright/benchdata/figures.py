"""Numbers as the site writes them. The explorables' script has the same two functions; a test compares them."""

from __future__ import annotations

import math

THIN = "\u2009"


def figure(number: float, digits: int = 3) -> str:
    """``digits`` significant ones, no exponents, thin spaces between thousands."""
    if number == 0 or not math.isfinite(number):
        return f"{number:g}"
    decimals = digits - 1 - math.floor(math.log10(abs(number)))
    rounded = round(number, decimals)
    return f"{rounded:,.{max(0, decimals)}f}".replace(",", THIN)


def whole(number: float) -> str:
    """A count: every digit, thin spaces between thousands."""
    return f"{number:,.0f}".replace(",", THIN)
