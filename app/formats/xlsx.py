"""Workbooks: rows as one sheet that opens ready to read."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.errors import Invalid, Text
from app.formats.answers import Column, RowOut, plain_text
from app.formats.tables import Table

MAX_ROWS = 1_048_576
"""Rows of a sheet, the header included."""
MAX_CELL = 32_767
MAX_EXACT_DIGITS = 15
"""A sheet keeps numbers as binary floats; up to fifteen digits come back as they were written."""
NARROWEST, WIDEST = 8, 60
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands as the time of creation, so that equal rows give equal bytes and their ETag holds."""

TOO_MANY_ROWS = Text(
    "A sheet holds {limit} rows; ask for csv or ndjson, or for fewer rows.",
    "Một trang tính chỉ chứa được {limit} dòng; hãy dùng csv hoặc ndjson, hoặc lấy ít dòng hơn.",
)


def to_workbook(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table: frozen header, filter, widths that fit, numbers as numbers, text as text.

    Raises Invalid `too_many_rows` beyond what a sheet can hold.
    """
    output = io.BytesIO()
    options = {"constant_memory": True, "in_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as workbook:
        workbook.set_properties({"created": EPOCH.replace(tzinfo=None)})
        for table in tables:
            _Sheet(workbook, table.columns, _sheet_name(table.title)).write(table.rows)
    return output.getvalue()


class _Sheet:
    """One sheet in the making, written row after row."""

    def __init__(self, workbook: Any, columns: Sequence[Column], name: str) -> None:
        self.workbook, self.columns = workbook, columns
        self.sheet = workbook.add_worksheet(name)
        self.formats: dict[str, Any] = {}
        self.widths = [NARROWEST] * len(columns)

    def write(self, rows: Iterable[RowOut]) -> None:
        header = self.workbook.add_format({"bold": True, "bottom": 1})
        for place, column in enumerate(self.columns):
            self.write_text(0, place, column.title, header)
        last = 0
        for last, row in enumerate(rows, start=1):
            if last >= MAX_ROWS:
                raise Invalid("too_many_rows", TOO_MANY_ROWS, limit=MAX_ROWS)
            for place, column in enumerate(self.columns):
                self.write_value(last, place, row[column.key])
        self.sheet.freeze_panes(1, 0)
        self.sheet.autofilter(0, 0, last, max(len(self.columns) - 1, 0))
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width + 2)

    def write_value(self, row: int, place: int, value: object) -> None:
        """Numbers and days as such where a sheet keeps them exactly, nothing for None, everything else as text."""
        if isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
            self.sheet.write_datetime(row, place, value, self.format("dd/mm/yyyy"))
            self.widen(place, "dd/mm/yyyy")
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            self.write_number(row, place, Decimal(value))
        elif value is not None:
            self.write_text(row, place, plain_text(value))

    def write_number(self, row: int, place: int, value: Decimal) -> None:
        text = format(value, "f")
        if len(value.as_tuple().digits) > MAX_EXACT_DIGITS:
            self.write_text(row, place, text)
            return
        decimals = len(text.partition(".")[2])
        self.sheet.write_number(row, place, value, self.format(f"#,##0.{'0' * decimals}" if decimals else "#,##0"))
        self.widen(place, f"{value:,f}")

    def write_text(self, row: int, place: int, text: str, format: Any = None) -> None:
        whole = NOT_IN_XML.sub("\ufffd", text)
        self.sheet.write_string(row, place, whole if len(whole) <= MAX_CELL else whole[: MAX_CELL - 1] + "…", format)
        self.widen(place, whole)

    def widen(self, place: int, text: str) -> None:
        self.widths[place] = min(max(self.widths[place], len(text)), WIDEST)

    def format(self, pattern: str) -> Any:
        if pattern not in self.formats:
            self.formats[pattern] = self.workbook.add_format({"num_format": pattern})
        return self.formats[pattern]


def _sheet_name(wished: str) -> str:
    """The nearest name that a workbook allows: at most 31 characters, none of []:*?/\\, no apostrophe at the ends."""
    name = NOT_IN_NAMES.sub(" ", wished)[:31].strip("' ")
    return "Sheet1" if name.lower() in ("", "history") else name
