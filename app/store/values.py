"""Values: one number of a unit and a period from a source. Append-only under two clocks.

`current_values` holds the revision that stands for each (period, unit, indicator, source): the one observed last,
among equal observations the one known last. Every other revision is in `past_values`: replaced ones, older
observations that arrived late, and undone ones (`undone_at`). Figures are integers ×10⁴, instants µs since 1970.
The key begins with the period because a board reads one period of many units.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    PrimaryKeyConstraint,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SmallInteger, SQLModel

from app.domain.intake.merge import FigureKey, StoredRevision
from app.store.db import fetched
from app.store.imports import IMPORT, ImportRow
from app.store.period_trees import PeriodTrees, Place, Placed
from app.store.rows import RevisionRow, ValueRow
from app.store.tables import CodeText, Mapped, columns, columns_named
from app.store.topics import of_figures, places_of
from app.store.unit_tree import Subtree
from app.store.unit_versions import batches


class Revision(SQLModel):
    """The columns that current and past values share, those of keys first: SQLite 3.40 checks its files only so."""

    period: Mapped[str] = Field(sa_type=CodeText)
    unit: Mapped[str] = Field(sa_type=CodeText)
    indicator: Mapped[str] = Field(sa_type=CodeText)
    source: Mapped[str] = Field(sa_type=CodeText)
    observed_at: Mapped[int] = Field(sa_type=BigInteger)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    numerator: Mapped[int | None] = Field(sa_type=BigInteger)
    denominator: Mapped[int | None] = Field(sa_type=BigInteger)
    value: Mapped[int | None] = Field(sa_type=BigInteger)
    decimals: Mapped[int | None] = Field(sa_type=SmallInteger)
    import_id: Mapped[int]
    note: Mapped[str | None]
    retracted: Mapped[bool]


class CurrentValue(Revision, table=True):
    """The revision that stands."""

    __tablename__ = "current_values"
    __table_args__ = (
        PrimaryKeyConstraint("period", "unit", "indicator", "source"),
        Index("ix_current_values_unit", "unit", "period"),
        {"sqlite_with_rowid": False},
    )


class PastValue(Revision, table=True):
    """A revision that does not stand (any more); each is in one place, so its key and its two clocks name it.

    Written with every changed figure and seldom read: so it has no index besides its key, and who asks for one unit
    goes through the periods (`_held`).
    """

    __tablename__ = "past_values"
    undone_at: Mapped[int | None] = Field(sa_type=BigInteger)

    __table_args__ = (
        PrimaryKeyConstraint("period", "unit", "indicator", "source", "observed_at", "known_at"),
        {"sqlite_with_rowid": False},
    )


Condition = ColumnElement[bool]

KEY = FigureKey._fields
REVISION = StoredRevision._fields
STORED = (*KEY, *REVISION)

CURRENT: type[Revision] = columns(CurrentValue)
PAST: type[Revision] = columns(PastValue)
UNDONE = columns(PastValue)
"""The past values once more, for `undone_at`, which they alone have."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What was known at `as_of` of what had been looked up by `observed_by` (µs, both included; None: now)."""

    as_of: int | None = None
    observed_by: int | None = None


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """Which values: empty fields do not restrict. `within` is the subtree that the caller is kept to.

    Who asks for a span names its `first` and `final` period; `periods` are those in it that hold data. `trees` of all
    periods in question are needed where `under` or `level` is named. `updated_after`: what became known, or stands
    again since others were undone, after that instant (µs).
    """

    unit: str | None = None
    under: str | None = None
    level: str | None = None
    period: str | None = None
    first: str | None = None
    final: str | None = None
    indicator: str | None = None
    source: str | None = None
    within: Subtree | None = None
    periods: tuple[str, ...] | None = None
    trees: PeriodTrees = ()
    updated_after: int | None = None

    def conditions(self, table: type[Revision]) -> list[Condition]:
        """The conditions on a table or subquery that has the key columns, but for those of `placed`."""
        exact = {"unit": self.unit, "period": self.period, "indicator": self.indicator, "source": self.source}
        found: list[Condition] = [getattr(table, n) == v for n, v in exact.items() if v is not None]
        if table is PAST and self.unit is not None and self.period is None and self.periods is None:
            found.append(PAST.period.in_(_values_query(PAST)))
        if self.within is not None:
            found.append(self.within.holds(table.unit))
        return found

    def placed(self, as_of: int | None) -> Placed | None:
        """The conditions of `under` and `level`, if any is named; by the trees as believed at the instant."""
        if self.under is None and self.level is None:
            return None
        return Place(self.under, self.level, as_of).holds(self.trees)


