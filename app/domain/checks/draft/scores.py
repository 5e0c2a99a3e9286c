"""Rules over the points and ranks of a draft. Groups are sums within n × half a unit of their finest decimal.

A group that is not printed, or was found invalid, may hold anything from 0 to its max.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.checks.draft.cells import PrintedCell, half_unit, printed_text
from app.domain.checks.draft.finding import LetterFinding, against_restated, finding
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

    def miss(self, cell: PrintedCell) -> Fraction:
        """How far a printed figure lies from this sum, rounding aside."""
        value = cell.value or ZERO
        return value - min(max(value, self.low), self.high)

    def moved(self, by: Fraction) -> "PrintedSumRange":
        """The sum, had one group so much more."""
        return replace(self, low=self.low + by, high=self.high + by)

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
    """Whether the framework's total is the sum of its groups: no mean, no share, and without adjustments."""
    if framework is None or framework.total.adjustments or framework.total.share_of_applicable:
        return False
    return all(rule.kind in ("sum", "reported") for rule in framework.total.rules)


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


def groups_sum(draft: ParsedDraft) -> PrintedSumRange | None:
    """What the groups add up to."""
    scores = _added(draft)
    if scores is None:
        return None
    known = {code: group.points.value for code, group in scores.groups.items() if group.points.value is not None}
    decimals = points_decimals(scores)
    return _sum(scores, known, decimals, half_unit(decimals), 0)


def changes_sum(draft: ParsedDraft) -> PrintedSumRange | None:
    """What the changes of the groups add up to; each carries two roundings."""
    scores = _added(draft)
    if scores is None:
        return None
    known = {code: group.change.value for code, group in scores.groups.items() if group.change.value is not None}
    decimals = change_decimals(scores)
    return _sum(scores, known, decimals, 2 * half_unit(decimals), -1)


def before_sum(draft: ParsedDraft) -> PrintedSumRange | None:
    """What the groups added up to before: points less changes."""
    scores = _added(draft)
    if scores is None:
        return None
    known = {
        code: group.points.value - group.change.value
        for code, group in scores.groups.items()
        if group.points.value is not None and group.change.value is not None
    }
    decimals = min(points_decimals(scores), change_decimals(scores))
    return _sum(scores, known, decimals, half_unit(decimals), 0)


def total_differs_from_groups(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Total = Σ groups, within n × half a unit (six at one decimal: ±0.3).

    Where the total is printed several times and one of them fits, the others contradict that one (`totals_disagree`).
    """
    scores, groups = draft.scores, groups_sum(draft)
    if scores is None or groups is None:
        return
    right = reference_total(draft)
    for total in scores.totals:
        is_twin = right is not None and groups.admits(right) and _disagree(total, right)
        if not groups.admits(total) and not is_twin:
            yield _about_total("total_differs_from_groups", scores, total, groups)


def _about_total(
    rule: str, scores: ParsedScores, stated: PrintedCell, groups: PrintedSumRange, *, sign: bool = False
) -> LetterFinding:
    expected = groups.shown(sign=sign)
    return finding(rule, "total", scores.total_place, stated.shown, expected, tolerance=groups.tolerance)


def reference_total(draft: ParsedDraft) -> PrintedCell | None:
    """The total that the groups make, of those that are printed; the first, where none of them is."""
    known = [total for total in draft.scores.totals if total.value is not None] if draft.scores is not None else []
    groups = groups_sum(draft)
    return next((total for total in known if groups is not None and groups.admits(total)), next(iter(known), None))


def _disagree(one: PrintedCell, other: PrintedCell) -> bool:
    if one.value is None or other.value is None:
        return False
    return abs(one.value - other.value) > half_unit(one.decimals) + half_unit(other.decimals)


def totals_disagree(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """The total is the same wherever it is printed; the one that the groups make, else the first, stands for all."""
    scores, right = draft.scores, reference_total(draft)
    for total in scores.totals if scores is not None and right is not None else ():
        if scores is not None and right is not None and _disagree(total, right):
            yield finding("totals_disagree", "total", scores.total_place, total.shown, right.shown)


def changes_do_not_add_up(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Change of the total = Σ changes of the groups; each carries two roundings (six at one decimal: ±0.6)."""
    scores, groups = draft.scores, changes_sum(draft)
    if scores is not None and groups is not None and not groups.admits(scores.total_change):
        yield _about_total("changes_do_not_add_up", scores, scores.total_change, groups, sign=True)


def previous_total_differs(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Total before = Σ (points − change) of the groups, within n × half a unit."""
    scores, groups = draft.scores, before_sum(draft)
    if scores is not None and groups is not None and not groups.admits(scores.total_before):
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
    wrong = finding("change_wrong", "total", scores.total_place, stated.shown, expected, **context)
    fitting = (
        each
        for each in draft.restated.total
        if each.value is not None and any(_is_change(total, each, stated) for total in totals)
    )
    restated = next(fitting, None)
    yield wrong if restated is None else against_restated(wrong, restated.shown)


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
        wrong, now = _about_rank("rank_change_wrong", scores, printed_text(exact, 0, sign=True)), scores.rank.value
        restated = next(
            (each for each in draft.restated.rank if each.value is not None and each.value - now == stated), None
        )
        yield wrong if restated is None else against_restated(wrong, restated.shown)


def rank_cohorts_differ(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """A move from 28/63 to 14/34 is none, even where 28 − 14 is what is printed."""
    scores = draft.scores
    if scores is None or scores.rank_change.value is None:
        return
    sizes = scores.rank.whole, scores.rank_before.whole
    if None not in sizes and sizes[0] != sizes[1] and not any(rank_change_wrong(draft)):
        yield _about_rank("rank_cohorts_differ", scores, None)


def _about_rank(rule: str, scores: ParsedScores, expected: str | None) -> LetterFinding:
    context = {"now": scores.rank.shown, "before": scores.rank_before.shown}
    return finding(rule, "rank", scores.rank_place, scores.rank_change.shown, expected, **context)
