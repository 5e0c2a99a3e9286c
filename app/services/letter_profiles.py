"""Letter profiles: what the letters of an office always say, stated once by the office."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.errors import NotFound, Text
from app.services import rights
from app.services.rights import Caller
from app.store import letter_profiles as store
from app.store.audit import record
from app.store.db import stamp
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row

UNKNOWN = Text(
    "Nobody has stated a letter profile of {unit}; its letters are made from its name and the framework.",
    "Đơn vị {unit} chưa khai báo mẫu văn bản; thể thức văn bản được lập từ tên đơn vị và bộ chỉ số.",
)
EMPTY: Mapping[str, Any] = {
    "superior": None,
    "issuer": None,
    "symbol": None,
    "place": None,
    "subject": None,
    "addressees": [],
    "basis": [],
    "opening": None,
    "closing": None,
    "orders": [],
    "signature": {"authority": None, "office": None, "name": None},
    "recipients": [],
}
"""A profile that says nothing."""


def upsert_profile(
    session: Session, caller: Caller, unit: str, profile: Mapping[str, Any]
) -> tuple[dict[str, Any], bool]:
    """The profile as it stands now, and whether it is a new one; what is left out is empty, and an empty one is none.

    Raises NotFound for a unit that nobody knows, Forbidden `unit_forbidden` outside the caller's subtree.
    """
    get_unit_row(session, unit)
    rights.require_writable(session, caller, unit)
    stated = {**EMPTY, **profile}
    before, after = store.find_profile(session, unit), None if stated == EMPTY else stated
    if before != after:
        store.replace_profile(session, unit, after, stamp(session))
        record(session, "letter_profile.stated", f"letter_profile:{unit}", before=before, after=after)
    return described(unit, stated), before is None and after is not None


def get(session: Session, caller: Caller, unit: str, as_of: int | None) -> dict[str, Any]:
    """What stood for the unit then. Raises NotFound where nothing did, or the caller may not see the unit."""
    rights.require_readable(session, caller, unit)
    get_unit_row(session, unit, UnitMoment(as_of))
    found = store.find_profile(session, unit, as_of)
    if found is None:
        raise NotFound("letter_profile_unknown", UNKNOWN, unit=unit)
    return described(unit, found)


def list_profiles(
    session: Session, caller: Caller, as_of: int | None, *, after: str | None, limit: int | None
) -> list[dict[str, Any]]:
    """At most `limit` profiles behind the unit `after`, kept to the caller's subtree."""
    within = rights.subtree_of(session, caller)
    found = store.list_profiles(session, within, as_of, after=after, limit=limit)
    return [described(unit, profile) for unit, profile in found]


def described(unit: str, profile: Mapping[str, Any]) -> dict[str, Any]:
    """A profile as it is answered."""
    return {"unit": unit, **profile}
