"""Pictures of tables: real charts of a workbook, drawn from the cells of its sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from app.formats.delimited import plain_text
from app.formats.tables import Chart, Table
from app.formats.xlsx_shapes import is_number

FIRST_ROWS = 30
"""Rows that are drawn; more bars than these cannot be read on a page."""
LAST_ROWS = 60
"""Rows that a line is drawn through, the last ones: five years of months."""
COLOURS = ("#1F4E79", "#2E9CCA", "#70AD47", "#FFC000", "#ED7D31", "#A5427C", "#7F7F7F", "#264478")
PAGE_WIDTH, PAGE_HEIGHT = 680, 966
"""Pixels that a standing sheet of A4 has between its margins."""
ROW_PIXELS = GAP = 21
"""Of a row without a height of its own, which also stays free between two charts."""
BAR, AROUND, STANDING, LEGEND = 24, 150, 273, 63
KINDS: dict[str, dict[str, str]] = {
    "column": {"type": "column"},
    "bar": {"type": "bar"},
    "stacked": {"type": "bar", "subtype": "stacked"},
    "line": {"type": "line"},
}
LYING = ("bar", "stacked")
FONT = {"name": "Times New Roman", "size": 10, "bold": False}


@dataclass(frozen=True, slots=True)
class PlacedChart:
    """A chart ready to be put on a sheet, with its height in pixels."""

    chart: Any
    height: int

    def put(self, sheet: Any, row: int, width: int = PAGE_WIDTH) -> int:
        """Put it at a row; returns the row that is free below it."""
        self.chart.set_size({"width": width, "height": self.height})
        sheet.insert_chart(row, 0, self.chart)
        return row + ceil((self.height + GAP) / ROW_PIXELS)


def draw(workbook: Any, table: Table, sheet: str, head: int) -> list[PlacedChart]:
    """The charts of a table whose head stands in that row (from 0) of that sheet."""
    return [_draw(workbook, table, chart, sheet, head) for chart in table.charts if table.rows]


def _draw(workbook: Any, table: Table, chart: Chart, sheet: str, head: int) -> PlacedChart:
    start, stop = reach(chart, len(table.rows))
    drawn = workbook.add_chart(KINDS[chart.kind])
    places = {column.key: place for place, column in enumerate(table.columns)}

    def cells(key: str) -> list[Any]:
        return [sheet, head + 1 + start, places[key], head + stop, places[key]]

    rows = table.rows[start:stop]
    for number, key in enumerate(chart.series):
        drawn.add_series(
            {
                "name": [sheet, head, places[key]],
                "name_data": [table.columns[places[key]].title],
                "categories": cells(chart.categories),
                "categories_data": [plain_text(row[chart.categories]) for row in rows],
                "values": cells(key),
                "values_data": [_figure(row[key]) for row in rows],
                **_look(chart, COLOURS[number % len(COLOURS)]),
            }
        )
    height = STANDING + LEGEND * (len(chart.series) > 1)
    if chart.kind in LYING:
        height = AROUND + BAR * (stop - start)
    _arrange(drawn, chart, table, _title(chart, stop - start, len(table.rows)))
    return PlacedChart(drawn, height)


def reach(chart: Chart, rows: int) -> tuple[int, int]:
    """From which row to before which one a chart reaches: the first ones, a line the last ones."""
    if chart.kind == "line":
        return max(rows - LAST_ROWS, 0), rows
    return 0, min(rows, FIRST_ROWS)


def _title(chart: Chart, drawn: int, rows: int) -> str:
    if drawn == rows:
        return chart.title
    return f"{chart.title} ({drawn} {'dòng cuối' if chart.kind == 'line' else 'dòng đầu'} của bảng)"


def _figure(value: object) -> Decimal | None:
    """The number of a cell; a chart leaves out what is none, and never draws it as zero."""
    return Decimal(value) if is_number(value) else None


def _look(chart: Chart, colour: str) -> dict[str, Any]:
    if chart.kind == "line":
        marker = {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": colour}}
        return {"line": {"color": colour, "width": 2.25}, "marker": marker}
    return {"fill": {"color": colour}, "border": {"color": "#FFFFFF", "width": 0.5}, "gap": 60}


def _arrange(drawn: Any, chart: Chart, table: Table, title: str) -> None:
    """Title, axes and legend. Names that read like a reference to a cell are kept from becoming one."""
    titles = {column.key: column.title for column in table.columns}
    named = chart.axis or (titles[chart.series[0]] if len(chart.series) == 1 else "")
    lying = chart.kind in LYING
    categories: dict[str, Any] = {"name": _text(titles[chart.categories]), "name_font": FONT, "num_font": FONT}
    values: dict[str, Any] = {"name": _text(named), "name_font": FONT, "num_font": FONT, "num_format": "General"}
    values["major_gridlines"] = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}
    if lying:  # the first row on top, the figures below
        categories["reverse"] = True
        values["label_position"] = "high"
    if chart.downwards:  # the first place on top, the periods below
        values |= {"reverse": True, "min": 1, **_whole_steps(chart, table)}
        categories["label_position"] = "high"
    drawn.set_title({"name": _text(title), "name_font": {**FONT, "size": 13, "bold": True}, "overlay": False})
    drawn.set_x_axis(values if lying else categories)
    drawn.set_y_axis(categories if lying else values)
    drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": FONT})


def _whole_steps(chart: Chart, table: Table) -> dict[str, int]:
    """Places are whole numbers: where few of them are drawn, an axis would show halves."""
    start, stop = reach(chart, len(table.rows))
    drawn = [_figure(row[key]) for row in table.rows[start:stop] for key in chart.series]
    lowest = max((figure for figure in drawn if figure is not None), default=Decimal(1))
    return {"major_unit": 1, "max": max(int(lowest), 2)} if lowest <= 10 else {}


def _text(name: str) -> str:
    """A name that xlsxwriter cannot take for the address of a cell (`sheet!A1`): a word joiner stands behind the !."""
    return name.replace("!", "!\u2060")


def room_for(drawn: Sequence[PlacedChart]) -> int:
    """Pixels that charts take, one under the other."""
    return sum(each.height + GAP for each in drawn)


def pages(drawn: Sequence[PlacedChart]) -> list[list[PlacedChart]]:
    """The charts by pages, as many on each as it holds."""
    found: list[list[PlacedChart]] = []
    used = PAGE_HEIGHT
    for each in drawn:
        if used + each.height > PAGE_HEIGHT:
            found.append([])
            used = 0
        found[-1].append(each)
        used += each.height + GAP
    return found
