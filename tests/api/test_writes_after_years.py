"""A write costs the database as much after years of writes as on the first day: none walks through what was before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.store.db import Database
from app.store.idempotency import KEPT_ANSWER, KeptAnswer
from app.store.publications import PublicationRow
from app.store.targets import TargetRow
from tests.make import a_unit, with_units
from tests.support.database_work import counted_database_work

YEARS = 300
"""Rows of history, many more than a write reads."""
SLACK = 1.5
"""A tree of an index is a little higher where it is larger."""


@dataclass(frozen=True)
class Write:
    """A request that states something else for each number, and whether it carries an `Idempotency-Key`."""

    path: str
    body: Callable[[int], Any]
    keyed: bool = False

    async def send(self, api: httpx.AsyncClient, number: int) -> None:
        headers = {"Idempotency-Key": f"write-{number}"} if self.keyed else {}
        answer = await api.put(self.path, json=self.body(number), headers=headers)
        assert answer.status_code == 200, answer.text


WRITES = {
    "a write under a key": Write("/v1/periods/2026-07/due", lambda number: {"due_on": f"2026-08-{number:02}"}, True),
    "a target": Write("/v1/targets", lambda number: {"indicator": "dossier_sync", "year": 2026, "target": number}),
    "a publication": Write(
        "/v1/publications", lambda number: {"unit": "H60", "period": "2026-07", "note": f"Lần {number}"}
    ),
}


def add_years_of_writes(database: Database) -> None:
    """Answers that are kept still, and statements of the same targets and publications that were replaced."""
    blank: dict[str, Any] = {"legal_ref": None, "known_at": 1}
    target = {**blank, "indicator": "dossier_sync", "level": "", "year": 2026, "unit": "", "target": 1, "decimals": 0}
    publication = {**blank, "period": "2026-07", "subject": "results", "unit": "H60"}
    answer: dict[str, Any] = {"caller": "office", "request": "", "status": 200, "headers": [], "body": b"{}"}
    with database.unversioned() as session:
        for number in range(1, YEARS + 1):
            session.add(TargetRow(**target, replaced_at=number))
            session.add(PublicationRow(**publication, replaced_at=number))
            session.add(KeptAnswer(**answer, key=str(number), kept_at=database.now()))


@pytest.mark.parametrize("name", WRITES)
async def test_years_of_writes_make_no_write_dearer(name: str, api: httpx.AsyncClient, database: Database) -> None:
    write = WRITES[name]
    await with_units(api, [a_unit()])
    for number in (1, 2):  # what is made once is made now
        await write.send(api, number)

    with counted_database_work(database.engine) as first_day:
        await write.send(api, 3)
    add_years_of_writes(database)
    await write.send(api, 4)
    with counted_database_work(database.engine) as later:
        await write.send(api, 5)

    assert later.count < SLACK * first_day.count


def test_a_walk_through_a_table_is_seen(database: Database) -> None:
    add_years_of_writes(database)
    costs = []
    for where in (KEPT_ANSWER.key == "1", KEPT_ANSWER.request == "1"):
        with counted_database_work(database.engine) as work, database.unversioned() as session:
            session.execute(select(KEPT_ANSWER.status).where(KEPT_ANSWER.caller == "office", where)).all()
        costs.append(work.count)

    assert costs[1] >= YEARS > 2 * costs[0]
