"""Letter profiles: what the letters of an office always say."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.answers.examples import load_example
from app.answers.letter_profiles import LetterProfile, LetterProfileList, LetterProfileOut, LetterProfileStated
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import EvaluationsWriter, KnownAt, ReadSession, RecordsReader, WriteSession
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.schemas import require_same
from app.api.stated import Line, Prose
from app.api.strict_requests import StrictRoute
from app.api.warnings import text_warnings, with_warnings
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.formats.delimited import Column
from app.services import letter_profiles as service

router = APIRouter(prefix="/v1/letter-profiles", tags=["reports"], route_class=StrictRoute)

MOST_LINES, MOST_ORDERS = 50, 100
COLUMNS = [
    Column("unit", "Mã đơn vị"),
    Column("superior", "Cơ quan chủ quản"),
    Column("issuer", "Cơ quan ban hành"),
    Column("symbol", "Ký hiệu"),
    Column("place", "Địa danh"),
    Column("subject", "Trích yếu"),
    Column("addressees", "Kính gửi"),
    Column("basis", "Căn cứ"),
    Column("opening", "Mở đầu"),
    Column("closing", "Kết thúc"),
    Column("orders", "Yêu cầu"),
    Column("signature authority", "Quyền hạn người ký"),
    Column("signature office", "Chức vụ người ký"),
    Column("signature name", "Người ký"),
    Column("recipients", "Nơi nhận"),
]
OfUnit = Annotated[UnitCode, Path(description="The unit that issues the letters.", examples=["H60"])]
PLACES = frozenset({"{period}", "{against}"})
PLACE = re.compile(r"\{[^{}\n]*\}")


def known_places(text: str) -> str:
    """A text whose places can all be filled: `{perod}` would be printed as it stands."""
    if not PLACES.issuperset(PLACE.findall(text)):
        raise PydanticCustomError("place_unknown", "known places are `period` and `against`")
    return text


Filled = Annotated[Line, AfterValidator(known_places)]
FilledProse = Annotated[Prose, AfterValidator(known_places)]
Lines = Annotated[list[Filled], BY_PIECES, Field(max_length=MOST_LINES)]


class SignatureBody(BaseModel):
    """Who signs: `authority` such as “TL. CHỦ TỊCH”, `office` such as “CHÁNH VĂN PHÒNG”, and the name."""

    model_config = ConfigDict(extra="forbid")

    authority: Line | None = None
    office: Line | None = None
    name: Line | None = None


class LetterProfileBody(BaseModel):
    """What the letters of a unit always say; what is left out is made from the unit's name and the framework.

    It replaces what was stated before as a whole; `{}` takes it back. `{period}` and `{against}` stand for the period
    and the one compared with, in words; no other place is known. `symbol` is what follows the number, `basis` what
    follows the framework's own legal basis, `orders` the last numbered section.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("letter_profile_request")})

    unit: UnitCode | None = Field(None, description="As a profile is answered; that of the address.")
    superior: Filled | None = None
    issuer: Filled | None = None
    symbol: Annotated[Filled, Field(max_length=60)] | None = None
    place: Annotated[Filled, Field(max_length=100)] | None = None
    subject: Filled | None = None
    addressees: Lines = []
    basis: Annotated[list[FilledProse], BY_PIECES, Field(max_length=MOST_LINES)] = []
    opening: FilledProse | None = None
    closing: FilledProse | None = None
    orders: Annotated[list[FilledProse], BY_PIECES, Field(max_length=MOST_ORDERS)] = []
    signature: SignatureBody = SignatureBody()
    recipients: Lines = []


def current_profile(caller: EvaluationsWriter, session: WriteSession, unit: OfUnit) -> Current:
    return lambda: tag_of(service.get(session, caller, unit, None))


ProfileUnchanged = Annotated[None, Depends(guarded(current_profile), scope="function")]


@router.put(
    "/{unit}",
    response_model=LetterProfileStated,
    responses={
        200: {**example("letter_profile"), "description": "It stood before, and says this now."},
        201: {**example("letter_profile"), "model": LetterProfileStated, "description": "There was none."},
        **problems(400, 401, 403, 404, 413, 415, 422),
    },
)
def put_letter_profile(
    request: Request,
    caller: EvaluationsWriter,
    session: WriteSession,
    unchanged: ProfileUnchanged,
    unit: OfUnit,
    body: LetterProfileBody,
) -> Response:
    """State what the letters of a unit always say."""
    require_same(body.unit, unit)
    result, new = service.upsert_profile(session, caller, unit, cast(LetterProfile, body.model_dump(exclude={"unit"})))
    headers = (
        {} if result == service.described(unit, service.EMPTY) else {"ETag": tag_of(result)}
    )  # nothing is left to have one
    return with_warnings(request, result, text_warnings(request, body), 201 if new else 200, headers)


@router.get(
    "/{unit}",
    response_model=LetterProfileOut,
    responses={200: example("letter_profile"), **problems(401, 403, 404, 422)},
)
@kept
def read_letter_profile(caller: RecordsReader, session: ReadSession, unit: OfUnit, known_at: KnownAt) -> Response:
    """What the letters of a unit always say, or said at `as_of`."""
    result = service.get(session, caller, unit, known_at)
    return answer(result, headers={"ETag": tag_of(result)})


@router.get(
    "", response_model=LetterProfileList, responses={200: example("letter_profiles"), **problems(401, 403, 422)}
)
@kept
def read_letter_profiles(
    request: Request,
    caller: RecordsReader,
    session: ReadSession,
    known_at: KnownAt,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List letter profiles by unit; a subtree key sees those of its units."""
    page = Page(request, "letter-profiles", COLUMNS, limit, format)
    after = read_cursor("letter-profiles", cursor, [""])
    rows = service.list_profiles(session, caller, known_at, after=after, limit=page.reach)
    return page.send(flat(rows) if page.flat else rows, lambda item: [item["unit"]])


def flat(rows: Iterable[LetterProfileOut]) -> Iterator[dict[str, object]]:
    """Profiles as rows of a table: who signs in columns of their own."""
    for row in rows:
        yield {**row, **{f"signature {part}": name for part, name in row["signature"].items()}}
