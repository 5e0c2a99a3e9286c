"""Units that an event changed between two periods: another body has no change, and one that moved no move of its rank.

Source: docs/domain.md, Ranks and changes.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from app.domain.instant import to_datetime
from app.domain.period import Period, local_day
from app.domain.scoring.changes import UnitsChanged
from app.store.cache import cached
from app.store.unit_events import NamedInEvent, named_between


def changed_units(
    session: Session, before: Period, now: Period, as_of: int | None, *, seen: int | None = None
) -> UnitsChanged:
    """What events changed between the figures of two periods, of all units; one query, kept while data is the same.

    `seen`: of two moments of one period, the earlier one.
    """
    after, until = _window(before, now, seen)
    return cached(
        session,
        ("changed units", after, until, as_of),
        lambda: _changed(named_between(session, after, until, as_of), after, until),
    )


def unit_changed(events: Iterable[NamedInEvent], before: Period, now: Period) -> UnitsChanged:
    """What those of some events changed that fall between the figures of two periods."""
    return _changed(events, *_window(before, now, None))


def events_of_unit(session: Session, code: str, periods: Iterable[Period], as_of: int | None) -> list[NamedInEvent]:
    """Where events name one unit in the time of some periods; one query."""
    spans = [(period.starts_on, period.ends_on) for period in periods]
    if not spans:
        return []
    first, last = min(begins for begins, _ in spans), max(ends for _, ends in spans)
    return named_between(session, first, last, as_of, unit=code)


def _window(before: Period, now: Period, seen: int | None) -> tuple[date, date]:
    """The day after which, and that until which, an event parts the figures of two periods.

    One of the first day of the earlier period comes before all its figures. Of two moments of one period it is the
    earlier look-up that must not have seen it.
    """
    earlier, later = sorted((before, now), key=lambda period: period.starts_on)
    looked_up = earlier.starts_on
    if seen is not None and before.code == now.code:
        looked_up = max(looked_up, local_day(to_datetime(seen)))
    return looked_up, max(earlier.ends_on, later.ends_on)


def _changed(events: Iterable[NamedInEvent], after: date, until: date) -> UnitsChanged:
    inside = [each for each in events if after < each.effective_on <= until]
    return UnitsChanged(
        reformed=frozenset(each.unit for each in inside if each.kind in ("merge", "split", "abolish")),
        moved=frozenset(each.unit for each in inside if each.kind == "move" and each.side == "from"),
    )
