"""Layouts: the rows that comparisons and letters print, those that ship and those that an office states."""

from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.answers.examples import load_example
from app.answers.layouts import LayoutDocument, LayoutEntryList, LayoutStated
from app.answers.report_comparison import Figures, RankOrigin, RowPart, RowShow
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import KnownAt, LayoutsWriter, PublicReader, ReadSession, SettingsDep, WriteSession
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.schemas import require_same
from app.api.stated import LegalRef, Line
from app.api.strict_requests import StrictRoute
from app.api.warnings import text_warnings, with_warnings
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code, CriterionCode, FrameworkName, Level
from app.formats.delimited import Column
from app.reports import stated_layouts as service
from app.reports.rules.layouts import LONGEST_NUMBER

router = APIRouter(prefix="/v1/layouts", tags=["reports"], route_class=StrictRoute)

MOST_ROWS, DEEPEST = 300, 5
COLUMNS = [
    Column("code", "Mã"),
    Column("title", "Tên"),
    Column("source", "Nguồn"),
    Column("levels", "Cấp"),
    Column("view", "Cách nhóm"),
    Column("shipped", "Có sẵn"),
    Column("known_at", "Thời điểm"),
]
OfCode = Annotated[Code, Path(description="A layout.", examples=["tuyen_quang_2026"])]
Under = Annotated[
    FrameworkName | None,
    Query(description="The framework that `warnings` hold the layout against; else the default one, in force today."),
]
Number = Annotated[Line, StringConstraints(max_length=LONGEST_NUMBER)]


class LayoutNameBody(BaseModel):
    """What a title or heading says, in Vietnamese and perhaps in English."""

    model_config = ConfigDict(extra="forbid")

    vi: Line
    en: Line | None = None


class LayoutRowBody(BaseModel):
    """A printed row: at most one of `indicator`, `group`, `total`, `rank`; a heading where it has none of them.

    `part` and `show` say what of an indicator, `noun` what its count counts ("25.775 hồ sơ").
    """

    model_config = ConfigDict(extra="forbid")

    number: Number | None = None
    heading: LayoutNameBody
    indicator: Code | None = None
    part: RowPart = "numerator"
    show: RowShow = "both"
    noun: Line | None = None
    group: CriterionCode | None = None
    total: Literal[True] | None = None
    rank: RankOrigin | None = None
    rows: Annotated[list["LayoutRowBody"], BY_PIECES, Field(max_length=MOST_ROWS)] = []


def printable(rows: Sequence[LayoutRowBody]) -> Sequence[LayoutRowBody]:
    """Rows that a letter can hold: so many in all, so deep."""
    layer, count = list(rows), 0
    for _ in range(DEEPEST):
        count += len(layer)
        layer = [below for row in layer for below in row.rows]
    if layer or count > MOST_ROWS:
        raise PydanticCustomError("layout_too_large", "too many rows", {"limit": MOST_ROWS, "depth": DEEPEST})
    return rows


class LayoutBody(BaseModel):
    """The rows of a comparison or letter. `levels`: units of these are printed so where no layout is named.

    `view`: the official grouping that its groups belong to. `unchanged`: how the letter says that nothing moved.
    `figures`: whether the letter prints what stands below the groups in its text, or in an annex with both periods.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("layout")})

    code: Code | None = Field(None, description="As a layout is answered; that of the address.")
    title: LayoutNameBody
    source: LegalRef
    levels: Annotated[list[Level], BY_PIECES, Field(max_length=6)] = []
    view: Code | None = None
    unchanged: Line = "bằng kỳ trước"
    figures: Figures = "text"
    rows: Annotated[list[LayoutRowBody], BY_PIECES, Field(max_length=MOST_ROWS), AfterValidator(printable)]


def current_layout(caller: LayoutsWriter, session: WriteSession, code: OfCode) -> Current:
    return lambda: tag_of(service.get(session, code, None))


LayoutUnchanged = Annotated[None, Depends(guarded(current_layout), scope="function")]


@router.put(
    "/{code}",
    response_model=LayoutStated,
    responses={
        200: {**example("layout"), "description": "It stood before, and prints this now."},
        201: {**example("layout"), "model": LayoutStated, "description": "There was none."},
        **problems(400, 401, 403, 404, 409, 413, 415, 422),
    },
)
def put_layout(
    request: Request,
    caller: LayoutsWriter,
    settings: SettingsDep,
    session: WriteSession,
    unchanged: LayoutUnchanged,
    code: OfCode,
    body: LayoutBody,
    framework: Under = None,
) -> Response:
    """State the rows of a comparison or letter. The codes that ship are not to be had: take another one.

    Warnings say which indicators and groups are not known, which scored criteria no row prints, which fall would have
    no name, and which rest would stand alone.
    """
    require_same(body.code, code)
    document = cast(LayoutDocument, {"code": code, **body.model_dump(exclude_unset=True, exclude={"code"})})
    faults, new = service.state(session, document, framework or settings.default_framework)
    headers = {"ETag": tag_of(document)}
    warnings = [*text_warnings(request, body), *faults]
    return with_warnings(request, document, warnings, 201 if new else 200, headers)


@router.get("/{code}", response_model=LayoutDocument, responses={200: example("layout"), **problems(401, 404, 422)})
@kept
def read_layout(caller: PublicReader, session: ReadSession, code: OfCode, known_at: KnownAt) -> Response:
    """A layout as it was stated, or as it ships; as it stood at `as_of`."""
    result = service.get(session, code, known_at)
    return answer(result, headers={"ETag": tag_of(result)})


@router.delete(
    "/{code}", response_model=LayoutDocument, responses={200: example("layout"), **problems(401, 403, 404, 409, 422)}
)
def delete_layout(caller: LayoutsWriter, session: WriteSession, unchanged: LayoutUnchanged, code: OfCode) -> Response:
    """Take back a layout; evaluations keep it as they froze it."""
    return answer(service.withdraw(session, code))


@router.get("", response_model=LayoutEntryList, responses={200: example("layout_entries"), **problems(401, 422)})
@kept
def read_layouts(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    known_at: KnownAt,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List layouts by code, without their rows."""
    page = Page(request, "layouts", COLUMNS, limit, format)
    after = read_cursor("layouts", cursor, [""])
    rows = service.entries(session, known_at, None if after is None else str(after[0]))
    flat = ({**row, "title": row["title"]["vi"]} for row in rows) if page.flat else rows
    return page.send(islice(flat, page.reach), lambda item: [item["code"]])
