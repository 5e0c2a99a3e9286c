"""What moved on a board, live or frozen: its mean against the period before, and the units that moved most."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from heapq import nsmallest

from app.answers.overview import MeanChange, Mover, Movers
from app.answers.scores import ScoreItem
from app.domain.figures import plain

MOST = 5
"""So many units are named that gained, and that lost."""
REASONS = (
    "rules_changed",
    "cohort_changed",
    "unit_changed",
    "before_incomplete",
    "method_changed",
    "basis_changed",
    "derived_total",
    "cohort_hidden",
)
"""The flags of a unit that tell of its change."""


def mean_change(items: Sequence[ScoreItem], mean: Decimal | None, decimals: int) -> MeanChange:
    """The mean now minus that of the same units before, both rounded: None unless all totals can be compared."""
    ranked = [item for item in items if item["rank"] is not None]
    carried = {flag for item in ranked or items for flag in item["flags"]}
    flags = [flag for flag in REASONS if flag in carried]
    against = items[0]["change"]["against"] if items else None
    before = [
        item["total"] - item["change"]["total"]
        for item in ranked
        if item["total"] is not None and item["change"]["total"] is not None
    ]
    if mean is None or not before or len(before) < len(ranked) or "cohort_changed" in carried:
        return {"against": against, "mean": None, "flags": flags or ["before_incomplete"]}
    was = (sum(before, Decimal(0)) / len(before)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return {"against": against, "mean": plain(mean - was), "flags": flags}


def movers(items: Sequence[ScoreItem]) -> Movers:
    """The units with the greatest changes of their totals; of equal ones the first by code."""
    return {"up": _greatest(items, 1), "down": _greatest(items, -1)}


def _greatest(items: Sequence[ScoreItem], sign: int) -> list[Mover]:
    changes = ((sign * (item["change"]["total"] or 0), item) for item in items)
    found = ((-change, item["unit"]["code"], item) for change, item in changes if change > 0)
    return [_mover(item) for *_, item in nsmallest(MOST, found, key=lambda each: each[:2])]


def _mover(item: ScoreItem) -> Mover:
    return {"unit": item["unit"], "total": item["total"], "rank": item["rank"], "change": item["change"]}
