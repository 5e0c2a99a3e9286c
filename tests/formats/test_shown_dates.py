"""Dates are read as a person sees them; of which a part is hidden that says something, they are refused."""

import io
from datetime import date, datetime
from tempfile import TemporaryFile

import openpyxl
import pytest

from app.domain.intake.headers import InputTable
from app.domain.intake.import_row import RowFaults, RowReadOptions, read_row
from app.domain.intake.layouts import read_rows
from app.errors import Fault
from app.formats.workbook import open_workbook
from app.formats.workbook_rows import Cell
from tests.support.workbooks import written


def shown(held: datetime, number_format: str) -> Cell:
    """What a cell says that holds a moment and shows it by a number format."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["unit", "on_time"])
    sheet.append(["H60", held])
    sheet["B2"].number_format = number_format
    output = io.BytesIO()
    book.save(output)
    with TemporaryFile() as file, open_workbook(written(output.getvalue(), file)) as opened:
        [(_, row)] = opened.rows
    assert isinstance(row, list)
    return row[1]


@pytest.mark.parametrize(
    ("held", "number_format", "seen"),
    [
        ("2022-03-01T00:00:00", "dd/mm/yyyy", date(2022, 3, 1)),
        ("2022-03-01T00:00:00", "d/m/yy", date(2022, 3, 1)),
        ("2022-03-01T09:30:00", "dd/mm/yyyy hh:mm", datetime.fromisoformat("2022-03-01T09:30")),
        ("2022-03-01T09:30:59.700", "dd/mm/yyyy hh:mm", datetime.fromisoformat("2022-03-01T09:31")),
        ("2022-03-01T09:30:15", "dd/mm/yyyy hh:mm", datetime.fromisoformat("2022-03-01T09:30")),
        ("2022-03-01T00:00:15", "dd/mm/yyyy", date(2022, 3, 1)),
        ("2022-03-01T09:00:00", 'dd/mm/yyyy hh" giờ"', datetime.fromisoformat("2022-03-01T09:00")),
        ("2022-03-01T09:30:15", "[$-42A]dd mmmm yyyy h:mm:ss AM/PM", datetime.fromisoformat("2022-03-01T09:30:15")),
        ("2022-03-01T09:30:15.400", "yyyy-mm-dd hh:mm:ss", datetime.fromisoformat("2022-03-01T09:30:15")),
        ("2022-03-01T00:00:00", "mm/yyyy", "2022-03"),
        ("2022-03-15T09:30:00", "mmm-yy", "2022-03"),
        ("2022-03-15T09:30:00", "yyyy", "2022"),
        ("2022-03-01T00:00:00", "[$-F800]dddd, mmmm dd, yyyy", date(2022, 3, 1)),
    ],
)
def test_a_date_is_read_as_it_is_seen(held: str, number_format: str, seen: object) -> None:
    assert shown(datetime.fromisoformat(held), number_format) == seen


@pytest.mark.parametrize(
    ("held", "number_format", "hidden"),
    [
        ("2022-03-01T09:30:00", "dd/mm/yyyy", "the time"),
        ("2022-03-01T09:30:00", "dd/mm/yyyy hh", "the time"),
        ("2022-03-01T00:00:00", "dd/mm", "the year"),
        ("2022-03-01T09:30:00", "d-mmm", "the year and the time"),
        ("2022-03-01T09:30:00", "dd/mm hh:mm", "the year"),
        ("2022-03-01T00:00:00", "m", "the year and the day"),
        ("2022-03-01T00:00:00", "dddd", "the year, the month and the day"),
        ("2022-03-01T00:00:00", "dddd mmmm yyyy", "the day"),
        ("2022-03-01T00:00:00", "mmmmm-yy", "the month and the day"),
        ("2022-03-01T00:00:00", "B2yyyy", "the Gregorian year"),
        ("2022-03-01T00:00:00", "[$-107041E]d/m/yyyy", "the Gregorian year"),
    ],
)
def test_a_date_of_which_a_part_is_hidden_is_refused(held: str, number_format: str, hidden: str) -> None:
    fault = shown(datetime.fromisoformat(held), number_format)

    assert isinstance(fault, Fault)
    assert (fault.code, fault.row, fault.column) == ("cell_shown_otherwise", 2, "on_time")
    assert f"`{number_format}` hides {hidden}. Format it as yyyy-mm-dd" in fault.detail("en")
    assert "a month as 2022-03, a day as 2022-03-01" in fault.detail("en")
    assert "rate" not in fault.detail("en")
    assert "tháng ghi 2022-03" in fault.detail("vi")


def test_that_a_figure_was_made_a_date_is_told_whatever_of_it_is_hidden() -> None:
    cell = shown(datetime.fromisoformat("2024-12-07T00:00:00"), "d-mmm")
    [(place, raw)] = read_rows(InputTable(["unit", "on_time"], [(2, ["H60", cell])]), {"on_time": "ratio"})

    read = read_row(raw, place, RowReadOptions({"on_time": "ratio"}, "2024-12"))

    assert isinstance(read, RowFaults)
    [fault] = read
    assert (fault.code, fault.value) == ("number_invalid", "2024-12-07")
    assert "as it does with 7/12" in fault.detail("en")
