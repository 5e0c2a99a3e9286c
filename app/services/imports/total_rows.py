"""Rows of totals and means below a table: told and left out, for they are computed here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.input_location import InputLocation
from app.errors import ErrorCode, Fault

MOST_NAMED = 5

TOTALS_LEFT_OUT = ErrorCode(
    "total_rows_left_out",
    "{count} row(s) hold totals or means of the others ({rows}); they were not read, for they are computed here.",
    "Có {count} dòng ghi tổng cộng hoặc trung bình ({rows}); không đọc các dòng này vì hệ thống tự tính.",
)


@dataclass(slots=True)
class TotalRows:
    """How many such rows a file has, and the first of them."""

    count: int = 0
    first: list[InputLocation] = field(default_factory=list)
    last: tuple[int | None, str, str] | None = None

    def add(self, place: InputLocation) -> None:
        """A figure of a row; a wide row has several, one after the other."""
        where = place.row, place.pointer, place.columns.prefix if place.columns else ""
        if where == self.last:
            return
        self.last = where
        self.count += 1
        if len(self.first) < MOST_NAMED:
            self.first.append(place)

    def warnings(self) -> Sequence[Fault]:
        """One for all of them, at the first."""
        if not self.first:
            return ()
        rows = ", ".join(str(place.row) if place.row is not None else place.pointer for place in self.first)
        context = {"count": self.count, "rows": rows + ", …" * (self.count > len(self.first))}
        return [Fault(TOTALS_LEFT_OUT, context, pointer=self.first[0].pointer or None, row=self.first[0].row)]
