"""The first screen of a dashboard: figures as they stand, or what is public for whoever may not read those."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from sqlalchemy.orm import Session

from app.answers.overview import (
    CompletenessBrief,
    FindingCounts,
    Overview,
    PeriodMean,
    PublishedBrief,
)
from app.answers.scores import ScoreItem, ScoreListHead
from app.domain.evaluation import Status
from app.domain.frameworks.framework import Framework
from app.domain.instant import to_datetime
from app.domain.period import PeriodType, local_day, read_period
from app.domain.vocabulary import Level
from app.errors import Language
from app.services import evaluations, findings, frozen_items, rights, score_items, scores
from app.services.board_changes import mean_change, movers
from app.services.cohort_series import board_in
from app.services.completeness import CompletenessQuery, completeness
from app.services.findings import FindingsQuery
from app.services.latest_period import busiest_level, latest_first, latest_period
from app.services.periods import order
from app.services.rights import Caller, Scope
from app.services.scores import ANY, NOW, ScoresQuery
from app.store import evaluations as store
from app.store.db import now
from app.store.evaluations import EvaluationFilter, EvaluationRow
from app.store.unit_tree import Subtree

PERIODS, LOOKED_AT, PUBLICATIONS = 12, 36, 5
"""How many periods are shown, among how many that hold any figures, and how many publications."""


@dataclass(frozen=True, slots=True)
class OverviewQuery:
    """Whose first screen: the units of a level (None: the one with most figures) under a unit, by which rules.

    `type`: only of periods of it, such as months beside which a year stands that is not over.
    """

    framework: str
    under: str | None
    level: Level | None
    language: Language
    type: PeriodType | None = None


def overview(session: Session, caller: Caller, query: OverviewQuery) -> Overview:
    """The figures as they stand for whoever may read them, else the evaluation that was published last.

    NotFound where there is neither, or for an `under` that nobody knows.
    """
    return (
        _live(session, caller, query) if _reads_live(session, caller, query.under) else _public(session, caller, query)
    )


def _reads_live(session: Session, caller: Caller, under: str | None) -> bool:
    return caller.has(Scope.VALUES_READ) and (under is None or not rights.outside(session, caller, [under]))


def _live(session: Session, caller: Caller, query: OverviewQuery) -> Overview:
    of_any = ScoresQuery(ANY, query.framework, "other", query.under, language=query.language)
    asked = replace(of_any, level=query.level or busiest_level(session, caller, of_any, query.type))
    asked = replace(asked, period=latest_period(session, caller, asked, query.type))
    compared, about = scores.board(session, caller, asked)
    found = _screen(session, query, about, score_items.items(compared), compared.now.framework)
    periods = _live_periods(session, caller, asked)
    expected, checked = _completeness(session, caller, asked), _findings(session, caller, asked)
    return {**found, "periods": periods, "completeness": expected, "findings": checked}


def _live_periods(session: Session, caller: Caller, query: ScoresQuery) -> list[PeriodMean]:
    latest = (each for each in latest_first(session, query.period.type) if order(each) <= order(query.period))
    boards = (board_in(session, caller, replace(query, period=each)) for each in islice(latest, LOOKED_AT))
    shown = islice((each.now for each in boards if each is not None and each.now.members), PERIODS)
    return [
        {
            "period": scored.period.code,
            "framework": scored.framework.id,
            "ranked": int(scored.standing.ranked.sum()),
            "mean": scores.summary_of(scored)["mean"],
        }
        for scored in reversed(list(shown))
    ]


def _completeness(session: Session, caller: Caller, query: ScoresQuery) -> CompletenessBrief:
    about, items = completeness(
        session, caller, CompletenessQuery(query.period, query.framework, query.level, query.under)
    )
    whole = sum((Fraction(item["share"]) for item in items), Fraction(0))
    return {
        "units": about["summary"]["units"],
        "with_figures": about["summary"]["reported"],
        "coverage": score_items.share(whole / len(items)),
    }


def _findings(session: Session, caller: Caller, query: ScoresQuery) -> FindingCounts:
    name = query.framework
    about = FindingsQuery(query.period, name, name, query.under, query.level, rule=None, severity=None, clocks=NOW)
    found = findings.find(session, caller, about, after=None, limit=None)
    counts = Counter(finding.severity for finding in found.findings)
    return {"error": counts["error"], "warning": counts["warning"]}


def _public(session: Session, caller: Caller, query: OverviewQuery) -> Overview:
    where = EvaluationFilter(query.framework, under=query.under, level=query.level, type=query.type)
    row = evaluations.latest(session, where)
    level = query.level or max(row.cohorts, key=lambda cohort: cohort["size"])["level"]
    assert row.id is not None
    shown = evaluations.board(session, caller, row.id, level=level, view=None, language=query.language)
    items = [*frozen_items.in_view(shown.result, None)]
    found = _screen(session, query, shown.about, items, shown.framework)
    return {**found, "evaluation": row.id, "periods": _public_periods(session, caller, row, level)}


def _public_periods(session: Session, caller: Caller, last: EvaluationRow, level: Level) -> list[PeriodMean]:
    """What stands published of the same units, up to the period of an evaluation; of each period what came last."""
    final = read_period(last.period)
    where = EvaluationFilter(last.framework, under=last.under, level=level, status=Status.PUBLISHED.value)
    rows = store.list_evaluations(session, where, store.public(), before=None, limit=None)
    of_period: dict[str, EvaluationRow] = {}
    for row in sorted(rows, key=lambda row: row.published_at or 0):
        period = read_period(row.period)
        if row.under == last.under and period.type == final.type and order(period) <= order(final):
            of_period[row.period] = row
    latest = sorted(of_period.values(), key=lambda row: order(read_period(row.period)))[-PERIODS:]
    return [_public_period(session, caller, row, level) for row in latest]


def _public_period(session: Session, caller: Caller, row: EvaluationRow, level: Level) -> PeriodMean:
    assert row.id is not None
    about = evaluations.board(session, caller, row.id, level=level, view=None, language="vi").about
    ranked, mean = about["cohort"]["ranked"], about["summary"]["mean"]
    return {"period": row.period, "framework": about["framework"], "ranked": ranked, "mean": mean}


def _screen(
    session: Session, query: OverviewQuery, about: ScoreListHead, items: list[ScoreItem], framework: Framework
) -> Overview:
    """What follows from a board, live or frozen, and from what is public."""
    return {
        "under": about["cohort"]["under"],
        "level": about["cohort"]["level"],
        "framework": about["framework"],
        "period": about["period"],
        "as_of": about["as_of"],
        "evaluation": None,
        "periods": [],
        "cohort": about["cohort"],
        "summary": about["summary"],
        "change": mean_change(items, about["summary"]["mean"], framework.rounding.total),
        "movers": movers(items),
        "completeness": None,
        "findings": None,
        "publications": [_published(row) for row in _last_published(session, query)],
    }


def _last_published(session: Session, query: OverviewQuery) -> Iterable[EvaluationRow]:
    subtree = None if query.under is None else Subtree(query.under, local_day(to_datetime(now(session))))
    return store.last_published(session, query.framework, subtree, PUBLICATIONS)


def _published(row: EvaluationRow) -> PublishedBrief:
    assert row.id is not None
    assert row.published_at is not None
    return {
        "id": row.id,
        "title": row.title,
        "period": row.period,
        "under": row.under,
        "levels": list(row.level_list()),
        "published_at": to_datetime(row.published_at),
    }
