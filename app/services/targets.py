"""Targets: what indicators should reach; stated in bulk, all of it or nothing, and listed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.intake.import_row import INDICATOR_UNKNOWN
from app.domain.period import Period, overlaps, read_period
from app.domain.suggest import Suggester
from app.domain.targets import EVERYBODY, Target, read_target
from app.errors import Fault, Faults, Invalid, Text
from app.services.rights import OUTSIDE, Caller, outside, refuse_foreign, require_readable, subtree_of
from app.services.rights import above as units_above
from app.services.unit_names import UnitSuggester
from app.services.values import decimal_of
from app.store import frameworks as frameworks_store
from app.store import targets as store
from app.store import units as units_store
from app.store.audit import record
from app.store.db import stamp
from app.store.targets import Key, TargetFilter
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row

REFUSED = Text(
    "{count} thing(s) must be mended before the targets can be taken; nothing was changed.",
    "Có {count} chỗ cần sửa trước khi nhận chỉ tiêu; chưa có gì thay đổi.",
)
FOR_EVERYBODY = Text(
    "The key {name} may write only for {unit} and the units under it; name the `unit` for which the target holds.",
    "Khóa {name} chỉ được ghi cho {unit} và các đơn vị trực thuộc; hãy ghi `unit` (đơn vị) áp dụng chỉ tiêu.",
)
TWICE = Text(
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


@dataclass(frozen=True, slots=True)
class TargetsWritten:
    """What became of the targets that were named, and those of them that stand now, by key."""

    created: int
    updated: int
    unchanged: int
    removed: int
    items: Sequence[Mapping[str, Any]]


class TargetChange(NamedTuple):
    """What a statement does: the number of the row that stood, its target, and the target that stands from now on."""

    row: int | None
    before: Target | None
    after: Target | None

    @property
    def act(self) -> str:
        """The same figure written with other decimals is no change."""
        if self.after is None:
            return "unchanged" if self.before is None else "removed"
        if self.before is None:
            return "created"
        return "unchanged" if _without_decimals(self.before) == _without_decimals(self.after) else "updated"

    @property
    def stands(self) -> Target | None:
        """What stands in the end."""
        return self.before if self.act == "unchanged" else self.after


def _without_decimals(target: Target) -> Target:
    return target._replace(decimals=0)


def upsert_targets(session: Session, caller: Caller, statements: Sequence[TargetStatement]) -> TargetsWritten:
    """Take the targets, all of them or none.

    Forbidden `unit_forbidden` where one reaches beyond the caller's subtree, else Invalid that names every fault.
    """
    lives = units_store.lives(session, {each.unit for each in statements if each.unit is not None})
    _require_writable(session, caller, [each for each in statements if each.unit is None or each.unit in lives])
    figures, faults = _figures(session, statements)
    faults.extend(_unit_faults(session, statements, lives))
    faults.extend(_repeated(statements))
    if faults:
        raise Invalid("targets_refused", REFUSED, faults=faults, count=faults.count)
    return _write(session, statements, figures)


def _require_writable(session: Session, caller: Caller, statements: Sequence[TargetStatement]) -> None:
    """Raise Forbidden that names every target that is not for a unit of the caller's subtree."""
    if caller.unit is None:
        return
    foreign = outside(session, caller, {each.unit for each in statements if each.unit is not None})
    about: dict[str, Any] = {"name": caller.name, "unit": caller.unit}
    faults = [
        each.place.fault("unit_forbidden", FOR_EVERYBODY, "unit", about)
        if each.unit is None
        else each.place.fault("unit_forbidden", OUTSIDE, "unit", {**about, "code": each.unit}, value=each.unit)
        for each in statements
        if each.unit is None or each.unit in foreign
    ]
    refuse_foreign(faults)


def _figures(session: Session, statements: Sequence[TargetStatement]) -> tuple[dict[Key, tuple[int, int]], Faults]:
    """The targets by key as figures ×10⁴ and decimals, and the faults of figures and indicators."""
    kinds: dict[str, Any] = frameworks_store.indicator_kinds(session)
    near = Suggester(kinds)
    read: dict[Key, tuple[int, int]] = {}
    faults = Faults()
    for each in statements:
        code = each.indicator
        if code not in kinds:
            told = {"code": code}
            unknown = each.place.fault(
                "indicator_unknown", INDICATOR_UNKNOWN, "indicator", told, value=code, suggestion=near(code)
            )
            faults.add(unknown)
        if each.target is None:
            continue
        figure = read_target(each.target, kinds.get(code, "number"))
        if isinstance(figure, Fault):
            faults.add(each.place.at("target", figure))
        else:
            read[each.key] = figure
    return read, faults


