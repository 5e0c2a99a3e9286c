"""Letter texts: what one letter of an office says of one period; what it leaves out comes from the unit's profile."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.answers.letter_texts import LetterText, LetterTextOut
from app.domain.period import Period
from app.errors import AppError, NotFound, RefusalCode
from app.services import rights
from app.services.rights import Caller
from app.services.stated import replace_stated
from app.store.letter_texts import LETTER_TEXT, LETTER_TEXTS, Key, StatedLetterText, find_letter_text
from app.store.stated import StandingRecord, list_standing, load_standing
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row

UNKNOWN = RefusalCode(
    "letter_text_unknown",
    "Nobody has stated a text of the letter `{kind}` of {unit} about {period}; what its profile says is printed.",
    "Đơn vị {unit} chưa khai báo nội dung văn bản `{kind}` của kỳ {period}; văn bản lập theo mẫu chung của đơn vị.",
    NotFound,
)


def upsert_letter_text(session: Session, caller: Caller, key: Key, text: LetterText) -> tuple[LetterTextOut, bool]:
    """The text as it stands now, and whether it is a new one.

    Raises NotFound for a unit that nobody knows, Forbidden `unit_forbidden` outside the caller's subtree.
    """
    before = _standing_for(session, caller, key)
    stated = StatedLetterText(*key, text)
    replace_stated(session, LETTER_TEXTS, before, {key: stated}, _in_trace)
    return described(stated), not before


def withdraw_letter_text(session: Session, caller: Caller, key: Key) -> LetterTextOut:
    """The text that stood and stands no more. Raises as `upsert_letter_text` does, and NotFound where none stood."""
    before = _standing_for(session, caller, key)
    if key not in before:
        raise _unknown(key)
    replace_stated(session, LETTER_TEXTS, before, {key: None}, _in_trace)
    return described(before[key].record)


def _standing_for(
    session: Session, caller: Caller, key: Key
) -> dict[tuple[object, ...], StandingRecord[StatedLetterText]]:
    """What stands under a key that the caller may write, if anything does."""
    get_unit_row(session, key[0])
    rights.require_writable(session, caller, key[0])
    return load_standing(session, LETTER_TEXTS, [key])


def _in_trace(stated: StatedLetterText) -> LetterText:
    return stated.text


def _unknown(key: Key) -> AppError:
    unit, period, kind = key
    return UNKNOWN.error(unit=unit, period=period, kind=kind)


def get(session: Session, caller: Caller, key: Key, as_of: int | None) -> LetterTextOut:
    """What stood then. Raises NotFound where nothing did, or the caller may not see the unit."""
    rights.require_readable(session, caller, key[0])
    get_unit_row(session, key[0], UnitMoment(as_of))
    found = find_letter_text(session, key, as_of)
    if found is None:
        raise _unknown(key)
    return described(StatedLetterText(*key, found))


def list_letter_texts(
    session: Session,
    caller: Caller,
    as_of: int | None,
    period: Period | None,
    *,
    after: Sequence[str] | None,
    limit: int | None,
) -> Iterator[LetterTextOut]:
    """At most `limit` (None: all) texts behind the key `after`, of one period or all, kept to the caller's subtree."""
    within = rights.subtree_of(session, caller)
    where = [] if within is None else [within.holds(LETTER_TEXT.unit)]
    where += [] if period is None else [LETTER_TEXT.period == period.code]
    found = list_standing(session, LETTER_TEXTS, as_of, *where, after=after, limit=limit)
    return (described(each.record) for each in found)


def described(stated: StatedLetterText) -> LetterTextOut:
    """A text as it is answered."""
    return {"unit": stated.unit, "period": stated.period, "kind": stated.kind, **stated.text}
