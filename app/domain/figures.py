"""Figures as exact numbers: kept as integers of four decimals, printed as letters print them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

DECIMALS = 4
SCALE = 10**DECIMALS
"""Figures are kept as integers: what is written, times this."""


def scaled(figure: Decimal) -> int:
    """A figure with at most four decimals as an integer scaled by 10⁴.

    >>> scaled(Decimal("16.5"))
    165000
    """
    return int(figure.scaleb(DECIMALS))


def unscaled(number: int, decimals: int) -> Decimal:
    """The exact decimal behind a scaled integer, without trailing zeros.

    >>> unscaled(1650, 2), unscaled(200000, 4)
    (Decimal('16.5'), Decimal('20'))
    """
    exact = Decimal(number).scaleb(-decimals)
    whole = exact.to_integral_value()
    return whole if exact == whole else exact.normalize()


def derived_rate(numerator: int | None, denominator: int | None) -> int | None:
    """100 × numerator / denominator in percent ×10⁴, half up to the two decimals that letters and portal print.

    >>> derived_rate(25775, 26080), derived_rate(0, 0)
    (988300, None)
    """
    if numerator is None or not denominator:
        return None
    return (2 * 10_000 * numerator + denominator) // (2 * denominator) * 100


def print_figure(
    value: Decimal, locale: Literal["vi", "en"] = "vi", decimals: int | None = None, *, sign: bool = False
) -> str:
    """A figure as a letter prints it; `decimals` (default: those it has) rounds half up, `sign` shows a plus.

    >>> print_figure(Decimal("81.77")), print_figure(Decimal(25775)), print_figure(Decimal("3.085"), "vi", 2, sign=True)
    ('81,77', '25.775', '+3,09')
    """
    places = max(decimals_of(value), 0) if decimals is None else decimals
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    english = f"{rounded:{'+' if sign and rounded else ''},f}"
    return english.translate(str.maketrans(",.", ".,")) if locale == "vi" else english


def decimals_of(value: Decimal) -> int:
    """Digits after the point, as written: 2 of 81.70; negative of 1E+2.

    >>> decimals_of(Decimal("81.70"))
    2
    """
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def plain(figure: Decimal) -> Decimal:
    """Without trailing zeros.

    >>> plain(Decimal("12.50")), plain(Decimal("1E+2"))
    (Decimal('12.5'), Decimal('100'))
    """
    return figure.quantize(Decimal(1)) if figure == figure.to_integral_value() else figure.normalize()
