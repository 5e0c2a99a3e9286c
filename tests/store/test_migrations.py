"""A database that an office has filled keeps its figures through the steps of the schema, there and back."""

import json
from datetime import date
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from app.store.engines import make_engine
from app.store.schema import migrations

REVISION = {
    "period": "2024-07",
    "unit": "H60",
    "indicator": "on_time",
    "source": "manual",
    "numerator": 10_000,
    "denominator": 20_000,
    "observed_at": 5,
    "known_at": 7,
    "import_id": 1,
    "retracted": False,
}
IMPORT = {
    "status": "applied",
    "rows": 1,
    "created": 1,
    "updated": 0,
    "unchanged": 0,
    "rejected": 0,
    "errors": "[]",
    "warnings": "[]",
    "actor": "office",
    "known_at": 7,
    "digest": "",
}


def config_of(connection: Connection) -> Config:
    config = migrations()
    config.attributes["connection"] = connection
    return config


def add(connection: Connection, table: str, **fields: Any) -> None:
    names = ", ".join(fields)
    places = ", ".join(f":{name}" for name in fields)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), fields)


def past(connection: Connection) -> list[tuple[Any, ...]]:
    names = ", ".join([*REVISION, "undone_at"])
    rows = connection.execute(text(f"SELECT {names} FROM past_values ORDER BY known_at"))
    return [tuple(row) for row in rows]


