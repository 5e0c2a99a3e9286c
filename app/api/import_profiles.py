"""Import profiles: how the files of an office are laid out, so that they are read as they are."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.answers.examples import load_example
from app.answers.import_profile_suggestions import ImportProfileSuggestion
from app.answers.import_profiles import ImportProfileList, ImportProfileOut, ImportProfileStated
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import ImportReader, KnownAt, ReadSession, SettingsDep, ValuesWriter, WriteSession
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.import_schemas import TABLE_FILE
from app.api.kept_routes import kept
from app.api.negotiation import preferred_language
from app.api.problems import problems
from app.api.schemas import require_same
from app.api.stated import Line
from app.api.strict_requests import BulkRoute, StrictRoute
from app.api.uploads import UploadsDep
from app.api.warnings import text_warnings, with_warnings
from app.domain.figure_parser import Locale
from app.domain.intake.profiles import ColumnField, ImportProfile, ProfileName, Scale, Unlisted
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code
from app.formats.delimited import Column
from app.services import import_profiles as service
from app.services.profile_suggestions import SuggestionQuery, suggest_profile

bulk_router = APIRouter(prefix="/v1/import-profiles", tags=["imports"], route_class=BulkRoute)
router = APIRouter(prefix="/v1/import-profiles", tags=["imports"], route_class=StrictRoute)

MOST_COLUMNS, MOST_WORDS = 500, 5_000
COLUMNS = [Column("name", "Mã"), Column("title", "Tên"), Column("unit", "Đơn vị")]
OfName = Annotated[ProfileName, Path(description="An import profile.", examples=["bao_cao_thang"])]


class ProfileColumnBody(BaseModel):
    """What a column holds, found by its heading in any case, without any accent or with the right ones.

    `value`, `numerator` and `denominator` are a figure of `indicator` and `period` (months in columns) where these are
    named; `ignored` is left out. `scale` is how figures are printed: rates as `percent` (92,4) or `fraction` (0,924),
    others as `one`, `thousand`, `million` or `billion`; a percent sign in a cell counts more.
    """

    model_config = ConfigDict(extra="forbid")

    heading: Line
    field: ColumnField = "value"
    indicator: Code | None = None
    period: PeriodCode | None = None
    scale: Scale = "one"


class UnitWordBody(BaseModel):
    """How files name a unit, and its code; without one the row is left out, as that of a total."""

    model_config = ConfigDict(extra="forbid")

    text: Line
    unit: UnitCode | None = None


class IndicatorWordBody(BaseModel):
    """How files name an indicator, and its code."""

    model_config = ConfigDict(extra="forbid")

    text: Line
    indicator: Code


class ProfileSheetBody(BaseModel):
    """Of which period or unit the sheet of this name is; of those that are named each that a workbook has is read."""

    model_config = ConfigDict(extra="forbid")

    sheet: Line
    period: PeriodCode | None = None
    unit: UnitCode | None = None


class ImportProfileBody(BaseModel):
    """How files are laid out: the rows above the headings, the headings, and the words for units and indicators.

    Of several heading rows a column is named by all its words from above, divided by spaces. `unlisted`: what is done
    about headings and sheets that the profile does not name. `indicator`, `period`, `source` and `locale` hold where
    neither the file nor the request says otherwise.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("import_profile_request")})

    name: ProfileName | None = Field(None, description="As a profile is answered; that of the address.")
    unit: UnitCode | None = Field(
        None, description="The unit whose keys may change it; that of the key that states it first."
    )
    title: Line | None = None
    skip_rows: Annotated[int, Field(ge=0, le=100)] = 0
    heading_rows: Annotated[int, Field(ge=1, le=5)] = 1
    columns: Annotated[list[ProfileColumnBody], BY_PIECES, Field(min_length=1, max_length=MOST_COLUMNS)]
    unlisted: Unlisted = "refuse"
    units: Annotated[list[UnitWordBody], BY_PIECES, Field(max_length=MOST_WORDS)] = []
    indicators: Annotated[list[IndicatorWordBody], BY_PIECES, Field(max_length=MOST_WORDS)] = []
    sheets: Annotated[list[ProfileSheetBody], BY_PIECES, Field(max_length=MOST_COLUMNS)] = []
    indicator: Code | None = None
    period: PeriodCode | None = None
    source: Code | None = None
    locale: Locale = "auto"


