"""The schema of the database: brought to the newest revision by Alembic."""

from errno import EISDIR
from functools import cache
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text

from app.errors import RefusalCode, Unavailable
from app.store.db import CLOCK, ClockRow
from app.store.engines import make_engine, reading_engine, sqlite_file

Tables = Literal["none", "ours", "others"]

NEWER = RefusalCode(
    "schema_newer",
    "The schema of the database is that of a later version of chiso ({found}; this one knows {newest}); "
    "install that version, or restore a backup that was made with this one.",
    "Lược đồ cơ sở dữ liệu thuộc phiên bản chiso mới hơn ({found}; phiên bản này biết đến {newest}); "
    "hãy cài phiên bản đó, hoặc khôi phục bản sao lưu được tạo bằng phiên bản này.",
    Unavailable,
)


def migrations() -> Config:
    """Where the migrations are, for Alembic; the connection is handed over by the caller."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    return config


def tables_at(url: str) -> Tables:
    """Whose tables stand in the database, none where there is no file yet; nothing is made or changed.

    OSError where a directory stands in the place of the file: SQLite would speak of its disk.
    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return "none"
    if file is not None and file.is_dir():
        raise IsADirectoryError(EISDIR, "It is a directory; name a file in it", str(file))
    engine = make_engine(url) if file is None else reading_engine(file)
    try:
        names = set(inspect(engine).get_table_names())
    finally:
        engine.dispose()
    if {"alembic_version", ClockRow.__tablename__} <= names:
        return "ours"
    return "others" if names else "none"


def migrate(url: str) -> None:
    """Bring the schema to the newest revision. Two processes may do it at once: the second finds it done.

    Raises Unavailable `schema_newer` where a later version has been there.
    """
    engine = make_engine(url, new=True)
    try:
        with engine.execution_options(writer=True).begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(766)"))
            refuse_newer(MigrationContext.configure(connection).get_current_revision())
            config = migrations()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if connection.execute(select(CLOCK.id)).first() is None:
                connection.execute(insert(ClockRow).values(id=1, version=0, known_at=0, trace=""))
    finally:
        engine.dispose()


@cache
def newest_schema() -> str | None:
    """The revision of the schema that this code was written for."""
    return ScriptDirectory.from_config(migrations()).get_current_head()


def refuse_newer(found: str | None) -> None:
    """Raise Unavailable where a schema is of a later version; revisions are numbered."""
    newest = newest_schema() or ""
    if found is not None and found > newest:
        raise NEWER.error(headers={"Retry-After": "60"}, found=found, newest=newest)
