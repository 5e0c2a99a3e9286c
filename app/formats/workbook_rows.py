"""The rows of a sheet as the child of `workbook` writes them, turned into a header and cells."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import Any

from app.errors import AppError, Fault, Text
from app.formats.headings import HeadingRows, joined_headings
from app.formats.workbook_merged import CellRange, column_letters, corners
from app.formats.workbook_sheet import column_number
from app.formats.workbook_texts import (
    BROKEN_PARTS,
    CELLS,
    HEADER_MERGED,
    MERGED_ACROSS,
    NOTE_MERGED,
    REFUSALS,
    SHOWS_NOTHING,
    TITLE_ABOVE,
    WHATS,
    WHYS,
    listed_parts,
)

OF_NUMBERS = (
    "cell_thousands",
    "cell_fraction",
    "cell_shown_otherwise",
    "percent_shown_otherwise",
    "minus_unsure",
    "cell_not_date",
)
STORED = re.compile(r"-?[0-9]+(\.[0-9]+)?(E[-+]?[0-9]{1,3})?")
POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")

Cell = str | int | Decimal | Fraction | bool | date | datetime | Fault | None
"""What a cell says. A Fraction is a number shown as a percentage (0.6055 shown as 60.55%); days and moments are naive,
as workbooks know no time zone; a Fault is a cell that must not be read, with row, column and cell named."""


ExtractedRow = tuple[int, list[Any], str | None]
"""The number of a row, its cells up to the last one that says something, and the last one beyond the widest table."""


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A sheet: `header` as written with its row, and (row number, cells or what is wrong with the row)."""

    name: str
    header: list[str]
    header_row: int
    rows: Iterator[tuple[int, list[Cell] | Fault]]


def refusal(code: str, context: dict[str, Any]) -> AppError:
    """Why a workbook is not read, with the ways out: Invalid where another sheet would be, else Malformed."""
    error_code = BROKEN_PARTS.get(context.get("why", ""), REFUSALS[code])
    words: dict[str, Any] = {
        **context,
        "names": ", ".join(context.get("names", ()))[:1000],
        "what": WHATS.get(context.get("what", "")),
        "why": WHYS.get(context.get("why", "")),
    }
    return Fault(error_code, words, row=1 if code == "header_missing" else None).error()


