"""Moments are read by one function wherever they come in."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from app.api.schemas import QueryMoment
from app.domain.input_location import InputLocation
from app.domain.instant import read_moment, to_instant
from app.domain.intake import import_row

ELEVEN = datetime(2024, 7, 8, 4, tzinfo=UTC)
TAKEN = [
    "2024-07-08T11:00:00+07:00",
    "2024-07-08t04:00:00z",
    "2024-07-08 04:00:00Z",
    "2024-07-08T04:00Z",
    "2024-07-08T11:00:00.000+0700",
    "2024-07-08T11:00+07",
    " 2024-07-08T04:00:00.000000000Z\u00a0",
]
REFUSED = [
    *("2024-07-08", "20240708T040000Z", "2024-W28-1T04:00:00Z", "2024-07-08_04:00:00Z", "2024-07-08T24:00:00Z"),
    *("2024-07-08T04:00:60Z", "2024-02-30T04:00:00Z", "٢٠٢٤-07-08T04:00:00Z", "1720411200", "2024-07-08T04:00:00"),
    *("2024-07-08T04:00:00,5Z", "2024-07-08T04:00:00+07:60", "2024-07-08T04:00:00+25:00", "2024-07-08T04:00:00 Z"),
]


def in_query(text: str) -> int | None:
    try:
        return to_instant(TypeAdapter(QueryMoment).validate_python(text))
    except ValidationError:
        return None


def in_import(text: str) -> int | None:
    return import_row.read_moment(text, InputLocation(), [])


@pytest.mark.parametrize("text", TAKEN)
def test_a_moment_is_the_same_at_every_door(text: str) -> None:
    assert read_moment(text) == ELEVEN
    assert in_query(text) == in_import(text) == to_instant(ELEVEN)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_moment_is_none_at_every_door(text: str) -> None:
    assert (in_query(text), in_import(text)) == (None, None)
