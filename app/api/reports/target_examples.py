"""The examples of targets: what every province should have synced to the portal, and one that has not."""

from typing import Any

from app.api.examples import LOOKED_UP, SCORED_UNIT, SCORES
from app.api.reports.examples import HEAD

TARGET: dict[str, Any] = {
    "indicator": "dossier_sync",
    "level": "province",
    "year": 2024,
    "unit": None,
    "target": 99.5,
    "legal_ref": "Kế hoạch số 198/KH-UBND ngày 28/8/2023",
}
TARGETS: dict[str, Any] = {"items": [TARGET], "next_cursor": None}
TARGETS_STATED: dict[str, Any] = {"created": 1, "updated": 0, "unchanged": 0, "removed": 0, "items": [TARGET]}
BELOW_TARGET: dict[str, Any] = {
    **HEAD,
    "framework": SCORES["framework"],
    "indicators": [
        {
            "indicator": "dossier_sync",
            "name": "Tỷ lệ hồ sơ đã đồng bộ lên Cổng Dịch vụ công quốc gia",
            "kind": "ratio",
            "direction": "up",
            "of": 1,
            "below": 1,
            "missing": 0,
            "items": [
                {
                    "indicator": "dossier_sync",
                    "unit": SCORED_UNIT,
                    "value": 98.83,
                    "numerator": 25775,
                    "denominator": 26080,
                    "target": 99.5,
                    "gap": -0.67,
                    "target_of": {name: TARGET[name] for name in ("unit", "level", "legal_ref")},
                    "source": LOOKED_UP["source"],
                    "observed_at": "2024-08-26T02:00:00Z",
                }
            ],
            "missing_units": [],
            "sentence": "01 cơ quan, đơn vị không đạt: UBND tỉnh Tuyên Quang.",
            "sentence_en": "1 unit misses the target: UBND tỉnh Tuyên Quang.",
        }
    ],
}
