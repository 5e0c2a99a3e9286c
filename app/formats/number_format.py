"""What a number format of a workbook makes of a number: the figure as it is stored, or something else that is shown.

A format has up to four sections (above zero; below; zero; texts), each perhaps under a condition. Only a figure that
is seen as it is stored may be read. Runs in the child process of `workbook`: standard library only.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import groupby
from typing import Literal, NamedTuple

from app.formats.number_text import fraction_text, mantissa_of, placed

Kind = Literal["number", "text", "percent", "date", "moment", "month", "year", "time", "thousands", "fraction", "other"]

SECTION = re.compile(r'(?:"[^"]*"|[\\!].|\[[^\]]{0,255}\]|[_*].|[^;])*', re.DOTALL)
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*(?P<fill>.)|\[(?P<bracket>[^\]]{0,255})\]|(?P<general>general)'
    r"|(?P<clock>am/pm|a/p)|(?P<power>e[+-])|(?P<letters>[ymdhseg]+)|(?P<core>[0#?.,]+)|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
MISLEADING = re.compile(
    r"[0-9+\-−.,/:×*^‰‱()<>≤≥~≈±²³¹⁰⁴-⁹]"
    r"|\b(?:ngh[iì]n|ng[aà]n|tri[eệ]u|tr|t[yỷỉ]|(?<!phần )(?<!phan )tr[aă]m|ch[uụ]c|v[aạ]n|k|m|bn|mn)\b"
    r"|\b(?:tens|hundreds?|thousands?|millions?|billions?)\b",
    re.IGNORECASE,
)
"""What makes another figure of one when it stands beside it: digits, signs, and words of size."""
COMPARE = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
    "<>": Decimal.__ne__,
}


class ShownNumber(NamedTuple):
    """How a number is shown; `text` is what stands in the cell where that is not the number itself."""

    kind: Kind
    text: str = ""


class NumberFormat:
    """One number format.

    >>> seen = NumberFormat('#,##0.0" điểm";[Red]0').seen
    >>> seen("92.5").kind, seen("92.55"), seen("-3")
    ('number', ShownNumber(kind='other', text='92.6 điểm'), ShownNumber(kind='other', text='3'))
    """

    def __init__(self, code: str) -> None:
        self.sections = [FormatSection(part) for part in _sections(code)]

    def seen(self, exact: str) -> ShownNumber:
        """How a number, given as JSON writes it, is shown."""
        if len(self.sections) == 1 and self.sections[0].shows_whole(exact):
            return ShownNumber("number")
        number = Decimal(exact)
        section, signed = self._chosen(number)
        return section.seen(number, signed=signed) if section else ShownNumber("other", "####")

    @cached_property
    def changes_texts(self) -> bool:
        """Whether a text may be shown as another one."""
        return len(self.sections) > 3 or self.sections[-1].holds_text

    def shown_text(self, text: str) -> str:
        """What is shown of a text."""
        if len(self.sections) > 3:
            return self.sections[3].around(text)
        last = self.sections[-1]
        return last.around(text) if last.holds_text else text

    def _chosen(self, number: Decimal) -> "tuple[FormatSection | None, bool]":
        """The section for a number, and whether a minus stands before one that is negative."""
        numeric = self.sections[:3]
        if any(section.condition for section in numeric):
            met = (section for section in numeric if section.condition is None or section.is_met(number))
            return next(met, None), False  # whether a minus is added depends on the condition and on the program
        if len(numeric) == 1 or number > 0:
            return numeric[0], True
        place = 1 if number < 0 else 2 if len(numeric) > 2 else 0
        return numeric[place], False


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
        elif kind == "literal" and text in "%@/":
            self._sign(text)
        elif kind in ("quoted", "escaped", "literal") or (kind == "fill" and text not in " -"):
            self._literal(text)

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
        if text.startswith("$"):
            self._literal(text[1:].rpartition("-")[0] or text[1:].partition("-")[0])
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
            and not (self.before + self.after).strip()
            and self.core.partition(".")[0].count("0") < 2
        )

    @cached_property
    def date_kind(self) -> Kind | None:
        """What of a date is shown, None where it is no date; `m` beside hours or seconds are minutes."""
        letters = [run[0] for run in self.letters]
        if not set(letters) & set("ymdhs"):
            return None
        clock = set(letters) & set("hs") or self.elapsed
        if clock:
            return "moment" if set(letters) & set("ydeg") else "time"
        if "d" in letters or not set(letters) & set("ye"):
            return "date"
        return "month" if "m" in letters else "year"

    def is_met(self, number: Decimal) -> bool:
        return self.condition is None or bool(COMPARE[self.condition[0]](number, self.condition[1]))

    def shows_whole(self, exact: str) -> bool:
        """Whether a number is plainly shown with all its digits: what nearly all cells are."""
        if self.general and not (self.before + self.after).strip() and not self.letters:
            return True
        is_blank = not exact.strip("-.0") and self.hides_zero
        return self.is_plain and not is_blank and "E" not in exact and len(exact.partition(".")[2]) <= self.places

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
        if self.scaled and shown != abs(number):
            return ShownNumber("thousands", text)
        if shown != abs(number) * 100**self.percents or self.percents > 1 or self._misleads(number, signed):
            return ShownNumber("other", text)
        if self.percents:
            return ShownNumber("percent")
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
        """Whether what stands beside the digits says another figure, or a minus is left out."""
        before, after = self.before.strip(), self.after.strip()
        if number < 0 and not signed:
            if before.startswith("-"):
                before = before[1:]
            elif before.startswith("(") and after.endswith(")"):
                before, after = before[1:], after[:-1]
            else:
                return True
        return any(map(str.isalnum, before)) or bool(MISLEADING.search(before) or MISLEADING.search(after))

    @cached_property
    def is_divided(self) -> bool:
        """Whether something stands between digits that are nothing but digits, as in `000-000`."""
        kinds = [is_digits for is_digits, _ in self.parts]
        return sum(kinds) > 1 and not set(self.core) - set("0#?")

    def _text(self, shown: Decimal, minus: str) -> str:
        if self.is_divided and is_whole(shown):
            return f"{minus}{placed(str(int(shown)), self.parts)}".strip()[:60]
        if self.power:
            mantissa, exponent = mantissa_of(shown, self.core)
            sign = "-" if exponent < 0 else self.exponent.strip("-")
            power = f"E{sign}{abs(exponent):0{len(self.core.partition('E')[2])}}"
            return f"{minus}{self.before}{mantissa}{power}{self.after}".strip()[:60]
        digits = format(shown, "f") if -30 < shown.adjusted() < 30 else str(shown)
        return f"{minus}{self.before}{digits}{'%' * self.percents}{self.after}".strip()[:60]


def is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _sections(code: str) -> list[str]:
    """The sections of a format; a semicolon in quotes divides nothing."""
    found, at = list[str](), 0
    while at <= len(code) and len(found) < 4:
        match = SECTION.match(code, at)
        part = match[0] if match else ""
        found.append(part)
        at += len(part) + 1
    return found
