"""What a layout leaves out: scored criteria that no row prints, falls without a name, rests without their part.

And what it names that nobody knows.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.checks.draft.references import listed
from app.domain.figures import print_figure
from app.domain.frameworks.framework import Criterion, Framework
from app.domain.suggest import Suggester
from app.domain.validation_faults import pointer_to
from app.domain.vocabulary import LEVELS, Level
from app.errors import ErrorCode, Fault
from app.reports.rules.layouts import Layout, PrintedRow, groups_of, lines_of, printed

NOT_PRINTED = ErrorCode(
    "criterion_not_printed",
    "{framework} scores {criterion} ({name}, {max} points), and no row prints it: letters that name no layout take "
    "another one.",
    "Bộ chỉ số {framework} chấm tiêu chí {criterion} ({name}, {max} điểm) mà không dòng nào in; văn bản không nêu mẫu "
    "bảng sẽ dùng mẫu khác.",
)
FALL_NOT_NAMED = ErrorCode(
    "fall_not_named",
    "The row shows of {indicator} how many there are, and no row its rate: that the rate fell is not named.",
    "Dòng này chỉ in số lượng của {indicator}, không dòng nào in tỷ lệ: tỷ lệ giảm sẽ không được nêu.",
)
REST_ALONE = ErrorCode(
    "rest_without_part",
    "The row prints the rest of {indicator}, and no row beside it prints the part: it would stand alone.",
    "Dòng này in phần còn lại của {indicator} mà không dòng nào cùng mục in phần đã có: số liệu sẽ đứng một mình.",
)
INDICATOR_UNKNOWN = ErrorCode(
    "indicator_unknown",
    "There is no indicator “{code}”: its row has nothing to print. Correct the code; `GET /v1/indicators` lists all.",
    "Không có chỉ số “{code}” nên dòng này không có gì để in; hãy sửa mã, `GET /v1/indicators` liệt kê các chỉ số.",
)
GROUP_UNKNOWN = ErrorCode(
    "group_unknown",
    "{framework} has no group “{code}”: its row has no points to print; it has {known}. Correct the code or the "
    "`view`, or name the framework of the layout in `framework`.",
    "Bộ chỉ số {framework} không có nhóm “{code}” nên dòng này không có điểm để in; chỉ có {known}. Hãy sửa mã "
    "hoặc `view`, hoặc ghi bộ chỉ số của mẫu bảng vào `framework`.",
)


@dataclass(frozen=True, slots=True)
class ScoredCriterion:
    """A criterion that earns units of a level points by itself: the group it belongs to, and what its rules read."""

    criterion: Criterion
    group: str
    max: Decimal
    indicators: frozenset[str]


def scored_criteria(framework: Framework, level: Level) -> list[ScoredCriterion]:
    """The leaves of the tree with points for units of the level, in its order."""
    framework = framework.at(level)
    return [each for top in framework.criteria for each in _scored(framework, top, top.code, level)]


def _scored(framework: Framework, node: Criterion, group: str, level: Level) -> Iterator[ScoredCriterion]:
    if node.applies_to is not None and level not in node.applies_to:
        return
    for child in node.criteria:
        yield from _scored(framework, child, group, level)
    most = framework.max_of(node)
    if not node.criteria and most > 0:
        rules = [rule for rule in node.rules if rule.applies_to(level)]
        read = frozenset(code for rule in rules for code in rule.reads)
        yield ScoredCriterion(node, group, most, read)


def unprinted(layout: Layout, framework: Framework, level: Level) -> list[ScoredCriterion]:
    """The scored criteria that no row of a layout prints: of a group its points, else what a rule of it reads."""
    groups, shown = _groups_printed(layout, framework), _parts_printed(layout)
    return [
        each
        for each in scored_criteria(framework, level)
        if each.indicators.isdisjoint(shown) and not (each.criterion.code == each.group and each.group in groups)
    ]


def _groups_printed(layout: Layout, framework: Framework) -> set[str]:
    """The top criteria whose points are printed, be it in a group of the layout's view."""
    groups, _ = printed(layout)
    view = next((each for each in framework.views if each.code == layout.view), None)
    if view is None:
        return groups
    return {member for group in view.groups if group.code in groups for member in group.members}


