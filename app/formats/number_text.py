"""How a spreadsheet writes a number as a fraction, in powers of ten, or with signs between its digits.

Runs in the child process of `workbook`: standard library only.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

FRACTION = re.compile(r"(?P<whole>[0#?]+)?[^0#?/]*(?<![0#?])[0#?]+ */ *(?P<below>[0#?]+|[1-9][0-9]*)")
UNSEEN = re.compile(r'"[^"]*"|[_*].|\[[^\]]*\]|\\')
MISLEADING = re.compile(
    r"[0-9+\-−.,/:×*^‰‱()<>≤≥~≈±]"
    r"|\b(?:ngh[iì]n|ng[aà]n|tri[eệ]u|tr|t[yỷỉ]|(?<!phần )(?<!phan )tr[aă]m)\b"
    r"|\b(?:ch[uụ]c|m[uư][oơ]i|t[aá]|v[aạ]n|k|m|b|bn|mn)\b"
    r"|\b(?:tens|dozens?|hundreds?|thousands?|millions?|billions?)\b",
    re.IGNORECASE,
)
"""What makes another figure of one when it stands next to it: digits, signs, and words of size."""
PERCENT = re.compile(r"[%％﹪٪]|\b(?:ph[aầ]n tr[aă]m|per ?cent|pct)\b", re.IGNORECASE)
"""What is seen as a percentage and does not multiply the number: `0.00"%"`."""
LONGEST_CODE = 255
"""Characters of a format that a spreadsheet takes; looking for a fraction takes their square."""
MOST_DIGITS = 15
"""So many digits of a number does a spreadsheet keep."""


def fraction_text(code: str, number: Decimal) -> str:
    """A number as a fraction, with its whole part before it where the format has a place for that; blank if unknown.

    >>> [fraction_text(code, Decimal("1.5")) for code in ("?/100", "# ?/?", "0/0")]
    ['150/100', '1 1/2', '3/2']
    """
    found = FRACTION.search(UNSEEN.sub("", code)) if len(code) <= LONGEST_CODE else None
    size = abs(number)
    if found is None or size.adjusted() > MOST_DIGITS or len(found["below"]) > 5:
        return ""
    below = found["below"]
    if below.strip("0").isdecimal():
        under = int(below)
        over = int((size * under).to_integral_value(ROUND_HALF_UP))
    else:
        over, under = Fraction(size).limit_denominator(10 ** len(below) - 1).as_integer_ratio()
    whole, rest = divmod(over, under) if found["whole"] else (0, over)
    shown = f"{whole or ''} {rest}/{under}" if rest or not found["whole"] else str(whole)
    return f"{'-' if number < 0 else ''}{shown.strip()}"


def mantissa_of(size: Decimal, core: str) -> tuple[Decimal, int]:
    """The digits of a number and its power of ten, which is a multiple of how many digits stand before the point.

    >>> mantissa_of(Decimal(123456), "##0.0E0")
    (Decimal('123.5'), 3)
    """
    before, _, behind = core.partition("E")[0].partition(".")
    step = max(1, min(MOST_DIGITS, len(before.replace(",", ""))))
    unit = Decimal(1).scaleb(-min(MOST_DIGITS - 1, len(behind)))
    exponent = size.adjusted() // step * step if size else 0
    mantissa = _rounded(size.scaleb(-exponent), unit)
    if mantissa.adjusted() < step:
        return mantissa, exponent
    return _rounded(mantissa.scaleb(-step), unit), exponent + step


def _rounded(number: Decimal, unit: Decimal) -> Decimal:
    return number.quantize(unit, ROUND_HALF_UP) if number.adjusted() - unit.adjusted() < 27 else number


def placed(digits: str, parts: Sequence[tuple[bool, str]]) -> str:
    """Digits put into their places from the last one, with what stands between them; the first takes those left.

    >>> placed("1123456", [(True, "000"), (False, "-"), (True, "000")])
    '1123-456'
    """
    left, written = list(digits), list[str]()
    first = next(index for index, (is_digits, _) in enumerate(parts) if is_digits)
    for index in range(len(parts) - 1, -1, -1):
        is_digits, text = parts[index]
        written += [left.pop() if left else "0" * (sign == "0") for sign in reversed(text)] if is_digits else [text]
        written += reversed(left) if index == first else ()
    return "".join(reversed(written))


def placed_behind(number: str, before: str, parts: Sequence[tuple[bool, str]]) -> str:
    """A number with what stands between its digits behind the point; what stands between those before it is left out.

    >>> placed_behind("5.25", "", [(True, "0.0"), (False, "-"), (True, "0")])
    '5.2-5'
    """
    whole, _, behind = number.partition(".")
    signs = [sign for is_digits, text in parts for sign in (text if is_digits else [text])]
    left = list(behind)
    point = signs.index(".") if "." in signs else len(signs)
    rest = "".join(left.pop(0) if sign in PLACES and left else sign * (sign not in PLACES) for sign in signs[point:])
    return f"{before}{whole}{rest}"


PLACES = frozenset("0#?")
GROUP = re.compile(r"[0#?]{3}(?=$|\.)")


def is_grouped(parts: Sequence[tuple[bool, str]]) -> bool:
    """Whether nothing stands between the digits of a format but blanks that set off thousands, as in `# ##0.00`."""
    places = [index for index, (is_digits, _) in enumerate(parts) if is_digits]
    inner = parts[places[0] : places[-1] + 1] if places else ()
    seen = ""
    for is_digits, text in inner:
        if is_digits and seen and ("." in seen or not GROUP.match(text)):
            return False
        if not is_digits and text.strip():
            return False
        seen += text
    return True
