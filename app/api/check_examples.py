"""The example of the check: a page of the letter of Bình Thành, February 2024, with two of its mistakes."""

from typing import Any

DRAFT: dict[str, Any] = {
    "unit": "Xã Bình Thành",
    "period": "2024-02",
    "against": "2024-01",
    "framework": "qd766",
    "rows": [
        {
            "ref": "1.2a",
            "part_of": "1.2",
            "now": {"count": "68", "rate": "65,38%"},
            "before": {"count": "3.863", "rate": "70,83%"},
            "change": "-525%",
        },
        {
            "ref": "1.2b",
            "part_of": "1.2",
            "now": {"count": "36", "rate": "34,62%"},
            "before": {"count": "1.591", "rate": "29,17%"},
            "change": "+5,45%",
        },
    ],
    "scores": {
        "groups": {"transparency": {"points": "11,8", "change": "+3,8"}},
        "totals": ["86,02", "86,2"],
        "total_before": "81,96",
        "total_change": "+4,06",
        "rank": "08/23",
        "rank_before": "22/23",
        "rank_change": "+14",
    },
    "lists": [
        {
            "ref": "overdue",
            "stated_sum": "428",
            "stated_units": "02",
            "items": [
                {"name": "Sở Tài nguyên và Môi trường", "count": "427"},
                {"name": "Sở Giao thông Vận tải", "count": "01"},
            ],
        }
    ],
    "classes": [{"ref": "departments", "stated_of": "17", "counts": {"good": "02", "fair": "04", "average": "11"}}],
    "moments": [{"ref": "annex_1", "text": "Thống kê ngày 29/02/2024"}],
}
FOUND: dict[str, Any] = {
    "unit": "Xã Bình Thành",
    "period": "2024-02",
    "framework": "qd766@2022",
    "findings": [
        {
            "rule": "change_wrong",
            "severity": "error",
            "ref": "1.2a",
            "detail": "The change is printed -525%, but 65,38% after 70,83% is a change of -5,45%; correct value and "
            "sign.",
            "stated": "-525%",
            "expected": "-5,45%",
        },
        {
            "rule": "totals_disagree",
            "severity": "error",
            "ref": "total",
            "detail": "The total is printed 86,2 in one place and 86,02 in another; print the same in both.",
            "stated": "86,2",
            "expected": "86,02",
        },
    ],
}
