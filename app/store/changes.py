"""What every write changed, one row a thing that is to be fetched anew, written in the transaction of the write.

A position in the feed is a version of the data and a place within it. Whoever holds the write lock moves the version,
so versions are in the order of the commits: a snapshot at version n has every change up to n, and none comes later.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, get_args

import orjson
from sqlalchemy import ColumnElement, PrimaryKeyConstraint, Select, func, select, text, tuple_, union_all
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.domain.vocabulary import ChangeKind
from app.store.db import stamp
from app.store.tables import INSERTS, CodeText, Mapped, columns, columns_named

START = ""
"""The kind of the row that says since which version changes are noted, of a database that was there before."""
WHOLE_VERSION = "~"
"""Sorts behind every kind: the position behind all that a version changed."""
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)


class ChangeRow(SQLModel, table=True):
    """One thing that one write changed; `unit` and `period` are empty where it has none.

    `public`: whoever reads things of this kind may know of it. `known_at` is the instant of the write (µs since 1970).
    The key begins with the kind, so that who asks for few kinds reads no others.
    """

    __tablename__ = "changes"
    kind: Mapped[str] = Field(sa_type=CodeText)
    version: Mapped[int] = Field(sa_type=BigInteger)
    unit: Mapped[str] = Field(sa_type=CodeText)
    period: Mapped[str] = Field(sa_type=CodeText)
    subject: Mapped[str] = Field(sa_type=CodeText)
    action: Mapped[str]
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    public: Mapped[bool]

    __table_args__ = (
        PrimaryKeyConstraint("kind", "version", "period", "unit", "subject"),
        {"sqlite_with_rowid": False},
    )


CHANGE = columns(ChangeRow)


class Changed(NamedTuple):
    """A thing that a write changed and what was done to it; `subject` is what the trace calls it."""

    action: str
    subject: str
    unit: str = ""
    period: str = ""


class ChangePlace(NamedTuple):
    """A position in the feed: changes up to here are known. Of a version that is known whole, `kind` says so."""

    version: int
    kind: str = WHOLE_VERSION
    period: str = ""
    unit: str = ""
    subject: str = ""


class Change(NamedTuple):
    """A change as it is listed."""

    version: int
    kind: ChangeKind
    period: str
    unit: str
    subject: str
    action: str
    known_at: int

    @property
    def place(self) -> ChangePlace:
        return ChangePlace(self.version, self.kind, self.period, self.unit, self.subject)


WITHIN_KIND = columns_named(CHANGE, ("version", "period", "unit", "subject"))
ORDER = columns_named(CHANGE, ChangePlace._fields)
PeriodUnit = tuple[str, str]
"""A period, and a unit that has figures of it: figures are written in this order, so their changes are, too."""


def record_change(
    session: Session,
    kind: ChangeKind,
    action: str,
    subject: str,
    *,
    unit: str | None = None,
    period: str | None = None,
    public: bool = True,
) -> None:
    """Note what this write changes: one thing. A thing that is changed twice in one write is noted once.

    Where the second change lets everybody know of it, that one is noted: what is made and published at once.
    """
    record_changes(session, kind, [Changed(action, subject, unit or "", period or "")], public=public)


def record_changes(session: Session, kind: ChangeKind, changed: Iterable[Changed], *, public: bool = True) -> None:
    """Note what this write changes: several things of one kind."""
    about = {**_about_write(session), "kind": kind, "public": public}
    rows = [{**about, **each._asdict()} for each in changed]
    if rows:
        insert = INSERTS[session.get_bind().dialect.name](ChangeRow)
        if public:
            noted = insert.excluded
            became = {"action": noted.action, "public": noted.public}
            key = ["kind", "version", "period", "unit", "subject"]
            insert = insert.on_conflict_do_update(index_elements=key, set_=became, where=CHANGE.public.is_(False))
        else:
            insert = insert.on_conflict_do_nothing()
        session.execute(insert, rows)


def record_values(session: Session, action: str, subject: str, places: Iterable[PeriodUnit]) -> None:
    """Note that an import changes figures of these units and periods: one statement, however many they are."""
    _add_values(session, action, subject, places_given(session), {"places": as_parameter(places)})


def record_staged_values(session: Session, action: str, subject: str) -> None:
    """The same for the places that the connection has staged (`staged_values`)."""
    _add_values(session, action, subject, "SELECT unit, period FROM staged_places", {})


def _add_values(session: Session, action: str, subject: str, places: str, given: Mapping[str, str]) -> None:
    about = {**_about_write(session), "action": action, "subject": subject}
    statement = f"""
    INSERT INTO changes (kind, version, unit, period, subject, action, known_at, public)
    SELECT 'values', :version, unit, period, :subject, :action, :known_at, false FROM ({places}) AS places WHERE true
    ON CONFLICT DO NOTHING"""  # noqa: S608 - our own names
    session.execute(text(statement), {**about, **given})


def places_given(session: Session) -> str:
    """A query for the units and periods that the parameter `places` holds."""
    if session.get_bind().dialect.name == "postgresql":
        return "SELECT value ->> 0 AS period, value ->> 1 AS unit FROM json_array_elements(CAST(:places AS json))"
    return "SELECT json_extract(value, '$[0]') AS period, json_extract(value, '$[1]') AS unit FROM json_each(:places)"


def as_parameter(places: Iterable[PeriodUnit]) -> str:
    """Units and periods as one parameter of a statement."""
    return orjson.dumps(sorted(places)).decode()


def _about_write(session: Session) -> dict[str, Any]:
    return {"version": session.info["version"], "known_at": stamp(session)}


def list_changes(
    session: Session, *, after: ChangePlace, until: int, kinds: Mapping[ChangeKind, ColumnElement[bool]], limit: int
) -> list[Change]:
    """At most `limit` changes behind a position, in order; of each kind those that its condition keeps. One query.

    None is later than the version `until`, which who asks has seen: not every session reads one snapshot.
    """
    if not kinds:
        return []
    parts = [
        _behind(after, kind, where & (CHANGE.version <= until)).limit(limit).subquery() for kind, where in kinds.items()
    ]
    every = union_all(*map(select, parts)).subquery()
    order = [every.c[column.name] for column in ORDER]
    return [Change(*row) for row in session.execute(select(every).order_by(*order).limit(limit))]


def _behind(after: ChangePlace, kind: ChangeKind, where: ColumnElement[bool]) -> Select[Any]:
    """The changes of a kind behind a position: one stretch of the key."""
    query = select(*columns_named(CHANGE, Change._fields)).where(CHANGE.kind == kind, where)
    if kind < after.kind:
        query = query.where(CHANGE.version > after.version)
    else:
        query = query.where(CHANGE.version >= after.version)
    if kind == after.kind:
        place = (after.version, after.period, after.unit, after.subject)
        query = query.where(tuple_(*WITHIN_KIND) > place)
    return query.order_by(*WITHIN_KIND)


def first_version(session: Session) -> int:
    """Since which version changes are noted: 0 but for databases that were there before the feed."""
    return session.execute(select(CHANGE.version).where(CHANGE.kind == START)).scalar() or 0


def last_changed_at(session: Session, version: int) -> int:
    """The instant (µs) of the last change up to a version: by it two histories of one database are told apart."""
    newest = (
        select(CHANGE.known_at).where(CHANGE.kind == kind, CHANGE.version <= version).order_by(CHANGE.version.desc())
        for kind in (START, *KINDS)
    )
    every = union_all(*(select(each.limit(1).subquery()) for each in newest)).subquery()
    return session.execute(select(func.max(every.c.known_at))).scalar() or 0
