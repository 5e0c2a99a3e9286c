"""Tables of records, a field a column: CSV and workbooks as our own exports write them, read row by row."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from app.domain.characters import trimmed
from app.domain.intake.layouts import OUTSIDE
from app.domain.intake.row_figures import says_nothing
from app.domain.look_alikes import with_right_letters
from app.domain.suggest import Suggester
from app.errors import MOST_HEADER_FAULTS, ErrorCode, Fault, Faults
from app.formats.delimited import with_leading_zero
from app.formats.row_readers import TableInput

COLUMN_UNKNOWN = ErrorCode(
    "column_unknown", "There is no column `{name}`; known are {known}.", "Không có cột `{name}`; các cột: {known}."
)
COLUMN_REPEATED = ErrorCode("column_repeated", "The column `{name}` occurs twice.", "Cột `{name}` xuất hiện hai lần.")
COLUMN_MISSING = ErrorCode("column_missing", "The column `{name}` is missing.", "Thiếu cột `{name}`.")
WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class TableFields:
    """The fields that a table may have as columns, headed by their names or by the `titles` of our own exports.

    `required` columns must be there. A blank cell says null, but of fields that are `never_null` that nothing is said.
    `figures` and `whole` numbers are taken as the numbers of a workbook; every other cell is a text.
    """

    names: Sequence[str]
    titles: Mapping[str, str]
    required: Sequence[str]
    never_null: Collection[str]
    figures: Collection[str] = ()
    whole: Collection[str] = ()

    @cached_property
    def by_heading(self) -> dict[str, str]:
        """The field that a heading means, by its spelling in small letters."""
        return {
            head.casefold(): name for head, name in (*self.titles.items(), *zip(self.names, self.names, strict=True))
        }

    def heads(self, table: TableInput) -> list[str]:
        """The field of each column; a heading that means none stays as it is."""
        return [self.by_heading.get(with_right_letters(name).casefold(), name) for name in map(trimmed, table.header)]

    def header_faults(self, names: Sequence[str], row: int) -> Faults:
        """What is wrong with the columns of a table."""
        return Faults(self._header_faults(names, row), most=MOST_HEADER_FAULTS)

    def _header_faults(self, names: Sequence[str], row: int) -> Iterator[Fault]:
        suggest = Suggester(self.names)
        for name in filter(None, dict.fromkeys(names)):
            if name not in self.by_heading.values():
                context = {"name": name[:60], "known": ", ".join(self.names)}
                near = suggest(name)
                yield Fault(COLUMN_UNKNOWN, context, row=row, column=name[:60], suggestion=near)
        for name, times in sorted(Counter(names).items()):
            if times > 1 and name:
                yield Fault(COLUMN_REPEATED, {"name": name[:60]}, row=row, column=name[:60])
        for name in self.required:
            if name not in names:
                yield Fault(COLUMN_MISSING, {"name": name}, row=row, column=name)

    def records(self, table: TableInput, names: Sequence[str]) -> Iterator[tuple[int, dict[str, object] | Fault]]:
        """The rows, each with its number: the fields that it states, or why it cannot be read."""
        for number, cells in table.rows:
            yield number, cells if isinstance(cells, Fault) else self._record(names, cells)

    def _record(self, names: Sequence[str], cells: Sequence[object]) -> dict[str, object] | Fault:
        said: dict[str, object] = {}
        for name, cell in zip(names, cells, strict=True):
            if isinstance(cell, Fault):
                return cell
            if name:
                said[name] = self._value(name, cell)
            elif not says_nothing(cell):  # columns without a heading are those that a program wrote too many
                return Fault(OUTSIDE, {"value": str(cell)[:100]})
        return {name: value for name, value in said.items() if value is not None or name not in self.never_null}

    def _value(self, name: str, cell: object) -> object:
        """What a cell says: None for a blank, days as text, percentages as they are shown.

        A moment is a day only at midnight, which is how a workbook keeps days.
        """
        if isinstance(cell, datetime) and cell.time() == time():
            return cell.date().isoformat()
        if isinstance(cell, date):
            return cell.isoformat()
        if isinstance(cell, Fraction):
            return with_leading_zero(format(Decimal(cell.numerator * 100) / Decimal(cell.denominator), "f")) + "%"
        if name in self.figures and isinstance(cell, int | Decimal) and not isinstance(cell, bool):
            return cell
        text = "" if cell is None else str(cell).strip()
        if name in self.whole and WHOLE.fullmatch(trimmed(text)):
            return int(trimmed(text))
        return text if trimmed(text) else None
