"""Imports: what arrived when, from whom, and what became of it."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, Row, and_, case, cast, exists, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlmodel import BigInteger, Field, SQLModel

from app.answers.faults import FaultBody
from app.answers.imports import ProfileUsed, Reason
from app.errors import Language, NotFound, RefusalCode
from app.store.db import fetched
from app.store.tables import CodeText, Mapped, columns, table_of
from app.store.unit_tree import Subtree
from app.store.unit_versions import batches

UNKNOWN = RefusalCode("import_unknown", "There is no import {id}.", "Không có lần nhập số liệu {id}.", NotFound)


class ImportRow(SQLModel, table=True):
    """One import: its counts add up to `rows`, always, but `retracted`, of figures that a complete file does not have.

    `unit` is the subtree of the key that made it, if any.

    One that runs in the background has a row from the moment at which it was asked for (`requested_at`); as long as its
    status is `running` there is an `ImportJob` for it. `problem` says in both languages why nothing was stored.
    `known_at` means something where the status is `applied`. `periods` are those of the figures that it added: an
    index of figures by their imports would cost every import more than an undo, which is rare, costs without it.
    """

    __tablename__ = "imports"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    status: Mapped[str]
    rows: Mapped[int]
    created: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    retracted: Mapped[int] = Field(sa_column_kwargs={"server_default": "0"})
    errors: Mapped[list[dict[Language, FaultBody]]] = Field(sa_type=JSON)
    warnings: Mapped[list[dict[Language, FaultBody]]] = Field(sa_type=JSON)
    actor: Mapped[str]
    unit: Mapped[str | None]
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    digest: Mapped[str]
    plan: Mapped[str | None]
    periods: Mapped[list[str]] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    undoes: Mapped[int | None] = Field(default=None)
    undone_by: Mapped[int | None] = Field(default=None)
    requested_at: Mapped[int | None] = Field(default=None, sa_type=BigInteger)
    profile: Mapped[ProfileUsed | None] = Field(default=None, sa_type=JSON(none_as_null=True))
    problem: Mapped[dict[Language, Reason] | None] = Field(default=None, sa_type=JSON(none_as_null=True))


class ImportUnit(SQLModel, table=True):
    """A unit whose figures an import has added, or an undo has taken back."""

    __tablename__ = "import_units"
    import_id: Mapped[int] = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    unit: Mapped[str] = Field(primary_key=True, sa_type=CodeText)


SUBJECT = "import:"
IMPORT, OF_IMPORT = columns(ImportRow), columns(ImportUnit)


def add_import(session: Session, row: ImportRow) -> int:
    """Store an import's record and return its number."""
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def get_import(session: Session, id: int) -> ImportRow:
    row = session.get(ImportRow, id)
    if row is None:
        raise UNKNOWN.error(id=id)
    return row


def add_units(session: Session, id: int, units: Collection[str]) -> None:
    """Note the units whose figures an import has written."""
    if units:
        session.execute(insert(table_of(ImportUnit)), [{"import_id": id, "unit": unit} for unit in sorted(units)])


def units_of(session: Session, id: int) -> set[str]:
    """The units whose figures an import has written."""
    return set(session.execute(select(OF_IMPORT.unit).where(OF_IMPORT.import_id == id)).scalars())


def concerns_only(within: Subtree) -> ColumnElement[bool]:
    """Condition: an import was made by a key of the subtree, or has written figures of its units and of no others.

    Its record must not tell of rows of other units either: refused ones, or those that stood there before.
    """
    its_units = OF_IMPORT.import_id == IMPORT.id
    foreign = exists().where(its_units, ~within.holds(OF_IMPORT.unit))
    is_silent = and_(IMPORT.rejected == 0, or_(IMPORT.unchanged == 0, func.json_array_length(IMPORT.warnings) == 0))
    return or_(within.holds(IMPORT.unit), and_(exists().where(its_units), ~foreign, is_silent))


def names_one_within(subject: InstrumentedAttribute[str], within: Subtree) -> ColumnElement[bool]:
    """Condition: a subject of the trace is an import (`import:12`) that concerns the subtree alone."""
    number = case((subject.startswith(SUBJECT), cast(func.substr(subject, len(SUBJECT) + 1), BigInteger)))
    return exists().where(IMPORT.id == number, concerns_only(within))


def is_within(session: Session, id: int, within: Subtree) -> bool:
    """Whether an import concerns the subtree alone."""
    found = select(IMPORT.id).where(IMPORT.id == id, concerns_only(within))
    return session.execute(found).first() is not None


def actors(session: Session, ids: Collection[int], *, unit: str | None) -> dict[int, str]:
    """Whose key sent these imports, by number; with `unit` only those of the keys of this subtree."""
    found: dict[int, str] = {}
    for batch in batches(sorted(ids)):
        query = select(IMPORT.id, IMPORT.actor).where(IMPORT.id.in_(batch))
        if unit is not None:
            query = query.where(IMPORT.unit == unit)
        found |= {id: actor for id, actor in session.execute(query) if id is not None}
    return found


class ListedImport(NamedTuple):
    """An import in a list, and how many errors and warnings it has."""

    row: ImportRow
    errors: int
    warnings: int


def list_imports(
    session: Session, *, within: Subtree | None, before: int | None, limit: int | None, few: int
) -> Iterator[ListedImport]:
    """Imports newest first, at most `limit` (None: all) older than number `before`.

    `within`: only those that concern it alone. Of more than `few` errors or warnings, all stay in the database.
    """
    kept = [getattr(IMPORT, name) for name in ImportRow.model_fields if name not in ("errors", "warnings")]
    query = select(*kept, *_few("errors", few), *_few("warnings", few))
    if within is not None:
        query = query.where(concerns_only(within))
    if before is not None:
        query = query.where(IMPORT.id < before)
    return map(_listed, fetched(session, query.order_by(IMPORT.id.desc()), limit))


def _listed(row: Row[Any]) -> ListedImport:
    kept = row._asdict()
    errors, warnings = kept.pop("errors_count"), kept.pop("warnings_count")
    return ListedImport(ImportRow(**kept), errors, warnings)


def _few(name: str, few: int) -> list[ColumnElement[Any]]:
    count = func.json_array_length(getattr(IMPORT, name))
    return [case((count <= few, getattr(IMPORT, name))).label(name), count.label(f"{name}_count")]
