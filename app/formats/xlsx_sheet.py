"""One sheet of a workbook: a table as an office would send it on."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from app.errors import AppError, Fault
from app.formats.delimited import TOO_MANY_ROWS, RowOut
from app.formats.tables import Table
from app.formats.xlsx_charts import PAGE_HEIGHT, PAGE_WIDTH, ROW_PIXELS, PlacedChart, room_for
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


def too_long(most_rows: int) -> AppError:
    """The refusal of a table that has more rows than there is room for below its head."""
    bound: dict[str, object] = {"limit": most_rows, "format": "xlsx"}
    return Fault(TOO_MANY_ROWS, bound, parameter="format", value="xlsx").error()


class Sheet:
    """One sheet in the making, written row after row."""

    def __init__(self, workbook: Any, styles: CellStyles, table: Table, name: str) -> None:
        self.table, self.styles, self.name = table, styles, name
        self.head = self.last = len(table.heading) + 1 if table.heading else 0
        self.sheet = workbook.add_worksheet(name)
        self.shapes = shapes_of(table.columns, table.rows)
        self.width = sum(shape.width for shape in self.shapes)
        self.lying = self.width > LANDSCAPE_FROM
        self.colours = class_colours(table.classes)
        self.number_styles: dict[tuple[int, str, bool], Any] = {}
        self.word_styles: dict[tuple[int, str | None, bool], Any] = {}
        self.is_bold = False

    def write(self, further: Iterable[RowOut], most_rows: int) -> None:
        """The rows of the table, and those that follow. Invalid `too_many_rows` where the sheet has no room for all."""
        for number, line in enumerate(self.table.heading):
            self.write_heading(number, line)
        self.write_head()
        for place, row in enumerate(chain(self.table.rows, further)):
            if self.last + 1 >= most_rows:
                raise too_long(most_rows - self.head - 1)
            self.last += 1
            self.is_bold = place in self.table.bold
            self.write_row(row)
        if self.table.heading and self.last == self.head:
            self.write_text(self.head + 1, 0, NOTHING, self.styles.get(italic=True))
        columns = self.table.columns
        self.sheet.freeze_panes(self.head + 1, frozen_columns(columns))
        self.sheet.autofilter(self.head, 0, self.last, max(len(columns) - 1, 0))
        for place, shape in enumerate(self.shapes):
            self.sheet.set_column(place, place, shape.width)
        self.set_up_print()

    def write_row(self, row: RowOut) -> None:
        """The next row, as high as its texts need: not every reader finds the height itself."""
        lines = self.lines_of_row(row)
        if lines > 1:
            self.sheet.set_row(self.last, LINE * min(lines, MOST_LINES))
        for place, column in enumerate(self.table.columns):
            self.write_value(self.last, place, row[column.key])
        self.forget_height(self.last - 1)

    def forget_height(self, row: int) -> None:
        """Let go what the library keeps for ever of a row that is on disk, as each is once the next has a cell."""
        self.sheet.row_info.pop(row, None)
        self.sheet.row_sizes.pop(row, None)

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
        lay_on_paper(sheet)

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
        row = self.last + 2
        for each in drawn:
            row = each.put(self.sheet, row, max(PAGE_WIDTH, round(self.width * CHARACTER)))


def lay_on_paper(sheet: Any) -> None:
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer('&L&"Times New Roman,Regular"&10&A&R&"Times New Roman,Regular"&10Trang &P/&N')


def class_colours(classes: Sequence[str]) -> dict[str, str]:
    """A colour for each class, the best first; with less classes than colours the ends stay the ends."""
    steps, most = max(len(classes) - 1, 1), len(CLASS_COLOURS) - 1
    return {name: CLASS_COLOURS[(2 * place * most + steps) // (2 * steps)] for place, name in enumerate(classes)}
