"""What it would take a unit to reach a class, a total or a rank, as it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from app.answers.score_reach import ScoreReach
from app.domain.figures import plain
from app.domain.frameworks.framework import Criterion, Framework, Indicator, Name, rules_of
from app.domain.frameworks.rules import Reported
from app.domain.insight.actionable import Leaf, leaves_of
from app.domain.insight.contributions import TOTAL_CODE
from app.domain.insight.goals import Goal, band_goal, rank_goal, total_goal
from app.domain.insight.levers import Figures, Growth
from app.domain.insight.reach import UnitReach, reach
from app.domain.insight.reach_sentences import SENTENCES, Demands, Speaker, say_incomplete, say_reach, target_words
from app.domain.scoring.node_facts import TOTAL
from app.domain.scoring.requirements import sentence_of_demands
from app.errors import Fault, Invalid, Language, RefusalCode
from app.services.frameworks import indicators_known, load_framework
from app.services.insight.reach_items import criteria_out, least_out, points_out, supply_out
from app.services.rank_cohorts import place, rank_cohorts
from app.services.rights import Caller
from app.services.score_filters import require_known
from app.services.score_items import band_of, flags
from app.services.score_names import name_in, named_band
from app.services.scored_cohorts import ScoredCohort, load_scored_cohort
from app.services.scores import CohortComparison, ScoresQuery, cohort_of
from app.services.unit_scores import NO_FIGURES, described, readable
from app.store.rows import UnitRow
from app.store.unit_versions import UnitMoment

ONE_TARGET = RefusalCode(
    "reach_target",
    "Name exactly one of `band`, `total` and `rank`: what is to be reached.",
    "Hãy ghi đúng một trong ba tham số `band`, `total`, `rank`: mức cần đạt.",
    Invalid,
)
BY_WITHOUT_GROWTH = RefusalCode(
    "by_without_grow",
    "`by` says how many cases come in, `hold=denominator` that none do; ask for `hold=grow`, or leave `by` out.",
    "`by` là số trường hợp phát sinh thêm, `hold=denominator` là không phát sinh; hãy dùng `hold=grow` hoặc bỏ `by`.",
    Invalid,
)
NO_SUCH_RANK = RefusalCode(
    "rank_beyond_cohort",
    "There is no rank {rank}: {of} units are ranked together.",
    "Không có hạng {rank}: chỉ có {of} đơn vị được xếp hạng cùng nhau.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class ReachQuery:
    """What is to be reached, one of the three; under which assumption about the denominators."""

    scores: ScoresQuery
    band: str | None
    total: Decimal | None
    rank: int | None
    growth: Growth

    def require_sense(self) -> None:
        """Invalid where not exactly one target is named, or `by` contradicts what is held."""
        named = {"band": self.band, "total": self.total, "rank": self.rank}
        given = [name for name, value in named.items() if value is not None]
        if len(given) != 1:
            raise Fault(ONE_TARGET, parameter=given[1] if given else "band").error()
        if self.growth.by is not None and not self.growth.grows:
            raise Fault(BY_WITHOUT_GROWTH, parameter="by").error()


@dataclass(frozen=True, slots=True)
class _Case:
    """A unit on its board, and what is known of its figures."""

    query: ReachQuery
    now: ScoredCohort
    row: int
    indicators: Mapping[str, Indicator]

    @property
    def framework(self) -> Framework:
        return self.now.framework

    @property
    def total(self) -> int:
        return int(self.now.board.total.points[self.row])

    @property
    def incomplete(self) -> bool:
        """Whether its total lacks what a class and a rank need; who has only ended lacks nothing."""
        lacks = not self.now.standing.ranked[self.row] and not self.now.members[self.row].ended
        return bool(lacks) or not self.now.board.total.known[self.row]

    def figures(self) -> Figures:
        found = {code: each.of([self.row]) for code, each in self.now.figures.items()}
        kinds = {code: each.kind for code, each in self.indicators.items()}
        return Figures(
            {code: each.column for code, each in found.items()},
            kinds,
            {code: int(each.decimals[0]) for code, each in found.items()},
            {key: each.of([self.row]) for key, each in self.now.board.positions.items()},
        )

    def speaker(self, language: str) -> Speaker:
        nouns = {}
        for code, each in self.indicators.items():
            whole = self.indicators.get(each.population or "")
            unit = each.unit if each.kind == "count" else whole and whole.unit
            nouns[code] = unit or ""
        return Speaker("en" if language == "en" else "vi", nouns, self.framework.rounding.total)


def reach_of(session: Session, caller: Caller, code: str, query: ReachQuery) -> ScoreReach:
    """What it would take the unit; NotFound where it is not known, is foreign, or has no figures."""
    query.require_sense()
    asked = query.scores
    unit = readable(session, caller, code, UnitMoment(asked.clocks.as_of, period=asked.period))
    framework = load_framework(session, asked.framework, asked.period, asked.clocks.as_of)
    if query.band is not None:
        require_known("band", query.band, [band.code for band in framework.bands])
    siblings = ScoresQuery(asked.period, asked.framework, unit.level, unit.parent, clocks=asked.clocks)
    cohort = cohort_of(session, caller, siblings, asked.period)
    now = load_scored_cohort(session, framework, asked.period, cohort, asked.clocks)
    row = now.row(code)
    if row is None:
        raise NO_FIGURES.error(unit=code, framework=framework.id, period=asked.period.code)
    case = _Case(query, now, row, indicators_known(session, asked.clocks.as_of))
    hidden = cohort.within is not None
    goal, unknown = _goal(session, caller, case, unit)
    flagged = flags(CohortComparison(now, None, None, None, None, hidden), row)
    flagged += [flag for flag in (unknown,) if flag is not None and flag not in flagged]
    return _answer(case, unit, goal, unknown, flagged)


def _goal(session: Session, caller: Caller, case: _Case, unit: UnitRow) -> tuple[Goal | None, str | None]:
    """What is to be reached; None, with the flag that says why, for a rank that cannot be told."""
    query, framework = case.query, case.framework
    if query.band is not None:
        return band_goal(framework, query.band), None
    if query.total is not None:
        return total_goal(framework, Fraction(query.total)), None
    assert query.rank is not None
    if case.incomplete:
        return None, None
    siblings = rank_cohorts(session, caller, unit, framework, query.scores).siblings
    if siblings is None:
        return None, "cohort_hidden"
    placed = place(siblings, unit.code, nationwide=unit.parent is None)
    if placed is None:
        return None, "cohort_partial"
    row = siblings.row(unit.code)
    if query.rank > placed["of"]:
        raise Fault(NO_SUCH_RANK, {"rank": query.rank, "of": placed["of"]}, parameter="rank").error()
    assert row is not None
    return rank_goal(siblings.standing, row, [member.name for member in siblings.members], query.rank), None


def _answer(case: _Case, unit: UnitRow, goal: Goal | None, unknown: str | None, flagged: list[str]) -> ScoreReach:
    now, row, query = case.now, case.row, case.query
    told = goal if not case.incomplete else None
    reached = None if told is None else bool(told.reached(now.board)[row])
    found = reach(case.framework, now.board, row, case.figures(), None if reached else told, query.growth)
    absent = _absent(case) if case.incomplete else []
    decimals = case.framework.rounding.total
    known = bool(now.board.total.known[row])
    lacking = None if told is None or told.points is None else max(0, told.points - case.total)
    band = next((each for each in case.framework.bands if each.code == query.band), None)
    language = query.scores.language
    return {
        "unit": described(unit),
        "period": now.period.code,
        "framework": case.framework.id,
        "total": points_out(case.total, decimals) if known else None,
        "max": plain(now.board.total.max),
        "band": named_band(band_of(now, row), case.framework, language),
        "target": {
            "band": None if band is None else {"code": band.code, "name": name_in(band.name, language)},
            "rank": query.rank,
            "total": None if goal is None or goal.points is None else points_out(goal.points, decimals),
            "points": None if lacking is None else points_out(lacking, decimals),
        },
        "hold": query.growth.hold,
        "by": query.growth.by,
        "reached": reached,
        "reachable": None if told is None else bool(reached) or found.reachable or (False if found.certain else None),
        "max_reachable": None if case.incomplete else points_out(found.most, decimals),
        "criteria": criteria_out(now.board, row, found, reached=reached is True),
        "least": least_out(found, decimals, reached=reached is True, total=case.total),
        "supply_first": supply_out(case.framework, absent),
        "sentence": _sentence(case, goal, found, (reached, unknown), absent, "vi"),
        "sentence_en": _sentence(case, goal, found, (reached, unknown), absent, "en"),
        "flags": flagged,
    }


def _absent(case: _Case) -> Sequence[Leaf]:
    """The criteria that lack a figure, the weightiest first."""
    board, row, framework = case.now.board, case.row, case.framework
    total = board.ruled_total
    rule = rules_of(framework)[int(total.rule[row])] if int(total.rule[row]) >= 0 else None
    if isinstance(rule, Reported) and not total.known[row]:
        return [Leaf(Criterion(code=TOTAL_CODE, name=TOTAL, max=framework.total_max, rules=(rule,)), rule, "missing")]
    missing = [leaf for leaf in leaves_of(board, row) if leaf.reason == "missing"]
    return sorted(missing, key=lambda leaf: -case.framework.max_of(leaf.criterion))


def _sentence(
    case: _Case,
    goal: Goal | None,
    found: UnitReach,
    state: tuple[bool | None, str | None],
    absent: Sequence[Leaf],
    language: str,
) -> str:
    speaker, query = case.speaker(language), case.query
    reached, unknown = state
    if case.incomplete:
        return say_incomplete(speaker, [leaf.criterion.name for leaf in absent])
    if goal is None:
        return speaker.render(SENTENCES[unknown or "cohort_hidden"], rank=query.rank)
    kind = "band" if query.band is not None else "rank" if query.rank is not None else "total"
    name: Name | None = next((each.name for each in case.framework.bands if each.code == query.band), None)
    target = target_words(kind, goal.points, query.rank, name)(speaker)
    if reached:
        return speaker.render(SENTENCES["reached"], total=speaker.points(case.total), target=target)
    return say_reach(speaker, found, target, (goal.points or 0) - case.total, _demands(case, found, speaker.language))


def _demands(case: _Case, found: UnitReach, language: Language) -> Demands:
    """What the class that is asked for demands in single criteria, where its total would do."""
    band = next((each for each in case.framework.bands if each.code == case.query.band), None)
    if band is None:
        return Demands()
    now = sentence_of_demands(case.now.board, case.row, band, language)
    enough = found.best is not None and found.most >= band_goal(case.framework, band.code).points
    at_best = sentence_of_demands(found.best, 0, band, language) if found.best is not None and enough else ""
    return Demands(now, at_best)
