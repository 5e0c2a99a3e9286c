"""The layout that a framework brings along: its groups, their components and the indicators behind them, in its order.

For an index that no letter has given a layout to.
"""

from collections.abc import Iterable, Iterator

from app.domain.frameworks.framework import Criterion, Framework, Name
from app.domain.frameworks.rules import AnyRule, Reported
from app.domain.frameworks.tree import adjustment_name
from app.domain.vocabulary import Level
from app.reports.rules.layouts import LONGEST_NUMBER, Layout, PrintedRow

OWN = "framework"
"""What `layout` calls it: no letter, the framework itself."""
TOTAL = Name(vi="Tổng số điểm", en="Total points")
RANK = Name(vi="Thứ hạng", en="Rank")
REPORTED_RANK = Name(vi="Thứ hạng do nguồn số liệu công bố", en="Rank as published")


def own_layout(framework: Framework, level: Level) -> Layout:
    """Each group with its points and what stands below it for units of the level; then total and ranks."""
    groups = [
        _row(framework, top, level, path=str(place), group=top.code) for place, top in enumerate(framework.criteria, 1)
    ]
    figures = (*_figures(framework, framework.total.rules, level, shown=True), *_adjustments(framework))
    total = PrintedRow(heading=TOTAL, total=True, rows=figures)
    ranks = [PrintedRow(heading=RANK, rank="computed"), PrintedRow(heading=REPORTED_RANK, rank="reported")]
    return Layout(code=OWN, title=framework.name, source=framework.id, rows=(*groups, total, *ranks))


def _row(framework: Framework, node: Criterion, level: Level, path: str, group: str | None = None) -> PrintedRow:
    """A criterion above its components and its indicators; a component of one indicator prints that in its own row."""
    number = numbered(node.code, path)
    figures = list(_figures(framework, node.rules, level, shown=group is not None))
    if group is None and not node.criteria and len(figures) == 1:
        return PrintedRow(number=number, heading=node.name, indicator=figures[0].indicator)
    below = (
        _row(framework, child, level, f"{path}.{place}")
        for place, child in enumerate(node.criteria, 1)
        if child.applies_to is None or level in child.applies_to
    )
    return PrintedRow(number=number, heading=node.name, group=group, rows=(*below, *figures))


def _adjustments(framework: Framework) -> Iterator[PrintedRow]:
    """A row for the figure of each bonus and penalty, by what it is called."""
    for each in framework.total.adjustments:
        yield PrintedRow(heading=adjustment_name(framework, each), indicator=each.indicator)


def numbered(code: str, path: str) -> str | None:
    """The number of a criterion: its code where that is one, else its place in the tree; None beyond what is printed.

    >>> numbered("3.5b", "2.4"), numbered("speed", "1.2")
    ('3.5b', '1.2')
    """
    number = code if code[0].isdigit() else path
    return number if len(number) <= LONGEST_NUMBER else None


def _figures(framework: Framework, rules: Iterable[AnyRule], level: Level, *, shown: bool) -> Iterator[PrintedRow]:
    """A row for each indicator that rules for the level read, by its name.

    `shown`: the row above prints the points; those that a source reports are the same and stand there already.
    """
    names = {each.code: each.name for each in framework.indicators}
    applying = [rule for rule in rules if rule.applies_to(level) and not (shown and isinstance(rule, Reported))]
    for code in dict.fromkeys(code for rule in applying for code in rule.reads):
        yield PrintedRow(heading=names.get(code) or Name(vi=code), indicator=code)
