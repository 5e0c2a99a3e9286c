"""Targets: what an indicator should reach in a year, and which of several targets holds for a unit.

A target is stated for a unit and those under it, or for everybody; and for the units of one level, or of every level.
For a unit the nearest one holds: stated for itself, else for its parent, and so on upwards, else for everybody. Among
those of one place the target for the unit's own level comes before the one for every level. So what a district asks
of all its units comes before what the province asks of communes. For a period the targets of its year hold.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from app.domain.figure_parser import TEXT_AMBIGUOUS, read_number
from app.domain.figures import scaled
from app.domain.intake.row_figures import (
    NEGATIVE,
    NOT_A_NUMBER,
    OUT_OF_RANGE,
    PERCENT,
    PERCENT_UNEXPECTED,
    IndicatorKind,
    plain,
    shown_value,
)
from app.domain.vocabulary import Level
from app.errors import Fault

EVERYBODY = ""
"""Stands for the unit of a target that holds everywhere, and for the level of one that holds for every level."""


class Target(NamedTuple):
    """A target; `target` is scaled by 10⁴, `decimals` as it was written."""

    indicator: str
    level: str
    year: int
    unit: str
    target: int
    decimals: int
    legal_ref: str | None


class Targets:
    """The targets of one year. `parent_of`: the units and what stands above them, as they stood in the period."""

    def __init__(self, stated: Iterable[Target], parent_of: Mapping[str, str | None]) -> None:
        self.stated = {(each.indicator, each.unit, each.level): each for each in stated}
        self.parent_of = parent_of

    def indicators(self) -> set[str]:
        """What has a target, for whomever."""
        return {indicator for indicator, _, _ in self.stated}

    def holding(self, indicator: str, unit: str, level: Level) -> Target | None:
        """The target that holds for a unit; None where none does.

        >>> general = Target("online", "", 2024, "", 500000, 0, None)
        >>> communes = general._replace(unit="H60", level="commune", target=600000)
        >>> targets = Targets([general, communes], {"H60": None, "H60.1": "H60"})
        >>> targets.holding("online", "H60.1", "commune") == communes, targets.holding("online", "H60.1", "district")
        (True, Target(indicator='online', level='', year=2024, unit='', target=500000, decimals=0, legal_ref=None))
        """
        for place in self._upwards(unit):
            for stated_level in (level, EVERYBODY):
                found = self.stated.get((indicator, place, stated_level))
                if found is not None:
                    return found
        return None

    def _upwards(self, unit: str) -> Iterator[str]:
        """The unit, its parent, and so on, then everybody; a tree that runs in a circle is walked once."""
        seen: set[str] = set()
        place: str | None = unit
        while place is not None and place not in seen:
            yield place
            seen.add(place)
            place = self.parent_of.get(place)
        yield EVERYBODY


def read_target(written: object, kind: IndicatorKind) -> tuple[int, int] | Fault:
    """A target as it was sent, ×10⁴, and its decimals; or what is wrong with it, its place unknown.

    Text is read as the value of an import is. Faults: those of `read_figure`, `percent_not_expected`,
    `rate_out_of_range`, `number_out_of_range`.

    >>> read_target(Decimal("80.50"), "ratio"), read_target("80,5 %", "ratio"), read_target("80", "count")
    ((805000, 2), (805000, 1), (800000, 0))
    """
    if isinstance(written, bool) or not isinstance(written, int | Decimal | str):
        return Fault(NOT_A_NUMBER, {"value": (shown_value(written) or "")[:60]})
    found = read_number(written, count=kind == "count")
    if isinstance(found, Fault):
        return replace(found, error_code=TEXT_AMBIGUOUS) if found.code == "number_ambiguous" else found
    if found is None or found.denominator is not None:
        return Fault(NOT_A_NUMBER, {"value": (shown_value(written) or "")[:60]})
    if found.percent and kind != "ratio":
        return Fault(PERCENT_UNEXPECTED, {"indicator": "`target`", "kind": kind})
    figure = scaled(found.value)
    if kind == "ratio" and not 0 <= figure <= PERCENT:
        return Fault(OUT_OF_RANGE, {"value": plain(figure)}, value=plain(figure))
    if kind != "number" and figure < 0:
        return Fault(NEGATIVE, {"value": plain(figure)}, value=plain(figure))
    return figure, max(found.decimals, 0)
