"""The program of the child process that reads a workbook: `main(arguments)`.

The workbook is its standard input, a file; rows go to the file whose descriptor it is given; one JSON object on
standard output says what was found, or why the workbook is refused. It first takes the limits upon itself, so that
whatever a workbook does to it happens to no one else. Standard library only: it starts in a few hundredths of a second.
"""

import decimal
import errno
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Sequence
from typing import BinaryIO
from xml.parsers import expat

from app.formats.workbook_archive import WorkbookArchive, WorkbookLimits, WorkbookRefused
from app.formats.workbook_merged import merged_cells
from app.formats.workbook_parts import SheetEntry, WorkbookParts, read_book
from app.formats.workbook_sheet import SheetReader, has_content

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    decimal.DecimalException,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the readers raise over bytes that are no whole workbook."""


def main(arguments: Sequence[str]) -> None:
    """Arguments: the descriptor for rows, the limits as JSON, the name of the sheet as JSON (null: the only one)."""
    limits, wanted = WorkbookLimits(**json.loads(arguments[1])), json.loads(arguments[2])
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    output = open(int(arguments[0]), "wb", buffering=1 << 20)  # noqa: PTH123, SIM115 - closing a full file fails again
    with open(0, "rb") as file:
        report = answer(file, limits, wanted, output)
    sys.stdout.buffer.write(json.dumps(report).encode())


def answer(file: BinaryIO, limits: WorkbookLimits, wanted: str | None, output: BinaryIO) -> dict[str, object]:
    """What was found, or why the workbook is refused."""
    try:
        return _read(file, limits, wanted, output)
    except WorkbookRefused as refused:
        return {"refused": refused.code, "context": refused.context}
    except MemoryError:
        return {"refused": "workbook_too_costly", "context": {}}
    except OSError as error:
        if error.errno == errno.EFBIG:
            what = {"what": "output", "found": limits.output + 1, "limit": limits.output}
            return {"refused": "workbook_too_large", "context": what}
        if error.errno == errno.EINVAL:  # the archive names a place that no file has, and was asked for it
            return {"refused": "workbook_broken", "context": {"why": "damaged"}}
        return {"failed": error.errno}
    except BROKEN:
        return {"refused": "workbook_broken", "context": {"why": "damaged"}}


def _read(file: BinaryIO, limits: WorkbookLimits, wanted: str | None, output: BinaryIO) -> dict[str, object]:
    archive = WorkbookArchive(file, limits)
    book = read_book(archive)
    sheet = choose(archive, book, wanted)
    reader = SheetReader(book, limits, output)
    reader.read(archive.chunks(sheet.part))
    output.flush()
    merged = merged_cells(reader.merged, reader.rows, reader.width or 0)
    return {"sheet": sheet.name, "merged": list(merged.items())}


def choose(archive: WorkbookArchive, book: WorkbookParts, wanted: str | None) -> SheetEntry:
    """The sheet of that name, hidden or not; else the only visible one that holds anything."""
    if wanted is not None:
        for sheet in book.sheets:
            if sheet.name == wanted:
                return sheet
        raise WorkbookRefused("sheet_unknown", sheet=wanted, names=[sheet.name for sheet in book.sheets])
    visible = [sheet for sheet in book.sheets if sheet.visible]
    filled = visible if len(visible) == 1 else [one for one in visible if has_content(archive.chunks(one.part))]
    if len(filled) > 1:
        raise WorkbookRefused("sheet_ambiguous", names=[sheet.name for sheet in filled])
    if not filled:
        raise WorkbookRefused("header_missing")
    return filled[0]
