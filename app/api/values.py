"""Values: one number of a unit and a period from a source."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.answers.values import ValueList, ValueOut
from app.api.answers import DatasetFormatParameter, LimitParameter, Page, Rows
from app.api.cursors import Cursor, read_cursor
from app.api.deps import ClocksDep, ReadSession, SettingsDep, UpdatedAfter, ValuesReader, instant_after
from app.api.examples import example_page
from app.api.heavy_tables import HeavyTable
from app.api.kept_routes import kept
from app.api.periods import period_code
from app.api.problems import problems
from app.api.score_datasets import MISSING
from app.api.strict_requests import StrictRoute
from app.domain.booleans import QueryFlag
from app.domain.instant import to_instant
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.vietnamese_labels import period_words
from app.domain.vocabulary import Code, Level
from app.errors import AppError, Fault, Invalid, RefusalCode
from app.formats.delimited import Column
from app.formats.jsonstat import Cube, Dimension, Place
from app.services import values as service
from app.store.values import ValueFilter

router = APIRouter(prefix="/v1", tags=["values"], route_class=StrictRoute)

COLUMNS = [
    Column("unit", "Đơn vị"),
    Column("period", "Kỳ"),
    Column("indicator", "Chỉ số"),
    Column("numerator", "Tử số", mixed=True, sent_back=True),
    Column("denominator", "Mẫu số", mixed=True, sent_back=True),
    Column("value", "Giá trị", mixed=True, sent_back=True),
    Column("source", "Nguồn"),
    Column("observed_at", "Thời điểm tra cứu", sent_back=True),
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
MEASURES = {"numerator": "Tử số", "denominator": "Mẫu số", "value": "Giá trị"}
RATES = "Giá trị của tỷ lệ là số phần trăm: như nguồn ghi, hoặc tính từ tử số và mẫu số."
NO_HISTORY = RefusalCode(
    "history_not_a_dataset",
    "A history has several revisions in one cell; JSON-stat holds one: leave out `history`, or ask for json or csv.",
    "Lịch sử có nhiều bản ghi cho một ô, còn JSON-stat chỉ chứa một; hãy bỏ `history` hoặc lấy json, csv.",
    Invalid,
)


@router.get(
    "/values",
    response_model=ValueList,
    responses={200: example_page("value"), **problems(401, 403, 404, 422)},
)
@kept
def read_values(
    request: Request,
    caller: ValuesReader,
    heavy: HeavyTable,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    unit: UnitCode | None = None,
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    level: Level | None = None,
    period: PeriodCode | None = None,
    from_: Annotated[
        PeriodCode | None, Query(alias="from", description="Periods that do not begin before this one.")
    ] = None,
    to: Annotated[PeriodCode | None, Query(description="Periods that do not end after this one.")] = None,
    indicator: Code | None = None,
    source: Code | None = None,
    updated_after: UpdatedAfter = None,
    history: Annotated[QueryFlag, Query(description="Every revision instead of the one that stands.")] = False,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: DatasetFormatParameter = None,
) -> Response:
    """List values by period, unit, indicator and source: those that stand, or every revision."""
    where = ValueFilter(
        unit=unit,
        under=under,
        level=level,
        period=period_code(period),
        first=period_code(from_, "from"),
        final=period_code(to, "to"),
        indicator=indicator,
        source=source,
        updated_after=instant_after(updated_after),
    )
    name = "revisions" if history else "values"
    page = Page(request, name, HISTORY_COLUMNS if history else COLUMNS, limit, format, datasets=True)
    if history and page.format == "json-stat":
        raise history_refused()
    read = service.list_revisions if history else service.list_values
    after = read_cursor(name, cursor, ["", "", "", "", 0, 0] if history else ["", "", "", ""])
    items = read(session, caller, where, clocks, after=after, limit=page.reach, sources=settings.sources)
    return page.send(
        items,
        revision_place if history else service.place,
        cube=lambda sent: values_cube(sent, *service.names_of(session, sent, clocks)),
    )


def history_refused() -> AppError:
    """Several revisions have no place in one cell."""
    return Fault(NO_HISTORY, parameter="format", value="json-stat").error()


def values_cube(items: Rows, units: Mapping[str, str], indicators: Mapping[str, str]) -> Cube:
    """One page of values: unit × period × indicator × source × measure."""
    figures = {(*cell_of(item), measure): item[measure] for item in items for measure in MEASURES}
    return Cube(
        label="Số liệu theo đơn vị, kỳ, chỉ số và nguồn",
        dimensions=[
            Dimension("unit", "Đơn vị", units),
            Dimension("period", "Kỳ", {item["period"]: period_words(item["period"]) for item in items}, "time"),
            Dimension("indicator", "Chỉ số", indicators),
            Dimension("source", "Nguồn", {item["source"]: item["source"] for item in items}),
            Dimension("measure", "Số đo", MEASURES, "metric"),
        ],
        figures=figures,
        flags={},
        source="chiso: " + ", ".join(sorted({item["source"] for item in items})),
        updated=max((item["known_at"] for item in items), default=None),
        notes=[MISSING, RATES],
        extension={"observed_at": latest(items)},
    )


def cell_of(item: Mapping[str, Any]) -> Place:
    return item["unit"], item["period"], item["indicator"], item["source"]


def latest(items: Rows) -> dict[str, datetime]:
    """When each source was looked up last."""
    found: dict[str, datetime] = {}
    for item in items:
        found[item["source"]] = max(found.get(item["source"], item["observed_at"]), item["observed_at"])
    return found


def revision_place(item: ValueOut) -> list[str | int]:
    """The sort key of an answered revision: newest observation first within a figure."""
    return [*service.place(item), -to_instant(item["observed_at"]), -to_instant(item["known_at"])]
