"""The examples of reports about figures: counts over units, and two sources side by side."""

from typing import Any

from app.api.examples import SCORED_UNIT
from app.api.reports.examples import HEAD

OBSERVED = "2024-08-26T02:00:00Z"
SYNCED = "Tỷ lệ hồ sơ đã đồng bộ lên Cổng Dịch vụ công quốc gia"
COUNTS: dict[str, Any] = {
    **HEAD,
    "indicator": {"code": "dossier_sync", "name": SYNCED, "kind": "ratio"},
    "part": "numerator",
    "sum": 25775,
    "units": 1,
    "zero": 0,
    "missing": 0,
    "stated_sum": None,
    "agrees": None,
    "flags": [],
    "items": [
        {
            "place": 1,
            "unit": SCORED_UNIT,
            "count": 25775,
            "share": 100,
            "source": "national_portal",
            "observed_at": OBSERVED,
        }
    ],
    "sentence": f"{SYNCED} (tử số): 25.775 của 01 cơ quan, đơn vị: UBND tỉnh Tuyên Quang 25.775.",
}
NO_STATES: dict[str, Any] = dict.fromkeys(("match", "within_tolerance", "differs", "only_here", "only_there"), 0)
RECONCILIATION: dict[str, Any] = {
    **HEAD,
    "framework": "qd766@2022",
    "source": "national_portal",
    "other": "provincial_system",
    "tolerance": 0,
    "summary": {**NO_STATES, "only_here": 1},
    "items": [
        {
            "unit": SCORED_UNIT,
            "indicator": "dossier_sync",
            "name": SYNCED,
            "here": {"numerator": 25775, "denominator": 26080, "value": 98.83, "observed_at": OBSERVED},
            "there": None,
            "difference": {"numerator": None, "denominator": None, "value": None},
            "state": "only_here",
        }
    ],
    "points": {"summary": NO_STATES, "items": []},
}
