"""The tables of a comparison: the annex as it is printed, and what fell."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.letter_format import printed_day, printed_moment
from app.domain.period import local_day
from app.domain.vietnamese_labels import period_words
from app.formats.delimited import Column
from app.formats.tables import Table

SIDES = [
    Column("before_count", "Số liệu kỳ trước", mixed=True),
    Column("before_rate", "Tỷ lệ kỳ trước (%)"),
    Column("now_count", "Số liệu kỳ này", mixed=True),
    Column("now_rate", "Tỷ lệ kỳ này (%)"),
    Column("change_count", "Tăng (+)/Giảm (-) số liệu", signed=True, mixed=True),
    Column("change_rate", "Tăng (+)/Giảm (-) tỷ lệ (điểm %)", signed=True),
    Column("before_points", "Điểm kỳ trước", mixed=True),
    Column("now_points", "Điểm kỳ này", mixed=True),
    Column("max", "Điểm tối đa"),
    Column("change_points", "Tăng (+)/Giảm (-) điểm", signed=True, mixed=True),
    Column("text", "Kết quả"),
    Column("unit_code", "Mã đơn vị", csv_only=True),
    Column("kind", "Mã loại dòng", csv_only=True),
    Column("indicator", "Mã chỉ số", csv_only=True),
    Column("part", "Mã phần", csv_only=True),
    Column("group", "Mã nhóm chỉ số", csv_only=True),
]
COLUMNS = [Column("number", "Số TT"), Column("heading", "Nội dung"), *SIDES]
FALLEN = [Column("number", "Số TT"), Column("within", "Thuộc mục"), Column("heading", "Nội dung"), *SIDES]
"""Of rows that stand alone one must say what they belong to: "Thanh toán trực tiếp" of what?"""


def all_rows(body: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Table:
    """Every row of the layout, as the annex prints it."""
    return Table("comparison", "So sánh hai kỳ", COLUMNS, [cells(body, row) for row in rows], heading(body))


def what_fell(body: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Table:
    """The rows that got worse."""
    return Table(
        "declined", "Nội dung giảm", FALLEN, [cells(body, row) for row in rows], heading(body, ": nội dung giảm")
    )


def heading(body: Mapping[str, Any], end: str = "") -> list[str]:
    return [body["layout"]["title"] + end, body["unit"]["name"], sides(body)]


def cells(body: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table; a place stands where other rows have their count."""
    now, before, change = row["now"] or {}, row["before"] or {}, row["change"] or {}
    return {
        "number": row["number"],
        "within": " › ".join(row["within"]) or None,
        "heading": row["heading"],
        "before_count": counted(before),
        "before_rate": before.get("rate"),
        "now_count": counted(now),
        "now_rate": now.get("rate"),
        "change_count": counted(change),
        "change_rate": change.get("rate"),
        "before_points": before.get("points"),
        "now_points": now.get("points"),
        "max": now.get("max"),
        "change_points": change.get("points"),
        "text": sentence(row["now_text"], row["change_text"]),
        "unit_code": body["unit"]["code"],
        **{name: row[name] for name in ("kind", "indicator", "part", "group")},
    }


def counted(side: Mapping[str, Any]) -> Any:
    return side.get("count") if side.get("rank") is None else side["rank"]


def sentence(now: str | None, change: str | None) -> str | None:
    """As letters print it.

    >>> sentence("13,2/18 điểm", "tăng 0,9 điểm"), sentence("13,2/18 điểm", None), sentence("68 (65,38%)", "-5,25%")
    ('13,2/18 điểm (tăng 0,9 điểm)', '13,2/18 điểm', '68 (65,38%), -5,25%')
    """
    if now is None or change is None:
        return now
    return f"{now}, {change}" if now.endswith(")") else f"{now} ({change})"


def sides(body: Mapping[str, Any]) -> str:
    """What is compared with what, as a line above the table."""
    now, before = body["moments"]["now"], body["moments"]["before"]
    this, that = period_words(body["period"]), body["against"]
    if that is None or before is None:
        return f"Kỳ này: {this} (số liệu {moment(now, None)})"
    other = f"Kỳ trước: {period_words(that)} (số liệu {moment(before, now)})"
    return f"Kỳ này: {this} (số liệu {moment(now, before)}). {other}"


def moment(one: datetime, other: datetime | None) -> str:
    """The day on which sources were looked up; with the hour where both sides share the day, as in Đồng Nai's letter.

    >>> eleven, nine = (datetime.fromisoformat(f"2024-07-08T{hour}:00:00+07:00") for hour in ("11", "09"))
    >>> moment(eleven, nine), moment(eleven, None)
    ('lúc 11 giờ 00 phút ngày 08/7/2024', 'ngày 08/7/2024')
    """
    day = f"ngày {printed_day(local_day(one))}"
    if other is None or other == one or local_day(one) != local_day(other):
        return day
    return f"lúc {printed_moment(one)}"