def _unit_faults(session: Session, statements: Sequence[TargetStatement], lives: Mapping[str, Any]) -> Iterator[Fault]:
    """Units that nobody knows, and those that do not exist in the year of a target (which may still be taken back)."""
    names = UnitSuggester(session)
    for each in statements:
        place, code = each.place, each.unit
        if code is None:
            continue
        if code not in lives:
            yield names.unknown(place, code)
        elif each.target is not None and not overlaps(each.year_period, *lives[code]):
            yield names.not_active(place, code, each.year_period, lives[code], said=code)


def _repeated(statements: Sequence[TargetStatement]) -> Iterator[Fault]:
    """Targets that are stated twice, at every place."""
    counts = Counter(each.key for each in statements)
    for each in statements:
        if counts[each.key] > 1:
            about = {name: getattr(each, name) or "–" for name in ("indicator", "level", "year", "unit")}
            yield each.place.fault("duplicate_row", TWICE, "", about)


def _write(
    session: Session, statements: Sequence[TargetStatement], figures: Mapping[Key, tuple[int, int]]
) -> TargetsWritten:
    """Store what differs from what stands, with one entry in the trace."""
    held = store.load_targets(session, [each.key for each in statements])
    changes = {each.key: _change(each, figures.get(each.key), held.get(each.key)) for each in statements}
    counts = Counter(change.act for change in changes.values())
    moved = {key: change for key, change in changes.items() if change.act != "unchanged"}
    if moved:
        stated = [change.after for change in moved.values() if change.after is not None]
        ended = [change.row for change in moved.values() if change.row is not None]
        store.replace_targets(session, ended, stated, stamp(session))
        _record(session, moved)
    stand = [change.stands for _, change in sorted(changes.items())]
    return TargetsWritten(
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        removed=counts["removed"],
        items=[described(target) for target in stand if target is not None],
    )


def _change(
    statement: TargetStatement, figure: tuple[int, int] | None, held: tuple[int, Target] | None
) -> TargetChange:
    row, before = held or (None, None)
    if figure is None:
        return TargetChange(row, before, None)
    kept = None if before is None else before.legal_ref
    legal_ref = kept if statement.legal_ref is KEEP else statement.legal_ref
    year, indicator, level, unit = statement.key
    assert legal_ref is None or isinstance(legal_ref, str)
    return TargetChange(row, before, Target(indicator, level, year, unit, *figure, legal_ref))


def _record(session: Session, moved: Mapping[Key, TargetChange]) -> None:
    """One entry for all that changed; a single target is the subject, in many each is named by its key."""
    names = {key: "/".join(str(part) or "*" for part in key) for key in moved}
    subject = f"target:{next(iter(names.values()))}" if len(moved) == 1 else "targets"
    before = {names[key]: _plain(change.before) for key, change in moved.items() if change.before is not None}
    after = {names[key]: change.after and _plain(change.after) for key, change in moved.items()}
    record(session, "targets.stated", subject, before=before or None, after=after)


def _plain(target: Target) -> dict[str, Any]:
    """A target as plain JSON for the trace."""
    return {"target": str(decimal_of(target.target, target.decimals)), "legal_ref": target.legal_ref}


def described(target: Target) -> dict[str, Any]:
    """A target as it is answered, and as it can be sent back."""
    return {
        "indicator": target.indicator,
        "level": target.level or None,
        "year": target.year,
        "unit": target.unit or None,
        "target": decimal_of(target.target, target.decimals),
        "legal_ref": target.legal_ref,
    }


def place(item: Mapping[str, Any]) -> list[Any]:
    """The sort key of an answered target."""
    return [item["year"], item["indicator"], item["level"] or EVERYBODY, item["unit"] or EVERYBODY]


def list_targets(
    session: Session,
    caller: Caller,
    wanted: TargetFilter,
    as_of: int | None,
    *,
    after: Sequence[Any] | None,
    limit: int | None,
) -> list[dict[str, Any]]:
    """At most `limit` targets behind the key `after`; a subtree key sees those that can hold for its units."""
    above = tuple(units_above(session, caller))
    if wanted.unit is not None:
        get_unit_row(session, wanted.unit, UnitMoment(as_of))
        if wanted.unit not in above:
            require_readable(session, caller, wanted.unit)
    within = subtree_of(session, caller)
    kept = TargetFilter(wanted.year, wanted.indicator, wanted.level, wanted.unit, within=within, above=above)
    return [described(each) for each in store.list_targets(session, kept, as_of, after=after, limit=limit)]
