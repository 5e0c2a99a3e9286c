"""One reading of a file, chunk by chunk: lines read, checked, merged and written, in memory that does not grow.

Nothing is known at first of figures that stand in the file more than once. So the first pass writes as if there were
none; where there were some all the same, its writing is undone, and a second pass sets their lines aside until the
whole file is known: some are duplicates, others observations of one figure, to be merged in their order.
"""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import itemgetter
from threading import Lock
from typing import cast

from app.domain.input_location import InputLocation
from app.domain.intake.fast_path import FastRowReader
from app.domain.intake.import_row import ImportedRow, RowFaults, RowReadOptions, read_row
from app.domain.intake.left_out import is_total
from app.domain.intake.merge import FigureKey, bare_key
from app.domain.intake.row_warnings import warnings_of, with_right_note
from app.domain.intake.text_columns import RowBlock
from app.errors import Fault
from app.services.imports.fault_log import FaultLog, RowOrder, as_warnings
from app.services.imports.fractional_rates import FractionalRates
from app.services.imports.limits import USUAL, ImportLimits
from app.services.imports.repeated_figures import SeenKeys, SpilledRow, SpilledRows
from app.services.imports.row_checks import Pair, RowChecker, duplicate_fault, early_warning, make_room
from app.services.imports.total_rows import TotalRows
from app.services.imports.unfilled_rows import UnfilledRows
from app.services.imports.writer import ImportWriter

WHOLE = 10_000
"""One, as figures are kept."""

OBJECTS_BETWEEN_COLLECTIONS = 500_000
"""More than a chunk makes and lets go again."""

Row = tuple[InputLocation, object]
"""A loose row with its place."""
Rows = Iterable[RowBlock | Row]
HEAD = itemgetter(*map(ImportedRow._fields.index, ("unit", "period", "source")))
"""What the judgement of a line depends on."""
Read = ImportedRow | RowFaults


@dataclass(slots=True)
class PassResult:
    """What a pass found; `rejected` counts the rows that have an error, `untold` those that do not say of which figure
    they are.
    """

    rows: int = 0
    rejected: int = 0
    untold: int = 0
    unfilled: UnfilledRows = field(default_factory=UnfilledRows)
    totals: TotalRows = field(default_factory=TotalRows)
    errors: FaultLog = field(default_factory=FaultLog)
    warnings: FaultLog = field(default_factory=lambda: FaultLog(as_warnings()))


