"""CSV read as a stream: bytes in, numbered rows out, memory independent of the file's size."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, cast
from unicodedata import normalize

from app.errors import Fault, Malformed, Text
from app.formats.charset import charset_of, likely_encoding, not_as_declared, not_utf8

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Row = list[str] | Fault
"""The cells of a row, as many as the header has, or what is wrong with it."""

DELIMITERS = ",;\t"
BLANK = " \r\n\ufeff" + DELIMITERS
QUOTED = re.compile(r'"[^"]*"')
MAX_LINE = 1_000_000
"""Characters in one physical line; longer ones are no table."""

HEADER_MISSING = Text(
    "The file has no header line; its first row must name the columns.",
    "Tệp không có dòng tiêu đề; dòng đầu tiên phải ghi tên các cột.",
)
ROW_RAGGED = Text(
    "The row has {cells} cells, the header has {columns}.",
    "Dòng có {cells} ô, trong khi tiêu đề có {columns} cột.",
)
NUL_FOUND = Text("The row holds a NUL character.", "Dòng chứa ký tự NUL.")
LINE_TOO_LONG = Text("The line is longer than {line_limit} characters.", "Dòng dài hơn {line_limit} ký tự.")
QUOTES_UNBALANCED = Text(
    "The quotes of the row do not match, or a cell is longer than {cell_limit} characters.",
    "Dấu nháy kép trong dòng không khớp, hoặc có ô dài hơn {cell_limit} ký tự.",
)


class _BadLine(Exception):  # noqa: N818 - carries a reason to where the row's number is known
    def __init__(self, code: str, text: Text) -> None:
        self.code, self.text = code, text


class _Stream(io.RawIOBase):
    """Chunks of bytes as a file that io's buffered, decoding readers can take."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = iter(chunks)
        self.rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        while not self.rest:
            chunk = next(self.chunks, None)
            if chunk is None:
                return 0
            self.rest = memoryview(chunk)
        size = min(len(view), len(self.rest))
        view[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def iter_csv(chunks: Iterable[bytes], charset: str | None = None) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    """The header, and each further row with its number as a spreadsheet shows it.

    The first row that is not empty is the header; its line decides the delimiter (comma, semicolon or tab). A cell
    of several lines stays in one row; empty rows are skipped but counted. A row with another number of cells than
    the header comes as a Fault (`row_ragged`), and reading goes on after it. Text is composed (NFC).
    Raises Malformed, at once or while iterating: `encoding_not_utf8` naming the likely encoding, `encoding_unknown`,
    `encoding_invalid`, `header_missing`, and with the row `csv_invalid` (quotes) and `text_invalid` (NUL).
    """
    records = _records(_lines(chunks, charset))
    header = next(records, None)
    if header is None:
        raise _refused("header_missing", HEADER_MISSING, 1)
    names = [name.strip() for name in header[1]]
    return names, _rows(records, len(names))


def _rows(records: Iterator[tuple[int, list[str]]], columns: int) -> Iterator[tuple[int, Row]]:
    for number, cells in records:
        if len(cells) == columns and any(cells):
            yield number, cells
        elif any(cell.strip() for cell in cells):
            context = {"cells": len(cells), "columns": columns}
            yield number, Fault("row_ragged", ROW_RAGGED, context, row=number)


def _records(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """The header and every record after it, numbered from 1 in the file. `number` is the last one that was whole."""
    number = 0
    try:
        for first in lines:
            if first.strip(BLANK):
                break
            number += 1
        else:
            return
        for cells in csv.reader(chain([first], lines), delimiter=_delimiter(first), strict=True):
            number += 1
            yield number, cells
    except _BadLine as bad:
        raise _refused(bad.code, bad.text, number + 1) from None
    except csv.Error:
        raise _refused("csv_invalid", QUOTES_UNBALANCED, number + 1) from None


def _delimiter(line: str) -> str:
    """The most frequent delimiter outside quotes."""
    bare = QUOTED.sub("", line)
    return max(DELIMITERS, key=bare.count)


def _lines(chunks: Iterable[bytes], charset: str | None) -> Iterator[str]:
    """Physical lines with their ends, decoded and composed. Raises Malformed for bytes that have no meaning."""
    codec = charset_of(charset)
    buffered = io.BufferedReader(_Stream(chunks), 1 << 16)
    if codec is None and (likely := likely_encoding(buffered.peek())).startswith("UTF-"):
        raise not_utf8(likely)
    stream = io.TextIOWrapper(buffered, codec or "utf-8-sig", errors="strict", newline="")
    try:
        for line in iter(partial(stream.readline, MAX_LINE), ""):
            if "\0" in line:
                raise _BadLine("text_invalid", NUL_FOUND)
            if len(line) >= MAX_LINE:
                raise _BadLine("csv_invalid", LINE_TOO_LONG)
            yield normalize("NFC", line)
    except UnicodeDecodeError as error:
        raise (not_utf8(likely_encoding(error.object)) if codec is None else not_as_declared(codec)) from None
    except UnicodeError:  # a declared UTF-16 without its byte order mark
        raise not_as_declared(codec or "utf-8") from None


def _refused(code: str, text: Text, row: int) -> Malformed:
    context = {"row": row, "cell_limit": csv.field_size_limit(), "line_limit": MAX_LINE}
    return Malformed(code, text, faults=[Fault(code, text, context, row=row)], **cast("dict[str, Any]", context))
