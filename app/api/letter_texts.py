"""Letter texts: what one letter of an office says of one period."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.answers.examples import load_example
from app.answers.letter_texts import LetterOrder, LetterText, LetterTextList, LetterTextOut, LetterTextStated
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import EvaluationsWriter, KnownAt, ReadSession, RecordsReader, WriteSession
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.letter_profiles import MOST_LINES, MOST_ORDERS, Filled, FilledProse, Lines, OfUnit, SignatureBody
from app.api.periods import PeriodPath, get_period
from app.api.problems import problems
from app.api.schemas import Moment, require_same
from app.api.strict_requests import StrictRoute
from app.api.warnings import text_warnings, with_warnings
from app.domain.day import Day
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code
from app.formats.delimited import Column
from app.services import letter_texts as service
from app.store.letter_texts import Key

router = APIRouter(prefix="/v1/letters", tags=["reports"], route_class=StrictRoute)

DEEPEST = 4
COLUMNS = [
    Column("unit", "Mã đơn vị"),
    Column("period", "Kỳ"),
    Column("kind", "Loại văn bản"),
    Column("subject", "Trích yếu"),
    Column("addressees", "Kính gửi"),
    Column("basis", "Căn cứ"),
    Column("opening", "Mở đầu"),
    Column("orders listed", "Yêu cầu"),
    Column("closing", "Kết thúc"),
    Column("signature authority", "Quyền hạn người ký"),
    Column("signature office", "Chức vụ người ký"),
    Column("signature name", "Người ký"),
    Column("recipients", "Nơi nhận"),
    Column("looked_up", "Tra cứu lúc"),
    Column("due listed", "Thời hạn"),
]
OfKind = Annotated[
    Code,
    Path(
        description="Which letter: `announcement`, `direction`, `ranking`, `commune`, or a code of the office's own.",
        examples=["announcement"],
    ),
]
OfPeriod = Annotated[PeriodCode | None, Query(description="Only texts about this period.")]


class OrderBody(BaseModel):
    """What is ordered, and what it is made of."""

    model_config = ConfigDict(extra="forbid")

    text: FilledProse
    items: Annotated[list["OrderBody"], BY_PIECES, Field(max_length=MOST_ORDERS)] = []


class LetterDueBody(BaseModel):
    """Something that is to be done, and its last day: "trước ngày 16/9/2024" is 2024-09-15."""

    model_config = ConfigDict(extra="forbid")

    what: Filled
    on: Day


def printable(orders: Sequence[OrderBody]) -> Sequence[OrderBody]:
    """Orders no deeper than letters number them."""
    layer = list(orders)
    for _ in range(DEEPEST):
        layer = [below for order in layer for below in order.items]
    if layer:
        raise PydanticCustomError("orders_too_deep", "orders are at most four deep", {"limit": DEEPEST})
    return orders


class LetterTextBody(BaseModel):
    """What one letter of a unit says of a period; what is left out comes from the profile of the unit.

    It replaces what was stated before as a whole. `{period}` and `{against}` stand for the period and the one compared
    with, in words. `orders` are at most four deep, printed 1, 1.1, a) and –; those of the profile are then left out, as
    are its addressees, basis and recipients where they are stated here. `signature`: authority and office are taken
    together, with the name. `looked_up`: when the sources were looked up.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("letter_text_request")})

    unit: UnitCode | None = Field(None, description="As a text is answered; that of the address.")
    period: PeriodCode | None = Field(None, description="As a text is answered; that of the address.")
    kind: Code | None = Field(None, description="As a text is answered; that of the address.")
    subject: Filled | None = None
    addressees: Lines = []
    basis: Annotated[list[FilledProse], BY_PIECES, Field(max_length=MOST_LINES)] = []
    opening: FilledProse | None = None
    orders: Annotated[list[OrderBody], BY_PIECES, Field(max_length=MOST_ORDERS), AfterValidator(printable)] = []
    closing: FilledProse | None = None
    signature: SignatureBody = SignatureBody()
    recipients: Lines = []
    looked_up: Moment | None = None
    due_dates: Annotated[list[LetterDueBody], BY_PIECES, Field(max_length=MOST_LINES)] = []


