"""One unit of an evaluation explained to the last figure, from what was frozen alone.

What the frozen board says of the unit is answered as it is there; figures, arithmetic and sentences of the tree are
made again from the frozen figures and rules.
"""

from collections.abc import Mapping

from app.answers.scores import ScoreExplained, ScoreItem
from app.domain.frameworks.tree import compares_units
from app.domain.vocabulary import Level
from app.errors import Language, NotFound, RefusalCode
from app.reports.data_frozen import FrozenReportData
from app.reports.unit_standing import frozen_item, scored_unit, unranked_standing
from app.services.rank_cohorts import RankCohorts, ranks, with_partial
from app.services.score_items import result, shown_groups
from app.services.score_names import named_items
from app.services.scored_cohorts import CohortUnit, ScoredCohort, narrowed
from app.services.scores import check_view
from app.services.unit_scores import NO_FIGURES, assembled, described
from app.store.cache import cached_permanently

NOT_EXPLAINED = RefusalCode(
    "not_explained",
    "Evaluation {id} was drawn up under earlier rules of computation, which gave {code} other points or another rank "
    "than those of today would; these cannot be explained. `/v1/evaluations/{id}/scores` answers them as they were "
    "published.",
    "Kết quả đánh giá {id} được lập theo cách tính trước đây, cho {code} số điểm hoặc thứ hạng khác với cách tính hiện "
    "nay, nên không giải thích được. Xem kết quả đã công bố tại `/v1/evaluations/{id}/scores`.",
    NotFound,
)
PEERS_NOT_FROZEN = RefusalCode(
    "peers_not_frozen",
    "{framework} compares {code} with the units beside it, whose figures evaluation {id} did not freeze. Ask at "
    "`/v1/scores/{code}/{period}`.",
    "{framework} tính điểm của {code} bằng cách so sánh với các đơn vị cùng cấp, nhưng kết quả đánh giá {id} không lưu "
    "số liệu của các đơn vị đó. Hãy xem tại `/v1/scores/{code}/{period}`.",
    NotFound,
)
NOWHERE = RankCohorts(None, None, None)
"""Where the unit that an evaluation is under is placed: those beside it are not evaluated."""


def frozen_explained(data: FrozenReportData, code: str, view: str | None, language: Language) -> ScoreExplained:
    """As `/v1/scores/{unit}/{period}` answers, with the name of the class in the language.

    Raises NotFound for a unit that the evaluation is not about, without figures, with points by comparison with units
    that were not frozen, or of which the first edition froze what follows from its figures no more.
    """
    unit = _evaluated(data, code)
    check_view(data.framework, view)
    apart = unit.code == data.under
    if apart and compares_units(data.framework):
        framework, period = data.framework.id, data.period.code
        raise PEERS_NOT_FROZEN.error(code=code, id=data.row.id, framework=framework, period=period)
    found = unranked_standing(data.content, unit, view).now.item if apart else frozen_item(data.content, unit, view)
    now = scored_unit(data.content, data.period.code, code) if apart else _cohort(data, unit.level)
    row = now.row(code)
    if found is None or row is None:
        raise NO_FIGURES.error(unit=code, framework=data.framework.id, period=data.period.code)
    if not apart and _points(found) != _points_today(now, view, row):
        raise NOT_EXPLAINED.error(id=data.row.id, code=code)
    cohorts = NOWHERE if apart else _rank_cohorts(data, now, unit)
    item: ScoreItem = {**found, "flags": with_partial(found["flags"], cohorts)}
    (named,) = named_items([item], data.framework, language)
    return assembled(now, row, named, ranks(cohorts, unit), described(unit), _kinds(data))


def _evaluated(data: FrozenReportData, code: str) -> CohortUnit:
    """The unit as it was frozen: of one of the levels that were evaluated, or the one that these are under."""
    unit = data.unit(code)
    if unit.code != data.under and unit.level not in data.levels:
        raise data.not_held(code)
    return unit


def _cohort(data: FrozenReportData, level: Level) -> ScoredCohort:
    key = ("evaluation cohort", data.row.id, data.row.seal, level)
    return cached_permanently(data.session, key, lambda: data.scored_cohort(level))


def _points(item: ScoreItem) -> tuple[object, ...]:
    """What of a frozen item has to follow from the tree."""
    return item["rank"], item["total"], item["groups"]


def _points_today(now: ScoredCohort, view: str | None, row: int) -> tuple[object, ...]:
    points, standing = result(now, shown_groups(now, view), row), now.standing
    rank = int(standing.rank[row]) if standing.ranked[row] else None
    return rank, points["total"], points["groups"]


def _rank_cohorts(data: FrozenReportData, now: ScoredCohort, unit: CohortUnit) -> RankCohorts:
    """The unit's siblings, and those in its province and in the country, where all of these were frozen."""
    units = {each.code: each for each in data.units()}
    below = _provinces(units)
    province = below.get(unit.code)

    def among(members: set[str]) -> ScoredCohort:
        active = sum(units[code].level == unit.level and not units[code].ended for code in members)
        return narrowed(now, lambda member: member.code in members, active)

    return RankCohorts(
        among({each.code for each in units.values() if each.parent == unit.parent}),
        None if province is None else among({code for code, above in below.items() if above == province}),
        now if data.under is None else None,
    )


def _provinces(units: Mapping[str, CohortUnit]) -> dict[str, str]:
    """By unit, the province that it stood below."""
    found = {}
    for code, unit in units.items():
        above = units.get(unit.parent or "")
        while above is not None and above.level != "province":
            above = units.get(above.parent or "")
        if above is not None:
            found[code] = above.code
    return found


def _kinds(data: FrozenReportData) -> dict[str, str]:
    """The kinds of the indicators, as the framework describes them and as they were frozen for reports."""
    described_there = {each.code: str(each.kind) for each in data.framework.indicators}
    return {**described_there, **{code: each.kind for code, each in data.indicators().items()}}
