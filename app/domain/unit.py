"""A unit in time: one code, dated versions without gaps, and the events that change it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from app.domain.rules import Document, Level
from app.domain.vietnamese import nfc

SINCE_EVER, FOR_EVER = date.min, date.max


def printable(text: str) -> str:
    """The text in NFC; control characters, which no letter could print, are refused."""
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise ValueError("the text holds a control character")
    return nfc(text)


UnitCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+(\.[A-Z0-9]+)*$", max_length=35)]
UnitName = Annotated[
    str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True), AfterValidator(printable)
]


@dataclass(frozen=True, slots=True)
class Version:
    """What a unit is called, where it stands and under whom, between two dates (both included)."""

    name: str
    level: Level
    parent: str | None
    begins: date = SINCE_EVER
    ends: date = FOR_EVER


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


class Identifier(Document):
    """A unit's name in another register, such as `gso` (statistics office) or `dvcqg` (national portal)."""

    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    value: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]


class Facts(Document):
    """A unit as a document states it: its last name, level and parent, and its whole life (both days included).

    What is left out keeps what is known of the unit.
    """

    code: UnitCode
    name: UnitName
    level: Level
    parent: UnitCode | None = None
    identifiers: tuple[Identifier, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[UnitCode, ...] = ()


def completed(unit: Unit | None, facts: Facts) -> Facts:
    """The facts with what they leave out taken from the unit as it is known."""
    if unit is None:
        return facts
    held = {
        "parent": unit.last.parent,
        "identifiers": tuple(Identifier(scheme=scheme, value=value) for scheme, value in unit.identifiers),
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "successors": unit.successors,
    }
    return facts.model_copy(update={name: value for name, value in held.items() if name not in facts.model_fields_set})


def stated(unit: Unit | None, facts: Facts) -> Unit:
    """The unit after `facts` were stated: its last version is corrected in place, earlier dated ones are kept.

    Versions that lie outside the stated life are dropped, those across its ends are cut.
    """
    begins, ends = facts.valid_from or SINCE_EVER, facts.valid_to or FOR_EVER
    earlier = [v for v in (unit.versions[:-1] if unit else ()) if v.ends >= begins and v.begins <= ends]
    last = Version(facts.name, facts.level, facts.parent, unit.last.begins if unit else begins, ends)
    if earlier:
        earlier[0] = replace(earlier[0], begins=begins)
    versions = (*earlier, replace(last, begins=max(last.begins, begins) if earlier else begins))
    identifiers = tuple(sorted({(each.scheme, each.value) for each in facts.identifiers}))
    return Unit(facts.code, versions, identifiers, tuple(dict.fromkeys(facts.successors)))


def changed_from(unit: Unit, on: date, *, name: str | None = None, parent: str | None = None) -> Unit:
    """The unit with a new version from `on`: another name or another parent."""
    last = unit.last
    new = replace(last, name=name or last.name, parent=parent or last.parent, begins=on)
    if last.begins >= on:
        return replace(unit, versions=(*unit.versions[:-1], replace(new, begins=last.begins)))
    return replace(unit, versions=(*unit.versions[:-1], replace(last, ends=on - timedelta(days=1)), new))


def ended(unit: Unit, on: date, successors: Sequence[str]) -> Unit:
    """The unit that exists no more from `on`; those who carry its work on are named."""
    last = replace(unit.last, ends=on - timedelta(days=1))
    return replace(
        unit, versions=(*unit.versions[:-1], last), successors=tuple(dict.fromkeys((*unit.successors, *successors)))
    )
