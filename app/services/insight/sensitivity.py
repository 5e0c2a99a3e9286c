"""How sure the ranks of a board are, as it is answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from sqlalchemy.orm import Session

from app.answers.sensitivity import (
    ClassShare,
    ExcludedCount,
    Exclusion,
    Margins,
    RankRange,
    SensitivityHead,
    SensitivityItem,
)
from app.domain.figures import plain, unscaled
from app.domain.frameworks.framework import rules_of
from app.domain.frameworks.rules import Reported
from app.domain.insight.margins import class_margins, rank_margins
from app.domain.insight.sensitivity import Sensitivity, sensitivity
from app.domain.scoring.arithmetic import Mask
from app.errors import Fault, Invalid, Language, RefusalCode
from app.services import score_items, scores
from app.services.insight import sensitivity_words as words
from app.services.rights import Caller
from app.services.score_names import bands_meta, named_band
from app.services.scored_cohorts import ScoredCohort
from app.services.scores import CohortComparison, ScoresQuery
from app.store.cache import cached

MOST = 40_000_000
"""Draws times units: ten thousand draws of all communes of the country, and half a minute of one core."""
TOO_MANY = RefusalCode(
    "draws_too_many",
    "{draws} draws of {units} units are more than this answers at once; ask for at most {most} draws, or for fewer "
    "units by `under`.",
    "{draws} lần thử cho {units} đơn vị là quá nhiều; hãy đặt `draws` nhiều nhất là {most}, hoặc dùng `under` để giảm "
    "số đơn vị.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class SensitivityQuery:
    """Which board, by how much its weights may differ (a share), how often they are drawn, and from which seed."""

    board: ScoresQuery
    spread: Decimal
    draws: int
    seed: str


@dataclass(frozen=True, slots=True)
class BoardSensitivity:
    """A board, what came of the draws, and what is said above its units."""

    query: SensitivityQuery
    compared: CohortComparison
    found: Sensitivity
    about: SensitivityHead


def board_sensitivity(session: Session, caller: Caller, query: SensitivityQuery) -> BoardSensitivity:
    """The places of a board's units while its weights are drawn anew.

    Invalid `draws_too_many`; NotFound for an `under` that the caller may not see.
    """
    compared, about = scores.board(session, caller, query.board)
    scored = compared.now
    ranked = int(scored.standing.ranked.sum())
    if query.draws * ranked > MOST:
        context = {"draws": query.draws, "units": ranked, "most": MOST // ranked}
        raise Fault(TOO_MANY, context, parameter="draws").error()
    cohort = scores.cohort_of(session, caller, query.board, query.board.period)
    key = ("sensitivity", scored.framework.id, scored.period.code, cohort, query.board.clocks)
    found = cached(session, (*key, query.spread, query.draws, query.seed), lambda: _drawn(scored, query))
    mean = None if compared.hidden else found.mean_move
    head: SensitivityHead = {
        "framework": about["framework"],
        "period": about["period"],
        "as_of": about["as_of"],
        "cohort": about["cohort"],
        "weights": plain(query.spread),
        "draws": query.draws,
        "seed": query.seed,
        "units": found.rows.size,
        "excluded": excluded(scored, found),
        "mean_rank_change": None if mean is None else four_decimals(mean),
        "groups_meta": about["groups_meta"],
        "bands": bands_meta(scored.framework, query.board.language),
        **words.of_board(found, query.spread, None if mean is None else four_decimals(mean)),
    }
    return BoardSensitivity(query, compared, found, head)


def _drawn(scored: ScoredCohort, query: SensitivityQuery) -> Sensitivity:
    names = [member.name for member in scored.members]
    return sensitivity(scored.standing, names, Fraction(query.spread), query.draws, query.seed)


def excluded(scored: ScoredCohort, found: Sensitivity) -> list[ExcludedCount]:
    """How many units take no part, by reason; with those that do they are all that have figures."""
    left_out = np.ones(scored.board.size, dtype=np.bool_)
    left_out[found.rows] = False
    ranked = scored.standing.ranked
    reported = [place for place, rule in enumerate(rules_of(scored.framework)) if isinstance(rule, Reported)]
    by_source = np.isin(scored.board.total.rule, reported)
    masks: dict[Exclusion, Mask] = {
        "reported_total": left_out & ranked & by_source,
        "other_rule": left_out & ranked & ~by_source,
        "unranked": left_out & ~ranked,
    }
    counts = {reason: int(np.count_nonzero(mask)) for reason, mask in masks.items()}
    return [{"reason": reason, "count": count} for reason, count in counts.items() if count]


def four_decimals(amount: Fraction) -> Decimal:
    """Half up."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return plain(exact.quantize(Decimal("0.0001"), ROUND_HALF_UP))


def items_of(asked: BoardSensitivity, language: Language) -> Callable[[Sequence[int]], list[SensitivityItem]]:
    """What makes items of rows of the board."""
    scored = asked.compared.now
    place = {row: position for position, row in enumerate(asked.found.rows.tolist())}
    above, below = rank_margins(scored.standing)

    def items(rows: Sequence[int]) -> list[SensitivityItem]:
        return [_item(asked, row, place[row], (above[row], below[row]), language) for row in rows]

    return items


def _item(
    asked: BoardSensitivity, row: int, place: int, margins: tuple[int | None, int | None], language: Language
) -> SensitivityItem:
    compared, found = asked.compared, asked.found
    scored, hidden = compared.now, compared.hidden
    member, standing = scored.members[row], scored.standing
    ranks = _ranks(found, place, hidden=hidden)
    band = named_band(score_items.band_of(scored, row), scored.framework, language)
    return {
        "unit": {"code": member.code, "name": member.name, "level": member.level},
        "rank": None if hidden else int(standing.rank[row]),
        "tied": None if hidden else int(standing.tied[row]),
        "total": unscaled(int(scored.board.total.points[row]), scored.framework.rounding.total),
        "band": band,
        "ranks": ranks,
        "classes": _classes(asked, place, language),
        "without": {code: _rank(each[place], hidden=hidden) for code, each in found.without.items()},
        "margins": _margins(scored, row, margins, hidden=hidden),
        "flags": score_items.flags(compared, row),
        **words.of_unit(scored, row, (found, place), asked.query.spread, hidden=hidden),
    }


def _ranks(found: Sensitivity, place: int, *, hidden: bool) -> RankRange:
    low, middle, high = (_rank(rank, hidden=hidden) for rank in found.ranks[:, place])
    return {"p5": low, "p50": middle, "p95": high}


def _rank(rank: int, *, hidden: bool) -> int | None:
    return int(rank) if rank and not hidden else None


def _classes(asked: BoardSensitivity, place: int, language: Language) -> list[ClassShare]:
    bands = bands_meta(asked.compared.now.framework, language)
    counts = asked.found.classes[:, place].tolist()
    return [
        {"code": b["code"], "name": b["name"], "count": n, "share": four_decimals(Fraction(n, asked.found.draws))}
        for b, n in zip(bands, counts, strict=True)
    ]


def _margins(scored: ScoredCohort, row: int, of_rank: tuple[int | None, int | None], *, hidden: bool) -> Margins:
    decimals = scored.framework.rounding.total
    above, below = (None if hidden or each is None else unscaled(each, decimals) for each in of_rank)
    total = unscaled(int(scored.board.total.points[row]), decimals)
    class_above, class_below = class_margins(scored.framework.bands, int(scored.standing.band[row]), total)
    return {"rank_above": above, "rank_below": below, "class_above": class_above, "class_below": class_below}
