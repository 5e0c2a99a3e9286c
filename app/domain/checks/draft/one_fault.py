"""Which rule speaks of a score where several show one slip: one finding a fault.

A digit wrong in a group's points, in a change or in a total contradicts every sum that the figure is part of. The rule
that names the figure itself speaks, and those that the mended figure would satisfy are silent.
"""

from collections.abc import Iterator
from fractions import Fraction

from app.domain.checks.draft import points, scores
from app.domain.checks.draft.cells import PrintedCell, half_unit
from app.domain.checks.draft.finding import LetterFinding
from app.domain.checks.draft.parsed_draft import ParsedDraft
from app.domain.checks.draft.points import PointsDifference
from app.domain.checks.draft.scores import PrintedSumRange


def points_differ(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Points against what the rates earn; an error where the printed total, too, wants what they earn."""
    for each in points.points_differences(draft):
        if not _is_restated(draft, each):
            yield each.finding(is_certain=_mends_total(draft, each))


def total_differs_from_groups(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Silent where a group is named whose points, mended, make the total."""
    found = list(scores.total_differs_from_groups(draft))
    if found and not any(_mends_total(draft, each) for each in points.points_differences(draft)):
        yield from found


def total_change_wrong(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Silent where it is the total that is wrong: the change is right from the total before to the Σ of the groups."""
    printed, groups = draft.scores, scores.groups_sum(draft)
    found = list(scores.total_change_wrong(draft))
    if found and printed is not None and groups is not None and any(scores.total_differs_from_groups(draft)):
        expected = _plus(printed.total_before, printed.total_change)
        slack = groups.slack + half_unit(printed.total_before.decimals) + half_unit(printed.total_change.decimals)
        if groups.low - slack <= expected <= groups.high + slack:
            return
    yield from found


def changes_do_not_add_up(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Silent where the change of the total is named already, or a group whose points before do not fit its change."""
    found = list(scores.changes_do_not_add_up(draft))
    if found and not any(scores.total_change_wrong(draft)) and not _mends_changes(draft):
        yield from found


def previous_total_differs(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Silent where it is missed by as much as another sum is, which one slip explains."""
    found = list(scores.previous_total_differs(draft))
    printed, before = draft.scores, scores.before_sum(draft)
    if not found or printed is None or before is None:
        return
    missed = before.miss(printed.total_before)
    if not _is_missed_alike(draft, missed) and not _is_the_total_before(draft, before) and not _mends_before(draft):
        yield from found


def _is_missed_alike(draft: ParsedDraft, missed: Fraction) -> bool:
    """Whether the total is missed by as much (a group's points), or its change by as much the other way (a change)."""
    printed, groups, changes = draft.scores, scores.groups_sum(draft), scores.changes_sum(draft)
    total = scores.reference_total(draft)
    if printed is None:
        return False
    if groups is not None and total is not None and not groups.admits(total):
        return abs(groups.miss(total) - missed) <= groups.slack
    if changes is not None and not changes.admits(printed.total_change):
        return abs(changes.miss(printed.total_change) + missed) <= changes.slack
    return False


def _is_the_total_before(draft: ParsedDraft, before: PrintedSumRange) -> bool:
    """Whether the total before is wrong, which its change shows: total less change is what the groups make."""
    printed, total = draft.scores, scores.reference_total(draft)
    if printed is None or total is None or not any(scores.total_change_wrong(draft)):
        return False
    expected = (total.value or Fraction(0)) - (printed.total_change.value or Fraction(0))
    return before.low - before.slack <= expected <= before.high + before.slack


def _is_restated(draft: ParsedDraft, each: PointsDifference) -> bool:
    """Whether points before are those of another observation, and so rest on other rates than those printed."""
    known = draft.restated.groups.get(each.group.code, ()) if each.side == "before" else ()
    return any(
        abs(cell.value - each.stated) <= each.slack + half_unit(cell.decimals)
        for cell in known
        if cell.value is not None
    )


def _mends_total(draft: ParsedDraft, each: PointsDifference) -> bool:
    groups, total = scores.groups_sum(draft), scores.reference_total(draft)
    if each.side == "before" or groups is None or total is None or groups.admits(total):
        return False
    return groups.moved(each.earned - each.stated).admits(total)


def _mends_changes(draft: ParsedDraft) -> bool:
    """Whether the change that the rates of a named group make is the one that the change of the total wants."""
    printed, changes = draft.scores, scores.changes_sum(draft)
    if printed is None or changes is None:
        return False
    found = (each for each in points.points_differences(draft) if each.side == "before")
    return any(changes.moved(each.stated - each.earned).admits(printed.total_change) for each in found)


def _mends_before(draft: ParsedDraft) -> bool:
    printed, before = draft.scores, scores.before_sum(draft)
    if printed is None or before is None:
        return False
    return any(
        before.moved(each.earned - each.stated).admits(printed.total_before)
        for each in points.points_differences(draft)
    )


def _plus(one: PrintedCell, other: PrintedCell) -> Fraction:
    return (one.value or Fraction(0)) + (other.value or Fraction(0))
