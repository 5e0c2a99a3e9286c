"""A file of figures as long rows, whatever its kind and layout."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from app.domain.input_location import InputLocation
from app.domain.intake.headers import InputTable
from app.domain.intake.layouts import ImportLayout, read_rows
from app.domain.intake.left_out import column_warnings
from app.domain.intake.records import read_records
from app.domain.intake.row_figures import IndicatorKind
from app.domain.intake.text_columns import RowBlock, read_texts
from app.errors import Fault
from app.formats.row_readers import CsvTextRows, FileKind, RecordInput, TableInput, read_rows_in
from app.formats.workbook import ExtractedSheet
from app.services.declared_bodies import declaration_located


@dataclass(frozen=True, slots=True)
class ImportRows:
    """The long rows of a file with their places, those of a text file in blocks.

    Iterating opens the file anew, so it may be done several times; `left_out` are then warnings of what is not read.
    `names` are the codes of indicators by their folded names.
    """

    file: BinaryIO | ExtractedSheet
    kind: FileKind
    charset: str | None
    sheet: str | None
    layout: ImportLayout
    indicators: Mapping[str, IndicatorKind]
    names: Mapping[str, str] = field(default_factory=dict)
    left_out: list[Fault] = field(default_factory=list)

    def __iter__(self) -> Iterator[RowBlock | tuple[InputLocation, object]]:
        with declaration_located(), read_rows_in(self.file, self.kind, self.charset, self.sheet) as opened:
            if isinstance(opened, RecordInput):
                yield from read_records(_placed(opened), self.indicators, self.layout)
                return
            table = _table(opened)
            self.left_out[:] = column_warnings(table.header, table.header_row)
            if isinstance(opened.rows, CsvTextRows):
                yield from read_texts(opened.rows, table, self.indicators, self.layout, self.names)
            else:
                yield from read_rows(table, self.indicators, self.layout, self.names)


def _placed(opened: RecordInput) -> Iterator[tuple[InputLocation, object]]:
    for place, item in opened.items:
        yield (InputLocation(place) if isinstance(place, str) else InputLocation(row=place)), item


def _table(opened: TableInput) -> InputTable:
    return InputTable(opened.header, opened.rows, opened.header_row, opened.letters, opened.prefix, opened.delimiter)
