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


def main(arguments: Sequence[str]) -> None:
    """Arguments: the descriptor for rows, the limits as JSON, the name of the sheet as JSON (null: the only one)."""
    limits, wanted = WorkbookLimits(**json.loads(arguments[1])), json.loads(arguments[2])
    take_limits(limits)
    output = open(int(arguments[0]), "wb", buffering=1 << 20)  # noqa: PTH123, SIM115 - closing a full file fails again
    with open(0, "rb") as file:
        report = reported(lambda: _read(file, limits, wanted, output), limits)
    sys.stdout.buffer.write(json.dumps(report).encode())


def _read(file: BinaryIO, limits: WorkbookLimits, wanted: str | None, output: BinaryIO) -> Report:
    archive = OfficeArchive(file, limits)
    book = read_book(archive)
    sheet = choose(archive, book, wanted)
    reader = SheetReader(book, limits, output)
    reader.read(archive.chunks(sheet.part))
    output.flush()
    merged = merged_cells(reader.merged, reader.rows, reader.width or 0)
    return {"sheet": sheet.name, "merged": list(merged.items())}


def choose(archive: OfficeArchive, book: WorkbookParts, wanted: str | None) -> SheetEntry:
    """The sheet of that name, hidden or not; else the only visible one that holds anything."""
    if wanted is not None:
        for sheet in book.sheets:
            if sheet.name == wanted:
                return sheet
        raise OfficeRefused("sheet_unknown", sheet=wanted, names=[sheet.name for sheet in book.sheets])
    visible = [sheet for sheet in book.sheets if sheet.visible]
    filled = visible if len(visible) == 1 else [one for one in visible if has_content(archive.chunks(one.part))]
    if len(filled) > 1:
        raise OfficeRefused("sheet_ambiguous", names=[sheet.name for sheet in filled])
    if not filled:
        raise OfficeRefused("header_missing")
    return filled[0]
