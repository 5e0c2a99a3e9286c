"""Tables as they leave: columns, rows, and how a workbook shows them. Data only; `xlsx` and `answers` write it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.formats.delimited import Column, RowOut


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of some columns: `categories` names the key along the axis, `series` those drawn over it.

    `stacked` bars lie, the first row on top. `downwards`: the axis of the values runs from the top, as ranks do.
    `axis` names what is measured along it; of a single series it is the head of its column where nothing else is said.
    """

    kind: Literal["column", "bar", "stacked", "line"]
    title: str
    categories: str
    series: Sequence[str]
    downwards: bool = False
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report: a sheet of a workbook, or a file of its own under `code`.

    `heading` are lines above the table in a workbook, the first of them its title. `classes` are the names of classes,
    best first: cells that hold one of them are coloured. `bold`: the places of rows that lead others, from 0.
    `csv_only`: a workbook has its rows on several sheets instead. `numbered`: people read it as a list, whose rows have
    numbers (`with_numbers`).
    """

    code: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[RowOut]
    heading: Sequence[str] = ()
    classes: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    bold: Collection[int] = ()
    csv_only: bool = False
    numbered: bool = False


NUMBER = Column("stt", "STT")


def with_numbers(table: Table) -> Table:
    """The table as offices print it: a list with the number of each row before it. Programs count for themselves."""
    if not table.numbered:
        return table
    rows = [{NUMBER.key: place, **row} for place, row in enumerate(table.rows, start=1)]
    return replace(table, columns=[NUMBER, *table.columns], rows=rows)
