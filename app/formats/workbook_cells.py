"""What one cell of a workbook says, as JSON for the parent: text, an exact number, or an object with one meaning.

`{"percent": 0.6055}` is a number shown as 60.55%; `{"date": "2024-08-26"}` and `{"moment": …}` are days and times;
`{"fault": code, "value": …}` is a cell that must not be read. Runs in the child process: standard library only.

A workbook keeps numbers as binary floats and its programs show at most fifteen digits of them, so fifteen digits are
what was written: 81.769999999999996 is 81.77. Nothing is rounded beyond that.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal

from app.formats.format_section import FormatSection
from app.formats.number_format import NumberFormat
from app.formats.workbook_parts import GENERAL, WorkbookParts, text_json

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
NUMBER = re.compile(r"[-+]?[0-9]{1,30}(?:\.[0-9]{1,40})?(?:[eE][-+]?[0-9]{1,3})?")
FIFTEEN_DIGITS = Context(prec=15)
LONGEST_TEXT = 32_767
"""Characters in a cell; no program writes more."""
LAST_DAY = 2_958_465
"""31/12/9999 as workbooks count days."""
DAY_MILLISECONDS, DAY_SECONDS = 86_400_000, 86_400
MAY_HIDE = {"month": {"day", "time"}, "year": {"month", "day", "time"}}
"""What need not be seen of a date that is shown, and so read, as its month or its year."""
SHOWN_OTHERWISE = {
    "thousands": "cell_thousands",
    "fraction": "cell_fraction",
    "unsigned": "minus_unsure",
    "other": "cell_shown_otherwise",
    "percent_otherwise": "percent_shown_otherwise",
}
"""What is said of a number that is shown as another one."""


class CellReader:
    """Reads cells of one workbook."""

    def __init__(self, book: WorkbookParts) -> None:
        self.book, self.formats = book, dict[str, NumberFormat]()
        self.readers: dict[str, Callable[[str, str | None], str]] = {
            "n": self.number,
            "s": self.shared,
            "str": self.text,
            "inlineStr": self.text,
            "b": self.truth,
            "e": self.error,
            "d": self.iso,
        }

    def read(self, kind: str | None, style: str | None, text: str, formula: str | None) -> str:
        """The JSON of a cell: its type and style as the file names them, its text, its formula. ValueError if none.

        A cell that is called a number outright and holds nothing is what some programs make of NaN.
        """
        if formula is not None:
            return fault("cell_formula", f"={formula}" if formula else text)
        if not text:
            return fault("cell_not_number", "") if kind == "n" else "null"
        reader = self.readers.get(kind or "n")
        if reader is None:
            raise ValueError(f"a cell of type {kind}")
        return reader(text, style)

    def number(self, text: str, style: str | None) -> str:
        exact = exact_number(text)
        if exact is None:
            return fault("cell_not_number", text)
        format = self.format_of(style)
        if format is None:
            return exact
        shown, text = format.seen(exact)
        if shown == "number":
            return exact
        if shown == "text":
            return json.dumps(text)
        if shown == "percent":
            return f'{{"percent":{exact}}}'
        if shown == "percentage":
            return f'{{"percent":{Decimal(exact).scaleb(-2)}}}'
        if code := SHOWN_OTHERWISE.get(shown):
            return fault(code, exact, text)
        section = format.section_for(exact) or format.sections[0]
        return self.time(exact, elapsed=section.elapsed) if shown == "time" else self.day(exact, section)

    def format_of(self, style: str | None) -> NumberFormat | None:
        """The number format of a cell style; None where numbers are shown as they are."""
        if style is None or not self.book.styles:
            return None
        index = int(style)
        code = self.book.styles[index] if index >= 0 else ""
        if code == GENERAL:
            return None
        if code not in self.formats:
            self.formats[code] = NumberFormat(code)
        return self.formats[code]

    def time(self, exact: str, *, elapsed: bool) -> str:
        """Hours and minutes, and seconds where there are any; `elapsed`: all hours, not those of a day."""
        number = Decimal(exact)
        if not 0 <= number <= LAST_DAY + 1:
            return fault("cell_not_date", exact)
        seconds = round(number * DAY_SECONDS)
        hours, rest = divmod(seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        shown = f"{hours if elapsed else hours % 24}:{minutes:02}"
        return json.dumps(f"{shown}:{seconds:02}" if seconds else shown)

    def day(self, exact: str, section: FormatSection) -> str:
        """A number shown as a date, its time as exactly as it may be shown."""
        number = Decimal(exact)
        if not 0 <= number <= LAST_DAY + 1:
            return fault("cell_not_date", exact)
        milliseconds = round(number * DAY_MILLISECONDS) if section.places else round(number * DAY_SECONDS) * 1000
        days, milliseconds = divmod(milliseconds, DAY_MILLISECONDS)
        whole = self.calendar_day(days)
        if whole is None:
            return fault("cell_not_date", exact)
        return dated(datetime.combine(whole, time()) + timedelta(milliseconds=milliseconds), section)

    def calendar_day(self, days: int) -> date | None:
        """Days are counted from 1/1/1904, or from 1/1/1900 with a 29/2/1900 that never was."""
        if self.book.from_1904:
            epoch = date(1904, 1, 1)
        elif days in (0, 60):
            return None
        else:
            epoch = date(1899, 12, 30 if days > 60 else 31)
        try:
            return epoch + timedelta(days=days)
        except OverflowError:
            return None

    def shared(self, text: str, style: str | None) -> str:
        index = int(text)
        return self.checked(self.book.strings[index], style) if index >= 0 else "null"

    def text(self, text: str, style: str | None) -> str:
        return self.checked(text_json(text), style)

    def checked(self, text: str, style: str | None) -> str:
        """A text, given as JSON, where it is shown as it is and as long as a cell may be."""
        if len(text) > LONGEST_TEXT:
            return fault("text_too_long", text[1:101])
        format = self.format_of(style)
        if format is None or text == "null" or not format.changes_texts:
            return text
        said = json.loads(text)
        shown = format.shown_text(said)
        return text if shown == said.strip() else fault("cell_shown_otherwise", said, shown)

    def truth(self, text: str, _: str | None) -> str:
        return "true" if text in ("1", "true") else "false"

    def error(self, text: str, _: str | None) -> str:
        return fault("cell_error", text)

    def iso(self, text: str, style: str | None) -> str:
        """A date written as text, as the strict form of the format allows."""
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return json.dumps(moment.isoformat())
        format = self.format_of(style)
        if format is not None and format.sections[0].date_kind not in (None, "time"):
            return dated(moment, format.sections[0])
        return json.dumps({"moment": moment.isoformat()} if "T" in text else {"date": moment.date().isoformat()})


def dated(moment: datetime, section: FormatSection) -> str:
    """A date as it is seen: a month or a year where no more than that is shown, nothing where the rest is hidden."""
    kind, hidden = section.date_kind, section.hides(moment)
    if kind in MAY_HIDE and MAY_HIDE[kind].issuperset(hidden):
        return json.dumps(moment.isoformat()[: 7 if kind == "month" else 4])
    if hidden:
        held = {"value": moment.isoformat(), "shown": section.code[:100], "hidden": hidden}
        return json.dumps({"fault": "date_shown_otherwise", **held}, ensure_ascii=False)
    if kind == "date":
        return json.dumps({"date": moment.date().isoformat()})
    return json.dumps({"moment": section.as_seen(moment).isoformat()})


def exact_number(text: str) -> str | None:
    """A stored number as it is shown, as a JSON number; None for what is none (NaN, INF).

    >>> exact_number("81.769999999999996"), exact_number("2.5775E4"), exact_number("NaN")
    ('81.77', '25775', None)
    """
    if INTEGER.fullmatch(text):
        return text
    if not NUMBER.fullmatch(text):
        return None
    number = FIFTEEN_DIGITS.create_decimal(text).normalize()
    whole = number.as_tuple().exponent
    return format(number, "f") if isinstance(whole, int) and -20 < whole <= 15 else str(number)


def fault(code: str, value: str, shown: str = "") -> str:
    return json.dumps({"fault": code, "value": value[:100], "shown": shown[:100]}, ensure_ascii=False)
