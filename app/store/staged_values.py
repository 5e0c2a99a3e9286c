"""Revisions in temporary tables of a connection: written there while nobody waits, stored by a statement a table.

At which instant they become known is settled only when they are stored; until then an instant that never was stands
for it. The tables are the connection's own: no other sees them, and they are gone when it is closed.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.store.bulk_values import NAMES, ROW, UPSERT, Row, write_rows
from app.store.changes import as_parameter, places_given
from app.store.topics import FigurePlace, of_figures


class StagedRows(NamedTuple):
    """Revisions that join the history, those that stand of figures that were not there, and of those that were."""

    past: Sequence[Row]
    created: Sequence[Row]
    replaced: Sequence[Row]


TABLES = {
    "staged_past": ("past_values", ""),
    "staged_created": ("current_values", ""),
    "staged_replaced": ("current_values", UPSERT),
}
"""For each of them in turn where it goes, and what becomes of rows that are there already."""
INSTANTS = ("observed_at", "known_at")
_STAMPED = ", ".join(f"CASE {n} WHEN :unsettled THEN :known_at ELSE {n} END" if n in INSTANTS else n for n in ROW)


def empty_stage(session: Session) -> None:
    """Make the tables, in place of those that the connection has."""
    with of_figures(session, ()):  # only the columns are looked at
        for name in TABLES:
            session.execute(text(f"DROP TABLE IF EXISTS {name}"))
            session.execute(text(f"CREATE TEMPORARY TABLE {name} AS SELECT {NAMES} FROM current_values WHERE false"))  # noqa: S608 - our own names
    session.execute(text("DROP TABLE IF EXISTS staged_places"))
    session.execute(text("CREATE TEMPORARY TABLE staged_places (period text, unit text, PRIMARY KEY (period, unit))"))


def stage_rows(session: Session, rows: StagedRows) -> None:
    """Put rows into the tables."""
    for table, each in zip(TABLES, rows, strict=True):
        write_rows(session.connection(), table, "", each)


def stage_places(session: Session, places: Iterable[tuple[str, str]]) -> None:
    """Put periods and units into `staged_places`, whose figures change."""
    given = f"SELECT unit, period FROM ({places_given(session)}) AS given WHERE true"  # noqa: S608 - our own names
    statement = f"INSERT INTO staged_places (unit, period) {given} ON CONFLICT DO NOTHING"
    session.execute(text(statement), {"places": as_parameter(places)})


def store_staged(session: Session, places: Iterable[FigurePlace], *, unsettled: int, known_at: int) -> None:
    """Store what the connection has staged, figures of these places, as known at this instant instead of `unsettled`.

    Figures that were created when they were staged must not be there.
    """
    insert = "INSERT" if session.get_bind().dialect.name == "postgresql" else "INSERT OR FAIL"  # as for other bulk
    with of_figures(session, places):
        for staged, (table, clause) in TABLES.items():
            statement = f"{insert} INTO {table} ({NAMES}) SELECT {_STAMPED} FROM {staged} WHERE true {clause}"  # noqa: S608
            session.execute(text(statement), {"unsettled": unsettled, "known_at": known_at})
