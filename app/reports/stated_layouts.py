"""Layouts as an office states them, beside those that ship."""

from typing import cast

from sqlalchemy.orm import Session

from app.answers.layouts import LayoutDocument, LayoutEntry
from app.domain.instant import to_datetime
from app.domain.period import read_period
from app.errors import Conflict, Fault, Invalid, RefusalCode
from app.reports.layouts import layouts
from app.reports.rules.layout_check import layout_faults, unknown_codes
from app.reports.rules.layouts import Layout, read_layout
from app.reports.rules.own_layout import OWN
from app.services import layouts as service
from app.services.frameworks import indicators_known, load_framework
from app.services.stated import today

REFUSED = RefusalCode(
    "layout_invalid", "{count} faults: this is no layout.", "Có {count} lỗi: đây không phải là mẫu bảng.", Invalid
)
SHIPPED = RefusalCode(
    "layout_ships",
    "The layout {code} ships with the service and stays as it is: state yours under another code, such as {code}_2.",
    "Mẫu bảng {code} có sẵn trong hệ thống và không sửa được: hãy dùng mã khác, ví dụ {code}_2.",
    Conflict,
)


def state(session: Session, document: LayoutDocument, framework: str) -> tuple[list[Fault], bool]:
    """State a layout: what is odd about it under a framework, as it is in force today, and whether it is new.

    Raises Invalid `layout_invalid` that names every fault, Conflict for the code of one that ships and where there
    would be too many, NotFound for a framework that is not in force.
    """
    layout, faults = read_layout(document)
    if layout is None:
        raise REFUSED.error(faults=faults, count=len(faults))
    _refuse_shipped(layout.code)
    rules = load_framework(session, framework, read_period(f"{today(session):%Y-%m}"), None)
    new = service.upsert_layout(session, document)
    unknown = unknown_codes(layout, rules, indicators_known(session, None))
    return [*unknown, *layout_faults(layout, rules)], new


def withdraw(session: Session, code: str) -> LayoutDocument:
    """The layout that stands no more. Raises NotFound where none stood, Conflict for one that ships."""
    _refuse_shipped(code)
    return service.withdraw_layout(session, code)


def get(session: Session, code: str, as_of: int | None) -> LayoutDocument:
    """The layout that ships, or that stood then. Raises NotFound."""
    if code in layouts():
        return document_of(layouts()[code])
    return service.get_layout(session, code, as_of)


def entries(session: Session, as_of: int | None, after: str | None) -> list[LayoutEntry]:
    """All there were then, by code, from behind a code."""
    found = [_entry(layout, None) for layout in layouts().values()]
    for each in service.standing_layouts(session, as_of):
        found.append(_entry(Layout.model_validate(each.record.document), each.known_at))
    return sorted((each for each in found if after is None or each["code"] > after), key=lambda each: each["code"])


def document_of(layout: Layout) -> LayoutDocument:
    """A layout as it was stated."""
    return cast(LayoutDocument, layout.model_dump(mode="json", exclude_unset=True))


def _refuse_shipped(code: str) -> None:
    if code == OWN or code in layouts():
        raise SHIPPED.error(code=code)


def _entry(layout: Layout, known_at: int | None) -> LayoutEntry:
    return {
        "code": layout.code,
        "title": {"vi": layout.title.vi, "en": layout.title.en},
        "source": layout.source,
        "levels": list(layout.levels),
        "view": layout.view,
        "shipped": known_at is None,
        "known_at": None if known_at is None else to_datetime(known_at),
    }
