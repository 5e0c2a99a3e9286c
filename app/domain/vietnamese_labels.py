"""Vietnamese words of what the contract says in codes: periods, kinds of period, ways of scoring, flags."""

from app.domain.letter_format import printed_month
from app.domain.period import PeriodType, read_period
from app.domain.vocabulary import Level

ROMAN = ("I", "II", "III", "IV")
HALVES = ("6 tháng đầu năm", "6 tháng cuối năm")
PERIOD_TYPES: dict[PeriodType, str] = {"month": "Tháng", "quarter": "Quý", "half": "6 tháng", "year": "Năm"}
LEVELS: dict[Level, str] = {
    "ministry": "bộ, ngành",
    "province": "tỉnh, thành phố",
    "department": "sở, ban, ngành",
    "district": "huyện",
    "commune": "xã",
    "other": "khác",
}
SOURCES = {
    "national_portal": "Cổng Dịch vụ công quốc gia",
    "provincial_system": "Hệ thống thông tin giải quyết TTHC tỉnh",
    "manual": "Nhập thủ công",
}
"""What the sources that ship are called; any other code stands for itself."""
SHORT_SOURCES = {"national_portal": "Cổng DVCQG", "provincial_system": "Hệ thống tỉnh", "manual": "Nhập tay"}
"""The same in a table."""
METHODS = {"computed": "tính toán", "reported": "công bố", "mixed": "kết hợp"}
FLAGS = {
    "incomplete": "thiếu nhóm",
    "partial": "thiếu số liệu",
    "points_exceed_max": "điểm vượt mức tối đa",
    "adjusted": "có điểm cộng, điểm trừ",
    "class_limited": "xếp loại bị hạ do thiếu điểm thành phần",
    "provisional": "tạm tính",
    "outside_validity": "ngoài hiệu lực bộ chỉ số",
    "rules_changed": "đổi bộ chỉ số",
    "cohort_changed": "đổi nhóm xếp hạng",
    "method_changed": "đổi cách tính",
    "basis_changed": "đổi căn cứ tính điểm",
    "unit_changed": "đơn vị đã sắp xếp lại",
    "before_incomplete": "kỳ trước thiếu số liệu",
    "derived_total": "tổng cộng từ điểm đã làm tròn",
    "not_observed_again": "chưa tra cứu lại",
    "cohort_hidden": "không xem được toàn nhóm",
    "cohort_partial": "nhóm còn đơn vị chưa có số liệu",
    "ended": "đã kết thúc hoạt động trong kỳ",
    "hypothetical": "giả định",
}


def period_words(code: str) -> str:
    """A period as letters name it. Invalid `period_invalid` for what is none.

    >>> period_words("2024-07"), period_words("2024-Q2"), period_words("2024-H1"), period_words("2024")
    ('tháng 7/2024', 'quý II/2024', '6 tháng đầu năm 2024', 'năm 2024')
    >>> period_words("2024-01")
    'tháng 01/2024'
    """
    period = read_period(code)
    year, month = period.starts_on.year, period.starts_on.month
    words = {
        "month": f"tháng {printed_month(month)}/{year}",
        "quarter": f"quý {ROMAN[(month - 1) // 3]}/{year}",
        "half": f"{HALVES[(month - 1) // 6]} {year}",
        "year": f"năm {year}",
    }
    return words[period.type]