def standing(
    clocks: Clocks, current: Sequence[Condition], past: Sequence[Condition], *, retracted: bool = False
) -> Select[Any]:
    """Revisions that stood under the clocks, one a key, conditions for each table: figures, or `retracted` ones."""
    if clocks == Clocks():
        return select(*columns_named(CURRENT, STORED)).where(*current, CURRENT.retracted.is_(retracted))
    parts = [select(*columns_named(CURRENT, STORED)).where(*current, *_seen(CURRENT, clocks))]
    parts += [select(*columns_named(PAST, STORED)).where(*past, *_seen(PAST, clocks), _not_undone(clocks.as_of))]
    every = parts[0].union_all(parts[1]).subquery()
    newest = [every.c.observed_at.desc(), every.c.known_at.desc()]
    place = func.row_number().over(partition_by=[every.c[name] for name in KEY], order_by=newest).label("place")
    ranked = select(every, place).subquery()
    latest = (ranked.c.place == 1, ranked.c.retracted.is_(retracted))
    return select(*(ranked.c[name] for name in STORED)).where(*latest)


def _seen(table: type[Revision], clocks: Clocks) -> list[Condition]:
    """What was known and had been looked up by then."""
    found = []
    if clocks.as_of is not None:
        found.append(table.known_at <= clocks.as_of)
    if clocks.observed_by is not None:
        found.append(table.observed_at <= clocks.observed_by)
    return found


def _not_undone(as_of: int | None) -> Condition:
    never = UNDONE.undone_at.is_(None)
    return never if as_of is None else or_(never, UNDONE.undone_at > as_of)


def _undone_by(as_of: int | None) -> SQLColumnExpression[int | None]:
    """When a revision was undone, as far as that was known then."""
    return UNDONE.undone_at if as_of is None else case((UNDONE.undone_at <= as_of, UNDONE.undone_at), else_=null())


def holds_source(session: Session, source: str) -> bool:
    """Whether any figure, standing or past, is from that source."""
    found = (exists(select(table.period).where(table.source == source)) for table in (CURRENT, PAST))
    return bool(session.execute(select(or_(*found))).scalar_one())


def periods_of(session: Session, unit: str, as_of: int | None = None) -> Sequence[str]:
    """Codes of the periods for which the unit has, or once had, figures, as far as they were known at the instant."""
    seen = Clocks(as_of)
    past = select(PAST.period).where(PAST.unit == unit, PAST.period.in_(_values_query(PAST)), *_seen(PAST, seen))
    periods = select(CURRENT.period).where(CURRENT.unit == unit, *_seen(CURRENT, seen)).union(past)
    with of_figures(session, places_of([None], [unit])):
        return list(session.execute(periods.order_by("period")).scalars())


def list_values(
    session: Session, where: ValueFilter, clocks: Clocks, *, after: Sequence[str] | None, limit: int | None
) -> Iterable[ValueRow]:
    """Values in the order of their keys, at most `limit` (None: all) behind the key `after`; one query."""
    stands = standing(clocks, *_restrictions(where, clocks, after)).subquery()
    query = select(stands).order_by(*(stands.c[name] for name in KEY))
    if where.updated_after is not None:
        query = query.where(or_(stands.c.known_at > where.updated_after, _stands_again(stands.c, where.updated_after)))
    with of_figures(session, places_of([where.period], None if where.unit is None else [where.unit])):
        return fetched(session, query, limit)


