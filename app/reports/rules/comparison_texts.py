"""What a row of a comparison says as the letters print it: `13,2/18 điểm`, `tăng 0,9 điểm`, `25.775 (98,83%)`."""

from decimal import Decimal

from app.answers.report_comparison import RowShow
from app.domain.figures import print_figure
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
from app.reports.rules.comparison import ShownDifference, ShownFigure


def shown_text(shown: ShownFigure, show: RowShow = "both") -> str | None:
    """One side; None where nothing is known.

    >>> shown_text(ShownFigure(count=Decimal(1746), of=Decimal(1746), rate=Decimal(100)), "fraction")
    '1.746/1.746 (100%)'
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
    return count if rate is None else f"{count} ({rate})"


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
