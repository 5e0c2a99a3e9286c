"""Workbooks: tables as sheets that an office would send on."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from traceback import clear_frames
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from app.formats.delimited import RowOut
from app.formats.tables import Table
from app.formats.xlsx_charts import PAGE_HEIGHT, ROW_PIXELS, PlacedChart, draw, pages
from app.formats.xlsx_sheet import MAX_ROWS, CellStyles, Sheet, lay_on_paper
from app.formats.xml_text import in_xml

NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONGEST_NAME = 31
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands as the time of creation, so that equal rows give equal bytes and their ETag holds."""

OPTIONS = {
    "constant_memory": True,
    "in_memory": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"},
    "default_column_width": 72,
    "default_row_height": 21,
}
"""Copied for each workbook, to the bottom: the library writes into what it is given."""


def to_workbook(tables: Sequence[Table], *, most_rows: int = MAX_ROWS) -> bytes:
    """A workbook with a sheet for each table, as `write_workbook` writes it."""
    output = io.BytesIO()
    write_workbook(output, tables, most_rows=most_rows)
    return output.getvalue()


def write_workbook(
    file: IO[bytes], tables: Sequence[Table], further: Iterable[RowOut] = (), *, most_rows: int = MAX_ROWS
) -> None:
    """Write a sheet for each table: its heading, a frozen head, a filter, widths that fit, its charts.

    Numbers are numbers with a format, text is text; columns that are for CSV alone are left out. Rows go to disk one by
    one; memory holds no sheet as a whole. `further` rows follow those of the last table, by which columns are as wide
    as they are. Raises Invalid `too_many_rows` beyond the `most_rows` that a sheet can hold.
    """
    names = SheetNames()
    with _packed(file) as workbook:
        title = next((line for table in tables for line in (*table.heading, table.title)), "")
        about = {"title": in_xml(title)[:255], "author": "chiso", "comments": "Số liệu do hệ thống chiso lập."}
        workbook.set_properties({**about, "created": EPOCH.replace(tzinfo=None)})
        styles = CellStyles(workbook)
        for number, table in enumerate(map(printed, tables), start=1):
            sheet = Sheet(workbook, styles, table, names.take(table.title))
            sheet.write(further if number == len(tables) else (), most_rows)
            drawn = draw(workbook, table, sheet.name, sheet.head)
            if sheet.has_room(drawn):
                sheet.put_below(drawn)
            elif drawn:
                _sheet_of_charts(workbook, drawn, names.take(f"Biểu đồ {table.title}"))


@contextmanager
def _packed(file: IO[bytes]) -> Iterator[Any]:
    """A workbook that is packed into the file unless something fails; its temporary files are gone in either case."""
    with TemporaryDirectory(prefix="chiso-") as directory:
        workbook = xlsxwriter.Workbook(file, {**deepcopy(OPTIONS), "tmpdir": directory})
        try:
            yield workbook
            workbook.close()
        except FileCreateError as error:  # around what the system said, by which the caller knows a full disk
            clear_frames(error.args[0].__traceback__)  # or the archive would write into the file once that is closed
            raise error.args[0] from None
        finally:
            for sheet in workbook.worksheets():
                with suppress(OSError):  # what could not be written cannot be written now
                    sheet.row_data_fh.close()


def printed(table: Table) -> Table:
    """A table without the columns that only CSV has."""
    return replace(table, columns=[column for column in table.columns if not column.csv_only])


class SheetNames:
    """Names of sheets: legal, and no two alike where case does not count."""

    def __init__(self) -> None:
        self.taken = {"history"}  # Excel keeps it for itself

    def take(self, wished: str) -> str:
        """The nearest free name: at most 31 characters, in whole words, none of []:*?/\\, no apostrophe at the ends."""
        base = NOT_IN_NAMES.sub(" ", in_xml(wished)).strip("' ") or "Bảng"
        name, number = _cut(base, LONGEST_NAME), 1
        while name.lower() in self.taken:
            number += 1
            end = f" ({number})"
            name = _cut(base, LONGEST_NAME - len(end)) + end
        self.taken.add(name.lower())
        return name


def _cut(name: str, most: int) -> str:
    """As many whole words as there is room for; of a word that is longer, its beginning.

    >>> _cut("Đơn vị chưa có số liệu về dịch vụ công trực tuyến", 31), _cut("Nguyễn" * 6, 10)
    ('Đơn vị chưa có số liệu về dịch', 'NguyễnNguy')
    """
    if len(name) <= most:
        return name
    whole = name[: most + 1].rpartition(" ")[0]
    return (whole or name[:most]).rstrip("' ")


def _sheet_of_charts(workbook: Any, drawn: Sequence[PlacedChart], name: str) -> None:
    """The charts on a sheet of their own, none across the end of a page."""
    sheet = workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    lay_on_paper(sheet)
    rows_of_page = PAGE_HEIGHT // ROW_PIXELS
    breaks = []
    for number, page in enumerate(pages(drawn)):
        row = number * rows_of_page
        breaks += [row] if number else []
        for each in page:
            row = each.put(sheet, row)
    sheet.set_h_pagebreaks(breaks)
