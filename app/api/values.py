"""Values: one number of a unit and a period from a source."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.deps import ClocksDep, Cursor, ReadSession, ValuesReader, read_cursor
from app.api.examples import VALUE, example
from app.api.periods import period_code
from app.api.problems import problems
from app.api.shapes import Number
from app.api.strict import StrictRoute
from app.domain.frameworks.rules import Code, Level
from app.domain.instant import to_instant
from app.domain.unit import UnitCode
from app.formats.answers import Column
from app.services import values as service
from app.store.values import Wanted

router = APIRouter(prefix="/v1", tags=["values"], route_class=StrictRoute)

COLUMNS = [
    Column("unit", "Đơn vị"),
    Column("period", "Kỳ"),
    Column("indicator", "Chỉ số"),
    Column("numerator", "Tử số"),
    Column("denominator", "Mẫu số"),
    Column("value", "Giá trị"),
    Column("source", "Nguồn"),
    Column("observed_at", "Thời điểm tra cứu"),
    Column("note", "Ghi chú"),
    Column("known_at", "Thời điểm ghi nhận"),
    Column("import_id", "Lần nhập"),
]
HISTORY_COLUMNS = [
    *COLUMNS,
    Column("actor", "Khóa"),
    Column("retracted", "Đã rút"),
    Column("undone_at", "Hoàn tác lúc"),
]


class ValueOut(BaseModel):
    """A figure; for a ratio `value` is the percentage, as stated or derived from the counts.

    `observed_at` is when the source was looked up, `known_at` when this service learned it. In a history
    `retracted` marks a revision that took the figure back and `undone_at` one whose import was undone.
    """

    model_config = ConfigDict(json_schema_extra={"example": VALUE})

    unit: str
    period: str
    indicator: str
    numerator: Number | None
    denominator: Number | None
    value: Number | None
    source: str
    observed_at: datetime
    note: str | None
    known_at: datetime
    import_id: int


class RevisionOut(ValueOut):
    """One revision of a figure's history, with the key that brought it; `note` says why, where that was said."""

    actor: str
    retracted: bool
    undone_at: datetime | None


class ValueList(BaseModel):
    items: list[RevisionOut | ValueOut]
    next_cursor: str | None


@router.get(
    "/values",
    response_model=ValueList,
    responses={200: example({"items": [VALUE], "next_cursor": None}), **problems(401, 403, 404, 422)},
)
def read_values(
    request: Request,
    caller: ValuesReader,
    session: ReadSession,
    clocks: ClocksDep,
    unit: UnitCode | None = None,
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    level: Level | None = None,
    period: str | None = None,
    from_: Annotated[str | None, Query(alias="from", description="Periods that do not begin before this one.")] = None,
    to: Annotated[str | None, Query(description="Periods that do not end after this one.")] = None,
    indicator: Code | None = None,
    source: Code | None = None,
    history: Annotated[bool, Query(description="Every revision instead of the one that stands.")] = False,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List values by period, unit, indicator and source: those that stand, or every revision."""
    wanted = Wanted(
        unit=unit,
        under=under,
        level=level,
        period=period_code(period),
        first=period_code(from_, "from"),
        final=period_code(to, "to"),
        indicator=indicator,
        source=source,
    )
    name = "revisions" if history else "values"
    page = Page(request, name, HISTORY_COLUMNS if history else COLUMNS, limit, format)
    read = service.list_revisions if history else service.list_values
    after = read_cursor(name, cursor, ["", "", "", "", 0, 0] if history else ["", "", "", ""])
    items = read(session, caller, wanted, clocks, after=after, limit=page.reach)
    return page.send(items, revision_place if history else service.place)


def revision_place(item: Any) -> list[Any]:
    """The sort key of an answered revision: newest observation first within a figure."""
    return [*service.place(item), -to_instant(item["observed_at"]), -to_instant(item["known_at"])]
