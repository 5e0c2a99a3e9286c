"""Completeness: who has reported a period, and what is still missing."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.answers.completeness import CompletenessList, UnitCompleteness
from app.api.answers import FormatParameter, LimitParameter, Page, Rows
from app.api.cursors import Cursor, read_cursor
from app.api.deps import ClocksDep, ReadSession, SettingsDep, ValuesReader
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.periods import PeriodPath, get_period
from app.api.problems import problems
from app.api.scores import FrameworkParameter
from app.api.strict_requests import StrictRoute
from app.domain.booleans import QueryFlag
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Level
from app.formats.delimited import Column
from app.services import completeness as service
from app.services.completeness import CompletenessQuery

router = APIRouter(prefix="/v1", tags=["periods"], route_class=StrictRoute)

COLUMNS = [
    Column("code", "Mã"),
    Column("name", "Đơn vị"),
    Column("reported", "Đã báo cáo"),
    Column("share", "Mức đủ số liệu"),
    Column("expected", "Số tiêu chí cần số liệu"),
    Column("missing", "Tiêu chí còn thiếu"),
]


def flat(item: UnitCompleteness) -> dict[str, object]:
    """An item as a row of a table."""
    return {**item["unit"], **item, "missing": " ".join(item["missing"])}


@router.get(
    "/periods/{code}/completeness",
    response_model=CompletenessList,
    responses={200: example("completeness"), **problems(401, 403, 404, 422)},
)
@kept
def read_completeness(
    request: Request,
    caller: ValuesReader,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    code: PeriodPath,
    level: Annotated[Level, Query(examples=["province"])],
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    framework: FrameworkParameter = None,
    reported: Annotated[
        QueryFlag | None, Query(description="Only those with figures, or only those without any.")
    ] = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """Who has reported a period: each unit's share of the expected figures, what is missing, and a summary."""
    query = CompletenessQuery(get_period(code, "code"), framework or settings.default_framework, level, under, clocks)
    about, items = service.completeness(session, caller, query)
    page = Page(request, "completeness", COLUMNS, limit, format)
    place = read_cursor("completeness", cursor, [""])
    after = place[0] if place else ""
    chosen = [item for item in items if reported is None or item["reported"] == reported]
    rest = [item for item in chosen if item["unit"]["code"] > after][: page.reach]
    rows: Rows = [flat(item) for item in rest] if page.flat else rest
    return page.send(rows, lambda item: [item["unit"]["code"]], about)
