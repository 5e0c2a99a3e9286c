"""Workbooks: tables as sheets that an office would send on."""

import io
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.formats.delimited import TOO_MANY_ROWS, RowOut
from app.formats.tables import Table
from app.formats.xlsx_charts import PAGE_HEIGHT, PAGE_WIDTH, ROW_PIXELS, PlacedChart, draw, pages, room_for
from app.formats.xlsx_shapes import (
    DAY,
    LOCAL,
    cell_text,
    frozen_columns,
    is_day,
    is_moment,
    is_number,
    lines_of,
    moment_pattern,
    shapes_of,
)
from app.formats.xml_text import in_xml

MAX_ROWS = 1_048_576
"""Rows of a sheet, the header included."""
MAX_CELL = 32_767
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

NOTHING = "Không có."
"""Stands where a table for people has no row, so that nobody takes it for unfinished."""
CLASS_COLOURS = ("#C6E0B4", "#E2EFDA", "#FFF2CC", "#F8CBAD", "#F4A6A0")
"""From best to worst; light enough for black text, in a grey print too."""
HEAD_COLOUR, LINE_COLOUR = "#D9E2F3", "#BFBFBF"
LINE, TITLE_LINE = 15.75, 19.5
"""Points of one line of text."""
MOST_LINES = 25
"""Lines of a row; a sheet allows no row higher than 409 points."""
A4 = 9
LANDSCAPE_FROM = 95
"""Characters beyond which a table lies on its page."""
CHARACTER = 8
"""Pixels of one in the font of a sheet."""
LYING_PAGE = (1010, 640)
"""Pixels that a lying sheet of A4 has between its margins."""
MOST_ROWS_ABOVE, HEAD_ROWS = 40, 5
"""Rows above charts on the same page; rows that a head and the space below the table take."""


def to_workbook(tables: Sequence[Table], *, most_rows: int = MAX_ROWS) -> bytes:
    """A workbook with a sheet for each table: its heading, a frozen head, a filter, widths that fit, its charts.

    Numbers are numbers with a format, text is text; columns that are for CSV alone are left out. Rows go to disk one by
    one; memory holds no sheet as a whole. Raises Invalid `too_many_rows` beyond the `most_rows` that a sheet can hold.
    """
    output = io.BytesIO()
    names = SheetNames()
    with xlsxwriter.Workbook(output, deepcopy(OPTIONS)) as workbook:
        title = next((line for table in tables for line in (*table.heading, table.title)), "")
        about = {"title": in_xml(title)[:255], "author": "chiso", "comments": "Số liệu do hệ thống chiso lập."}
        workbook.set_properties({**about, "created": EPOCH.replace(tzinfo=None)})
        styles = CellStyles(workbook)
        for table in map(printed, tables):
            _refuse_long(table, most_rows)
            sheet = _Sheet(workbook, styles, table, names.take(table.title))
            sheet.write()
            drawn = draw(workbook, table, sheet.name, sheet.head)
            if sheet.has_room(drawn):
                sheet.put_below(drawn)
            elif drawn:
                _sheet_of_charts(workbook, drawn, names.take(f"Biểu đồ {table.title}"))
    return output.getvalue()


def printed(table: Table) -> Table:
    """A table without the columns that only CSV has."""
    return replace(table, columns=[column for column in table.columns if not column.csv_only])


def _head_row(table: Table) -> int:
    """The row of a table's column names, from 0: below its heading and an empty row, where it has one."""
    return len(table.heading) + 1 if table.heading else 0


def _refuse_long(table: Table, most_rows: int) -> None:
    if _head_row(table) + 1 + len(table.rows) > most_rows:
        raise TOO_MANY_ROWS.error(limit=most_rows, format="xlsx")


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


