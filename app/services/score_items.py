"""Units of a board as they are answered: total, class, coverage, groups, what changed, and what to know of it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby

from app.answers.scores import BandBrief, Change, ScoredPoints, ScoreItem
from app.domain.figures import plain, unscaled
from app.domain.scoring.board import METHODS, GroupPoints, groups, view
from app.domain.scoring.changes import DifferenceArray
from app.services.frameworks import in_force
from app.services.scored_cohorts import ScoredCohort
from app.services.scores import CohortComparison


def items(compared: CohortComparison, rows: Iterable[int] | None = None) -> list[ScoreItem]:
    """Units of the board as they are answered: these rows, else all, in their order."""
    shown = shown_groups(compared.now, compared.view)
    return [item(compared, shown, row) for row in (range(len(compared.now.members)) if rows is None else rows)]


def items_of_boards(rows: Sequence[tuple[CohortComparison, int]]) -> list[ScoreItem]:
    """Rows of several boards as they are answered; the rows of one stand together."""
    by_board = groupby(rows, key=lambda each: id(each[0]))
    together = (list(found) for _, found in by_board)
    return [item for found in together for item in items(found[0][0], (row for _, row in found))]


def shown_groups(scored: ScoredCohort, view_code: str | None) -> dict[str, GroupPoints]:
    return groups(scored.board) if view_code is None else view(scored.framework, scored.board, view_code)


def item(compared: CohortComparison, shown: Mapping[str, GroupPoints], row: int) -> ScoreItem:
    """One unit of the board as it is answered."""
    scored, standing = compared.now, compared.now.standing
    member = scored.members[row]
    ranked = bool(standing.ranked[row]) and not compared.hidden
    return {
        "rank": int(standing.rank[row]) if ranked else None,
        "tied": int(standing.tied[row]) if ranked else None,
        "unit": {"code": member.code, "name": member.name, "level": member.level},
        **result(scored, shown, row),
        "change": change(compared, row),
        "flags": flags(compared, row),
        "observed_at": scored.observed_at(row),
    }


def result(scored: ScoredCohort, shown: Mapping[str, GroupPoints], row: int) -> ScoredPoints:
    """Total, class, method, coverage and groups of one unit."""
    total, rounding = scored.board.total, scored.framework.rounding
    known = bool(total.known[row])
    return {
        "total": unscaled(int(total.points[row]), rounding.total) if known else None,
        "max": plain(total.max),
        "band": band_of(scored, row),
        "method": METHODS[int(scored.board.method[row])] if known else None,
        "coverage": share(scored.board.coverage(row)),
        "groups": {
            code: unscaled(int(group.points[row]), rounding.component) if group.known[row] else None
            for code, group in shown.items()
        },
    }


def band_of(scored: ScoredCohort, row: int) -> BandBrief | None:
    """The class of one unit, None where it has none."""
    place = int(scored.standing.band[row])
    if place < 0:
        return None
    band = scored.framework.bands[place]
    return {"code": band.code, "name": band.name.vi}


def bands_of(scored: ScoredCohort) -> dict[str, BandBrief]:
    """The classes of the units that have one, by code."""
    found = ((member.code, band_of(scored, row)) for row, member in enumerate(scored.members))
    return {code: band for code, band in found if band is not None}


def share(coverage: Fraction) -> Decimal:
    """A share to four decimals, half up, and 1 only where nothing is missing."""
    exact = Decimal(coverage.numerator) / Decimal(coverage.denominator)
    rounded = exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return plain(rounded if coverage == 1 else min(rounded, Decimal("0.9999")))


def change(compared: CohortComparison, row: int) -> Change:
    """What changed against the earlier board; None where that cannot be said."""
    changes, rounding = compared.changes, compared.now.framework.rounding
    if changes is None:
        return {"against": compared.against, "total": None, "rank": None, "groups": {}}
    hidden = compared.hidden or compared.before_hidden
    return {
        "against": compared.against,
        "total": difference(changes.total, row, rounding.total),
        "rank": None if hidden else rank_difference(changes.rank, row),
        "groups": {code: difference(each, row, rounding.component) for code, each in changes.groups.items()},
    }


def difference(found: DifferenceArray, row: int, decimals: int) -> Decimal | None:
    return unscaled(int(found.points[row]), decimals) if found.known[row] else None


def rank_difference(found: DifferenceArray, row: int) -> int | None:
    return int(found.points[row]) if found.known[row] else None


def flags(compared: CohortComparison, row: int) -> list[str]:
    """What to know before citing the figure."""
    scored = compared.now
    found = [code for code, units in scored.board.flags.items() if units[row]]
    if scored.standing.limited[row]:
        found.append("class_limited")
    if scored.partial:
        found.append("cohort_partial")
    if scored.members[row].ended:
        found.append("ended")
    if scored.provisional[row]:
        found.append("provisional")
    if not in_force(scored.framework, scored.period):
        found.append("outside_validity")
    if scored.support.derived[row]:
        found.append("derived_total")
    if compared.changes is not None:
        found += [code for code, units in compared.changes.flags.items() if units[row] and code not in found]
    if compared.hidden or compared.before_hidden:
        found.append("cohort_hidden")
    return found
