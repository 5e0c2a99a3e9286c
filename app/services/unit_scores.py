"""The scores of one unit in one period, explained to the last figure."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.answers.common import UnitBrief
from app.answers.scores import (
    AdjustmentOut,
    Change,
    ComputedRanks,
    CriterionOut,
    FigureOut,
    Place,
    ReportedRank,
    ScoredOut,
    ScoreExplained,
)
from app.domain.figures import plain
from app.domain.scoring.adjustment_texts import ExplainedAdjustment
from app.domain.scoring.explain import Explained, explain
from app.domain.scoring.node_facts import Input
from app.domain.scoring.requirements import sentence_of_limit
from app.errors import Language, NotFound, RefusalCode
from app.services.frameworks import load_framework, reported_codes
from app.services.rank_cohorts import RankCohorts, rank_cohorts, ranks, with_partial
from app.services.rights import Caller, require_readable
from app.services.score_items import change, flags, result, shown_groups
from app.services.score_names import named_band
from app.services.scored_cohorts import ScoredCohort, load_scored_cohort
from app.services.scores import CohortComparison, ScoresQuery, check_view, cohort_of, compared_with, earlier_period
from app.store import units as units_store
from app.store.frameworks import indicator_kinds
from app.store.rows import PlacedUnit, UnitRow
from app.store.unit_versions import UnitMoment

NO_FIGURES = RefusalCode(
    "no_figures",
    "{unit} has no figures of {framework} in {period}.",
    "{unit} không có số liệu của {framework} trong kỳ {period}.",
    NotFound,
)


def readable(session: Session, caller: Caller, code: str, moment: UnitMoment) -> UnitRow:
    """The unit as it stood, if the caller may read its scores; else NotFound, as if it did not exist."""
    require_readable(session, caller, code)
    return units_store.get_unit_row(session, code, moment)


def described(row: PlacedUnit) -> UnitBrief:
    return {"code": row.code, "name": row.name, "level": row.level}


class ComparedUnit(NamedTuple):
    """A unit, the board of its siblings against the earlier one, the row in which it stands, and where it is placed."""

    unit: UnitRow
    compared: CohortComparison
    row: int
    cohorts: "RankCohorts"

    @property
    def ranks(self) -> ComputedRanks:
        """The unit's place in each of its cohorts."""
        return ranks(self.cohorts, self.unit)

    @property
    def flags(self) -> list[str]:
        """Those of the unit, and `cohort_partial` where a cohort that it is placed in misses units."""
        return with_partial(flags(self.compared, self.row), self.cohorts)

    @property
    def change(self) -> Change:
        """What changed; no change of a rank that is not given."""
        return change_of(self.compared, self.row, self.ranks["siblings"])


def compared_unit(session: Session, caller: Caller, code: str, query: ScoresQuery) -> ComparedUnit:
    """A unit among its siblings. NotFound for one that the caller may not see or that has no figures."""
    moment = UnitMoment(query.clocks.as_of, period=query.period)
    unit = readable(session, caller, code, moment)
    framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    check_view(framework, query.view)
    siblings = replace(query, level=unit.level, under=unit.parent)
    cohort = cohort_of(session, caller, siblings, query.period)
    now = load_scored_cohort(session, framework, query.period, cohort, query.clocks)
    row = now.row(code)
    if row is None:
        raise NO_FIGURES.error(unit=code, framework=framework.id, period=query.period.code)
    hidden = cohort.within is not None
    compared = compared_with(session, caller, now, siblings, hidden=hidden)
    old = (
        None
        if compared.before is None or compared.before.row(code) is not None
        else _earlier_parent(session, code, siblings)
    )
    if old is not None:  # it stood under another unit then: its points are compared all the same, its place is not
        compared = compared_with(
            session, caller, now, replace(siblings, under=old.parent, level=old.level), hidden=hidden
        )
    return ComparedUnit(unit, compared, row, rank_cohorts(session, caller, unit, framework, query))


def _earlier_parent(session: Session, code: str, query: ScoresQuery) -> UnitRow | None:
    """The unit as it stood in the period compared with, where that was under another one; else None."""
    against = earlier_period(query)
    assert against is not None
    try:
        old = units_store.get_unit_row(session, code, UnitMoment(query.clocks.as_of, period=against))
    except NotFound:
        return None
    return old if old.parent != query.under else None


def explained(session: Session, caller: Caller, code: str, query: ScoresQuery) -> ScoreExplained:
    """One unit in one period: its scores, its ranks, and the tree of criteria with figures, arithmetic and law."""
    found = compared_unit(session, caller, code, query)
    now, row = found.compared.now, found.row
    reached = result(now, shown_groups(now, query.view), row)
    points: ScoredOut = {
        **reached,
        "band": named_band(reached["band"], now.framework, query.language),
        "change": found.change,
        "flags": found.flags,
    }
    kinds, hidden = indicator_kinds(session), found.compared.hidden
    return assembled(now, row, points, found.ranks, described(found.unit), kinds, hidden=hidden)


