"""Units as dated versions, and their identifiers.

A row of `unit_versions` says what was believed from `known_at` until `forgotten_at` about a unit between `begins`
and `ends`. A change forgets all rows of the unit and writes its new list of versions; nothing else is updated, so
any past belief can be read again. `last` marks the version that the unit ends with; versions have no gaps.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import JSON, ColumnElement, Index, Select, and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Column, Field, SQLModel

from app.domain.frameworks.rules import Level
from app.domain.look_alikes import as_latin
from app.domain.period import Period
from app.domain.unit import Unit, Version
from app.domain.vietnamese import fold, sort_key
from app.errors import NotFound, Text
from app.store.db import FOREVER, CodeText, columns


class UnitVersion(SQLModel, table=True):
    """What a unit was between two dates, as believed between two instants."""

    __tablename__ = "unit_versions"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(sa_column=Column(CodeText, nullable=False))
    name: str
    level: str
    parent: str | None = Field(sa_column=Column(CodeText))
    begins: date
    ends: date
    valid_from: date | None
    valid_to: date | None
    last: bool
    name_folded: str
    name_order: str = Field(sa_column=Column(CodeText, nullable=False))
    identifiers: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    successors: list[str] = Field(sa_column=Column(JSON, nullable=False))
    known_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    forgotten_at: int = Field(sa_column=Column(BigInteger, nullable=False))

    __table_args__ = (
        Index("ix_unit_versions_code", "code", "begins", "forgotten_at", unique=True),
        Index("ix_unit_versions_parent", "parent", "level", "code"),
        Index("ix_unit_versions_level", "level", "code"),
    )


class UnitIdentifier(SQLModel, table=True):
    """A name for a unit in another register: statistics office, portal, demonstration."""

    __tablename__ = "unit_identifiers"
    scheme: str = Field(sa_column=Column(CodeText, primary_key=True))
    value: str = Field(sa_column=Column(CodeText, primary_key=True))
    unit: str = Field(sa_column=Column(CodeText, nullable=False, index=True))


UNKNOWN = Text("No unit has the code {code}.", "Không có đơn vị nào mang mã {code}.")
ENDED = Text(
    "{code} has ended on {valid_to}; its work is carried on by {successors}.",
    "{code} đã chấm dứt hoạt động ngày {valid_to}; đơn vị kế tục: {successors}.",
)
ENDED_FOR_GOOD = Text(
    "{code} has ended on {valid_to}, and no unit is named that carries on its work.",
    "{code} đã chấm dứt hoạt động ngày {valid_to} và chưa ghi đơn vị kế tục.",
)
NOT_BEGUN = Text(
    "{code} exists from {valid_from} on; it did not exist at the time asked for.",
    "{code} tồn tại từ ngày {valid_from}, chưa có vào thời điểm được hỏi.",
)
BATCH = 5000

U = columns(UnitVersion)
IDENTIFIER = columns(UnitIdentifier)
ROW = (U.code, U.name, U.level, U.parent, U.identifiers, U.valid_from, U.valid_to, U.successors, U.name_order)


@dataclass(frozen=True, slots=True)
class Moment:
    """Which belief about which time: known at `as_of` (µs; None is now), in force on `day` or in `period`.

    `nearest_to` a day a unit that has ended before is still its last version, one that begins later its first one.
    Without a day or period the last version of each unit stands for it, whether it still exists or not.
    """

    as_of: int | None = None
    day: date | None = None
    period: Period | None = None
    nearest_to: date | None = None

    def believed(self, version: Any = U) -> ColumnElement[bool]:
        """Condition on unit_versions: what was believed at `as_of`, of any time."""
        if self.as_of is None:
            return cast("ColumnElement[bool]", version.forgotten_at == FOREVER)
        return and_(version.known_at <= self.as_of, version.forgotten_at > self.as_of)

    def holds(self, version: Any = U) -> ColumnElement[bool]:
        """Condition on unit_versions that leaves one row a unit."""
        believed = self.believed(version)
        if self.period is not None:
            first, final = self.period.starts_on, self.period.ends_on
            stands = and_(version.begins <= final, version.ends >= first, or_(version.ends >= final, version.last))
        elif self.day is not None:
            stands = and_(version.begins <= self.day, version.ends >= self.day)
        elif self.nearest_to is not None:
            begun = and_(version.begins <= self.nearest_to, or_(version.ends >= self.nearest_to, version.last))
            stands = or_(begun, and_(version.begins > self.nearest_to, version.begins == version.valid_from))
        else:
            stands = version.last
        return and_(believed, stands)


NOW = Moment()


def below(root: str, moment: Moment = NOW) -> Select[tuple[str]]:
    """Codes of every unit under `root` (itself excluded), as one recursive query."""
    tree = select(U.code).where(U.parent == root, moment.holds()).cte(recursive=True)
    tree = tree.union(select(U.code).where(U.parent == tree.c.code, moment.holds()))
    return select(tree.c.code)


@dataclass(frozen=True, slots=True)
class Subtree:
    """`root` and all units below it in the tree of `day`: what a key that is bound to `root` may see and write.

    Rights follow the tree of today, whichever period and moment is asked about (ADR 19); cohorts follow the tree of
    their period, which is a `Moment`.
    """

    root: str
    day: date

    @property
    def moment(self) -> Moment:
        return Moment(nearest_to=self.day)

    def holds(self, code: ColumnElement[str]) -> ColumnElement[bool]:
        """Condition: a column of unit codes lies in the subtree."""
        return or_(code == self.root, code.in_(below(self.root, self.moment)))


def matching(q: str) -> ColumnElement[bool]:
    """Units whose name holds the words of `q`, whatever the accents and case, or whose code begins with it."""
    words, code = fold(q), U.code.startswith(as_latin(q).strip().upper(), autoescape=True)
    return or_(U.name_folded.contains(words, autoescape=True), code) if words or not q.strip() else code


def chosen(moment: Moment, level: str, under: str | None, within: Subtree | None) -> Select[Any]:
    """Codes of a level's units under a unit (itself excluded), kept to a subtree."""
    query = select(U.code).where(moment.holds(), U.level == level)
    if under is not None:
        query = query.where(U.code.in_(below(under, moment)))
    if within is not None:
        query = query.where(within.holds(U.code))
    return query


