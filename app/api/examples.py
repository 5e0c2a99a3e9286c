"""The examples of the contract: shown in OpenAPI, and run as tests one after the other."""

from typing import Any


def example(body: object) -> dict[str, Any]:
    """An answer's example, as OpenAPI wants it."""
    return {"content": {"application/json": {"example": body}}}


UNIT: dict[str, Any] = {
    "code": "H60",
    "name": "UBND tỉnh Tuyên Quang",
    "level": "province",
    "parent": None,
    "identifiers": [{"scheme": "gso", "value": "08"}],
    "valid_from": None,
    "valid_to": None,
    "successors": [],
}
UNIT_PATCH: dict[str, Any] = {"name": "Ủy ban nhân dân tỉnh Tuyên Quang"}
UNITS_IMPORTED: dict[str, Any] = {
    "status": "applied",
    "rows": 1,
    "created": 1,
    "updated": 0,
    "unchanged": 0,
    "rejected": 0,
    "errors": [],
    "warnings": [],
}
UNIT_EVENT: dict[str, Any] = {
    "id": 1,
    "kind": "rename",
    "effective_on": "2025-07-01",
    "from": ["H60"],
    "to": [],
    "name": "UBND tỉnh Tuyên Quang",
    "parent": None,
    "legal_ref": "Nghị quyết 202/2025/QH15",
}
UNIT_LINEAGE: dict[str, Any] = {
    "code": "H60",
    "ancestors": [],
    "versions": [
        {
            "name": "UBND tỉnh Tuyên Quang",
            "level": "province",
            "parent": None,
            "valid_from": None,
            "valid_to": None,
        }
    ],
    "predecessors": [],
    "successors": [],
    "events": [],
}
PERIOD: dict[str, Any] = {
    "code": "2024-07",
    "type": "month",
    "starts_on": "2024-07-01",
    "ends_on": "2024-07-31",
    "previous": "2024-06",
    "same_last_year": "2023-07",
    "parent": "2024-Q3",
    "children": [],
    "locked": False,
}
INDICATOR: dict[str, Any] = {
    "code": "paid_dossiers",
    "kind": "ratio",
    "name": {"vi": "Tỷ lệ hồ sơ thanh toán trực tuyến", "en": "Dossiers paid online"},
    "direction": "up",
    "complement_of": None,
    "population": "dossiers_received",
    "unit": None,
    "legal_ref": "Chỉ số 3.6 của Cổng Dịch vụ công quốc gia",
}
FRAMEWORK: dict[str, Any] = {
    "code": "mot_cua",
    "version": "2026",
    "name": {"vi": "Chỉ số một cửa cấp xã", "en": "One-stop shop index of communes"},
    "valid_from": "2026-01-01",
    "indicators": [
        {
            "code": "counter_on_time",
            "kind": "ratio",
            "name": {"vi": "Tỷ lệ hồ sơ đúng hạn tại quầy", "en": "Dossiers on time at the counter"},
        },
        {
            "code": "counter_complaints",
            "kind": "count",
            "name": {"vi": "Số phản ánh về thái độ phục vụ", "en": "Complaints about conduct"},
        },
    ],
    "bands": [
        {"code": "passed", "name": {"vi": "Đạt", "en": "Passed"}, "min": 50},
        {"code": "failed", "name": {"vi": "Không đạt", "en": "Failed"}, "min": 0},
    ],
    "criteria": [
        {
            "code": "on_time",
            "name": {"vi": "Đúng hạn", "en": "On time"},
            "max": 80,
            "rules": [{"kind": "ratio", "indicator": "counter_on_time", "full_at": 95}],
        },
        {
            "code": "conduct",
            "name": {"vi": "Thái độ", "en": "Conduct"},
            "max": 20,
            "rules": [{"kind": "deduction", "indicator": "counter_complaints", "per": 1, "points": 5}],
        },
    ],
}
FRAMEWORK_VALID: dict[str, Any] = {"valid": True, "id": "mot_cua@2026", "max": 100, "criteria": 2, "indicators": 2}
FRAMEWORK_ENTRY: dict[str, Any] = {
    "code": "mot_cua",
    "version": "2026",
    "id": "mot_cua@2026",
    "name": {"vi": "Chỉ số một cửa cấp xã", "en": "One-stop shop index of communes"},
    "valid_from": "2026-01-01",
    "valid_to": None,
    "used": False,
    "digest": "9f2c5a0d4be1c07e38f6a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6",
}
LOOKED_UP = {"source": "national_portal", "observed_at": "2024-08-26T09:00:00+07:00"}
IMPORT_ROWS = [
    {
        "unit": "H60",
        "period": "2024-07",
        "indicator": "dossier_sync",
        "numerator": 25775,
        "denominator": 26080,
        "value": "98,83%",
        **LOOKED_UP,
    },
    {"unit": "H60", "period": "2024-07", "indicator": "transparency_points", "value": "13,2", **LOOKED_UP},
    {"unit": "H60", "period": "2024-07", "indicator": "total_points", "value": 81.77, **LOOKED_UP},
]
IMPORT: dict[str, Any] = {
    "id": 1,
    "status": "applied",
    "rows": 3,
    "created": 3,
    "updated": 0,
    "unchanged": 0,
    "rejected": 0,
    "errors": [],
    "warnings": [],
    "plan": None,
    "undoes": None,
}
IMPORT_CSV = """unit,period,indicator,numerator,denominator,source
H60,2024-07,dossier_sync,25775,26080,national_portal
"""
IMPORT_UNDONE: dict[str, Any] = {**IMPORT, "id": 2, "created": 0, "updated": 3, "undoes": 1}
IMPORT_RECORD: dict[str, Any] = {
    **IMPORT,
    "actor": "bootstrap",
    "known_at": "2024-08-26T02:05:00.123456Z",
    "requested_at": None,
    "progress": None,
    "problem": None,
}
IMPORT_RUNNING: dict[str, Any] = {
    **IMPORT_RECORD,
    "status": "running",
    "rows": 0,
    "created": 0,
    "known_at": None,
    "requested_at": "2024-08-26T02:05:00.123456Z",
    "progress": 0,
}
VALUE: dict[str, Any] = {
    "unit": "H60",
    "period": "2024-07",
    "indicator": "dossier_sync",
    "numerator": 25775,
    "denominator": 26080,
    "value": 98.83,
    "source": "national_portal",
    "observed_at": "2024-08-26T02:00:00Z",
    "note": None,
    "known_at": "2024-08-26T02:05:00.123456Z",
    "import_id": 1,
}
BAND_NAMES = {"excellent": "Xuất sắc", "good": "Tốt", "fair": "Khá", "average": "Trung bình", "weak": "Yếu"}
GROUPS_UNKNOWN = ("progress", "online", "payment", "satisfaction", "digitization")
SCORED: dict[str, Any] = {
    "total": 81.77,
    "max": 100,
    "band": {"code": "good", "name": "Tốt"},
    "method": "reported",
    "coverage": 1,
    "change": {"against": "2024-06", "total": None, "rank": None, "groups": {}},
    "flags": [],
}
GROUPS: dict[str, Any] = {"transparency": 13.2, **dict.fromkeys(GROUPS_UNKNOWN)}
SCORED_UNIT = {"code": "H60", "name": "UBND tỉnh Tuyên Quang", "level": "province"}
SCORES: dict[str, Any] = {
    "framework": "qd766@2022",
    "period": "2024-07",
    "as_of": "2024-08-26T02:05:00.123456Z",
    "cohort": {"under": None, "level": "province", "size": 1, "ranked": 1},
    "summary": {
        "mean": 81.77,
        "bands": [{"code": code, "name": name, "count": int(code == "good")} for code, name in BAND_NAMES.items()],
    },
    "items": [{"rank": 1, "tied": 1, "unit": SCORED_UNIT, **SCORED, "groups": GROUPS}],
    "next_cursor": None,
}
FIRST_OF_ONE = {"rank": 1, "tied": 1, "of": 1}
SCORE_SERIES: dict[str, Any] = {
    "unit": SCORED_UNIT,
    "items": [{"period": "2024-07", "framework": "qd766@2022", "rank": FIRST_OF_ONE, **SCORED, "groups": GROUPS}],
    "next_cursor": None,
}
SCORE_EXPLAINED: dict[str, Any] = {
    "unit": SCORED_UNIT,
    "period": "2024-07",
    "framework": "qd766@2022",
    **SCORED,
    "groups": GROUPS,
    "ranks": {"siblings": FIRST_OF_ONE, "province": None, "nationwide": FIRST_OF_ONE, "reported": None},
    "sentence": "Tổng điểm: 81,77/100 điểm theo số điểm nguồn công bố",
    "sentence_en": "Total: 81.77 of 100 points as the source reports them",
    "arithmetic": "81.77 = 81.77",
    "legal_ref": "Điểm tổng hợp do Cổng Dịch vụ công quốc gia công bố",
    "criteria": [
        {
            "code": "transparency",
            "name": {"vi": "Công khai, minh bạch", "en": "Openness and transparency"},
            "points": 13.2,
            "max": 18,
            "rule": {"optional": False, "kind": "reported", "indicator": "transparency_points"},
            "inputs": [
                {
                    "indicator": "transparency_points",
                    "numerator": None,
                    "denominator": None,
                    "value": 13.2,
                    "source": "national_portal",
                    "observed_at": "2024-08-26T02:00:00Z",
                }
            ],
            "arithmetic": "13.2 = 13.2",
            "legal_ref": "Điểm nhóm do Cổng Dịch vụ công quốc gia công bố; mức đạt điểm tối đa của từng chỉ số "
            "trước 2026 chưa biết đủ để tính lại",
            "flags": [],
            "sentence": "Công khai, minh bạch: 13,2/18 điểm theo số điểm nguồn công bố",
            "sentence_en": "Openness and transparency: 13.2 of 18 points as the source reports them",
            "criteria": [],
        }
    ],
}
AUDIT_ENTRY: dict[str, Any] = {
    "id": 1,
    "at": "2024-08-26T02:05:00.123456Z",
    "actor": "bootstrap",
    "action": "period.locked",
    "subject": "period:2024-07",
    "request_id": "5f2b7c0d9e1a4c3b",
    "before": None,
    "after": {"reason": "Đã công bố kết quả"},
    "previous": "0" * 64,
    "hash": "3b1f6d2c9a8e7f50" * 4,
}
ALIVE: dict[str, Any] = {"status": "alive"}
READY: dict[str, Any] = {"status": "ready", "instance": "5f2b7c0d9e1a4c3b"}
