"""A file of figures as long rows, whatever its kind and layout."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from app.domain.input_location import Place
from app.domain.intake.headers import Table
from app.domain.intake.layouts import Layout, read_rows
from app.domain.intake.records import read_records
from app.domain.intake.row_figures import Kind as IndicatorKind
from app.domain.intake.text_columns import Block, read_texts
from app.formats.row_readers import Kind, RecordsIn, TableIn, TextRows, read_rows_in
from app.formats.workbook import ExtractedSheet


@dataclass(frozen=True, slots=True)
class Rows:
    """The long rows of a file with their places, those of a text file in blocks.

    Iterating opens the file anew, so it may be done several times.
    """

    file: BinaryIO | ExtractedSheet
    kind: Kind
    charset: str | None
    sheet: str | None
    layout: Layout
    indicators: Mapping[str, IndicatorKind]

    def __iter__(self) -> Iterator[Block | tuple[Place, object]]:
        with read_rows_in(self.file, self.kind, self.charset, self.sheet) as opened:
            if isinstance(opened, RecordsIn):
                yield from read_records(_placed(opened), self.indicators, self.layout)
                return
            table = _table(opened)
            if isinstance(opened.rows, TextRows):
                yield from read_texts(opened.rows, table, self.indicators, self.layout)
            else:
                yield from read_rows(table, self.indicators, self.layout)


def _placed(opened: RecordsIn) -> Iterator[tuple[Place, object]]:
    for place, item in opened.items:
        yield (Place(place) if isinstance(place, str) else Place(row=place)), item


def _table(opened: TableIn) -> Table:
    return Table(opened.header, opened.rows, opened.header_row, opened.letters, opened.prefix, opened.delimiter)
