"""`chiso import` and `chiso check`: files of an office, to the local database or to a service over HTTP."""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum, StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.database import existing
from app.cli.local_imports import ImportInterrupted, import_here, refused
from app.cli.outcomes import WORDS, Lang, outcome_of, print_json, show, show_faults
from app.cli.output import fail_if_unprinted
from app.cli.remote import ImportCommand, Service, StoppedFollowing, import_there, read_address, read_secret
from app.config import Settings
from app.domain.characters import trimmed
from app.domain.checks.draft.finding import LetterFinding
from app.errors import AppError
from app.formats.strict_json import read_json
from app.services.checks import check_document

KEY_VARIABLE = "CHISO_KEY"


class Exit(IntEnum):
    """What the exit code tells a script."""

    DONE = 0
    REFUSED = 1
    IN_PART = 3
    LEFT = 130


class LayoutChoice(StrEnum):
    AUTO = "auto"
    LONG = "long"
    WIDE = "wide"
    PORTAL = "portal"


class FractionsChoice(StrEnum):
    YES = "yes"
    NO = "no"


class Locale(StrEnum):
    AUTO = "auto"
    VI = "vi"
    EN = "en"


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, JSON or NDJSON.")],
    period: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TEXT", help="The period of rows that name none.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TEXT", help="The source of rows that name none.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    skip: Annotated[bool, typer.Option("--skip", help="Store the good rows of a file with mistakes.")] = False,
    layout: Annotated[LayoutChoice, typer.Option(help="How the table is laid out.")] = LayoutChoice.AUTO,
    locale: Annotated[Locale, typer.Option(help="How figures in text are written.")] = Locale.AUTO,
    fractions: Annotated[
        FractionsChoice | None,
        typer.Option(help="Rates between 0 and 1 without a percent sign are parts of 1 (yes) or percentages (no)."),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="NAME", help="The import profile by which the table is read.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    charset: Annotated[str | None, typer.Option(help="The encoding of a text file, if not UTF-8.")] = None,
    create_units: Annotated[bool, typer.Option("--create-units", help="With --layout portal.")] = False,
    resolve_names: Annotated[
        bool, typer.Option("--resolve-names", help="Units may be written by a name that one of them alone bears.")
    ] = False,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="The file is the whole of its figures: retract what stands and is not in it."),
    ] = False,
    under: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="UNIT", help="With --complete: only of units below this one.")
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="PLAN", help="A dry run's plan: refuse if the world moved."),
    ] = None,
    idempotency_key: Annotated[
        str | None,
        typer.Option(
            "--idempotency-key", parser=trimmed, metavar="TEXT", help="Sent twice under it, it is imported once."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the answer as the service gives it, on standard output alone.")
    ] = False,
    url: Annotated[
        str | None,
        typer.Option(parser=read_address, metavar="TEXT", help="Send to this service instead of the local database."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(parser=read_secret, metavar="TEXT", envvar=KEY_VARIABLE, help="The key for --url."),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Language of what is said.")] = Lang.VI,
) -> None:
    """Import a file of figures.

    Exit code 0: done; 1: refused or failed, nothing stored; 3: stored without the faulty rows, or with --dry-run would
    be; 130 or 143: interrupted by Ctrl+C or SIGTERM.
    """
    query = {
        "period": period,
        "source": source,
        "dry_run": dry_run or None,
        "on_error": "skip" if skip else None,
        "layout": layout.value,
        "locale": locale.value,
        "fractions": fractions and fractions.value,
        "profile": profile,
        "sheet": sheet,
        "create_units": create_units or None,
        "complete": complete or None,
        "resolve": "names" if resolve_names else None,
        "under": under,
        "plan": plan,
    }
    given = {name: value for name, value in query.items() if value is not None}
    asked = ImportCommand(file, charset, given, idempotency_key, lang.value)
    say = print_json if as_json else partial(show, lang)
    with file.open("rb") as opened:
        answer = _imported(asked, opened, say) if url is None else _followed(asked, opened, Service(url, key), lang)
    say(answer)
    outcome = outcome_of(answer)
    if outcome["status"] in ("rejected", "failed"):
        raise typer.Exit(Exit.REFUSED)
    if outcome["rejected"]:
        raise typer.Exit(Exit.IN_PART)


def _imported(asked: ImportCommand, file: BinaryIO, say: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
    """Import here; where somebody interrupts it, say what had become of it and leave."""
    try:
        return import_here(asked, file)
    except ImportInterrupted as left:
        say(left.answer)
        raise typer.Exit(128 + left.number) from left


def _followed(asked: ImportCommand, file: BinaryIO, service: Service, lang: Lang) -> Mapping[str, Any]:
    """Import at a service and wait for the end, unless somebody interrupts the waiting."""
    try:
        return import_there(asked, file, service)
    except StoppedFollowing as left:
        Console(stderr=True).print(WORDS[lang]["left"].format(address=left.address), markup=False, soft_wrap=True)
        raise typer.Exit(Exit.LEFT) from left


def check_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The figures of a draft, as JSON.")],
    lang: Annotated[Lang, typer.Option(help="Language of what is said.")] = Lang.VI,
) -> None:
    """Proof-read the figures of a draft letter. Exit code 1 where an error is found; warnings alone are 0."""
    settings = Settings()
    with existing(settings) as database, database.reading() as session:
        try:
            checked = check_document(session, read_json(file.read_bytes()), settings.default_framework)
        except AppError as error:
            show_faults(Console(), outcome_of(refused(error, lang.value)), WORDS[lang])
            raise typer.Exit(Exit.REFUSED) from error
    _show_findings(checked.findings, lang)
    fail_if_unprinted()
    if any(found.severity == "error" for found in checked.findings):
        raise typer.Exit(Exit.REFUSED)


def _show_findings(findings: Sequence[LetterFinding], lang: Lang) -> None:
    words = WORDS[lang]
    if not findings:
        Console().print(words["nothing"])
        return
    table = Table(*(words[name] for name in ("rule", "severity", "ref", "stated", "expected", "detail")))
    for found in findings:
        cells = (found.rule, found.severity, found.ref, found.stated, found.expected, found.detail(lang.value))
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in cells))
    Console().print(table)
