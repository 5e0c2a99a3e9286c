"""Completeness: which units of a cohort have given which share of the expected figures, and who has given none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.answers.completeness import CompletenessHead, CompletenessSummary, UnitCompleteness
from app.domain.completeness import ExpectedFigures, expectations
from app.domain.instant import to_datetime
from app.domain.period import Period, local_day
from app.domain.scoring.board import Board
from app.domain.scoring.score import score
from app.domain.vocabulary import Level
from app.services.frameworks import load_framework
from app.services.rights import Caller, outside, require_readable, subtree_of
from app.services.score_items import share
from app.services.scored_cohorts import Cohort, load_scored_cohort
from app.services.scores import NOW
from app.store import units as units_store
from app.store.cache import RULES, UNITS, figures_in, known_at
from app.store.db import now
from app.store.periods import find_due
from app.store.rows import UnitRow
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks

EVERY = 1_000_000
"""More units than any level has: a cohort is summed up whole."""


@dataclass(frozen=True, slots=True)
class CompletenessQuery:
    """Whose figures of which period; empty clocks are now."""

    period: Period
    framework: str
    level: Level
    under: str | None = None
    clocks: Clocks = NOW


def completeness(
    session: Session, caller: Caller, query: CompletenessQuery
) -> tuple[CompletenessHead, list[UnitCompleteness]]:
    """What stands above the list, and every unit that the caller may see, by code; a constant number of queries."""
    found = expected_units(session, caller, query)
    framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    cohort = Cohort(query.level, query.under, subtree_of(session, caller))
    scored = load_scored_cohort(session, framework, query.period, cohort, query.clocks)
    rows = {member.code: row for row, member in enumerate(scored.members)}
    given = _LevelExpectations(scored.board, expectations(scored.board))
    silent = score(framework, query.level, {}, 1)
    none = _LevelExpectations(silent, expectations(silent))
    items = [given.of(unit, rows[unit.code]) if unit.code in rows else none.of(unit, None) for unit in found]
    due_on = find_due(session, query.period.code)
    rests_on = [*UNITS, *RULES, "period_dues", *figures_in(query.period.code)]
    about: CompletenessHead = {
        "framework": framework.id,
        "period": query.period.code,
        "as_of": to_datetime(query.clocks.as_of or known_at(session, rests_on)),
        "under": query.under,
        "level": query.level,
        "due_on": due_on,
        "overdue": None if due_on is None else local_day(to_datetime(now(session))) > due_on,
        "summary": summary(items),
    }
    return about, items


def expected_units(session: Session, caller: Caller, query: CompletenessQuery) -> list[UnitRow]:
    """The units active in the period, with or without figures; NotFound for an `under` that it may not see."""
    if query.under is not None:
        units_store.get_unit_row(session, query.under, UnitMoment(query.clocks.as_of, period=query.period))
        require_readable(session, caller, query.under)
    moment = UnitMoment(query.clocks.as_of, period=query.period)
    found = units_store.list_units(session, moment=moment, level=query.level, under=query.under, limit=EVERY)
    hidden = outside(session, caller, [unit.code for unit in found])
    return [unit for unit in found if unit.code not in hidden]


@dataclass(frozen=True, slots=True)
class _LevelExpectations:
    """A board with what it expects of its units."""

    board: Board
    expected: Mapping[str, ExpectedFigures]

    def of(self, unit: UnitRow, reported: int | None) -> UnitCompleteness:
        """One unit, by the row of its figures on the board; None: it has none, and any row says what it lacks."""
        row = reported or 0
        return {
            "unit": {"code": unit.code, "name": unit.name, "level": unit.level},
            "reported": reported is not None,
            "share": share(self.board.coverage(row)),
            "expected": sum(bool(each.needed[row]) for each in self.expected.values()),
            "missing": [code for code, each in self.expected.items() if each.missing[row]],
        }


def summary(items: Sequence[UnitCompleteness]) -> CompletenessSummary:
    """How many units there are, have reported anything, nothing, and everything."""
    reported = sum(item["reported"] for item in items)
    return {
        "units": len(items),
        "reported": reported,
        "not_reported": len(items) - reported,
        "complete": sum(item["reported"] and not item["missing"] for item in items),
    }
