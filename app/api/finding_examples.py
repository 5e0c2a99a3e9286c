"""The examples of findings: a rate of Bình Thành, January 2024, and July 2024 of Tuyên Quang, where all is well."""

from typing import Any

FINDING: dict[str, Any] = {
    "rule": "rate_differs_from_counts",
    "severity": "error",
    "unit": "H55.XDINHHOA.XBINHTHANH",
    "period": "2024-01",
    "indicator": "dossier_sync",
    "detail": "national_portal: the rate is stated 70.63 %, but 3,863/5,454 is 70.83 %, and points use the counts; "
    "correct the rate or the counts.",
    "stated": "70.63",
    "expected": "70.83",
}
NOTHING_FOUND: dict[str, Any] = {"framework": "qd766@2022", "period": "2024-07", "items": [], "next_cursor": None}
