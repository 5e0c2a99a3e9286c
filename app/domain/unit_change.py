"""A change of the map of units on a day: who was there before, who is there after, and what becomes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from app.domain.unit import Unit, changed_from, ended

UnitEventKind = Literal["merge", "split", "rename", "move", "abolish"]
TAKES_TO: tuple[UnitEventKind, ...] = ("merge", "split")
"""Kinds with units after the event; the others change or end the units of `from` themselves."""


@dataclass(frozen=True)
class UnitChange:
    """A change on a day; `sources` are the units before it, `targets` those after with the share they take over."""

    kind: UnitEventKind
    effective_on: date
    sources: tuple[str, ...]
    targets: tuple[tuple[str, str | None], ...] = ()
    name: str | None = None
    parent: str | None = None
    legal_ref: str | None = None

    @cached_property
    def after(self) -> tuple[str, ...]:
        return tuple(unit for unit, _ in self.targets)

    @cached_property
    def vanishing(self) -> tuple[str, ...]:
        """The units that end the day before."""
        staying = frozenset(self.after)
        return () if self.kind in ("rename", "move") else tuple(code for code in self.sources if code not in staying)

    @property
    def changing(self) -> tuple[str, ...]:
        """The units that take the new name or parent."""
        return self.after if self.kind in TAKES_TO else self.sources

    @property
    def named(self) -> list[tuple[str, str]]:
        """Every unit that the event names, with the place where it stands."""
        places = [(f"from/{i}", code) for i, code in enumerate(self.sources)]
        places += [(f"to/{i}/unit", code) for i, code in enumerate(self.after)]
        return places + ([("parent", self.parent)] if self.parent else [])

    @property
    def members(self) -> list[tuple[str, str, str | None]]:
        """Side, unit and share of everybody concerned."""
        return [("from", code, None) for code in self.sources] + [("to", code, share) for code, share in self.targets]


def applied(event: UnitChange, before: Mapping[str, Unit]) -> dict[str, Unit]:
    """The units after the event."""
    changed = {code: ended(before[code], event.effective_on, event.after) for code in event.vanishing}
    if event.name or event.parent:
        for code in event.changing:
            changed[code] = changed_from(before[code], event.effective_on, name=event.name, parent=event.parent)
    return changed
