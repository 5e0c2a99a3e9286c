"""Whether a percentage that is stated is that of the counts stated with it (docs/domain.md, Points)."""

from decimal import Decimal
from fractions import Fraction

from app.domain.figures import SCALE

Exact = int | Fraction


def fits(stated: Exact, numerator: Exact, denominator: Exact | None, decimals: int) -> bool:
    """Whether a rate (percent ×10⁴, printed with so many decimals) is n/d within half a unit of its last decimal.

    Nothing of nothing (0/0) has no rate; 0 and 100 are how it is usually printed. Where nobody says of how many
    (None), 0 is still no other share than these.

    >>> fits(98_8300, 25_775, 26_080, 2), fits(98_8400, 25_775, 26_080, 2), fits(98_8000, 25_775, 26_080, 1)
    (True, False, True)
    >>> fits(0, 0, 0, 0), fits(50_0000, 0, 0, 0)
    (True, False)
    >>> fits(5_0000, 0, None, 0), fits(100_0000, 0, None, 0), fits(5_0000, 3, None, 0)
    (False, True, True)
    """
    if denominator is None and numerator:
        return True
    if not denominator:
        return stated in (0, 100 * SCALE)
    off = abs(stated * denominator - 100 * SCALE * numerator)
    return bool(2 * 10**decimals * off <= SCALE * denominator)


def percent_of(shown: Fraction) -> Decimal:
    """The percentage as which a cell of a workbook shows a number."""
    return Decimal(shown.numerator * 100) / Decimal(shown.denominator)


def printed_rate(numerator: int, denominator: int, decimals: int) -> Decimal | None:
    """100 × n/d half up to so many decimals, trailing zeros kept; None for nothing of nothing.

    >>> printed_rate(499, 500, 2), printed_rate(0, 0, 2)
    (Decimal('99.80'), None)
    """
    if not denominator:
        return None
    rounded = (2 * 100 * 10**decimals * numerator + denominator) // (2 * denominator)
    return Decimal(rounded).scaleb(-decimals)
