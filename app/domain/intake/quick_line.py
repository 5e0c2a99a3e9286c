"""The rows that need no second look, read in about a microsecond; every other row is left to `read_line`.

Files repeat themselves: a million rows hold a few hundred heads (period, indicator, source) and the same texts over
and over. So what was made of a text is remembered, and a row is put together from what its texts gave before. A
quick reading is the one that `read_line` gives, or there is none.
"""

from collections.abc import Callable
from typing import TypeVar

from app.domain.figures import Locale, read_figure
from app.domain.intake.line import Line, Reading, read_moment, read_text, unknown_fields
from app.domain.intake.line_figures import PERCENT, Kind
from app.domain.place import Place
from app.errors import Fault

MOST = 100_000
"""How many texts of one sort are remembered; then the memory begins anew."""

NOWHERE = Place()
Head = tuple[str, str, str, Kind]
Made = TypeVar("Made")


class Unfit(Exception):  # noqa: N818 - not an error: the row is read with more care
    """The row has something that takes a closer look."""


class Remembered(dict[object, Made]):
    """What a function made of the arguments that it has seen. What it raises on is not remembered."""

    def __init__(self, make: Callable[[object], Made]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: object) -> Made:
        made = self.make(key)
        if len(self) >= MOST:
            self.clear()
        self[key] = made
        return made


class QuickReader:
    """Reads rows of texts as `read_line` would, under one `Reading`.

    Only texts are ever remembered: to a dictionary the number 1 and `true` are the same key.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.shapes: set[tuple[str, ...]] = set()
        self.heads = Remembered(self._head)
        self.units = Remembered(_unit)
        self.moments = Remembered(_moment)
        self.notes = Remembered(_note)
        self.counts = Remembered(self._count)
        self.values = {kind: self._values(kind, reading.locale) for kind in set(reading.kinds.values())}

    def __call__(self, raw: object, place: Place) -> Line | None:
        """The line, or None where `read_line` has to be asked."""
        if type(raw) is not dict:
            return None
        try:
            if tuple(raw) not in self.shapes:
                self._learn(raw)
            get = raw.get
            period, indicator, source, kind = self.heads[get("period"), get("indicator"), get("source"), get("retract")]
            numerator, denominator = self.counts[get("numerator")], self.counts[get("denominator")]
            value, decimals = self.values[kind][get("value")]
            if numerator is None or denominator is None:
                if value is None or numerator is not denominator:
                    return None
            elif numerator > denominator or kind != "ratio":
                return None
            unit, note = self.units[get("unit")], self.notes[get("note")]
            figures = numerator, denominator, value, decimals
            fields = place, unit, period, indicator, source, *figures, self.moments[get("observed_at")], note, False
            return tuple.__new__(Line, fields)  # half as long as by the names
        except (Unfit, TypeError):  # a list or an object is no key
            return None

    def _learn(self, raw: dict[str, object]) -> None:
        if unknown_fields(raw, NOWHERE):
            raise Unfit
        self.shapes.add(tuple(raw))

    def _head(self, key: object) -> Head:
        assert isinstance(key, tuple)
        period, indicator, source, retract = key
        if retract not in (None, "", "false"):
            raise Unfit
        code = _text("indicator", indicator)
        named = _text("period", period) or self.reading.period
        if code not in self.reading.kinds or not named:
            raise Unfit
        return named, code, _text("source", source) or self.reading.source, self.reading.kinds[code]

    def _count(self, text: object) -> int | None:
        figure = _figure(text, self.reading.locale, count=True)
        if figure is None:
            return None
        scaled, _, percent = figure
        if percent or scaled < 0:
            raise Unfit
        return scaled

    def _values(self, kind: Kind, locale: Locale) -> Remembered[tuple[int | None, int | None]]:
        def read(text: object) -> tuple[int | None, int | None]:
            figure = _figure(text, locale, count=kind == "count")
            if figure is None:
                return None, None
            scaled, decimals, percent = figure
            if (percent and kind != "ratio") or (kind != "number" and scaled < 0):
                raise Unfit
            if (kind == "ratio" and scaled > PERCENT) or (kind == "count" and scaled % 10_000):
                raise Unfit
            return scaled, decimals

        return Remembered(read)


def _text(name: str, value: object) -> str:
    """A text as it is kept, empty where there is none."""
    faults: list[Fault] = []
    read = read_text({name: value}, name, NOWHERE, faults)
    if faults:
        raise Unfit
    return read or ""


def _unit(value: object) -> str:
    unit = _text("unit", value)
    if not unit:
        raise Unfit
    return unit


def _note(value: object) -> str | None:
    return _text("note", value) or None


def _moment(value: object) -> int | None:
    faults: list[Fault] = []
    moment = read_moment(value, NOWHERE, faults)
    if faults:
        raise Unfit
    return moment


def _figure(text: object, locale: Locale, *, count: bool) -> tuple[int, int, bool] | None:
    """A figure ×10⁴, its decimals, and whether it is a percentage."""
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise Unfit
    if text.isascii() and text.isdecimal() and len(text) <= 10:
        return int(text) * 10_000, 0, False
    found = read_figure(text, locale, count=count)
    if found is None:
        return None
    if isinstance(found, Fault) or found.denominator is not None:
        raise Unfit
    return int(found.value.scaleb(4)), max(found.decimals, 0), found.percent
