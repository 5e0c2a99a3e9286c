"""Periods as offices write them in their files: `10/2026`, `Tháng 10 năm 2026`, `Quý III/2026`, `6 tháng đầu năm 2026`.

Only what has one reading is read. A day is a month only where it is the first one, as spreadsheets make it of
`10/2026`, and written as machines do: `01/10/2026` may be the first of October or the tenth of January. Paths and
queries take codes alone.
"""

import re
from functools import lru_cache

from app.domain.period import ROMAN, PeriodType, code_of, is_period
from app.domain.suggest import visible
from app.domain.vietnamese import fold, nfc

LONGEST = 60
WORD = re.compile(r"[^\W\d_]+")
YEAR, OF = r"(?P<year>[0-9]{4})", r"(?: ?[-/.,] ?| )(?:nam )?"
MONTH, QUARTER, ROMANS = r"(?P<n>[0-9]{1,2})", r"(?P<n>[1-4]|iii|ii|iv|i)", r"(?P<n>iii|ii|iv|i)"
NUMBERS = {roman: str(number) for roman, number in ROMAN.items()} | {"dau": "1", "cuoi": "2", "": "1"}
"""What stands for a number: of quarters, of the first and the last half of a year, of the year itself."""

PATTERNS: tuple[tuple[PeriodType, str], ...] = (
    ("month", rf"(?:(?:ki )?thang|month|t\.?|m)? ?{MONTH}{OF}{YEAR}"),
    ("month", rf"{YEAR}[-/]{MONTH}"),
    ("month", rf"{YEAR}[._ ]?(?P<n>[0-9]{{2}})"),
    ("month", rf"{YEAR}[-/ ]?(?:thang|month|t|m) ?{MONTH}"),
    ("month", rf"{YEAR}[-/](?P<n>[0-9]{{2}})[-/]01(?:[t ]00:00(?::00(?:\.0+)?)?(?:\+07:00)?)?"),
    ("quarter", rf"(?:ki )?(?:qui|quarter|q)\.? ?{QUARTER}{OF}{YEAR}"),
    ("quarter", rf"{ROMANS}{OF}{YEAR}"),
    ("quarter", rf"{YEAR}[-/ ]?(?:qui|quarter|q) ?{QUARTER}"),
    ("quarter", rf"(?:0?3|ba) thang (?P<n>dau) nam {YEAR}"),
    ("half", rf"(?:(?:0?6|sau) thang|nua) (?P<n>dau|cuoi)(?:{OF}| nam ){YEAR}"),
    ("half", rf"(?:h|half) ?(?P<n>[12]){OF}{YEAR}"),
    ("half", rf"{YEAR}[-/ ]?h ?(?P<n>[12])"),
    ("year", rf"(?:ca )?(?:nam|year)(?P<n>) ?{YEAR}"),
)
"""How they are written once words have neither accents nor capitals (`quý` is `qui` then)."""
WRITTEN = [(type, re.compile(pattern)) for type, pattern in PATTERNS]


@lru_cache(maxsize=4096)
def written_period(text: str) -> str | None:
    """The code of the period that a text of a file means; None where it means none, or may mean two.

    >>> [written_period(each) for each in ("Tháng 10 năm 2026", "quý III/2026", "6 tháng đầu năm 2026", "Năm 2026")]
    ['2026-10', '2026-Q3', '2026-H1', '2026']
    >>> [written_period(each) for each in ("2026-10-01", "10.2026", "01/10/2026", "9 tháng năm 2026", "2026.1")]
    ['2026-10', '2026-10', None, None, None]
    """
    if is_period(text):
        return text
    if len(text) > LONGEST:
        return None
    plain = WORD.sub(lambda word: fold(word[0]), " ".join(nfc(visible(text)).split()))
    for type, pattern in WRITTEN:
        if match := pattern.fullmatch(plain):
            number = NUMBERS.get(match["n"]) or match["n"]
            return code_of(type, int(match["year"]), int(number))
    return None
