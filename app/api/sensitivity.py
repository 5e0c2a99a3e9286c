"""How sure the ranks of a cohort are, under weights that are drawn by chance which anybody can draw again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, StringConstraints

from app.answers.sensitivity import SensitivityItem, SensitivityList
from app.api.answers import FormatParameter, LimitParameter, Page, Rows
from app.api.cursors import Cursor, read_cursor
from app.api.deps import ClocksDep, ReadSession, SettingsDep, ValuesReader
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.kept_routes import kept
from app.api.negotiation import name_language
from app.api.periods import get_period
from app.api.problems import problems
from app.api.scores import LATEST, FrameworkParameter
from app.api.strict_requests import StrictRoute
from app.domain.characters import TRIMMED
from app.domain.frameworks.rules import QueryFigure
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Level
from app.formats.delimited import Column
from app.services.insight import sensitivity as service
from app.services.insight.sensitivity import BoardSensitivity, SensitivityQuery
from app.services.latest_period import latest_period
from app.services.score_names import group_names
from app.services.score_order import ordered_rows
from app.services.scores import ANY, ScoresQuery

router = APIRouter(prefix="/v1", tags=["scores"], route_class=StrictRoute)

A_TENTH = Decimal("0.1")
SensitivitySort = Literal["rank", "code", "name", "total", "-rank", "-code", "-name", "-total"]


@router.get(
    "/scores/sensitivity",
    response_model=SensitivityList,
    responses={200: example("sensitivity"), **problems(401, 403, 404, 422)},
)
@kept
def read_sensitivity(
    request: Request,
    heavy: HeavyWork,
    caller: ValuesReader,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    period: Annotated[
        PeriodCode,
        Query(
            description="2024-07, 2024-Q3, 2024-H2, 2024, or `latest`: the latest in which the cohort has figures.",
            examples=["2024-07"],
        ),
    ],
    level: Annotated[Level, Query(examples=["province"])],
    framework: FrameworkParameter = None,
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    weights: Annotated[
        Annotated[QueryFigure, Field(ge=0, lt=1)] | None,
        Query(description="Each weight is multiplied by 1 ± this at most; default 0.1, a tenth."),
    ] = None,
    draws: Annotated[int, Query(ge=1, le=10_000, description="How often the weights are drawn.")] = 1000,
    seed: Annotated[
        Annotated[str, StringConstraints(max_length=100), TRIMMED],
        Query(description="Of the draws: the same seed draws the same weights, another one others."),
    ] = "",
    sort: Annotated[SensitivitySort, TRIMMED, Query(description="Best first, or as named. `-` reverses.")] = "rank",
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """Tell how sure ranks are: where each unit stands while the weights of the groups change by chance.

    In each draw every weight is multiplied by 1 + u, u by SHA-256 of seed, draw and group, and all are scaled back to
    the same sum; scores, classes and places follow by the framework's own rules. Reported totals stay as they are.
    """
    page = Page(request, "sensitivity", (), limit, format)
    in_words = page.format in ("json", "ndjson")  # tables have Vietnamese heads
    language = name_language(request.scope["headers"]) if in_words else "vi"
    asked = ScoresQuery(
        period=ANY if period == LATEST else get_period(period),
        framework=framework or settings.default_framework,
        level=level,
        under=under,
        clocks=clocks,
        is_compared=False,
        language=language,
    )
    if period == LATEST:
        asked = replace(asked, period=latest_period(session, caller, asked, None))
    spread = A_TENTH if weights is None else weights
    found = service.board_sensitivity(session, caller, SensitivityQuery(asked, spread, draws, seed))
    return _page(page, found, sort, cursor)


def _page(page: Page, found: BoardSensitivity, sort: str, cursor: str | None) -> Response:
    """The units that take part, in their order; only those of the page become items."""
    order, rows, rules = f"sensitivity by {sort}", set(found.found.rows.tolist()), found.compared.now.framework
    keyed = [each for each in ordered_rows(found.compared, sort) if each[1] in rows]
    after = read_cursor(order, cursor, keyed[0][0]) if keyed else None
    rest = [(key, row) for key, row in keyed if after is None or key > after][: page.reach]
    items: Sequence[SensitivityItem] = service.items_of(found, found.query.board.language)([row for _, row in rest])
    page.columns = columns_of(group_names(rules, None), {band.code: band.name.vi for band in rules.bands})
    sent: Rows = list(map(flat, items)) if page.flat else items
    return page.send(
        sent,
        lambda _: rest[page.limit - 1][0],
        found.about,
        cursor_name=order,
        language=found.query.board.language if page.format in ("json", "ndjson") else None,
    )


def columns_of(groups: Mapping[str, str], bands: Mapping[str, str]) -> list[Column]:
    """The columns of the table."""
    return [
        Column("rank", "Hạng"),
        Column("code", "Mã"),
        Column("name", "Đơn vị"),
        Column("total", "Tổng điểm"),
        Column("band", "Xếp loại"),
        Column("p5", "Hạng (5%)"),
        Column("p50", "Hạng (50%)"),
        Column("p95", "Hạng (95%)"),
        *(Column(f"class {code}", f"Tỷ lệ loại {name}") for code, name in bands.items()),
        *(Column(f"without {code}", f"Hạng khi bỏ nhóm {name}") for code, name in groups.items()),
        Column("rank_above", "Kém hạng trên"),
        Column("rank_below", "Hơn hạng dưới"),
        Column("class_above", "Còn thiếu để lên loại"),
        Column("class_below", "Hơn mức tối thiểu của loại"),
        Column("sentence", "Diễn giải"),
    ]


def flat(item: Mapping[str, Any]) -> dict[str, object]:
    """An item as a row of the table."""
    return {
        **item,
        **item["unit"],
        "band": item["band"] and item["band"]["name"],
        **item["ranks"],
        **{f"class {each['code']}": each["share"] for each in item["classes"]},
        **{f"without {code}": rank for code, rank in item["without"].items()},
        **item["margins"],
    }
