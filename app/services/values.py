"""Values as they are read: filtered by right and clock, figures as plain decimals."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.answers.values import RevisionOut, ValueOut
from app.domain.figures import derived_rate
from app.domain.instant import to_datetime
from app.domain.period import read_period
from app.domain.suggest import nearest
from app.errors import Fault
from app.services.frameworks import get_indicator, indicator_names
from app.services.imports.row_checks import SOURCE_UNKNOWN, known_sources
from app.services.periods import list_between
from app.services.rights import Caller, require_readable, subtree_of
from app.store import unit_tree
from app.store import units as units_store
from app.store import values as store
from app.store.period_trees import PeriodTrees
from app.store.rows import RevisionRow, StandingValue, ValueRow
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks, ValueFilter

SCALE = 10_000
DERIVED_DECIMALS = 2
UNNAMED = "manual"
"""What a figure without a source is from."""


def decimal_of(scaled: int, decimals: int | None = None) -> Decimal:
    """A stored figure (×10⁴) as it is printed: with the decimals it was stated with, else without trailing zeros.

    >>> decimal_of(605500), decimal_of(917000, 2), decimal_of(1000000)
    (Decimal('60.55'), Decimal('91.70'), Decimal('100'))
    """
    whole, rest = divmod(scaled, SCALE)
    if decimals is None:
        return Decimal(scaled).scaleb(-4).normalize() if rest else Decimal(whole)
    return Decimal(scaled).scaleb(-4).quantize(Decimal(1).scaleb(-decimals))


def value_of(row: StandingValue) -> Decimal | None:
    """The value of a revision: as stated, or the percentage of its counts; 0/0 has none."""
    if row.value is not None:
        return decimal_of(row.value, row.decimals)
    derived = derived_rate(row.numerator, row.denominator)
    return None if derived is None else decimal_of(derived, DERIVED_DECIMALS)


def described(row: ValueRow) -> ValueOut:
    """One revision as it is answered."""
    return {
        "unit": row.unit,
        "period": row.period,
        "indicator": row.indicator,
        "numerator": None if row.numerator is None else decimal_of(row.numerator),
        "denominator": None if row.denominator is None else decimal_of(row.denominator),
        "value": value_of(row),
        "source": row.source,
        "observed_at": to_datetime(row.observed_at),
        "note": row.note,
        "known_at": to_datetime(row.known_at),
        "import_id": row.import_id,
    }


def revision_described(row: RevisionRow) -> RevisionOut:
    """One revision of a history: also who brought it, whether it took the figure back and whether it was undone."""
    undone = None if row.undone_at is None else to_datetime(row.undone_at)
    return {**described(row), "actor": row.actor, "retracted": row.retracted, "undone_at": undone}


def within_rights(
    session: Session, caller: Caller, where: ValueFilter, sources: Collection[str], as_of: int | None
) -> ValueFilter:
    """The same filter, kept to the caller's subtree; `under` and `level` follow the tree of each value's period.

    NotFound for a unit named outside it or nowhere and for an unknown indicator, as known at the instant `as_of`,
    Invalid for a source that neither `sources` nor a framework names, unless figures are kept from it.
    """
    for code in (where.unit, where.under):
        if code is not None:
            require_readable(session, caller, code)
            units_store.get_unit_row(session, code, UnitMoment(as_of))
    if where.indicator is not None:
        get_indicator(session, where.indicator, as_of)
    if where.source is not None:
        check_source(session, where.source, sources)
    spanning = where.first is not None or where.final is not None
    known = list_between(session, where.first, where.final) if spanning else None
    periods = where.periods if known is None else tuple(period.code for period in known)
    kept = replace(where, within=subtree_of(session, caller), periods=periods)
    return kept if where.under is None and where.level is None else replace(kept, trees=_trees(session, kept, as_of))


def _trees(session: Session, where: ValueFilter, as_of: int | None) -> PeriodTrees:
    """The periods in question, those of one tree together, each tree by one of the days on which it stood."""
    if where.period is not None:
        return (((where.period,), read_period(where.period).ends_on),)
    codes = store.all_periods(session) if where.periods is None else where.periods
    days = {code: read_period(code).ends_on for code in codes}
    alike = unit_tree.same_trees(session, days.values(), as_of)
    found: dict[date, list[str]] = {}
    for code, day in days.items():
        found.setdefault(alike[day], []).append(code)
    return tuple((tuple(codes), day) for day, codes in found.items())


def check_source(session: Session, source: str, sources: Collection[str]) -> None:
    """Invalid `source_unknown` for a source that nobody names and no figure is from."""
    known = {*known_sources(session), *sources, UNNAMED}
    if source in known or store.holds_source(session, source):
        return
    context = {"source": source[:60], "known": ", ".join(sorted(known))}
    near = nearest(source, known)
    raise Fault(SOURCE_UNKNOWN, context, parameter="source", value=source, suggestion=near).error()


def list_values(
    session: Session,
    caller: Caller,
    where: ValueFilter,
    clocks: Clocks,
    *,
    after: Sequence[str] | None,
    limit: int | None,
    sources: Collection[str] = (),
) -> Iterator[ValueOut]:
    """The values that stand under the clocks; `sources` may be named besides those of the frameworks."""
    kept = within_rights(session, caller, where, sources, clocks.as_of)
    return map(described, store.list_values(session, kept, clocks, after=after, limit=limit))


def list_revisions(
    session: Session,
    caller: Caller,
    where: ValueFilter,
    clocks: Clocks,
    *,
    after: Sequence[str | int] | None,
    limit: int | None,
    sources: Collection[str] = (),
) -> Iterator[RevisionOut]:
    """Every revision: what was replaced, taken back and undone too, the newest observation of a figure first."""
    kept = within_rights(session, caller, where, sources, clocks.as_of)
    return map(revision_described, store.list_revisions(session, kept, clocks, after=after, limit=limit))


def names_of(session: Session, items: Sequence[ValueOut], clocks: Clocks) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the units and the Vietnamese ones of the indicators of answered values, by code; two queries.

    Units are called as they were last known by then; a code that nothing describes stands for itself.
    """
    units = {item["unit"]: item["unit"] for item in items}
    indicators = {item["indicator"]: item["indicator"] for item in items}
    for row in units_store.named(session, units, UnitMoment(clocks.as_of)):
        units[row.code] = row.name
    known = indicator_names(session, clocks.as_of)
    indicators |= {code: known[code] for code in indicators if code in known}
    return units, indicators


def place(item: ValueOut) -> list[str]:
    """The sort key of an answered value."""
    return [item["period"], item["unit"], item["indicator"], item["source"]]
