"""Periods: months, quarters, half-years and years, computed from their codes."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from app.answers.periods import DueOut, PeriodList, PeriodOut, PeriodStated
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import Admin, PublicReader, ReadSession, WriteSession
from app.api.examples import example, example_page
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.schemas import require_same
from app.api.strict_requests import StrictRoute
from app.api.warnings import parameter_warnings, text_warnings, with_warnings
from app.domain import period
from app.domain.characters import SEVERAL_LINES
from app.domain.day import Day
from app.domain.input_location import located
from app.domain.period import Period, PeriodCode, PeriodType
from app.errors import Fault
from app.formats.delimited import Column
from app.services import periods as service
from app.store.periods import find_due

router = APIRouter(prefix="/v1", tags=["periods"], route_class=StrictRoute)

COLUMNS = [
    Column("code", "Kỳ"),
    Column("type", "Loại"),
    Column("starts_on", "Từ ngày"),
    Column("ends_on", "Đến ngày"),
    Column("previous", "Kỳ trước"),
    Column("same_last_year", "Cùng kỳ năm trước"),
    Column("locked", "Đã khóa"),
]

PeriodPath = Annotated[PeriodCode, Path(description="A period: 2024-07, 2024-Q3, 2024-H2, 2024.", examples=["2024-07"])]
ReasonText = Annotated[str, StringConstraints(min_length=1, max_length=500), SEVERAL_LINES]


def period_tag(session: Session, code: str) -> str:
    """The ETag of a period: it changes with its lock and its due date."""
    return tag_of([service.read(session, code), find_due(session, code)])


def current_period(session: WriteSession, code: PeriodPath) -> Current:
    return lambda: period_tag(session, get_period(code, "code").code)


PeriodUnchanged = Annotated[None, Depends(guarded(current_period), scope="function")]


def period_answer(session: Session, code: str, result: PeriodOut | DueOut) -> Response:
    """A period as it is answered, with the ETag of the period."""
    return answer(result, headers={"ETag": period_tag(session, code)})


def period_stated(request: Request, session: Session, result: PeriodOut, warnings: Sequence[Fault]) -> Response:
    """The same after a write, with its warnings."""
    return with_warnings(request, result, warnings, headers={"ETag": period_tag(session, result["code"])})


class LockBody(BaseModel):
    """Why a period is closed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "Đã công bố kết quả"}})

    reason: ReasonText


def get_period(code: str, parameter: str = "period") -> Period:
    """The period of a code; the fault names the parameter."""
    with located(parameter=parameter):
        return period.read_period(code)


def period_code(code: str | None, parameter: str = "period") -> str | None:
    """The code, if it is one of a period; the fault names the parameter."""
    return None if code is None else get_period(code, parameter).code


@router.get(
    "/periods",
    response_model=PeriodList,
    responses={200: example_page("period"), **problems(401, 422)},
)
@kept
def read_periods(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    type: PeriodType | None = None,
    from_: Annotated[PeriodCode | None, Query(alias="from", description="Not beginning before this period.")] = None,
    to: Annotated[PeriodCode | None, Query(description="Not ending after this period.")] = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List the periods that hold data."""
    page = Page(request, "periods", COLUMNS, limit, format)
    place = read_cursor("periods", cursor, [""])
    after = place[0] if place else None
    first, final = period_code(from_, "from"), period_code(to, "to")
    items = service.list_periods(session, type=type, first=first, final=final, after=after, limit=page.reach)
    return page.send(items, lambda item: [item["code"]])


@router.get("/periods/{code}", response_model=PeriodOut, responses={200: example("period"), **problems(401, 422)})
@kept
def read_period(caller: PublicReader, session: ReadSession, code: PeriodPath) -> Response:
    """A period by its code, whether it holds data or not."""
    known = get_period(code, "code").code
    return period_answer(session, known, service.read(session, known))


@router.put(
    "/periods/{code}/lock",
    response_model=PeriodStated,
    responses={200: example("period", locked=True), **problems(400, 401, 403, 413, 415, 422, 503)},
)
def lock_period(
    request: Request,
    caller: Admin,
    session: WriteSession,
    unchanged: PeriodUnchanged,
    code: PeriodPath,
    body: LockBody | None = None,
) -> Response:
    """Close a period: its figures can no longer be changed."""
    known = get_period(code, "code").code
    locked = service.lock(session, caller, known, body.reason if body else None)
    return period_stated(request, session, locked, text_warnings(request, body))


@router.delete(
    "/periods/{code}/lock",
    response_model=PeriodStated,
    responses={200: example("period"), **problems(401, 403, 422, 503)},
)
def unlock_period(
    request: Request,
    caller: Admin,
    session: WriteSession,
    unchanged: PeriodUnchanged,
    code: PeriodPath,
    reason: ReasonText | None = None,
) -> Response:
    """Open a period again; the reason stands in the trace."""
    known = get_period(code, "code").code
    unlocked = service.unlock(session, known, reason)
    return period_stated(request, session, unlocked, parameter_warnings(request, "reason", reason))


class DueBody(BaseModel):
    """By when the figures of a period are to be in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"due_on": "2024-08-15"}})

    period: PeriodCode | None = Field(None, description="As a due date is answered; that of the address.")
    due_on: Day


@router.put(
    "/periods/{code}/due",
    response_model=DueOut,
    responses={
        200: example("period_due"),
        **problems(400, 401, 403, 413, 415, 422, 503),
    },
)
def put_period_due(
    caller: Admin, session: WriteSession, unchanged: PeriodUnchanged, code: PeriodPath, body: DueBody
) -> Response:
    """Set the day by which a period's figures are to be in."""
    known = get_period(code, "code").code
    require_same(body.period, known)
    return period_answer(session, known, service.state_due(session, known, body.due_on))