class SheetRowReader:
    """Turns the child's lines into rows; knows the sheet for the sentences of faults."""

    def __init__(self, sheet: str, merged: list[tuple[int, list[tuple[int, list[int]]]]]) -> None:
        """`merged` are the merged cells of rows: the column and the corners of each."""
        self.sheet = sheet
        self.merged = {row: [(column, CellRange(*range)) for column, range in cells] for row, cells in merged}
        self.header: list[str] = []
        self.labels = False

    def open(self, parsed: Iterator[ExtractedRow], headings: HeadingRows) -> SheetRows:
        """The header now, the rows as they are asked for. Invalid where a header cell is merged or cannot be read."""
        number, cells, beyond = next((row for row in parsed if row[0] > headings.skipped), (0, [], None))
        if not number:
            raise refusal("header_missing", {})
        refuse_beyond(cells, beyond)
        self.labels = headings.labels
        if headings.count > 1:
            return self.open_joined(parsed, number, cells, headings.count)
        self.refuse_title(number, cells)
        self.merge_within(len(cells))
        read = self.cells(number, cells)
        if faults := [cell for cell in read if isinstance(cell, Fault)]:
            raise REFUSALS["header_invalid"].error(faults=faults)
        self.header = ["" if cell is None else str(cell).strip() for cell in read]
        return SheetRows(self.sheet, self.header, number, self.rows(parsed))

    def open_joined(self, parsed: Iterator[ExtractedRow], number: int, cells: list[Any], count: int) -> SheetRows:
        """The same under a header of several rows, whose merged cells are headings above several columns."""
        heads, below = [cells], list[ExtractedRow]()
        for row in parsed:
            if row[0] >= number + count:
                below.append(row)
                break
            refuse_beyond(row[1], row[2])
            heads.append(row[1])
        self.header = joined_headings([list(map(shown_text, row)) for row in heads])
        self.merge_within(len(self.header))
        return SheetRows(self.sheet, self.header, number, self.rows(chain(below, parsed)))

    def merge_within(self, width: int) -> None:
        """Let go of merged cells outside a table of so many columns."""
        self.merged = {
            row: inside
            for row, cells in self.merged.items()
            if (inside := [(column, range) for column, range in cells if column < width])
        }

    def rows(self, parsed: Iterable[ExtractedRow]) -> Iterator[tuple[int, list[Cell] | Fault]]:
        width = len(self.header)
        for number, cells, beyond in parsed:
            if not self.labels and (across := self.merged_across(number)):
                yield number, self.merged_row(number, cells, across)
            elif len(cells) > width or beyond:
                outside = beyond or f"{column_letters(len(cells) - 1)}{number}"
                yield number, Fault(CELLS["cell_outside"], {"cell": cell_name(self.sheet, outside)}, row=number)
            else:
                cells += [None] * (width - len(cells))
                yield number, self.cells(number, cells)

    def cells(self, number: int, cells: list[Any]) -> list[Cell]:
        read: list[Cell] = [
            self.special(number, place, cell) if type(cell) is dict else cell for place, cell in enumerate(cells)
        ]
        for place, merged in self.merged.get(number, ()):
            if self.labels and self.header and merged.right > merged.left:
                continue
            read[place] = self.fault("cell_merged", number, place, corners(merged))
        return read

    def merged_across(self, number: int) -> dict[int, CellRange]:
        """The merged cells of a row that are spread over several columns, by their first one."""
        return {range.left: range for _, range in self.merged.get(number, ()) if range.right > range.left}

    def merged_row(self, number: int, cells: list[Any], across: dict[int, CellRange]) -> Fault:
        """What is wrong with a row over merged cells, named once: it is a note or a heading, or its cells are to be
        parted."""
        said = [place for place, cell in enumerate(cells) if cell is not None]
        merged = next(iter(across.values()))
        cell = cell_name(self.sheet, f"{column_letters(merged.left)}{number}")
        context = {"cell": cell, "row": number, "value": corners(merged)}
        title = cells[said[0]]
        if set(said) <= across.keys() and isinstance(title, str):
            return Fault(NOTE_MERGED, {**context, "title": title[:60]}, row=number, value=corners(merged))
        return Fault(MERGED_ACROSS, context, row=number, column=self.column(merged.left), value=corners(merged))

    def column(self, place: int) -> str:
        """The name of a column, or its letters where it has none."""
        return (self.header[place] if place < len(self.header) else "") or column_letters(place)

    def refuse_title(self, number: int, cells: list[Any]) -> None:
        """Refuse a first row in which each cell that says something is spread over several columns."""
        said = [place for place, cell in enumerate(cells) if cell is not None]
        above = self.merged_across(number)
        if set(said) == above.keys():
            context = {"title": str(cells[said[0]])[:60], "row": number, "cells": corners(above[said[0]])}
            faults = [Fault(TITLE_ABOVE, context, row=number)]
            raise REFUSALS["header_invalid"].error(faults=faults)

    def special(self, number: int, place: int, cell: dict[str, Any]) -> Cell:
        if "percent" in cell:
            return Fraction(cell["percent"])
        if "date" in cell:
            return date.fromisoformat(cell["date"])
        if "moment" in cell:
            return datetime.fromisoformat(cell["moment"])
        if "hidden" in cell:
            return self.hidden_date(number, place, cell)
        return self.fault(cell["fault"], number, place, cell["value"], cell["shown"])

    def hidden_date(self, number: int, place: int, cell: dict[str, Any]) -> Fault:
        """What is said of a date of which a part is not seen."""
        moment = datetime.fromisoformat(cell["value"])
        day, has_time = moment.date().isoformat(), moment != datetime.combine(moment.date(), time())
        context = {
            "cell": cell_name(self.sheet, f"{column_letters(place)}{number}"),
            "date": f"{day} {moment:%H:%M:%S}" if has_time else day,
            "format": cell["shown"],
            "hidden": listed_parts(cell["hidden"]),
            "whole": "yyyy-mm-dd hh:mm:ss" if has_time else "yyyy-mm-dd",
            "month": day[:7],
            "day": day,
        }
        return Fault(CELLS[cell["fault"]], context, row=number, column=self.column(place), value=str(context["date"]))

    def fault(self, code: str, number: int, place: int, value: str, shown: str = "") -> Fault:
        error_code = HEADER_MERGED if code == "cell_merged" and not self.header else CELLS[code]
        said = {"value": value, "shown": shown}
        context: dict[str, object] = {"cell": cell_name(self.sheet, f"{column_letters(place)}{number}"), **said}
        if code in OF_NUMBERS and STORED.fullmatch(value):
            percent = _percent(value)
            places = len(percent.partition(".")[2])
            context |= {name: in_words(figure) for name, figure in {**said, "percent": percent}.items()}
            context["format"] = in_words(f"0{'.' * (places > 0)}{'0' * places}%")
            if code == "percent_shown_otherwise":
                value = f"{percent}%"
        if not shown:
            context["shown"] = SHOWS_NOTHING
        return Fault(error_code, context, row=number, column=self.column(place), value=value)


def _percent(value: str) -> str:
    """A number as a percentage, in full.

    >>> _percent("0.02"), _percent("1E+3")
    ('2', '100000')
    """
    return format(Decimal(value).scaleb(2).normalize(), "f")


def in_words(figure: str) -> Text:
    """A figure as a sentence writes it: in Vietnamese with a comma where it has a decimal point.

    >>> in_words("92.6 điểm").render("vi", {})
    '92,6 điểm'
    """
    plain = figure.replace("{", "{{").replace("}", "}}")
    return Text(plain, POINT.sub(",", plain, count=1))


parsed_row = partial(json.loads, parse_float=Decimal)


def shown_text(cell: object) -> str:
    """What a cell of a row says as text; a day, or what must not be read, by its stored value."""
    if isinstance(cell, dict):
        percent = f"{_percent(cell['percent'])}%" if "percent" in cell else None
        cell = percent or next((cell[name] for name in ("date", "moment", "value") if name in cell), None)
    return "" if cell is None else str(cell).strip()


def refuse_beyond(cells: Sequence[object], beyond: str | None) -> None:
    """Refuse a header that is wider than a table may be."""
    if beyond is not None:
        found = column_number(beyond.rstrip("0123456789")) + 1
        raise refusal("too_large", {"what": "columns", "found": found, "limit": len(cells)})


def cell_name(sheet: str, cell: str) -> str:
    """A cell as formulas name it.

    >>> cell_name("Sheet1", "C7"), cell_name("Tháng 7", "C7")
    ('Sheet1!C7', "'Tháng 7'!C7")
    """
    if sheet.replace("_", "a").isalnum() and not sheet[0].isdigit():
        return f"{sheet}!{cell}"
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"
