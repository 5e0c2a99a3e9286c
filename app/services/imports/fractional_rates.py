"""Rates of a file that look like fractions: 0,924 may mean 92.4 % or 0.924 %, and only who wrote it knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.figures import SCALE
from app.domain.input_location import InputLocation
from app.domain.intake.import_row import ImportedRow, RowFaults, RowReadOptions
from app.domain.intake.row_figures import plain
from app.domain.rates import fits
from app.errors import ErrorCode, Fault, Text
from app.services.imports.fault_log import RowOrder

ENOUGH = 3
"""So many rates below 1 % of one indicator are no chance."""
MOST_NAMED = 5

LOOKS_LIKE_FRACTION = ErrorCode(
    "rate_looks_like_fraction",
    "{count} rate(s) of {indicator} ({places}), all between 0 and 1 and without a percent sign: does `{value}` mean "
    "{value}% or {share}%? Send the file again with `fractions=yes` (parts of 1, which are multiplied by 100) or "
    "`fractions=no` (percentages as they stand), or write percent signs.",
    "{count} tỷ lệ của {indicator} ({places}) nằm từ 0 đến 1 và không có dấu %: `{value}` là {value}% hay "
    "{share}%? Hãy gửi lại tệp với `fractions=yes` (ghi theo phần của 1, sẽ nhân với 100) hoặc `fractions=no` (đã là "
    "phần trăm), hoặc ghi kèm dấu %.",
)


@dataclass(slots=True)
class SuspectRates:
    """The stated rates of one indicator, as long as none of them is more than 1 or surely a percentage.

    `example` is the first that is neither 0 nor 1, with its line.
    """

    order: RowOrder
    count: int = 0
    first: list[InputLocation] = field(default_factory=list)
    example: ImportedRow | None = None

    def add(self, line: ImportedRow) -> None:
        self.count += 1
        if len(self.first) < MOST_NAMED:
            self.first.append(line.place)
        if self.example is None and line.value not in (0, SCALE):
            self.example = line

    def fault(self, example: ImportedRow) -> Fault:
        value = plain(example.value or 0)
        context = {
            "count": self.count,
            "indicator": example.indicator,
            "places": _listed(self.first, self.count),
            "value": _in_both(value),
            "share": _in_both(plain((example.value or 0) * 100)),
        }
        return example.place.fault(LOOKS_LIKE_FRACTION, "value", context, value=value)


class FractionalRates:
    """The indicators of a file whose rates look like fractions; of none where it was said what they are."""

    def __init__(self, reading: RowReadOptions) -> None:
        self.kinds, self.fractions = reading.kinds, reading.fractions
        self.found: dict[str, SuspectRates] = {}
        self.cleared = set[str]()
        """Those of which it is certain: most are after their first rate."""
        self.signed = set[str]()
        """Those of which some rates have a percent sign: the others are only warned of."""

    def add(self, chunk: int, read: Sequence[ImportedRow | RowFaults]) -> None:
        """Look at the rates of a chunk, also of rows that are refused for something else."""
        if self.fractions is not None:
            return
        for place, each in enumerate(read):
            line = each if isinstance(each, ImportedRow) else each.about
            if line is not None and line.value is not None and line.indicator not in self.cleared:
                self._add(RowOrder(chunk, place), line)

    def _add(self, order: RowOrder, line: ImportedRow) -> None:
        if line.percent:
            self.signed.add(line.indicator)
        elif self.kinds.get(line.indicator) != "ratio" or _is_percentage(line):
            self.cleared.add(line.indicator)
            self.found.pop(line.indicator, None)
        else:
            self.found.setdefault(line.indicator, SuspectRates(order)).add(line)

    def refused(self) -> frozenset[str]:
        """The indicators with so many of them that their rates cannot be taken."""
        several = (code for code, rates in self.found.items() if rates.example and rates.count >= ENOUGH)
        return frozenset(several) - self.signed

    def errors(self) -> Iterator[tuple[RowOrder, Fault]]:
        """`rate_looks_like_fraction`, one for each of these."""
        refused = self.refused()
        return (found for code, found in self._faults() if code in refused)

    def warnings(self) -> Iterator[tuple[RowOrder, Fault]]:
        """The same of those with fewer, or beside rates with a percent sign."""
        refused = self.refused()
        return (found for code, found in self._faults() if code not in refused)

    def _faults(self) -> Iterator[tuple[str, tuple[RowOrder, Fault]]]:
        for code, rates in self.found.items():
            if rates.example is not None:
                yield code, (rates.order, rates.fault(rates.example))


def _is_percentage(line: ImportedRow) -> bool:
    """Whether a rate without a sign is no fraction: by its size, or the counts that it fits."""
    value, decimals = line.value or 0, line.decimals or 0
    if not 0 <= value <= SCALE:
        return True
    return line.numerator is not None and value > 0 and fits(value, line.numerator, line.denominator, decimals)


def _in_both(number: str) -> Text:
    """A number as each language writes it."""
    return Text(number, number.replace(".", ","))


def _listed(places: Sequence[InputLocation], count: int) -> Text:
    """The first rows of an indicator, or the pointers of its records."""
    names = ", ".join(dict.fromkeys(str(place.row) if place.row is not None else place.pointer for place in places))
    names += ", …" * (count > len(places))
    if places[0].row is None:
        return Text(names, names)
    return Text(f"rows {names}", f"dòng {names}")