def absent(
    as_of: int | None, period: Period, levels: Collection[str], under: str | None, within: Subtree | None
) -> Select[Any]:
    """Codes of the units of these levels that did not exist in the period, under a unit as it was believed last."""
    moment = Moment(as_of)
    beyond = or_(U.valid_to < period.starts_on, U.valid_from > period.ends_on)
    query = select(U.code).where(moment.holds(), beyond, U.level.in_(levels))
    if under is not None:
        query = query.where(U.code.in_(below(under, moment)))
    return query if within is None else query.where(within.holds(U.code))


def gone(
    session: Session, subtree: Subtree, moment: Moment, under: str, level: str | None = None, *, limit: int
) -> list[str]:
    """At most `limit` units (of a level) that stood under `under` at the moment and are not in the subtree, by code."""
    query = select(U.code).where(moment.holds(), U.code.in_(below(under, moment)), ~subtree.holds(U.code))
    if level is not None:
        query = query.where(U.level == level)
    return list(session.execute(query.order_by(U.code).limit(limit)).scalars())


def named(session: Session, codes: Collection[str], moment: Moment) -> list[Any]:
    """Code, name, level, parent of these units as they stood, ordered by code."""
    found: list[Any] = []
    for batch in batches(sorted(codes)):
        query = select(U.code, U.name, U.level, U.parent).where(U.code.in_(batch), moment.holds())
        found += session.execute(query.order_by(U.code)).all()
    return found


def list_units(
    session: Session,
    *,
    moment: Moment = NOW,
    level: Level | None = None,
    parent: str | None = None,
    under: str | None = None,
    q: str | None = None,
    by_name: bool = False,
    after: Sequence[str] | None = None,
    limit: int | None,
) -> Sequence[Any]:
    """At most `limit` units behind the place `after`, ordered by code or by name as people order it; one query."""
    query = select(*ROW).where(moment.holds())
    if level is not None:
        query = query.where(U.level == level)
    if parent is not None:
        query = query.where(U.parent == parent)
    if under is not None:
        query = query.where(U.code.in_(below(under, moment)))
    if q is not None:
        query = query.where(matching(q))
    order = (U.name_order, U.code) if by_name else (U.code,)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return session.execute(query.order_by(*order).limit(limit)).all()


