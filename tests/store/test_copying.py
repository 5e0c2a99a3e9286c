"""Copies between databases: what stands in the way of others, and what a copy that fails leaves behind."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.backups import copying
from app.services.frameworks import ship
from app.services.imports.job_steps import enqueue_import
from app.services.rights import Caller, Scope
from app.store.db import Database
from tests.support.databases import Databases

CALLER = Caller("office", frozenset({Scope.ADMIN}))


@pytest.fixture
def source(database_url: str) -> Iterator[Database]:
    """A database with rows in several tables, one of which the database itself numbers."""
    database = Database(database_url)
    ship(database)
    with database.writing() as session:
        enqueue_import(session, CALLER, "request")
    yield database
    database.dispose()


@pytest.fixture
def target(databases: Databases) -> Iterator[Database]:
    """A second database, of the same kind, with tables and no rows."""
    with databases.database() as url:
        database = Database(url)
        yield database
        database.dispose()


@pytest.fixture
def server(target: Database) -> Database:
    """The target, where it is a server's."""
    if target.engine.dialect.name != "postgresql":
        pytest.skip("one transaction writes at a time on SQLite")
    return target


def copied(source: Database, target: Database) -> None:
    with source.reading() as reading, target.writing() as writing:
        for _ in copying(reading, writing):
            pass


def next_number(session: Session) -> int:
    number: int = session.execute(text("SELECT nextval(pg_get_serial_sequence('imports', 'id'))")).scalar_one()
    return number


def test_numbers_go_on_behind_those_copied_and_a_copy_taken_back_leaves_them(
    source: Database, server: Database
) -> None:
    copied(source, server)
    with server.unversioned() as session:
        first = [next_number(session) for _ in range(3)]
    with suppress(ZeroDivisionError), source.reading() as reading, server.writing() as writing:
        for _ in copying(reading, writing):
            pass
        _ = 1 / 0
    with server.unversioned() as session:
        after = next_number(session)

    assert (first, after) == ([2, 3, 4], 5)
