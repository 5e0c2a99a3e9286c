"""The quick reading of a row is the careful one, or there is none."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.figures import Locale
from app.domain.intake.line import Line, Reading, read_line
from app.domain.intake.line_figures import Kind
from app.domain.intake.quick_line import QuickReader
from app.domain.place import Place

KINDS: dict[str, Kind] = {"sync": "ratio", "days": "number", "dossiers": "count", "points": "points"}
HERE = Place(row=2)
A_ROW = {"unit": "H60", "period": "2024-07", "indicator": "sync", "numerator": "3", "denominator": "4"}

FIGURES = [
    "",
    "-",
    "5",
    "0",
    "25.775",
    "25,775",
    "60,55%",
    "101",
    "-3",
    "3/4",
    "4/3",
    "1e5",
    "٣",
    " 7 ",
    "007",
    None,
    1,
    True,
]
CELLS: dict[str, Any] = {
    "unit": st.sampled_from(["H60", " H60 ", "", None, 5, [], "gso:08"]),
    "period": st.sampled_from(["2024-07", "", None, 7]),
    "indicator": st.sampled_from([*KINDS, "unknown", "", None]),
    "numerator": st.sampled_from(FIGURES),
    "denominator": st.sampled_from(FIGURES),
    "value": st.sampled_from(FIGURES),
    "source": st.sampled_from(["manual", "", None, {}]),
    "observed_at": st.sampled_from(["2024-08-26T09:00:00+07:00", "2024-08-26", "", None, 3]),
    "note": st.sampled_from(["checked", "Đã kiểm tra", "a\x07b", "", None, "x" * 1001]),
    "retract": st.sampled_from(["", "true", "false", None, True, False, 0, "no"]),
    "import_id": st.just("4"),
    "valeu": st.just("4"),
}
ROWS = st.fixed_dictionaries({}, optional=CELLS)


@settings(max_examples=600, deadline=None)
@given(st.lists(ROWS, max_size=4), st.sampled_from(["auto", "vi", "en"]), st.sampled_from([None, "2024-06"]))
def test_a_quick_reading_is_the_careful_one_or_none(rows: list[Any], locale: Locale, period: str | None) -> None:
    reading = Reading(KINDS, period, "manual", locale)
    quick = QuickReader(reading)

    for row in [*rows, *rows]:
        assert quick(row, HERE) in (None, read_line(row, HERE, reading))


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"source": "", "note": "", "retract": "", "value": "", "observed_at": ""},
        {"value": "75%"},
        {"indicator": "days", "numerator": "", "denominator": "", "value": "3.5"},
        {"observed_at": "2024-08-26T09:00:00+07:00", "note": "Đã kiểm tra"},
    ],
)
def test_ordinary_rows_are_read_quickly(cells: dict[str, str]) -> None:
    assert isinstance(QuickReader(Reading(KINDS))({**A_ROW, **cells}, HERE), Line)


def test_what_is_no_text_is_never_taken_for_the_text_before() -> None:
    quick = QuickReader(Reading(KINDS))
    assert quick({**A_ROW, "numerator": "1"}, HERE) is not None

    assert quick({**A_ROW, "numerator": True}, HERE) is None
    assert quick({**A_ROW, "numerator": 1}, HERE) is None


def test_remembering_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.intake.quick_line.MOST", 3)
    quick = QuickReader(Reading(KINDS))

    read = [quick({**A_ROW, "denominator": str(number)}, HERE) for number in range(3, 20)]

    assert [line.denominator for line in read if line] == [number * 10_000 for number in range(3, 20)]
    assert len(quick.counts) <= 3
