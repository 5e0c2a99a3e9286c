"""The latest period of which a cohort has figures."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.period import Period, PeriodType, read_period
from app.errors import NotFound, RefusalCode
from app.services.frameworks import load_framework
from app.services.periods import order
from app.services.rights import Caller
from app.services.scored_cohorts import load_scored_cohort
from app.services.scores import ScoresQuery, cohort_of, require_under
from app.store.unit_versions import UnitMoment
from app.store.values import all_periods

NO_PERIOD = RefusalCode(
    "no_period",
    "No period holds figures of {framework} for the level {level} there.",
    "Chưa có kỳ nào có số liệu của {framework} cho cấp {level} trong phạm vi này.",
    NotFound,
)


def latest_period(session: Session, caller: Caller, query: ScoresQuery, type: PeriodType | None) -> Period:
    """The latest period (of a type) in which the cohort has a figure of the framework; NotFound `no_period`.

    Of periods that begin on one day it is the shortest: the month, not the year that is running. The period of the
    query does not count.
    """
    require_under(session, caller, query, UnitMoment(query.clocks.as_of))
    for period in _latest_first(session, type):
        if _has_figures(session, caller, replace(query, period=period)):
            return period
    raise NO_PERIOD.error(framework=query.framework, level=query.level)


def _latest_first(session: Session, type: PeriodType | None) -> Iterator[Period]:
    periods = sorted(map(read_period, all_periods(session)), key=order, reverse=True)
    return (period for period in periods if type in (None, period.type))


def _has_figures(session: Session, caller: Caller, query: ScoresQuery) -> bool:
    try:
        framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    except NotFound:  # no version was in force then
        return False
    cohort = cohort_of(session, caller, query, query.period)
    return bool(load_scored_cohort(session, framework, query.period, cohort, query.clocks).members)
