"""A unit in time: one code, dated versions without gaps, and the events that change it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile
from typing import Annotated, Protocol

from pydantic import Field, StringConstraints, with_config
from typing_extensions import TypedDict

from app.domain.characters import NAME, TRIMMED
from app.domain.day import Day
from app.domain.frameworks.rules import FrameworkPart
from app.domain.period import Period, overlaps
from app.domain.unit_code import UnitCode
from app.domain.unit_names import UnitKind
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Level

SINCE_EVER, FOR_EVER = date.min, date.max
UnitName = Annotated[str, StringConstraints(min_length=1, max_length=300), NAME]


@dataclass(frozen=True, slots=True)
class Version:
    """What a unit is called, where it stands and under whom, between two dates (both included).

    `short_name`, `kind`: as they were stated; None where letters take what the name says (`unit_names`).
    """

    name: str
    level: Level
    parent: str | None
    begins: date = SINCE_EVER
    ends: date = FOR_EVER
    short_name: str | None = None
    kind: UnitKind | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One code through time; `versions` in order of time, each beginning the day after the one before it ended."""

    code: str
    versions: tuple[Version, ...]
    identifiers: tuple[tuple[str, str], ...] = ()
    successors: tuple[str, ...] = ()

    @property
    def last(self) -> Version:
        return self.versions[-1]

    @property
    def valid_from(self) -> date | None:
        return None if self.versions[0].begins == SINCE_EVER else self.versions[0].begins

    @property
    def valid_to(self) -> date | None:
        return None if self.last.ends == FOR_EVER else self.last.ends


def leaves_tree(before: Unit, after: Unit, period: Period) -> bool:
    """Whether a change takes a unit, and all below it, from its place in the tree of a period: it does not exist then
    any more, or stands under another parent all the time.

    Who stood under nobody leaves nobody's board by a parent. Where a unit stands in a period its last version says.
    """
    stood, stands = _versions_in(before, period), _versions_in(after, period)
    if not stood or not stands:
        return bool(stood)
    parent = stood[-1].parent
    return parent is not None and parent not in {each.parent for each in stands}


def leaves_board(before: Unit, after: Unit, period: Period) -> bool:
    """Whether a change takes a unit off its board of a period: from its place in the tree, or from its level."""
    stood, stands = _versions_in(before, period), _versions_in(after, period)
    changes_level = bool(stood) and stood[-1].level not in {each.level for each in stands}
    return changes_level or leaves_tree(before, after, period)


def parent_in(unit: Unit, period: Period) -> str | None:
    """Under whom a unit stands in a period; None where under nobody, or not at all."""
    stood = _versions_in(unit, period)
    return stood[-1].parent if stood else None


def _versions_in(unit: Unit, period: Period) -> list[Version]:
    return [each for each in unit.versions if overlaps(period, each.begins, each.ends)]


@with_config(extra="forbid")
class Identifier(TypedDict):
    """A unit's name in another register, such as `gso` (statistics office) or `dvcqg` (national portal)."""

    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$"), TRIMMED]
    value: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$"), TRIMMED]


MOST_IDENTIFIERS = 100
MOST_SUCCESSORS = 1_000
"""So many a unit has: each version of it and each entry of the trace about it holds them all."""
Identifiers = Annotated[tuple[Identifier, ...], BY_PIECES, Field(max_length=MOST_IDENTIFIERS)]
Successors = Annotated[tuple[UnitCode, ...], BY_PIECES, Field(max_length=MOST_SUCCESSORS)]


class UnitDocument(FrameworkPart):
    """A unit as a document states it: its last names, kind, level and parent, its whole life (both days included).

    What is left out keeps what is known of the unit.
    """

    code: UnitCode
    name: UnitName
    level: Level
    parent: UnitCode | None = None
    identifiers: Identifiers = ()
    valid_from: Day | None = None
    valid_to: Day | None = None
    successors: Successors = ()
    short_name: UnitName | None = None
    kind: UnitKind | None = None


def completed(unit: Unit | None, facts: UnitDocument) -> UnitDocument:
    """The facts with what they leave out taken from the unit as it is known."""
    if unit is None:
        return facts
    stored = {
        "parent": unit.last.parent,
        "identifiers": tuple(Identifier(scheme=scheme, value=value) for scheme, value in unit.identifiers),
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "successors": unit.successors,
        "short_name": unit.last.short_name,
        "kind": unit.last.kind,
    }
    return facts.model_copy(
        update={name: value for name, value in stored.items() if name not in facts.model_fields_set}
    )


