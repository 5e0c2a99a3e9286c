"""Rows of texts read column by column, in about a microsecond a row; what needs a closer look is left to `read_row`.

Files repeat themselves: a million rows hold a few hundred periods, indicators and sources, and the same units over and
over. So what was made of a text is remembered. A quick reading of a row is the one that `read_row` gives, or
`read_row` reads it.
"""

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Generic, TypeVar

from app.domain.booleans import read_flag
from app.domain.characters import trimmed
from app.domain.figure_parser import Spelling, read_figure, read_share
from app.domain.input_location import InputLocation, RowWithoutFigure
from app.domain.intake.import_row import (
    ImportedRow,
    RowFaults,
    RowReadOptions,
    as_code,
    read_moment,
    read_row,
    unfilled_row,
)
from app.domain.intake.row_figures import PERCENT, IndicatorKind
from app.domain.intake.row_texts import read_text
from app.domain.intake.text_columns import FigureTexts
from app.errors import Fault

MOST = 100_000
MOST_NOTES = 1_000
"""How many texts of one sort are remembered from block to block; then the memory begins anew."""

NOWHERE = InputLocation()
NOTHING = (None,)
LONGEST_PLAIN = 10
StatedValue = tuple[int | None, int | None, bool]
"""A figure ×10⁴, its decimals, and whether it has a percent sign."""
NO_VALUE: StatedValue = None, None, False
Known = TypeVar("Known", str, tuple[str, str])
Made = TypeVar("Made")


class NeedsFullReader(Exception):  # noqa: N818 - not an error: the row is read with more care
    """The text takes a closer look."""


class MemoDict(dict[Known, Made], Generic[Known, Made]):
    """What a function made of the texts that it has seen; `blank` of those on which it raised Unfit."""

    def __init__(self, make: Callable[[Known], Made], blank: Made, most: int) -> None:
        super().__init__()
        self.make: Callable[[Known], Made] = make
        self.blank, self.most = blank, most
        self.unfit: set[Known] = set()

    def __missing__(self, text: Known) -> Made:
        made: Made = self.blank
        try:
            made = self.make(text)
        except NeedsFullReader:
            self.unfit.add(text)
        self[text] = made
        return made

    def column(self, texts: Sequence[Known], bad: set[int]) -> list[Made]:
        """What is made of every text; the indexes of those that are unfit are added to `bad`."""
        if len(self) > self.most:
            self.clear()
            self.unfit.clear()
        made = list(map(self.__getitem__, texts))
        if self.unfit and not self.unfit.isdisjoint(texts):
            bad.update(index for index, text in enumerate(texts) if text in self.unfit)
        return made


