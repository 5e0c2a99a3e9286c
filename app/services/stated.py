"""What the office states of targets, publications, tasks and letters: what taking it has in common.

All of a request is taken or nothing. What differs from what stands replaces it or withdraws it, with one entry in the
trace; what stood before stays known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, TypeVar, cast

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.instant import to_datetime
from app.domain.period import Period, local_day, overlaps
from app.domain.vocabulary import ChangeKind
from app.errors import ErrorCode, Fault
from app.services.unit_names import UnitSuggester
from app.store.audit import record
from app.store.changes import Changed, record_changes
from app.store.db import now, stamp
from app.store.stated import Record, StandingRecord, StatedTable, replace_records

DAY_IN_FUTURE = ErrorCode(
    "day_in_future",
    "{day} lies in the future; only what has happened is stated here.",
    "Ngày {day} ở tương lai; chỉ ghi việc đã diễn ra.",
)

Key = TypeVar("Key", bound=tuple[object, ...])
Lives = Mapping[str, tuple[date | None, date | None]]
"""When units exist: their first and last day, None where open. Units that nobody knows are left out."""


class Replaced(NamedTuple):
    """What became of the keys that were stated."""

    created: int
    updated: int
    unchanged: int
    withdrawn: int


def replace_stated(
    session: Session,
    table: StatedTable[Record],
    before: Mapping[tuple[object, ...], StandingRecord[Record]],
    after: Mapping[Key, Record | None],
    in_trace: Callable[[Record], object],
) -> Replaced:
    """Store what differs from what stands; None withdraws it.

    The trace names records by their keys, as `in_trace` writes them; where only one changed, it is the subject.
    """
    stood = {key: each.record for key, each in before.items()}
    changed = {key: stated for key, stated in after.items() if stated != stood.get(key)}
    stand = [stated for stated in changed.values() if stated is not None]
    if changed:
        ended = [before[key].row for key in changed if key in before]
        replace_records(session, table, ended, stand, stamp(session))
        names = {key: "/".join(str(part) or "*" for part in key) for key in changed}
        kind = str(table.rows.__tablename__)
        subject = f"{kind.removesuffix('s')}:{next(iter(names.values()))}" if len(changed) == 1 else kind
        old = {names[key]: in_trace(stood[key]) for key in changed if key in stood}
        new = {names[key]: None if stated is None else in_trace(stated) for key, stated in changed.items()}
        record(session, f"{kind}.stated", subject, before=old or None, after=new)
        told = (_changed(table, key, f"{kind.removesuffix('s')}:{names[key]}", changed[key]) for key in changed)
        record_changes(session, cast(ChangeKind, kind), told)
    created = sum(key not in stood for key in changed)
    return Replaced(created, len(stand) - created, len(after) - len(changed), len(changed) - len(stand))


def _changed(table: StatedTable[Record], key: tuple[object, ...], subject: str, stated: Record | None) -> Changed:
    """What is told of a key: its unit, and the period or year that it is about."""
    parts = {name: str(part) for name, part in zip(table.key, key, strict=True) if part}
    about = parts.get("period", parts.get("year", ""))
    return Changed("withdrawn" if stated is None else "stated", subject, parts.get("unit", ""), about)


def repeated(keys: Iterable[Key]) -> set[Key]:
    """Keys that are stated more than once."""
    return {key for key, times in Counter(keys).items() if times > 1}


def unit_faults(
    session: Session, named: Iterable[tuple[InputLocation, str, Period | None]], lives: Lives
) -> Iterator[Fault]:
    """Units that nobody knows, and those that did not exist in the period for which they are named (None: in any)."""
    names = UnitSuggester(session)
    for place, code, period in named:
        if code not in lives:
            yield names.unknown(place, code)
        elif period is not None and not overlaps(period, *lives[code]):
            yield names.not_active(place, code, period, lives[code], said=code)


def ended_fault(
    names: UnitSuggester, lives: Lives, place: InputLocation, code: str, day: date, field: str
) -> Fault | None:
    """`unit_unknown`, or `unit_ended` where the last day of a unit came before `day`."""
    _, valid_to = lives.get(code, (None, None))
    if code not in lives:
        return names.unknown(place, code, field)
    if valid_to is not None and valid_to < day:
        return names.ended(place, code, valid_to, day, field)
    return None


def today(session: Session, as_of: int | None = None) -> date:
    """The local day of an instant (µs; None: the present one)."""
    return local_day(to_datetime(as_of or now(session)))


def day_in_future(place: InputLocation, field: str, day: date) -> Fault:
    """`day_in_future`: something is said to have happened on a day that is still to come."""
    return place.fault(DAY_IN_FUTURE, field, {"day": str(day)}, value=str(day))
