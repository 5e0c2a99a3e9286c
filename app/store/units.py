"""Units: those that are asked for, as they stood at a moment, and their versions replaced in bulk."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session

from app.domain.look_alikes import as_latin
from app.domain.unit import Unit, Version, heirs
from app.domain.vietnamese import fold, sort_key
from app.domain.vocabulary import Level
from app.errors import AppError, NotFound, RefusalCode
from app.store.db import FOREVER
from app.store.rows import DatedUnit, UnitRow
from app.store.tables import table_of
from app.store.unit_tree import below
from app.store.unit_versions import (
    DATED,
    IDENTIFIER,
    NOW,
    UNSYNCED,
    U,
    UnitIdentifier,
    UnitMoment,
    UnitVersion,
    batches,
)

UNKNOWN = RefusalCode("unit_unknown", "No unit has the code {code}.", "Không có đơn vị nào mang mã {code}.", NotFound)
ENDED = RefusalCode(
    "unit_ended",
    "{code} has ended on {valid_to}; its work is carried on by {successors}.",
    "{code} đã chấm dứt hoạt động ngày {valid_to}; đơn vị kế tục: {successors}.",
    NotFound,
)
ENDED_FOR_GOOD = RefusalCode(
    "unit_ended",
    "{code} has ended on {valid_to}, and no unit is named that carries on its work.",
    "{code} đã chấm dứt hoạt động ngày {valid_to} và chưa ghi đơn vị kế tục.",
    NotFound,
)
NOT_BEGUN = RefusalCode(
    "unit_not_active",
    "{code} exists from {valid_from} on; it did not exist at the time asked for.",
    "{code} tồn tại từ ngày {valid_from}, chưa có vào thời điểm được hỏi.",
    NotFound,
)
PLACED = (U.code, U.name, U.level, U.parent, U.short_name, U.kind)
ROW = (*PLACED, U.identifiers, U.valid_from, U.valid_to, U.successors, U.name_order)


def matching(q: str) -> ColumnElement[bool]:
    """Units whose name holds the words of `q`, whatever the accents and case, or whose code begins with it."""
    words, code = fold(q), U.code.startswith(as_latin(q).strip().upper(), autoescape=True)
    return or_(U.name_folded.contains(words, autoescape=True), code) if words or not q.strip() else code


def named(session: Session, codes: Collection[str], moment: UnitMoment) -> list[DatedUnit]:
    """These units as they stood, ordered by code."""
    found: list[DatedUnit] = []
    for batch in batches(sorted(codes)):
        query = select(*DATED).where(U.code.in_(batch), moment.holds())
        found += session.execute(query.order_by(U.code)).all()
    return found


def list_units(
    session: Session,
    *,
    moment: UnitMoment = NOW,
    level: Level | None = None,
    parent: str | None = None,
    under: str | None = None,
    q: str | None = None,
    by_name: bool = False,
    after: Sequence[str] | None = None,
    limit: int | None,
) -> Sequence[UnitRow]:
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


def get_unit_row(session: Session, code: str, moment: UnitMoment = NOW) -> UnitRow:
    """The unit as it stood at the moment, or NotFound.

    `unit_unknown`; `unit_ended`, with its `successors`, after its end; `unit_not_active` before it began.
    """
    row = session.execute(select(*ROW).where(U.code == code, moment.holds())).one_or_none()
    if row is None:
        raise _not_there(session, code, moment)
    return row


def _not_there(session: Session, code: str, moment: UnitMoment) -> AppError:
    """Why a unit did not stand at the moment."""
    known = UnitMoment(moment.as_of).holds()
    row = session.execute(select(*ROW).where(U.code == code, known)).one_or_none()
    if row is None:
        return UNKNOWN.error(code=code)
    asked = moment.day or (moment.period.starts_on if moment.period else None)
    if asked is None or row.valid_to is None or row.valid_to >= asked:
        return NOT_BEGUN.error(code=code, valid_from=row.valid_from)
    return _ended(session, row, asked, moment.as_of)


def refuse_ended(session: Session, code: str, day: date, as_of: int | None = None) -> None:
    """NotFound `unit_ended`, with its `successors`, for a unit that ended before the day."""
    row = session.execute(select(*ROW).where(U.code == code, UnitMoment(as_of).holds())).one_or_none()
    if row is not None and row.valid_to is not None and row.valid_to < day:
        raise _ended(session, row, day, as_of)


def _ended(session: Session, row: UnitRow, day: date, as_of: int | None) -> AppError:
    """That a unit had ended, with those who carry on its work on the day."""

    def find(codes: Collection[str]) -> list[Any]:
        query = select(U.code, U.valid_to, U.successors).where(UnitMoment(as_of).holds())
        return [each for batch in batches(sorted(codes)) for each in session.execute(query.where(U.code.in_(batch)))]

    found = heirs(row.code, day, find) or list(row.successors)
    if not found:
        return ENDED_FOR_GOOD.error(extra={"successors": []}, code=row.code, valid_to=row.valid_to)
    named = ", ".join(found)
    return ENDED.error(extra={"successors": found}, code=row.code, valid_to=row.valid_to, successors=named)


def load_units(session: Session, codes: Iterable[str]) -> dict[str, Unit]:
    """Units with all their dated versions as believed now; codes that are not known are left out."""
    found: dict[str, list[Any]] = {}
    for batch in batches(sorted(set(codes))):
        query = select(*DATED, U.identifiers, U.successors).where(U.code.in_(batch), NOW.believed())
        for row in session.execute(query.order_by(U.code, U.begins)):
            found.setdefault(row.code, []).append(row)
    return {code: _unit(rows) for code, rows in found.items()}


def _unit(rows: Sequence[Any]) -> Unit:
    versions = tuple(
        Version(row.name, row.level, row.parent, row.begins, row.ends, row.short_name, row.kind) for row in rows
    )
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
    """Codes of the units that have one of these names, folded, on a day; where none has, that had it last.

    At most two, since one is asked for.
    """
    today = UnitMoment(day=day).holds()
    rank = case((today, 0), else_=1)
    query = (
        select(U.code, rank).where(or_(today, NOW.holds()), U.name_folded.in_(folded)).order_by(rank, U.code).limit(2)
    )
    found = session.execute(query).all()
    return [code for code, its_rank in found if its_rank == found[0][1]]


def replace_units(session: Session, units: Sequence[Unit], known_at: int) -> None:
    """Forget what was believed of these units and write what is believed now; in bulk.

    Rows go into the tables, not the mapped classes: for those SQLAlchemy begins a new statement wherever other
    columns than in the row before are null.
    """
    codes = [unit.code for unit in units]
    for batch in batches(codes):
        current = and_(U.code.in_(batch), U.forgotten_at == FOREVER)
        session.execute(update(UnitVersion).where(current).values(forgotten_at=known_at), execution_options=UNSYNCED)
        session.execute(delete(UnitIdentifier).where(IDENTIFIER.unit.in_(batch)), execution_options=UNSYNCED)
    rows = [row for unit in units for row in _rows(unit, known_at)]
    if rows:
        session.execute(insert(table_of(UnitVersion)), rows)
    identifiers = [{"scheme": s, "value": v, "unit": unit.code} for unit in units for s, v in unit.identifiers]
    if identifiers:
        session.execute(insert(table_of(UnitIdentifier)), identifiers)


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
            "short_name": version.short_name,
            "kind": version.kind,
        }


def identified(session: Session, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Unit codes by (scheme, value)."""
    found: dict[tuple[str, str], str] = {}
    key = tuple_(IDENTIFIER.scheme, IDENTIFIER.value)
    for batch in batches(sorted(names)):
        for row in session.execute(select(UnitIdentifier).where(key.in_(batch))).scalars():
            found[row.scheme, row.value] = row.unit
    return found