class FastRowReader:
    """Reads rows of texts as `read_row` would, under one `RowReadOptions`."""

    def __init__(self, reading: RowReadOptions, *, most: int = MOST) -> None:
        self.reading = reading
        self.spelling: Spelling = reading.locale
        self.units = MemoDict(lambda text: _needed(_text("unit", text)), "", most)
        self.periods = MemoDict(lambda text: _needed(as_code(_text("period", text)) or reading.period), "", most)
        self.indicators = MemoDict(self._indicator, "", most)
        self.sources = MemoDict(lambda text: _text("source", text) or reading.source, "", most)
        self.moments = MemoDict(self._moment, None, most)
        self.notes = MemoDict(lambda text: _text("note", text), None, MOST_NOTES)
        self.retractions = MemoDict(_retraction, False, most)
        self.counts = MemoDict(self._count, None, most)
        self.values: MemoDict[tuple[str, str], StatedValue] = MemoDict(self._value, NO_VALUE, most)

    def __call__(self, texts: FigureTexts) -> list[ImportedRow | RowFaults]:
        """The lines of the rows; where one cannot be read, all that is wrong with it."""
        bad, rows = set[int](), len(texts.numbers)
        self.spelling = self.reading.spelling(texts.figure.columns)  # the same for all rows of a file
        indicators = self.indicators.column(texts.column("indicator"), bad)
        kinds: list[IndicatorKind] = [self.reading.kinds.get(code, "ratio") for code in indicators]
        above, below = (self._counts(texts.column(name), bad) for name in ("numerator", "denominator"))
        values, decimals, percents = self._values(kinds, texts.column("value"), bad)
        if texts.figure.columns.is_export:
            percents = (True,) * rows
        self.retractions.column(texts.column("retract"), bad)
        places = zip(repeat(""), texts.numbers, repeat(texts.figure.columns), repeat(None))
        fields = (
            map(tuple.__new__, repeat(InputLocation), places),
            self.periods.column(texts.column("period"), bad),
            self.units.column(texts.column("unit"), bad),
            indicators,
            self.sources.column(texts.column("source"), bad),
            above,
            below,
            values,
            decimals,
            self.moments.column(texts.column("observed_at"), bad),
            self.notes.column(texts.column("note"), bad),
            repeat(False, rows),
            percents,
        )
        bad.update(_misfits(above, below, values, kinds))
        read: list[ImportedRow | RowFaults] = list(map(tuple.__new__, repeat(ImportedRow), zip(*fields, strict=True)))
        for index in bad:
            read[index] = read_row(texts.raw(index), texts.place(index), self.reading)
        return read

    def unfilled(self, texts: FigureTexts) -> list[ImportedRow | RowFaults]:
        """The same of wide rows in which every figure is empty."""
        bad = set[int]()
        columns = (
            self.periods.column(texts.column("period"), bad),
            self.units.column(texts.column("unit"), bad),
            self.sources.column(texts.column("source"), bad),
            self.moments.column(texts.column("observed_at"), bad),
            self.notes.column(texts.column("note"), bad),
        )
        fields = enumerate(zip(*columns, strict=True))
        read: list[ImportedRow | RowFaults] = [
            unfilled_row(ImportedRow(texts.place(index), period, unit, "", source, observed_at=moment, note=note))
            for index, (period, unit, source, moment, note) in fields
        ]
        for index in bad:
            read[index] = read_row(RowWithoutFigure(texts.raw(index)), texts.place(index), self.reading)
        return read

    def _indicator(self, text: str) -> str:
        code = _text("indicator", text)
        if code not in self.reading.kinds:
            raise NeedsFullReader
        return str(code)

    def _moment(self, text: str) -> int | None:
        faults: list[Fault] = []
        moment = read_moment(text, NOWHERE, faults)
        if faults or (moment is not None and moment > self.reading.present):
            raise NeedsFullReader
        return moment

    def _counts(self, texts: Sequence[str], bad: set[int]) -> Sequence[int | None]:
        lengths = set(map(len, texts))
        if 0 not in lengths and max(lengths, default=0) <= LONGEST_PLAIN and _is_plain("".join(texts)):
            return [number * 10_000 for number in map(int, texts)]
        return self.counts.column(texts, bad)

    def _values(
        self, kinds: Sequence[IndicatorKind], texts: Sequence[str], bad: set[int]
    ) -> tuple[Sequence[int | None], Sequence[int | None], Sequence[bool]]:
        """The stated figures, their decimals, and whether they have a percent sign."""
        if not any(texts):
            return NOTHING * len(texts), NOTHING * len(texts), (False,) * len(texts)
        read = self.values.column(list(zip(kinds, texts, strict=True)), bad)
        return [value for value, _, _ in read], [decimals for _, decimals, _ in read], [sign for _, _, sign in read]

    def _count(self, text: str) -> int | None:
        scaled, _, percent = _figure(text, self.spelling, count=True)
        if percent or (scaled or 0) < 0:
            raise NeedsFullReader
        return scaled

    def _value(self, kind_and_text: tuple[str, str]) -> StatedValue:
        kind, text = kind_and_text
        share = kind == "ratio" and self.reading.fractions == "yes"
        scaled, decimals, percent = _figure(text, self.spelling, count=kind == "count", share=share)
        if scaled is None:
            return NO_VALUE
        if (percent and kind != "ratio") or (kind != "number" and scaled < 0):
            raise NeedsFullReader
        if (kind == "ratio" and scaled > PERCENT) or (kind == "count" and scaled % 10_000):
            raise NeedsFullReader
        return scaled, decimals, percent


def _misfits(
    above: Sequence[int | None],
    below: Sequence[int | None],
    values: Sequence[int | None],
    kinds: Sequence[IndicatorKind],
) -> list[int]:
    """The rows that state neither counts which fit each other and their indicator, nor a value alone."""
    return [
        index
        for index, (n, d, value, kind) in enumerate(zip(above, below, values, kinds, strict=True))
        if ((value is None or n is not d) if n is None or d is None else (n > d or kind != "ratio"))
    ]


def _text(name: str, value: str) -> str | None:
    faults: list[Fault] = []
    read = read_text({name: value}, name, NOWHERE, faults)
    if faults:
        raise NeedsFullReader
    return read


def _needed(text: str | None) -> str:
    if not text:
        raise NeedsFullReader
    return text


def _retraction(text: str) -> bool:
    if trimmed(text) and read_flag(text) is not False:
        raise NeedsFullReader
    return False


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _figure(text: str, locale: Spelling, *, count: bool, share: bool = False) -> tuple[int | None, int, bool]:
    """A figure ×10⁴, its decimals, and whether it is a percentage; `share`: it is a part of 1 if not."""
    if not text:
        return None, 0, False
    if _is_plain(text) and len(text) <= LONGEST_PLAIN and not share:
        return int(text) * 10_000, 0, False
    found = read_share(text, locale) if share else read_figure(text, locale, count=count)
    if found is None:
        return None, 0, False
    if isinstance(found, Fault) or found.denominator is not None:
        raise NeedsFullReader
    return int(found.value.scaleb(4)), max(found.decimals, 0), found.percent
