"""Bodies of every kind as rows: tables with a header (CSV, XLSX) and records with their places (JSON, NDJSON).

Nothing but a JSON item or a row is held in memory; a body that is read a second time is simply opened again.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import IO, AnyStr, BinaryIO, Literal

from app.errors import Fault, Malformed, RefusalCode, UnsupportedMedia
from app.formats.charset import charset_of
from app.formats.csv_rows import DELIMITERS, Block, CsvRows, first_rows, iter_csv
from app.formats.delimited import unescape_formula
from app.formats.headings import ONE_HEADING, HeadingRows
from app.formats.json_items import iter_json_array
from app.formats.strict_json import iter_ndjson
from app.formats.text_stream import refuse_other_kinds, text_of
from app.formats.workbook import ExtractedSheet, open_workbook
from app.formats.workbook_merged import column_letters
from app.formats.workbook_rows import Cell, SheetRows, cell_name
from app.normal_form import composed

FileKind = Literal["csv", "xlsx", "json", "ndjson"]

MEDIA_TYPES: dict[str, FileKind] = {
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
}
EXTENSIONS: dict[str, FileKind] = {
    "csv": "csv",
    "tsv": "csv",
    "xlsx": "xlsx",
    "json": "json",
    "ndjson": "ndjson",
    "jsonl": "ndjson",
}
BY_NAME = ("", "application/octet-stream", "text/plain", "application/vnd.ms-excel")
"""Types that say nothing, and the one under which Windows sends a CSV file: there the file's name decides."""

CHUNK = 1 << 16
LONGEST_LINE = 1 << 20
MOST_COLUMNS = 1_000

UNSUPPORTED = RefusalCode(
    "content_type_unsupported",
    "`{kind}` is not read here; send text/csv, an XLSX workbook, application/json or application/x-ndjson, "
    "or as a file named .csv, .xlsx, .json or .ndjson.",
    "Không đọc được `{kind}`; hãy gửi text/csv, sổ làm việc XLSX, application/json hoặc application/x-ndjson, "
    "hoặc tệp có đuôi .csv, .xlsx, .json hay .ndjson.",
    UnsupportedMedia,
)
UNDECLARED = RefusalCode(
    "content_type_unsupported",
    "The body does not say what it is: set Content-Type to text/csv, application/json, application/x-ndjson or that of "
    "an XLSX workbook, or send a file named .csv, .xlsx, .json or .ndjson.",
    "Chưa khai báo loại nội dung: hãy đặt Content-Type là text/csv, application/json, application/x-ndjson hoặc kiểu "
    "của sổ làm việc XLSX, hoặc gửi tệp có đuôi .csv, .xlsx, .json hay .ndjson.",
    UnsupportedMedia,
)
COLUMNS_TOO_MANY = RefusalCode(
    "columns_too_many",
    "The header has {columns} columns, and {limit} is the most; divide the table, or send a figure a row (columns "
    "unit, period, indicator, value).",
    "Dòng tiêu đề có {columns} cột, nhiều nhất là {limit}; hãy chia nhỏ bảng, hoặc ghi mỗi số liệu một dòng (các cột "
    "unit, period, indicator, value).",
    Malformed,
)
LINE_TOO_LONG = RefusalCode(
    "json_item_too_long",
    "The line is longer than {limit} bytes; write one figure, or one unit, a line.",
    "Dòng dài hơn {limit} byte; mỗi dòng chỉ ghi một số liệu hoặc một đơn vị.",
    Malformed,
)


@dataclass(frozen=True, slots=True)
class TableInput:
    """A table: its header with the number of its row, and (row number, cells or what is wrong with the row).

    Every row has as many cells as the header. In a workbook `letters` stand over the columns and `prefix` names the
    sheet (`Sheet1!`), which is called `sheet`; all are empty for CSV, all cells of which are text: there `rows` are
    `CsvTextRows`, and `delimiter` is what divides the cells.
    """

    header: list[str]
    rows: Iterable[tuple[int, list[Cell] | Fault]]
    header_row: int = 1
    letters: tuple[str, ...] = ()
    prefix: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class RecordInput:
    """Records as they stand, each with its JSON pointer (`/3`) or, in NDJSON, the number of its line."""

    items: Iterator[tuple[str | int, object]]


def kind_of(media_type: str, filename: str | None = None) -> FileKind:
    """What a body is, by its media type, or by its name where the type says nothing. Raises UnsupportedMedia."""
    extension = (filename or "").rpartition(".")[2].lower()
    kind = EXTENSIONS.get(extension) if media_type in BY_NAME else MEDIA_TYPES.get(media_type)
    if kind is None:
        named = (media_type or filename or "")[:100]
        raise (UNSUPPORTED if named else UNDECLARED).error(kind=named)
    return kind