class ImportPass:
    """One reading; `repeated` are the hashes of the keys whose lines are set aside, `unclear` the indicators whose
    stated rates are refused, because they look like fractions.
    """

    def __init__(
        self,
        reading: RowReadOptions,
        checks: RowChecker,
        writer: ImportWriter,
        repeated: frozenset[int],
        *,
        skip: bool,
        unclear: frozenset[str] = frozenset(),
        limits: ImportLimits = USUAL,
    ) -> None:
        self.reading, self.checks, self.writer, self.repeated, self.skip = reading, checks, writer, repeated, skip
        self.quick = FastRowReader(reading)
        self.limits = limits
        self.unclear, self.fractional = unclear, FractionalRates(reading)
        self.tally, self.seen = PassResult(), SeenKeys(limits.hash_key)
        self.aside = SpilledRows(len(repeated), limits.figures)
        self.early = set[str]()
        self.warned_of = set[Pair]()

    def run(self, rows: Rows) -> PassResult:
        """Read the file. From the first fault on nothing more is written, unless `skip` was asked for."""
        with self.aside, SELDOM_COLLECTED:
            for number, chunk in enumerate(_chunks(rows, self.limits.rows)):
                self._take(self._judge(number, self._read(chunk)))
            for group in self.aside.groups():
                self._take(self._split_repeated(group))
        for order, fault in self.fractional.errors():
            self.tally.errors.add_of_many(order, fault)
        for order, fault in self.fractional.warnings():
            self.tally.warnings.add_of_many(order, fault)
        return self.tally

    def _read(self, chunk: RowBlock | Iterable[Row]) -> Sequence[Read]:
        if isinstance(chunk, RowBlock):
            return self._read_block(chunk)
        return [read_row(raw, place, self.reading) for place, raw in chunk]

    def _read_block(self, block: RowBlock) -> Sequence[Read]:
        """What a block holds, in the order of its rows."""
        if len(block.texts) == 1 and not block.unfilled and not block.loose:
            return self.quick(block.texts[0])
        loose = ((place.row or 0, read_row(raw, place, self.reading)) for place, raw in block.loose)
        placed: list[tuple[int, Read]] = list(loose)
        for texts in block.texts:
            placed += zip(texts.numbers, self.quick(texts), strict=True)
        if block.unfilled:
            placed += zip(block.unfilled.numbers, self.quick.unfilled(block.unfilled), strict=True)
        return [read for _, read in sorted(placed, key=itemgetter(0))]

    def _judge(self, number: int, read: Sequence[Read]) -> list[ImportedRow]:
        """The lines that may be stored at once, their units by their codes."""
        lines = [each for each in read if isinstance(each, ImportedRow)]
        alike = list(dict(zip(map(HEAD, lines), lines, strict=True)).values())
        partly = [each.about for each in read if isinstance(each, RowFaults) and each.about]
        self.checks.learn([*alike, *partly])
        if totals := self._totals((*alike, *partly)):
            read = [each for each in read if not self._is_total(totals, each)]
            lines, alike = ([each for each in found if each.unit not in totals] for found in (lines, alike))
        if len(lines) < len(read):
            read = [each for place, each in enumerate(read) if not self._is_left_out(RowOrder(number, place), each)]
        self.tally.rows += len(read)
        self.fractional.add(number, read)
        self._warn_of_early(RowOrder(number, 0), alike)
        self._warn_of_cut_off(RowOrder(number, 0), alike)
        as_they_are = not (self.repeated or self.unclear or len(lines) < len(read))
        if not as_they_are or not all(self.checks.unit_of(line) == line.unit for line in alike):
            return self._judge_each(number, read)
        for index, line in enumerate(lines):
            if line.value is not None or line.note or (line.numerator or 0) % WHOLE or (line.denominator or 0) % WHOLE:
                self._warn(RowOrder(number, index), line)
        self.seen.add(map(bare_key, lines))
        return lines

    def _totals(self, lines: Iterable[ImportedRow]) -> set[str]:
        """What stands in the place of units and labels totals; a unit that is called so is none."""
        return {line.unit for line in lines if is_total(line.unit) and line.unit not in self.checks.codes}

    def _is_total(self, totals: set[str], each: Read) -> bool:
        """Whether a row states a total; one without a figure is told with the others that state none."""
        about = each if isinstance(each, ImportedRow) else None if each.is_unfilled else each.about
        if about is None or about.unit not in totals:
            return False
        self.tally.totals.add(about.place)
        return True

    def _is_left_out(self, order: RowOrder, each: Read) -> bool:
        """Whether a row states no figure.

        What is wrong with what it names is a warning, for nothing is lost by it: it may be a total, a signature, or a
        unit that a form lists and that has ended.
        """
        if isinstance(each, ImportedRow) or not each.is_unfilled or each.about is None:
            return False
        self.tally.warnings.add(order, [*each, *self.checks.faults_of(each.about)])
        self.tally.unfilled.add(each.about)
        return True

    def _judge_each(self, number: int, read: Sequence[Read]) -> list[ImportedRow]:
        good, aside, keys = list[ImportedRow](), list[SpilledRow](), list[FigureKey]()
        for index, each in enumerate(read):
            order = RowOrder(number, index)
            line = self._fit(order, each)
            about = each if isinstance(each, ImportedRow) else each.about if each.is_whole else None
            if about is None:
                continue
            key = self.checks.key(about)
            keys.append(key)
            if self.limits.hash_key(key) in self.repeated:
                aside.append(SpilledRow(order, key, line or about, fit=line is not None))
            elif line is not None:
                self._warn(order, line)
                good.append(line)
        if self.repeated:
            self.aside.put(aside)
        else:
            self.seen.add(keys)
        return good

    def _warn_of_early(self, order: RowOrder, lines: Sequence[ImportedRow]) -> None:
        """Tell of each period that has not begun once, with one of its lines."""
        early = {line.period: line for line in reversed(lines) if self.checks.is_early(line.period)}
        for period in early.keys() - self.early:
            self.tally.warnings.add(order, [early_warning(early[period])])
        self.early |= early.keys()

    def _warn_of_cut_off(self, order: RowOrder, lines: Sequence[ImportedRow]) -> None:
        """Tell once of each unit and period of which no board further above is fed, with one of its lines.

        Beyond the pairs that are remembered one may be reported again.
        """
        for line in lines:
            pair = line.unit, line.period
            if pair not in self.warned_of and (warning := self.checks.cut_off_warning(line)):
                make_room(self.warned_of, self.limits.pairs)
                self.warned_of.add(pair)
                self.tally.warnings.add(order, [warning])

    def _fit(self, order: RowOrder, each: Read) -> ImportedRow | None:
        """A line that may be stored, its unit by its code; else all that is wrong with it is named."""
        if isinstance(each, RowFaults):
            self._reject(order, [*each, *(self.checks.faults_of(each.about) if each.about else ())])
            about = each.about if each.is_whole else None
            self.tally.untold += about is None or not self.checks.is_told(about)
            return None
        unit = self.checks.unit_of(each)
        if unit is None or (each.value is not None and each.indicator in self.unclear):
            self._reject(order, self.checks.faults_of(each))  # that a rate is unclear is said once, of all of them
            self.tally.untold += not self.checks.is_told(each)
            return None
        return each if unit == each.unit else each._replace(unit=unit)

    def _split_repeated(self, group: list[SpilledRow]) -> list[ImportedRow]:
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

    def _take(self, lines: list[ImportedRow]) -> None:
        if lines and (self.skip or not self.tally.errors.count):
            self.writer.write(list(map(with_right_note, lines)), whole=bool(self.repeated))
        else:
            self.writer.keep_alive()

    def _reject(self, order: RowOrder, faults: list[Fault]) -> None:
        self.tally.errors.add(order, faults)
        self.tally.rejected += 1

    def _warn(self, order: RowOrder, line: ImportedRow) -> None:
        self.tally.warnings.add(order, warnings_of(line))


def _chunks(rows: Rows, size: int) -> Iterator[RowBlock | Iterable[Row]]:
    """Blocks as they are, loose rows in handfuls; whatever is given must be read before the next is asked for."""
    left = iter(rows)
    for first in left:
        if isinstance(first, RowBlock):
            yield first
        else:
            yield cast(Iterable[Row], chain([first], islice(left, size - 1)))  # a file has one or the other


class SeldomCollected:
    """Collects garbage more seldom while a file is read: else every block's lines are walked again and again.

    That takes a third of the time. The collector stays on, for whatever else the process does meanwhile. Files may be
    read side by side: the first to begin sets it, the last to end sets it back.
    """

    def __init__(self) -> None:
        self.lock, self.entries, self.usual = Lock(), 0, gc.get_threshold()

    def __enter__(self) -> None:
        with self.lock:
            self.entries += 1
            if self.entries == 1:
                self.usual = gc.get_threshold()
                gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.entries -= 1
            if not self.entries:
                gc.set_threshold(*self.usual)


SELDOM_COLLECTED = SeldomCollected()
"""One for the process, as its collector is."""
