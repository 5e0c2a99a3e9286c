"""Periods with their locks and due dates."""

from datetime import date

from sqlalchemy.orm import Session

from app.answers.periods import DueOut, PeriodOut
from app.domain.input_location import located
from app.domain.period import Period, PeriodType, read_period
from app.errors import Fault, Invalid, RefusalCode
from app.services.rights import Caller
from app.store import periods as store
from app.store.audit import record
from app.store.changes import record_change
from app.store.db import stamp
from app.store.periods import PeriodLock
from app.store.values import all_periods, periods_with_figures

SPAN_REVERSED = RefusalCode(
    "span_reversed",
    "`from` ({first}) begins after `to` ({final}) ends, so no period lies between; exchange the two.",
    "`from` ({first}) bắt đầu sau khi `to` ({final}) kết thúc nên không có kỳ nào ở giữa; hãy đổi chỗ hai kỳ.",
    Invalid,
)
TOO_EARLY = RefusalCode(
    "due_before_period",
    "The figures of {period} cannot be due before it begins on {begins}.",
    "Hạn nộp số liệu kỳ {period} không thể trước ngày bắt đầu {begins}.",
    Invalid,
)


def described(period: Period, *, locked: bool) -> PeriodOut:
    """A period as it is answered."""
    return {
        "code": period.code,
        "type": period.type,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "previous": period.previous,
        "same_last_year": period.same_last_year,
        "parent": period.parent,
        "children": list(period.children),
        "locked": locked,
    }


def read(session: Session, code: str) -> PeriodOut:
    """A period computed from its code, and whether it is locked."""
    period = read_period(code)
    return described(period, locked=bool(store.locked_periods(session, [period.code])))


def list_periods(
    session: Session,
    *,
    type: PeriodType | None,
    first: str | None,
    final: str | None,
    after: str | None,
    limit: int | None,
) -> list[PeriodOut]:
    """Periods that hold data, in the order of their first day, then the longer one first."""
    periods = [
        p
        for p in sorted(list_between(session, first, final, standing=True), key=order)
        if (type is None or p.type == type) and (after is None or order(p) > order(read_period(after)))
    ][:limit]
    locked = store.locked_periods(session, [p.code for p in periods])
    return [described(p, locked=p.code in locked) for p in periods]


def list_between(session: Session, first: str | None, final: str | None, *, standing: bool = False) -> list[Period]:
    """Periods that hold revisions and do not begin before the period `first`, nor end after the period `final`.

    With `standing` only those with a figure that was not taken back.
    """
    starts, ends = read_span(first, final)
    codes = periods_with_figures(session) if standing else all_periods(session)
    with_values = map(read_period, codes)
    return [period for period in with_values if period.starts_on >= starts and period.ends_on <= ends]


def read_span(first: str | None, final: str | None) -> tuple[date, date]:
    """The first day of the period `from` and the last one of the period `to`; Invalid `span_reversed`."""
    with located(parameter="from"):
        starts = read_period(first).starts_on if first else date.min
    with located(parameter="to"):
        ends = read_period(final).ends_on if final else date.max
    if starts > ends:
        context = {"first": str(first), "final": str(final)}
        raise Fault(SPAN_REVERSED, context, parameter="from", value=first).error()
    return starts, ends


def order(period: Period) -> tuple[int, int]:
    """By the first day, the longer period before its parts."""
    return period.starts_on.toordinal(), -period.ends_on.toordinal()


def lock(session: Session, caller: Caller, code: str, reason: str | None) -> PeriodOut:
    """Close a period to changes; locking a locked one changes nothing."""
    period = read_period(code)
    if not store.locked_periods(session, [code]):
        store.add_lock(session, PeriodLock(period=code, known_at=stamp(session), actor=caller.name, reason=reason))
        record(session, "period.locked", f"period:{code}", after={"reason": reason})
        record_change(session, "periods", "locked", f"period:{code}", period=code)
    return described(period, locked=True)


def unlock(session: Session, code: str, reason: str | None) -> PeriodOut:
    """Open a period again, with the reason in the trace; an open one stays open."""
    period = read_period(code)
    if store.locked_periods(session, [code]):
        store.remove_lock(session, code)
        record(session, "period.unlocked", f"period:{code}", after={"reason": reason})
        record_change(session, "periods", "unlocked", f"period:{code}", period=code)
    return described(period, locked=False)


def state_due(session: Session, code: str, due_on: date) -> DueOut:
    """Set the day by which a period's figures are to be in; Invalid before the period begins."""
    period = read_period(code)
    if due_on < period.starts_on:
        begins = str(period.starts_on)
        raise Fault(TOO_EARLY, {"period": code, "begins": begins}, pointer="/due_on").error()
    before = store.find_due(session, code)
    if before != due_on:
        stamp(session)
        store.set_due(session, code, due_on)
        was = None if before is None else {"due_on": str(before)}
        record(session, "period.due", f"period:{code}", before=was, after={"due_on": str(due_on)})
        record_change(session, "periods", "due", f"period:{code}", period=code)
    return {"period": code, "due_on": due_on}
