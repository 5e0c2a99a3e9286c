"""Two publishers at once, in two processes on one database: one wins, the other is told so."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.domain.unit import UnitDocument
from app.services.evaluation_states import EvaluationRequest, draw_up, store_draft
from app.services.frameworks import ship
from app.services.rights import Caller, Scope
from app.services.units import put_unit
from app.store.audit import AuditEntry, broken_links
from app.store.db import Database
from app.store.evaluations import EvaluationRow
from app.store.tables import columns
from tests.make import a_unit
from tests.support.publisher import publish_once

ADMIN = Caller("bootstrap", frozenset({Scope.ADMIN}))
LOST = "409 transition_not_allowed"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    ship(database)
    with database.writing() as session:
        put_unit(session, ADMIN, UnitDocument(**a_unit()))
    yield database
    database.dispose()


def a_draft(database: Database) -> int:
    with database.writing() as session:
        drawn = draw_up(session, ADMIN, EvaluationRequest("qd766", "2024-07", "H60", ["commune"]))
        row = store_draft(session, ADMIN, drawn)
    assert row.id is not None
    return row.id


def at_once(database_url: str, *ids: int) -> list[str]:
    """What processes answer that are told to publish in the same moment."""
    commands = [[sys.executable, "-m", "tests.support.publisher", database_url, str(id)] for id in ids]
    rivals = [
        subprocess.Popen(each, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for each in commands
    ]
    for rival in rivals:
        assert rival.stdout is not None
        assert rival.stdout.readline() == "ready\n", rival.communicate(timeout=60)[1]
    for rival in rivals:
        assert rival.stdin is not None
        rival.stdin.write("go\n")
        rival.stdin.flush()
    return [rival.communicate(timeout=60)[0].strip() for rival in rivals]


def states(database: Database) -> dict[int | None, str]:
    with database.reading() as session:
        assert list(broken_links(session)) == []
        return {row.id: row.status for row in session.execute(select(EvaluationRow)).scalars()}


def publications(database: Database) -> int:
    entry = columns(AuditEntry)
    with database.reading() as session:
        query = select(func.count()).select_from(AuditEntry).where(entry.action == "evaluation.published")
        return session.execute(query).scalar_one()


def test_two_processes_publish_one_draft_once(database: Database, database_url: str) -> None:
    draft = a_draft(database)

    answers = at_once(database_url, draft, draft)

    assert sorted(answers) == [LOST, "published"]
    assert states(database) == {draft: "published"}
    assert publications(database) == 1


def test_two_drafts_of_one_scope_published_at_once_leave_one_published(database: Database, database_url: str) -> None:
    first, second = a_draft(database), a_draft(database)

    answers = at_once(database_url, first, second)

    assert answers == ["published", "published"]
    assert sorted(states(database).values()) == ["published", "superseded"]
    assert publications(database) == 2


def test_threads_of_one_process_publish_once_as_well(database: Database) -> None:
    draft = a_draft(database)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: publish_once(database, draft), range(4)))

    assert sorted(answers) == [LOST, LOST, LOST, "published"]