def key_of(unit: OfUnit, period: PeriodPath, kind: OfKind) -> Key:
    """Whose letter, about what, and which: from the address."""
    return unit, get_period(period).code, kind


KeyDep = Annotated[Key, Depends(key_of)]


def current_text(caller: EvaluationsWriter, session: WriteSession, key: KeyDep) -> Current:
    return lambda: tag_of(service.get(session, caller, key, None))


TextUnchanged = Annotated[None, Depends(guarded(current_text), scope="function")]


@router.put(
    "/{unit}/{period}/{kind}",
    response_model=LetterTextStated,
    responses={
        200: {**example("letter_text"), "description": "It stood before, and says this now."},
        201: {**example("letter_text"), "model": LetterTextStated, "description": "There was none."},
        **problems(400, 401, 403, 404, 413, 415, 422),
    },
)
def put_letter_text(
    request: Request,
    caller: EvaluationsWriter,
    session: WriteSession,
    unchanged: TextUnchanged,
    key: KeyDep,
    body: LetterTextBody,
) -> Response:
    """State what one letter of a unit says of a period."""
    for stated, addressed in zip((body.unit, body.period, body.kind), key, strict=True):
        require_same(stated, addressed)
    text = cast(LetterText, body.model_dump(mode="json", exclude={"unit", "period", "kind"}))
    result, new = service.upsert_letter_text(session, caller, key, text)
    headers = {"ETag": tag_of(result)}
    return with_warnings(request, result, text_warnings(request, body), 201 if new else 200, headers)


@router.get(
    "/{unit}/{period}/{kind}",
    response_model=LetterTextOut,
    responses={200: example("letter_text"), **problems(401, 403, 404, 422)},
)
@kept
def read_letter_text(caller: RecordsReader, session: ReadSession, key: KeyDep, known_at: KnownAt) -> Response:
    """What one letter of a unit says of a period, or said at `as_of`."""
    result = service.get(session, caller, key, known_at)
    return answer(result, headers={"ETag": tag_of(result)})


@router.delete(
    "/{unit}/{period}/{kind}",
    response_model=LetterTextOut,
    responses={200: example("letter_text"), **problems(401, 403, 404, 422)},
)
def delete_letter_text(
    caller: EvaluationsWriter, session: WriteSession, unchanged: TextUnchanged, key: KeyDep
) -> Response:
    """Take back what one letter says of a period; what it said is answered, and still read by `as_of`."""
    return answer(service.withdraw_letter_text(session, caller, key))


@router.get("", response_model=LetterTextList, responses={200: example("letter_texts"), **problems(401, 403, 422)})
@kept
def read_letter_texts(
    request: Request,
    caller: RecordsReader,
    session: ReadSession,
    known_at: KnownAt,
    period: OfPeriod = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List the texts of letters by unit, period and kind; a subtree key sees those of its units."""
    page = Page(request, "letters", COLUMNS, limit, format)
    after = read_cursor("letters", cursor, ["", "", ""])
    about = None if period is None else get_period(period)
    rows = service.list_letter_texts(session, caller, known_at, about, after=after, limit=page.reach)
    return page.send(flat(rows) if page.flat else rows, lambda item: [item["unit"], item["period"], item["kind"]])


def flat(rows: Iterable[LetterTextOut]) -> Iterator[dict[str, object]]:
    """Texts as rows of a table: who signs in columns of their own, orders and due dates as lists."""
    for row in rows:
        signed = {f"signature {part}": name for part, name in row["signature"].items()}
        due = [f"{each['what']}: {each['on']}" for each in row["due_dates"]]
        yield {**row, **signed, "orders listed": list(texts_of(row["orders"])), "due listed": due}


def texts_of(orders: Iterable[LetterOrder]) -> Iterator[str]:
    """Orders and what they are made of, in the order of print."""
    for order in orders:
        yield order["text"]
        yield from texts_of(order["items"])
