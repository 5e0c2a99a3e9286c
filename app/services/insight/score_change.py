"""Why a unit's total and place changed: the change taken apart, with the figures of both sides."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from app.answers.score_change import ChangePart, ChangeSum, CoveragePart, FigurePair, RankChange, ScoreChange
from app.answers.scores import FigureOut
from app.domain.figures import DECIMALS, derived_rate, plain, unscaled
from app.domain.insight.change import AdjustmentChange, PartOfChange, TotalChange, total_change
from app.domain.insight.change_sentences import ChangeWords, say_change, say_rank, say_withheld
from app.domain.insight.contributions import Contribution, NodeSide, UnitBoard
from app.domain.insight.rank_change import rank_of_old_total
from app.domain.scoring.arithmetic import round_half_up
from app.domain.scoring.node_facts import Input
from app.domain.scoring.node_scores import ABSENCES
from app.errors import Language
from app.services.rights import Caller
from app.services.scored_cohorts import ScoredCohort
from app.services.scores import CohortComparison, ScoresQuery, list_header
from app.services.unit_scores import ComparedUnit, compared_unit, described, figure

WITHHELD = ("rules_changed", "unit_changed", "basis_changed", "derived_total", "not_observed_again")
"""Flags of a board under which two totals have no difference, the strongest first."""
LEAST_PLACES = 4
"""Effects are printed with at least so many decimals."""
NO_SUM: ChangeSum = {
    "total": None,
    "parts": [],
    "coverage": None,
    "coverage_parts": [],
    "unexplained": None,
    "rounding": None,
}


@dataclass(frozen=True, slots=True)
class UnitSide:
    """A unit in one of two cohorts that are compared."""

    scored: ScoredCohort
    row: int

    @property
    def board(self) -> UnitBoard:
        return UnitBoard(self.scored.board, self.row)

    @property
    def total(self) -> Decimal | None:
        found = self.board.total
        return None if found is None else printed(found, self.scored.framework.rounding.total)

    @property
    def rank(self) -> int | None:
        standing = self.scored.standing
        return int(standing.rank[self.row]) if standing.ranked[self.row] else None

    def input(self, indicator: str) -> FigureOut | None:
        """A figure and where it was found; None where there is none."""
        each = self.scored.figures.get(indicator)
        origin = None if each is None else each.origin(self.row)
        if each is None or origin is None:
            return None
        column, row = each.column, self.row
        counts = (int(column.numerator[row]), int(column.denominator[row])) if column.has_counts[row] else (None, None)
        value = int(column.value[row]) if column.has_value[row] else derived_rate(*counts)
        above, below, shown = (None if each is None else unscaled(each, DECIMALS) for each in (*counts, value))
        return figure(Input(indicator, above, below, shown, origin.source, origin.observed_at))


def score_change(session: Session, caller: Caller, code: str, query: ScoresQuery) -> ScoreChange:
    """What a unit's change is made of. NotFound for a unit that the caller may not see or that has no figures."""
    found = compared_unit(session, caller, code, query)
    compared = found.compared
    now, before = UnitSide(compared.now, found.row), _earlier(compared, code)
    reason = _withheld(compared, before, now)
    hidden = compared.hidden or compared.before_hidden
    change = None if before is None or reason is not None else _taken_apart(before, now, hidden=hidden)
    place = _rank(found, before, now)
    words = ChangeWords(
        unit=found.unit.name,
        period=compared.now.period.code,
        against=compared.against,
        before=None if before is None else before.total,
        now=now.total,
        decimals=now.scored.framework.rounding.total,
        whole=compared.changes is not None and bool(compared.changes.total.known[found.row]),
    )
    observed_at = None if before is None else before.scored.observed_at(before.row)
    return {
        "unit": described(found.unit),
        "period": compared.now.period.code,
        "against": compared.against,
        "framework": compared.now.framework.id,
        "against_framework": None if compared.before is None else compared.before.framework.id,
        "as_of": list_header(session, compared, query)["as_of"],
        "max": plain(now.scored.board.total.max),
        "before": words.before,
        "now": words.now,
        **_summed(change, before, now),
        "rank": place,
        "figures": _figures(before, now),
        "flags": found.flags,
        "observed_at": now.scored.observed_at(now.row),
        "against_observed_at": observed_at,
        "sentence": _say(words, change, reason, place, "vi"),
        "sentence_en": _say(words, change, reason, place, "en"),
    }


def _earlier(compared: CohortComparison, code: str) -> UnitSide | None:
    row = None if compared.before is None else compared.before.row(code)
    return None if compared.before is None or row is None else UnitSide(compared.before, row)


def _withheld(compared: CohortComparison, before: UnitSide | None, now: UnitSide) -> str | None:
    """Why the two totals have no difference to take apart; None where they have one, be it of missing figures."""
    flagged = {} if compared.changes is None else compared.changes.flags
    for reason in WITHHELD:
        if reason in flagged and flagged[reason][now.row]:
            return "measured_once" if reason == "basis_changed" and not _is_stated(before, now) else reason
    if now.total is None:
        return "no_total"
    return "no_total_before" if before is None or before.total is None else None


def _is_stated(*sides: UnitSide | None) -> bool:
    """Whether a source states any of the points on either side."""
    return any(side is not None and bool(side.scored.board.total.reported[side.row]) for side in sides)


def _taken_apart(before: UnitSide, now: UnitSide, *, hidden: bool) -> TotalChange | None:
    companions = None if hidden else (before.scored.companions, now.scored.companions)
    return total_change(before.board, now.board, (before.scored.columns(), now.scored.columns()), companions)


