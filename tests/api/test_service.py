"""The service itself: alive, ready, documented, and honest when the database is not well."""

import asyncio
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import make_url, text
from starlette.concurrency import run_in_threadpool

from app.store.db import Database, DatabaseLimits
from tests.make import a_unit, with_units

OWN_SCRIPT = re.compile(r'<script src="(/[^"]+)"')


async def test_readyz_names_the_same_instance_as_long_as_the_process_lives(api: httpx.AsyncClient) -> None:
    first = await api.get("/readyz")
    second = await api.get("/readyz")

    assert first.json()["status"] == "ready"
    assert len(first.json()["instance"]) == 16
    assert first.json() == second.json()


async def test_while_all_threads_wait_for_a_writer_the_service_says_that_it_lives(anonymous: httpx.AsyncClient) -> None:
    done = threading.Event()
    waiting = [asyncio.create_task(run_in_threadpool(done.wait, 20)) for _ in range(60)]
    await asyncio.sleep(0.05)

    try:
        alive = await asyncio.wait_for(anonymous.get("/livez"), 10)
        ready = await asyncio.wait_for(anonymous.get("/readyz"), 10)
    finally:
        done.set()
        await asyncio.gather(*waiting)

    assert (alive.status_code, ready.status_code) == (200, 200)


async def test_livez_answers(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/livez")).json() == {"status": "alive"}


async def test_the_contract_is_served_as_it_is_committed(anonymous: httpx.AsyncClient, service: FastAPI) -> None:
    answer = await anonymous.get("/openapi.json")

    assert answer.json() == service.openapi()


async def test_the_page_of_the_contract_asks_nobody_outside(anonymous: httpx.AsyncClient) -> None:
    page = await anonymous.get("/docs")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert assets
    assert [each for each in assets if "//" in each] == []
    for each in assets:
        assert (await anonymous.get(httpx.URL("http://test/docs").join(each))).status_code == 200, each


async def test_answers_say_that_they_are_not_to_be_guessed_at_or_kept_unasked(api: httpx.AsyncClient) -> None:
    for path in ("/v1/units", "/v1/units/H99", "/v1/imports", "/nothing"):
        headers = (await api.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == ("private, no-cache" if path == "/v1/units" else "no-store")


async def test_a_write_tells_the_version_of_the_data(api: httpx.AsyncClient) -> None:
    first = await api.put("/v1/units/H60", json={"name": "A", "level": "province"})
    second = await api.put("/v1/units/H61", json={"name": "B", "level": "province"})
    refused = await api.put("/v1/units/H62", json={"name": "", "level": "province"})

    assert int(second.headers["chiso-version"]) == int(first.headers["chiso-version"]) + 1
    assert "chiso-version" not in refused.headers


async def test_an_older_schema_is_not_ready(api: httpx.AsyncClient, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    answer = await api.get("/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, "schema_outdated")
    assert "chiso migrate" in answer.json()["detail"]


FAILS_AT_COMMIT = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'
USING ERRCODE = 'disk_full'; END $$;
CREATE CONSTRAINT TRIGGER refuse_late AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def make_commits_fail(database: Database) -> Callable[[], None]:
    """Let every commit fail: by a deferred trigger, or as SQLite does on a full disk. Returns what mends it."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.begin() as connection:
            connection.exec_driver_sql(FAILS_AT_COMMIT)

        def mend() -> None:
            with database.engine.begin() as connection:
                connection.exec_driver_sql("DROP FUNCTION refuse CASCADE")

        return mend

    def refuse(connection: object) -> None:
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise full

    dialect = database.engine.dialect
    commit, dialect.do_commit = dialect.do_commit, refuse  # type: ignore[assignment,method-assign]
    return lambda: setattr(dialect, "do_commit", commit)


WRITES = [
    ("PUT", "/v1/units/H61", {"name": "A", "level": "province"}),
    ("PATCH", "/v1/units/H60", {"name": "B"}),
    ("POST", "/v1/units/import", [a_unit(code="H62")]),
    ("POST", "/v1/unit-events", {"kind": "abolish", "effective_on": "2025-07-01", "from": ["H60"]}),
    ("PUT", "/v1/periods/2024-07/lock", {"reason": "x"}),
    ("POST", "/v1/imports", [{"unit": "H60", "period": "2024-07", "indicator": "total_points", "value": 81.77}]),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
async def test_a_commit_that_fails_is_never_answered_as_done(
    method: str, path: str, body: object, api: httpx.AsyncClient, database: Database
) -> None:
    await with_units(api, [a_unit()])
    mend = make_commits_fail(database)

    refused = await api.request(method, path, json=body)
    mend()
    done = await api.request(method, path, json=body)

    assert (refused.status_code, refused.json()["code"]) == (503, "disk"), refused.text
    assert refused.headers["retry-after"] == "60"
    assert "chiso-version" not in refused.headers
    assert done.status_code in (200, 201), done.text


@pytest.fixture
def away(database: Database, database_url: str) -> Callable[[], AbstractContextManager[None]]:
    """`with away():` the database is gone, as by a server that stops or a disk that is taken out."""

    @contextmanager
    def postgresql() -> Iterator[None]:
        name = make_url(database_url).database
        with psycopg.connect(database_url.replace(f"/{name}", "/postgres", 1), autocommit=True) as server:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    @contextmanager
    def sqlite() -> Iterator[None]:
        path = Path(str(make_url(database_url).database))
        elsewhere = path.with_name(f"{path.name}.elsewhere")
        path.rename(elsewhere)
        yield
        assert not path.exists()  # nor an empty file in its place
        elsewhere.rename(path)

    return postgresql if database.engine.dialect.name == "postgresql" else sqlite


async def test_the_database_gone_is_said_and_it_comes_back_without_a_restart(
    api: httpx.AsyncClient, away: Callable[[], AbstractContextManager[None]]
) -> None:
    await with_units(api, [a_unit()])
    before, _ = await api.get("/readyz"), await api.get("/v1/periods")

    with away():
        ready, alive = await api.get("/readyz"), await api.get("/livez")
        read, held = await api.get("/v1/units"), await api.get("/v1/periods")
        written = await api.put("/v1/units/H61", json={"name": "A", "level": "province"})
    after = await api.get("/readyz")

    assert (ready.status_code, ready.json()["code"]) == (503, "database_unavailable")
    assert alive.status_code == 200
    assert {each.status_code for each in (read, held, written)} == {503}
    assert {each.headers["retry-after"] for each in (ready, read, held, written)} == {"2"}
    assert after.json() == before.json()
    assert (await api.get("/v1/units")).json()["items"][0]["code"] == "H60"
    assert (await api.put("/v1/units/H61", json={"name": "A", "level": "province"})).status_code == 201


class TestAnotherWriter:
    """Somebody else holds the write lock for longer than a request waits."""

    @pytest.fixture
    def database_limits(self) -> DatabaseLimits:
        return DatabaseLimits(lock_wait_ms=50)

    async def test_a_locked_database_is_busy_for_writers_and_open_for_readers(
        self, api: httpx.AsyncClient, database_url: str
    ) -> None:
        await with_units(api, [a_unit()])
        other = Database(database_url)

        with other.writing():
            refused = await api.put("/v1/units/H61", json={"name": "A", "level": "province"})
            read = await api.get("/v1/units")
        done = await api.put("/v1/units/H61", json={"name": "A", "level": "province"})
        other.dispose()

        assert (refused.status_code, refused.headers.get("retry-after")) == (503, "2")
        assert len(read.json()["items"]) == 1
        assert done.status_code == 201


async def test_the_contract_is_sent_once_and_in_few_bytes(anonymous: httpx.AsyncClient) -> None:
    first = await anonymous.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    again = await anonymous.get(
        "/openapi.json", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]}
    )

    assert (first.status_code, first.headers["content-encoding"]) == (200, "gzip")
    assert (again.status_code, again.content) == (304, b"")
