"""Scores: totals, classes, ranks and changes, each with its explanation."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.answers.scores import CohortSeriesList, ScoreExplained, ScoreList, ScoreSeries
from app.api.answers import DatasetFormatParameter, LimitParameter, Page, answer
from app.api.boards import LEVELS_ASKED, BoardDep
from app.api.cohort_series import series_answer
from app.api.cursors import Cursor, read_cursor
from app.api.deps import ClockParameter, ClocksDep, ReadSession, SettingsDep, ValuesReader, instant
from app.api.examples import example
from app.api.heavy_tables import HeavyTable
from app.api.kept_routes import kept
from app.api.negotiation import name_language
from app.api.periods import get_period, period_code
from app.api.problems import problems
from app.api.score_datasets import series_cube
from app.api.score_tables import columns_of, flat, series_sheets
from app.api.strict_requests import StrictRoute
from app.domain.period import PeriodCode, PeriodType
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Code, FrameworkName, Levels
from app.errors import Fault, Invalid, RefusalCode
from app.services import score_items, unit_scores
from app.services import scores as service
from app.services import series as series_service
from app.services.cohort_series import cohort_series
from app.services.latest_period import latest_period
from app.services.score_order import ordered_boards
from app.services.scores import ANY, ScoresQuery

router = APIRouter(prefix="/v1", tags=["scores"], route_class=StrictRoute)

FrameworkParameter = Annotated[
    FrameworkName | None,
    Query(description="`qd766` for the version in force, `qd766@2026` for that one; default by setting."),
]
LATEST = "latest"
PeriodParameter = Annotated[PeriodCode, Query(description="2024-07, 2024-Q3, 2024-H2, 2024.", examples=["2024-07"])]
BoardPeriod = Annotated[
    PeriodCode | None,
    Query(
        description="2024-07, 2024-Q3, 2024-H2, 2024, or `latest`: the latest in which the cohort has figures.",
        examples=["2024-07"],
    ),
]
FROM_OF_COHORT = (
    "Instead of `period`: the series of the cohort from this period on, of its type unless `type` is named."
)
TYPE = "With `period=latest` the latest of this type, with `from` and `to` the periods of it."
NO_PERIOD = RefusalCode(
    "field_missing",
    "Name a `period` (or `latest`), or in `from` and `to` the first and the last of several.",
    "Hãy ghi `period` (hoặc `latest`), hoặc ghi kỳ đầu và kỳ cuối vào `from` và `to`.",
    Invalid,
)
NOT_OF_SERIES = RefusalCode(
    "not_of_series",
    "`{name}` cannot stand beside `from` and `to`: these ask for a series, which has no period of its own and compares "
    "with none. Leave out the one or the others.",
    "`{name}` không dùng cùng `from` và `to`: hai tham số này hỏi điểm của nhiều kỳ, không có kỳ riêng và không "
    "so sánh với kỳ khác. Hãy bỏ tham số này hoặc bỏ hai tham số kia.",
    Invalid,
)
TYPE_KNOWN = RefusalCode(
    "type_without_choice",
    "`type` chooses among periods, and {period} is named: leave it out, or ask for `period=latest`.",
    "`type` dùng để chọn kỳ, mà yêu cầu đã nêu {period}: hãy bỏ tham số này, hoặc dùng `period=latest`.",
    Invalid,
)
Against = Annotated[PeriodCode | None, Query(description="Compare with this period; default the one before.")]
FROM = "Not beginning before this period, and of its type unless `type` names another."
UnitPath = Annotated[UnitCode, Path(description="The code of a unit.", examples=["H60"])]


def refuse_mixture(
    period: str | None, span: tuple[str | None, str | None], type: str | None, compared: Mapping[str, object]
) -> None:
    """Invalid where neither a period nor a span is named, or something beside them that would change nothing."""
    if span == (None, None):
        if period is None:
            raise Fault(NO_PERIOD, parameter="period").error()
        if period != LATEST and type is not None:
            raise Fault(TYPE_KNOWN, {"period": period}, parameter="type").error()
        return
    for name, given in {"period": period, **compared}.items():
        if given is not None:
            raise Fault(NOT_OF_SERIES, {"name": name}, parameter=name).error()


@router.get(
    "/scores",
    response_model=ScoreList | CohortSeriesList,
    responses={200: example("scores"), **problems(401, 403, 404, 422)},
)
@kept
def read_scores(
    caller: ValuesReader,
    heavy: HeavyTable,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    shown: BoardDep,
    level: Annotated[Levels, Query(description=LEVELS_ASKED)],
    period: BoardPeriod = None,
    from_: Annotated[PeriodCode | None, Query(alias="from", description=FROM_OF_COHORT)] = None,
    to: Annotated[PeriodCode | None, Query(description="The series of the cohort up to this period.")] = None,
    type: Annotated[PeriodType | None, Query(description=TYPE)] = None,
    framework: FrameworkParameter = None,
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    view: Annotated[Code | None, Query(description="Another official grouping, such as `legal`.")] = None,
    against: Against = None,
    against_observed_by: ClockParameter = None,
) -> Response:
    """Score one cohort: totals, groups, classes, ranks, and what changed since the period before.

    With `from` or `to` instead of `period`: the same cohort through time, units × periods, without changes.
    """
    first, final = period_code(from_, "from"), period_code(to, "to")
    by_change = shown.sort if shown.sort.endswith("change") else None
    compared = {"against": against, "against_observed_by": against_observed_by, "sort": by_change}
    refuse_mixture(period, (first, final), type, compared)
    query = ScoresQuery(
        period=ANY if period in (None, LATEST) else get_period(period),
        framework=framework or settings.default_framework,
        level=level[0],
        under=under,
        view=view,
        against=period_code(against, "against"),
        clocks=clocks,
        against_observed_by=instant("against_observed_by", against_observed_by, session),
        is_compared=period is not None and shown.is_compared,
        language=shown.language,
    )
    shown.refuse_several(level, in_one_period=period is not None)
    if period is None:
        found = cohort_series(session, caller, query, first=first, final=final, type=type)
        return series_answer(session, shown, found)
    if period == LATEST:
        query = replace(query, period=latest_period(session, caller, query, type))
    boards, about = service.boards(session, caller, query, level)
    rules = boards[0].now.framework
    keyed = ordered_boards(boards, shown.sort, shown.filter(rules, view))
    return shown.answer(keyed, score_items.items_of_boards, about, rules, view)


@router.get(
    "/scores/{unit}",
    response_model=ScoreSeries,
    responses={200: example("score_series"), **problems(401, 403, 404, 422)},
)
@kept
def read_unit_scores(
    request: Request,
    caller: ValuesReader,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    unit: UnitPath,
    framework: FrameworkParameter = None,
    type: Annotated[PeriodType | None, Query(description="Only periods of this type; default that of `from`.")] = None,
    from_: Annotated[PeriodCode | None, Query(alias="from", description=FROM)] = None,
    to: Annotated[PeriodCode | None, Query(description="Not ending after this period.")] = None,
    view: Annotated[Code | None, Query(description="Another official grouping, such as `legal`.")] = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: DatasetFormatParameter = None,
) -> Response:
    """A unit's scores through time, oldest first."""
    place = read_cursor("series", cursor, [""])
    after = place[0] if place else None
    first, final = period_code(from_, "from"), period_code(to, "to")
    as_of = clocks.as_of
    periods = series_service.periods_of(session, unit, type=type, first=first, final=final, after=after, as_of=as_of)
    page = Page(request, "series", limit=limit, format=format, datasets=True)
    in_words = page.format in ("json", "ndjson")  # tables and cubes have Vietnamese heads
    found = series_service.series(
        session,
        caller,
        unit,
        periods[: page.reach],
        framework=framework or settings.default_framework,
        view=view,
        clocks=clocks,
        first=first,
        language=name_language(request.scope["headers"]) if in_words else "vi",
    )
    shown, groups = found.unit, found.groups
    page.columns = columns_of(groups, series=True)
    return page.send(
        [flat(item, groups) if page.flat else item for item in found.items],
        lambda item: [item["period"]],
        {"unit": shown},
        sheets=lambda rows: series_sheets(rows, shown, groups, found.classes),
        cube=lambda items: series_cube(items, shown, groups, found.maxima, series_service.known_at(session, clocks)),
        language=name_language(request.scope["headers"]) if in_words else None,
    )


@router.get(
    "/scores/{unit}/{period}",
    response_model=ScoreExplained,
    responses={200: example("score_explained"), **problems(401, 403, 404, 422)},
)
@kept
def read_unit_score(
    request: Request,
    caller: ValuesReader,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    unit: UnitPath,
    period: Annotated[PeriodCode, Path(description="2024-07, 2024-Q3, 2024-H2, 2024.", examples=["2024-07"])],
    framework: FrameworkParameter = None,
    view: Annotated[Code | None, Query(description="Another official grouping, such as `legal`.")] = None,
    against: Against = None,
    against_observed_by: ClockParameter = None,
) -> Response:
    """One unit explained: every criterion with its rule, figures, sources, arithmetic and law, in plain words."""
    language = name_language(request.scope["headers"])
    query = ScoresQuery(
        period=get_period(period),
        framework=framework or settings.default_framework,
        level="other",
        view=view,
        against=period_code(against, "against"),
        clocks=clocks,
        against_observed_by=instant("against_observed_by", against_observed_by, session),
        language=language,
    )
    return answer(unit_scores.explained(session, caller, unit, query), language=language)
