"""Publications: who has to publish what by when, and who has; stated in bulk, all of it or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.answers.publications import PublicationOut, PublicationsStated
from app.domain.input_location import InputLocation
from app.domain.level_names import level_names
from app.domain.period import Period, read_or_fault
from app.domain.publications import RESULTS, PublicationState, state_on
from app.domain.vocabulary import Level
from app.errors import ErrorCode, Fault, Faults, Invalid, RefusalCode, Text
from app.services.rights import (
    Caller,
    outside,
    outside_faults,
    refuse_foreign,
    require_readable,
    subtree_of,
)
from app.services.stated import day_in_future, ended_fault, repeated, replace_stated, today, unit_faults
from app.services.unit_names import UnitSuggester
from app.store import units as units_store
from app.store.publications import KEY, PUBLICATIONS, Key, Publication, PublicationFacts, PublicationFilter
from app.store.stated import StandingRecord, as_json, list_standing, load_standing
from app.store.unit_versions import UnitMoment

MOST_UNITS = 20_000
"""So many units, each once a statement, are taken at a time: twice all there are."""
MOST_GROUPS = 200
"""So many groups of units (a level under a unit in a period) are looked up at a time: each may cost a walk of the tree.
"""

Known = dict[tuple[str, Level | None, str | None], Sequence[str]]
"""The units of a level under a unit in a period."""

REFUSED = RefusalCode(
    "publications_refused",
    "{count} thing(s) must be mended before the publications can be taken; nothing was changed.",
    "Có {count} chỗ cần sửa trước khi nhận thông tin công khai; chưa có gì thay đổi.",
    Invalid,
)
UNIT_OR_LEVEL = ErrorCode(
    "unit_or_level",
    "Name one `unit`, or a `level` (and `under`) for all its units.",
    "Hãy ghi một `unit` (đơn vị), hoặc `level` (cấp) và `under` cho mọi đơn vị của cấp đó.",
)
NO_UNITS = ErrorCode(
    "units_none",
    "There is no unit of the level {level}{above} in {period}.",
    "Không có đơn vị nào thuộc {level}{above} trong kỳ {period}.",
)
TOO_MANY = RefusalCode(
    "publications_too_many",
    "More than {limit} publications, or those of more than {groups} levels and periods, are stated at once; divide "
    "them.",
    "Ghi quá {limit} nội dung công khai, hoặc quá {groups} nhóm cấp và kỳ, trong một lần; hãy chia nhỏ.",
    Invalid,
)
TWICE = ErrorCode(
    "publication_repeated",
    "The publication ({period}, {subject}, {unit}) is stated more than once.",
    "Nội dung công khai ({period}, {subject}, {unit}) được ghi nhiều lần.",
)


@dataclass(frozen=True, slots=True)
class PublicationStatement:
    """What is said of a unit, or of all units of a level under `under`; facts that are left out keep what is known.

    `retract` takes the obligation back, whatever else is said.
    """

    place: InputLocation
    period: str
    subject: str = RESULTS
    unit: str | None = None
    level: Level | None = None
    under: str | None = None
    retract: bool = False
    facts: PublicationFacts = field(default_factory=PublicationFacts)

    @property
    def named_by(self) -> str:
        """The field that says whom it is about."""
        return "unit" if self.level is None else "level"

    @property
    def units(self) -> Iterator[tuple[str, str]]:
        """Every unit that is named, with its field."""
        yield from ((name, code) for name, code in (("unit", self.unit), ("under", self.under)) if code is not None)


class UnitStatement(NamedTuple):
    """A statement about one unit."""

    statement: PublicationStatement
    period: Period
    unit: str

    @property
    def key(self) -> Key:
        return (self.period.code, self.statement.subject, self.unit)


def upsert_publications(
    session: Session, caller: Caller, statements: Sequence[PublicationStatement]
) -> PublicationsStated:
    """Take what is stated, all of it or nothing.

    Forbidden `unit_forbidden` where a unit lies outside the caller's subtree, else Invalid that names every fault.
    """
    ones, faults = _spread(session, statements)
    lives = units_store.lives(session, {one.unit for one in ones})
    _require_writable(session, caller, statements, ones)
    faults.extend(unit_faults(session, ((one.statement.place, one.unit, one.period) for one in ones), lives))
    faults.extend(_day_faults(session, statements))
    faults.extend(_repeated(ones))
    if faults:
        raise REFUSED.error(faults=faults, count=faults.count)
    return _write(session, ones, today(session))


def _spread(session: Session, statements: Sequence[PublicationStatement]) -> tuple[list[UnitStatement], Faults]:
    """A statement for each unit, and the faults of those that name none or no period."""
    ones: list[UnitStatement] = []
    about_nobody: list[tuple[PublicationStatement, Period]] = []
    faults = Faults()
    known: Known = {}
    for each in statements:
        period = read_or_fault(each.period)
        if isinstance(period, Fault):
            faults.add(each.place.at("period", period))
        elif (each.unit is None) == (each.level is None) or (each.under is not None and each.level is None):
            faults.add(each.place.fault(UNIT_OR_LEVEL, "unit", {}))
        else:
            units = _units_of(session, each, period, known)
            ones += [UnitStatement(each, period, unit) for unit in units]
            about_nobody += [] if units else [(each, period)]
        if len(ones) > MOST_UNITS or len(known) > MOST_GROUPS:
            raise TOO_MANY.error(limit=MOST_UNITS, groups=MOST_GROUPS)
    faults.extend(_nobody_faults(session, about_nobody))
    return ones, faults


def _nobody_faults(session: Session, statements: Sequence[tuple[PublicationStatement, Period]]) -> Iterator[Fault]:
    """`units_none`; where the unit above is unknown or had ended before the period, that it is."""
    lives = units_store.lives(session, {each.under for each, _ in statements if each.under is not None})
    names = UnitSuggester(session)
    for each, period in statements:
        place, under = each.place, each.under
        fault = None if under is None else ended_fault(names, lives, place, under, period.starts_on, "under")
        assert each.level is not None
        above = Text("", "") if under is None else Text(f" under {under}", f", trực thuộc {under},")
        context = {"level": level_names([each.level]), "above": above, "period": period.code}
        yield fault or place.fault(NO_UNITS, "level", context)


def _units_of(session: Session, statement: PublicationStatement, period: Period, known: Known) -> Sequence[str]:
    """The codes that a statement is about; those of a level are looked up once."""
    if statement.unit is not None:
        return [statement.unit]
    key = (period.code, statement.level, statement.under)
    if key not in known:
        moment = UnitMoment(period=period)
        rows = units_store.list_units(
            session, moment=moment, level=statement.level, under=statement.under, limit=MOST_UNITS + 1
        )
        known[key] = [row.code for row in rows]
    return known[key]


def _require_writable(
    session: Session, caller: Caller, statements: Sequence[PublicationStatement], ones: Sequence[UnitStatement]
) -> None:
    """Raise Forbidden that names every unit outside the caller's subtree, and every level with one of those."""
    foreign = outside(session, caller, {one.unit for one in ones})
    of_level = {one.statement.place: ("level", one.unit) for one in reversed(ones) if one.unit in foreign}
    named: list[tuple[InputLocation, str, str]] = []
    for each in statements:
        also = [of_level[each.place]] if each.level is not None and each.place in of_level else []
        named += [(each.place, *field) for field in (*each.units, *also)]
    refuse_foreign(outside_faults(session, caller, named))


