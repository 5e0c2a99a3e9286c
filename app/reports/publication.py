"""Publication: who had to publish what by when, and who has, as of a day.

Tuyên Quang's letter of July 2024, section 2: "Tính đến ngày 28/8/2024: 07/07 cơ quan, đơn vị cấp huyện đã công khai
kết quả"; Đồng Nai's of Q2/2024, section 4 d to f.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.letter_format import printed_day
from app.domain.publications import (
    NAMES,
    PublicationState,
    counted,
    days_late,
    out_on,
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
from app.reports.headings import heading
from app.reports.report import Report, without
from app.services.scored_cohorts import CohortUnit

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


def publication(data: ReportData, subject: str | None = None, on: date | None = None) -> Report:
    """Counts per subject and level, and the units behind them; `on` None: the day that the data are about.

    Without a level asked for all are told of, those too that an evaluation does not score.
    """
    day = on or data.today
    levels = LEVELS if data.level is None else (data.level,)
    rows = [row for row in data.publications() if subject in (None, row["subject"])]
    units = {member.code: member for member in data.units() if member.code != data.under}
    found = [
        {
            "subject": code,
            "name": name_of(code),
            "levels": _levels(levels, units, [row for row in rows if row["subject"] == code], day),
        }
        for code in sorted({row["subject"] for row in rows})
    ]
    subjects = [each for each in found if each["levels"]]
    above = heading(data, "Theo dõi việc công khai", f"Tính đến ngày {printed_day(day)}")
    counts = Table("counts", "Tổng hợp công khai", COUNTS, _count_rows(subjects), above)
    units_table = Table("units", "Danh sách công khai", LIST, _unit_rows(subjects), above)
    body = {**data.about(), "on": day, "subjects": subjects}
    told = [level for each in subjects for level in each["levels"]]
    lines = {
        "counts": [without(level, "items") for level in told],
        "units": [item for level in told for item in level["items"]],
    }
    return Report("publication", body, [counts, units_table], lines, data.evaluation)


def _levels(
    levels: Sequence[Level], units: Mapping[str, CohortUnit], rows: Sequence[Mapping[str, Any]], on: date
) -> list[dict[str, Any]]:
    """The levels with a duty, from the highest down."""
    held = [
        (level, [row for row in rows if row["unit"] in units and units[row["unit"]].level == level]) for level in levels
    ]
    return [_level(level, units, here, on) for level, here in held if here]


def _level(
    level: Level, units: Mapping[str, CohortUnit], rows: Sequence[Mapping[str, Any]], on: date
) -> dict[str, Any]:
    items = [_item(units[row["unit"]], row, on) for row in sorted(rows, key=lambda row: str(row["unit"]))]
    counts = counted(item["state"] for item in items)
    subject = rows[0]["subject"]
    return {
        "subject": subject,
        "level": level,
        "name": LEVEL_NAMES[level],
        **counts,
        "sentence": sentence(level, subject, counts, on),
        "items": items,
    }


def _item(unit: CohortUnit, row: Mapping[str, Any], on: date) -> dict[str, Any]:
    """One unit's duty as it stood on the day: what came out later is not shown."""
    due_on, published_on = day_of(row["due_on"]), day_of(row["published_on"])
    out = out_on(published_on, on)
    return {
        "subject": row["subject"],
        "unit": {"code": unit.code, "name": unit.name, "level": unit.level},
        "due_on": due_on,
        "published_on": published_on if out else None,
        "state": state_on(due_on, published_on, on),
        "days_late": days_late(due_on, published_on, on),
        "url": row["url"] if out else None,
        "note": row["note"],
        "legal_ref": row["legal_ref"],
    }


def day_of(written: str | None) -> date | None:
    """A day of JSON data."""
    return None if written is None else date.fromisoformat(written)


def _count_rows(subjects: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row for each subject and level."""
    return [
        {
            **{name: level[name] for name in ("of", "published_total", *PublicationState, "sentence")},
            **_codes(subject, level),
            "share": share(level),
        }
        for subject in subjects
        for level in subject["levels"]
    ]


def _codes(subject: Mapping[str, Any], level: Mapping[str, Any]) -> dict[str, str]:
    """What a row is about, in words and by code."""
    return {
        "subject": subject["name"],
        "subject_code": subject["subject"],
        "level": level["name"],
        "level_code": level["level"],
    }


def _unit_rows(subjects: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row for each unit with a duty."""
    return [
        {
            **item,
            **_codes(subject, level),
            "code": item["unit"]["code"],
            "name": item["unit"]["name"],
            "state": NAMES[item["state"]],
            "state_code": item["state"],
        }
        for subject in subjects
        for level in subject["levels"]
        for item in level["items"]
    ]
