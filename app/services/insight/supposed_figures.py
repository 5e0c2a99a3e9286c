"""Figures that are only supposed: read, checked and merged as an import does it, and kept in memory alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.answers.faults import FaultBody
from app.domain.input_location import InputLocation
from app.domain.intake.merge import FigureKey
from app.errors import Language
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.services.rights import Caller
from app.store.bulk_values import Row
from app.store.db import now
from app.store.staged_values import StagedRows

FIGURE = ("numerator", "denominator", "value")


class SupposedFigure(NamedTuple):
    """A revision that would stand, fields as the store names them; figures ×10⁴, instants in µs."""

    period: str
    unit: str
    indicator: str
    source: str
    numerator: int | None
    denominator: int | None
    value: int | None
    decimals: int | None
    observed_at: int
    note: str | None
    retracted: bool
    known_at: int
    import_id: int


@dataclass(slots=True)
class MemoryTarget:
    """Takes what an import would store, and stores nothing. `known_at`: the instant of the supposition (µs)."""

    known_at: int
    standing: dict[FigureKey, SupposedFigure] = field(default_factory=dict)

    def begin(self) -> tuple[int, int]:
        """There is no number: imports that are stored count from 1."""
        return self.known_at, 0

    def forget(self) -> None:
        self.standing.clear()

    def write(self, rows: StagedRows, added: Sequence[Row]) -> None:
        """Observations older than those that stand join a history that nobody asks for."""
        del added
        for row in (*rows.created, *rows.replaced):
            figure = SupposedFigure._make(row)
            self.standing[FigureKey._make(figure[:4])] = figure

    def finish(self) -> None:
        """Nothing is settled, for nothing is stored."""


@dataclass(frozen=True, slots=True)
class SupposedFigures:
    """What would stand, retractions included, and what an import of it would warn of, in both languages."""

    standing: Mapping[FigureKey, SupposedFigure]
    warnings: Sequence[Mapping[Language, FaultBody]]


def suppose(session: Session, caller: Caller, rows: Sequence[object], options: ImportOptions) -> SupposedFigures:
    """What would stand after an import of these long rows; it refuses what that would refuse, row by row.

    Rows are numbered as members of `values` of a body.
    """
    target = MemoryTarget(now(session))
    placed = [(InputLocation(f"/values/{number}"), retracted(row)) for number, row in enumerate(rows)]
    record = import_values(session, caller, placed, options, target=target)
    return SupposedFigures(target.standing, record.warnings)


def retracted(row: object) -> object:
    """A row that states a figure to be null retracts it, which an import wants to be said.

    >>> retracted({"unit": "H60", "value": None})
    {'unit': 'H60', 'value': None, 'retract': True}
    """
    if not isinstance(row, dict) or row.get("retract") is not None:
        return row
    stated = [row[name] for name in FIGURE if name in row]
    return {**row, "retract": True} if stated and all(each is None for each in stated) else row