def _stands_again(figure: Any, since: int) -> Condition:
    """Whether a later revision of a figure was undone after an instant: only looked for if any import was since."""
    undoing = exists(select(IMPORT.id).where(IMPORT.undoes.is_not(null()), IMPORT.known_at > since))
    same = (getattr(PAST, name) == figure[name] for name in KEY)
    return and_(undoing, exists(select(PAST.period).where(*same, UNDONE.undone_at > since)))


def list_revisions(
    session: Session, where: ValueFilter, clocks: Clocks, *, after: Sequence[Any] | None, limit: int | None
) -> Iterable[RevisionRow]:
    """Every revision in sight by key, newest observation first, at most `limit` (None: all); one query.

    Each with `undone_at` as it was known then, and the `actor` of its import.
    """
    parts = [select(*columns_named(CURRENT, STORED), literal(None, BigInteger).label("undone_at"))]
    parts += [select(*columns_named(PAST, STORED), _undone_by(clocks.as_of).label("undone_at"))]
    current, past = _restrictions(where, clocks, None)
    seen = parts[0].where(*current, *_seen(CURRENT, clocks)), parts[1].where(*past, *_seen(PAST, clocks))
    every = seen[0].union_all(seen[1]).subquery()
    query = select(every, IMPORT.actor).join_from(every, ImportRow, IMPORT.id == every.c.import_id, isouter=True)
    if where.updated_after is not None:
        query = query.where(or_(every.c.known_at > where.updated_after, every.c.undone_at > where.updated_after))
    order = [*(every.c[name] for name in KEY), -every.c.observed_at, -every.c.known_at]
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return fetched(session, query.order_by(*order), limit)


def _restrictions(where: ValueFilter, clocks: Clocks, after: Sequence[str] | None) -> list[list[Condition]]:
    """The conditions on the current and on the past values."""
    placed = where.placed(clocks.as_of)
    found = []
    for table in (CURRENT, PAST):
        conditions = where.conditions(table)
        if placed is not None:
            conditions += placed(table.period, table.unit)
        if where.periods is not None:
            conditions.append(table.period.in_(where.periods))
        if after is not None:
            conditions.append(tuple_(*(getattr(table, name) for name in KEY)) > tuple_(*after))
        found.append(conditions)
    return found


def load_observations(session: Session, keys: Collection[FigureKey]) -> dict[tuple[FigureKey, int], StoredRevision]:
    """Past revisions of these keys that are not undone, by key and moment of observation (the one known last)."""
    units: dict[str, set[str]] = {}
    for key in keys:
        units.setdefault(key.period, set()).add(key.unit)
    found: dict[tuple[FigureKey, int], StoredRevision] = {}
    for period, members in units.items():
        for batch in batches(sorted(members)):
            query = select(*columns_named(PAST, STORED)).where(
                PAST.period == period, PAST.unit.in_(batch), _not_undone(None)
            )
            with of_figures(session, places_of([period], batch)):
                rows = session.execute(query.order_by(PAST.known_at))
            for row in rows:
                key = FigureKey(*row[:4])
                if key in keys:
                    found[key, row.observed_at] = StoredRevision(*row[4:])
    return found


def periods_with_figures(session: Session) -> Sequence[str]:
    """Codes of the periods that hold a figure not taken back, in order."""
    periods = _values_query(CURRENT).subquery()
    stands = exists().where(CURRENT.period == periods.c.period, CURRENT.retracted.is_(False))
    return list(session.execute(select(periods.c.period).where(stands).order_by("period")).scalars())


def all_periods(session: Session) -> Sequence[str]:
    """Codes of the periods that hold any revision, standing, replaced or undone."""
    both = union(*(_values_query(table) for table in (CURRENT, PAST))).subquery()
    return list(session.execute(select(both.c.period).order_by(both.c.period)).scalars())


def _values_query(table: type[Revision]) -> Select[Any]:
    """The periods that a table holds, in order: a loose scan over its key, one step a period."""
    first = select(func.min(table.period).label("period")).cte(recursive=True)
    step = select(func.min(table.period)).where(table.period > first.c.period).scalar_subquery()
    periods = first.union_all(select(step).where(first.c.period.is_not(null())))
    return select(periods.c.period).where(periods.c.period.is_not(null()))
