"""Imports against a model that is a dictionary: whatever is sent in whatever order, both tell the same."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import delete

from app.domain.instant import EPOCH, to_datetime
from app.domain.place import Place
from app.domain.unit import Facts
from app.services.frameworks import ship
from app.services.import_checks import Options
from app.services.imports import import_values
from app.services.units import Placed, state_units
from app.services.values import list_revisions, list_values
from app.store.db import Database
from app.store.imports import ImportRow
from app.store.values import Clocks, CurrentValue, PastValue, Wanted
from tests.make import a_commune, a_unit
from tests.support.rival import CALLER

UNITS = ("H60", "H60.1")
BEGINNING = (to_datetime(0) + timedelta(days=365 * 50) - EPOCH) // timedelta(microseconds=1)
MOMENTS = tuple(BEGINNING - 1000 + step for step in (0, 10, 20))

Key = tuple[str, str]
ROW = st.tuples(
    st.sampled_from(UNITS),
    st.sampled_from(["2024-06", "2024-07"]),
    st.sampled_from([None, *MOMENTS]),
    st.sampled_from([None, 1, 2]),
)
FILE = st.lists(ROW, min_size=1, max_size=6, unique_by=lambda row: row[:3])


@dataclass
class Model:
    """Per figure its revisions in the order they became known: (observed_at, known_at, numerator or None)."""

    held: dict[Key, list[tuple[int, int, int | None]]] = field(default_factory=dict)

    def take(self, rows: list[Any], known_at: int) -> Counter[str]:
        acts: Counter[str] = Counter()
        for unit, period, stated, numerator in sorted(rows, key=lambda row: row[2] or known_at):
            acts[self._take((period, unit), stated, known_at, numerator)] += 1
        return acts

    def _take(self, key: Key, stated: int | None, known_at: int, numerator: int | None) -> str:
        revisions = self.held.setdefault(key, [])
        new = (stated or known_at, known_at, numerator)
        if not revisions:
            if numerator is None:
                return "unchanged"
            revisions.append(new)
            return "created"
        last = max(revisions, key=lambda revision: revision[:2])
        equal = [revision for revision in revisions if revision[0] == new[0]]
        compared = last if stated is None else equal[-1] if equal else None
        if compared is not None and compared[2] == numerator:
            return "unchanged"
        revisions.append(new)
        return "updated"

    def values(self, as_of: int | None, observed_by: int | None) -> dict[Key, int]:
        found = {}
        for key, revisions in self.held.items():
            seen = [
                revision
                for revision in revisions
                if (as_of is None or revision[1] <= as_of) and (observed_by is None or revision[0] <= observed_by)
            ]
            numerator = max(seen, key=lambda revision: revision[:2])[2] if seen else None
            if numerator is not None:
                found[key] = numerator
        return found


class Imports(RuleBasedStateMachine):
    """Files go into the service and into the model; then both are asked the same."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.model = Model()
        self.known: list[int | None] = [None]

    @initialize()
    def empty(self) -> None:
        with self.database.writing() as session:
            for table in (CurrentValue, PastValue, ImportRow):
                session.execute(delete(table))

    @rule(file=FILE, split=st.booleans())
    def send(self, file: list[Any], split: bool) -> None:
        for rows in [[row] for row in file] if split else [file]:
            with self.database.writing() as session:
                taken = import_values(
                    session, CALLER, [(Place(f"/{n}"), sent(r)) for n, r in enumerate(rows)], Options()
                )
            acts = self.model.take(rows, taken.known_at)
            assert (taken.created, taken.updated, taken.unchanged) == tuple(
                acts[name] for name in ("created", "updated", "unchanged")
            )
            self.known.append(taken.known_at)

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        as_of = data.draw(st.sampled_from(self.known))
        observed_by = data.draw(st.sampled_from([None, *MOMENTS]))
        with self.database.reading() as session:
            values = list_values(session, CALLER, Wanted(), Clocks(as_of, observed_by), after=None, limit=100)
            revisions = list_revisions(session, CALLER, Wanted(), Clocks(), after=None, limit=1000)

        assert {(v["period"], v["unit"]): v["numerator"] for v in values} == self.model.values(as_of, observed_by)
        assert len(revisions) == sum(map(len, self.model.held.values()))


def sent(row: Any) -> dict[str, object]:
    unit, period, observed_at, numerator = row
    figure = {"retract": True} if numerator is None else {"numerator": numerator, "denominator": 5}
    stated = {} if observed_at is None else {"observed_at": to_datetime(observed_at).isoformat()}
    return {"unit": unit, "period": period, "indicator": "dossier_sync", **figure, **stated}


def test_imports_and_a_dictionary_tell_the_same(database_url: str) -> None:
    clock = iter(range(BEGINNING, BEGINNING + 10**9, 7))
    database = Database(database_url, now=lambda: next(clock))
    ship(database)
    with database.writing() as session:
        state_units(session, CALLER, [Placed(Facts(**a_unit())), Placed(Facts(**a_commune("H60.1")))])

    machine: Any = partial(Imports, database)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    database.dispose()
