"""`chiso migrate`, `chiso demo` and `chiso audit`: the database and what it holds.

Only `chiso serve` and `chiso migrate --new` make a database. Every other command wants one that is there: a misspelt
address would else give an empty one, and success.
"""

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from app.cli.refusals import CommandRefused
from app.config import Settings
from app.main import opened
from app.services import demo as demo_service
from app.services.frameworks import id_of, shipped_ids
from app.services.settings_checks import faults_of_scopes, faults_of_settings
from app.store import audit as audit_store
from app.store.db import Database
from app.store.engines import open_to_others, place_of, sqlite_file
from app.store.frameworks import list_frameworks
from app.store.schema import tables_at
from app.store.true_times import lead

log = logging.getLogger("chiso.start")
"""What a command warns of: bare lines on standard error, and lines like all others of a service."""
NO_DATABASE = (
    "There is no database of chiso at {place}. Is CHISO_DATABASE_URL right, and this the working directory? "
    "`chiso migrate --new` makes one there."
)
audit = typer.Typer(help="The trace of every write.", no_args_is_help=True)


def migrate(
    new: Annotated[bool, typer.Option("--new", help="Make the database where there is none yet.")] = False,
) -> None:
    """Bring the database to the present schema and store the frameworks that ship."""
    settings = Settings()
    with made_or_existing(settings, anywhere=True) if new else existing(settings):
        pass
    warn_of_open_file(settings)
    print(f"The database at {place_of(settings.database_url)} is current.")


@contextmanager
def existing(settings: Settings) -> Iterator[Database]:
    """The database of the settings, brought to the present schema; CommandRefused where there is none."""
    if tables_at(settings.database_url) != "ours":
        raise CommandRefused(NO_DATABASE.format(place=place_of(settings.database_url)))
    with opened(settings) as database:
        yield database


@contextmanager
def made_or_existing(settings: Settings, *, anywhere: bool = False) -> Iterator[Database]:
    """The database of the settings, brought to the present schema; where there was none, that is said.

    CommandRefused where other tables than ours stand in it, unless `anywhere`.
    """
    place, file = place_of(settings.database_url), sqlite_file(settings.database_url)
    if file is not None and not file.parent.is_dir():
        raise CommandRefused(
            f"There is no directory {file.parent} for {file.name}; make it, or change CHISO_DATABASE_URL."
        )
    tables = tables_at(settings.database_url)
    if tables == "others" and not anywhere:
        raise CommandRefused(
            f"The database at {place} holds other tables than those of chiso; name another in CHISO_DATABASE_URL, or "
            "let `chiso migrate --new` add them."
        )
    with opened(settings) as database:
        if tables != "ours":
            log.warning("A new database was made at %s.", place)
        yield database


def check_before(settings: Settings) -> None:
    """CommandRefused where settings name what a database that is still to be made will not know: none is made then."""
    refuse(faults_of_scopes(settings.oidc_scopes))
    if tables_at(settings.database_url) == "none":
        refuse(faults_of_settings(shipped_ids(), settings.default_framework))


def check_settings(database: Database, settings: Settings) -> None:
    """CommandRefused where settings name what the database does not know; a clock that is behind it is told of."""
    with database.reading() as session:
        ahead = lead(session)
        frameworks = [id_of(row) for row in list_frameworks(session)]
    if ahead:
        log.warning("The last write lies %s s ahead of this machine's clock; is that right?", ahead // 1_000_000)
    refuse(faults_of_settings(frameworks, settings.default_framework))


def refuse(faults: Iterable[str]) -> None:
    """CommandRefused with these faults, if there are any."""
    if said := "\n".join(faults):
        raise CommandRefused(said)


def warn_of_open_file(settings: Settings) -> None:
    """Tell that others can read the SQLite file; what somebody has allowed stays allowed."""
    path = open_to_others(settings.database_url)
    if path is not None:
        log.warning("Other users of this machine can read %s; to end that: chmod 600 %s*", path, path)


def load_demonstration() -> None:
    """Load the demonstration: the figures of four letters and of the national portal. A second time does nothing."""
    settings = Settings()
    with existing(settings) as database:
        demonstrate(database, settings)


def demonstrate(database: Database, settings: Settings) -> None:
    """Load the demonstration, and say what became of it."""
    done = demo_service.load_demo(database, settings.sources)
    if done.loaded:
        new = f"{done.units} units, {done.figures} figures, {done.results} published results"
        print(f"The demonstration is loaded: {new}.")
    else:
        print("The demonstration was loaded before; nothing changed.")


@audit.command("verify")
def verify_audit() -> None:
    """Follow the chain of the trace and name every entry that was changed; exit code 1 if there is one."""
    with existing(Settings()) as database, database.reading() as session:
        broken = list(audit_store.broken_links(session))
        length = audit_store.count_entries(session)
    for number, reason in broken:
        print(f"entry {number} {reason}", file=sys.stderr)
    if broken:
        raise typer.Exit(1)
    print(f"{length} entries, the chain is whole.")
