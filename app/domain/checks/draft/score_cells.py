"""The cells of points and ranks: points against the most that can be had, changes against what they are changes of."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.domain.checks.draft.cells import PrintedCell, Written, printed_text, read_change, read_points
from app.domain.checks.draft.finding import MEND
from app.errors import ErrorCode, Fault

POINTS_EXCEED_MAX = ErrorCode("points_exceed_max", MEND["points_exceed_max"].en, MEND["points_exceed_max"].vi)
CHANGE_UNIT_WRONG = ErrorCode("change_unit_wrong", MEND["change_unit_wrong"].en, MEND["change_unit_wrong"].vi)
PRINTED_UNITS = {"points": "điểm", "places": "bậc"}
"""What a change of points, or of a rank, is printed in."""


def read_points_within(text: Written | None, most: Decimal) -> PrintedCell:
    """Points; `points_exceed_max` outside 0 to the most that can be had, by the framework or by what is printed."""
    cell = read_points(text)
    if cell.value is None:
        return cell
    top = Fraction(most) if cell.whole is None else min(Fraction(most), cell.whole)
    if 0 <= cell.value <= top:
        return cell
    return _refused(cell, POINTS_EXCEED_MAX, f"{Decimal(most):f}", suggested=False)


def read_change_in(
    text: Written | None, unit: Literal["points", "places"], exact: Fraction | None = None
) -> PrintedCell:
    """A change of points or places; `change_unit_wrong` where it is printed in percent, or in the other's unit.

    `exact` is the change that the other figures make, where they make one.
    """
    cell = read_change(text)
    if cell.printed is None or cell.unit in (None, unit):
        return cell
    value = (cell.value or Fraction(0)) if exact is None else exact
    decimals = cell.decimals if unit == "points" else 0
    return _refused(cell, CHANGE_UNIT_WRONG, f"{printed_text(value, decimals, sign=True)} {PRINTED_UNITS[unit]}")


def _refused(cell: PrintedCell, error_code: ErrorCode, expected: str, *, suggested: bool = True) -> PrintedCell:
    """The cell, found invalid; `suggested` where `expected` is what should be printed instead."""
    context = {"stated": cell.shown, "expected": expected}
    suggestion = expected if suggested else None
    return replace(cell, printed=None, fault=Fault(error_code, context, value=cell.shown, suggestion=suggestion))