def test_past_values_keep_their_facts_and_imports_learn_their_periods(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0005")
        for number in (1, 2, 3):
            add(connection, "imports", id=number, **IMPORT)
        add(connection, "past_values", **REVISION, undone_at=None)
        add(connection, "past_values", **{**REVISION, "known_at": 8, "import_id": 2, "period": "2024-06"}, undone_at=9)
        add(connection, "current_values", **{**REVISION, "known_at": 9, "import_id": 2})
        before = past(connection)

        command.upgrade(config, "0006")
        periods = connection.execute(text("SELECT id, periods FROM imports ORDER BY id")).all()
        after = past(connection)
        command.downgrade(config, "0005")
        back = past(connection)
    engine.dispose()

    assert after == before == back
    told = [(id, held if isinstance(held, list) else json.loads(held)) for id, held in periods]
    assert told == [(1, ["2024-07"]), (2, ["2024-06", "2024-07"]), (3, [])]


def test_answers_kept_before_are_replayed_with_the_headers_that_were_kept(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    made: dict[str, Any] = {"caller": "office", "request": "", "began_at": 1, "body": b"{}"}
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0006")
        add(connection, "kept_answers", key="a", status=202, content_type="application/json", location="/v1/x", **made)
        add(connection, "kept_answers", key="b", status=0, content_type="", **made)
        before = kept(connection, "content_type", "location")

        command.upgrade(config, "0007")
        headers = kept(connection, "headers")
        command.downgrade(config, "0006")
        back = kept(connection, "content_type", "location")
    engine.dispose()

    assert before == back
    told = [held if isinstance(held, list) else json.loads(held) for (held,) in headers]
    assert told == [[["content-type", "application/json"], ["location", "/v1/x"]], []]


def test_answers_stay_and_what_had_only_begun_goes_when_answers_are_kept_with_their_writes(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    made: dict[str, Any] = {"caller": "office", "request": "", "began_at": 7, "body": b"{}", "headers": "[]"}
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0012")
        add(connection, "kept_answers", key="answered", status=201, **made)
        add(connection, "kept_answers", key="begun", status=0, **made)

        command.upgrade(config, "0013")
        after, aged = kept(connection, "key", "kept_at"), indexes(connection)
        command.downgrade(config, "0012")
        back, aged_before = kept(connection, "key", "began_at"), indexes(connection)
    engine.dispose()

    assert after == back == [("answered", 7)]
    assert ("kept_answers", "ix_kept_answers_kept_at") in aged
    assert ("kept_answers", "ix_kept_answers_began_at") in aged_before


def kept(connection: Connection, *names: str) -> list[tuple[Any, ...]]:
    rows = connection.execute(text(f"SELECT {', '.join(names)} FROM kept_answers ORDER BY key"))
    return [tuple(row) for row in rows]


def test_letter_profiles_come_and_go_without_touching_what_stands(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0007")
        add(connection, "imports", id=1, **IMPORT, periods="[]")

        command.upgrade(config, "0008")
        stands = {"unit": "H60", "known_at": 7, "replaced_at": 9}
        add(connection, "letter_profiles", id=1, profile='{"symbol": "VP"}', **stands)
        kept_profiles = connection.execute(text("SELECT unit, known_at, replaced_at FROM letter_profiles")).all()
        command.downgrade(config, "0007")
        tables = inspect(connection).get_table_names()
        command.upgrade(config, "head")
        imports = connection.execute(text("SELECT id, actor FROM imports")).all()
    engine.dispose()

    assert [tuple(row) for row in kept_profiles] == [("H60", 7, 9)]
    assert "letter_profiles" not in tables
    assert [tuple(row) for row in imports] == [(1, "office")]


def test_import_profiles_come_and_go_without_touching_imports(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0026")
        add(connection, "imports", id=1, **IMPORT, periods="[]", profile='{"name": "thang", "digest": "ab"}')
        add(connection, "import_profiles", id=1, name="thang", document="{}", known_at=7, replaced_at=9)
        kept_profiles = connection.execute(text("SELECT name, unit, known_at FROM import_profiles")).all()
        command.downgrade(config, "0025")
        tables = inspect(connection).get_table_names()
        columns = {each["name"] for each in inspect(connection).get_columns("imports")}
        command.upgrade(config, "head")
        imports = connection.execute(text("SELECT id, actor, profile FROM imports")).all()
    engine.dispose()

    assert [tuple(row) for row in kept_profiles] == [("thang", None, 7)]
    assert "import_profiles" not in tables
    assert "profile" not in columns
    assert [tuple(row) for row in imports] == [(1, "office", None)]


def test_letter_texts_come_and_go(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0018")
        stands = {"unit": "H60", "period": "2024-07", "kind": "announcement", "known_at": 7, "replaced_at": 9}
        add(connection, "letter_texts", id=1, text="{}", **stands)
        kept_texts = connection.execute(text("SELECT unit, kind, known_at FROM letter_texts")).all()
        command.downgrade(config, "0017")
        tables = inspect(connection).get_table_names()
        command.upgrade(config, "head")
    engine.dispose()

    assert [tuple(row) for row in kept_texts] == [("H60", "announcement", 7)]
    assert "letter_texts" not in tables


def test_files_and_layouts_of_letters_come_and_go_without_touching_their_texts(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    times = {"known_at": 7, "replaced_at": 9}
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0018")
        add(connection, "letter_texts", id=1, unit="H60", period="2024-07", kind="announcement", text="{}", **times)

        command.upgrade(config, "0020")
        add(connection, "letter_files", sha256="ab", content=b"PK")
        add(connection, "letter_templates", id=1, unit="H60", kind="announcement", sha256="ab", size=2, **times)
        add(connection, "layouts", id=1, code="ours", document="{}", **times)
        command.downgrade(config, "0018")
        tables = set(inspect(connection).get_table_names())
        kept_texts = connection.execute(text("SELECT unit, known_at FROM letter_texts")).all()
        command.upgrade(config, "head")
    engine.dispose()

    assert tables.isdisjoint({"letter_files", "letter_templates", "layouts"})
    assert [tuple(row) for row in kept_texts] == [("H60", 7)]


def test_names_of_units_are_folded_anew(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    unit = {"code": "H17", "level": "province", "begins": date.min, "ends": date.max, "last": True, "name_order": "D"}
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0008")
        for known_at, name, folded in ((1, "Ðà Nẵng", "ða nang"), (2, "An Giang", "an giang")):
            told = {"name": name, "name_folded": folded, "known_at": known_at, "forgotten_at": known_at + 1}
            add(connection, "unit_versions", **unit, **told, identifiers="[]", successors="[]")

        command.upgrade(config, "head")
        keys = connection.execute(text("SELECT name_folded FROM unit_versions ORDER BY known_at")).scalars().all()
    engine.dispose()

    assert keys == ["da nang", "an giang"]


def test_changes_are_noted_since_the_version_at_which_their_table_came(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    with engine.connect() as connection:
        config = config_of(connection)
        command.upgrade(config, "0020")
        add(connection, "clock", id=1, version=41, known_at=7, trace="")

        command.upgrade(config, "0021")

        assert connection.execute(text("SELECT kind, version, known_at FROM changes")).all() == [("", 41, 7)]
        command.downgrade(config, "0020")
        assert "changes" not in inspect(connection).get_table_names()
    engine.dispose()


def test_indexes_of_what_writes_ask_for_come_and_go(unmigrated_url: str) -> None:
    added = {
        ("kept_answers", "ix_kept_answers_began_at"),
        ("publications", "ix_publications_replaced"),
        ("targets", "ix_targets_replaced"),
    }
    engine = make_engine(unmigrated_url, new=True)
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0009")
        before = indexes(connection)
        command.upgrade(config, "0010")
        after = indexes(connection)
        command.downgrade(config, "0009")
        back = indexes(connection)
        command.upgrade(config, "head")
    engine.dispose()

    assert (after - before, before - after, back) == (added, set(), before)


def indexes(connection: Connection) -> set[tuple[str, str | None]]:
    found = inspect(connection)
    return {(table, index["name"]) for table in found.get_table_names() for index in found.get_indexes(table)}


def test_framework_documents_that_stand_keep_the_instant_at_which_they_became_known(unmigrated_url: str) -> None:
    row = {"code": "qd766", "version": "2026", "document": "{}", "digest": "d", "used": True, "known_at": 7}
    engine = make_engine(unmigrated_url, new=True)
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0011")
        add(connection, "frameworks", **row, valid_from=date(2026, 1, 1), valid_to=None)

        command.upgrade(config, "0012")
        names = "code, version, known_at, CAST(valid_from AS VARCHAR), valid_to, document, digest"
        kept = connection.execute(text(f"SELECT {names} FROM framework_documents")).all()
        command.downgrade(config, "0011")
        tables = inspect(connection).get_table_names()
    engine.dispose()

    assert [tuple(each) for each in kept] == [("qd766", "2026", 7, "2026-01-01", None, "{}", "d")]
    assert "framework_documents" not in tables


def test_figures_stay_as_they_are_in_tables_that_sqlite_can_check(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0015")
        add(connection, "imports", id=1, **IMPORT, periods="[]")
        add(connection, "current_values", **REVISION, note="n")
        add(connection, "past_values", **{**REVISION, "known_at": 6}, undone_at=8)
        before, indexed = rows_of(connection), indexes(connection)

        command.upgrade(config, "0016")
        after, found = rows_of(connection), faults(connection)
        command.downgrade(config, "0015")
        back = rows_of(connection)
        command.upgrade(config, "head")
        kept = indexes(connection)
    engine.dispose()

    assert before == after == back
    assert found == ["ok"]
    assert indexed <= kept


def rows_of(connection: Connection) -> list[list[tuple[str, Any]]]:
    """Both tables of figures, whatever the order of their columns."""
    tables = ("current_values", "past_values")
    found = [connection.execute(text(f"SELECT * FROM {table}")).mappings().one() for table in tables]
    return [sorted((str(name), value) for name, value in row.items()) for row in found]


def faults(connection: Connection) -> list[str]:
    """What SQLite finds wrong with its file."""
    if connection.dialect.name != "sqlite":
        return ["ok"]
    return list(connection.execute(text("PRAGMA integrity_check")).scalars())


def test_keys_and_the_units_of_imports_come_and_go_without_touching_what_stands(unmigrated_url: str) -> None:
    engine = make_engine(unmigrated_url, new=True)
    with engine.execution_options(writer=True).begin() as connection:
        config = config_of(connection)
        command.upgrade(config, "0024")
        add(connection, "keys", name="office", hash="ab", scopes="[]", created_at=7)
        for number, undoes in ((1, None), (2, None), (3, 2)):
            add(connection, "imports", id=number, **IMPORT, periods="[]", undoes=undoes)
        add(connection, "current_values", **REVISION)
        gone = {**REVISION, "import_id": 2, "unit": "H60.100"}
        add(connection, "past_values", **gone, undone_at=9)

        command.upgrade(config, "0025")
        units = connection.execute(text("SELECT import_id, unit FROM import_units ORDER BY import_id")).all()
        keys = connection.execute(text("SELECT name, hash, networks, expires_at FROM keys")).all()
        command.downgrade(config, "0024")
        back = connection.execute(text("SELECT name, hash, created_at FROM keys")).all()
        tables = inspect(connection).get_table_names()
        command.upgrade(config, "head")
    engine.dispose()

    assert [tuple(row) for row in units] == [(1, "H60"), (2, "H60.100"), (3, "H60.100")]
    assert [(row[0], row[1], row[2] if isinstance(row[2], list) else json.loads(row[2]), row[3]) for row in keys] == [
        ("office", "ab", [], None)
    ]
    assert [tuple(row) for row in back] == [("office", "ab", 7)]
    assert "import_units" not in tables
