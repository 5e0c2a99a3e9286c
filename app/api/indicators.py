"""Indicators: what a figure counts."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.answers.indicators import IndicatorList, IndicatorOut
from app.api.answers import FormatParameter, LimitParameter, Page, Rows, answer
from app.api.cursors import Cursor, read_cursor
from app.api.deps import PublicReader, ReadSession
from app.api.examples import example, example_page
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.domain.vocabulary import Code
from app.formats.delimited import Column
from app.services import indicators as service

router = APIRouter(prefix="/v1", tags=["indicators"], route_class=StrictRoute)

COLUMNS = [
    Column("code", "Mã"),
    Column("name", "Tên"),
    Column("kind", "Loại"),
    Column("direction", "Chiều"),
    Column("unit", "Đơn vị tính"),
    Column("legal_ref", "Căn cứ"),
]


@router.get(
    "/indicators",
    response_model=IndicatorList,
    responses={200: example_page("indicator"), **problems(401, 422)},
)
@kept
def read_indicators(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List the indicators of all frameworks."""
    page = Page(request, "indicators", COLUMNS, limit, format)
    place = read_cursor("indicators", cursor, [""])
    items: Rows = service.list_indicators(session, after=place[0] if place else None, limit=page.reach)
    if page.flat:
        items = [{**item, "name": item["name"]["vi"]} for item in items]
    return page.send(items, lambda item: [item["code"]])


@router.get(
    "/indicators/{code}", response_model=IndicatorOut, responses={200: example("indicator"), **problems(401, 404, 422)}
)
@kept
def read_indicator(
    caller: PublicReader, session: ReadSession, code: Annotated[Code, Path(examples=["paid_dossiers"])]
) -> Response:
    """One indicator."""
    return answer(service.get_indicator(session, code))
