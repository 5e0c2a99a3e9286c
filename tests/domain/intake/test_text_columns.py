"""Tables of texts in blocks hold what the same tables hold row by row."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.intake.fast_path import FastRowReader
from app.domain.intake.headers import InputTable
from app.domain.intake.import_row import ImportedRow, RowFaults, RowReadOptions, read_row
from app.domain.intake.layouts import ImportLayout, read_rows
from app.domain.intake.row_figures import IndicatorKind
from app.domain.intake.text_columns import RowBlock, read_texts
from app.errors import ErrorCode, Fault, Invalid

KINDS: dict[str, IndicatorKind] = {"paid_dossiers": "ratio", "on_time": "ratio", "average_days": "number"}
READING = RowReadOptions(KINDS, "2024-07")
RAGGED = ErrorCode("row_ragged", "The row is ragged.", "Dòng lệch.")

LONG = ["unit", "Kỳ", "indicator", "", "numerator", "denominator", "value", "note", "import_id"]
WIDE = ["on_time.denominator", "Mã", "on_time.numerator", "", "paid_dossiers", "average_days", "Ghi chú"]
CELL = st.sampled_from(["H60", "", "-", "7", "10", "2,5", "on_time", "average_days", "2024-07", " ", "x"])


class Handfuls:
    """Rows as a file gives them."""

    def __init__(self, rows: Sequence[list[str] | Fault]) -> None:
        self.rows = list(enumerate(rows, 2))

    def take(self, size: int) -> tuple[Sequence[int], list[list[str]], list[Fault]] | None:
        taken, self.rows = self.rows[:size], self.rows[size:]
        good = [(number, row) for number, row in taken if isinstance(row, list)]
        faults = [row for _, row in taken if isinstance(row, Fault)]
        return ([n for n, _ in good], [row for _, row in good], faults) if taken else None


def by_row(table: InputTable, layout: ImportLayout) -> list[Any]:
    return [(place.row, read_row(raw, place, READING)) for place, raw in read_rows(table, KINDS, layout)]


def by_block(blocks: list[RowBlock]) -> list[Any]:
    quick = FastRowReader(READING)
    found: list[Any] = []
    for block in blocks:
        found += [(place.row, read_row(raw, place, READING)) for place, raw in block.loose]
        for texts in block.texts:
            found += zip(texts.numbers, quick(texts), strict=True)
        if block.unfilled:
            found += zip(block.unfilled.numbers, quick.unfilled(block.unfilled), strict=True)
    return found


def whole(placed: tuple[int | None, ImportedRow | RowFaults]) -> str:
    """A row as it is read, with what is known of one that is faulty or states no figure."""
    row, read = placed
    return repr((row, read, read.about if isinstance(read, RowFaults) else None))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([("long", LONG), ("wide", WIDE)]), st.data(), st.integers(1, 9))
def test_a_table_of_texts_is_read_alike_in_blocks_and_row_by_row(
    form: tuple[ImportLayout, list[str]], data: st.DataObject, size: int
) -> None:
    layout, header = form
    number = st.integers(2, 9)
    ragged = st.builds(lambda row: Fault(RAGGED, row=row), number)
    row = st.lists(CELL, min_size=len(header), max_size=len(header))
    rows = data.draw(st.lists(row | ragged, max_size=8))
    rows = [Fault(RAGGED, row=n) if isinstance(each, Fault) else each for n, each in enumerate(rows, 2)]

    blocks = list(read_texts(Handfuls(rows), InputTable(header), KINDS, layout, figures_at_once=size))

    expected = by_row(InputTable(header, list(enumerate(rows, 2))), layout)
    assert sorted(map(whole, by_block(blocks))) == sorted(map(whole, expected))
    assert sum(block.figures for block in blocks) == len(expected)


def test_a_long_table_of_texts_gives_lines() -> None:
    [block] = read_texts(Handfuls([["H60", "2024-07", "on_time", "", "7", "10", "", "", "4"]]), InputTable(LONG), KINDS)

    [(row, line)] = by_block([block])

    assert row == 2
    assert isinstance(line, ImportedRow)
    assert (line.unit, line.numerator, line.denominator) == ("H60", 70_000, 100_000)


def test_a_header_that_cannot_be_read_is_refused_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_texts(Handfuls([]), InputTable(["x"]), KINDS)

    assert refused.value.code == "header_invalid"
