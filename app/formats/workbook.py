"""Workbooks (XLSX) read by a child process with limits on time and memory; a hostile one costs a child, no more.

The rows arrive in a temporary file after the child has seen the whole workbook, so nothing is given out of a file
that proves broken at its end, and the parent's memory does not grow with it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

from app.formats.headings import ONE_HEADING, HeadingRows
from app.formats.limited_child import ChildBroken, ChildStopped, run_child
from app.formats.workbook_rows import ExtractedRow, SheetRowReader, SheetRows, parsed_row, refusal, shown_text
from app.formats.workbook_sheet import WorkbookLimits

PROGRAM = "app.formats.workbook_child"


@dataclass(frozen=True, slots=True)
class ExtractedSheet:
    """A sheet as the child has left it in a temporary file, to be read as often as one likes: its rows from `start`.

    `others` are the names of sheets that hold something as well, where sheets were asked for by a list of names.
    """

    lines: IO[bytes]
    name: str
    merged: list[tuple[int, list[tuple[int, list[int]]]]]
    start: int
    rows: int
    others: Sequence[str] = ()

    def read(self, headings: HeadingRows = ONE_HEADING) -> SheetRows:
        """The header now, the rows as they are asked for; one reading at a time.

        The first row that is not empty is the header, behind those that `headings` leaves out; every row has as many
        cells. Hidden rows and columns are read like others. Invalid with faults where the header cannot be read.
        """
        return SheetRowReader(self.name, self.merged).open(self._parsed(), headings)

    def first_rows(self, most: int) -> list[tuple[int, list[str]]]:
        """The texts of the first rows that are not empty, with their numbers; figures as they are stored."""
        return [(number, list(map(shown_text, cells))) for number, cells, _ in islice(self._parsed(), most)]

    def _parsed(self) -> Iterator[ExtractedRow]:
        self.lines.seek(self.start)
        return map(parsed_row, islice(self.lines, self.rows))


@contextmanager
def extract_sheets(
    file: BinaryIO, wanted: str | Sequence[str] | None = None, limits: WorkbookLimits | None = None
) -> Iterator[list[ExtractedSheet]]:
    """The sheets of these names (None: the only visible one that holds anything; `[]`: all of those).

    They are gone with the context. `file` is a real file (one with a descriptor), read from its beginning. Raises
    Malformed or Invalid with a code of `REFUSALS`.
    """
    file.seek(0)
    with TemporaryFile() as lines:
        report = _run(file, lines, wanted, limits or WorkbookLimits())
        yield [ExtractedSheet(lines, **each, others=report["others"]) for each in report["sheets"]]


@contextmanager
def open_workbook(
    file: BinaryIO,
    sheet: str | None = None,
    limits: WorkbookLimits | None = None,
    headings: HeadingRows = ONE_HEADING,
) -> Iterator[SheetRows]:
    """The rows of a sheet of a workbook, read once. Raises what `extract_sheets` and reading the sheet raise."""
    with extract_sheets(file, sheet, limits) as (extracted,):
        yield extracted.read(headings)


def _run(file: BinaryIO, rows: IO[bytes], wanted: str | Sequence[str] | None, limits: WorkbookLimits) -> dict[str, Any]:
    """What the child reports; raises for what it refuses, and for its own end."""
    arguments = [str(rows.fileno()), json.dumps(asdict(limits)), json.dumps(wanted)]
    try:
        report = run_child(PROGRAM, arguments, file, [rows], limits.seconds)
    except ChildStopped:
        raise refusal("too_costly", {}) from None
    except ChildBroken:
        raise refusal("broken", {"why": "damaged"}) from None
    if "failed" in report:
        raise OSError(report["failed"], "the rows of a workbook could not be written")
    if "refused" in report:
        raise refusal(report["refused"], report["context"])
    return report