def _day_faults(session: Session, statements: Sequence[PublicationStatement]) -> Iterator[Fault]:
    """Days of publication that are still to come."""
    present = today(session)
    for each in statements:
        day = each.facts.get("published_on")
        if day is not None and day > present:
            yield day_in_future(each.place, "published_on", day)


def _repeated(ones: Sequence[UnitStatement]) -> Iterator[Fault]:
    """Keys that are stated twice, at every place once."""
    keys = repeated(one.key for one in ones)
    twice = {one.statement.place: one for one in reversed(ones) if one.key in keys}
    for place, one in reversed(twice.items()):
        context = dict(zip(KEY, one.key, strict=True))
        yield place.fault(TWICE, one.statement.named_by, context)


def _write(session: Session, ones: Sequence[UnitStatement], on: date) -> PublicationsStated:
    """Store what differs from what stands; the answer says how it stands on the day."""
    before = load_standing(session, PUBLICATIONS, {one.key for one in ones})
    after = {one.key: _after(one, before.get(one.key)) for one in ones}
    replaced = replace_stated(session, PUBLICATIONS, before, after, _in_trace)
    return {
        "created": replaced.created,
        "updated": replaced.updated,
        "unchanged": replaced.unchanged,
        "retracted": replaced.withdrawn,
        "items": [described(publication, on) for _, publication in sorted(after.items()) if publication is not None],
    }


def _after(one: UnitStatement, before: StandingRecord[Publication] | None) -> Publication | None:
    """What stands after a statement; None where nothing does."""
    if one.statement.retract:
        return None
    known = Publication(*one.key) if before is None else before.record
    return known._replace(**one.statement.facts)


def _in_trace(publication: Publication) -> dict[str, object]:
    return {name: said for name, said in as_json(PUBLICATIONS, publication).items() if name not in KEY}


def described(publication: Publication, on: date) -> PublicationOut:
    """A publication with its state on a day."""
    return {
        "period": publication.period,
        "subject": publication.subject,
        "unit": publication.unit,
        "due_on": publication.due_on,
        "published_on": publication.published_on,
        "url": publication.url,
        "note": publication.note,
        "legal_ref": publication.legal_ref,
        "state": state_on(publication.due_on, publication.published_on, on),
    }


@dataclass(frozen=True, slots=True)
class PublicationsQuery:
    """A selection of publications: as they were known at `as_of` (µs), in a state on a day (None: today)."""

    where: PublicationFilter
    as_of: int | None = None
    state: PublicationState | None = None
    on: date | None = None


def list_publications(
    session: Session, caller: Caller, query: PublicationsQuery, *, after: Sequence[str] | None, limit: int | None
) -> Iterator[PublicationOut]:
    """At most `limit` (None: all) publications behind the key `after`, kept to the caller's subtree."""
    where = query.where
    for code in (where.unit, where.under):
        if code is not None:
            require_readable(session, caller, code)
            units_store.get_unit_row(session, code, UnitMoment(query.as_of))
    kept = PublicationFilter(where.period, where.subject, where.unit, where.under, within=subtree_of(session, caller))
    on = query.on or today(session, query.as_of)
    found = list_standing(session, PUBLICATIONS, query.as_of, *kept.conditions(query.as_of), after=after, limit=None)
    publications = (described(each.record, on) for each in found)
    return islice((item for item in publications if query.state in (None, item["state"])), limit)
