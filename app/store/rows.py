"""What the rows of queries hold, by name: so a misspelt column fails in mypy, wherever the rows are read.

Rows of the database and named tuples are such rows alike. Figures are integers ×10⁴, instants µs since 1970.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple, Protocol

from app.domain.unit import Identifier
from app.domain.unit_names import UnitKind
from app.domain.vocabulary import Level


class StandingValue(Protocol):
    """A value that stands in a period: whose, of what, from which source, what it says, and when it was looked up."""

    @property
    def unit(self) -> str: ...
    @property
    def indicator(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def numerator(self) -> int | None: ...
    @property
    def denominator(self) -> int | None: ...
    @property
    def value(self) -> int | None: ...
    @property
    def decimals(self) -> int | None: ...
    @property
    def observed_at(self) -> int: ...


class ValueColumns(NamedTuple):
    """Values that stand in a period, column by column: where there are a hundred thousand, objects cost too much."""

    unit: Sequence[str]
    indicator: Sequence[str]
    source: Sequence[str]
    numerator: Sequence[int | None]
    denominator: Sequence[int | None]
    value: Sequence[int | None]
    decimals: Sequence[int | None]
    observed_at: Sequence[int]

    @classmethod
    def of(cls, rows: Iterable[StandingValue]) -> "ValueColumns":
        """The columns of these rows."""
        return cls.of_tuples(map(attrgetter(*cls._fields), rows))

    @classmethod
    def of_tuples(cls, rows: Iterable[tuple[object, ...]]) -> "ValueColumns":
        """The columns of tuples that hold the fields in this order."""
        columns = list(zip(*rows, strict=True))
        return cls(*columns or [()] * len(cls._fields))


class ValueRow(StandingValue, Protocol):
    """A value with its period and the import that brought it."""

    @property
    def period(self) -> str: ...
    @property
    def known_at(self) -> int: ...
    @property
    def import_id(self) -> int: ...
    @property
    def note(self) -> str | None: ...
    @property
    def retracted(self) -> bool: ...


class RevisionRow(ValueRow, Protocol):
    """A revision of a history: also who brought it, and when it was undone."""

    @property
    def actor(self) -> str: ...
    @property
    def undone_at(self) -> int | None: ...


class PlacedUnit(Protocol):
    """A unit as it stood at a moment: its names, kind (both as stated) and level, and whom it stood under."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def level(self) -> Level: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def short_name(self) -> str | None: ...
    @property
    def kind(self) -> UnitKind | None: ...


class DatedUnit(PlacedUnit, Protocol):
    """What a unit was from one day to another, both included."""

    @property
    def begins(self) -> date: ...
    @property
    def ends(self) -> date: ...


class UnitRow(PlacedUnit, Protocol):
    """A unit with all that is answered of it, and its place in the order of names."""

    @property
    def identifiers(self) -> Sequence[Identifier]: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def successors(self) -> Sequence[str]: ...
    @property
    def name_order(self) -> str: ...
