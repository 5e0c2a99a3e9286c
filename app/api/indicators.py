"""Indicators: what a figure counts."""

from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import NameOut
from app.answers.examples import load_example
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.deps import Cursor, PublicReader, ReadSession, read_cursor
from app.api.examples import example, example_page
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.domain.vocabulary import Code
from app.formats.delimited import Column
from app.store import frameworks as store

router = APIRouter(prefix="/v1", tags=["indicators"], route_class=StrictRoute)

COLUMNS = [
    Column("code", "Mã"),
    Column("name", "Tên"),
    Column("kind", "Loại"),
    Column("direction", "Chiều"),
    Column("unit", "Đơn vị tính"),
    Column("legal_ref", "Căn cứ"),
]


class IndicatorOut(BaseModel):
    """An indicator: `ratio` (numerator of denominator, the value a percentage), `count`, `points` or `number`.

    `complement_of` names the indicator it makes 100 % with, `population` the one that counts its denominator.
    """

    model_config = ConfigDict(json_schema_extra={"example": load_example("indicator")})

    code: str
    kind: Literal["ratio", "count", "points", "number"]
    name: NameOut
    direction: Literal["up", "down", "none"]
    complement_of: str | None
    population: str | None
    unit: str | None
    legal_ref: str | None


class IndicatorList(BaseModel):
    items: list[IndicatorOut]
    next_cursor: str | None


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
    rows = store.list_indicators(session, after=place[0] if place else None, limit=page.reach)
    items = [orjson.loads(row.document) for row in rows]
    if page.format in ("csv", "xlsx"):
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
    return answer(orjson.loads(store.get_indicator(session, code).document))
