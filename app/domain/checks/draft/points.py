"""Points stated for a group against the points that the printed rates earn under the framework named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from app.domain.checks.draft.cells import half_unit, printed_text
from app.domain.checks.draft.finding import LetterFinding, finding
from app.domain.checks.draft.parsed_draft import ParsedDraft, ParsedGroup, ParsedRow, ParsedScores, PeriodCells, Side
from app.domain.checks.draft.rows import SIDE_NAMES, is_at_odds
from app.domain.checks.draft.scores import change_decimals, points_decimals
from app.domain.figure_parser import MAX_FIGURE
from app.domain.figures import SCALE, unscaled
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.tree import compares_units
from app.domain.scoring.board import Board, GroupPoints, groups, view
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.score import score
from app.domain.vocabulary import LEVELS

VARIANTS = (0, -1, 1)
"""A rate as printed, and the least and the most that rounding may have printed so."""
Span = tuple[Fraction, Fraction, Fraction]
"""Points as printed rates earn them; the least and the most, rounding considered."""


@dataclass(frozen=True, slots=True)
class PointsDifference:
    """Points of a group, as printed or as its change implies them for the period before, and what the rates earn."""

    group: ParsedGroup
    side: Side
    stated: Fraction
    slack: Fraction
    earned: Fraction
    framework: Framework

    def finding(self, *, is_certain: bool) -> LetterFinding:
        """`points_differ`, an error where it is certain."""
        about = finding(
            "points_differ",
            self.group.code,
            self.group.place,
            printed_text(self.stated, _decimals(self.slack)),
            printed_text(self.earned, self.framework.rounding.component),
            side=SIDE_NAMES[self.side],
            framework=self.framework.id,
        )
        return replace(about, weight="error") if is_certain else about


def points_differences(draft: ParsedDraft) -> Iterator[PointsDifference]:
    """Where every scored component of a group has its rate on the page, the group has the points that they earn.

    The level is not known here: points that the rules of any level would give are right. Points that are wrong now make
    those before wrong, and are named once.
    """
    now, before = draft.rules.framework, draft.rules.framework_before
    if draft.scores is None or not any(row.draft.indicator for row in draft.rows):
        return
    sides: list[tuple[Side, Framework]] = [("now", now)] if now else []
    sides += [("before", before)] if before else []
    named: set[str] = set()
    for side, framework in sides:
        spans = _computed(framework, draft, side)
        for group in draft.scores.groups.values():
            stated, earned = _stated(draft.scores, group, side), spans.get(group.code, [])
            if group.code in named or stated is None or not earned or any(_fits(stated, span) for span in earned):
                continue
            named.add(group.code)
            yield PointsDifference(group, side, *stated, earned[0][0], framework)


def _stated(scores: ParsedScores, group: ParsedGroup, side: Side) -> tuple[Fraction, Fraction] | None:
    """The group's points and how far rounding may be off; the points before are those now less their change."""
    points, change, slack = group.points.value, group.change.value, half_unit(points_decimals(scores))
    if points is None or side == "now":
        return None if points is None else (points, slack)
    return None if change is None else (points - change, slack + half_unit(change_decimals(scores)))


def _decimals(slack: Fraction) -> int:
    return next(places for places in range(6) if half_unit(places) <= slack)


def _fits(stated: tuple[Fraction, Fraction], span: Span) -> bool:
    value, slack = stated
    return span[1] - slack <= value <= span[2] + slack


def _computed(framework: Framework, draft: ParsedDraft, side: Side) -> dict[str, list[Span]]:
    """The points of every group that can be computed from the draft, under the rules of each level that computes it.

    A rate that its counts contradict is named by itself: points that either of the two earns are right.
    """
    found = _spans(framework, draft, _columns(draft, side))
    if any(row.draft.indicator and is_at_odds(draft, row, side) for row in draft.rows):
        for code, spans in _spans(framework, draft, _columns(draft, side, by_rate=True)).items():
            found.setdefault(code, []).extend(spans)
    return found


