"""What an operator would look at, each with what was found and the way out."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.services.evaluation_checks import damaged
from app.services.frameworks import id_of
from app.services.settings_checks import faults_of_settings
from app.store import health
from app.store.audit import broken_links, count_entries
from app.store.copying import pages_damaged
from app.store.db import Database, last_change, now
from app.store.engines import LOG_LIMIT, open_to_others, place_of, sqlite_file
from app.store.frameworks import list_frameworks
from app.store.jobs import expired_jobs, jobs_under_way
from app.store.letter_templates import files_damaged
from app.store.schema import newest_schema, tables_at
from app.store.true_times import lead

State = Literal["ok", "warn", "bad"]
LITTLE_SPACE = 100_000_000
SECOND = 1_000_000
"""µs."""
DRIFT_S = 5
"""Clocks may differ by so much: leases of imports are compared with them."""
LOCK_WAIT_MS = 300


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `way_out` says what to do where it is not ok."""

    name: str
    state: State
    said: str
    way_out: str = ""


def examine(url: str, default_framework: str) -> Iterator[Check]:
    """Look at the database of an address and at what it stands on; no row is written, but a large log is emptied."""
    tables = tables_at(url)
    if tables != "ours":
        way_out = "set CHISO_DATABASE_URL, or make one with `chiso migrate --new`"
        yield Check("database", "bad", f"no database of chiso at {place_of(url)}", way_out)
        return
    yield Check("database", "ok", place_of(url))
    database = Database(url)
    try:
        schema = database.versions.schema()
        if schema != newest_schema():
            way_out = "`chiso migrate` brings an older one up; for a newer one install the version that it is of"
            yield Check("schema", "bad", f"{schema}, not {newest_schema()}", way_out)
            return
        yield Check("schema", "ok", str(schema))
        yield from surroundings(database)
        with database.reading() as session:
            for look in LOOKS:
                yield look(session)
            yield settings(session, default_framework)
    finally:
        database.dispose()


def settings(session: Session, default_framework: str) -> Check:
    faults = list(faults_of_settings([id_of(row) for row in list_frameworks(session)], default_framework))
    return Check("settings", "bad" if faults else "ok", "; ".join(faults) or "read", "set them anew" if faults else "")


def surroundings(database: Database) -> Iterator[Check]:
    """Disk, log and lock: what is asked outside a transaction."""
    file = sqlite_file(database.url)
    if file is not None:
        yield space("disk", file.parent, file.stat().st_size)
        others = open_to_others(database.url)
        said = "others of this machine can read the file" if others else "its owner's alone"
        yield Check("rights", "warn" if others else "ok", said, f"chmod 600 {file}*" if others else "")
        yield log(database)
    yield space("temporary", Path(tempfile.gettempdir()), LITTLE_SPACE)
    yield lock(database)


def space(name: str, directory: Path, wanted: int) -> Check:
    """Room on a disk: `wanted` bytes are what a copy would take."""
    free = shutil.disk_usage(directory).free
    said = f"{free // 2**20} MB free at {directory}"
    if free < LITTLE_SPACE:
        return Check(name, "bad", said, "make room: writes fail when it is full, nothing is lost")
    return (
        Check(name, "warn", said, "make room for a copy of the database") if free < wanted else Check(name, "ok", said)
    )


def log(database: Database) -> Check:
    """The write-ahead log of SQLite."""
    size = health.log_size(database.url)
    said = f"{size // 2**20} MB"
    if size <= 2 * LOG_LIMIT:
        return Check("log", "ok", said)
    state = health.empty_log(database)
    if not state.held:
        return Check("log", "ok", f"{said}, emptied")
    if state.by_import:
        return Check("log", "ok", f"{said}, emptied when the import that is under way has ended")
    return Check(
        "log", "warn", f"{said}, and a reader keeps it from being emptied", "end the process that reads so long"
    )


def lock(database: Database) -> Check:
    """Whether somebody could write now."""
    try:
        database.wait_for_writer(wait_ms=LOCK_WAIT_MS)
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        way_out = "wait for a large import (`chiso jobs`); if it lasts, look for a process that hangs"
        return Check("lock", "warn", f"no write within {LOCK_WAIT_MS} ms: {reason}", way_out)
    return Check("lock", "ok", "free")


def clock(session: Session) -> Check:
    """This machine's clock against the last write, and on PostgreSQL against the server's."""
    ahead = lead(session)
    if ahead:
        way_out = "is the clock right now (NTP)? then nothing needs repair: writes go on behind that instant"
        return Check("clock", "warn", f"the last write lies {ahead / SECOND:.0f} s ahead of it", way_out)
    if session.get_bind().dialect.name == "postgresql":
        drift = (health.server_clock(session) - now(session)) / SECOND
        if abs(drift) > DRIFT_S:
            return Check("clock", "warn", f"the server's differs by {drift:.0f} s", "let NTP set both clocks")
    return Check("clock", "ok", "not behind the last write")


def pages(session: Session) -> Check:
    faults = pages_damaged(session)
    return Check("pages", "bad" if faults else "ok", "; ".join(faults) or "whole", "restore a backup" if faults else "")


def trace(session: Session) -> Check:
    faults = [f"entry {number} {reason}" for number, reason in broken_links(session)]
    said = "; ".join(faults[:5]) or f"{count_entries(session)} entries, the last {last_change(session).trace or 'none'}"
    return Check("audit", "bad" if faults else "ok", said, "compare with a backup" if faults else "")


def evaluations(session: Session) -> Check:
    found = ", ".join(map(str, damaged(session)))
    said = f"not as they were frozen: {found}" if found else "as they were frozen"
    return Check("evaluations", "bad" if found else "ok", said, "compare with a backup" if found else "")


def files(session: Session) -> Check:
    """The Word files of letters against their digests."""
    found = ", ".join(files_damaged(session))
    said = f"not as they were stored: {found}" if found else "as they were stored"
    return Check("files", "bad" if found else "ok", said, "compare with a backup" if found else "")


def jobs(session: Session) -> Check:
    """Imports under way, and those for which no process vouches any more."""
    running, expired = jobs_under_way(session), expired_jobs(session)
    said = f"{running} imports wait or run"
    if not expired:
        return Check("jobs", "ok", said)
    gone = f"{said}; the processes of {', '.join(map(str, expired))} are gone"
    return Check("jobs", "warn", gone, "start the service: it says `failed` within a minute")


def connections(session: Session) -> Check:
    if session.get_bind().dialect.name == "sqlite":
        return Check("connections", "ok", "SQLite counts none")
    found = health.connections(session)
    said = f"{found.open} of {found.most}; {found.long} transactions open for more than {health.LONG_S} s"
    if found.open > found.most * 0.8:
        return Check("connections", "warn", said, "raise max_connections, or start fewer workers")
    return Check(
        "connections", "warn" if found.long else "ok", said, "pg_stat_activity names them" if found.long else ""
    )


LOOKS: tuple[Callable[[Session], Check], ...] = (clock, connections, jobs, pages, trace, evaluations, files)