def assembled(
    now: ScoredCohort,
    row: int,
    points: ScoredOut,
    placed: ComputedRanks,
    unit: UnitBrief,
    kinds: Mapping[str, str],
    *,
    hidden: bool = False,
) -> ScoreExplained:
    """A unit of a cohort as it is answered, with the tree that explains its points; `kinds` of the indicators.

    `hidden`: the reader may not see all units of the cohort, nor what the unit is compared with.
    """
    origins = {name: origin for name, each in now.figures.items() if (origin := each.origin(row)) is not None}
    tree = explain(now.board, now.columns(), row, origins, kinds, peers_shown=not hidden)
    return {
        "unit": unit,
        "period": now.period.code,
        "framework": now.framework.id,
        "total": points["total"],
        "max": points["max"],
        "band": points["band"],
        "method": points["method"],
        "coverage": points["coverage"],
        "groups": points["groups"],
        "ranks": {**placed, "reported": reported_rank(now, row)},
        "change": points["change"],
        "flags": points["flags"],
        "observed_at": now.observed_at(row),
        "sentence": with_class(now, row, tree.sentence, "vi"),
        "sentence_en": with_class(now, row, tree.sentence_en, "en"),
        "arithmetic": tree.arithmetic,
        "legal_ref": tree.legal_ref,
        "criteria": [criterion(each) for each in tree.criteria],
        "adjustments": [adjustment(each) for each in tree.adjustments],
        "applicable_max": None if tree.applicable is None else plain(tree.applicable),
        "total_before_adjustments": points["total"] if tree.unadjusted is None else tree.unadjusted,
    }


def with_class(now: ScoredCohort, row: int, sentence: str, language: Language) -> str:
    """The sentence about a total, and why the unit stands in a lower class than that of the total."""
    standing, bands = now.standing, now.framework.bands
    if not standing.limited[row]:
        return sentence
    band, reached = bands[int(standing.band[row])], bands[int(standing.reached[row])]
    return f"{sentence}; {sentence_of_limit(now.board, row, band, reached, language)}"


def adjustment(found: ExplainedAdjustment) -> AdjustmentOut:
    """A bonus or a penalty as it is answered."""
    return {
        "name": {"vi": found.name.vi, "en": found.name.en},
        **figure(found.read),
        "points": found.points,
        "arithmetic": found.arithmetic,
        "legal_ref": found.legal_ref,
        "sentence": found.sentence,
        "sentence_en": found.sentence_en,
    }


def criterion(found: Explained) -> CriterionOut:
    """A node of the explained tree as it is answered."""
    return {
        "code": found.code,
        "name": {"vi": found.name.vi, "en": found.name.en},
        "points": found.points,
        "max": plain(found.max),
        "rule": None if found.rule is None else found.rule.model_dump(by_alias=True, exclude={"levels", "legal_ref"}),
        "inputs": [{**figure(each), "role": each.role} for each in found.inputs],
        "arithmetic": found.arithmetic,
        "legal_ref": found.legal_ref,
        "flags": list(found.flags),
        "sentence": found.sentence,
        "sentence_en": found.sentence_en,
        "criteria": [criterion(each) for each in found.criteria],
    }


def figure(read: Input) -> FigureOut:
    return {
        "indicator": read.indicator,
        "numerator": read.numerator,
        "denominator": read.denominator,
        "value": read.value,
        "source": read.source,
        "observed_at": read.observed_at,
    }


def change_of(compared: CohortComparison, row: int, rank: Place | None) -> Change:
    """What changed of one unit; no change of a rank that is not given."""
    found = change(compared, row)
    return found if rank is not None else {**found, "rank": None}


def reported_rank(scored: ScoredCohort, row: int) -> ReportedRank | None:
    """The rank that a letter states without the board behind it, kept apart from computed ones."""
    codes = reported_codes()
    rank, of = (stated(scored, code, row) for code in (codes.rank, codes.rank_of))
    if rank is None:
        return None
    return {"rank": rank, "of": of, "source": scored.figures[codes.rank].source[row]}


def stated(scored: ScoredCohort, indicator: str, row: int) -> Decimal | None:
    """The value of an indicator that carries a plain number."""
    each = scored.figures.get(indicator)
    if each is None or not each.column.has_value[row]:
        return None
    return plain(Decimal(int(each.column.value[row])).scaleb(-4))