class CellStyles:
    """The formats of a workbook's cells, each made once."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.workbook.add_format(properties)
        return self.made[key]

    def cell(self, **properties: Any) -> Any:
        """A cell of a table, with light lines around it."""
        return self.get(border=1, border_color=LINE_COLOUR, **properties)


class _Sheet:
    """One sheet in the making, written row after row."""

    def __init__(self, workbook: Any, styles: CellStyles, table: Table, name: str) -> None:
        self.table, self.styles, self.name = table, styles, name
        self.head = _head_row(table)
        self.sheet = workbook.add_worksheet(name)
        self.shapes = shapes_of(table.columns, table.rows)
        self.width = sum(shape.width for shape in self.shapes)
        self.lying = self.width > LANDSCAPE_FROM
        self.colours = class_colours(table.classes)
        self.number_styles: dict[tuple[int, str, bool], Any] = {}
        self.word_styles: dict[tuple[int, str | None, bool], Any] = {}
        self.is_bold = False

    def write(self) -> None:
        for number, line in enumerate(self.table.heading):
            self.write_heading(number, line)
        self.write_head()
        wraps = any(shape.wraps for shape in self.shapes)
        for number, row in enumerate(self.table.rows, start=self.head + 1):
            if wraps and (lines := self.lines_of_row(row)) > 1:
                self.sheet.set_row(number, LINE * min(lines, MOST_LINES))  # not every reader finds the height itself
            self.is_bold = number - self.head - 1 in self.table.bold
            for place, column in enumerate(self.table.columns):
                self.write_value(number, place, row[column.key])
        if self.table.heading and not self.table.rows:
            self.write_text(self.head + 1, 0, NOTHING, self.styles.get(italic=True))
        last, columns = self.head + len(self.table.rows), self.table.columns
        self.sheet.freeze_panes(self.head + 1, frozen_columns(columns))
        self.sheet.autofilter(self.head, 0, last, max(len(columns) - 1, 0))
        for place, shape in enumerate(self.shapes):
            self.sheet.set_column(place, place, shape.width)
        self.set_up_print()

    def write_heading(self, number: int, line: str) -> None:
        """A line above the table, over its whole width."""
        style = self.styles.get(
            bold=number == 0, font_size=14 if number == 0 else 12, align="center", valign="vcenter", text_wrap=True
        )
        height, broad = (TITLE_LINE, 1.2) if number == 0 else (LINE, 1)
        self.sheet.set_row(number, height * lines_of(line, self.width / broad))
        if len(self.shapes) > 1:
            self.sheet.merge_range(number, 0, number, len(self.shapes) - 1, "", style)
        self.write_text(number, 0, line, style)

    def write_head(self) -> None:
        style = self.styles.cell(bold=True, text_wrap=True, align="center", valign="vcenter", bg_color=HEAD_COLOUR)
        columns = list(zip(self.table.columns, self.shapes, strict=True))
        lines = max((lines_of(column.title, shape.width - 2) for column, shape in columns), default=1)
        self.sheet.set_row(self.head, LINE * lines + 6)
        for place, (column, _) in enumerate(columns):
            self.write_text(self.head, place, column.title, style)

    def write_value(self, row: int, place: int, value: object) -> None:
        """Numbers and days as such where a sheet keeps them exactly, nothing for None, everything else as text."""
        if value is None:
            self.sheet.write_blank(row, place, None, self.styles.cell())
        elif is_day(value):
            self.sheet.write_datetime(row, place, value, self.styles.cell(num_format=DAY, align="center"))
        elif is_moment(value, exactly=self.table.columns[place].sent_back):
            local = value.astimezone(LOCAL).replace(tzinfo=None, microsecond=0)
            style = self.styles.cell(num_format=moment_pattern(local), align="center")
            self.sheet.write_datetime(row, place, local, style)
        elif is_number(value):
            pattern = self.shapes[place].pattern(Decimal(value))
            style = self.number_styles.get((place, pattern, self.is_bold)) or self.number_style(place, pattern)
            self.sheet.write_number(row, place, value, style)
        else:
            self.write_words(row, place, cell_text(value))

    def write_words(self, row: int, place: int, text: str) -> None:
        """Text marked as text, so that it stays text when somebody edits the cell."""
        colour = self.colours.get(text)
        style = self.word_styles.get((place, colour, self.is_bold)) or self.word_style(place, colour)
        self.write_text(row, place, text, style)

    def number_style(self, place: int, pattern: str) -> Any:
        """The style of a column's numbers; found once, for a sheet may have a million cells."""
        look: dict[str, Any] = {"align": "center"} if self.shapes[place].centred else {}
        style = self.styles.cell(num_format=pattern, **look, **self.face)
        self.number_styles[place, pattern, self.is_bold] = style
        return style

    @property
    def face(self) -> dict[str, bool]:
        """How the cells of the present row differ from those of others."""
        return {"bold": True} if self.is_bold else {}

    def word_style(self, place: int, colour: str | None) -> Any:
        """Likewise of its texts, those of a class in its colour."""
        look: dict[str, Any] = {"indent": 1}
        if self.shapes[place].centred:
            look = {"align": "center"}
        if colour is not None:
            look = {"align": "center", "bg_color": colour}
        style = self.styles.cell(text_wrap=True, num_format="@", **look, **self.face)
        self.word_styles[place, colour, self.is_bold] = style
        return style

    def write_text(self, row: int, place: int, text: str, style: Any) -> None:
        whole = in_xml(text)
        cut = whole if len(whole) <= MAX_CELL else whole[: MAX_CELL - 1] + "…"
        self.sheet.write_string(row, place, cut, style)

    def set_up_print(self) -> None:
        sheet = self.sheet
        if self.lying:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self.head)
        _paper(sheet)

    def has_room(self, drawn: Sequence[PlacedChart]) -> bool:
        """Whether the charts end on the page on which the table does, so that none is cut in two."""
        if len(self.table.rows) > MOST_ROWS_ABOVE:
            return False
        width, height = LYING_PAGE if self.lying else (PAGE_WIDTH, PAGE_HEIGHT)
        shrunk = max(self.width * CHARACTER / width, 1)
        lines = sum(map(self.lines_of_row, self.table.rows)) + self.head + HEAD_ROWS
        return lines * ROW_PIXELS + room_for(drawn) <= height * shrunk

    def lines_of_row(self, row: RowOut) -> int:
        """About how many lines a row takes."""
        cells = zip(self.table.columns, self.shapes, strict=True)
        return max((shape.lines(row[column.key]) for column, shape in cells), default=1)

    def put_below(self, drawn: Sequence[PlacedChart]) -> None:
        """The charts one under the other, under the table and as wide."""
        row = self.head + len(self.table.rows) + 2
        for each in drawn:
            row = each.put(self.sheet, row, max(PAGE_WIDTH, round(self.width * CHARACTER)))


def _sheet_of_charts(workbook: Any, drawn: Sequence[PlacedChart], name: str) -> None:
    """The charts on a sheet of their own, none across the end of a page."""
    sheet = workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    _paper(sheet)
    rows_of_page = PAGE_HEIGHT // ROW_PIXELS
    breaks = []
    for number, page in enumerate(pages(drawn)):
        row = number * rows_of_page
        breaks += [row] if number else []
        for each in page:
            row = each.put(sheet, row)
    sheet.set_h_pagebreaks(breaks)


def _paper(sheet: Any) -> None:
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer('&L&"Times New Roman,Regular"&10&A&R&"Times New Roman,Regular"&10Trang &P/&N')


def class_colours(classes: Sequence[str]) -> dict[str, str]:
    """A colour for each class, the best first; with less classes than colours the ends stay the ends."""
    steps, most = max(len(classes) - 1, 1), len(CLASS_COLOURS) - 1
    return {name: CLASS_COLOURS[(2 * place * most + steps) // (2 * steps)] for place, name in enumerate(classes)}
