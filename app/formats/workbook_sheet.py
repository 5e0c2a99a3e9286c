"""One sheet read as a stream of rows: nothing is allocated for cells that are not there.

The declared dimension is not believed, nor needed. Runs in the child process: standard library only.
"""

import re
from array import array
from dataclasses import dataclass
from typing import BinaryIO

from app.formats.office_archive import Chunks, OfficeLimits, OfficeRefused, parse
from app.formats.workbook_cells import CellReader
from app.formats.workbook_merged import MOST_RANGES, CellRange, column_letters
from app.formats.workbook_parts import WorkbookParts, local_names

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST_ROW = 4 << 20
"""Characters of a row as JSON; no table comes near."""
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

ELEMENTS = local_names("row", "c", "v", "t", "f", "rPh", "mergeCell")


@dataclass(frozen=True, slots=True)
class WorkbookLimits(OfficeLimits):
    """What one workbook may cost."""

    columns: int = 1_000
    cells: int = 20_000_000


class SheetReader:
    """Writes each row that holds something as `[number, cells, beyond]`, one a line.

    Which of them is the header is for others to say: a row has cells up to its last one that says something, of those
    columns that a table may have; `beyond` names the last one where it stands further out, else it is null.
    """

    def __init__(self, book: WorkbookParts, limits: WorkbookLimits, output: BinaryIO, before: int = 0) -> None:
        """`before` is how many cells the sheets have that were read before this one."""
        self.cells, self.limits, self.output = CellReader(book), limits, output
        self.width, self.count = 0, before
        self.merged: list[CellRange] = []
        self.rows = array("L")
        """The numbers of the rows that hold something."""
        self.columns: dict[str, int] = {}
        self.row = self.column = 0
        self.written: dict[int, str] = {}
        self.attributes: dict[str, str] = {}
        self.text: list[str] = []
        self.formula: list[str] | None = None
        self.sink: list[str] | None = None
        self.aside = self.valued = False

    def read(self, chunks: Chunks) -> None:
        parse(chunks, self.start, self.end, self.characters)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = ELEMENTS.get(name)
        if element == "c":
            self.attributes, self.text, self.formula, self.valued = attributes, [], None, False
        elif element in ("v", "t"):
            self.sink, self.valued = (None if self.aside else self.text), True
        elif element == "f":
            self.sink = self.formula = []
        elif element == "row":
            self.begin_row(attributes.get("r"))
        elif element == "rPh":
            self.aside = True
        elif element == "mergeCell":
            self.merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        element = ELEMENTS.get(name)
        if element in ("v", "t", "f"):
            self.sink = None
        elif element == "c":
            self.end_cell()
        elif element == "row":
            self.end_row()
        elif element == "rPh":
            self.aside = False

    def characters(self, text: str) -> None:
        if self.sink is not None:
            self.sink.append(text)

    def begin_row(self, number: str | None) -> None:
        row = self.row + 1 if number is None else int(number)
        if not self.row < row <= LAST_ROW:
            raise OfficeRefused("broken", why="order")
        self.row, self.column, self.written = row, -1, {}

    def end_cell(self) -> None:
        attributes = self.attributes
        self.column = self.column_after(attributes.get("r"))
        if not self.valued and self.formula is None:
            return
        formula = None if self.formula is None else "".join(self.formula)
        read = self.cells.read(attributes.get("t"), attributes.get("s"), "".join(self.text), formula)
        if read != "null":
            self.written[self.column] = read

    def column_after(self, reference: str | None) -> int:
        """The column of a cell, from 0; to the right of the cell before it, and in its row."""
        if reference is None:
            column = self.column + 1
        else:
            letters = reference.rstrip("0123456789")
            if reference[len(letters) :] != str(self.row):
                raise OfficeRefused("broken", why="order")
            column = self.columns.get(letters, -1)
            if column < 0:
                column = self.columns[letters] = column_number(letters)
        if not self.column < column < LAST_COLUMN:
            raise OfficeRefused("broken", why="order")
        return column

    def end_row(self) -> None:
        if not self.written:
            return
        self.rows.append(self.row)
        last = max(self.written)
        width = min(last + 1, self.limits.columns)
        self.width = max(self.width, width)
        self.count += self.width  # whoever reads it may have to fill the row up to the widest one
        if self.count > self.limits.cells:
            raise OfficeRefused("too_large", what="cells", found=self.count, limit=self.limits.cells)
        cells = [self.written.get(column, "null") for column in range(width)]
        beyond = f'"{column_letters(last)}{self.row}"' if last >= width else "null"
        line = f"[{self.row},[{','.join(cells)}],{beyond}]\n"
        if len(line) > LONGEST_ROW:
            raise OfficeRefused("too_large", what="row", found=len(line), limit=LONGEST_ROW)
        self.output.write(line.encode())

    def merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        places = [REFERENCE.fullmatch(place) for place in (first, last or first)]
        corners = [number for match in places if match for number in (int(match[2]), column_number(match[1]))]
        if len(corners) != 4:
            raise OfficeRefused("broken", why="order")
        if len(self.merged) >= MOST_RANGES:
            raise OfficeRefused("too_large", what="merged", found=MOST_RANGES + 1, limit=MOST_RANGES)
        self.merged.append(CellRange(*corners))


class _Found(Exception):  # noqa: N818 - ends a search
    pass


def has_content(chunks: Chunks) -> bool:
    """Whether any cell holds a value, a text or a formula; reading stops at the first."""
    inside = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal inside
        inside = ELEMENTS.get(name) in ("v", "t", "f")

    def text(piece: str) -> None:
        if inside and piece.strip():
            raise _Found

    try:
        parse(chunks, start, None, text)
    except _Found:
        return True
    return False


def column_number(letters: str) -> int:
    """From 0: A is 0, XFD is 16383.

    >>> column_number("A"), column_number("XFD")
    (0, 16383)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1 if letters.isascii() and letters.isalpha() and letters.isupper() else -1