@contextmanager
def read_rows_in(
    file: BinaryIO | ExtractedSheet,
    kind: FileKind,
    charset: str | None = None,
    sheet: str | None = None,
    headings: HeadingRows = ONE_HEADING,
) -> Iterator[TableInput | RecordInput]:
    """The rows of a file, from its beginning; they last as long as the context, and may be read once.

    `file` stays the caller's; for a workbook it must have a descriptor, or be a sheet that was extracted already.
    `sheet` chooses among a workbook's sheets. Raises what the readers of the four kinds raise, at once or while the
    rows are read, and Malformed `columns_too_many` for a table of more than 1,000 columns.
    """
    if isinstance(file, ExtractedSheet):
        yield _sheet(file.read(headings))
        return
    file.seek(0)
    if kind == "xlsx":
        with open_workbook(file, sheet, headings=headings) as opened:
            yield _sheet(opened)
    elif kind == "csv":
        yield _csv(_chunks(file), charset, headings)
    elif kind == "json":
        yield RecordInput(iter_json_array(_chunks(file), charset))
    else:
        yield RecordInput(iter_ndjson(_ndjson_lines(file, charset)))


def openings_of(
    file: BinaryIO | ExtractedSheet, kind: FileKind, charset: str | None, most: int
) -> Iterator[list[tuple[int, list[str]]]]:
    """The first rows of a table that say something, with their numbers: of a text once for every delimiter."""
    if isinstance(file, ExtractedSheet):
        yield file.first_rows(most)
    elif kind == "csv":
        for delimiter in DELIMITERS:
            file.seek(0)
            yield list(first_rows(_chunks(file), charset, delimiter, most))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(partial(file.read, CHUNK), b"")


def _refuse_wide(header: Sequence[str], row: int) -> None:
    """Refuse a table with more columns than any has; every row would cost as many steps."""
    if len(header) > MOST_COLUMNS:
        context = {"columns": len(header), "limit": MOST_COLUMNS}
        raise Fault(COLUMNS_TOO_MANY, context, row=row).error()


class CsvTextRows:
    """The rows of a CSV file, without the apostrophes of our own exports; one by one, or many at once."""

    def __init__(self, rows: CsvRows) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[tuple[int, list[Cell] | Fault]]:
        return ((number, row if isinstance(row, Fault) else [*map(unescape_formula, row)]) for number, row in self.rows)

    def take(self, size: int) -> Block | None:
        """Numbers and cells of the next rows and what is wrong with others among them; None behind the last one."""
        taken = self.rows.take(size)
        if taken is None or not any("'" in "".join(row) for row in taken[1]):
            return taken
        numbers, rows, faults = taken
        return numbers, [[*map(unescape_formula, row)] for row in rows], faults


def _sheet(opened: SheetRows) -> TableInput:
    _refuse_wide(opened.header, opened.header_row)
    letters = tuple(map(column_letters, range(len(opened.header))))
    prefix = cell_name(opened.name, "")
    return TableInput(opened.header, opened.rows, opened.header_row, letters, prefix, sheet=opened.name)


def _csv(chunks: Iterable[bytes], charset: str | None, headings: HeadingRows) -> TableInput:
    header, rows = iter_csv(chunks, charset, headings)
    _refuse_wide(header, rows.number)
    header = [unescape_formula(name) for name in header]
    return TableInput(header, CsvTextRows(rows), rows.number, delimiter=rows.delimiter)


def _bounded(file: IO[AnyStr]) -> Iterator[AnyStr]:
    """The lines of a file, none of them without end."""
    for number in count(1):
        line = file.readline(LONGEST_LINE)
        if not line:
            return
        if len(line) >= LONGEST_LINE:
            context = {"limit": LONGEST_LINE}
            raise Fault(LINE_TOO_LONG, context, row=number).error()
        yield line


def _ndjson_lines(file: BinaryIO, charset: str | None) -> Iterator[bytes]:
    """Lines in UTF-8, whatever was declared; what was sent in UTF-8 is left to be decoded where its row is known."""
    codec = charset_of(charset)
    if codec is None:
        refuse_other_kinds(file.read(CHUNK))
        file.seek(0)
        yield from _bounded(file)
        return
    with text_of(_chunks(file), charset) as stream:
        for line in _bounded(stream):
            yield composed(line).encode() if codec == "cp1258" else line.encode()
