"""chiso: serve, migrate, demo, import, check, keys, audit, openapi."""

import sys
from typing import Any

import httpx
import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from typer.core import TyperGroup

from app.cli import contract, database, files, keys, serving
from app.cli.output import guard_streams
from app.errors import AppError


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
        place = "" if error.filename is None else f"{error.filename}: "
        return f"{place}{error.strerror or error}."
    return f"CHISO_DATABASE_URL cannot be used: {error}"


app = typer.Typer(
    cls=Commands,
    help="The score service for Decision 766/QĐ-TTg and any index like it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a framed traceback may be wider than it is true, and show what locals hold
)
app.command("serve")(serving.serve)
app.command("migrate")(database.migrate)
app.command("demo")(database.load_demonstration)
app.command("import")(files.import_file)
app.command("check")(files.check_file)
app.command("openapi")(contract.openapi)
app.add_typer(keys.app, name="keys")
app.add_typer(database.audit, name="audit")


def main() -> None:
    """What `chiso` runs."""
    guard_streams()
    app()
