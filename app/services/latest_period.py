"""The latest period of which a cohort has figures, and the level of which most units have some."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.period import Period, PeriodType, read_period
from app.domain.vocabulary import LEVELS, Level
from app.errors import NotFound, RefusalCode
from app.services.frameworks import load_framework
from app.services.periods import order
from app.services.rights import Caller
from app.services.scored_cohorts import load_scored_cohort
from app.services.scores import ScoresQuery, cohort_of, require_under
from app.services.stated import today
from app.store.unit_versions import UnitMoment
from app.store.units import refuse_ended
from app.store.values import all_periods

NO_PERIOD = RefusalCode(
    "no_period",
    "No period holds figures of {framework} for the level {level} there.",
    "Chưa có kỳ nào có số liệu của {framework} cho cấp {level} trong phạm vi này.",
    NotFound,
)
NO_FIGURES = RefusalCode(
    "no_period",
    "No period holds figures of {framework} there.",
    "Chưa có kỳ nào có số liệu của {framework} trong phạm vi này.",
    NotFound,
)


def latest_period(session: Session, caller: Caller, query: ScoresQuery, type: PeriodType | None) -> Period:
    """The latest period (of a type) in which the cohort has a figure of the framework; NotFound `no_period`.

    Of periods that begin on one day it is the shortest: the month, not the year that is running. The period of the
    query does not count.
    """
    require_under(session, caller, query, UnitMoment(query.clocks.as_of))
    for period in latest_first(session, type):
        if _units_with_figures(session, caller, replace(query, period=period)):
            return period
    _refuse_ended(session, query)
    raise NO_PERIOD.error(framework=query.framework, level=query.level)


def busiest_level(session: Session, caller: Caller, query: ScoresQuery, type: PeriodType | None) -> Level:
    """The level of which most units have figures in the latest period (of a type) in which any has.

    Of equal ones the higher. Neither the level of the query nor its period counts. NotFound `no_period`.
    """
    require_under(session, caller, query, UnitMoment(query.clocks.as_of))
    for period in latest_first(session, type):
        counts = {
            level: _units_with_figures(session, caller, replace(query, period=period, level=level)) for level in LEVELS
        }
        busiest = max(LEVELS, key=lambda level: counts[level])
        if counts[busiest]:
            return busiest
    _refuse_ended(session, query)
    raise NO_FIGURES.error(framework=query.framework)


def _refuse_ended(session: Session, query: ScoresQuery) -> None:
    """NotFound `unit_ended` where it is asked about the units below one that has ended."""
    if query.under is not None:
        refuse_ended(session, query.under, today(session, query.clocks.as_of), query.clocks.as_of)


def latest_first(session: Session, type: PeriodType | None) -> Iterator[Period]:
    """The periods (of a type) that hold any revision; of those that begin on one day the shortest first."""
    periods = sorted(map(read_period, all_periods(session)), key=order, reverse=True)
    return (period for period in periods if type in (None, period.type))


def _units_with_figures(session: Session, caller: Caller, query: ScoresQuery) -> int:
    try:
        framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    except NotFound:  # no version was in force then
        return 0
    cohort = cohort_of(session, caller, query, query.period)
    return len(load_scored_cohort(session, framework, query.period, cohort, query.clocks).members)
