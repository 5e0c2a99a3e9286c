"""What an import finds wrong or odd: named in the order of the file, and bounded in memory."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from app.errors import FURTHER_WARNINGS, Fault, Faults

PLACES_HELD = 10_000
"""So many places of faults are remembered: more than those of the widest row."""


class RowOrder(NamedTuple):
    """Where in a file something is found: which line of which chunk."""

    chunk: int
    line: int


def as_warnings(found: Iterable[Fault] = ()) -> Faults:
    """What is odd, and refused for all that not."""
    return Faults(found, FURTHER_WARNINGS)


@dataclass(slots=True)
class FaultLog:
    """Faults with their places in the file; what is found at one place several times counts once."""

    faults: Faults = field(default_factory=Faults)
    orders: list[RowOrder] = field(default_factory=list)
    places: OrderedDict[tuple[object, ...], None] = field(default_factory=OrderedDict)

    def add(self, order: RowOrder, faults: Iterable[Fault]) -> None:
        for fault in faults:
            if self._is_new(fault):
                if not self.faults.is_full:
                    self.orders.append(order)
                self.faults.add(fault)

    def add_of_many(self, order: RowOrder, fault: Fault) -> None:
        """Add what concerns many rows: it is named however many others there are, if need be in the place of one."""
        if self.faults.is_full:
            self.orders.pop()
            self.faults.named.pop()
        self.orders.append(order)
        self.faults.add(fault)

    @property
    def count(self) -> int:
        """How many there are, named or not."""
        return self.faults.count

    def listed(self) -> Faults:
        """The findings in the order of the file."""
        placed = sorted(zip(self.orders, self.faults.named, strict=True), key=itemgetter(0))
        self.orders, self.faults.named = [order for order, _ in placed], [fault for _, fault in placed]
        return self.faults

    def _is_new(self, fault: Fault) -> bool:
        """A wrong unit in a wide row costs every figure of the row, but is one thing to mend."""
        if fault.row is None and not fault.pointer:
            return True
        place = (fault.pointer if fault.row is None else fault.row, fault.column, fault.code, fault.value, fault.cell)
        if place in self.places:
            return False
        self.places[place] = None
        if len(self.places) > PLACES_HELD:
            self.places.popitem(last=False)
        return True
