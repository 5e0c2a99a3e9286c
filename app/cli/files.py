"""`chiso import` and `chiso check`: files of an office, to the local database or to a service over HTTP."""

from collections.abc import Mapping, Sequence
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.database import existing
from app.cli.local_imports import ImportInterrupted, import_here, refused
from app.cli.output import fail_if_unprinted
from app.cli.remote import StoppedFollowing, import_there, read_address, read_secret
from app.config import Settings
from app.domain.characters import trimmed
from app.domain.checks.draft.finding import LetterFinding
from app.errors import AppError
from app.formats.strict_json import read_json
from app.services.checks import check_document

MOST_SHOWN = 100
KEY_VARIABLE = "CHISO_KEY"


class Exit(IntEnum):
    """What the exit code tells a script."""

    DONE = 0
    REFUSED = 1
    IN_PART = 3
    LEFT = 130


class Lang(StrEnum):
    VI = "vi"
    EN = "en"


class LayoutChoice(StrEnum):
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
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    charset: Annotated[str | None, typer.Option(help="The encoding of a text file, if not UTF-8.")] = None,
    create_units: Annotated[bool, typer.Option("--create-units", help="With --layout portal.")] = False,
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
        "sheet": sheet,
        "create_units": create_units or None,
    }
    given = {name: value for name, value in query.items() if value is not None}
    with file.open("rb") as opened:
        if url is None:
            outcome = _imported(opened, file.name, charset, given, lang)
        else:
            outcome = _followed(opened, file, charset, given, lang, url, key)
    _show(outcome, lang)
    if outcome["status"] in ("rejected", "failed"):
        raise typer.Exit(Exit.REFUSED)
    if outcome["rejected"]:
        raise typer.Exit(Exit.IN_PART)


def _imported(
    file: BinaryIO, name: str, charset: str | None, query: Mapping[str, Any], lang: Lang
) -> Mapping[str, Any]:
    """Import here; where somebody interrupts it, say what had become of it and leave."""
    try:
        return import_here(file, name, charset, query, lang.value)
    except ImportInterrupted as left:
        _show(left.outcome, lang)
        raise typer.Exit(128 + left.number) from left


def _followed(
    file: BinaryIO, path: Path, charset: str | None, query: Mapping[str, Any], lang: Lang, url: str, key: str | None
) -> dict[str, Any]:
    """Import at a service and wait for the end, unless somebody interrupts the waiting."""
    try:
        return import_there(file, path, charset, query, lang.value, url, key)
    except StoppedFollowing as left:
        Console(stderr=True).print(WORDS[lang]["left"].format(address=left.address), markup=False, soft_wrap=True)
        raise typer.Exit(Exit.LEFT) from left


WORDS = {
    Lang.VI: {
        "status": "Kết quả",
        "rows": "Số liệu",
        "created": "Mới",
        "updated": "Sửa",
        "unchanged": "Không đổi",
        "rejected": "Từ chối",
        "errors": "Cần sửa",
        "warnings": "Cảnh báo",
        "place": "Vị trí",
        "code": "Mã",
        "detail": "Nội dung",
        "rule": "Quy tắc",
        "severity": "Mức",
        "ref": "Chỗ",
        "stated": "Ghi",
        "expected": "Đúng ra",
        "nothing": "Không phát hiện sai sót.",
        "more": "… và {n} chỗ khác",
        "left": "Dịch vụ vẫn tiếp tục nhập. Xem kết quả: curl -H 'Authorization: Bearer <khóa>' {address}",
    },
    Lang.EN: {
        "status": "Outcome",
        "rows": "Figures",
        "created": "New",
        "updated": "Changed",
        "unchanged": "Unchanged",
        "rejected": "Rejected",
        "errors": "To be mended",
        "warnings": "Warnings",
        "place": "Place",
        "code": "Code",
        "detail": "What",
        "rule": "Rule",
        "severity": "Severity",
        "ref": "Where",
        "stated": "Stated",
        "expected": "Expected",
        "nothing": "Nothing is wrong with it.",
        "more": "… and {n} more",
        "left": "The service goes on with the import. To look: curl -H 'Authorization: Bearer <key>' {address}",
    },
}


def _show(outcome: Mapping[str, Any], lang: Lang) -> None:
    """The table of what happened, and what is to be mended."""
    console, words = Console(), WORDS[lang]
    names = ("status", "rows", "created", "updated", "unchanged", "rejected")
    counts = Table(*(words[name] for name in names))
    counts.add_row(*(str(outcome[name]) for name in names))
    console.print(counts)
    _show_faults(console, outcome, words)


def _show_faults(console: Console, outcome: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Why something was refused, and where: errors, then warnings."""
    if "detail" in outcome:
        console.print(outcome["detail"], markup=False)
    for name in ("errors", "warnings"):
        if outcome[name]:
            console.print(_faults(words[name], outcome[name], words))


def _faults(title: str, found: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Table:
    table = Table(words["place"], words["code"], words["detail"], title=title, title_justify="left")
    for each in found[:MOST_SHOWN]:
        near = f" → {each['suggestion']}" if "suggestion" in each else ""
        table.add_row(_place(each), each["code"], escape(f"{each['detail']}{near}"))
    if len(found) > MOST_SHOWN:
        table.add_row("", "", words["more"].format(n=len(found) - MOST_SHOWN))
    return table


def _place(fault: Mapping[str, Any]) -> str:
    """Where a fault is: row and column of a table, a pointer into JSON, or a parameter."""
    if "row" in fault:
        return escape(", ".join(str(fault[name]) for name in ("row", "column") if fault.get(name)))
    return escape(str(fault.get("pointer", fault.get("parameter", ""))))


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
            _show_faults(Console(), refused(error, lang.value), WORDS[lang])
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
