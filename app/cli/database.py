"""`chiso migrate`, `chiso demo` and `chiso audit`: the database and what it holds."""

import sys

import typer

from app.config import Settings
from app.main import opened, prepare
from app.services import demo as demo_service
from app.store import audit as audit_store
from app.store.engines import open_to_others

audit = typer.Typer(help="The trace of every write.", no_args_is_help=True)


def migrate() -> None:
    """Bring the database to the present schema and store the frameworks that ship."""
    settings = Settings()
    prepare(settings)
    warn_of_open_file(settings)
    print("The database is current.")


def warn_of_open_file(settings: Settings) -> None:
    """Tell that others can read the SQLite file; what somebody has allowed stays allowed."""
    path = open_to_others(settings.database_url)
    if path is not None:
        print(f"Other users of this machine can read {path}; to end that: chmod 600 {path}*", file=sys.stderr)


def load_demonstration() -> None:
    """Load the demonstration: the figures of four letters and of the national portal. A second time does nothing."""
    with opened(Settings()) as database:
        done = demo_service.load_demo(database, Settings().sources)
    if done.loaded:
        print(f"The demonstration is loaded: {done.units} units, {done.figures} figures.")
    else:
        print("The demonstration was loaded before; nothing changed.")


@audit.command("verify")
def verify_audit() -> None:
    """Follow the chain of the trace and name every entry that was changed; exit code 1 if there is one."""
    with opened(Settings()) as database, database.reading() as session:
        broken = list(audit_store.broken_links(session))
        length = audit_store.count_entries(session)
    for number, reason in broken:
        print(f"entry {number} {reason}", file=sys.stderr)
    if broken:
        raise typer.Exit(1)
    print(f"{length} entries, the chain is whole.")
