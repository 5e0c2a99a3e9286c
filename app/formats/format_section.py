"""One section of a number format of a workbook, and what it makes of a number.

Runs in the child process of `workbook`: standard library only.
"""

import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import groupby
from typing import Literal, NamedTuple

from app.formats.number_text import MISLEADING, PERCENT, fraction_text, is_grouped, mantissa_of, placed, placed_behind
from app.formats.numerals import digits_of, is_other_calendar
from app.formats.shown_dates import Hidden, hidden_parts, shown_parts

FormatKind = Literal[
    "number",
    "text",
    "percent",
    "percentage",
    "percent_otherwise",
    "date",
    "moment",
    "month",
    "year",
    "time",
    "thousands",
    "fraction",
    "unsigned",
    "other",
]

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*(?P<fill>.)|\[(?P<bracket>[^\]]{0,255})\]|(?P<general>general)'
    r"|(?P<clock>am/pm|a/p)|(?P<calendar>b[12])|(?P<power>e[+-])|(?P<letters>[ymdhseg]+)|(?P<core>[0#?.,]+)|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
SYSTEM_DATE = "$-F800"
"""The long date of the system, whatever letters stand behind it."""
COMPARE = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
    "<>": Decimal.__ne__,
}


class ShownNumber(NamedTuple):
    """How a number is shown; `text` is what stands in the cell where that is not the number itself.

    `percent` is a number shown a hundred times as large, `percentage` one that has its percent sign next to it;
    `percent_otherwise` is one shown a hundred times as large, and as another one than that; `unsigned` is a negative
    one that some programs show without its minus.
    """

    kind: FormatKind
    text: str = ""


