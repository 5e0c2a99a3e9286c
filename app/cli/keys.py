"""`chiso keys`: keys of those who may read and write."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.database import existing
from app.cli.output import fail_if_unprinted
from app.config import Settings
from app.domain.characters import trimmed
from app.domain.instant import to_datetime
from app.services import keys as service
from app.services.rights import Scope
from app.store import keys as store

app = typer.Typer(help="Keys of those who may read and write.", no_args_is_help=True)
ALL_KEYS = 100_000


@app.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What the key is called in the trace.")],
    scope: Annotated[list[str], typer.Option(help=f"May be given several times: {', '.join(Scope)}.")],
    unit: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TEXT", help="Bind the key to this unit and those under it.")
    ] = None,
) -> None:
    """Make a key. Its secret is the last line printed, and is shown only now; where it cannot be, no key is made."""
    with existing(Settings()) as database, database.writing() as session:
        secret = service.create_key(session, name, scope, unit)
        print(f"Key {name}: {', '.join(sorted(set(scope)))}{f' under {unit}' if unit else ''}. Keep the secret:")
        print(secret)
        fail_if_unprinted(reader_may_leave=False)  # before the commit: nobody could ever use a key with a lost secret


@app.command("list")
def list_keys() -> None:
    """Show all keys, revoked ones too."""
    table = Table("name", "scopes", "unit", "created", "revoked")
    with existing(Settings()) as database, database.reading() as session:
        for key in store.list_keys(session, after=None, limit=ALL_KEYS):
            revoked = "" if key.revoked_at is None else f"{to_datetime(key.revoked_at):%Y-%m-%d %H:%M}Z"
            created = f"{to_datetime(key.created_at):%Y-%m-%d %H:%M}Z"
            table.add_row(escape(key.name), ", ".join(key.scopes), key.unit or "", created, revoked)
    Console().print(table)
    fail_if_unprinted()


@app.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="The key to end.")]) -> None:
    """End a key at once."""
    with existing(Settings()) as database, database.writing() as session:
        service.revoke_key(session, name)
    print(f"Key {name} is revoked.")
