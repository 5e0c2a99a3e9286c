"""Where something stands in what was sent: a JSON pointer, or a row of a table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.errors import Fault, Text


@dataclass(frozen=True, slots=True)
class Place:
    """A record: item `pointer` of a JSON body, or `row` of a table as a spreadsheet shows it."""

    pointer: str = ""
    row: int | None = None

    def fault(
        self,
        code: str,
        text: Text,
        field: str,
        context: Mapping[str, object],
        *,
        value: str | None = None,
        suggestion: str | None = None,
    ) -> Fault:
        """A fault of one field of the record."""
        return self.at(field, Fault(code, text, context, value=value, suggestion=suggestion))

    def at(self, field: str, fault: Fault) -> Fault:
        """A fault found without knowing its place, put to a field of the record."""
        if self.row is not None:
            return replace(fault, pointer=None, row=self.row, column=field)
        return replace(fault, pointer=f"{self.pointer}/{field}" if field else self.pointer)