def current_profile(caller: ValuesWriter, session: WriteSession, name: OfName) -> Current:
    return lambda: tag_of(service.get_profile(session, name))


ProfileUnchanged = Annotated[None, Depends(guarded(current_profile), scope="function")]


@router.put(
    "/{name}",
    response_model=ImportProfileStated,
    responses={
        200: {**example("import_profile"), "description": "It stood before, and says this now."},
        201: {**example("import_profile"), "model": ImportProfileStated, "description": "There was none."},
        **problems(400, 401, 403, 413, 415, 422),
    },
)
def put_import_profile(
    request: Request,
    caller: ValuesWriter,
    session: WriteSession,
    settings: SettingsDep,
    unchanged: ProfileUnchanged,
    name: OfName,
    body: ImportProfileBody,
) -> Response:
    """State how files are laid out; `POST /v1/imports?profile=` reads them so.

    A profile is of a unit, that of the key that states it first; keys that may write there change it.
    """
    require_same(body.name, name)
    document = cast(ImportProfile, body.model_dump(exclude={"name", "unit"}))
    result, new = service.upsert_profile(session, caller, name, document, body.unit, settings.sources)
    return with_warnings(request, result, text_warnings(request, body), 201 if new else 200, {"ETag": tag_of(result)})


@router.get(
    "/{name}",
    response_model=ImportProfileOut,
    responses={200: example("import_profile"), **problems(401, 403, 404, 422)},
)
@kept
def read_import_profile(caller: ImportReader, session: ReadSession, name: OfName, known_at: KnownAt) -> Response:
    """How files are laid out, as it was stated, or stood at `as_of`."""
    result = service.get_profile(session, name, known_at)
    return answer(result, headers={"ETag": tag_of(result)})


@router.delete(
    "/{name}",
    response_model=ImportProfileOut,
    responses={200: example("import_profile"), **problems(401, 403, 404, 422)},
)
def delete_import_profile(
    caller: ValuesWriter, session: WriteSession, unchanged: ProfileUnchanged, name: OfName
) -> Response:
    """Take back a profile; imports that were read by it name it still."""
    return answer(service.withdraw_profile(session, caller, name))


@router.get(
    "", response_model=ImportProfileList, responses={200: example("import_profiles"), **problems(401, 403, 422)}
)
@kept
def read_import_profiles(
    request: Request,
    caller: ImportReader,
    session: ReadSession,
    known_at: KnownAt,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List import profiles by name, without what they say."""
    page = Page(request, "import-profiles", COLUMNS, limit, format)
    after = read_cursor("import-profiles", cursor, [""])
    rows = service.list_profiles(session, known_at, after=after, limit=page.reach)
    return page.send(rows, lambda item: [item["name"]])


@bulk_router.post(
    "/suggest",
    response_model=ImportProfileSuggestion,
    responses={200: example("import_profile_suggestion"), **problems(400, 401, 403, 404, 413, 415, 422)},
    openapi_extra=TABLE_FILE,
)
def suggest_import_profile(
    request: Request,
    caller: ImportReader,
    heavy: HeavyWork,
    session: ReadSession,
    uploads: UploadsDep,
    under: Annotated[UnitCode | None, Query(description="Names are those of units below this one.")] = None,
    period: Annotated[PeriodCode | None, Query(description="Of its year are months without one.")] = None,
    indicator: Annotated[Code | None, Query(description="Of columns that name a month alone.")] = None,
    locale: Annotated[Locale, Query(description="How figures in text are written.")] = "auto",
) -> Response:
    """Propose a profile from a file: what each heading was taken for, how surely and why, and what was not understood.

    Nothing is stored: who knows the file confirms `profile` by stating it.
    """
    language = preferred_language(request.scope["headers"])
    asked = SuggestionQuery(under, period, indicator, locale)
    result = suggest_profile(session, caller, uploads.only(), asked, language)
    return answer(result, language=language)
