"""Single criteria as the columns of a list of units: which there are, under which group, and what a cell says.

Tuyên Quang's letter of July 2024 refers to such lists: "Chi tiết một số kết quả tiêu chí đánh giá của 26 cơ quan, đơn
vị tại Phụ lục I, II, III, IV".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Literal

from app.domain.figures import decimals_of, print_figure
from app.domain.frameworks.framework import Criterion, Framework, Indicator
from app.domain.frameworks.rules import Reported
from app.domain.letter_format import printed_points
from app.domain.vocabulary import Level
from app.reports.rules.comparison import ShownFigure
from app.reports.rules.layouts import Layout, PrintedRow

FIRST, MOST = 8, 10
"""Columns that a lying page has room for: beside total, class, rank and changes, and without them."""
FigureKind = Literal["ratio", "count", "points", "number"]


@dataclass(frozen=True, slots=True)
class CriterionColumn:
    """A criterion by the indicator that it reads, below a group of the framework.

    `criterion`: what is scored, None of a figure that is only shown; `stated`: the indicators of its points as a source
    has them. `noun`: what its count counts.
    """

    code: str
    name: str
    kind: FigureKind
    noun: str | None
    group: Criterion
    criterion: Criterion | None = None
    max: Decimal | None = None
    stated: frozenset[str] = frozenset()

    @property
    def reads(self) -> frozenset[str]:
        """The indicators that its figure and its points may come from."""
        return self.stated | {self.code}


def criterion_columns(
    framework: Framework, level: Level, layout: Layout, indicators: Mapping[str, Indicator]
) -> list[CriterionColumn]:
    """Group by group what is scored in units of the level, then what the layout prints of the group besides.

    Points of a group as its source states them are no single criterion: they stand among the groups. A figure from
    which several criteria are scored is one column with no points: those of one would not be all.
    """
    framework = framework.at(level)
    found: dict[str, CriterionColumn] = {}
    nouns = {row.indicator: row.noun for row in _rows(layout.rows) if row.indicator and row.noun}
    for top in framework.criteria:
        printed = [row for group in _rows(layout.rows) if group.group == top.code for row in _rows(group.rows)]
        shown = [(row.indicator, None) for row in printed if row.indicator]
        for code, leaf in [*_scored(top, level), *shown]:
            earlier = found.get(code)
            if earlier is None:
                column = _of_indicator(
                    CriterionColumn(code, code, "number", nouns.get(code), top), indicators.get(code)
                )
                found[code] = _of_criterion(column, leaf, framework)
            elif leaf is not None and leaf is not earlier.criterion:
                found[code] = replace(earlier, criterion=None, max=None, stated=frozenset())
    return list(found.values())


def _rows(rows: Sequence[PrintedRow]) -> Iterator[PrintedRow]:
    for row in rows:
        yield row
        yield from _rows(row.rows)


def _scored(top: Criterion, level: Level) -> Iterator[tuple[str, Criterion]]:
    """The indicators that the criteria of a group read in units of a level, each with its criterion."""
    for leaf in _leaves(top, level):
        read = [rule for rule in leaf.rules if rule.applies_to(level) and hasattr(rule, "indicator")]
        own = [rule for rule in read if not isinstance(rule, Reported)]
        for rule in own or ([] if leaf is top else read):
            yield rule.indicator, leaf


def _leaves(node: Criterion, level: Level) -> Iterator[Criterion]:
    if node.applies_to is not None and level not in node.applies_to:
        return
    if not node.criteria:
        yield node
    for child in node.criteria:
        yield from _leaves(child, level)


def _of_indicator(column: CriterionColumn, indicator: Indicator | None) -> CriterionColumn:
    if indicator is None:
        return column
    return replace(column, name=indicator.name.vi, kind=indicator.kind, noun=column.noun or indicator.unit)


def _of_criterion(column: CriterionColumn, leaf: Criterion | None, framework: Framework) -> CriterionColumn:
    """What the figure earns; a criterion below a group has a shorter name than its indicator."""
    if leaf is None:
        return column
    stated = frozenset(rule.indicator for rule in leaf.rules if isinstance(rule, Reported))
    name = column.name if leaf is column.group else leaf.name.vi
    return replace(column, name=name, criterion=leaf, max=framework.max_of(leaf), stated=stated)


def pages_of(columns: Sequence[CriterionColumn]) -> list[list[CriterionColumn]]:
    """The columns page by page, by whole groups; a group that is wider than a page goes on on the next."""
    pages: list[list[CriterionColumn]] = [[]]
    for _, members in groupby(columns, key=lambda column: column.group.code):
        group = list(members)
        if pages[-1] and len(group) > _room(pages):
            pages.append([])
        while len(group) > _room(pages):
            room = _room(pages)
            pages[-1] += group[:room]
            group = group[room:]
            pages.append([])
        pages[-1] += group
    return [page for page in pages if page]


def _room(pages: Sequence[Sequence[CriterionColumn]]) -> int:
    return (FIRST if len(pages) == 1 else MOST) - len(pages[-1])


def decimals_in(column: CriterionColumn, units: Iterable[Mapping[str, ShownFigure]]) -> int:
    """As many decimals as the most exact figure of a column has; `units`: the figures of each by indicator."""
    measures = (_measure(column, each[column.code]) for each in units if column.code in each)
    return max((decimals_of(measure) for measure in measures if measure is not None), default=0)


def _measure(column: CriterionColumn, figure: ShownFigure) -> Decimal | None:
    if column.kind == "ratio":
        return figure.rate
    return figure.points if column.kind == "points" else figure.count


def cell_text(column: CriterionColumn, figure: ShownFigure, decimals: int) -> str | None:
    """A figure in its cell, with the decimals of its column; None where there is none.

    A count that a source states beside its rate is printed with it; n of 0 has no rate and is no missing figure.
    """
    measure = _measure(column, figure)
    if measure is None:
        return _other_text(figure)
    fixed = print_figure(measure, decimals=decimals)
    if column.kind != "ratio":
        return fixed
    if figure.count is None or figure.of is not None:
        return f"{fixed}%"
    counted = " ".join(filter(None, (print_figure(figure.count), column.noun)))
    return f"{counted} ({fixed}%)"


def _other_text(figure: ShownFigure) -> str | None:
    """What is known without the measure of a column: n of 0, or the points as their source has them."""
    if figure.count is not None and figure.of is not None:
        return f"{print_figure(figure.count)}/{print_figure(Decimal(figure.of))}"
    return None if figure.points is None else printed_points(figure.points, None)
