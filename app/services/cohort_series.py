"""A whole cohort through time: every unit in every period of a span, ranked in each of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.orm import Session

from app.answers.common import UnitBrief
from app.answers.scores import BandOut, CohortInPeriod, CohortSeriesHead, GroupMeta, SeriesEntry
from app.domain.figures import plain
from app.domain.period import PeriodType, read_period
from app.errors import Fault, Invalid, NotFound, RefusalCode
from app.services.frameworks import load_framework
from app.services.periods import list_between, order
from app.services.rights import Caller
from app.services.score_items import flags, result, shown_groups
from app.services.score_names import bands_meta, groups_meta
from app.services.scored_cohorts import CohortUnit, load_scored_cohort
from app.services.scores import (
    CohortComparison,
    ScoresQuery,
    check_view,
    cohort_counts,
    cohort_of,
    require_under,
    summary_of,
)
from app.services.series import known_at
from app.store.unit_versions import UnitMoment

MOST_PERIODS = 60
SPAN_TOO_LONG = RefusalCode(
    "span_too_long",
    "{count} periods lie between `from` and `to`, and at most {most} are answered at once; bring the two closer "
    "together, or name longer periods with `type`.",
    "Từ `from` đến `to` có {count} kỳ, mỗi lần chỉ trả lời nhiều nhất {most} kỳ; hãy thu hẹp khoảng này hoặc chọn loại "
    "kỳ dài hơn bằng `type`.",
    Invalid,
)


@dataclass(frozen=True)
class CohortSeries:
    """The boards of a cohort, one for each period in which it has figures, the earliest first."""

    query: ScoresQuery
    boards: Sequence[CohortComparison]

    @cached_property
    def rows(self) -> list[dict[str, int]]:
        """The row of every unit, for each board."""
        return [{unit.code: row for row, unit in enumerate(board.now.members)} for board in self.boards]

    @cached_property
    def units(self) -> dict[str, CohortUnit]:
        """Every unit that has figures in one of the periods, as it stood in the last of them."""
        return {unit.code: unit for board in self.boards for unit in board.now.members}

    @cached_property
    def groups(self) -> dict[str, GroupMeta]:
        """The groups of all periods, as the last that has them describes them."""
        found = (each for board in self.boards for each in self._groups_of(board))
        return {each["code"]: each for each in found}

    def _groups_of(self, board: CohortComparison) -> list[GroupMeta]:
        return groups_meta(board.now.framework, self.query.view, self.query.language)

    @cached_property
    def bands(self) -> dict[str, BandOut]:
        found = (each for board in self.boards for each in bands_meta(board.now.framework, self.query.language))
        return {each["code"]: each for each in found}

    def unit(self, code: str) -> UnitBrief:
        unit = self.units[code]
        return {"code": code, "name": unit.name, "level": unit.level}

    def entries(self, code: str) -> list[SeriesEntry]:
        """One unit: an entry for every period of the series, without points where it has no figures."""
        return [self._entry(board, rows.get(code)) for board, rows in zip(self.boards, self.rows, strict=True)]

    def _entry(self, board: CohortComparison, row: int | None) -> SeriesEntry:
        scored, period = board.now, board.now.period.code
        if row is None:
            return _nothing_in(period, shown_groups(scored, board.view))
        points, ranked = result(scored, shown_groups(scored, board.view), row), not board.hidden
        ranked = ranked and bool(scored.standing.ranked[row])
        band = points["band"] and self.bands[points["band"]["code"]]
        return {
            "period": period,
            "rank": int(scored.standing.rank[row]) if ranked else None,
            "tied": int(scored.standing.tied[row]) if ranked else None,
            "total": points["total"],
            "band": band and {"code": band["code"], "name": band["name"]},
            "method": points["method"],
            "coverage": points["coverage"],
            "groups": points["groups"],
            "flags": flags(board, row),
            "observed_at": scored.observed_at(row),
        }


def _nothing_in(period: str, groups: Iterable[str]) -> SeriesEntry:
    """A unit in a period in which it has no figures."""
    return {
        "period": period,
        "rank": None,
        "tied": None,
        "total": None,
        "band": None,
        "method": None,
        "coverage": None,
        "groups": dict.fromkeys(groups),
        "flags": [],
        "observed_at": None,
    }


def cohort_series(
    session: Session,
    caller: Caller,
    query: ScoresQuery,
    *,
    first: str | None,
    final: str | None,
    type: PeriodType | None,
) -> CohortSeries:
    """The boards of the periods of one type between two of them in which the cohort has figures.

    Of the type that is named, else that of `first` or `final`. Invalid `span_too_long`. Each board is loaded, and kept,
    as `/v1/scores` does it: as many queries a period, however many units there are.
    """
    require_under(session, caller, query, UnitMoment(query.clocks.as_of))
    type = type or read_period(first or final or "").type
    periods = sorted((each for each in list_between(session, first, final) if each.type == type), key=order)
    if len(periods) > MOST_PERIODS:
        raise Fault(SPAN_TOO_LONG, {"count": len(periods), "most": MOST_PERIODS}, parameter="from").error()
    boards = (board_in(session, caller, replace(query, period=period)) for period in periods)
    return CohortSeries(query, [board for board in boards if board is not None and board.now.members])


def board_in(session: Session, caller: Caller, query: ScoresQuery) -> CohortComparison | None:
    """The board of one period, with nothing to compare it with; None where no version of the rules was in force."""
    try:
        framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    except NotFound:
        return None
    check_view(framework, query.view)
    cohort = cohort_of(session, caller, query, query.period)
    now = load_scored_cohort(session, framework, query.period, cohort, query.clocks)
    return CohortComparison(now, None, None, None, query.view, hidden=cohort.within is not None)


def header(session: Session, found: CohortSeries) -> CohortSeriesHead:
    """What stands above the units: periods, cohorts, groups and classes."""
    return {
        "under": found.query.under,
        "level": found.query.level,
        "as_of": known_at(session, found.query.clocks),
        "periods": [board.now.period.code for board in found.boards],
        "cohorts": [_cohort(board, found.query) for board in found.boards],
        "groups_meta": list(found.groups.values()),
        "bands": list(found.bands.values()),
    }


def _cohort(board: CohortComparison, query: ScoresQuery) -> CohortInPeriod:
    counts, scored = cohort_counts(board.now, query.under), board.now
    return {
        "period": scored.period.code,
        "framework": scored.framework.id,
        "max": plain(scored.board.total.max),
        "active": scored.active,
        "size": counts["size"],
        "ranked": counts["ranked"],
        "mean": summary_of(scored)["mean"],
    }
