"""Publication: who had to publish what by when, and who has, as of a day.

Tuyên Quang's letter of July 2024, section 2: "Tính đến ngày 28/8/2024: 07/07 cơ quan, đơn vị cấp huyện đã công khai
kết quả"; Đồng Nai's of Q2/2024, section 4 d to f.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.answers.reports import ObligedUnit, PublicationLevel, PublicationReport, PublicationSubject
from app.domain.letter_format import printed_day
from app.domain.publications import (
    NAMES,
    OUT,
    PublicationCounts,
    PublicationState,
    counted,
    days_late,
    sentence,
    share,
    state_on,
)
from app.domain.publications import subject_name as name_of
from app.domain.vocabulary import LEVELS, Level
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.classification import LEVEL_NAMES
from app.reports.data import ReportData
from app.reports.report import Line, Lines, Report, brief, heading, without
from app.services.scored_cohorts import CohortUnit
from app.store.publications import Publication

CODES = [Column("subject_code", "Mã nội dung", csv_only=True), Column("level_code", "Mã cấp", csv_only=True)]
COUNTS = [
    Column("subject", "Nội dung"),
    Column("level", "Cấp"),
    Column("share", "Đã công khai"),
    Column("of", "Phải công khai"),
    Column("published", "Đúng hạn"),
    Column("late", "Chậm"),
    Column("overdue", "Quá hạn, chưa công khai"),
    Column("pending", "Chưa công khai, còn hạn"),
    Column("sentence", "Kết quả theo dõi"),
    Column("published_total", "Số đã công khai", csv_only=True),
    *CODES,
]
LIST = [
    Column("subject", "Nội dung"),
    Column("level", "Cấp"),
    Column("code", "Mã"),
    Column("name", "Đơn vị"),
    Column("due_on", "Hạn công khai"),
    Column("published_on", "Ngày công khai"),
    Column("state", "Tình trạng"),
    Column("days_late", "Số ngày chậm"),
    Column("url", "Địa chỉ"),
    Column("note", "Ghi chú"),
    Column("legal_ref", "Căn cứ"),
    *CODES,
    Column("state_code", "Mã tình trạng", csv_only=True),
]


@dataclass(frozen=True, slots=True)
class Duty:
    """What a unit had to publish, as it stood on the day: what came out later was not out yet."""

    unit: CohortUnit
    stated: Publication
    state: PublicationState
    days_late: int | None


@dataclass(frozen=True, slots=True)
class LevelDuties:
    """The duties of a level about one subject, by the code of the unit."""

    subject: str
    level: Level
    counts: PublicationCounts
    sentence: str
    duties: Sequence[Duty]


def publication(data: ReportData, subject: str | None = None, on: date | None = None) -> Report:
    """Counts per subject and level, and the units behind them; `on` None: the day that the data are about."""
    day = on or data.today
    levels = duties_on(data, day, subject)
    subjects = [_subject_body(code, list(of)) for code, of in groupby(levels, key=lambda each: each.subject)]
    above = heading(data, "Theo dõi việc công khai", f"Tính đến ngày {printed_day(day)}")
    counts = Table("counts", "Tổng hợp công khai", COUNTS, [_count_row(level) for level in levels], above)
    body: PublicationReport = {**data.about(), "on": day, "subjects": subjects}
    bodies = [level for each in subjects for level in each["levels"]]
    lines: Lines = {
        "counts": [without(level, "items") for level in bodies],
        "units": [item for level in bodies for item in level["items"]],
    }
    return Report("publication", body, [counts, duties_table(levels, above)], lines, data.evaluation)


def duties_on(data: ReportData, day: date, subject: str | None = None) -> list[LevelDuties]:
    """The duties as they stood on a day, subject by subject, from the highest level down.

    Without a level all of them are listed, those too that an evaluation does not score.
    """
    levels = LEVELS if data.level is None else (data.level,)
    units = {member.code: member for member in data.units() if member.code != data.under}
    known = [row for row in data.publications() if subject in (None, row.subject) and row.unit in units]
    known.sort(key=lambda row: row.unit)
    return [
        _level_duties(code, level, rows, units, day)
        for code in sorted({row.subject for row in known})
        for level in levels
        if (rows := [row for row in known if row.subject == code and units[row.unit].level == level])
    ]


def _level_duties(
    subject: str, level: Level, rows: Sequence[Publication], units: Mapping[str, CohortUnit], on: date
) -> LevelDuties:
    duties = [_duty(units[row.unit], row, on) for row in rows]
    counts = counted(each.state for each in duties)
    return LevelDuties(subject, level, counts, sentence(level, subject, counts, on), duties)


def _duty(unit: CohortUnit, row: Publication, on: date) -> Duty:
    days = row.due_on, row.published_on, on
    return Duty(unit, row, state_on(*days), days_late(*days))


def _subject_body(code: str, levels: Sequence[LevelDuties]) -> PublicationSubject:
    return {"subject": code, "name": name_of(code), "levels": [_level_body(level) for level in levels]}


def _level_body(level: LevelDuties) -> PublicationLevel:
    return {
        "subject": level.subject,
        "level": level.level,
        "name": LEVEL_NAMES[level.level],
        **level.counts,
        "sentence": level.sentence,
        "items": [_unit_body(duty) for duty in level.duties],
    }


def _unit_body(duty: Duty) -> ObligedUnit:
    is_out, stated = duty.state in OUT, duty.stated
    return {
        "subject": stated.subject,
        "unit": brief(duty.unit),
        "due_on": stated.due_on,
        "published_on": stated.published_on if is_out else None,
        "state": duty.state,
        "days_late": duty.days_late,
        "url": stated.url if is_out else None,
        "note": stated.note,
        "legal_ref": stated.legal_ref,
    }


def _count_row(level: LevelDuties) -> Line:
    """A row for a subject and level."""
    return {**level.counts, "sentence": level.sentence, **_codes(level), "share": share(level.counts)}


def _codes(level: LevelDuties) -> dict[str, str]:
    """What a row is about, in words and by code."""
    return {
        "subject": name_of(level.subject),
        "subject_code": level.subject,
        "level": LEVEL_NAMES[level.level],
        "level_code": level.level,
    }


def duties_table(levels: Sequence[LevelDuties], above: Sequence[str] = ()) -> Table:
    """A row for each unit with a duty."""
    rows = [_unit_row(level, duty) for level in levels for duty in level.duties]
    return Table("units", "Danh sách công khai", LIST, rows, above, numbered=True)


def _unit_row(level: LevelDuties, duty: Duty) -> Line:
    return {
        **_unit_body(duty),
        **_codes(level),
        "code": duty.unit.code,
        "name": duty.unit.name,
        "state": NAMES[duty.state],
        "state_code": duty.state,
    }