class FormatSection:
    """One section of a format, taken apart."""

    def __init__(self, code: str) -> None:
        self.condition: tuple[str, Decimal] | None = None
        self.before, self.after, self.core = "", "", ""
        self.letters: list[str] = []
        self.code, self.exponent = code, ""
        self.parts: list[tuple[bool, str]] = []
        """Digits, and what is written as it stands, in their order."""
        self.general = self.power = self.elapsed = self.holds_text = self.fraction = False
        self.percents = 0
        self.digits: str | None = None
        self.other_calendar = self.whole_day = False
        for match in TOKEN.finditer(code):
            self._take(match.lastgroup or "", match[match.lastgroup] if match.lastgroup else "")

    def _take(self, kind: str, text: str) -> None:
        if kind == "bracket":
            self._bracket(text)
        elif kind == "core":
            self.core += text
            self.parts.append((True, text))
        elif kind == "letters":
            self.letters += ["".join(run) for _, run in groupby(text.lower())]
        elif kind == "power":
            self.power, self.exponent = True, text[1:]
            self.core += "E"
        elif kind == "general":
            self.general = True
        elif kind == "calendar":
            self.other_calendar = True
        elif kind == "literal" and text in "%@/":
            self._sign(text)
        elif kind in ("quoted", "escaped", "literal") or (kind == "fill" and text not in " -"):
            self._literal(text * 2 if kind == "fill" else text)

    def _sign(self, text: str) -> None:
        self.percents += text == "%"
        self.holds_text = self.holds_text or text == "@"
        self.fraction = self.fraction or (text == "/" and bool(self.core))
        if text == "/":
            self.core += "/"

    def _literal(self, text: str) -> None:
        self.parts.append((False, text))
        if self.core or self.general or self.holds_text:
            self.after += text
        else:
            self.before += text

    def _bracket(self, text: str) -> None:
        self.digits = digits_of(text) or self.digits
        self.other_calendar = self.other_calendar or is_other_calendar(text)
        self.whole_day = self.whole_day or text.upper() == SYSTEM_DATE
        if text.startswith("$"):
            self._literal(text[1:].partition("-")[0])  # a currency, then a locale: `₫-vi-VN`
        elif condition := CONDITION.fullmatch(text):
            self.condition = condition[1], Decimal(condition[2])
        elif ELAPSED.fullmatch(text):
            self.elapsed = True
            self.letters.append(text.lower())

    @cached_property
    def places(self) -> int:
        """Digits behind the point."""
        return sum(sign in "0#?" for sign in self.core.partition("E")[0].partition(".")[2])

    @cached_property
    def scaled(self) -> int:
        """Commas behind the last digit, each of which leaves three digits out."""
        return sum(len(commas) for commas in re.findall(r"(?<=[0#?]),+(?=\.|$)", self.core))

    @cached_property
    def is_plain(self) -> bool:
        """A section of digits alone, that shows a number without leading zeros."""
        return (
            bool(self.core)
            and not (self.letters or self.percents or self.power or self.fraction or self.scaled or self.condition)
            and not (self.digits or self.is_divided)
            and not (self.before + self.after).strip()
            and self.core.partition(".")[0].count("0") < 2
        )

    @cached_property
    def date_kind(self) -> FormatKind | None:
        """What of a date is shown, None where it is no date; `m` next to hours or seconds are minutes."""
        letters = [run[0] for run in self.letters]
        if not set(letters) & set("ymdhs"):
            return None
        clock = set(letters) & set("hs") or self.elapsed
        if clock:
            return "moment" if set(letters) & set("ydeg") else "time"
        if "d" in letters or not set(letters) & set("ye"):
            return "date"
        return "month" if "m" in letters else "year"

    def hides(self, moment: datetime) -> list[Hidden]:
        """What a date format hides of a moment that says something."""
        if self.other_calendar:
            return ["calendar"]
        return hidden_parts(moment, shown_parts([*self.letters, *(["d", "m", "y"] if self.whole_day else ())]))

    def as_seen(self, moment: datetime) -> datetime:
        """The moment to the minute where no seconds are shown, as of every `=NOW()`."""
        return moment if "second" in shown_parts(self.letters) else moment.replace(second=0, microsecond=0)

    @cached_property
    def is_for_negatives(self) -> bool:
        """Whether its condition is met by nothing else, so that no minus is added to what it shows."""
        return self.condition is not None and self.condition[0] in ("<", "<=") and self.condition[1] <= 0

    def is_met(self, number: Decimal) -> bool:
        return self.condition is None or bool(COMPARE[self.condition[0]](number, self.condition[1]))

    def shows_whole(self, exact: str) -> bool:
        """Whether a number is plainly shown with all its digits: what nearly all cells are."""
        if self.general and not (self.before + self.after).strip() and not self.letters and not self.digits:
            return True
        is_blank = not exact.strip("-.0") and self.hides_zero
        return self.is_plain and not is_blank and "E" not in exact and len(exact.partition(".")[2]) <= self.places

    @cached_property
    def percent_words(self) -> int:
        """How often a percent sign, or the word, stands next to the digits as a text."""
        return len(PERCENT.findall(f"{self.before} {self.after}"))

    @cached_property
    def hides_zero(self) -> bool:
        """Whether nothing is shown of a zero: `#` and `?` are digits that may be left out."""
        return bool(self.core) and "0" not in self.core and not self.fraction

    def around(self, text: str) -> str:
        """A text as the section shows it."""
        return f"{self.before}{text if self.holds_text or self.general else ''}{self.after}".strip()

    def seen(self, number: Decimal, *, signed: bool) -> ShownNumber:
        """How a number is shown; `signed`: a minus stands before one that is negative."""
        if self.date_kind is not None:
            return ShownNumber(self.date_kind)
        if self.fraction and (not is_whole(number) or " " not in self.before + self.after):
            return ShownNumber("fraction", fraction_text(self.code, number))
        shows_digits = self.core and not (self.hides_zero and number == 0)
        if not shows_digits and not self.general and not self.holds_text:
            return ShownNumber("other", (self.before + self.after).strip())
        shown = self._shown(abs(number))
        text = self._text(shown, "-" if signed and number < 0 else "")
        otherwise: FormatKind = "percent_otherwise" if self.percents else "other"
        if self.scaled and not self.percents and shown != abs(number):
            return ShownNumber("thousands", text)
        if shown != abs(number) * 100**self.percents or self._misleads(number, signed):
            return ShownNumber(otherwise, text)
        if signs := self.percents + self.percent_words:
            return (
                ShownNumber(otherwise, text) if signs > 1 else ShownNumber("percent" if self.percents else "percentage")
            )
        zeros = self.core.partition(".")[0].count("0")
        padded = not self.places and is_whole(number) and 0 <= number < 10**15 and len(str(int(number))) < zeros
        return ShownNumber("text", f"{int(number):0{zeros}}") if padded else ShownNumber("number")

    def _shown(self, size: Decimal) -> Decimal:
        """The size of a number as it is rounded to be shown."""
        if self.general or not self.core:
            return size
        if self.power:
            mantissa, exponent = mantissa_of(size, self.core)
            return mantissa.scaleb(exponent)
        scaled = size.scaleb(2 * self.percents - 3 * self.scaled)
        places = 0 if self.fraction else self.places
        if scaled.adjusted() > 20:  # no digit of it is left out
            return scaled
        return scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if scaled.adjusted() > -30 else Decimal(0)

    def _misleads(self, number: Decimal, signed: bool) -> bool:
        """Whether what stands next to the digits says another figure, or a minus is left out."""
        if self.digits or self.is_divided:
            return True
        before, after = PERCENT.sub("", self.before).strip(), PERCENT.sub("", self.after).strip()
        if number < 0 and not signed:
            if before.startswith("-"):
                before = before[1:]
            elif before.startswith("(") and after.endswith(")"):
                before, after = before[1:], after[:-1]
            else:
                return True
        is_named = any(map(str.isalnum, before)) or any(map(str.isnumeric, after))
        return is_named or bool(MISLEADING.search(before) or MISLEADING.search(after))

    @cached_property
    def is_divided(self) -> bool:
        """Whether something stands between the digits that is no mark of thousands, as in `000-000` and `0.0.0`."""
        if self.power or self.fraction:
            return False
        return not is_grouped(self.parts) or self.core.count(".") > 1

    def _text(self, shown: Decimal, minus: str) -> str:
        text = f"{minus}{self._digits(shown)}".strip()[:60]
        return text if self.digits is None else text.translate(dict(zip(range(0x30, 0x3A), self.digits, strict=True)))

    def _digits(self, shown: Decimal) -> str:
        if self.is_divided and not set(self.core) - set("0#?") and is_whole(shown):
            return placed(str(int(shown)), self.parts)
        if self.power:
            mantissa, exponent = mantissa_of(shown, self.core)
            sign = "-" if exponent < 0 else self.exponent.strip("-")
            power = f"E{sign}{abs(exponent):0{len(self.core.partition('E')[2])}}"
            return f"{self.before}{mantissa}{power}{self.after}"
        digits = format(shown, "f") if -30 < shown.adjusted() < 30 else str(shown)
        if self.is_divided and "E" not in digits:
            return placed_behind(digits, self.before, self.parts)
        return f"{self.before}{digits}{'%' * self.percents}{self.after}"


def is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()
