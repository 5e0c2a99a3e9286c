"""Completeness: who has reported a period, and what is still missing."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import UnitBrief
from app.answers.examples import load_example
from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.deps import ClocksDep, Cursor, ReadSession, SettingsDep, ValuesReader, read_cursor
from app.api.examples import example
from app.api.periods import PeriodPath, get_period
from app.api.problems import problems
from app.api.scores import FrameworkParameter
from app.api.strict_requests import StrictRoute
from app.domain.booleans import QueryFlag
from app.domain.unit import UnitCode
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


class UnitCompleteness(BaseModel):
    """What a unit has given of what is `expected` (a number of criteria).

    `share` of the points rests on figures; `missing` are the criteria without one. Points reported for a group or
    the total stand for their criteria. `reported`: there is any figure at all.
    """

    unit: UnitBrief
    reported: bool
    share: float
    expected: int
    missing: list[str]


class CompletenessSummary(BaseModel):
    units: int
    reported: int
    not_reported: int
    complete: int


class CompletenessList(BaseModel):
    """Every unit of a level that is active in the period, those without any figure included."""

    model_config = ConfigDict(json_schema_extra={"example": load_example("completeness")})

    framework: str
    period: str
    as_of: datetime
    under: str | None
    level: Level
    due_on: date | None
    overdue: bool | None
    summary: CompletenessSummary
    items: list[UnitCompleteness]
    next_cursor: str | None


def flat(item: dict[str, Any]) -> dict[str, Any]:
    """An item as a row of a table."""
    return {**item["unit"], **item, "missing": " ".join(item["missing"])}


@router.get(
    "/periods/{code}/completeness",
    response_model=CompletenessList,
    responses={200: example("completeness"), **problems(401, 403, 404, 422)},
)
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
    question = CompletenessQuery(
        get_period(code, "code"), framework or settings.default_framework, level, under, clocks
    )
    about, items = service.completeness(session, caller, question)
    page = Page(request, "completeness", COLUMNS, limit, format)
    place = read_cursor("completeness", cursor, [""])
    after = place[0] if place else ""
    asked = [item for item in items if reported is None or item["reported"] == reported]
    rest = [item for item in asked if item["unit"]["code"] > after][: page.reach]
    if page.flat:
        rest = [flat(item) for item in rest]
    return page.send(rest, lambda item: [item["unit"]["code"]], about)
