"""`chiso backup`, `chiso restore` and `chiso copy`: databases copied whole and held against what they were copied from.

A backup is an SQLite database of chiso, whichever database it was made of, so that either kind can be restored from it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import DatabaseError

from app.cli.database import NO_DATABASE
from app.cli.refusals import CommandRefused
from app.config import Settings
from app.services.backups import CopyError, Holdings, copying, faults_in, holdings
from app.store.backup_notes import Note, differences, digest_of, read_note, write_note
from app.store.copying import count_rows, is_empty, pages_damaged
from app.store.db import Database, DatabaseLimits
from app.store.engines import address_of, beside, close_file, place_of, sqlite_file
from app.store.schema import migrate, newest_schema, tables_at

FileArgument = Annotated[Path, typer.Argument(help="A file of its own, with whatever name.")]
UNHURRIED = DatabaseLimits(lease_s=0, statement_s=0)
"""For what may take hours, with pauses on one side while the other is at work."""
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="As CHISO_DATABASE_URL is written.")]


def backup(
    file: FileArgument, force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False
) -> None:
    """Copy the database to a file, while the service runs, and read the copy back. Exit code 1: no file, or damage."""
    url = Settings().database_url
    demand_current(url)
    with whole_file(file, force=force, never=sqlite_file(url)) as unfinished:
        copy = address_of(unfinished)
        migrate(copy)
        held = transfer(url, copy)
        faults = faults_at(copy)
        note = write_note(unfinished)
        close_file(unfinished)
    print(f"{place_of(url)} was copied to {file.absolute()}: {summary(held, f'noted in it: {sealed(note)}')}.")
    report(faults, "The copy is what the database holds, which is damaged:")


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `chiso backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace all that the database holds.")] = False,
    damaged: Annotated[bool, typer.Option("--damaged", help="Take a damaged backup, as it is.")] = False,
) -> None:
    """Put what a backup holds into the database of the settings, all of it or nothing. A running service goes on.

    A damaged backup is refused, whatever the database holds, unless it is the only one that there is (`--damaged`).
    """
    url = Settings().database_url
    refuse_in_use(file, sqlite_file(url))
    with tempfile.TemporaryDirectory(prefix="chiso-") as directory:
        copy = opened_copy(file, Path(directory))
        source, note = address_of(copy), read_note(copy)
        changed = [] if note is None else differences(copy, note)
        migrate(source)
        faults = [*changed, *faults_at(source)]
        if faults and not damaged:
            report(faults, f"{file} is damaged; nothing was restored. With --damaged it is restored as it is.")
        prepare_target(url, force=force, way_out="With --force they are replaced; back them up first.")
        held = transfer(source, url)
    print(f"{file} was restored to {place_of(url)}: {summary(held, compared(note, changed))}.")
    report(faults, "What was restored is damaged:")


def copy_database(source: Address, target: Address) -> None:
    """Copy all of a database into an empty one, of the same kind or the other. Stop the service of the first one.

    A password in an address shows in the list of processes; leave it out and let PGPASSWORD or ~/.pgpass say it.
    """
    source, target = read_address(source), read_address(target)
    demand_current(source)
    prepare_target(target, force=False, way_out="Name an empty one.")
    held = transfer(source, target)
    faults = faults_at(target)
    print(f"{place_of(source)} was copied to {place_of(target)}: {summary(held)}.")
    report(faults, "What was copied is damaged, there as here:")


def read_address(url: str) -> str:
    """An address as the setting takes it; BadParameter else."""
    try:
        return Settings.names_a_database(url)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def demand_current(url: str) -> None:
    """CommandRefused unless the database is one of ours, as this version of the code writes them."""
    if tables_at(url) != "ours":
        raise CommandRefused(NO_DATABASE.format(place=place_of(url)))
    if schema_of(url) != newest_schema():
        raise CommandRefused(
            f"The database at {place_of(url)} is of another version of chiso; copy it with that one, or bring it to "
            "this one with `chiso migrate`."
        )


def schema_of(url: str) -> str | None:
    with closing_database(url) as database:
        return database.versions.schema()


def prepare_target(url: str, *, force: bool, way_out: str) -> None:
    """Lay the tables where there are none. CommandRefused where there is something already, unless `force`."""
    tables = tables_at(url)
    if tables == "others":
        raise CommandRefused(f"The database at {place_of(url)} holds tables of another program.")
    if tables == "ours" and not force:
        with closing_database(url) as database, database.reading() as session:
            if not is_empty(session):
                raise CommandRefused(f"The database at {place_of(url)} holds rows. {way_out}")
    migrate(url)
    if tables == "none":
        print(f"A new database was made at {place_of(url)}.", file=sys.stderr)


@contextmanager
def closing_database(url: str) -> Iterator[Database]:
    database = Database(url, limits=UNHURRIED)
    try:
        yield database
    finally:
        database.dispose()


def transfer(source: str, target: str) -> Holdings:
    """Copy all rows in one transaction, read them back before it commits, and show on a terminal how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with (
        closing_database(source) as from_,
        closing_database(target) as to,
        from_.reading() as reading,
        Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress,
    ):
        rows = count_rows(reading)  # before anybody has to wait
        task = progress.add_task("rows", total=2 * rows)
        with to.writing() as writing:
            try:
                for step in copying(reading, writing):
                    progress.advance(task, step)
            except CopyError as error:
                reason = f"What was written differs from what was read ({error}); nothing was kept."
                raise CommandRefused(reason) from error
            return holdings(writing, rows)


