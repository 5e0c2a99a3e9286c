"""The tables of the leader's brief: a sheet for each of its parts."""

from app.answers.report_brief import Brief
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.data import ReportData
from app.reports.report import Line, heading

SUMMARY = [
    Column("text", "Nội dung"),
    Column("total", "Tổng điểm"),
    Column("total_change", "Tăng (+)/Giảm (-) điểm", signed=True),
    Column("rank", "Thứ hạng"),
    Column("of", "Trong số"),
    Column("rank_change", "Tăng (+)/Giảm (-) bậc", signed=True),
]
GROUPS = [
    Column("number", "Số TT"),
    Column("name", "Nhóm chỉ số"),
    Column("max", "Điểm tối đa"),
    Column("before", "Điểm kỳ trước"),
    Column("now", "Điểm kỳ này"),
    Column("change", "Tăng (+)/Giảm (-) điểm", signed=True),
]
FELL = [
    Column("name", "Chỉ số giảm"),
    Column("before", "Kỳ trước"),
    Column("now", "Kỳ này"),
    Column("change", "Tăng (+)/Giảm (-)"),
]
UNITS_FELL = [
    Column("code", "Mã"),
    Column("name", "Đơn vị giảm điểm"),
    Column("before", "Điểm kỳ trước"),
    Column("now", "Điểm kỳ này"),
    Column("change", "Tăng (+)/Giảm (-) điểm", signed=True),
]
WATCH = [
    Column("code", "Mã"),
    Column("name", "Đơn vị cần theo dõi"),
    Column("aim_name", "Sát dưới"),
    Column("now", "Kết quả", mixed=True),
    Column("aim", "Mức cần đạt", mixed=True),
    Column("gap", "Còn thiếu", mixed=True),
    Column("kind", "Mã loại", csv_only=True),
    Column("of", "Mã mức", csv_only=True),
]
BELOW = [
    Column("name", "Chỉ tiêu"),
    Column("below", "Số đơn vị không đạt"),
    Column("of", "Trong số"),
    Column("sentence", "Danh sách"),
    Column("indicator", "Mã chỉ số", csv_only=True),
    Column("codes", "Mã đơn vị", csv_only=True),
]


def tables(data: ReportData, body: Brief) -> list[Table]:
    """What the page says, and its lists."""
    above = heading(data, body["title"])
    own: Line = body["own"] or dict.fromkeys(("total", "total_change", "rank", "of", "rank_change"))
    summary: list[Line] = [{**own, "text": " ".join(body["sentences"]) or body["title"]}]
    named = [{**each, "code": each["unit"]["code"], "name": each["called"]} for each in body["units_fell"]]
    watch = [
        {**each, "code": each["unit"]["code"], "name": each["called"], "aim_name": each["name"]}
        for each in body["watch"]
    ]
    below = [{**each, "codes": " ".join(unit["code"] for unit in each["items"])} for each in body["below"]]
    return [
        Table("summary", "Tóm tắt", SUMMARY, summary, above),
        Table("groups", "Nhóm chỉ số", GROUPS, body["groups"], above),
        Table("fell", "Chỉ số giảm", FELL, body["fell"], above),
        Table("units_fell", "Đơn vị giảm điểm", UNITS_FELL, named, above, numbered=True),
        Table("watch", "Cần theo dõi", WATCH, watch, above, numbered=True),
        Table("below", "Chưa đạt chỉ tiêu", BELOW, below, above),
    ]
