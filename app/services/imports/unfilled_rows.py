"""Rows of wide tables in which every figure is empty, as in a form that is filled in by half: counted, not stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.input_location import InputLocation
from app.domain.intake.import_row import ImportedRow
from app.errors import ErrorCode, Fault, Text

ROWS_WITHOUT_FIGURE = ErrorCode(
    "rows_without_figure",
    "{count} row(s) hold no figure, this one first; nothing was stored of them{remarks}. Missing is not zero: write 0 "
    "where none is meant.",
    "Có {count} dòng không có số liệu, đầu tiên là dòng này; không lưu gì từ các dòng đó{remarks}. Để trống không phải "
    "là 0: hãy ghi 0 nếu số liệu là 0.",
)


@dataclass(slots=True)
class UnfilledRows:
    """How many such rows a file has, how many of them hold a note or a moment all the same, and the first of them."""

    count: int = 0
    remarks: int = 0
    first: InputLocation | None = None

    def add(self, row: ImportedRow) -> None:
        self.first = self.first or row.place
        self.count += 1
        self.remarks += row.note is not None or row.observed_at is not None

    def warnings(self) -> Sequence[Fault]:
        """One for all of them, at the first."""
        if self.first is None:
            return ()
        context = {"count": self.count, "remarks": _remarks(self.remarks)}
        return [Fault(ROWS_WITHOUT_FIGURE, context, pointer=self.first.pointer or None, row=self.first.row)]


def _remarks(count: int) -> Text | str:
    if not count:
        return ""
    return Text(
        f", not the note or the moment of {count} of them either",
        f", kể cả ghi chú hoặc thời điểm tra cứu ở {count} dòng",
    )
