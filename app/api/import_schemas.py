"""How imports are sent and answered."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app.answers.examples import load_example
from app.answers.faults import FaultBody
from app.api.examples import example
from app.api.headers import carries
from app.api.uploads import FILE_FORM, XLSX
from app.formats.delimited import Column

COLUMNS = [
    Column("id", "Số"),
    Column("status", "Trạng thái"),
    Column("rows", "Số liệu"),
    Column("created", "Mới"),
    Column("updated", "Sửa"),
    Column("unchanged", "Không đổi"),
    Column("rejected", "Từ chối"),
    Column("actor", "Khóa"),
    Column("known_at", "Thời điểm"),
]
ROW_SCHEMA = {
    "type": "object",
    "properties": {
        "unit": {"type": "string", "description": "A unit's code, or an identifier as scheme:value."},
        "period": {"type": "string", "description": "Left out where `period=` gives it."},
        "indicator": {"type": "string"},
        "numerator": {"type": ["number", "string", "null"]},
        "denominator": {"type": ["number", "string", "null"]},
        "value": {"type": ["number", "string", "null"], "description": "For a ratio the percentage, or n/d as text."},
        "source": {"type": ["string", "null"], "description": "`manual` where left out."},
        "observed_at": {"type": ["string", "null"], "format": "date-time"},
        "note": {"type": ["string", "null"], "maxLength": 1000},
        "retract": {"type": "boolean", "description": "Leaves the figure without a value."},
    },
    "required": ["unit", "indicator"],
    "additionalProperties": False,
}
IMPORT_CSV = """unit,period,indicator,numerator,denominator,source
H60,2024-07,dossier_sync,25775,26080,national_portal
"""


class ImportOut(BaseModel):
    """What became of an import; created + updated + unchanged + rejected = rows, always.

    Of more than 1,000 errors or warnings a last entry (`further_errors`, `further_warnings`) counts the others.
    """

    model_config = ConfigDict(json_schema_extra={"example": load_example("import")})

    id: int | None
    status: Literal["applied", "planned", "rejected"]
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[FaultBody]
    warnings: list[FaultBody]
    plan: str | None
    undoes: int | None


class Reason(BaseModel):
    """Why nothing of a background import was stored: the problem that it would have been answered with (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


class ImportRecord(BaseModel):
    """An import as it is kept: also who made it, when it became known, and how far it is.

    `requested_at`, `progress` (rows read so far, where this process knows) and `problem` are of imports in the
    background; of those `known_at` is null unless they were applied.
    """

    model_config = ConfigDict(json_schema_extra={"example": load_example("import_record")})

    id: int
    status: Literal["running", "applied", "rejected", "failed"]
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[FaultBody]
    warnings: list[FaultBody]
    plan: str | None
    undoes: int | None
    actor: str
    known_at: datetime | None
    requested_at: datetime | None
    progress: int | None
    problem: Reason | None


class ImportList(BaseModel):
    items: list[ImportRecord]
    next_cursor: str | None


SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "array", "items": ROW_SCHEMA},
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

TAKEN_ON: dict[str, Any] = {
    "model": ImportRecord,
    "description": "Accepted: the import has a number and runs in the background.",
    **carries("Location", "Preference-Applied", "Retry-After"),
    **example("import_running"),
}
"""The answer to an import that runs in the background, for OpenAPI."""
