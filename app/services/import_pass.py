"""One reading of a file, chunk by chunk: lines read, checked, weighed and written, in memory that does not grow.

Nothing is known at first of figures that stand in the file more than once. So the first pass writes as if there were
none; where there were some all the same, its writing is undone, and a second pass sets their lines aside until the
whole file is known: some are duplicates, others observations of one figure, to be weighed in their order.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice

from app.domain.intake.line import Line, Reading, rate_warning, read_line
from app.domain.intake.quick_line import QuickReader
from app.domain.intake.repeats import Seen
from app.domain.intake.weighing import Key, bare_key, key_of
from app.domain.place import Place
from app.errors import Fault
from app.services.import_checks import Checks, duplicate_fault
from app.services.import_findings import FURTHER_ERRORS, FURTHER_WARNINGS, Findings, Order
from app.services.import_taking import Taking
from app.services.set_aside import Aside, SetAside

CHUNK = 20_000
"""Rows that are held at once."""

Rows = Iterable[tuple[Place, object]]


@dataclass(slots=True)
class Tally:
    """What a pass found; `rejected` counts the rows that have an error."""

    rows: int = 0
    rejected: int = 0
    errors: Findings = field(default_factory=lambda: Findings("further_errors", FURTHER_ERRORS))
    warnings: Findings = field(default_factory=lambda: Findings("further_warnings", FURTHER_WARNINGS))


class Pass:
    """One reading; `repeated` are the hashes of the keys whose lines are set aside."""

    def __init__(
        self, reading: Reading, checks: Checks, taking: Taking, repeated: frozenset[int], *, skip: bool
    ) -> None:
        self.reading, self.checks, self.taking, self.repeated, self.skip = reading, checks, taking, repeated, skip
        self.quick = QuickReader(reading)
        self.tally, self.seen = Tally(), Seen()
        self.aside = SetAside(len(repeated))

    def run(self, rows: Rows) -> Tally:
        """Read the file. From the first fault on nothing more is written, unless `skip` was asked for."""
        with self.aside, _few_collections() as collect:
            left = iter(rows)
            for number in count():
                before = self.tally.rows
                lines = self._read(number, islice(left, CHUNK))
                self._take(self._judge(number, lines))
                if self.tally.rows == before:
                    break
                del lines
                collect()
            for group in self.aside.groups():
                self._take(self._tell_apart(group))
        return self.tally

    def _read(self, number: int, rows: Rows) -> list[Line]:
        lines, index = [], -1
        for index, (place, raw) in enumerate(rows):
            line = self.quick(raw, place) or read_line(raw, place, self.reading)
            if isinstance(line, Line):
                lines.append(line)
            else:
                self._reject(Order(number, False, index), line)
        self.tally.rows += index + 1
        return lines

    def _judge(self, number: int, lines: list[Line]) -> list[Line]:
        """The lines that may be stored at once, their units by their codes."""
        self.checks.learn(lines)
        unit_of, good, aside, keys = self.checks.unit_of, list[Line](), list[Aside](), list[Key]()
        for index, line in enumerate(lines):
            unit = unit_of(line)
            if unit is None:
                self._reject(Order(number, True, index), self.checks.faults_of(line))
                key = self.checks.key(line)
                keys.append(key)
                if self._is_repeated(key):
                    aside.append(Aside(Order(number, True, index), key, line, fit=False))
                continue
            if unit != line.unit:
                line = line._replace(unit=unit)
            if self.repeated and self._is_repeated(bare_key(line)):
                aside.append(Aside(Order(number, True, index), key_of(line), line, fit=True))
                continue
            if line.value is not None and line.denominator is not None:
                self._warn(Order(number, True, index), line)
            good.append(line)
        if self.repeated:
            self.aside.put(aside)
        else:
            self.seen.add(keys)
            self.seen.add(map(bare_key, good))
        return good

    def _tell_apart(self, group: list[Aside]) -> list[Line]:
        """Of lines with repeated keys those that may be stored: the others are duplicates of one observation."""
        times = Counter((each.key, each.line.observed_at) for each in group)
        good = []
        for order, key, line, fit in group:
            if times[key, line.observed_at] > 1:
                self.tally.errors.add(order, [duplicate_fault(line, key)])
                self.tally.rejected += fit
            elif fit:
                self._warn(order, line)
                good.append(line)
        return good

    def _is_repeated(self, key: tuple[str, ...]) -> bool:
        return hash(key) in self.repeated

    def _take(self, lines: list[Line]) -> None:
        if lines and (self.skip or not self.tally.errors.count):
            self.taking.take(lines)

    def _reject(self, order: Order, faults: list[Fault]) -> None:
        self.tally.errors.add(order, faults)
        self.tally.rejected += 1

    def _warn(self, order: Order, line: Line) -> None:
        warning = rate_warning(line)
        if warning is not None:
            self.tally.warnings.add(order, [warning])


@contextmanager
def _few_collections() -> Iterator[Callable[[], object]]:
    """Collect garbage when asked to: else every chunk's tuples are walked again and again, for a third of the time.

    What lives already is left out of it, so that a collection costs next to nothing.
    """
    enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield gc.collect
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()
