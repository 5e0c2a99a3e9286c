"""What a workbook in the making has on disk and in memory."""

import errno
import io
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.formats.delimited import Column, RowOut
from app.formats.tables import Table
from app.formats.xlsx import write_workbook
from tests.support.file_limit import files_no_longer_than

TABLE = Table("x", "x", [Column("name", "Tên"), Column("value", "Giá trị")], [{"name": "first", "value": 1}])


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process puts its temporary files for the time of a test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def rows(count: int) -> Iterator[RowOut]:
    return ({"name": f"H{number}", "value": number} for number in range(count))


def test_a_reading_that_fails_in_the_middle_packs_nothing_and_leaves_no_file(directory: Path) -> None:
    output = io.BytesIO()

    def further() -> Iterator[RowOut]:
        yield from rows(1_000)
        assert list(directory.rglob("*"))
        raise ConnectionError

    with pytest.raises(ConnectionError):
        write_workbook(output, [TABLE], further())
    assert not output.getvalue()
    assert not list(directory.iterdir())


@pytest.mark.parametrize(("before", "after"), [(0, 20_000), (100, 0)], ids=["for the rows", "for the packing"])
def test_a_disk_without_room_is_told_as_the_system_does_and_leaves_no_file(
    directory: Path, before: int, after: int
) -> None:
    with ExitStack() as limits:

        def further() -> Iterator[RowOut]:
            yield from rows(before)
            limits.enter_context(files_no_longer_than(1_000))
            yield from rows(after)

        with pytest.raises(OSError) as caught:
            write_workbook(io.BytesIO(), [TABLE], further())

    assert caught.value.errno == errno.EFBIG
    assert not list(directory.iterdir())


def test_memory_does_not_grow_with_the_rows_however_high_they_are() -> None:
    high = "một ghi chú dài "
    held = []

    def further(count: int) -> Iterator[RowOut]:
        for number in range(count):
            yield {"name": high * 10, "value": number}
        held.append(tracemalloc.get_traced_memory()[0])

    for count in (100, 100, 4_100):
        tracemalloc.start()
        write_workbook(io.BytesIO(), [TABLE], further(count))
        tracemalloc.stop()

    _, few, many = held
    assert many - few < 100_000
