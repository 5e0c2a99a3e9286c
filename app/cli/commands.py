"""chiso: serve, migrate, demo, import, check, letter, keys, audit, backup, restore, copy, doctor, jobs, openapi."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from app.cli import backup, contract, database, doctor, files, keys, letter, serving
from app.cli.output import guard_streams
from app.cli.refusals import REASONS, misuse, reason_of
from app.main import VERSION


class Commands(TyperGroup):
    """The commands. What goes wrong for a reason that the caller can mend is a sentence, and exit code 1; 2 where it is
    how the command was written.
    """

    def make_context(self, *args: Any, **more: Any) -> Any:
        with reasons_told():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        with reasons_told():
            return super().invoke(ctx)


@contextmanager
def reasons_told() -> Iterator[None]:
    """Print why something is not done, and end."""
    try:
        yield
    except REASONS as error:
        print(reason_of(error), file=sys.stderr)
        raise typer.Exit(1) from error
    except typer.TyperException as error:
        sentence = misuse(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        raise typer.Exit(error.exit_code) from error


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a framed traceback may be wider than it is true, and show what locals hold
)


def say_version(wanted: bool) -> None:
    if wanted:
        print(f"chiso {VERSION}")
        raise typer.Exit


@app.callback()
def chiso(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=say_version, help="Say which it is.")
    ] = False,
) -> None:
    """The score service for Decision 766/QĐ-TTg and any index like it."""


app.command("serve")(serving.serve)
app.command("migrate")(database.migrate)
app.command("demo")(database.load_demonstration)
app.command("import")(files.import_file)
app.command("check")(files.check_file)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("copy")(backup.copy_database)
app.command("doctor")(doctor.doctor)
app.command("jobs")(doctor.jobs)
app.command("openapi")(contract.openapi)
app.add_typer(keys.app, name="keys")
app.add_typer(letter.app, name="letter")
app.add_typer(database.audit, name="audit")


def main() -> None:
    """What `chiso` runs."""
    guard_streams()
    app()
