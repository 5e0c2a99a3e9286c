"""What a table of an office has beside its figures, to be told and left out: ordinals, names beside codes, totals."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from app.domain.suggest import LONGEST
from app.domain.vietnamese import fold, has_accents
from app.errors import ErrorCode, Fault

CODE_HEADINGS = frozenset(("unit", "code", "mã", "mã đơn vị"))
"""Headings of a column that holds codes alone, so that a column of names may stand beside it."""
ORDINALS = frozenset(("stt", "tt", "so tt", "so thu tu", "no"))
"""Folded."""
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


def left_out_columns(header: Sequence[str], figures: Collection[str] = ()) -> list[int]:
    """The columns that number the rows, and those that name the units where another one has their codes.

    `figures` are case-folded headings that name an indicator as it is written; none of them is left out.

    >>> left_out_columns(["STT", "Mã đơn vị", "Đơn vị", "on_time"]), left_out_columns(["Số TT", "Đơn vị", "on_time"])
    ([0, 2], [0])
    """
    coded = not CODE_HEADINGS.isdisjoint(name.strip().casefold() for name in header)
    read = [
        (place, name) for place, name in enumerate(header) if len(name) <= LONGEST and name.casefold() not in figures
    ]
    return [place for place, name in read if is_ordinal(name) or (coded and fold(name) in UNIT_NAMES)]


def is_ordinal(heading: str) -> bool:
    """Whether it heads a column that numbers the rows.

    >>> is_ordinal("Số TT"), is_ordinal("No."), is_ordinal("Nợ")
    (True, True, False)
    """
    plain = fold(heading)
    return plain in ORDINALS and (plain != "no" or not has_accents(heading))


def column_warnings(header: Sequence[str], left_out: Sequence[int], row: int) -> list[Fault]:
    """`column_left_out` for each of them, at the header's row."""
    names = [header[place] for place in left_out]
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
