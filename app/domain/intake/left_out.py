"""What a table of an office has beside its figures, to be told and left out: ordinals, names beside codes, totals."""

from collections.abc import Sequence
from functools import lru_cache

from app.domain.suggest import LONGEST
from app.domain.vietnamese import fold
from app.errors import ErrorCode, Fault

CODE_HEADINGS = frozenset(("unit", "code", "mã", "mã đơn vị"))
"""Headings of a column that holds codes alone, so that a column of names may stand beside it."""
ORDINALS = frozenset(("stt", "tt", "so tt", "so thu tu", "no"))
UNIT_NAMES = frozenset(
    (
        "don vi",
        "ten don vi",
        "ten",
        "co quan",
        "ten co quan",
        "co quan don vi",
        "ten co quan don vi",
        "unit name",
        "name",
    )
)

TOTALS = frozenset(
    ("tong cong", "cong", "tong so", "tong", "trung binh", "trung binh chung", "binh quan", "total", "average")
)

COLUMN_LEFT_OUT = ErrorCode(
    "column_left_out",
    "The column `{name}` was not read: it numbers the rows, or names the units, whose codes stand in another column.",
    "Không đọc cột `{name}`: cột ghi số thứ tự, hoặc ghi tên đơn vị đã có mã ở cột khác.",
)


def left_out_columns(header: Sequence[str]) -> list[int]:
    """The columns that number the rows, and those that name the units where another one has their codes.

    >>> left_out_columns(["STT", "Mã đơn vị", "Đơn vị", "on_time"]), left_out_columns(["Số TT", "Đơn vị", "on_time"])
    ([0, 2], [0])
    """
    coded = not CODE_HEADINGS.isdisjoint(name.strip().casefold() for name in header)
    headings = ORDINALS | UNIT_NAMES if coded else ORDINALS
    return [place for place, name in enumerate(header) if len(name) <= LONGEST and fold(name) in headings]


def column_warnings(header: Sequence[str], row: int) -> list[Fault]:
    """`column_left_out` for each of them, at the header's row."""
    names = [header[place] for place in left_out_columns(header)]
    return [Fault(COLUMN_LEFT_OUT, {"name": name[:60]}, row=row, column=name[:100]) for name in names]


@lru_cache(maxsize=10_000)
def is_total(label: str) -> bool:
    """Whether a row is labelled as a total or a mean of the others.

    >>> is_total("TỔNG CỘNG:"), is_total("Trung bình toàn tỉnh"), is_total("Xã Trung Bình")
    (True, True, False)
    """
    return len(label) <= LONGEST and fold(label).removesuffix(" toan tinh") in TOTALS


def total_label(cells: Sequence[object], labels: Sequence[int]) -> str | None:
    """What labels a row as a total in one of these columns, where something does."""
    return next((cell for place in labels if isinstance(cell := cells[place], str) and is_total(cell)), None)
