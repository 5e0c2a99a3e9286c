"""Publications: which unit had to publish what by when, and when it did, with every earlier belief kept."""

from collections.abc import Collection, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, tuple_, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, Index, SQLModel

from app.store.db import FOREVER, as_json, stands_at
from app.store.tables import CodeText, Mapped, columns, columns_named, table_of
from app.store.unit_tree import Subtree, below
from app.store.unit_versions import UNSYNCED, UnitMoment, batches


class PublicationRow(SQLModel, table=True):
    """What a unit has to publish about a period, as believed between two instants (µs since 1970).

    `subject` is a code, such as `results`; `published_on` is empty until it is out.
    """

    __tablename__ = "publications"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    period: Mapped[str] = Field(sa_type=CodeText)
    subject: Mapped[str] = Field(sa_type=CodeText)
    unit: Mapped[str] = Field(sa_type=CodeText)
    due_on: Mapped[date | None]
    published_on: Mapped[date | None]
    url: Mapped[str | None]
    note: Mapped[str | None]
    legal_ref: Mapped[str | None]
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (Index("ix_publications_key", "period", "subject", "unit", "replaced_at", unique=True),)


PUBLICATION = columns(PublicationRow)
KEY = ("period", "subject", "unit")
FACTS = ("due_on", "published_on", "url", "note", "legal_ref")
STATED = (*KEY, *FACTS)
ROWS_AT_ONCE = 1000

Key = tuple[str, str, str]
"""Period, subject, unit."""


def _standing(as_of: int | None) -> ColumnElement[bool]:
    """Condition: what stood then (None: stands now)."""
    return stands_at(PUBLICATION.known_at, PUBLICATION.replaced_at, as_of)


@dataclass(frozen=True, slots=True)
class PublicationFilter:
    """Which publications; what is None is not restricted. `within` is the subtree that the caller is kept to."""

    period: str | None = None
    subject: str | None = None
    unit: str | None = None
    under: str | None = None
    within: Subtree | None = None

    def conditions(self, as_of: int | None) -> list[ColumnElement[bool]]:
        """Conditions on the table."""
        found = [_standing(as_of)]
        for name in KEY:
            if getattr(self, name) is not None:
                found.append(getattr(PUBLICATION, name) == getattr(self, name))
        if self.under is not None:
            found.append(PUBLICATION.unit.in_(below(self.under, UnitMoment(as_of))))
        if self.within is not None:
            found.append(self.within.holds(PUBLICATION.unit))
        return found


def standing_publications(session: Session, as_of: int | None, *, period: str) -> list[dict[str, Any]]:
    """What was to be published about the period, as it stood then, by key, as JSON data; one query."""
    query = select(*columns_named(PUBLICATION, STATED)).where(_standing(as_of), PUBLICATION.period == period)
    rows = session.execute(query.order_by(PUBLICATION.subject, PUBLICATION.unit)).mappings()
    return [as_json(row) for row in rows]


def iter_publications(
    session: Session, wanted: PublicationFilter, as_of: int | None, *, after: Sequence[str] | None
) -> Generator[dict[str, Any], None, None]:
    """What stood then, in the order of the keys, from behind the key `after`; one query, read as far as it is asked.

    Whoever stops early closes it.
    """
    key = columns_named(PUBLICATION, KEY)
    query = select(*columns_named(PUBLICATION, STATED)).where(*wanted.conditions(as_of)).order_by(*key)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    with closing(session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})) as rows:
        for row in rows.mappings():
            yield dict(row)


def load_publications(session: Session, keys: Collection[Key]) -> dict[Key, dict[str, Any]]:
    """What stands now for these keys, with the `id` of its row."""
    key = tuple_(*columns_named(PUBLICATION, KEY))
    found: dict[Key, dict[str, Any]] = {}
    for batch in batches(sorted(keys)):
        query = select(PUBLICATION.id, *columns_named(PUBLICATION, STATED))
        for row in session.execute(query.where(_standing(None), key.in_(batch))).mappings():
            found[row["period"], row["subject"], row["unit"]] = dict(row)
    return found


def replace_publications(
    session: Session, ended: Collection[int], stated: Sequence[dict[str, Any]], known_at: int
) -> None:
    """Let the rows of these numbers stand no more, and the stated ones from now on; in bulk."""
    for batch in batches(sorted(ended)):
        closing = update(PublicationRow).where(PUBLICATION.id.in_(batch)).values(replaced_at=known_at)
        session.execute(closing, execution_options=UNSYNCED)
    if stated:
        rows = [{**each, "known_at": known_at, "replaced_at": FOREVER} for each in stated]
        session.execute(insert(table_of(PublicationRow)), rows)


def last_change(session: Session) -> list[int | None]:
    """The instants at which something was last stated and last replaced (µs since 1970)."""
    replaced = select(func.max(PUBLICATION.replaced_at)).where(PUBLICATION.replaced_at < FOREVER).scalar_subquery()
    return list(session.execute(select(func.max(PUBLICATION.known_at), replaced)).one())
