"""Layouts that an office states for comparisons and letters; they hold for the whole service."""

from sqlalchemy.orm import Session

from app.answers.layouts import LayoutDocument
from app.errors import Conflict, NotFound, RefusalCode
from app.services.stated import replace_stated
from app.store.layouts import LAYOUT, LAYOUTS, StatedLayout
from app.store.stated import StandingRecord, all_standing, find_standing, load_standing, standing_records

MOST = 50
"""So many stand at once: every evaluation freezes them all."""
UNKNOWN = RefusalCode(
    "layout_unknown", "There is no layout {code}; GET /v1/layouts lists them.", "Không có mẫu bảng {code}.", NotFound
)
TOO_MANY = RefusalCode(
    "layouts_too_many",
    "{limit} layouts stand, the most that there may be: take one back, or change one of them.",
    "Đã có {limit} mẫu bảng, là số nhiều nhất: hãy xóa bớt hoặc sửa một mẫu sẵn có.",
    Conflict,
)


def upsert_layout(session: Session, document: LayoutDocument) -> bool:
    """Whether a layout is new. Raises Conflict `layouts_too_many` where it would be one too many."""
    key = (document["code"],)
    before = load_standing(session, LAYOUTS, [key])
    if not before and len(stated_layouts(session, None)) >= MOST:
        raise TOO_MANY.error(limit=MOST)
    replace_stated(session, LAYOUTS, before, {key: StatedLayout(document["code"], document)}, _in_trace)
    return not before


def withdraw_layout(session: Session, code: str) -> LayoutDocument:
    """The layout that stood and stands no more. Raises NotFound where none did."""
    before = load_standing(session, LAYOUTS, [(code,)])
    if not before:
        raise UNKNOWN.error(code=code)
    replace_stated(session, LAYOUTS, before, {(code,): None}, _in_trace)
    return before[code,].record.document


def get_layout(session: Session, code: str, as_of: int | None) -> LayoutDocument:
    """What stood then. Raises NotFound where nothing did."""
    found = find_standing(session, LAYOUTS, as_of, LAYOUT.code == code)
    if found is None:
        raise UNKNOWN.error(code=code)
    return found.record.document


def stated_layouts(session: Session, as_of: int | None) -> list[LayoutDocument]:
    """All that stood then, by code."""
    return [each.document for each in all_standing(session, LAYOUTS, as_of)]


def standing_layouts(session: Session, as_of: int | None) -> list[StandingRecord[StatedLayout]]:
    """The same with since when they stand."""
    return standing_records(session, LAYOUTS, as_of)


def _in_trace(stated: StatedLayout) -> LayoutDocument:
    return stated.document