def _parts_printed(layout: Layout) -> set[str]:
    """The indicators whose own figure is printed, not only the rest or the whole of it."""
    rows = (line.row for line in lines_of(layout))
    return {row.indicator for row in rows if row.indicator is not None and row.part == "numerator"}


def fits(layout: Layout, framework: Framework, level: Level) -> bool:
    """Whether a layout tells all that units of a level are scored by, and groups that the framework has."""
    groups, _ = printed(layout)
    return groups <= groups_of(framework, layout.view) and not unprinted(layout, framework, level)


def layout_for(layouts: Sequence[Layout], level: Level, framework: Framework) -> Layout | None:
    """The layout in which units of a level are printed where none is named, of those that fit the framework.

    The first that claims the level, else the first; None where none fits.
    """
    fitting = [each for each in layouts if fits(each, framework, level)]
    return next((each for each in fitting if level in each.levels), fitting[0] if fitting else None)


def layout_faults(layout: Layout, framework: Framework) -> list[Fault]:
    """What letters in a layout would leave out under a framework, and what would stand alone in any of them.

    For units of the levels that the layout claims, else of every level.
    """
    found = [each for level in layout.levels or LEVELS for each in unprinted(layout, framework, level)]
    missing = {each.criterion.code: each for each in found}
    return [
        *(_not_printed(each, framework) for each in missing.values()),
        *_rows_alone(layout.rows, (), _ratios(framework), _shown_as_rates(layout)),
    ]


def _not_printed(scored: ScoredCriterion, framework: Framework) -> Fault:
    criterion = scored.criterion
    named = {"framework": framework.id, "criterion": criterion.code, "name": criterion.name.vi}
    return Fault(NOT_PRINTED, {**named, "max": print_figure(scored.max)}, pointer="/rows")


def _ratios(framework: Framework) -> set[str]:
    return {each.code for each in framework.indicators if each.kind == "ratio"}


def _shown_as_rates(layout: Layout) -> set[str]:
    rows = (line.row for line in lines_of(layout))
    return {row.indicator for row in rows if row.indicator is not None and row.show != "count"}


def _rows_alone(
    rows: Sequence[PrintedRow], path: tuple[object, ...], ratios: Collection[str], rates: Collection[str]
) -> Iterator[Fault]:
    """Rows under one heading that would stand alone, or hide a fall."""
    for place, row in enumerate(rows):
        here = (*path, "rows", place)
        beside = (each for each in rows if each.indicator is not None and each.part != "complement")
        if row.part == "complement" and not any(beside):
            yield Fault(REST_ALONE, {"indicator": row.indicator}, pointer=pointer_to(here))
        if row.show == "count" and row.indicator in ratios and row.indicator not in rates:
            yield Fault(FALL_NOT_NAMED, {"indicator": row.indicator}, pointer=pointer_to(here))
        yield from _rows_alone(row.rows, here, ratios, rates)


def unknown_codes(layout: Layout, framework: Framework, indicators: Collection[str]) -> list[Fault]:
    """The codes that rows print and nobody knows: neither framework nor `indicators`; no group of the layout's view."""
    known = {*indicators, *(each.code for each in framework.indicators)}
    groups = frozenset(groups_of(framework, layout.view))
    near_indicator, near_group = Suggester(known), Suggester(groups)
    context = {"framework": framework.id, "known": listed(sorted(groups))}
    found = []
    for path, row in _placed(layout.rows, ()):
        if row.indicator is not None and row.indicator not in known:
            found.append(_unknown(INDICATOR_UNKNOWN, (*path, "indicator"), row.indicator, near_indicator))
        if row.group is not None and row.group not in groups:
            found.append(_unknown(GROUP_UNKNOWN, (*path, "group"), row.group, near_group, **context))
    return found


def _placed(rows: Sequence[PrintedRow], path: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], PrintedRow]]:
    """Every row with its place in the document."""
    for place, row in enumerate(rows):
        here = (*path, "rows", place)
        yield here, row
        yield from _placed(row.rows, here)


def _unknown(error_code: ErrorCode, path: Sequence[object], code: str, near: Suggester, **context: object) -> Fault:
    return Fault(error_code, {"code": code, **context}, pointer_to(path), value=code, suggestion=near(code))
