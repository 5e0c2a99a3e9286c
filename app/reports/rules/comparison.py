"""Two sides of a comparison: what a row shows of a figure, how it differs, whether that is a decline, and how letters
say it: `13,2/18 điểm`, `tăng 0,9 điểm`, `25.775 (98,83%)`.

A rate's change is the difference of the two rates as they are printed, not of the fractions behind them. 68/104 and
3863/5454 differ by −5.444… points, which no reader can get from the 65,38% and 70,63% that stand in the row; the
letters subtract what they print, and so does whoever proof-reads them (`change_wrong` allows half a unit of rounding).
So each row adds up with a pencil. The price: a change may be off by a unit of its last decimal against the exact one,
and where a stated rate contradicts its counts the change inherits that; the row then carries
`rate_differs_from_counts`. The rest of a whole, where its source does not state it, is 100 less the printed rate for
the same reason: both rows add up to 100, and their changes to 0.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.answers.report_comparison import RowPart, RowShow
from app.domain.figures import SCALE, decimals_of, print_figure
from app.domain.letter_format import (
    printed_change,
    printed_fraction,
    printed_points,
    printed_points_move,
    printed_rank,
    printed_rank_move,
    printed_rate,
    printed_rate_change,
)
from app.domain.rates import fits

HUNDRED = Decimal(100)
Direction = Literal["up", "down", "none"]
MIRRORED: dict[Direction, Direction] = {"up": "down", "down": "up", "none": "none"}


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """What a row shows on one side; None is unknown, never zero. `rate` in percent, `points` of `max`, `rank` of `of`.

    `observed_at`: when the source was looked up.
    """

    count: Decimal | None = None
    of: Decimal | int | None = None
    rate: Decimal | None = None
    points: Decimal | None = None
    max: Decimal | None = None
    rank: int | None = None
    source: str | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """Now less before; None where one of them is unknown. `rate` in percentage points; `rank` positive upwards."""

    count: Decimal | None = None
    rate: Decimal | None = None
    points: Decimal | None = None
    rank: int | None = None


NO_CHANGE_KNOWN = ShownDifference()


def part_of(figure: ShownFigure, part: RowPart) -> ShownFigure:
    """What is counted, the rest of the whole, or the whole itself.

    >>> part_of(ShownFigure(Decimal(25775), Decimal(26080), Decimal("98.83")), "complement").count
    Decimal('305')
    """
    whole = None if figure.of is None else Decimal(figure.of)
    if part == "denominator":
        return replace(figure, count=whole, of=None, rate=None)
    if part == "numerator":
        return figure
    count = None if whole is None or figure.count is None else whole - figure.count
    rate = None if figure.rate is None else HUNDRED - figure.rate
    return replace(figure, count=count, rate=rate)


def as_shown(figure: ShownFigure, show: RowShow) -> ShownFigure:
    """Without what the row does not print."""
    if show == "count":
        return replace(figure, of=None, rate=None)
    return replace(figure, count=None, of=None) if show == "rate" else figure


def change_between(now: ShownFigure | None, before: ShownFigure | None) -> ShownDifference:
    """What changed.

    >>> change_between(ShownFigure(rate=Decimal("65.38")), ShownFigure(rate=Decimal("70.63"))).rate
    Decimal('-5.25')
    """
    if now is None or before is None:
        return NO_CHANGE_KNOWN
    ranked = now.rank is not None and before.rank is not None
    return ShownDifference(
        _minus(now.count, before.count),
        _minus(now.rate, before.rate),
        _minus(now.points, before.points),
        _improved(now, before) if ranked else None,
    )


def _minus(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else now - before


def _improved(now: ShownFigure, before: ShownFigure) -> int:
    return (before.rank or 0) - (now.rank or 0)


def declined(moved: Decimal | None, direction: Direction, part: RowPart = "numerator") -> bool:
    """Whether an indicator got worse that `moved` so far.

    The rest of a whole is mirrored: what is good to have more of is good to have less of the rest. The whole itself
    and what has no direction never decline.

    >>> declined(Decimal("5.25"), "up", "complement"), declined(Decimal("5.25"), "up"), declined(None, "up")
    (True, False, False)
    """
    wished = {"numerator": direction, "complement": MIRRORED[direction], "denominator": "none"}[part]
    if moved is None or wished == "none":
        return False
    return moved < 0 if wished == "up" else moved > 0


def fell(change: ShownDifference) -> bool:
    """Whether points or a place fell."""
    return (change.points or 0) < 0 or (change.rank or 0) < 0


def contradicts_counts(figure: ShownFigure) -> bool:
    """Whether a printed rate is not that of its counts, within half a unit of its last decimal.

    >>> contradicts_counts(ShownFigure(Decimal(3863), Decimal(5454), Decimal("70.63")))
    True
    """
    if figure.rate is None or figure.count is None or not figure.of:
        return False
    rate, counts = SCALE * Fraction(figure.rate), (Fraction(figure.count), Fraction(figure.of))
    return not fits(rate, *counts, decimals_of(figure.rate))


def shown_text(shown: ShownFigure, show: RowShow = "both", noun: str | None = None) -> str | None:
    """One side, with the noun of what is counted; None where nothing is known.

    >>> shown_text(ShownFigure(count=Decimal(1746), of=Decimal(1746), rate=Decimal(100)), "fraction", "TTHC")
    '100% (1.746/1.746 TTHC)'
    >>> dossiers = ShownFigure(count=Decimal(25775), of=Decimal(26080), rate=Decimal("98.83"))
    >>> shown_text(dossiers), shown_text(dossiers, "reached", "hồ sơ")
    ('25.775 (98,83%)', '25.775 hồ sơ, đạt 98,83%')
    """
    if shown.rank is not None:
        return printed_rank(shown.rank, None if shown.of is None else int(shown.of))
    if shown.points is not None:
        return printed_points(shown.points, shown.max)
    rate = None if shown.rate is None else printed_rate(shown.rate)
    if shown.count is None:
        return rate
    whole = show == "fraction" and shown.of is not None
    count = printed_fraction(shown.count, Decimal(shown.of or 0)) if whole else print_figure(shown.count)
    counted = count if noun is None else f"{count} {noun}"
    if rate is None:
        return counted
    if whole:
        return f"{rate} ({counted})"
    return f"{counted}, đạt {rate}" if show == "reached" else f"{counted} ({rate})"


def change_text(change: ShownDifference, unchanged: str) -> str | None:
    """What changed: of a share the rate, in the words of the letter that nothing did; None where it cannot be said.

    >>> changes = ShownDifference(points=Decimal("0.9")), ShownDifference(rank=0)
    >>> [change_text(each, "bằng kỳ trước") for each in changes]
    ['tăng 0,9 điểm', 'bằng kỳ trước']
    """
    if change.rank is not None:
        return printed_rank_move(change.rank, unchanged)
    if change.points is not None:
        return printed_points_move(change.points, unchanged)
    if change.rate is not None:
        return printed_rate_change(change.rate)
    return None if change.count is None else printed_change(change.count)