def get_unit_row(session: Session, code: str, moment: Moment = NOW) -> Any:
    """The unit as it stood at the moment, or NotFound.

    `unit_unknown`; `unit_ended`, with its `successors`, after its end; `unit_not_active` before it began.
    """
    row = session.execute(select(*ROW).where(U.code == code, moment.holds())).one_or_none()
    if row is None:
        raise _not_there(session, code, moment)
    return row


def _not_there(session: Session, code: str, moment: Moment) -> NotFound:
    """Why a unit did not stand at the moment."""
    known = Moment(moment.as_of).holds()
    row = session.execute(select(*ROW).where(U.code == code, known)).one_or_none()
    if row is None:
        return NotFound("unit_unknown", UNKNOWN, code=code)
    asked = moment.day or (moment.period and moment.period.starts_on)
    if asked is None or row.valid_to is None or row.valid_to >= asked:
        return NotFound("unit_not_active", NOT_BEGUN, code=code, valid_from=row.valid_from)
    heirs = {"successors": list(row.successors)}
    if not row.successors:
        return NotFound("unit_ended", ENDED_FOR_GOOD, extra=heirs, code=code, valid_to=row.valid_to)
    named = ", ".join(row.successors)
    return NotFound("unit_ended", ENDED, extra=heirs, code=code, valid_to=row.valid_to, successors=named)


def load_units(session: Session, codes: Iterable[str]) -> dict[str, Unit]:
    """Units with all their dated versions as believed now; codes that are not known are left out."""
    found: dict[str, list[Any]] = {}
    columns = (U.code, U.name, U.level, U.parent, U.begins, U.ends, U.identifiers, U.successors)
    for batch in batches(sorted(set(codes))):
        query = select(*columns).where(U.code.in_(batch), U.forgotten_at == FOREVER).order_by(U.code, U.begins)
        for row in session.execute(query):
            found.setdefault(row.code, []).append(row)
    return {code: _unit(rows) for code, rows in found.items()}


def _unit(rows: Sequence[Any]) -> Unit:
    versions = tuple(Version(row.name, row.level, row.parent, row.begins, row.ends) for row in rows)
    identifiers = tuple((each["scheme"], each["value"]) for each in rows[-1].identifiers)
    return Unit(rows[0].code, versions, identifiers, tuple(rows[-1].successors))


def lives(session: Session, codes: Collection[str]) -> dict[str, tuple[date | None, date | None]]:
    """When the units exist: first and last day, None where open; codes that are not known are left out."""
    found: dict[str, tuple[date | None, date | None]] = {}
    for batch in batches(sorted(codes)):
        query = select(U.code, U.valid_from, U.valid_to).where(U.code.in_(batch), NOW.holds())
        found |= {row.code: (row.valid_from, row.valid_to) for row in session.execute(query)}
    return found


def codes_named(session: Session, folded: Collection[str], day: date) -> list[str]:
    """Codes of the units that have one of these names, folded, on a day; at most two, since one is asked for."""
    query = select(U.code).where(Moment(day=day).holds(), U.name_folded.in_(folded)).order_by(U.code).limit(2)
    return list(session.execute(query).scalars())


def children(session: Session, codes: Collection[str], day: date) -> dict[str, list[str]]:
    """The units that stand under each of the codes on a day."""
    found: dict[str, list[str]] = {}
    for batch in batches(sorted(codes)):
        query = select(U.code, U.parent).where(U.parent.in_(batch), Moment(day=day).holds()).order_by(U.code)
        for row in session.execute(query):
            found.setdefault(row.parent, []).append(row.code)
    return found


def parents(session: Session) -> dict[str, str | None]:
    """Every unit's present parent."""
    return dict(session.execute(select(U.code, U.parent).where(NOW.holds())).all())


def ancestors(session: Session, code: str, moment: Moment = NOW) -> list[str]:
    """Codes above a unit, nearest first, in one recursive query."""
    up = select(U.code, U.parent).where(U.code == code, moment.holds()).cte(recursive=True)
    up = up.union(select(U.code, U.parent).where(U.code == up.c.parent, moment.holds()))
    parent_of = dict(session.execute(select(up.c.code, up.c.parent)).all())
    chain: dict[str, None] = {}
    above = parent_of.get(code)
    while above is not None and above not in chain:
        chain[above] = None
        above = parent_of.get(above)
    return list(chain)


