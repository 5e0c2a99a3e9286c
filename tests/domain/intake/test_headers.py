"""What is said of the first row of a table where it cannot be read."""

from collections.abc import Sequence
from typing import get_args

import pytest

from app.domain.intake.headers import InputTable
from app.domain.intake.layouts import read_rows
from app.domain.intake.row_figures import IndicatorKind
from app.errors import Fault, Invalid, Language

KINDS: dict[str, IndicatorKind] = {"paid_dossiers": "ratio", "on_time": "ratio", "average_days": "number"}
LANGUAGES: tuple[Language, ...] = get_args(Language)


def refused(header: Sequence[str], row: int = 1, delimiter: str = ",") -> list[Fault]:
    with pytest.raises(Invalid) as caught:
        read_rows(InputTable(header, [], row, delimiter=delimiter), KINDS)
    return caught.value.faults


@pytest.mark.parametrize(
    ("header", "delimiter", "cell"),
    [
        (["H60", "2024-07", "on_time", "91,3%"], ";", "H60"),
        (["BẢNG SỐ LIỆU THÁNG 7", "", ""], "", "BẢNG SỐ LIỆU THÁNG 7"),
        (["unit|period|indicator|value"], ",", "unit|period|indicator|value"),
        (["Biểu 1", "Tên đơn vị hành chính", "Ghi chú"], "\t", "Biểu 1"),
    ],
)
def test_a_first_row_that_is_no_header_is_told_once(header: list[str], delimiter: str, cell: str) -> None:
    [fault] = refused(header, 2, delimiter)

    assert (fault.code, fault.row, fault.column, fault.context["cell"]) == ("header_missing", 2, None, cell)
    assert (delimiter or ",").join(["unit", "period", "indicator", "value"]) in fault.detail("vi")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Gia tri", "Giá trị"), ("GHI CHU", "Ghi chú"), ("Thoi diem tra cuu", "Thời điểm tra cứu"), ("valeu", "value")],
)
def test_a_title_without_its_accents_is_recognised(name: str, meant: str) -> None:
    assert [(fault.code, fault.suggestion) for fault in refused(["unit", "indicator", name])] == [
        ("column_unknown", meant)
    ]


def test_an_unknown_column_is_told_the_shared_ones_and_how_many_indicators_there_are() -> None:
    [fault] = refused(["unit", "surprise"])

    for language in LANGUAGES:
        said = fault.detail(language)
        assert "unit, period, source, observed_at, note" in said
        assert " 3 " in said
        assert "GET /v1/indicators" in said


def test_a_table_without_indicators_is_told_how_they_are_named() -> None:
    [fault] = refused(["unit", "period"])

    assert fault.detail("en").startswith("The table names no indicator")
    assert "`on_time`" in fault.detail("vi")