def faults_at(url: str) -> list[str]:
    """Where a database is damaged: its file, the audit, evaluations."""
    with closing_database(url) as database, database.reading() as session:
        return [*pages_damaged(session), *faults_in(session)]


def report(faults: list[str], about: str) -> None:
    """Name what is damaged and end with 1, where something is."""
    if faults:
        raise CommandRefused("\n".join([about, *faults]))


def summary(held: Holdings, compared: str = "") -> str:
    """What was copied, and what it was compared with.

    Who notes the end of the trace can tell later whether the whole chain was rewritten.
    """
    end = f", the last {held.trace}" if held.trace else ""
    parts = (f"{held.rows} rows, read back and the same", compared, f"{held.entries} entries of the audit{end}")
    return "; ".join(filter(None, parts))


def sealed(note: Note) -> str:
    """What a backup noted of itself, to be written down elsewhere."""
    rows = sum(content.rows for content in note.values())
    return f"{rows} rows in {len(note)} tables, digest {digest_of(note)}"


def compared(note: Note | None, changed: Sequence[str]) -> str:
    """Whether a backup holds what was put into it."""
    if note is None:
        return "no note of `chiso backup` is in it, to be compared with"
    return f"{'not ' if changed else ''}as backed up: {sealed(note)}"


def refuse_in_use(file: Path, own: Path | None) -> None:
    """CommandRefused where a file may be written to while it is copied: what is read of it would be torn."""
    if own is not None and own.exists() and file.samefile(own):
        raise CommandRefused(f"{file} is the database of the settings itself; name a backup of it.")
    real = file.resolve()
    if real.with_name(f"{real.name}-journal").exists():
        raise CommandRefused(
            f"{file} has a journal beside it: somebody writes to it, or broke off. Open it once with what wrote it, "
            "or name another backup."
        )


def opened_copy(file: Path, directory: Path) -> Path:
    """A copy of a backup, to be opened: opening may write, and the backup stays as it is."""
    copy, real = directory / "backup.db", file.resolve()
    for suffix in ("", "-wal"):
        part = real.with_name(real.name + suffix)
        if part.exists():
            shutil.copyfile(part, copy.with_name(copy.name + suffix))
    url = address_of(copy)
    try:
        ours = tables_at(url) == "ours"
    except DatabaseError as error:
        raise CommandRefused(f"{file} cannot be read: {error.orig}.") from error
    if not ours:
        raise CommandRefused(f"{file} is no database of chiso.")
    return copy


@contextmanager
def whole_file(file: Path, *, force: bool, never: Path | None) -> Iterator[Path]:
    """A file to write that takes its name when it is whole and on the disk; else nothing is left of it."""
    file = file.absolute()
    if not file.parent.is_dir():
        raise CommandRefused(f"There is no folder {file.parent}.")
    if file.exists() and never is not None and never.exists() and file.samefile(never):
        raise CommandRefused(f"{file} is the database itself; choose another name.")
    if file.exists() and not force:
        raise CommandRefused(f"{file} is there already; choose another name, or replace a backup with --force.")
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield unfinished
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        for old in beside(file):  # SQLite would take them for the new file's own
            old.unlink(missing_ok=True)
        unfinished.replace(file)
        directory = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    finally:
        for left in (unfinished, *beside(unfinished)):
            left.unlink(missing_ok=True)
