"""Targets: what indicators should reach; stated in bulk, all of it or nothing, and listed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from app.answers.targets import TargetOut, TargetsStated
from app.domain.input_location import InputLocation
from app.domain.intake.import_row import INDICATOR_UNKNOWN
from app.domain.period import Period, read_period
from app.domain.suggest import Suggester
from app.domain.targets import EVERYBODY, Target, read_target
from app.domain.vocabulary import Level
from app.errors import ErrorCode, Fault, Faults, Invalid, RefusalCode
from app.services.rights import OUTSIDE, Caller, outside, refuse_foreign, require_readable, subtree_of
from app.services.rights import above as units_above
from app.services.stated import repeated, replace_stated, unit_faults
from app.services.values import decimal_of
from app.store import frameworks as frameworks_store
from app.store import units as units_store
from app.store.stated import StandingRecord, list_standing, load_standing
from app.store.targets import TARGETS, Key, TargetFilter
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row

REFUSED = RefusalCode(
    "targets_refused",
    "{count} thing(s) must be mended before the targets can be taken; nothing was changed.",
    "Có {count} chỗ cần sửa trước khi nhận chỉ tiêu; chưa có gì thay đổi.",
    Invalid,
)
FOR_EVERYBODY = ErrorCode(
    "unit_forbidden",
    "The key {name} may write only for {unit} and the units under it; name the `unit` for which the target holds.",
    "Khóa {name} chỉ được ghi cho {unit} và các đơn vị trực thuộc; hãy ghi `unit` (đơn vị) áp dụng chỉ tiêu.",
)
TWICE = ErrorCode(
    "duplicate_row",
    "This target ({indicator}, {level}, {year}, {unit}) is stated more than once.",
    "Chỉ tiêu ({indicator}, {level}, {year}, {unit}) được ghi nhiều lần.",
)
KEEP = object()
"""Stands for a legal reference that is left out: what is known of it stays."""


@dataclass(frozen=True, slots=True)
class TargetStatement:
    """One target as it was sent; `target` None takes it back, `level` and `unit` None: every level, everybody."""

    place: InputLocation
    indicator: str
    level: str | None
    year: int
    unit: str | None
    target: object
    legal_ref: object = KEEP

    @property
    def key(self) -> Key:
        return (self.year, self.indicator, self.level or EVERYBODY, self.unit or EVERYBODY)

    @property
    def year_period(self) -> Period:
        return read_period(str(self.year))


def upsert_targets(session: Session, caller: Caller, statements: Sequence[TargetStatement]) -> TargetsStated:
    """Take the targets, all of them or none.

    Forbidden `unit_forbidden` where one reaches beyond the caller's subtree, else Invalid that names every fault.
    """
    lives = units_store.lives(session, {each.unit for each in statements if each.unit is not None})
    _require_writable(session, caller, [each for each in statements if each.unit is None or each.unit in lives])
    figures, faults = _figures(session, statements)
    faults.extend(unit_faults(session, _named(statements), lives))
    faults.extend(_repeated(statements))
    if faults:
        raise REFUSED.error(faults=faults, count=faults.count)
    return _write(session, statements, figures)


def _require_writable(session: Session, caller: Caller, statements: Sequence[TargetStatement]) -> None:
    """Raise Forbidden that names every target that is not for a unit of the caller's subtree."""
    if caller.unit is None:
        return
    foreign = outside(session, caller, {each.unit for each in statements if each.unit is not None})
    about: dict[str, object] = {"name": caller.name, "unit": caller.unit}
    faults = [
        each.place.fault(FOR_EVERYBODY, "unit", about)
        if each.unit is None
        else each.place.fault(OUTSIDE, "unit", {**about, "code": each.unit}, value=each.unit)
        for each in statements
        if each.unit is None or each.unit in foreign
    ]
    refuse_foreign(faults)


