"""`chiso keys`: keys of those who may read and write."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from app.cli.database import existing
from app.cli.output import fail_if_unprinted
from app.config import Settings
from app.domain.characters import trimmed
from app.domain.instant import read_moment, to_datetime, to_instant
from app.services import keys as service
from app.services.keys import KeyTerms
from app.services.rights import Scope
from app.store import keys as store

app = typer.Typer(help="Keys of those who may read and write.", no_args_is_help=True)
TIMES = [
    ("created", "created_at"),
    ("last used", "last_used_at"),
    ("expires", "expires_at"),
    ("revoked", "revoked_at"),
]


def moment(text: str) -> datetime:
    """A moment as an option gives it."""
    read = read_moment(text)
    if read is None or read.tzinfo is None:
        raise typer.BadParameter("write the moment as 2027-01-01T00:00:00+07:00")
    return read


Expires = Annotated[
    datetime | None, typer.Option(parser=moment, metavar="MOMENT", help="When it ends, as 2027-01-01T00:00:00+07:00.")
]


def minute(at: int | None) -> str:
    """A time of the table, empty where there is none."""
    return "" if at is None else f"{to_datetime(at):%Y-%m-%d %H:%M}Z"


@app.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What the key is called in the trace.")],
    scope: Annotated[list[str], typer.Option(help=f"May be given several times: {', '.join(Scope)}.")],
    unit: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TEXT", help="Bind the key to this unit and those under it.")
    ] = None,
    expires_at: Expires = None,
    network: Annotated[
        list[str] | None,
        typer.Option(help="A network (CIDR) or address that it works from; may be given several times."),
    ] = None,
) -> None:
    """Make a key. Its secret is the last line printed, and is shown only now; where it cannot be, no key is made."""
    terms = KeyTerms(None if expires_at is None else to_instant(expires_at), network or [])
    with existing(Settings()) as database, database.writing() as session:
        secret = service.create_key(session, name, scope, unit, terms)
        print(f"Key {name}: {', '.join(sorted(set(scope)))}{f' under {unit}' if unit else ''}. Keep the secret:")
        print(secret)
        fail_if_unprinted(reader_may_leave=False)  # before the commit: nobody could ever use a key with a lost secret


@app.command("rotate")
def rotate_key(
    name: Annotated[str, typer.Argument(help="The key that gets a new secret.")],
    overlap: Annotated[
        int, typer.Option(min=0, metavar="SECONDS", help="How long the secret before works beside the new one.")
    ] = 86_400,
) -> None:
    """Give a key a new secret. It is the last line printed, and is shown only now; else nothing is changed."""
    with existing(Settings()) as database, database.writing() as session:
        secret = service.rotate_key(session, name, overlap)
        print(f"Key {name}: the secret before works for {overlap} more seconds. Keep the new one:")
        print(secret)
        fail_if_unprinted(reader_may_leave=False)


UNFOLDED = 1000
"""Letters of a line that a program reads."""


@app.command("list")
def list_keys() -> None:
    """Show all keys, those that have ended too."""
    titles = ("name", "scopes", "unit", "networks", *(title for title, _ in TIMES))
    table = Table(*(Column(title, overflow="fold") for title in titles))  # cut short, a time says nothing
    with existing(Settings()) as database, database.reading() as session:
        for key in store.list_keys(session, after=None, limit=None):
            times = [minute(getattr(key, field)) for _, field in TIMES]
            table.add_row(escape(key.name), ", ".join(key.scopes), key.unit or "", ", ".join(key.networks), *times)
    console = Console()
    if not console.is_terminal:
        console.width = UNFOLDED
    console.print(table)
    fail_if_unprinted()


@app.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="The key to end.")]) -> None:
    """End a key at once."""
    with existing(Settings()) as database, database.writing() as session:
        service.revoke_key(session, name)
    print(f"Key {name} is revoked.")