def _summed(change: TotalChange | None, before: UnitSide | None, now: UnitSide) -> ChangeSum:
    """All of it as printed: what printing takes from the effects goes to the rounding, so that they still add up."""
    if change is None or before is None:
        return NO_SUM
    rounding = now.scored.framework.rounding
    places = max(LEAST_PLACES, rounding.component, rounding.total)
    parts = [_part(part, places, before, now) for part in change.parts]
    parts += [_adjustment(each, places, before, now) for each in change.adjustments]
    came = [_coverage_part(each, places) for each in change.coverage]
    total, unexplained = printed(change.total, places), printed(change.unexplained, places)
    coverage = sum((each["effect"] for each in came), Decimal(0))
    effects = sum((part["effect"]["figures"] + part["effect"]["weight"] for part in parts), Decimal(0))
    return {
        "total": total,
        "parts": parts,
        "coverage": plain(coverage),
        "coverage_parts": came,
        "unexplained": unexplained,
        "rounding": plain(total - effects - coverage - unexplained),
    }


def _part(part: PartOfChange, places: int, before: UnitSide, now: UnitSide) -> ChangePart:
    of = part.of
    figures = printed(part.figures, places)
    numerator = None if part.numerator is None else printed(part.numerator, places)
    points = None if of.before.points is None or of.now.points is None else of.now.points - of.before.points
    return {
        "criterion": of.code,
        "name": {"vi": of.name.vi, "en": of.name.en},
        "max": printed(of.now.max, places),
        "before": _points(of.before, places),
        "now": _points(of.now, places),
        "points": None if points is None else printed(points, places),
        "effect": {"figures": figures, "weight": printed(part.weight, places)},
        "numerator": numerator,
        "denominator": None if numerator is None else plain(figures - numerator),
        "others": None if part.others is None else printed(part.others, places),
        "inputs": {"before": _inputs(before, of.before), "now": _inputs(now, of.now)},
        "flags": [*_absences(of), *(["saturated"] if part.saturated else [])],
    }


def _adjustment(each: AdjustmentChange, places: int, before: UnitSide, now: UnitSide) -> ChangePart:
    stated, effect = each.of, printed(each.effect, places)
    inputs = [[] if (found := side.input(stated.indicator)) is None else [found] for side in (before, now)]
    return {
        "criterion": stated.indicator,
        "name": {"vi": each.name.vi, "en": each.name.en},
        "max": None if stated.at_most is None else plain(stated.at_most),
        "before": printed(each.before, places),
        "now": printed(each.now, places),
        "points": effect,
        "effect": {"figures": effect, "weight": Decimal(0)},
        "numerator": None,
        "denominator": None,
        "others": None,
        "inputs": {"before": inputs[0], "now": inputs[1]},
        "flags": ["adjustment"],
    }


def _coverage_part(each: Contribution, places: int) -> CoveragePart:
    return {
        "criterion": each.code,
        "name": {"vi": each.name.vi, "en": each.name.en},
        "before": _points(each.before, places),
        "now": _points(each.now, places),
        "effect": printed(each.change, places),
        "flags": _absences(each),
    }


def _absences(each: Contribution) -> list[str]:
    """Why there was no figure to score, on either side."""
    found = (ABSENCES.get(side.state) for side in (each.before, each.now))
    return list(dict.fromkeys(flag for flag in found if flag is not None))


def _inputs(side: UnitSide, node: NodeSide) -> list[FigureOut]:
    found = (side.input(read) for read in (node.rule.reads if node.rule else ()))
    return [each for each in found if each is not None]


def _points(side: NodeSide, places: int) -> Decimal | None:
    return None if side.points is None else printed(side.points, places)


def printed(amount: Fraction, places: int) -> Decimal:
    """Half up to so many decimals, without trailing zeros."""
    return unscaled(round_half_up(amount * 10**places), places)


def _rank(found: ComparedUnit, before: UnitSide | None, now: UnitSide) -> RankChange:
    """The places on both sides, where the caller may know them, and whose doing the change is, where there is one."""
    compared, change = found.compared, found.change["rank"]
    hidden = compared.hidden or found.ranks["siblings"] is None
    place: RankChange = {
        "before": None if hidden or compared.before_hidden or before is None else before.rank,
        "now": None if hidden else now.rank,
        "change": change,
        "own": None,
        "others": None,
    }
    if change is None or before is None or now.rank is None or before.rank is None:
        return place
    names = [member.name for member in compared.now.members]
    old = rank_of_old_total(compared.now.standing, now.row, before.scored.standing, before.row, names)
    return {**place, "own": old - now.rank, "others": before.rank - old}


def _figures(before: UnitSide | None, now: UnitSide) -> list[FigurePair]:
    sides = [side for side in (before, now) if side is not None]
    codes = sorted({code for side in sides for code in side.scored.figures})
    pairs: list[FigurePair] = [
        {"indicator": code, "before": None if before is None else before.input(code), "now": now.input(code)}
        for code in codes
    ]
    return [pair for pair in pairs if pair["before"] is not None or pair["now"] is not None]


def _say(
    words: ChangeWords, change: TotalChange | None, reason: str | None, place: RankChange, language: Language
) -> str:
    if change is None:
        return say_withheld(words, reason or "no_total_before", language)
    before, now, own = place["before"], place["now"], place["own"]
    rank = "" if before is None or now is None or own is None else say_rank(before, now, own, language)
    return say_change(words, change, language) + rank