def _figures(session: Session, statements: Sequence[TargetStatement]) -> tuple[dict[Key, tuple[int, int]], Faults]:
    """The targets by key as figures ×10⁴ and decimals, and the faults of figures and indicators."""
    kinds = frameworks_store.indicator_kinds(session)
    near = Suggester(kinds)
    read: dict[Key, tuple[int, int]] = {}
    faults = Faults()
    for each in statements:
        code = each.indicator
        if code not in kinds:
            context = {"code": code}
            unknown = each.place.fault(INDICATOR_UNKNOWN, "indicator", context, value=code, suggestion=near(code))
            faults.add(unknown)
        if each.target is None:
            continue
        figure = read_target(each.target, kinds.get(code, "number"))
        if isinstance(figure, Fault):
            faults.add(each.place.at("target", figure))
        else:
            read[each.key] = figure
    return read, faults


def _named(statements: Sequence[TargetStatement]) -> Iterator[tuple[InputLocation, str, Period | None]]:
    """Every unit with the year in which it has to exist; a target that is taken back needs none."""
    for each in statements:
        if each.unit is not None:
            yield each.place, each.unit, None if each.target is None else each.year_period


def _repeated(statements: Sequence[TargetStatement]) -> Iterator[Fault]:
    """Targets that are stated twice, at every place."""
    twice = repeated(each.key for each in statements)
    for each in statements:
        if each.key in twice:
            about = {name: getattr(each, name) or "–" for name in ("indicator", "level", "year", "unit")}
            yield each.place.fault(TWICE, "", about)


def _write(
    session: Session, statements: Sequence[TargetStatement], figures: Mapping[Key, tuple[int, int]]
) -> TargetsStated:
    before = load_standing(session, TARGETS, [each.key for each in statements])
    after = {each.key: _after(each, figures.get(each.key), before.get(each.key)) for each in statements}
    replaced = replace_stated(session, TARGETS, before, after, _in_trace)
    return {
        "created": replaced.created,
        "updated": replaced.updated,
        "unchanged": replaced.unchanged,
        "removed": replaced.withdrawn,
        "items": [described(target) for _, target in sorted(after.items()) if target is not None],
    }


def _after(
    statement: TargetStatement, figure: tuple[int, int] | None, standing: StandingRecord[Target] | None
) -> Target | None:
    """What stands after a statement; the same figure written with other decimals leaves what stands."""
    if figure is None:
        return None
    before = None if standing is None else standing.record
    kept = None if before is None else before.legal_ref
    legal_ref = kept if statement.legal_ref is KEEP else statement.legal_ref
    assert legal_ref is None or isinstance(legal_ref, str)
    year, indicator, level, unit = statement.key
    stated = Target(indicator, level, year, unit, *figure, legal_ref)
    return before if before is not None and before._replace(decimals=stated.decimals) == stated else stated


def _in_trace(target: Target) -> dict[str, str | None]:
    return {"target": str(decimal_of(target.target, target.decimals)), "legal_ref": target.legal_ref}


def described(target: Target) -> TargetOut:
    """A target as it is answered, and as it can be sent back."""
    return {
        "indicator": target.indicator,
        "level": cast(Level, target.level) if target.level else None,
        "year": target.year,
        "unit": target.unit or None,
        "target": decimal_of(target.target, target.decimals),
        "legal_ref": target.legal_ref,
    }


def list_targets(
    session: Session,
    caller: Caller,
    where: TargetFilter,
    as_of: int | None,
    *,
    after: Sequence[object] | None,
    limit: int | None,
) -> Iterator[TargetOut]:
    """At most `limit` targets behind the key `after`; a subtree key sees those that can hold for its units."""
    above = tuple(units_above(session, caller))
    if where.unit is not None:
        get_unit_row(session, where.unit, UnitMoment(as_of))
        if where.unit not in above:
            require_readable(session, caller, where.unit)
    within = subtree_of(session, caller)
    kept = TargetFilter(where.year, where.indicator, where.level, where.unit, within=within, above=above)
    found = list_standing(session, TARGETS, as_of, *kept.conditions(), after=after, limit=limit)
    return (described(each.record) for each in found)
