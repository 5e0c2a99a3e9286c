"""Rules over the points and ranks of a draft. Groups are sums within n × half a unit of their finest decimal.

A group that is not printed, or was found invalid, may hold anything from 0 to its max.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.checks.draft.cells import PrintedCell, half_unit, printed_text
from app.domain.checks.draft.finding import LetterFinding, finding
from app.domain.checks.draft.parsed_draft import ParsedDraft, ParsedScores
from app.domain.frameworks.framework import Framework

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class PrintedSumRange:
    """What the groups add up to, from `low` to `high`, give or take `slack` by rounding."""

    low: Fraction
    high: Fraction
    slack: Fraction
    decimals: int

    def admits(self, cell: PrintedCell) -> bool:
        """Whether a printed figure may be this sum; one printed coarser than the groups is rounded once more."""
        own = half_unit(cell.decimals) if cell.decimals < self.decimals else ZERO
        slack = self.slack + own
        return cell.value is None or self.low - slack <= cell.value <= self.high + slack

    def shown(self, *, sign: bool = False) -> str:
        low, high = (printed_text(edge, self.decimals, sign=sign) for edge in (self.low, self.high))
        return low if low == high else f"{low} … {high}"

    @property
    def tolerance(self) -> str:
        return printed_text(self.slack, self.decimals + 1).rstrip("0").rstrip(",")


def _sum(
    scores: ParsedScores, known: Mapping[str, Fraction], decimals: int, unit: Fraction, lowest: int
) -> PrintedSumRange | None:
    """Σ of the known groups; the others hold from `lowest` × their max to their max. None where none is known."""
    if not known:
        return None
    absent = sum((Fraction(most) for code, most in scores.maxima.items() if code not in known), ZERO)
    total = sum(known.values(), ZERO)
    return PrintedSumRange(total + lowest * absent, total + absent, len(known) * unit, decimals)


def _is_sum(framework: Framework | None) -> bool:
    """Whether the framework's total is the sum of its groups; for a weighted mean it is not."""
    return framework is not None and all(rule.kind in ("sum", "reported") for rule in framework.total.rules)


def _added(draft: ParsedDraft) -> ParsedScores | None:
    """The scores, where groups can be added up to a total."""
    return draft.scores if _is_sum(draft.rules.framework) else None


def points_decimals(scores: ParsedScores) -> int:
    """The finest decimal among the groups counts for all: 20 beside 11,8 is 20,0."""
    return max((group.points.decimals for group in scores.groups.values()), default=0)


def change_decimals(scores: ParsedScores) -> int:
    """The finest decimal among the changes; changes that are all whole were printed like the points."""
    finest = max((group.change.decimals for group in scores.groups.values()), default=0)
    return finest or points_decimals(scores)


def total_differs_from_groups(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Total = Σ groups, within n × half a unit (six at one decimal: ±0.3)."""
    scores = _added(draft)
    if scores is None:
        return
    known = {code: group.points.value for code, group in scores.groups.items() if group.points.value is not None}
    decimals = points_decimals(scores)
    groups = _sum(scores, known, decimals, half_unit(decimals), 0)
    for total in scores.totals:
        if groups is not None and not groups.admits(total):
            yield _about_total("total_differs_from_groups", scores, total, groups)


def _about_total(
    rule: str, scores: ParsedScores, stated: PrintedCell, groups: PrintedSumRange, *, sign: bool = False
) -> LetterFinding:
    expected = groups.shown(sign=sign)
    return finding(rule, "total", scores.total_place, stated.shown, expected, tolerance=groups.tolerance)


def totals_disagree(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """The total is the same wherever it is printed; the first stands for the others."""
    scores = draft.scores
    known = [total for total in scores.totals if total.value is not None] if scores is not None else []
    for total in known[1:]:
        first = known[0]
        slack = half_unit(first.decimals) + half_unit(total.decimals)
        if scores and total.value is not None and first.value is not None and abs(total.value - first.value) > slack:
            yield finding("totals_disagree", "total", scores.total_place, total.shown, first.shown)


def changes_do_not_add_up(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Change of the total = Σ changes of the groups; each carries two roundings (six at one decimal: ±0.6)."""
    scores = _added(draft)
    if scores is None:
        return
    known = {code: group.change.value for code, group in scores.groups.items() if group.change.value is not None}
    decimals = change_decimals(scores)
    groups = _sum(scores, known, decimals, 2 * half_unit(decimals), -1)
    if groups is not None and not groups.admits(scores.total_change):
        yield _about_total("changes_do_not_add_up", scores, scores.total_change, groups, sign=True)


def previous_total_differs(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Total before = Σ (points − change) of the groups, within n × half a unit."""
    scores = _added(draft)
    if scores is None:
        return
    known = {
        code: group.points.value - group.change.value
        for code, group in scores.groups.items()
        if group.points.value is not None and group.change.value is not None
    }
    decimals = min(points_decimals(scores), change_decimals(scores))
    groups = _sum(scores, known, decimals, half_unit(decimals), 0)
    if groups is not None and not groups.admits(scores.total_before):
        yield _about_total("previous_total_differs", scores, scores.total_before, groups)


def total_change_wrong(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """The change of the total fits one of the totals printed, within the half units of the three figures."""
    scores = draft.scores
    if scores is None or scores.total_change.value is None or scores.total_before.value is None:
        return
    before, stated = scores.total_before, scores.total_change
    totals = [total for total in scores.totals if total.value is not None]
    if not totals or any(_is_change(total, before, stated) for total in totals):
        return
    decimals = max(totals[0].decimals, before.decimals)
    expected = printed_text((totals[0].value or ZERO) - (before.value or ZERO), decimals, sign=True)
    context = {"now": totals[0].shown, "before": before.shown}
    yield finding("change_wrong", "total", scores.total_place, stated.shown, expected, **context)


def _is_change(total: PrintedCell, before: PrintedCell, stated: PrintedCell) -> bool:
    slack = sum((half_unit(cell.decimals) for cell in (total, before, stated)), ZERO)
    return abs((total.value or ZERO) - (before.value or ZERO) - (stated.value or ZERO)) <= slack


def rank_change_wrong(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """A move is positive when the place improves: 22 → 8 is +14 (docs/domain.md, Ranks and changes)."""
    scores = draft.scores
    if scores is None or scores.rank.value is None or scores.rank_before.value is None:
        return
    exact, stated = scores.rank_before.value - scores.rank.value, scores.rank_change.value
    if stated is not None and stated != exact:
        context = {"now": scores.rank.shown, "before": scores.rank_before.shown}
        expected = printed_text(exact, 0, sign=True)
        yield finding("rank_change_wrong", "rank", scores.rank_place, scores.rank_change.shown, expected, **context)
