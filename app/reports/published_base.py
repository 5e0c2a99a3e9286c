"""What was published of the period compared with: the earlier side of a comparison, unless current figures are wanted.

Sources change what they once said. A change since a published result is one since the figures that everybody read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.period import Period
from app.errors import Invalid, NotFound, RefusalCode
from app.services import frozen_content
from app.services.evaluations import content_of
from app.services.frozen_content import EvaluationContent
from app.services.scored_cohorts import CohortUnit
from app.store import evaluations as store
from app.store.evaluation_content import FrozenPeriod, FrozenValue
from app.store.evaluations import EvaluationRow
from app.store.rows import StandingValue
from app.store.unit_tree import ancestors
from app.store.unit_versions import UnitMoment

NOT_PUBLISHED = RefusalCode(
    "evaluation_unknown",
    "No published evaluation of {period} holds {unit}; leave `base` out, or ask with `base=current`.",
    "Chưa có kết quả đánh giá kỳ {period} nào được công bố có {unit}; hãy bỏ `base` hoặc ghi `base=current`.",
    NotFound,
)
OF_MOMENTS = RefusalCode(
    "base_of_moments",
    "Two moments of one period are compared as they were looked up; leave `base` out.",
    "Hai thời điểm của cùng một kỳ được so sánh theo số liệu đã tra cứu; hãy bỏ `base`.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class PublishedBase:
    """The published evaluation of the earlier period that holds a unit, in a cohort or as the one that it is under."""

    evaluation: EvaluationRow
    content: EvaluationContent

    @property
    def inputs(self) -> FrozenPeriod:
        return self.content.inputs["periods"][self.evaluation.period]

    def values_of(self, unit: str) -> list[FrozenValue]:
        """The values of the unit that were published."""
        return [value for value in frozen_content.frozen_values(self.inputs) if value.unit == unit]

    def evaluates(self, unit: CohortUnit) -> bool:
        """Whether the unit has a place in one of its cohorts."""
        return unit.code in self.inputs["cohorts"].get(unit.level, ())


def find_base(
    session: Session, unit: CohortUnit, framework: str, against: Period, root: str | None, as_of: int | None
) -> PublishedBase | None:
    """The evaluation of the period, published at the moment, that holds the unit; None where none does.

    Of several the one whose cohort is that below `root`, then those of the units above, the nearest first; last the
    unit's own, which holds its figures and no place.
    """
    rows = store.list_published(session, framework.partition("@")[0], against.code, as_of)
    if not rows:
        return None
    above = [root, *ancestors(session, unit.code, UnitMoment(as_of, period=against)), None, unit.code]
    for row in sorted((row for row in rows if row.under in above), key=lambda row: above.index(row.under)):
        found = PublishedBase(row, content_of(session, row))
        if found.evaluates(unit) or (row.under == unit.code and found.values_of(unit.code)):
            return found
    return None


def count_restated(published: Iterable[StandingValue], current: Iterable[StandingValue]) -> int:
    """How many figures of a unit are not what was published of them."""
    then, now = _said(published), _said(current)
    return sum(then.get(key) != now.get(key) for key in then.keys() | now.keys())


def _said(rows: Iterable[StandingValue]) -> dict[tuple[str, str], tuple[int | None, ...]]:
    """What rows say, by indicator and source."""
    return {(row.indicator, row.source): (row.numerator, row.denominator, row.value) for row in rows}
