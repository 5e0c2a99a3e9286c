"""How imports are sent, and how one that runs in the background is answered, for OpenAPI."""

from typing import Any

from app.answers.examples import load_example
from app.answers.imports import ImportRecord
from app.api.examples import example
from app.api.headers import carries
from app.api.uploads import FILE_FORM, REF, XLSX
from app.formats.delimited import Column

COLUMNS = [
    Column("id", "Số"),
    Column("status", "Trạng thái"),
    Column("rows", "Số liệu"),
    Column("created", "Mới"),
    Column("updated", "Sửa"),
    Column("unchanged", "Không đổi"),
    Column("rejected", "Từ chối"),
    Column("retracted", "Rút"),
    Column("actor", "Khóa"),
    Column("known_at", "Thời điểm"),
]
FIGURE = {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]}
SHARED = {
    "unit": {"type": "string", "description": "A unit's code, or an identifier as scheme:value."},
    "period": {"type": "string", "description": "Left out where `period=` gives it."},
    "source": {"type": ["string", "null"], "description": "`manual` where left out."},
    "observed_at": {"type": ["string", "null"], "format": "date-time"},
    "note": {"type": ["string", "null"], "maxLength": 1000},
}
ROWS: dict[str, Any] = {
    "ImportRow": {
        "type": "object",
        "description": "One figure.",
        "properties": {
            **SHARED,
            "indicator": {"type": "string"},
            "numerator": FIGURE,
            "denominator": {
                **FIGURE,
                "description": "With a numerator, unless a `value` is stated beside it: the rate as printed, and how "
                "many.",
            },
            "value": {**FIGURE, "description": "For a ratio the percentage, or n/d as text."},
            "retract": {"type": "boolean", "description": "Leaves the figure without a value."},
        },
        "required": ["unit", "indicator"],
        "additionalProperties": False,
    },
    "ImportWideRow": {
        "type": "object",
        "description": "The figures of a unit: beside what they share, a member for each by the indicator's code, or "
        "`code.numerator` and `code.denominator`.",
        "properties": SHARED,
        "required": ["unit"],
        "additionalProperties": True,  # typed ones clash in TypeScript with members that may be left out
    },
}
"""The rows of an import in JSON, for OpenAPI."""
IMPORT_CSV = """unit,period,indicator,numerator,denominator,source
H60,2024-07,dossier_sync,25775,26080,national_portal
"""


SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "array", "items": {"anyOf": [{"$ref": REF.format(model=each)} for each in ROWS]}},
                "example": load_example("import_rows")["items"],
            },
            "application/x-ndjson": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}, "example": IMPORT_CSV},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {"schema": FILE_FORM},
        },
    }
}
"""What an import is sent as, for OpenAPI."""

REPORT_CSV = """BÁO CÁO THÁNG 7;;
STT;Đơn vị;Tỷ lệ hồ sơ xử lý đúng hạn/trong hạn
1;UBND tỉnh Tuyên Quang;98,83
"""
TABLE_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": REPORT_CSV},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {"schema": FILE_FORM},
        },
    }
}
"""A table that is sent as a file, for OpenAPI."""

TAKEN_ON: dict[str, Any] = {
    "model": ImportRecord,
    "description": "Accepted: the import has a number and runs in the background.",
    **carries("Location", "Preference-Applied", "Retry-After"),
    **example("import_running"),
}
"""The answer to an import that runs in the background, for OpenAPI."""
