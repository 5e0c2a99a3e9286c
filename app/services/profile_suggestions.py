"""A profile proposed from a file: what its headings, names and sheets probably mean. Nothing is stored."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, cast

from sqlalchemy.orm import Session

from app.answers.faults import FaultBody
from app.answers.import_profile_suggestions import (
    ImportProfileSuggestion,
    SuggestedColumn,
    SuggestedSheet,
    SuggestedUnit,
)
from app.domain.figure_parser import Locale
from app.domain.input_location import InputLocation
from app.domain.intake.found_headings import FoundHeadings, find_headings
from app.domain.intake.heading_meanings import HeadingReader, Reason
from app.domain.intake.import_row import ImportedRow
from app.domain.intake.left_out import is_total
from app.domain.intake.profiles import ImportProfile, ProfileColumn
from app.domain.intake.row_figures import IndicatorKind
from app.domain.intake.suggested_columns import MeantColumn, meant_columns
from app.domain.unit_code import written_code
from app.domain.vietnamese import fold
from app.domain.words import Words
from app.errors import Fault, Faults, Invalid, Language, RefusalCode, Text
from app.formats.headings import HeadingRows, heading_parts
from app.formats.row_readers import RecordInput, TableInput, openings_of, read_rows_in
from app.formats.workbook import ExtractedSheet
from app.services.import_profiles import profile_faults
from app.services.imports.files import ImportFile
from app.services.imports.named_units import MOST_NAMED
from app.services.imports.row_checks import ImportOptions, RowChecker
from app.services.indicators import load_indicators
from app.services.rights import Caller, require_readable

Part = BinaryIO | ExtractedSheet

ROWS_LOOKED_AT = 60
MOST_NAMES = 5_000
"""Names of units that a profile may hold."""
LONGEST_TITLE = 300

NO_HEADINGS = RefusalCode(
    "headings_not_found",
    "No heading was found in the first rows of the file: a row with names of columns, such as `Đơn vị`, above rows "
    "with figures. State the profile by hand (PUT /v1/import-profiles/…).",
    "Không tìm thấy dòng tiêu đề ở các dòng đầu của tệp: dòng ghi tên cột, như `Đơn vị`, nằm trên các dòng số liệu. "
    "Hãy tự khai báo mẫu nhập (PUT /v1/import-profiles/…).",
    Invalid,
)
NOT_A_TABLE = RefusalCode(
    "profile_without_table",
    "A profile says how a table is laid out; send one (CSV, XLSX).",
    "Mẫu nhập mô tả cách trình bày bảng; hãy gửi một bảng (CSV, XLSX).",
    Invalid,
)
SAME, BY_NAME, SEVERAL, NOBODY = (
    Text("the code or an identifier of the unit", "mã hoặc mã định danh của đơn vị"),
    Text("the name of one unit alone", "tên của duy nhất một đơn vị"),
    Text("the name of several units", "tên của nhiều đơn vị"),
    Text("no unit is called so", "không có đơn vị mang tên này"),
)

REASONS: dict[Reason, Text] = {
    "field": Text("so called", "đúng tên gọi"),
    "ordinal": Text("it numbers the rows", "cột số thứ tự"),
    "indicator": Text("the name or the code of the indicator", "tên hoặc mã của chỉ số"),
    "part": Text("the name of the indicator and a word for a part of it", "tên chỉ số và từ chỉ tử số, mẫu số, tỷ lệ"),
    "period": Text("it names a period", "ghi một kỳ"),
    "similar": Text("it shares words with the name of the indicator", "có các từ giống tên chỉ số"),
    "content": Text("it names the units, whose codes stand in another column", "ghi tên đơn vị đã có mã ở cột khác"),
    "unclear": Text("no name is like it enough, or several are", "không giống tên nào, hoặc giống nhiều tên"),
    "repeated": Text("another column says the same", "trùng ý nghĩa với cột khác"),
}


@dataclass(frozen=True, slots=True)
class SuggestionQuery:
    """What a proposal goes by: units below `under`, the year of `period` for bare months, whose figures these are."""

    under: str | None = None
    period: str | None = None
    indicator: str | None = None
    locale: Locale = "auto"


@dataclass(frozen=True, slots=True)
class FoundUnits:
    """What the names in a file stand for."""

    checks: RowChecker

    def learn(self, texts: Sequence[str]) -> None:
        place = InputLocation(row=1)
        self.checks.learn([ImportedRow(place, "", text, "", "") for text in texts])

    def described(self, text: str, language: Language) -> SuggestedUnit | None:
        """What a text stands for; None where it is a code, so that nothing is to be said of it."""
        code = self.checks.codes.get(text)
        if code is None:
            bearers = sorted(self.checks.named.bearers(text)) if self.checks.named is not None else []
            why = SEVERAL if bearers else NOBODY
            near = bearers[:MOST_NAMED] or [code for code in [self.checks.names.meant(text).code] if code]
            said = why.render(language, {})
            return {"text": text, "unit": None, "confidence": 0.0, "reason": said, "alternatives": near}
        if text in self.checks.lives or ":" in text or written_code(text) in self.checks.lives:
            return None
        reason = BY_NAME.render(language, {})
        return {"text": text, "unit": code, "confidence": 1.0, "reason": reason, "alternatives": []}


@dataclass(frozen=True, slots=True)
class FileUnderstood:
    """What was understood of a file; `texts` are the different ones in the column of units."""

    found: FoundHeadings
    columns: Sequence[MeantColumn]
    sheets: Sequence[SuggestedSheet]
    texts: Sequence[str]
    indicator: str | None


def suggest_profile(
    session: Session, caller: Caller, file: ImportFile, asked: SuggestionQuery, language: Language
) -> ImportProfileSuggestion:
    """What a profile of such files would say. Raises Invalid where the file is no table, or has no headings."""
    if asked.under is not None:
        require_readable(session, caller, asked.under)
    if file.kind in ("json", "ndjson"):
        raise NOT_A_TABLE.error()
    kinds, names = load_indicators(session)
    units = FoundUnits(RowChecker(session, caller, ImportOptions(resolve="names", under=asked.under)))
    seen = _understood(file, kinds, names, units, asked)
    units.learn(seen.texts)
    words = [each for text in seen.texts if (each := units.described(text, language)) is not None]
    document = _document(seen, words, asked)
    faults = Faults(profile_faults(session, document, kinds))
    return {
        "profile": None if faults else document,
        "complete": not faults and _is_complete(seen, words),
        "title_rows": [{"row": row, "text": " ".join(filter(None, cells))[:200]} for row, cells in seen.found.above],
        "columns": [_described(each, language) for each in seen.columns],
        "units": words,
        "sheets": list(seen.sheets),
        "missing": [cast(FaultBody, fault.body(language)) for fault in faults.named],
    }


def _understood(
    file: ImportFile,
    kinds: Mapping[str, IndicatorKind],
    names: Words[str],
    units: FoundUnits,
    asked: SuggestionQuery,
) -> FileUnderstood:
    """What the headings, the names of sheets and the column of units say."""
    reader = HeadingReader(kinds, names.plain(), asked.period and asked.period[:4])
    with ExitStack() as closing:
        extracted = file.extract(closing, []).extracted
        parts: Sequence[Part] = extracted or [file.file]
        sheets = _sheets([each.name for each in extracted], reader, units)
        found = _headings(file, parts[0])
        indicator = asked.indicator or _named_above(found, names.plain())
        above = heading_parts([cells for _, cells in found.heads])
        columns = meant_columns(above, found, reader, kinds, indicator)
        return FileUnderstood(found, columns, sheets, _unit_texts(file, parts, found, columns), indicator)


def _is_complete(seen: FileUnderstood, words: Sequence[SuggestedUnit]) -> bool:
    """Whether every heading, name and sheet was understood, none by likeness alone."""
    return (
        all(each.meaning.field is not None and each.meaning.reason != "similar" for each in seen.columns)
        and all(each["unit"] is not None for each in words)
        and all(each["confidence"] for each in seen.sheets)
    )


def _headings(file: ImportFile, part: Part) -> FoundHeadings:
    """The headings of the first sheet, or of a text as the delimiter parts it that makes most cells of it."""
    openings = openings_of(part, file.kind, file.charset, ROWS_LOOKED_AT)
    found = find_headings(max(openings, key=lambda rows: sum(len(cells) - 1 for _, cells in rows), default=[]))
    if found is None:
        raise NO_HEADINGS.error()
    return found


def _named_above(found: FoundHeadings, names: Mapping[str, str]) -> str | None:
    """The one indicator that the titles above a table name."""
    titles = [fold(cell[:LONGEST_TITLE]) for _, cells in found.above for cell in cells if cell]
    named = {code for name, code in names.items() if " " in name and any(name in title for title in titles)}
    return named.pop() if len(named) == 1 else None


def _sheets(names: Sequence[str], reader: HeadingReader, units: FoundUnits) -> list[SuggestedSheet]:
    """What the names of several sheets say: periods, else units."""
    if len(names) < 2:
        return []
    units.learn([name for name in names if reader.period(name) is None])
    found = list[SuggestedSheet]()
    for name in names:
        period = reader.period(name)
        unit = None if period else units.checks.codes.get(name)
        found.append({"sheet": name, "period": period, "unit": unit, "confidence": 1.0 if period or unit else 0.0})
    return found


def _unit_texts(
    file: ImportFile, parts: Sequence[Part], found: FoundHeadings, columns: Sequence[MeantColumn]
) -> list[str]:
    """The different texts in the column of units, at most so many as a profile may hold; of totals none."""
    place = next((each.place for each in columns if each.meaning.field == "unit"), None)
    texts: dict[str, None] = {}
    headings = HeadingRows(found.skip_rows, found.heading_rows, labels=True)
    for part in parts if place is not None else ():
        with read_rows_in(part, file.kind, file.charset, headings=headings) as opened:
            for text in _texts_at(opened, place or 0):
                texts[text] = None
                if len(texts) == MOST_NAMES:
                    return list(texts)
    return list(texts)


def _texts_at(opened: TableInput | RecordInput, place: int) -> Iterator[str]:
    for _, cells in opened.rows if isinstance(opened, TableInput) else ():
        cell = cells[place] if not isinstance(cells, Fault) and place < len(cells) else None
        text = cell.strip() if isinstance(cell, str) else ""
        if text and not is_total(text):
            yield text


def _document(seen: FileUnderstood, words: Sequence[SuggestedUnit], asked: SuggestionQuery) -> ImportProfile:
    """The profile of what was understood."""
    columns: list[ProfileColumn] = [
        {
            "heading": each.heading,
            "field": each.meaning.field,
            "indicator": each.meaning.indicator,
            "period": each.meaning.period,
            "scale": each.scale,
        }
        for each in seen.columns
        if each.meaning.field is not None
    ]
    named = [each for each in seen.sheets if each["confidence"]]
    return {
        "title": None,
        "skip_rows": seen.found.skip_rows,
        "heading_rows": seen.found.heading_rows,
        "columns": columns,
        "unlisted": "refuse",
        "units": [{"text": each["text"], "unit": each["unit"]} for each in words if each["unit"] is not None],
        "indicators": [],
        "sheets": [{"sheet": each["sheet"], "period": each["period"], "unit": each["unit"]} for each in named],
        "indicator": seen.indicator if any(map(_lacks_indicator, seen.columns)) else None,
        "period": None,
        "source": None,
        "locale": asked.locale,
    }


def _lacks_indicator(column: MeantColumn) -> bool:
    return column.meaning.is_figure and column.meaning.indicator is None


def _described(column: MeantColumn, language: Language) -> SuggestedColumn:
    meaning = column.meaning
    return {
        "heading": column.heading,
        "field": meaning.field,
        "indicator": meaning.indicator,
        "period": meaning.period,
        "scale": column.scale,
        "confidence": meaning.confidence,
        "reason": REASONS[meaning.reason].render(language, {}),
        "alternatives": [{"indicator": each.indicator, "confidence": each.confidence} for each in meaning.alternatives],
    }
