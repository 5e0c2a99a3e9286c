"""chiso: serve, migrate, demo, import, check, keys, audit, openapi."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from typer.core import TyperGroup

from app import cli_files
from app.config import Settings
from app.domain.instant import to_datetime
from app.errors import AppError
from app.main import create_app, opened, prepare
from app.services import demo as demo_service
from app.services import keys as keys_service
from app.services.rights import Scope
from app.store import audit as audit_store
from app.store import keys as keys_store


class Commands(TyperGroup):
    """The commands. What goes wrong for a reason that the caller can mend is a sentence and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (AppError, ValidationError, SQLAlchemyError, OSError, httpx.HTTPError) as error:
            print(reason_of(error), file=sys.stderr)
            raise typer.Exit(1) from error


def reason_of(error: Exception) -> str:
    """Why a command ended, for whoever typed it. Values of settings are left out: they may be secrets."""
    if isinstance(error, AppError):
        return "\n".join([str(error), *(fault.detail("en") for fault in error.faults)])
    if isinstance(error, ValidationError):
        faults = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
        return "\n".join(f"CHISO_{name.upper()}: {said.removeprefix('Value error, ')}." for name, said in faults)
    if isinstance(error, DBAPIError):
        return f"The database does not answer: {str(error.orig).strip().splitlines()[0]}"
    if isinstance(error, httpx.HTTPError):
        return f"The service does not answer: {error}"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}."
    return f"CHISO_DATABASE_URL cannot be used: {error}"


app = typer.Typer(
    cls=Commands, help="The score service for Decision 766/QĐ-TTg and any index like it.", no_args_is_help=True
)
keys = typer.Typer(help="Keys of those who may read and write.", no_args_is_help=True)
audit = typer.Typer(help="The trace of every write.", no_args_is_help=True)
app.command("import")(cli_files.import_file)
app.command("check")(cli_files.check_file)
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")

OPENAPI = Path("openapi/openapi.json")
ALL_KEYS = 100_000


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="Load the demonstration first, once.")] = False,
) -> None:
    """Bring the database to the present schema and serve."""
    settings = Settings()
    if demo:
        load_demonstration()
    else:
        prepare(settings)
    print(welcome(settings, f"http://{host}:{port}"), flush=True)
    uvicorn.run(
        "app.cli:served",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
    )


def served() -> FastAPI:
    """The application that each worker process serves."""
    return create_app(Settings())


def welcome(settings: Settings, address: str) -> str:
    """What a starting service says: where it is, the bootstrap key if there is one, and what to try."""
    key = settings.bootstrap_key
    store = settings.database_url.partition("://")[0]
    lines = [f"chiso serves {address} from {store}. For people: {address}/ · operations: {address}/docs"]
    if key is None:
        return "\n".join([*lines, "No bootstrap key is set; make one with `chiso keys create`."])
    bearer = f'-H "Authorization: Bearer {key}"'
    lines += [f"Admin key: {key}", "Try:"]
    lines += [f"  curl '{address}/v1/units?level=province&q=tuyen+quang'"]
    lines += [f"  curl {bearer} '{address}/v1/scores?period=2026&level=commune&under=H21&limit=3'"]
    lines += [f"  curl {bearer} '{address}/v1/scores/H60/2024-07'"]
    return "\n".join(lines)


@app.command("demo")
def load_demonstration() -> None:
    """Load the demonstration: the figures of four letters and of the national portal. A second time does nothing."""
    with opened(Settings()) as database:
        done = demo_service.load_demo(database, Settings().sources)
    if done.loaded:
        print(f"The demonstration is loaded: {done.units} units, {done.figures} figures.")
    else:
        print("The demonstration was loaded before; nothing changed.")


@app.command()
def migrate() -> None:
    """Bring the database to the present schema and store the frameworks that ship."""
    prepare(Settings())
    print("The database is current.")


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What the key is called in the trace.")],
    scope: Annotated[list[str], typer.Option(help=f"May be given several times: {', '.join(Scope)}.")],
    unit: Annotated[str | None, typer.Option(help="Bind the key to this unit and those under it.")] = None,
) -> None:
    """Make a key. Its secret is the last line printed, and is shown only now."""
    with opened(Settings()) as database, database.writing() as session:
        secret = keys_service.create_key(session, name, scope, unit)
    print(f"Key {name}: {', '.join(sorted(set(scope)))}{f' under {unit}' if unit else ''}. Keep the secret:")
    print(secret)


@keys.command("list")
def list_keys() -> None:
    """Show all keys, revoked ones too."""
    table = Table("name", "scopes", "unit", "created", "revoked")
    with opened(Settings()) as database, database.reading() as session:
        for key in keys_store.list_keys(session, after=None, limit=ALL_KEYS):
            revoked = "" if key.revoked_at is None else f"{to_datetime(key.revoked_at):%Y-%m-%d %H:%M}Z"
            created = f"{to_datetime(key.created_at):%Y-%m-%d %H:%M}Z"
            table.add_row(key.name, ", ".join(key.scopes), key.unit or "", created, revoked)
    Console().print(table)


@keys.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="The key to end.")]) -> None:
    """End a key at once."""
    with opened(Settings()) as database, database.writing() as session:
        keys_service.revoke_key(session, name)
    print(f"Key {name} is revoked.")


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


@app.command()
def openapi(
    write: Annotated[bool, typer.Option("--write", help="Write it to openapi/openapi.json instead.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare with that file; exit code 1 if they differ.")] = False,
) -> None:
    """Print the contract as OpenAPI."""
    settings = Settings(_env_file=None, database_url="sqlite:///not-opened.db")
    text = json.dumps(create_app(settings).openapi(), ensure_ascii=False, indent=2) + "\n"
    if check and OPENAPI.read_text("utf-8") != text:
        print(f"{OPENAPI} is not what the code says; run `chiso openapi --write`.", file=sys.stderr)
        raise typer.Exit(1)
    if write:
        OPENAPI.parent.mkdir(exist_ok=True)
        OPENAPI.write_text(text, "utf-8")
    if write or check:
        print(f"{OPENAPI} is what the code says.")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    app()
