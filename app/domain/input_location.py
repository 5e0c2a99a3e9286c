"""Where something stands in what was sent: a JSON pointer, or a row of a table; and faults put to their places."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.errors import AppError, ErrorCode, Fault


@dataclass(frozen=True, slots=True)
class HeaderColumns:
    """Where the fields of a row stand: under which header or key, and in a workbook under which letters.

    `prefix` is the sheet as formulas name it, `Sheet1!`; a field that the table does not have keeps its own name.
    `is_export`: the table says when its figures became known, as only the service's own exports do.
    """

    headers: Mapping[str, str]
    letters: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    is_export: bool = False


NAMED = HeaderColumns({})
"""Where every field stands under its own name."""


class InputLocation(NamedTuple):
    """A record: item `pointer` of a JSON body, or `row` of a table as a spreadsheet shows it.

    `columns` are given where headers or keys are not the names of the fields, `pointers` where the fields of
    the record do not stand below its pointer. (A tuple, because there is one for each of a million rows.)
    """

    pointer: str = ""
    row: int | None = None
    columns: HeaderColumns | None = None
    pointers: Mapping[str, str] | None = None

    def fault(
        self,
        error_code: ErrorCode,
        field: str,
        context: Mapping[str, object],
        *,
        value: str | None = None,
        suggestion: str | None = None,
    ) -> Fault:
        """A fault of one field of the record."""
        return self.at(field, Fault(error_code, context, value=value, suggestion=suggestion))

    def at(self, field: str, fault: Fault) -> Fault:
        """A fault found without knowing its place, put to a field of the record."""
        if self.pointers is not None:
            return replace(fault, pointer=self.pointers.get(field, self.pointer))
        columns = self.columns or NAMED
        name = columns.headers.get(field, field)
        if self.row is None:
            return replace(fault, pointer=f"{self.pointer}/{name}" if name else self.pointer)
        found = replace(fault, pointer=None, row=self.row, column=name or None)
        letters = columns.letters.get(field)
        return replace(found, cell=f"{columns.prefix}{letters}{self.row}") if letters else found


@dataclass(frozen=True, slots=True)
class UnreadableFigure:
    """A figure whose row or cells cannot be read. A fault that costs several figures is named with the first."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class RowWithoutFigure:
    """A wide row in which every figure is empty, though it names something: its shared fields."""

    fields: Mapping[str, object]


@contextmanager
def relocated(place: Callable[[Fault], Fault]) -> Iterator[None]:
    """Put the faults of what is raised inside to where they stand in the request, which its reader does not know."""
    try:
        yield
    except AppError as error:
        error.faults = list(map(place, error.faults))
        raise


def located(*, parameter: str | None = None, pointer: str | None = None) -> AbstractContextManager[None]:
    """Put all faults to one place, a parameter or a pointer, instead of the one that they have."""
    return relocated(lambda fault: replace(fault, parameter=parameter, pointer=pointer))
