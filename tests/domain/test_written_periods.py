"""Periods as offices write them."""

import pytest

from app.domain.written_periods import written_period

READ = {
    "2026-10": (
        *(
            "10/2026",
            "10-2026",
            "10.2026",
            "T10/2026",
            "t.10/2026",
            "Tháng 10/2026",
            "THÁNG 10 NĂM 2026",
            "thang 10, 2026",
        ),
        *("Kỳ tháng 10/2026", "2026/10", "2026.10", "202610", "2026-T10", "2026M10", "\u200btháng  10 / 2026 "),
        *("2026-10-01", "2026-10-01T00:00:00+07:00", "2026-10-01 00:00:00"),
    ),
    "2026-09": ("tháng 9 năm 2026", "9/2026", "09/2026", "2026-9"),
    "2026-Q3": ("Quý III/2026", "quý 3 năm 2026", "QUÍ III-2026", "Q3/2026", "2026Q3", "2026-q3", "III/2026"),
    "2026-Q1": ("3 tháng đầu năm 2026", "Quý I năm 2026", "I/2026"),
    "2026-H1": ("6 tháng đầu năm 2026", "06 tháng đầu 2026", "Sáu tháng đầu năm 2026", "Nửa đầu năm 2026", "H1/2026"),
    "2026-H2": ("6 tháng cuối năm 2026", "nửa cuối năm 2026", "2026h2"),
    "2026": ("Năm 2026", "nam 2026", "Cả năm 2026", "2026"),
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in READ.items() for text in texts])
def test_what_has_one_reading_is_read(code: str, text: str) -> None:
    assert written_period(text) == code


@pytest.mark.parametrize(
    "text",
    [
        *("01/10/2026", "10/01/2026", "2026-10-31", "31/10/2026", "2026-10-01T07:00:00+07:00"),  # a day
        *("10/26", "Thg10-26", "2026.1", "10.202", "102026"),  # cut off, or a number with its nought lost
        *("9 tháng năm 2026", "9 tháng đầu năm 2026", "6 tháng năm 2026", "lũy kế 10/2026"),  # several months
        *("Quý III", "tháng 10", "10", "13/2026", "0/2026", "Quý 5/2026", "V/2026", "10/1899", "", "x" * 1000),
    ],
)
def test_what_has_none_or_two_is_not(text: str) -> None:
    assert written_period(text) is None
