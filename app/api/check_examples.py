"""The example of the check: a page of the letter of Bình Thành, February 2024, with two of its mistakes."""

import json
from pathlib import Path
from typing import Any

DRAFT: dict[str, Any] = json.loads((Path(__file__).parent.parent / "demo" / "draft_letter.json").read_text("utf-8"))
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
