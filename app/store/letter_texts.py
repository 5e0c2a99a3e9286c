"""Letter texts: what one letter of an office says of one period, with every earlier belief kept."""

from typing import NamedTuple

from sqlalchemy.orm import Session
from sqlmodel import JSON, BigInteger, Field, Index, SQLModel

from app.answers.letter_texts import LetterText
from app.store.stated import StatedTable, all_standing, find_standing
from app.store.tables import CodeText, Mapped, columns


class LetterTextRow(SQLModel, table=True):
    """What one letter of a unit says of a period, as believed between two instants (µs since 1970).

    `text` is JSON data: the fields that were stated, empty ones included. It is only read as a whole.
    """

    __tablename__ = "letter_texts"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    unit: Mapped[str] = Field(sa_type=CodeText)
    period: Mapped[str] = Field(sa_type=CodeText)
    kind: Mapped[str] = Field(sa_type=CodeText)
    text: Mapped[LetterText] = Field(sa_type=JSON)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (Index("ix_letter_texts_key", "unit", "period", "kind", "replaced_at", unique=True),)


class StatedLetterText(NamedTuple):
    """What one letter of a unit says of a period."""

    unit: str
    period: str
    kind: str
    text: LetterText


Key = tuple[str, str, str]
"""Unit, period and kind."""
LETTER_TEXT = columns(LetterTextRow)
LETTER_TEXTS = StatedTable(LetterTextRow, StatedLetterText, StatedLetterText._fields, ("unit", "period", "kind"))


def find_letter_text(session: Session, key: Key, as_of: int | None) -> LetterText | None:
    """What stood then (µs; None: stands now)."""
    unit, period, kind = key
    same = (LETTER_TEXT.unit == unit, LETTER_TEXT.period == period, LETTER_TEXT.kind == kind)
    found = find_standing(session, LETTER_TEXTS, as_of, *same)
    return None if found is None else found.record.text


def letter_texts_of(session: Session, unit: str, period: str, as_of: int | None) -> dict[str, LetterText]:
    """What the letters of a unit said of a period then, by kind."""
    found = all_standing(session, LETTER_TEXTS, as_of, LETTER_TEXT.unit == unit, LETTER_TEXT.period == period)
    return {each.kind: each.text for each in found}
