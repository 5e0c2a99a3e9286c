"""Engines: an SQLite file that is not the one they were opened on, and a PostgreSQL server's connections."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from threading import Timer
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.store.db import Database, DatabaseLimits, last_change
from app.store.engines import FULL_PAUSE_S, ConnectionLimits, make_engine, place_of, read_address


@pytest.fixture
def path(database_url: str) -> Path:
    if not database_url.startswith("sqlite"):
        pytest.skip("a file is SQLite's")
    return Path(str(make_url(database_url).database))


def version(database: Database) -> int:
    with database.reading() as session:
        return last_change(session).version


def write(database: Database) -> None:
    with database.writing():
        pass


def test_a_restored_file_is_read_and_written_from_then_on(path: Path, database_url: str) -> None:
    """Else what is written, and acknowledged, would go to a file that nobody will ever open again."""
    database, other = Database(database_url), Database(database_url)
    backup = path.with_suffix(".backup")
    shutil.copyfile(path, backup)
    before = version(database)
    write(database)

    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink()
    backup.rename(path)
    restored = version(database)
    write(database)

    assert (restored, version(other)) == (before, before + 1)
    database.dispose()
    other.dispose()


def test_a_file_that_is_gone_is_not_made_anew(path: Path, database_url: str) -> None:
    database = Database(database_url)
    write(database)

    path.unlink()

    with pytest.raises(OperationalError, match="unable to open database file"):
        write(database)
    assert not path.exists()
    database.dispose()


def others_of(url: str) -> int:
    """How many connections a PostgreSQL database has but the one that asks; one that ends takes a moment."""
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(0.5)"))
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        found = int(connection.execute(text(others)).scalar_one())
    engine.dispose()
    return found


class TestConnections:
    """What a process takes of a PostgreSQL server, and what it does when the server is full."""

    @pytest.fixture
    def url(self, database_url: str) -> str:
        if not database_url.startswith("postgresql"):
            pytest.skip("a file has no slots")
        return database_url

    def test_most_are_given_back_when_nobody_uses_them(self, url: str) -> None:
        engine = make_engine(url, limits=ConnectionLimits(connections=8))
        count = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        with ExitStack() as used:
            connections = [used.enter_context(engine.connect()) for _ in range(8)]
            busy = connections[0].execute(count).scalar_one()
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(0.5)"))  # a server process takes a moment to end
            idle = connection.execute(count).scalar_one()
        engine.dispose()

        assert (busy, idle) == (8, 2)

    def test_whoever_reads_on_while_the_database_is_closed_leaves_none_open(self, url: str) -> None:
        database = Database(url)
        with database.reading() as held, ExitStack() as late:
            last_change(held)
            database.dispose()
            last_change(late.enter_context(database.reading()))
            with pytest.raises(OSError, match="the database is closed"):
                database.running.begin(("key", "late"))
            assert database.versions.read() is None

        assert others_of(url) == 0

    def test_one_more_than_there_may_be_waits_for_a_moment(self, url: str) -> None:
        engine = make_engine(url, limits=ConnectionLimits(connections=1, patience_s=0.2))
        with engine.connect(), pytest.raises(PoolTimeout):
            engine.connect()
        engine.dispose()

    def test_a_full_server_is_asked_again_for_a_moment(self, url: str) -> None:
        role = f"few_{uuid4().hex[:8]}"
        owner = make_engine(url)
        with owner.begin() as connection:
            connection.execute(text(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1"))
        address = make_url(url).set(username=role).render_as_string(hide_password=False)
        first, second = make_engine(address), make_engine(address)
        held = first.connect()
        with pytest.raises(OperationalError, match="too many connections"):
            second.connect()
        leaving = Timer(FULL_PAUSE_S, first.dispose)  # with the connection that has been given back
        held.close()
        leaving.start()
        with second.connect() as connection:
            user = connection.execute(text("SELECT current_user")).scalar_one()
        leaving.join()
        second.dispose()
        with owner.begin() as connection:
            connection.execute(text(f"DROP ROLE {role}"))
        owner.dispose()

        assert user == role

    def test_a_session_ends_what_stands_still_and_what_takes_too_long(self, url: str) -> None:
        database = Database(url, limits=DatabaseLimits(lease_s=7, statement_s=11))
        names = ("idle_in_transaction_session_timeout", "statement_timeout", "lock_timeout")

        def settings(session: Session) -> list[str]:
            return [session.execute(text(f"SHOW {name}")).scalar_one() for name in names]

        with database.reading() as session:
            read = settings(session)
        with database.writing() as session:
            written = settings(session)
        database.dispose()

        assert read == ["70s", "11s", "30s"]
        assert written == ["7s", "11s", "30s"]


def test_several_hosts_of_an_address_are_asked_by_libpq_in_turn() -> None:
    engine = make_engine("postgresql://u:p@first:5433,second/name?target_session_attrs=any")

    _, parameters = engine.dialect.create_connect_args(engine.url)

    asked = {name: parameters[name] for name in ("host", "port", "user", "password", "dbname", "target_session_attrs")}
    assert asked == {
        "host": "first,second", "port": "5433,", "user": "u", "password": "p", "dbname": "name",
        "target_session_attrs": "any",
    }  # fmt: skip
    assert place_of("postgresql://u:p@first:5433,second/name") == "postgresql://first:5433,second/name"


def test_several_hosts_may_be_addresses_of_ipv6() -> None:
    engine = make_engine("postgresql://[::1]:5433,[fe80::2]/name")

    _, parameters = engine.dialect.create_connect_args(engine.url)

    assert (parameters["host"], parameters["port"]) == ("::1,fe80::2", "5433,")


def test_a_comma_in_a_password_makes_no_several_hosts_and_is_not_printed() -> None:
    assert read_address("postgresql://chiso:geheim,1@db/chiso").host == "db"
    assert place_of("postgresql://chiso:geheim,s3cret@db/chiso") == "postgresql://db/chiso"
    assert place_of("postgresql://chiso:geheim,s3cret@a,b:5433/chiso") == "postgresql://a,b:5433/chiso"
