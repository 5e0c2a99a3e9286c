"""Every test that asks for a database runs on SQLite and on PostgreSQL; `--database` chooses one of them."""

import atexit
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.databases import Databases, Migrate, Postgres, Sqlite, make_home, stop_server

if TYPE_CHECKING:
    from sqlalchemy import Engine

KINDS: dict[str, Callable[[Path, Migrate], Databases]] = {"sqlite": Sqlite, "postgresql": Postgres}
HOME = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=[*KINDS, "both"], default="both", help="the databases that tests run on (both)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """One directory for the databases of a run: made by the first process, told to the pytest-xdist workers."""
    workerinput: dict[str, Any] | None = getattr(config, "workerinput", None)
    if workerinput is not None:
        config.stash[HOME] = Path(workerinput["databases"])
        return
    home = make_home()
    atexit.register(shutil.rmtree, home, ignore_errors=True)  # after the server's own exit handler
    config.stash[HOME] = home


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["databases"] = str(node.config.stash[HOME])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and HOME in config.stash:
        stop_server(config.stash[HOME])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "databases" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        metafunc.parametrize("databases", list(KINDS) if chosen == "both" else [chosen], indirect=True, scope="session")


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    from app.store.schema import migrate  # here, so that tests of the pure rooms need no database at all

    return KINDS[request.param](request.config.stash[HOME], migrate)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The address of a migrated database of the test's own."""
    with databases.database() as url:
        yield url


@pytest.fixture
def unmigrated_url(databases: Databases) -> Iterator[str]:
    """The address of a database without any table, of the test's own."""
    with databases.database(migrated=False) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> "Iterator[Engine]":
    """An engine on the database of `database_url`, closed afterwards."""
    from app.store.engines import make_engine

    engine = make_engine(database_url)
    yield engine
    engine.dispose()
