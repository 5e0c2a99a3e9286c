"""What the headings of a file probably mean: proposed with a confidence, to be confirmed by who knows the file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from app.domain.intake.headers import TITLES
from app.domain.intake.left_out import UNIT_NAMES, is_ordinal
from app.domain.intake.profiles import ColumnField, FigureField
from app.domain.intake.row_figures import IndicatorKind
from app.domain.intake.said_kinds import kind_of, said_kind
from app.domain.vietnamese import fold
from app.domain.written_periods import written_period

Reason = Literal["field", "ordinal", "indicator", "part", "period", "similar", "content", "unclear", "repeated"]

CERTAIN, LIKELY, LEAST = 1.0, 0.9, 0.3
ENOUGH, AHEAD = 0.5, 0.15
"""A similar name is taken from so much likeness on, and so far ahead of the next one."""
MOST_ALTERNATIVES = 3
LONGEST = 300
"""Letters of a heading that is compared with the names of indicators."""
CODES = frozenset(("unit", "code", "ma", "ma don vi", "ma dinh danh"))
WORDS: dict[ColumnField, Sequence[str]] = {
    "period": ("period", TITLES["period"], "kỳ báo cáo", "thời gian", "tháng báo cáo"),
    "indicator": ("indicator", TITLES["indicator"], "chỉ tiêu", "tên chỉ số", "tên chỉ tiêu"),
    "value": ("value", TITLES["value"], "kết quả", "số liệu"),
    "numerator": ("numerator", TITLES["numerator"]),
    "denominator": ("denominator", TITLES["denominator"]),
    "source": ("source", TITLES["source"]),
    "observed_at": ("observed_at", TITLES["observed_at"]),
    "note": ("note", TITLES["note"]),
}
OWN_FIELDS: dict[str, ColumnField] = {fold(word): field for field, words in WORDS.items() for word in words}
PARTS: dict[str, FigureField] = {
    "tu so": "numerator",
    "so": "numerator",
    "so luong": "numerator",
    "so ho so": "numerator",
    "mau so": "denominator",
    "tong so": "denominator",
    "tong": "denominator",
    "tong so ho so": "denominator",
    "ti le": "value",
    "gia tri": "value",
    "ket qua": "value",
    "rate": "value",
    "numerator": "numerator",
    "denominator": "denominator",
    "value": "value",
}
"""What a heading of a part of a figure says, folded."""
NUMBERING = re.compile(r"\(?[0-9]{1,2}\)?|\(?[A-Za-z]\)?|\(?[0-9]{1,2}\)? ?= ?[-+*/:()0-9 ]{1,40}%?")
"""A cell of the row that numbers the columns, as forms have it below their headings."""
SHORT_MONTH = re.compile(r"(?:thang|month|t)\.? ?([0-9]{1,2})")
SHORT_QUARTER = re.compile(r"(?:qui|quy|quarter|q)\.? ?([1-4]|iii|ii|iv|i)")


@dataclass(frozen=True, slots=True)
class IndicatorMatch:
    """An indicator that a heading may name, and how like their words are, up to 1."""

    indicator: str
    confidence: float


@dataclass(frozen=True, slots=True)
class HeadingMeaning:
    """What a heading probably says; without a `field` nobody knows."""

    field: ColumnField | None
    reason: Reason
    confidence: float
    indicator: str | None = None
    period: str | None = None
    alternatives: tuple[IndicatorMatch, ...] = ()

    @property
    def is_figure(self) -> bool:
        return self.field in ("value", "numerator", "denominator")


UNCLEAR = HeadingMeaning(None, "unclear", 0)


class HeadingReader:
    """Reads headings; `names` are codes of indicators by what they are called, folded, `year` that of bare months."""

    def __init__(self, kinds: Mapping[str, IndicatorKind], names: Mapping[str, str], year: str | None) -> None:
        self.kinds, self.names, self.year = kinds, {**names, **{fold(code): code for code in kinds}}, year

    def meaning(self, parts: Sequence[str]) -> HeadingMeaning:
        """What the texts above a column say together, from above."""
        said = [part for part in parts if part and not NUMBERING.fullmatch(part)]
        known = self._known(" ".join(said)[:LONGEST])
        if known is not None:
            return self._consistent(known, said)
        period = next((found for part in said if (found := self.period(part))), None)
        rest = [part for part in said if not self.period(part)]
        if period is not None and not rest:
            return HeadingMeaning("value", "period", CERTAIN, period=period)
        field = next((PARTS[fold(part)] for part in rest[1:] if fold(part) in PARTS), None)
        name = rest if field is None else [part for part in rest if fold(part) not in PARTS]
        meaning = self._consistent(self._figure(fold(" ".join(name)[:LONGEST]), field), rest)
        return meaning if meaning.indicator is None else replace(meaning, period=period)

    def period(self, text: str) -> str | None:
        """The period that a heading or the name of a sheet says, in the year asked about where it names none."""
        if (found := written_period(text)) is not None or self.year is None:
            return found
        plain = fold(text[:LONGEST])
        if match := SHORT_MONTH.fullmatch(plain):
            return written_period(f"{match[1]}/{self.year}")
        match = SHORT_QUARTER.fullmatch(plain)
        return written_period(f"quý {match[1]}/{self.year}") if match else None

    def _known(self, text: str) -> HeadingMeaning | None:
        plain = fold(text)
        if is_ordinal(text) and plain not in self.names:
            return HeadingMeaning("ignored", "ordinal", CERTAIN)
        if plain in CODES or plain in UNIT_NAMES:
            return HeadingMeaning("unit", "field", CERTAIN)
        if plain in OWN_FIELDS:
            return HeadingMeaning(OWN_FIELDS[plain], "field", CERTAIN)
        if plain in self.names:
            return HeadingMeaning("value", "indicator", CERTAIN, self.names[plain])
        return None

    def _figure(self, plain: str, field: FigureField | None) -> HeadingMeaning:
        """A figure of the indicator that is named exactly, apart from a word for a part of it, or most alike."""
        words = plain.split()
        for size in (3, 2, 1):
            ends = ((words[:-size], words[-size:]), (words[size:], words[:size]))
            for name, part in ends if field is None else ():
                code, own = self.names.get(" ".join(name)), PARTS.get(" ".join(part))
                if code is not None and own is not None:
                    return HeadingMeaning(own, "part", LIKELY, code)
        if plain in self.names:
            return HeadingMeaning(field or "value", "part" if field else "indicator", CERTAIN, self.names[plain])
        near = tuple(self._similar(frozenset(words)))[:MOST_ALTERNATIVES]
        sure = near and near[0].confidence >= ENOUGH
        if sure and (len(near) == 1 or round(near[0].confidence - near[1].confidence, 2) >= AHEAD):
            return HeadingMeaning(field or "value", "similar", near[0].confidence, near[0].indicator, None, near[1:])
        return replace(UNCLEAR, alternatives=near)

    def _consistent(self, meaning: HeadingMeaning, said: Sequence[str]) -> HeadingMeaning:
        """Without an indicator of another kind than the texts above the column say; it becomes an alternative.

        Points, the rate and the count of one matter share most words, so a name that is only similar is taken
        where its kind is said, too. `Số hồ sơ quá hạn (%)` is no count, though it is called so.
        """
        code = meaning.indicator
        if code is None:
            return meaning
        kind, heading = self.kinds[code], said_kind(said)
        names = [name for name, named in self.names.items() if named == code and name != fold(code)]
        if meaning.reason == "similar":
            fits = heading in {kind_of(kind, name) for name in names or [""]}
            fits = fits and (kind == "ratio" or meaning.field == "value")
        else:
            rate = heading == "ratio" and "ratio" not in (said_kind([name]) for name in names)
            fits = kind not in ("points", "count") or not (rate or any("%" in part for part in said))
        first = IndicatorMatch(code, meaning.confidence)
        return meaning if fits else replace(UNCLEAR, alternatives=(first, *meaning.alternatives)[:MOST_ALTERNATIVES])

    def _similar(self, words: frozenset[str]) -> Iterator[IndicatorMatch]:
        """Indicators whose names share words with a heading, the most alike first."""
        found: dict[str, float] = {}
        for name, code in self._words:
            shared = len(words & name)
            if not shared:
                continue
            likeness = shared / len(words | name)
            if shared == len(words) > 1:  # a heading is mostly shorter than the name
                likeness = (1 + likeness) / 2
            if likeness >= LEAST:
                found[code] = max(found.get(code, 0), round(likeness, 2))
        best = sorted(found.items(), key=lambda each: (-each[1], each[0]))
        return (IndicatorMatch(*each) for each in best)

    @cached_property
    def _words(self) -> list[tuple[frozenset[str], str]]:
        return [(frozenset(name.split()), code) for name, code in self.names.items()]
