"""How many rows a file has, about, before anybody has read it."""

from io import BytesIO

import pytest

from app.formats.row_readers import FileKind
from app.services.imports.files import ImportFile, rows_in


@pytest.mark.parametrize(
    ("kind", "body", "rows"),
    [
        ("csv", b"a,b\n1,2\n3,4\n", 3),
        ("csv", b"1;" * 5_000 + b"\n", 100),  # a wide table has many figures in a line
        ("ndjson", b"{}\n" * 400_000, 400_000),
        ("json", b"[" + b"\n" * 9_999, 100),  # lines say nothing where one row may take ten
        ("xlsx", b"\n" * 3_000, 100),
        ("csv", b"", 0),
    ],
)
def test_rows_are_estimated_by_lines_or_by_size(kind: FileKind, body: bytes, rows: int) -> None:
    assert rows_in(ImportFile(BytesIO(body), kind, None)) == rows
