"""Rows as CSV and NDJSON: what table-like reads answer besides JSON."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from app.errors import Invalid, RefusalCode
from app.formats.strict_json import rfc3339, write_json

ROWS_AT_ONCE = 1000
REPEATED = 2048
"""Texts of cells that are remembered: codes, names and sources stand in thousands of rows."""
UNSEEN = (
    r"\s\x00-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
FORMULA = re.compile(rf"'*(?:[\t\r\n]|[{UNSEEN}]*[=+\-@＝＋－＠﹢﹣﹦﹫])")
"""How a text begins that a spreadsheet may take for a formula, which looks past blanks and what is not seen, and in
East Asia reads wide signs like narrow ones. Apostrophes count as nothing, so that `escape_formula` can be undone."""

LIKE_THOUSANDS = re.compile(r"^(-?)([1-9][0-9]{0,2}\.[0-9]{3})$")
"""A number with three decimals that could be read as thousands, and none that has fewer or more."""

TOO_MANY_ROWS = RefusalCode(
    "too_many_rows",
    "More than {limit} rows do not go into one {format} file; ask for csv or ndjson, which hold all of them, or for "
    "fewer rows by a narrower question or with `limit`.",
    "Một tệp {format} không chứa quá {limit} dòng; hãy dùng csv hoặc ndjson (chứa đủ mọi dòng), hoặc lấy ít dòng hơn: "
    "thu hẹp điều kiện lọc hay dùng `limit`.",
    Invalid,
)

RowOut = Mapping[str, object]
"""One row of an answer: a value under the key of every column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` finds the value in a row, `title` stands in the header.

    The rest says how a workbook shows its numbers: with `decimals` (None: as many as the most exact of them has), a
    difference `signed` with its plus, or, where `mixed` things stand under one head, each with decimals of its own.
    `csv_only`: programs read CSV, too, and need a code or a number that a workbook tells in words alone. `sent_back`:
    its numbers are imported again, so that CSV writes them as `unambiguous` does.
    """

    key: str
    title: str
    decimals: int | None = None
    signed: bool = False
    mixed: bool = False
    csv_only: bool = False
    sent_back: bool = False


def to_csv(columns: Sequence[Column], rows: Iterable[RowOut]) -> Iterator[bytes]:
    """CSV (RFC 4180) in UTF-8 with the byte order mark that makes Excel read it rightly.

    No text cell begins as a formula would; numbers, negative ones too, stand as they are.
    """
    yield "\ufeff".encode() + _lines([[escape_formula(column.title) for column in columns]])
    writers = [(column.key, unambiguous_cell if column.sent_back else csv_cell) for column in columns]
    cells = ([cell_of(row[key]) for key, cell_of in writers] for row in rows)
    while batch := list(islice(cells, ROWS_AT_ONCE)):
        yield _lines(batch)


def to_ndjson(rows: Iterable[RowOut]) -> Iterator[bytes]:
    """One JSON object a line."""
    lines = map(write_json, rows)
    while batch := list(islice(lines, ROWS_AT_ONCE)):
        yield b"\n".join(batch) + b"\n"


def unambiguous_cell(value: object) -> str:
    """A number that is imported again as the text of a cell, others as they are."""
    return with_leading_zero(csv_cell(value))


def with_leading_zero(number: str) -> str:
    """A number with a nought in front where its point could be one between thousands, as Vietnamese writes it.

    No group of thousands begins with a nought, every program reads the number that it read before, and the decimals,
    which say how exactly it was printed, stay as they are.

    >>> [with_leading_zero(each) for each in ("1.005", "-25.775", "0.924", "1234.567", "1.50")]
    ['01.005', '-025.775', '0.924', '1234.567', '1.50']
    """
    return LIKE_THOUSANDS.sub(r"\g<1>0\g<2>", number) if "." in number else number


def csv_cell(value: object) -> str:
    """A value as the text of a cell.

    >>> csv_cell(Decimal("-0.13")), csv_cell("-0,13"), csv_cell(None)
    ('-0.13', "'-0,13", '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return escape_formula(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return escape_formula(plain_text(value))


def plain_text(value: object) -> str:
    """What is not a number as text: instants in UTC, lists joined by `; `, nothing for None.

    Raises TypeError for what has no exact text, such as a binary float or a naive datetime.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "; ".join(map(plain_text, value))
    if isinstance(value, datetime) and value.tzinfo is not None:
        return rfc3339(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no exact text")


@lru_cache(maxsize=REPEATED)
def escape_formula(text: str) -> str:
    """Text that no spreadsheet takes for a formula: one more apostrophe stands before what would begin one.

    >>> escape_formula("=1+1"), escape_formula("'=1+1"), escape_formula("'quoted'")
    ("'=1+1", "''=1+1", "'quoted'")
    """
    return f"'{text}" if FORMULA.match(text) else text


def unescape_formula(cell: str) -> str:
    """The text that `escape_formula` wrote so; any other text as it stands. Written by hand, `'=1+1` reads `=1+1`.

    >>> unescape_formula("'=1+1"), unescape_formula("''=1+1"), unescape_formula("'quoted'")
    ('=1+1', "'=1+1", "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _lines(rows: list[list[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()
