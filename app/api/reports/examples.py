"""The examples of reports, about the figures that the examples of imports bring."""

from typing import Any

from app.api.examples import SCORES

HEAD: dict[str, Any] = {
    "evaluation": None,
    "period": "2024-07",
    "against": "2024-06",
    "under": None,
    "as_of": "2024-08-26T02:05:00.123456Z",
    "observed_by": None,
}
CLASSIFICATION: dict[str, Any] = {
    **HEAD,
    "framework": SCORES["framework"],
    "levels": [
        {
            "level": "province",
            "name": "Tỉnh, thành phố",
            "of": 1,
            "ranked": 1,
            "unclassed": 0,
            "missing": 0,
            "bands": SCORES["summary"]["bands"],
            "items": [
                {name: item[name] for name in ("rank", "tied", "unit", "groups", "total", "band", "method", "flags")}
                for item in SCORES["items"]
            ],
        }
    ],
}
