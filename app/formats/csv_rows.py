"""CSV read as a stream: bytes in, numbered rows out, memory independent of the file's size."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from operator import itemgetter
from typing import TextIO

from app.errors import AppError, ErrorCode, Fault, Malformed, RefusalCode
from app.formats.charset import END_MARKS, MARK
from app.formats.headings import ONE_HEADING, HeadingRows, joined_headings
from app.formats.text_stream import text_of
from app.normal_form import composed

Row = list[str] | Fault
"""The cells of a row, as many as the header has, or what is wrong with it."""
Block = tuple[Sequence[int], list[list[str]], list[Fault]]
"""Numbers of rows, their cells, and what is wrong with further rows among them."""

DELIMITERS = ",;\t"
DIVIDERS = DELIMITERS + "|"
"""Signs that other programs put between cells: `|` is not read, but named where it leaves a row in one cell."""
FIGURE_OR_NOTHING = re.compile(r"[\s0-9.,%/\-–—]*")
"""A cell of figures as they are written. Only where others hold nothing else is a sign in the text taken for a divider:
a name or a note may well have a comma of its own."""
BLANK = " \r\n\x1a\ufeff" + DELIMITERS
NOTHING = " \t\r\n\xa0\u200b\ufeff\x1a"
"""What a cell holds that says nothing."""
QUOTED = re.compile(r'"[^"]*"')
DECLARED = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
"""The first line by which Excel is given, and gives, the sign that divides cells."""
MAX_LINE = 1_000_000
"""Characters in one physical line; longer ones are no table."""
LETTERS_AT_ONCE = 1 << 14
ROWS_AT_ONCE = 100
MOST_LETTERS = 8_000_000
"""Rows that are held at once have no more letters than this, and those of the rows that are just read."""

HEADER_MISSING = RefusalCode(
    "header_missing",
    "The file has no header line; its first row must name the columns.",
    "Tệp không có dòng tiêu đề; dòng đầu tiên phải ghi tên các cột.",
    Malformed,
)
ROW_RAGGED = ErrorCode(
    "row_ragged",
    "The row has {cells} cells, the header has {columns}: `{surplus}` stands under no header. A cell that holds the "
    "sign by which cells are divided ({delimiter}) must stand in double quotes.",
    "Dòng có {cells} ô, trong khi tiêu đề có {columns} cột: `{surplus}` không thuộc cột nào. Ô có chứa dấu ngăn cách "
    "({delimiter}) phải đặt trong dấu nháy kép.",
)
DIVIDED_OTHERWISE = ErrorCode(
    "row_ragged",
    "The row is divided by another sign ({other}) than the header ({delimiter}), so that all of it stands in one cell; "
    "let one sign divide all lines.",
    "Dòng được ngăn cách bằng dấu khác ({other}) với dòng tiêu đề ({delimiter}), nên cả dòng nằm trong một ô; hãy dùng "
    "cùng một dấu ngăn cách cho mọi dòng.",
)
NUL_FOUND = RefusalCode(
    "text_invalid",
    "The row holds a NUL character; save the table as CSV UTF-8 once more.",
    "Dòng chứa ký tự NUL; hãy lưu lại bảng dạng CSV UTF-8.",
    Malformed,
)
LINE_TOO_LONG = RefusalCode(
    "csv_invalid",
    "The line is longer than {line_limit} characters; is a closing quote missing, or the end of a line?",
    "Dòng dài hơn {line_limit} ký tự; có phải thiếu dấu nháy kép đóng hoặc chỗ xuống dòng không?",
    Malformed,
)
QUOTES_UNBALANCED = RefusalCode(
    "csv_invalid",
    "The quotes of the row do not match, or a cell is longer than {cell_limit} characters; close each quote that "
    "is opened, and write a quote within a cell twice.",
    "Dấu nháy kép trong dòng không khớp, hoặc có ô dài hơn {cell_limit} ký tự; hãy đóng mọi dấu nháy kép đã mở, và "
    "viết dấu nháy kép trong ô thành hai dấu.",
    Malformed,
)


class _BadLine(Exception):  # noqa: N818 - carries a reason to where the row's number is known
    def __init__(self, error_code: RefusalCode) -> None:
        self.error_code = error_code


class CsvRows:
    """The rows behind a header, each with its number as a spreadsheet shows it: one by one, or many at once."""

    def __init__(self, lines: "_Lines") -> None:
        self.lines, self.records, self.columns = lines, iter(list[list[str]]()), 0
        self.number, self.delimiter = 0, ""
        """`number` is that of the last row that was read: at first of the header."""

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        while (taken := self.take(ROWS_AT_ONCE)) is not None:
            numbers, rows, faults = taken
            placed: list[tuple[int, Row]] = list(zip(numbers, rows, strict=True))
            placed += [(fault.row or 0, fault) for fault in faults]
            yield from sorted(placed, key=itemgetter(0)) if faults else placed

    def take(self, size: int) -> Block | None:
        """What stands in the next `size` rows, empty ones left out; None behind the last one. Raises Malformed.

        Rows of long texts come in smaller handfuls.
        """
        before, records = self.number, list[list[str]]()
        most = self.lines.letters + MOST_LETTERS
        with _refusing(self):
            while (left := size - len(records)) > 0 and self.lines.letters < most:
                held = len(records)
                try:
                    records.extend(islice(self.records, min(left, ROWS_AT_ONCE)))
                finally:
                    self.number = before + len(records)  # those before a broken one are there
                if len(records) == held:
                    break
        if not records:
            return None
        if set(map(len, records)) == {self.columns} and all(map(any, records)):
            return range(before + 1, self.number + 1), records, []
        return self._told_apart(enumerate(records, before + 1))

    def _told_apart(self, records: Iterable[tuple[int, list[str]]]) -> Block:
        numbers, rows, faults = list[int](), list[list[str]](), list[Fault]()
        for number, cells in records:
            if surplus := next((cell for cell in cells[self.columns :] if cell.strip(NOTHING)), ""):
                faults.append(self._ragged(number, cells, surplus))
            elif len(cells) == 1 < self.columns and (other := self._other_delimiter(cells[0])):
                faults.append(self._divided_otherwise(number, cells[0], other))
            elif any(cells) and (len(cells) == self.columns or any(cell.strip(NOTHING) for cell in cells)):
                numbers.append(number)
                rows.append([*cells[: self.columns], *[""] * (self.columns - len(cells))])
        return numbers, rows, faults

    def _other_delimiter(self, cell: str) -> str | None:
        """What divides a lone cell into as many as there are columns, figures behind the first of them."""
        for sign in DIVIDERS.replace(self.delimiter, ""):
            others = cell.split(sign)[1:]
            if len(others) == self.columns - 1 and all(map(FIGURE_OR_NOTHING.fullmatch, others)) and any(others):
                return sign
        return None

    def _divided_otherwise(self, number: int, cell: str, other: str) -> Fault:
        context = {"other": shown_delimiter(other), "delimiter": shown_delimiter(self.delimiter)}
        return Fault(DIVIDED_OTHERWISE, context, row=number, value=cell[:100])

    def _ragged(self, number: int, cells: Sequence[str], surplus: str) -> Fault:
        context = {"cells": len(cells), "columns": self.columns, "surplus": surplus[:60]}
        context |= {"delimiter": shown_delimiter(self.delimiter)}
        return Fault(ROW_RAGGED, context, row=number, value=surplus[:100])


def shown_delimiter(sign: str) -> str:
    return "TAB" if sign == "\t" else sign


def iter_csv(
    chunks: Iterable[bytes], charset: str | None = None, headings: HeadingRows = ONE_HEADING
) -> tuple[list[str], CsvRows]:
    """The header, and the rows below it.

    The first row that is not empty is the header, behind those that `headings` leaves out; its lines decide the
    delimiter (comma, semicolon or tab) unless a line `sep=;` stands above them. A cell of several lines stays in one
    row; empty rows are skipped but counted. Programs leave out empty cells at the end of a row or write some too many:
    every row comes with as many cells as the header, or, where a cell beyond it says something, as a Fault
    (`row_ragged`), and reading goes on after it. Text is composed (NFC).
    Raises, at once or while rows are read, what `text_of` raises, and Malformed `header_missing`, and with the row
    `csv_invalid` (quotes) and `text_invalid` (NUL).
    """
    source = _Lines(chunks, charset)
    lines = chain.from_iterable(source)
    rows = CsvRows(source)
    with _refusing(rows):
        declared = _leave_out(lines, rows, headings.skipped)
        first = _first(lines, rows)
        if found := DECLARED.fullmatch(first):
            declared = found[1]
            rows.number += 1
            first = _first(lines, rows)
        head = [first, *islice(lines, headings.count - 1)]
        rows.delimiter = declared or _delimiter("".join(head))
        rows.records = csv.reader(chain(head, lines), delimiter=rows.delimiter, strict=True)
        heads = [[name.strip() for name in row] for row in islice(rows.records, headings.count)]
    names = joined_headings(heads)
    rows.columns, rows.number = len(names), rows.number + len(heads)
    return names, rows


def first_rows(
    chunks: Iterable[bytes], charset: str | None, delimiter: str, most: int
) -> Iterator[tuple[int, list[str]]]:
    """The first rows that say something, with their numbers, as this delimiter parts them. Raises as `iter_csv`."""
    found = csv.reader(chain.from_iterable(_Lines(chunks, charset)), delimiter=delimiter)
    try:
        for number, cells in enumerate(islice(found, most), 1):
            said = [cell.strip(NOTHING) for cell in cells]
            if any(said) and not (number == 1 and DECLARED.fullmatch(delimiter.join(said))):
                yield number, said
    except (_BadLine, csv.Error):
        return  # parted by a sign that is not its own a row may be one cell without end; who reads the file says so


def _leave_out(lines: Iterator[str], rows: CsvRows, count: int) -> str | None:
    """Read over rows above the header, each of as many lines as it has; the delimiter where one of them declares it."""
    declared = None
    for line in islice(lines, count):
        if found := DECLARED.fullmatch(line):
            declared = found[1]
        next(csv.reader(chain([line], lines), delimiter=_delimiter(line)))
        rows.number += 1
    return declared


def _first(lines: Iterable[str], rows: CsvRows) -> str:
    """The next line that says something; those above it are counted."""
    for line in lines:
        if line.strip(BLANK):
            return line.lstrip(MARK)
        rows.number += 1
    raise _refused(HEADER_MISSING, 1)


def _delimiter(line: str) -> str:
    """The most frequent delimiter outside quotes."""
    bare = QUOTED.sub("", line)
    return max(DELIMITERS, key=bare.count)


class _Lines:
    """Physical lines with their ends, decoded and composed, in handfuls; `letters` is how many were given out."""

    def __init__(self, chunks: Iterable[bytes], charset: str | None) -> None:
        self.chunks, self.charset, self.letters = chunks, charset, 0

    def __iter__(self) -> Iterator[Iterable[str]]:
        """Raises as `text_of`."""
        with text_of(self.chunks, self.charset) as stream:
            for text in _whole_lines(stream):
                self.letters += len(text)
                yield _composed(text)


def _whole_lines(stream: TextIO) -> Iterator[str]:
    """A text in pieces that end where lines end; the last one may be a line that is too long."""
    rest = ""
    while len(rest) < MAX_LINE and (read := stream.read(LETTERS_AT_ONCE)):
        text = rest + read
        # A carriage return at the very end may be the first half of a line end.
        end = text.rfind("\n") + 1 or text.rfind("\r", 0, len(text) - 1) + 1
        yield text[:end]
        rest = text[end:]
    yield rest.rstrip(END_MARKS)


def _composed(text: str) -> Iterable[str]:
    """The lines of a text; no letter is composed over the end of a line."""
    if "\0" in text or len(text) >= MAX_LINE:
        return _looked_through(text)
    return io.StringIO(composed(text), newline="")


def _looked_through(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if "\0" in line:
            raise _BadLine(NUL_FOUND)
        if len(line) >= MAX_LINE:
            raise _BadLine(LINE_TOO_LONG)
        yield composed(line)


@contextmanager
def _refusing(rows: CsvRows) -> Iterator[None]:
    """What cannot be read is refused with the row that follows the last one that could."""
    try:
        yield
    except _BadLine as bad:
        raise _refused(bad.error_code, rows.number + 1) from None
    except csv.Error:
        raise _refused(QUOTES_UNBALANCED, rows.number + 1) from None


def _refused(error_code: RefusalCode, row: int) -> AppError:
    context = {"row": row, "cell_limit": csv.field_size_limit(), "line_limit": MAX_LINE}
    return Fault(error_code, context, row=row).error()
