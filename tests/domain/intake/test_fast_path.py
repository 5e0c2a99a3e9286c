"""The quick reading of a column of texts is the careful one of every row."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.figure_parser import Locale
from app.domain.input_location import HeaderColumns
from app.domain.intake import fast_path
from app.domain.intake.fast_path import FastRowReader
from app.domain.intake.import_row import FIELDS, ImportedRow, RowReadOptions, read_row
from app.domain.intake.layouts import FigureCells
from app.domain.intake.row_figures import IndicatorKind
from app.domain.intake.text_columns import FigureTexts

KINDS: dict[str, IndicatorKind] = {"sync": "ratio", "days": "number", "dossiers": "count", "points": "points"}
A_ROW = {"unit": "H60", "period": "2024-07", "indicator": "sync", "numerator": "3", "denominator": "4"}

FIGURES = ["", "-", "5", "0", "25.775", "25,775", "60,55%", "101", "-3", "3/4", "4/3", "1e5", "٣", " 7 ", "007", "x"]
FIGURES += ["12345678901", "99999999999999", "0,12345", "true", "1_0", "²"]
CELLS: dict[str, list[str]] = {
    "unit": ["H60", " H60 ", "", "gso:08", "H6\u03010"],
    "period": ["2024-07", "", " "],
    "indicator": [*KINDS, "unknown", "", " sync "],
    "numerator": FIGURES,
    "denominator": FIGURES,
    "value": FIGURES,
    "source": ["manual", "", " portal "],
    "observed_at": ["2024-08-26T09:00:00+07:00", "2024-08-26", "", "3"],
    "note": ["checked", "Đã kiểm tra", "a\x07b", "", "x" * 1001],
    "retract": ["", "true", "false", "0", "no"],
}
GOOD = dict.fromkeys(FIELDS, "") | A_ROW
GOOD_ONES = [GOOD, {**GOOD, "value": "75%"}, {**GOOD, "numerator": "", "denominator": "", "value": "7"}]
ODD = st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field), st.sampled_from(CELLS[field])))
ROW = st.builds(
    lambda good, odd: {**good, **dict(odd)}, st.sampled_from(GOOD_ONES), st.lists(ODD, max_size=3)
) | st.fixed_dictionaries({field: st.sampled_from(CELLS[field]) for field in FIELDS})
"""Rows that are good but for some cells, and any rows."""


def texts_of(rows: list[dict[str, Any]], fields: tuple[str, ...] | set[str], **fixed: str) -> FigureTexts:
    """Rows from row 2 on, of these columns; what is fixed holds for all of them."""
    held = {field: tuple(row[field] for row in rows) for field in FIELDS if field in fields and field not in fixed}
    headers = {field: f"Cột {field}" for field in held}
    return FigureTexts(
        FigureCells(dict.fromkeys(held, 0), fixed, HeaderColumns(headers)), range(2, 2 + len(rows)), held
    )


def carefully(texts: FigureTexts, reading: RowReadOptions) -> list[Any]:
    return [read_row(texts.raw(i), texts.place(i), reading) for i in range(len(texts.numbers))]


@settings(max_examples=500, deadline=None)
@given(
    st.lists(ROW, max_size=5),
    st.just(set(FIELDS)) | st.just(set(A_ROW)) | st.sets(st.sampled_from(FIELDS)),
    st.sampled_from(["auto", "vi", "en"]),
    st.sampled_from([None, "2024-06"]),
    st.sampled_from([{}, {"indicator": "sync"}, {"indicator": "days"}]),
)
def test_a_quick_reading_is_the_careful_one(
    rows: list[Any], fields: set[str], locale: Locale, period: str | None, fixed: dict[str, str]
) -> None:
    reading = RowReadOptions(KINDS, period, "manual", locale)
    quick, texts = FastRowReader(reading), texts_of(rows, fields, **fixed)

    for _ in ("what is new", "what is remembered"):
        read = quick(texts)
        assert read == carefully(texts, reading)
        assert [line.place.columns for line in read if isinstance(line, ImportedRow)] == [texts.figure.columns] * sum(
            isinstance(line, ImportedRow) for line in read
        )


@pytest.mark.parametrize("locale", ["auto", "vi", "en"])
def test_every_odd_cell_of_a_good_row_is_read_as_carefully(locale: Locale) -> None:
    reading = RowReadOptions(KINDS, None, "manual", locale)
    rows = [{**good, field: cell} for good in GOOD_ONES for field, cells in CELLS.items() for cell in cells]
    every, quick = texts_of(rows, set(FIELDS)), FastRowReader(reading)

    assert quick(every) == carefully(every, reading)
    for row in rows:
        alone = texts_of([row], set(FIELDS))
        assert quick(alone) == carefully(alone, reading)


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
def test_ordinary_rows_need_no_closer_look(cells: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(fast_path, "read_row")
    row = {**A_ROW, **cells}

    [line] = FastRowReader(RowReadOptions(KINDS))(texts_of([row], set(row)))

    assert isinstance(line, ImportedRow)


def test_remembering_has_an_end() -> None:
    reading = RowReadOptions(KINDS)
    quick = FastRowReader(reading, most=3)

    for number in range(3, 20):
        texts = texts_of(
            [{**A_ROW, "denominator": f"{number + 0}.0"}, {**A_ROW, "denominator": f"x{number}"}], set(A_ROW)
        )
        assert quick(texts) == carefully(texts, reading)

    assert len(quick.counts) <= 6
    assert len(quick.counts.unfit) <= 3
