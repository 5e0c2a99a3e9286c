"""`chiso import` and `chiso check`: files of an office, to the local database or to a service over HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, wrap_file
from rich.table import Table

from app.config import Settings
from app.domain.intake.texts import Block
from app.domain.place import Place
from app.errors import AppError, Language
from app.formats.rows_in import MEDIA_TYPES, kind_of
from app.formats.strict_json import read_json
from app.main import opened
from app.services import imports as service
from app.services.checks import check_document
from app.services.import_checks import Options
from app.services.intake import Rows
from app.services.portal_files import import_portal
from app.services.rights import Caller, Scope

MOST_SHOWN = 100
OPERATOR = Caller("chiso", frozenset({Scope.ADMIN}))
"""Whoever may run commands on the machine of the database may do everything."""
KEY_VARIABLE = "CHISO_KEY"


class Exit(IntEnum):
    """What the exit code tells a script."""

    DONE = 0
    REFUSED = 1
    IN_PART = 3


class Lang(StrEnum):
    VI = "vi"
    EN = "en"


class Layout(StrEnum):
    AUTO = "auto"
    LONG = "long"
    WIDE = "wide"
    PORTAL = "portal"


class Locale(StrEnum):
    AUTO = "auto"
    VI = "vi"
    EN = "en"


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, JSON or NDJSON.")],
    period: Annotated[str | None, typer.Option(help="The period of rows that name none.")] = None,
    source: Annotated[str | None, typer.Option(help="The source of rows that name none.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    skip: Annotated[bool, typer.Option("--skip", help="Store the good rows of a file with mistakes.")] = False,
    layout: Annotated[Layout, typer.Option(help="How the table is laid out.")] = Layout.AUTO,
    locale: Annotated[Locale, typer.Option(help="How figures in text are written.")] = Locale.AUTO,
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    charset: Annotated[str | None, typer.Option(help="The encoding of a text file, if not UTF-8.")] = None,
    create_units: Annotated[bool, typer.Option("--create-units", help="With --layout portal.")] = False,
    url: Annotated[str | None, typer.Option(help="Send to this service instead of the local database.")] = None,
    key: Annotated[str | None, typer.Option(envvar=KEY_VARIABLE, help="The key for --url.")] = None,
    lang: Annotated[Lang, typer.Option(help="Language of what is said.")] = Lang.VI,
) -> None:
    """Import a file of figures. Exit code 0: done; 1: refused, nothing stored; 3: stored without the faulty rows."""
    query = {
        "period": period,
        "source": source,
        "dry_run": dry_run or None,
        "on_error": "skip" if skip else None,
        "layout": layout.value,
        "locale": locale.value,
        "sheet": sheet,
        "create_units": create_units or None,
    }
    given = {name: value for name, value in query.items() if value is not None}
    with file.open("rb") as opened:
        if url is None:
            outcome = _import_here(opened, file.name, charset, given, lang.value)
        else:
            outcome = _import_there(opened, file, charset, given, lang.value, url, key)
    _show(outcome, lang)
    if outcome["status"] == "rejected":
        raise typer.Exit(Exit.REFUSED)
    if outcome["rejected"]:
        raise typer.Exit(Exit.IN_PART)


def _import_here(
    file: BinaryIO, name: str, charset: str | None, query: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    """Import into the database of the settings."""
    settings = Settings()
    options = Options(
        dry_run="dry_run" in query,
        skip="on_error" in query,
        period=query.get("period"),
        source=query.get("source"),
        locale=query["locale"],
        sources=settings.sources,
    )
    try:
        with opened(settings) as database, database.writing() as session:
            session.info["actor"] = OPERATOR.name
            row = _taken(session, file, name, charset, query, options)
            outcome = service.described(row, language)
            if options.dry_run:
                session.rollback()
            return outcome
    except AppError as error:
        return _refused(error, language)


def _taken(
    session: Any, file: BinaryIO, name: str, charset: str | None, query: Mapping[str, Any], options: Options
) -> Any:
    if query["layout"] == Layout.PORTAL:
        return import_portal(session, OPERATOR, [file], options, create_units="create_units" in query)
    kinds = service.indicator_kinds(session)
    rows = Rows(file, kind_of(None, name), charset, query.get("sheet"), query["layout"], kinds)
    with _progress() as progress:
        task = progress.add_task(name, total=None)
        return service.import_values(session, OPERATOR, _Counted(rows, progress, task), options)


class _Counted:
    """Rows that move a progress bar as they are read."""

    def __init__(self, rows: Rows, progress: Progress, task: Any) -> None:
        self.rows, self.progress, self.task = rows, progress, task

    def __iter__(self) -> Iterator[Block | tuple[Place, object]]:
        self.progress.reset(self.task)
        done = 0
        for row in self.rows:
            done += row.figures if isinstance(row, Block) else 1
            if isinstance(row, Block) or done % 1000 == 0:
                self.progress.update(self.task, completed=done)
            yield row


def _import_there(
    file: BinaryIO,
    path: Path,
    charset: str | None,
    query: Mapping[str, Any],
    language: Language,
    url: str,
    key: str | None,
) -> dict[str, Any]:
    """Send the file to a service."""
    kind = kind_of(None, path.name)
    media = next(name for name, each in MEDIA_TYPES.items() if each == kind)
    headers = {"Content-Type": f"{media}; charset={charset}" if charset else media, "Accept-Language": language}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    size = path.stat().st_size
    with wrap_file(file, total=size, description=path.name, console=Console(stderr=True), transient=True) as body:
        address = f"{url.rstrip('/')}/v1/imports"
        answer = httpx.post(address, params=query, content=body, headers=headers, timeout=None)  # noqa: S113 - as long as it takes
    if "json" not in answer.headers.get("content-type", ""):
        raise httpx.DecodingError(f"{address} answered {answer.status_code}, but not as an import is answered.")
    found: dict[str, Any] = answer.json()
    if answer.is_success:
        return found
    return {**_NOTHING, **found, "status": "rejected"}


_NOTHING: dict[str, Any] = {
    "rows": 0,
    "created": 0,
    "updated": 0,
    "unchanged": 0,
    "rejected": 0,
    "errors": [],
    "warnings": [],
}


def _refused(error: AppError, language: Language) -> dict[str, Any]:
    """A refusal as an outcome."""
    errors = [fault.body(language) for fault in error.faults]
    return {**_NOTHING, **error.extra, "status": "rejected", "detail": error.detail(language), "errors": errors}


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


WORDS = {
    Lang.VI: {
        "status": "Kết quả",
        "rows": "Số liệu",
        "created": "Mới",
        "updated": "Sửa",
        "unchanged": "Không đổi",
        "rejected": "Từ chối",
        "place": "Vị trí",
        "more": "… và {n} chỗ khác",
    },
    Lang.EN: {
        "status": "Outcome",
        "rows": "Figures",
        "created": "New",
        "updated": "Changed",
        "unchanged": "Unchanged",
        "rejected": "Rejected",
        "place": "Place",
        "more": "… and {n} more",
    },
}


def _show(outcome: Mapping[str, Any], lang: Lang) -> None:
    """The table of what happened, and what is to be mended."""
    console, words = Console(), WORDS[lang]
    names = ("status", "rows", "created", "updated", "unchanged", "rejected")
    counts = Table(*(words[name] for name in names))
    counts.add_row(*(str(outcome[name]) for name in names))
    console.print(counts)
    if "detail" in outcome:
        console.print(outcome["detail"], markup=False)
    found = [*outcome["errors"], *outcome["warnings"]]
    if found:
        console.print(_faults(found, words))


def _faults(found: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Table:
    table = Table(words["place"], "code", "")
    for each in found[:MOST_SHOWN]:
        row = f"{each['row']}, {each.get('column', '')}" if "row" in each else str(each.get("pointer", ""))
        near = f" → {each['suggestion']}" if "suggestion" in each else ""
        table.add_row(row, each["code"], f"{each['detail']}{near}".replace("[", r"\["))
    if len(found) > MOST_SHOWN:
        table.add_row("", "", words["more"].format(n=len(found) - MOST_SHOWN))
    return table


def check_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The figures of a draft, as JSON.")],
    lang: Annotated[Lang, typer.Option(help="Language of what is said.")] = Lang.VI,
) -> None:
    """Proof-read the figures of a draft letter. Exit code 1 where an error is found; warnings alone are 0."""
    settings = Settings()
    try:
        with opened(settings) as database, database.reading() as session:
            checked = check_document(session, read_json(file.read_bytes()), settings.default_framework)
    except AppError as error:
        _show(_refused(error, lang.value), lang)
        raise typer.Exit(Exit.REFUSED) from error
    table = Table("rule", "", "ref", "stated", "expected", "")
    for found in checked.findings:
        cells = (found.rule, found.severity, found.ref, found.stated, found.expected, found.detail(lang.value))
        table.add_row(*("" if cell is None else str(cell).replace("[", r"\[") for cell in cells))
    Console().print(table)
    if any(found.severity == "error" for found in checked.findings):
        raise typer.Exit(Exit.REFUSED)