def stated(unit: Unit | None, facts: UnitDocument) -> Unit:
    """The unit after `facts` were stated: its last version is corrected in place, earlier dated ones are kept.

    The stated life holds: versions outside it are dropped, the first and the last one reach to its ends.
    """
    begins, ends = facts.valid_from or SINCE_EVER, facts.valid_to or FOR_EVER
    kept = [v for v in (unit.versions if unit else ()) if v.ends >= begins and v.begins <= ends]
    dated = [begins, *(version.begins for version in kept[1:])]
    last = Version(facts.name, facts.level, facts.parent, dated[-1], ends, facts.short_name, facts.kind)
    earlier = [replace(version, begins=day) for version, day in zip(kept[:-1], dated, strict=False)]
    identifiers = tuple(sorted({(each["scheme"], each["value"]) for each in facts.identifiers}))
    return Unit(facts.code, (*earlier, last), identifiers, tuple(dict.fromkeys(facts.successors)))


def changed_from(unit: Unit, on: date, *, name: str | None = None, parent: str | None = None) -> Unit:
    """The unit with another name or parent from a day of its life on.

    What is changed lasts until the next version that had changed the same thing, so that events may come in any
    order.
    """
    versions = _cut(unit.versions, on)
    for field, new in (("name", name), ("parent", parent)):
        if new is not None:
            versions = _carried(versions, on, field, new)
    return replace(unit, versions=_joined(versions))


def _cut(versions: Sequence[Version], on: date) -> list[Version]:
    """The versions with one that begins on the day."""
    parts: list[Version] = []
    for version in versions:
        if version.begins < on <= version.ends:
            parts += [replace(version, ends=on - timedelta(days=1)), replace(version, begins=on)]
        else:
            parts.append(version)
    return parts


def _carried(versions: Sequence[Version], on: date, field: str, new: str) -> list[Version]:
    """The versions with `new` from the day on, as long as what stood there on the day goes on."""
    after = [version for version in versions if version.begins >= on]
    same = list(takewhile(lambda version: getattr(version, field) == getattr(after[0], field), after))
    changed = [_renamed(version, new) if field == "name" else replace(version, parent=new) for version in same]
    return [*versions[: len(versions) - len(after)], *changed, *after[len(same) :]]


def _renamed(version: Version, name: str) -> Version:
    """A version under another name, which says anew what short name and kind were stated of the one before."""
    return replace(version, name=name, short_name=None, kind=None)


def _joined(versions: Sequence[Version]) -> tuple[Version, ...]:
    """The versions, neighbours that differ in nothing but their days as one."""
    parts: list[Version] = []
    for version in versions:
        if parts and version == replace(parts[-1], begins=version.begins, ends=version.ends):
            parts[-1] = replace(parts[-1], ends=version.ends)
        else:
            parts.append(version)
    return tuple(parts)


def ended(unit: Unit, on: date, successors: Sequence[str]) -> Unit:
    """The unit that exists no more from a day in its last version; those who carry its work on are named.

    A unit whose last day is the one before stays as it is and gains the successors.
    """
    last = replace(unit.last, ends=on - timedelta(days=1))
    return replace(
        unit, versions=(*unit.versions[:-1], last), successors=tuple(dict.fromkeys((*unit.successors, *successors)))
    )


class Followed(Protocol):
    """What is known of a unit that others may follow."""

    @property
    def code(self) -> str: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def successors(self) -> Sequence[str]: ...


MOST_GENERATIONS = 100
"""So many times those are looked for who followed units that have ended themselves."""


def heirs(code: str, day: date, find: Callable[[Collection[str]], Iterable[Followed]]) -> list[str]:
    """Who carries on the work of a unit on a day after its end: its successors, or those of these that ended as well.

    `find` gives what is known of units by their codes; it is called once a generation.
    """
    found, followed, generation = set[str](), {code}, {code}
    for _ in range(MOST_GENERATIONS):
        followed_by = set[str]()
        for unit in find(generation):
            if unit.valid_to is not None and unit.valid_to < day:
                followed_by.update(unit.successors)
            else:
                found.add(unit.code)
        generation = followed_by - followed
        followed |= generation
        if not generation:
            break
    return sorted(found - {code})
