"""The examples of comparisons, about the figures that the examples of imports bring."""

from typing import Any

from app.api.examples import SCORES
from app.api.reports.examples import HEAD

LOOKED_UP = "2024-08-26T02:00:00Z"
UNKNOWN: dict[str, Any] = dict.fromkeys(("count", "of", "rate", "points", "max", "rank", "source", "observed_at"))
UNSAID: dict[str, Any] = dict.fromkeys(("count", "rate", "points", "rank"))
GROUP_ROW: dict[str, Any] = {
    "number": "1.1",
    "heading": "Điểm đánh giá công khai, minh bạch",
    "depth": 0,
    "within": [],
    "kind": "group",
    "indicator": None,
    "part": None,
    "group": "transparency",
    "now": {**UNKNOWN, "points": 13.2, "max": 18},
    "before": UNKNOWN,
    "change": UNSAID,
    "now_text": "13,2/18 điểm",
    "before_text": None,
    "change_text": None,
    "declined": False,
    "flags": [],
}
REST_ROW: dict[str, Any] = {
    "number": None,
    "heading": "Hồ sơ chưa đồng bộ lên Cổng Dịch vụ công quốc gia",
    "depth": 2,
    "within": [
        "Điểm đánh giá công khai, minh bạch",
        "Tỷ lệ hồ sơ đồng bộ lên Cổng Dịch vụ công quốc gia",
    ],
    "kind": "indicator",
    "indicator": "dossier_sync",
    "part": "complement",
    "group": None,
    "now": {
        **UNKNOWN,
        "count": 305,
        "of": 26080,
        "rate": 1.17,
        "source": "national_portal",
        "observed_at": LOOKED_UP,
    },
    "before": UNKNOWN,
    "change": UNSAID,
    "now_text": "305 (1,17%)",
    "before_text": None,
    "change_text": None,
    "declined": False,
    "flags": [],
}
COMPARISON: dict[str, Any] = {
    **HEAD,
    "unit": SCORES["items"][0]["unit"],
    "framework": SCORES["framework"],
    "against_framework": SCORES["framework"],
    "view": None,
    "layout": {"code": "province_letter", "title": "Kết quả thực hiện Bộ chỉ số"},
    "flags": SCORES["items"][0]["flags"],
    "moments": {"now": LOOKED_UP, "before": None},
    "rows": [GROUP_ROW, REST_ROW],
    "total": {"now": 81.77, "before": None, "max": 100, "change": None},
    "rank": {"now": {"rank": 1, "of": 1}, "before": None, "change": None},
    "reported_rank": {"now": None, "before": None, "change": None},
}
LAYOUTS: dict[str, Any] = {
    "items": [
        {
            "code": "province_letter",
            "title": {"vi": "Kết quả thực hiện Bộ chỉ số", "en": "Results under the index"},
            "source": "Công văn UBND tỉnh Tuyên Quang về kết quả thực hiện Bộ chỉ số tháng 7/2024, mục 1",
            "levels": ["ministry", "province", "department", "district", "other"],
            "view": None,
            "rows": [
                {
                    "number": "1.1",
                    "heading": {"vi": "Điểm đánh giá công khai, minh bạch", "en": "Openness and transparency"},
                    "depth": 0,
                    "kind": "group",
                    "indicator": None,
                    "part": None,
                    "show": None,
                    "group": "transparency",
                    "rank": None,
                },
                {
                    "number": None,
                    "heading": {"vi": "Hồ sơ chưa đồng bộ lên Cổng Dịch vụ công quốc gia", "en": "Not synced"},
                    "depth": 2,
                    "kind": "indicator",
                    "indicator": "dossier_sync",
                    "part": "complement",
                    "show": "both",
                    "group": None,
                    "rank": None,
                },
            ],
        }
    ],
    "next_cursor": None,
}
