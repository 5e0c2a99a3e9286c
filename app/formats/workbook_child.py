"""The program of the child process that reads a workbook: `main(arguments)`.

The workbook is its standard input, a file; rows go to the file whose descriptor it is given; one JSON object on
standard output says what was found, or why the workbook is refused. It first takes the limits upon itself, so that
whatever a workbook does to it happens to no one else. Standard library only: it starts in a few hundredths of a second.
"""

import json
import sys
from collections.abc import Sequence
from typing import BinaryIO

from app.formats.child_program import Report, reported, take_limits
from app.formats.office_archive import OfficeArchive, OfficeRefused
from app.formats.workbook_merged import merged_cells
from app.formats.workbook_parts import SheetEntry, WorkbookParts, read_book
from app.formats.workbook_sheet import SheetReader, WorkbookLimits, has_content
from app.normal_form import composed

Wanted = str | Sequence[str] | None
"""The name of a sheet, or of several; None: the only one that is visible and holds anything."""
ALL: Sequence[str] = []
"""No name at all: every visible sheet that holds anything."""


def main(arguments: Sequence[str]) -> None:
    """Arguments: the descriptor for rows, the limits as JSON, and which sheets as JSON (`wanted` of `choose`)."""
    limits, wanted = WorkbookLimits(**json.loads(arguments[1])), json.loads(arguments[2])
    take_limits(limits)
    output = open(int(arguments[0]), "wb", buffering=1 << 20)  # noqa: PTH123, SIM115 - closing a full file fails again
    with open(0, "rb") as file:
        report = reported(lambda: _read(file, limits, wanted, output), limits)
    sys.stdout.buffer.write(json.dumps(report).encode())


def _read(file: BinaryIO, limits: WorkbookLimits, wanted: Wanted, output: BinaryIO) -> Report:
    archive = OfficeArchive(file, limits)
    book = read_book(archive)
    sheets, cells = list[Report](), 0
    chosen = choose(archive, book, wanted)
    for sheet in chosen:
        reader = SheetReader(book, limits, output, cells)
        start = output.tell()
        reader.read(archive.chunks(sheet.part))
        merged = merged_cells(reader.merged, reader.rows, reader.width)
        place = {"start": start, "rows": len(reader.rows)}
        sheets.append({"name": sheet.name, "merged": list(merged.items()), **place})
        cells = reader.count
    output.flush()
    others = _others(archive, book, chosen) if wanted and not isinstance(wanted, str) else []
    return {"sheets": sheets, "others": others}


def choose(archive: OfficeArchive, book: WorkbookParts, wanted: Wanted) -> Sequence[SheetEntry]:
    """The sheet of a name, hidden or not; `ALL`: every visible one that holds anything; None: the only one that does.

    Of several names those sheets that there are; case does not matter.
    """
    if isinstance(wanted, str):
        return [_of_name(book, wanted)]
    if wanted:
        named = set(map(_folded, wanted))
        found = [sheet for sheet in book.sheets if _folded(sheet.name) in named]
        if not found:
            raise _unknown(book, wanted[0])
        return found
    filled = _filled(archive, book)
    if len(filled) > 1 and wanted is None:
        raise OfficeRefused("sheet_ambiguous", names=[sheet.name for sheet in filled])
    if not filled:
        raise OfficeRefused("header_missing")
    return filled


def _others(archive: OfficeArchive, book: WorkbookParts, chosen: Sequence[SheetEntry]) -> Sequence[str]:
    """The names of the visible sheets that hold anything and were not chosen."""
    parts = {sheet.part for sheet in chosen}
    return [sheet.name for sheet in _filled(archive, book) if sheet.part not in parts]


def _of_name(book: WorkbookParts, name: str) -> SheetEntry:
    for sheet in book.sheets:
        if sheet.name == name:
            return sheet
    raise _unknown(book, name)


def _unknown(book: WorkbookParts, name: str) -> OfficeRefused:
    return OfficeRefused("sheet_unknown", sheet=name, names=[sheet.name for sheet in book.sheets])


def _folded(name: str) -> str:
    return composed(name).strip().casefold()


def _filled(archive: OfficeArchive, book: WorkbookParts) -> Sequence[SheetEntry]:
    """The visible sheets that hold anything; a lone one is one of them, whatever it holds."""
    visible = [sheet for sheet in book.sheets if sheet.visible]
    return visible if len(visible) == 1 else [one for one in visible if has_content(archive.chunks(one.part))]
