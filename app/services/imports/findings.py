"""What an import finds wrong or odd: named in the order of the file, and bounded in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from app.errors import Fault, Text

MOST = 100_000
"""So many are named; what is beyond is counted, and the count stands at the end of the list."""

FURTHER_ERRORS = Text(
    "{count} further thing(s) must be mended; only the first {most} are named.",
    "Còn {count} chỗ khác cần sửa; chỉ liệt kê {most} chỗ đầu tiên.",
)
FURTHER_WARNINGS = Text(
    "{count} further warning(s); only the first {most} are named.",
    "Còn {count} cảnh báo khác; chỉ liệt kê {most} cảnh báo đầu tiên.",
)


class Order(NamedTuple):
    """Where in a file something is found: which line of which chunk."""

    chunk: int
    line: int


@dataclass(slots=True)
class Findings:
    """Faults with their places in the file; `count` is that of all, named or not."""

    code: str
    further: Text
    count: int = 0
    found: list[tuple[Order, Fault]] = field(default_factory=list)

    def add(self, order: Order, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.count += 1
            if len(self.found) < MOST:
                self.found.append((order, fault))

    @property
    def beyond(self) -> int:
        """How many are counted and not named."""
        return self.count - len(self.found)

    def listed(self) -> list[Fault]:
        """Every finding in the order of the file; where there are more than are named, the last one says so."""
        listed = list(_once(fault for _, fault in sorted(self.found, key=itemgetter(0))))
        beyond = self.beyond
        if beyond:
            listed.append(Fault(self.code, self.further, {"count": beyond, "most": MOST}))
        return listed


def _once(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Each fault of a cell once: a wrong unit in a wide row costs every figure of the row, but is one thing to mend."""
    told: set[tuple[int | str | None, str | None, str, str | None]] = set()
    for fault in faults:
        if fault.row is not None or fault.pointer:
            place = (fault.pointer if fault.row is None else fault.row, fault.column, fault.code, fault.value)
            if place in told:
                continue
            told.add(place)
        yield fault
