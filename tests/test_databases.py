"""The fixtures themselves: a test gets an empty, migrated database on each kind, and nobody else's rows."""

import pytest
from sqlalchemy import Engine, inspect, make_url, text

from app.store.engines import make_engine
from app.store.schema import migrate


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_a_database_comes_migrated(engine: Engine) -> None:
    assert {"alembic_version", "clock"} <= tables(engine)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_writes_no_other_test_sees(engine: Engine, turn: str) -> None:
    with engine.begin() as connection:
        versions = connection.execute(text("SELECT version FROM clock")).scalars().all()
        connection.execute(text("UPDATE clock SET version = 41"))

    assert versions == [0]


def test_the_url_names_the_kind_that_the_test_runs_on(database_url: str, engine: Engine) -> None:
    assert make_url(database_url).get_backend_name() == engine.dialect.name


def test_migrating_an_empty_database_twice_is_like_once(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    before = tables(engine)

    migrate(unmigrated_url)
    once = tables(engine)
    migrate(unmigrated_url)
    twice = tables(engine)
    engine.dispose()

    assert before == set()
    assert "clock" in once
    assert twice == once
