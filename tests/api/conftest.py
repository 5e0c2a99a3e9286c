"""A service on a database of the test's own, and those who call it.

`api` calls with the bootstrap key, `anonymous` without one, `as_key(*scopes, unit=…)` with a new key. `clock` is the
time of the service and moves only when a test moves it. Every answer is held against the OpenAPI document.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, insert, select
from sqlmodel import SQLModel

from app.config import Settings
from app.domain.instant import to_instant
from app.main import create_app
from app.services.frameworks import ship
from app.services.rights import Scope
from app.store.db import Database, DatabaseLimits
from tests.make import BOOTSTRAP_KEY, a_key, bearer
from tests.support.contract import Contract
from tests.support.databases import Databases

NOT_OPENED = "sqlite:///not-opened.db"
START = datetime(2026, 10, 12, 1, 30, tzinfo=UTC)
Shipped = dict[str, list[dict[str, Any]]]


class Clock:
    """The time of the service: stands still until `forward` or `set`."""

    def __init__(self, start: datetime = START) -> None:
        self.present = start

    def __call__(self) -> int:
        return to_instant(self.present)

    def forward(self, **step: float) -> datetime:
        """Move on by a timedelta's arguments; returns the new present."""
        self.present += timedelta(**step)
        return self.present

    def set(self, moment: datetime) -> None:
        self.present = moment


@pytest.fixture(scope="session")
def shipped(databases: Databases) -> Shipped:
    """The rows that the shipped frameworks leave in every table: read once, then copied for each test."""
    with databases.database() as url:
        database = Database(url, now=Clock())
        ship(database)
        with database.reading() as session:
            tables = SQLModel.metadata.sorted_tables
            rows = {each.name: [dict(row) for row in session.execute(select(each)).mappings()] for each in tables}
        database.dispose()
    return rows


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """The settings of the service; a test overrides this fixture to serve with others."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        bootstrap_key=BOOTSTRAP_KEY,
        webhook_hosts=("hooks.example.vn",),
    )


@pytest.fixture
def database_limits() -> DatabaseLimits:
    """Those of the service's database; a test overrides this fixture to see a bound."""
    return DatabaseLimits()


@pytest.fixture(scope="session")
def ordinary() -> FastAPI:
    """An application with the default settings, of which only the contract and the routes are used."""
    return create_app(Settings(_env_file=None, database_url=NOT_OPENED))


@pytest.fixture
def service(
    settings: Settings, clock: Clock, database_limits: DatabaseLimits, shipped: Shipped, ordinary: FastAPI
) -> Iterator[FastAPI]:
    """The application on a database that holds the shipped frameworks and nothing else."""
    app = create_app(settings, now=clock, limits=database_limits)
    app.router.routes = ordinary.router.routes  # the same in every application, and slow at their first request
    with app.state.database.engine.execution_options(writer=True).begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            connection.execute(table.delete())
            if shipped[table.name]:
                connection.execute(insert(table), shipped[table.name])
    yield app
    app.state.database.dispose()


@pytest.fixture
def database(service: FastAPI) -> Database:
    """The database object of the service itself."""
    held: Database = service.state.database
    return held


@pytest.fixture(scope="session")
def contract(ordinary: FastAPI) -> Contract:
    return Contract(ordinary.openapi())


@pytest.fixture
async def client_of(service: FastAPI, contract: Contract) -> AsyncIterator[Callable[..., httpx.AsyncClient]]:
    """A maker of clients that send these headers; their answers are checked against the contract."""

    async def declared(response: httpx.Response) -> None:
        await response.aread()
        contract.check(response)

    async with AsyncExitStack() as clients:

        def make(**headers: str) -> httpx.AsyncClient:
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app=service),
                base_url="http://test",
                headers=headers,
                event_hooks={"response": [declared]},
            )
            clients.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def api(client_of: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return client_of(**bearer(BOOTSTRAP_KEY))


@pytest.fixture
def anonymous(client_of: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return client_of()


@pytest.fixture
def as_key(client_of: Callable[..., httpx.AsyncClient], database: Database) -> Callable[..., httpx.AsyncClient]:
    """`as_key(Scope.VALUES_READ, unit="H60")`: a client with a new key; the unit must exist."""
    numbers = count(1)

    def make(*scopes: Scope, unit: str | None = None) -> httpx.AsyncClient:
        return client_of(**bearer(a_key(database, *scopes, name=f"clerk-{next(numbers)}", unit=unit)))

    return make


@pytest.fixture
def count_queries(database: Database) -> Callable[[], Any]:
    """`with count_queries() as queries:` gathers every statement sent to the database, `BEGIN` left out."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.startswith("BEGIN"):
                sent.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting
