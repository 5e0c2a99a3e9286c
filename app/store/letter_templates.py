"""Letter templates: the Word files of an office, with every earlier belief kept; each file is stored once."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select, true
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, Index, LargeBinary, SQLModel

from app.store.stated import StandingRecord, StatedTable, standing_records
from app.store.tables import INSERTS, CodeText, Mapped, columns


class LetterFile(SQLModel, table=True):
    """A file under the SHA-256 of its bytes, in hex. It never changes, and what rests on it stays readable."""

    __tablename__ = "letter_files"
    sha256: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    content: Mapped[bytes] = Field(sa_type=LargeBinary)


class LetterTemplateRow(SQLModel, table=True):
    """From which file a letter of a unit and those below it is made, as believed between two instants (µs since 1970).

    `size` in bytes.
    """

    __tablename__ = "letter_templates"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    unit: Mapped[str] = Field(sa_type=CodeText)
    kind: Mapped[str] = Field(sa_type=CodeText)
    sha256: Mapped[str] = Field(sa_type=CodeText)
    size: Mapped[int]
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (Index("ix_letter_templates_key", "unit", "kind", "replaced_at", unique=True),)


class StatedTemplate(NamedTuple):
    """From which file a letter of a unit and those below it is made."""

    unit: str
    kind: str
    sha256: str
    size: int


Key = tuple[str, str]
"""Unit and kind."""
FILE, LETTER_TEMPLATE = columns(LetterFile), columns(LetterTemplateRow)
LETTER_TEMPLATES = StatedTable(LetterTemplateRow, StatedTemplate, StatedTemplate._fields, ("unit", "kind"))


def add_file(session: Session, content: bytes) -> str:
    """The SHA-256 under which a file is stored from now on, if it was not already."""
    digest = sha256(content).hexdigest()
    insert = INSERTS[session.get_bind().dialect.name](LetterFile)
    session.execute(insert.on_conflict_do_nothing(), [{"sha256": digest, "content": content}])
    return digest


def get_file(session: Session, digest: str) -> bytes:
    """The file of that SHA-256, which a template names."""
    return bytes(session.execute(select(FILE.content).where(FILE.sha256 == digest)).scalar_one())


def files_damaged(session: Session) -> list[str]:
    """The files that are not what their names say, and those that templates name and nobody has; one at a time."""
    rows = session.execute(select(FILE.sha256, FILE.content), execution_options={"yield_per": 1})
    found = {digest: sha256(content).hexdigest() == digest for digest, content in rows}
    named = session.execute(select(LETTER_TEMPLATE.sha256).distinct()).scalars()
    return sorted({digest for digest, whole in found.items() if not whole}.union(set(named) - found.keys()))


def nearest_templates(
    session: Session, units: Sequence[str], as_of: int | None, kind: str | None = None
) -> dict[str, StandingRecord[StatedTemplate]]:
    """By kind what stood for the first of these units that has stated one; of one kind where it is named."""
    theirs = LETTER_TEMPLATE.unit.in_(units)
    same = true() if kind is None else LETTER_TEMPLATE.kind == kind
    standing = standing_records(session, LETTER_TEMPLATES, as_of, theirs, same)
    found: dict[str, StandingRecord[StatedTemplate]] = {}
    for each in sorted(standing, key=lambda each: units.index(each.record.unit)):
        found.setdefault(each.record.kind, each)
    return found