def codes_of(session: Session, subtree: Subtree) -> set[str]:
    """Every unit of the subtree."""
    return {subtree.root, *session.execute(below(subtree.root, subtree.moment)).scalars()}


def in_subtree(session: Session, subtree: Subtree, codes: Collection[str]) -> set[str]:
    """Those of the codes that lie in the subtree."""
    found = {subtree.root} & set(codes)
    for batch in batches(sorted(set(codes) - found)):
        query = select(U.code).where(subtree.moment.holds(), U.code.in_(batch), subtree.holds(U.code))
        found.update(session.execute(query).scalars())
    return found


def ancestor_levels(session: Session, code: str, moment: Moment = NOW) -> list[tuple[str, str]]:
    """Codes and levels above a unit, nearest first."""
    chain = ancestors(session, code, moment)
    levels = {row.code: row.level for row in named(session, chain, moment)}
    return [(each, levels[each]) for each in chain if each in levels]


def siblings(session: Session, code: str, as_of: int | None) -> list[Any]:
    """Every version of the unit and of all that ever stood beside it (same level, same parent), by code and time."""
    versions = (U.code, U.name, U.level, U.parent, U.begins, U.ends)
    own = session.execute(select(*versions).where(U.code == code, Moment(as_of).believed())).all()
    beside = or_(*(and_(U.level == v.level, U.parent.is_not_distinct_from(v.parent)) for v in own))
    query = select(*versions).where(beside, Moment(as_of).believed()) if own else None
    return [] if query is None else list(session.execute(query.order_by(U.code, U.begins)).all())


def count_beside(session: Session, level: str, parent: str | None, moment: Moment) -> int:
    """How many units of a level stood directly below a unit, or below none."""
    query = select(func.count()).where(moment.holds(), U.level == level, U.parent.is_not_distinct_from(parent))
    return int(session.execute(query).scalar_one())


def replace_units(session: Session, units: Sequence[Unit], known_at: int) -> None:
    """Forget what was believed of these units and write what is believed now; in bulk.

    Rows go into the tables, not the mapped classes: for those SQLAlchemy begins a new statement wherever other
    columns than in the row before are null.
    """
    codes = [unit.code for unit in units]
    for batch in batches(codes):
        held = and_(U.code.in_(batch), U.forgotten_at == FOREVER)
        session.execute(update(UnitVersion).where(held).values(forgotten_at=known_at), execution_options=UNSYNCED)
        session.execute(delete(UnitIdentifier).where(IDENTIFIER.unit.in_(batch)), execution_options=UNSYNCED)
    rows = [row for unit in units for row in _rows(unit, known_at)]
    if rows:
        session.execute(insert(U.code.table), rows)
    identifiers = [{"scheme": s, "value": v, "unit": unit.code} for unit in units for s, v in unit.identifiers]
    if identifiers:
        session.execute(insert(IDENTIFIER.unit.table), identifiers)


UNSYNCED = {"synchronize_session": False}


def _rows(unit: Unit, known_at: int) -> Iterable[dict[str, Any]]:
    identifiers = [{"scheme": scheme, "value": value} for scheme, value in unit.identifiers]
    for version in unit.versions:
        yield {
            "code": unit.code,
            "name": version.name,
            "level": version.level,
            "parent": version.parent,
            "begins": version.begins,
            "ends": version.ends,
            "valid_from": unit.valid_from,
            "valid_to": unit.valid_to,
            "last": version is unit.last,
            "name_folded": fold(version.name),
            "name_order": sort_key(version.name),
            "identifiers": identifiers,
            "successors": list(unit.successors),
            "known_at": known_at,
            "forgotten_at": FOREVER,
        }


def identified(session: Session, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Unit codes by (scheme, value)."""
    found: dict[tuple[str, str], str] = {}
    key = tuple_(IDENTIFIER.scheme, IDENTIFIER.value)
    for batch in batches(sorted(names)):
        for row in session.execute(select(UnitIdentifier).where(key.in_(batch))).scalars():
            found[row.scheme, row.value] = row.unit
    return found


def batches(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Slices that fit into one statement's parameters."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
