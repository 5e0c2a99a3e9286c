"""Days: one way to state them, two ways in which letters print them."""

from datetime import date

import pytest

from app.domain.day import read_printed_day
from app.errors import Fault


@pytest.mark.parametrize("text", ["26/8/2024", "26/08/2024", "2024-08-26", " 26/8/2024 "])
def test_dates_are_day_month_year_or_iso(text: str) -> None:
    assert read_printed_day(text) == date(2024, 8, 26)


def test_the_thirty_first_of_january_is_read() -> None:
    assert read_printed_day("31/01/2024") == date(2024, 1, 31)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("8/26/2024", "26/8/2024"), ("31/2/2024", None), ("26/8/24", None), ("26.8.2024", None), ("٢٦/8/2024", None)],
)
def test_other_dates_are_refused(text: str, suggestion: str | None) -> None:
    found = read_printed_day(text)

    assert isinstance(found, Fault)
    assert (found.code, found.suggestion) == ("date_invalid", suggestion)
