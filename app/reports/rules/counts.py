"""Counts over units: what of a figure is counted, which units count, and how a letter says it.

Tuyên Quang's letter of January 2024: "462 hồ sơ của 07 cơ quan đơn vị: Sở Tài nguyên và Môi trường 427 hồ sơ; …".
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from app.answers.reports import CountedPart
from app.domain.figures import print_figure
from app.domain.letter_format import printed_count
from app.domain.scoring.arithmetic import round_half_up
from app.domain.unit_names import ListedUnit, grouped_names

PARTS: dict[CountedPart, str] = {"numerator": "tử số", "denominator": "mẫu số", "rest": "phần còn lại"}


class CountableFigure(Protocol):
    """A figure as it is stored, ×10⁴."""

    @property
    def numerator(self) -> int | None: ...
    @property
    def denominator(self) -> int | None: ...
    @property
    def value(self) -> int | None: ...


def amount(figure: CountableFigure, part: CountedPart | None) -> int | None:
    """What is counted, ×10⁴: the value where `part` is None, else that part of the counts.

    None where there is nothing to count: a rate that is stated without its counts says nothing about how many. A
    numerator may stand beside a stated rate without its whole.
    """
    if part is None:
        return figure.value
    if part == "numerator" or figure.numerator is None or figure.denominator is None:
        return figure.numerator if part == "numerator" else None
    return figure.denominator if part == "denominator" else figure.denominator - figure.numerator


@dataclass(frozen=True, slots=True)
class CountedUnits:
    """The units of a scope: those that count, those below a counted one, and those of which nothing is known."""

    counted: tuple[str, ...]
    below: tuple[str, ...]
    missing: tuple[str, ...]


def spread(parents: Mapping[str, str | None], scope: Sequence[str], known: Collection[str]) -> CountedUnits:
    """Which units of the scope count, so that nothing is counted twice.

    `parents` is the tree, `known` the units with a figure. A figure of a unit holds those of the units below it (a
    district's its communes'), so only the topmost known ones count. A unit is missing where it has no figure, none of
    the scope above it counts or is itself missing, and none below it has a figure.

    >>> tree = {"P": None, "P.D": "P", "P.D.1": "P.D", "P.D.2": "P.D", "P.E": "P"}
    >>> spread(tree, ["P.D", "P.D.1", "P.D.2", "P.E"], {"P.D", "P.D.1"})
    CountedUnits(counted=('P.D',), below=('P.D.1',), missing=('P.E',))
    >>> spread(tree, ["P.D", "P.D.1", "P.D.2", "P.E"], {"P.D.1"})
    CountedUnits(counted=('P.D.1',), below=(), missing=('P.D.2', 'P.E'))
    """
    inside = set(scope)
    above = {unit: [each for each in _ancestors(unit, parents) if each in inside] for unit in scope}
    over = {each for unit in scope if unit in known for each in above[unit]}
    counted: list[str] = []
    below: list[str] = []
    missing: list[str] = []
    for unit in scope:
        covered = any(each in known for each in above[unit])
        if unit in known:
            (below if covered else counted).append(unit)
        elif not covered and unit not in over and all(each in over for each in above[unit]):
            missing.append(unit)
    return CountedUnits(tuple(counted), tuple(below), tuple(missing))


def _ancestors(unit: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    parent = parents.get(unit)
    while parent is not None:
        yield parent
        parent = parents.get(parent)


def share(count: Decimal | int, of: Decimal | int) -> Decimal | None:
    """A count as a percentage of the whole, two decimals, half up; None of nothing.

    Each share is rounded by itself, so that those of a list may add up to 99.99 or 100.01.

    >>> share(2, 17), share(27, 462), share(0, 0)
    (Decimal('11.76'), Decimal('5.84'), None)
    """
    return Decimal(round_half_up(Fraction(count) * 10_000 / Fraction(of))).scaleb(-2) if of else None


def printed(count: Decimal) -> str:
    """A count as letters print it.

    >>> printed(Decimal(1)), printed(Decimal(462)), printed(Decimal(25775)), printed(Decimal("3.5"))
    ('01', '462', '25.775', '3,5')
    """
    return printed_count(int(count)) if count in range(10) else print_figure(count)


def sentence(name: str, noun: str | None, counts: Sequence[tuple[ListedUnit, Decimal]], *, known: bool = True) -> str:
    """The list as a letter prints it: `noun` is what is counted; without one the `name` of the indicator leads.

    `counts` are those of the units that have any, in order; `known`: whether anything is known at all.

    >>> sentence("Số hồ sơ quá hạn", "hồ sơ", [(ListedUnit("Sở A"), Decimal(427)), (ListedUnit("Huyện B"), Decimal(1))])
    '428 hồ sơ của 02 cơ quan, đơn vị: Sở A 427 hồ sơ; Huyện B 01 hồ sơ.'
    >>> sentence("Số hồ sơ quá hạn", None, [(ListedUnit("Sở A"), Decimal(427))])
    'Số hồ sơ quá hạn: 427 của 01 cơ quan, đơn vị: Sở A 427.'
    >>> sentence("Số hồ sơ quá hạn", "hồ sơ", []), sentence("Số hồ sơ quá hạn", "hồ sơ", [], known=False)
    ('Số hồ sơ quá hạn: không có cơ quan, đơn vị nào.', 'Số hồ sơ quá hạn: chưa có số liệu.')
    """
    if not counts:
        return f"{name}: {'không có cơ quan, đơn vị nào' if known else 'chưa có số liệu'}."
    behind = "" if noun is None else f" {noun}"
    units = grouped_names([unit._replace(tail=f"{printed(count)}{behind}") for unit, count in counts])
    return f"{summed(name, noun, [count for _, count in counts])}: {units}."


def summed(name: str, noun: str | None, counts: Sequence[Decimal]) -> str:
    """The same without the units, for a list that stands elsewhere.

    >>> summed("Số hồ sơ quá hạn", "hồ sơ", [Decimal(427), Decimal(1)])
    '428 hồ sơ của 02 cơ quan, đơn vị'
    """
    lead, behind = (f"{name}: ", "") if noun is None else ("", f" {noun}")
    return f"{lead}{printed(sum(counts, Decimal(0)))}{behind} của {printed_count(len(counts))} cơ quan, đơn vị"