def _columns(draft: ParsedDraft, side: Side, *, by_rate: bool = False) -> dict[str, IndicatorColumn]:
    """The figure of every indicator, `by_rate` the printed rates where counts say something else."""
    kinds = draft.rules.kinds
    columns: dict[str, IndicatorColumn] = {}
    for row in draft.rows:
        code = row.draft.indicator
        if code is not None and code not in columns:
            is_ratio = kinds[code] == "ratio"
            counts = is_ratio and not (by_rate and is_at_odds(draft, row, side))
            column = _column(draft, row, side, is_ratio=is_ratio, has_counts=counts)
            columns |= {} if column is None else {code: column}
    return columns


def _spans(framework: Framework, draft: ParsedDraft, columns: Mapping[str, IndicatorColumn]) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = {}
    for level in LEVELS:
        board = score(framework, level, columns, len(VARIANTS))
        for code, points in _shown(board, draft).items():
            if _is_complete(board, code):
                spans.setdefault(code, []).append(_span(points, framework.rounding.component))
    return spans


def _column(
    draft: ParsedDraft, row: ParsedRow, side: Side, *, is_ratio: bool, has_counts: bool
) -> IndicatorColumn | None:
    """A row's figure as three units: as printed, and at either end of its rounding; counts are exact."""
    figures = row.on(side)
    counts = _counts(draft, row, figures, side) if has_counts else None
    stated = figures.rate if is_ratio or figures.count.value is None else figures.count
    if counts is None and stated.value is None:
        return None
    numerator, denominator = counts or (Fraction(0), Fraction(0))
    slack = half_unit(stated.decimals) if stated is figures.rate else Fraction(0)
    values = [(stated.value or Fraction(0)) + step * slack for step in VARIANTS]
    most = 100 if is_ratio else max(values)
    return IndicatorColumn(
        _ints([numerator] * len(VARIANTS)),
        _ints([denominator] * len(VARIANTS)),
        _ints([min(max(value, Fraction(0)), Fraction(most)) for value in values]),
        np.full(len(VARIANTS), counts is not None),
        np.full(len(VARIANTS), stated.value is not None),
    )


def _counts(draft: ParsedDraft, row: ParsedRow, figures: PeriodCells, side: Side) -> tuple[Fraction, Fraction] | None:
    """n and d, as printed or from the other shares of the whole."""
    part = row.draft.part_of
    whole = figures.count.whole
    if whole is None and part is not None and len(draft.parts[part]) > 1:
        whole = draft.wholes[part, side]
    if figures.count.value is None or whole is None or whole >= MAX_FIGURE:
        return None
    return figures.count.value, whole


def _ints(values: list[Fraction]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Scaled by 10⁴. Half units of a fourth decimal are cut: no letter prints one."""
    return np.array([int(value * SCALE) for value in values], dtype=np.int64)


def _shown(board: Board, draft: ParsedDraft) -> Mapping[str, GroupPoints]:
    """The groups of the board in the grouping that the draft prints."""
    framework, printed = board.framework, draft.scores.groups if draft.scores else {}
    tops = groups(board)
    if all(code in tops for code in printed):
        return tops
    codes = [one.code for one in framework.views if {group.code for group in one.groups} >= set(printed)]
    return view(framework, board, codes[0]) if codes else {}


def _is_complete(board: Board, code: str) -> bool:
    """Whether every scored component of the group has a figure, and none hangs on the figures of other units."""
    members = next(
        (group.members for one in board.framework.views for group in one.groups if group.code == code), (code,)
    )
    members = (code,) if code in board.nodes else members
    nodes = [board.nodes[member] for member in members]
    compared = any(compares_units(top) for top in board.framework.criteria if top.code in members)
    return not compared and all(bool(node.known[0]) and bool(node.complete[0]) for node in nodes)


def _span(points: GroupPoints, decimals: int) -> Span:
    earned = [Fraction(Decimal(unscaled(int(each), decimals))) for each in points.points]
    return earned[0], min(earned), max(earned)
