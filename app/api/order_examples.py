"""The examples of publications and tasks: a province's state, and task 3.2 of Tuyên Quang's letter of July 2024."""

from typing import Any

from app.api.examples import SCORED_UNIT
from app.api.reports.examples import HEAD

PUBLICATION_STATED: dict[str, Any] = {
    "unit": "H60",
    "period": "2024-07",
    "subject": "results",
    "due_on": "2024-08-31",
    "published_on": "2024-08-28",
    "url": "https://tuyenquang.gov.vn/bo-chi-so/2024-07",
    "note": None,
    "legal_ref": "Khoản 13 Phụ lục Kế hoạch số 198/KH-UBND ngày 28/8/2023",
}
PUBLICATION_LISTED: dict[str, Any] = {**PUBLICATION_STATED, "state": "published"}
PUBLICATIONS: dict[str, Any] = {"items": [PUBLICATION_LISTED], "next_cursor": None}
PUBLICATIONS_STATED: dict[str, Any] = {
    "created": 1,
    "updated": 0,
    "unchanged": 0,
    "retracted": 0,
    "items": [PUBLICATION_LISTED],
}
SENTENCE = "Tính đến ngày 16/9/2024: 01/01 tỉnh, thành phố đã công khai kết quả."
PUBLICATION_REPORT: dict[str, Any] = {
    **HEAD,
    "on": "2024-09-16",
    "subjects": [
        {
            "subject": "results",
            "name": "kết quả",
            "levels": [
                {
                    "subject": "results",
                    "level": "province",
                    "name": "Tỉnh, thành phố",
                    "of": 1,
                    "published_total": 1,
                    "published": 1,
                    "late": 0,
                    "overdue": 0,
                    "pending": 0,
                    "sentence": SENTENCE,
                    "items": [
                        {
                            "subject": "results",
                            "unit": SCORED_UNIT,
                            **{name: PUBLICATION_STATED[name] for name in ("due_on", "published_on", "url", "note")},
                            "legal_ref": PUBLICATION_STATED["legal_ref"],
                            "state": "published",
                            "days_late": 0,
                        }
                    ],
                }
            ],
        }
    ],
}
TASK_ORDERED: dict[str, Any] = {
    "kind": "directive",
    "title": "Khẩn trương có giải pháp khắc phục tỷ lệ khai thác, sử dụng lại thông tin, dữ liệu số hóa",
    "detail": "Nêu tại mục 1.6, khoản 1 Văn bản",
    "unit": None,
    "assignee": "H60",
    "helpers": [],
    "period": "2024-07",
    "due_on": "2024-09-15",
    "legal_ref": "Quyết định số 766/QĐ-TTg ngày 23/6/2022",
    "finding": {"rule": "below_target", "unit": "H60", "period": "2024-07", "indicator": "reused_data"},
}
TASK: dict[str, Any] = {
    "id": 1,
    **TASK_ORDERED,
    "state": "open",
    "report": None,
    "reported_on": None,
    "reason": None,
    "overdue": True,
    "changed_at": "2024-08-28T02:05:00.123456Z",
}
TASK_REPORT_BACK: dict[str, Any] = {
    "state": "reported",
    "report": "Đã hướng dẫn các đơn vị khai thác dữ liệu số hóa",
    "reported_on": "2024-09-12",
}
TASK_REPORTED: dict[str, Any] = {**TASK, **TASK_REPORT_BACK, "overdue": False}
TASKS: dict[str, Any] = {"items": [TASK_REPORTED], "next_cursor": None}
ASSIGNED = {"code": "H60", "name": "UBND tỉnh Tuyên Quang"}
TASKS_REPORT: dict[str, Any] = {
    **HEAD,
    "on": "2024-09-16",
    "counts": {"of": 1, "open": 0, "reported": 1, "done": 0, "cancelled": 0, "overdue": 0},
    "items": [
        {
            **{name: TASK_REPORTED[name] for name in ("kind", "title", "detail", "due_on", "legal_ref", "finding")},
            **TASK_REPORT_BACK,
            "id": 1,
            "unit": None,
            "assignee": ASSIGNED,
            "helpers": [],
            "reason": None,
            "overdue": False,
            "days_late": 0,
            "sentence": "Giao UBND tỉnh Tuyên Quang trước ngày 16/9/2024: khẩn trương có giải pháp khắc phục tỷ lệ "
            "khai thác, sử dụng lại thông tin, dữ liệu số hóa.",
        }
    ],
}
