"""What a backup notes of itself when it is whole: of each of its tables the rows and the sum of their hashes.

It is read as SQLite has it, not as the code declares it: a backup is held against its note before its schema is brought
up. The note is a table of the file, so that nobody can lose the one without the other.
"""

from collections.abc import Mapping
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from sqlite3 import Connection, connect

from app.store.copying import ROWS_AT_ONCE, TableContent
from app.store.topics import TopicVersion

NOTE = "backup_note"
LEFT_OUT = (NOTE, "alembic_version", TopicVersion.__tablename__)
"""Tables that tell of the file, and of writes of one database; no restore brings them back."""

Note = Mapping[str, TableContent]
"""What each table holds, by its name."""


def write_note(file: Path) -> Note:
    """Note in a backup that is whole what it holds."""
    with closing(connect(file)) as connection, connection:
        found = _contents(connection)
        connection.execute(f"CREATE TABLE {NOTE} (name TEXT PRIMARY KEY, row_count INTEGER, hashes TEXT)")
        rows = [(name, content.rows, f"{content.sum:032x}") for name, content in found.items()]
        connection.executemany(f"INSERT INTO {NOTE} VALUES (?, ?, ?)", rows)  # noqa: S608  # a constant
        return found


def read_note(file: Path) -> Note | None:
    """What a backup noted of itself; None where it is a database that `chiso backup` has not written."""
    with closing(connect(file)) as connection:
        if NOTE not in _tables(connection):
            return None
        rows = connection.execute(f"SELECT name, row_count, hashes FROM {NOTE}")  # noqa: S608  # a constant
        return {name: TableContent(count, int(hashes, 16)) for name, count, hashes in rows}


def differences(file: Path, noted: Note) -> list[str]:
    """Where a backup does not hold what it noted, in words."""
    with closing(connect(file)) as connection:
        found = _contents(connection)
    nothing = TableContent()
    pairs = {name: (noted.get(name, nothing), found.get(name, nothing)) for name in {**noted, **found}}
    return [
        f"table {name} holds {there.rows} rows, backed up were {before.rows}"
        if there.rows != before.rows
        else f"table {name} holds other content than was backed up"
        for name, (before, there) in sorted(pairs.items())
        if there != before
    ]


def digest_of(note: Note) -> str:
    """One digest for all that a backup holds, short enough to be written down."""
    lines = "\n".join(f"{name} {content.rows} {content.sum:032x}" for name, content in sorted(note.items()))
    return blake2b(lines.encode(), digest_size=16).hexdigest()


def _tables(connection: Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return [name for (name,) in found]


def _contents(connection: Connection) -> dict[str, TableContent]:
    found = {}
    for name in _tables(connection):
        if name in LEFT_OUT:
            continue
        quoted = name.replace('"', '""')
        cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  # the file's own name, quoted
        content = TableContent()
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            content = content.with_rows(rows)
        found[name] = content
    return found
