"""Letter profiles: what the letters of an office always say, stated once by the office."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.answers.letter_profiles import LetterProfile, LetterProfileOut
from app.errors import NotFound, RefusalCode
from app.services import rights
from app.services.rights import Caller
from app.store.audit import record
from app.store.changes import record_change
from app.store.db import stamp
from app.store.letter_profiles import PROFILE, PROFILES, StatedProfile, find_profile
from app.store.stated import find_standing, list_standing, replace_records
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row

UNKNOWN = RefusalCode(
    "letter_profile_unknown",
    "Nobody has stated a letter profile of {unit}; its letters are made from its name and the framework.",
    "Đơn vị {unit} chưa khai báo mẫu văn bản; thể thức văn bản được lập từ tên đơn vị và bộ chỉ số.",
    NotFound,
)
EMPTY: LetterProfile = {
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
    session: Session, caller: Caller, unit: str, profile: LetterProfile
) -> tuple[LetterProfileOut, bool]:
    """The profile as it stands now, and whether it is a new one; an empty one withdraws what stood.

    Raises NotFound for a unit that nobody knows, Forbidden `unit_forbidden` outside the caller's subtree.
    """
    get_unit_row(session, unit)
    rights.require_writable(session, caller, unit)
    standing = find_standing(session, PROFILES, None, PROFILE.unit == unit)
    before, after = None if standing is None else standing.record.profile, None if profile == EMPTY else profile
    if before != after:
        ended = [] if standing is None else [standing.row]
        stated = [] if after is None else [StatedProfile(unit, after)]
        replace_records(session, PROFILES, ended, stated, stamp(session))
        record(session, "letter_profile.stated", f"letter_profile:{unit}", before=before, after=after)
        action = "withdrawn" if after is None else "stated"
        record_change(session, "letter_profiles", action, f"letter_profile:{unit}", unit=unit)
    return described(unit, profile), before is None and after is not None


def get(session: Session, caller: Caller, unit: str, as_of: int | None) -> LetterProfileOut:
    """What stood for the unit then. Raises NotFound where nothing did, or the caller may not see the unit."""
    rights.require_readable(session, caller, unit)
    get_unit_row(session, unit, UnitMoment(as_of))
    found = find_profile(session, unit, as_of)
    if found is None:
        raise UNKNOWN.error(unit=unit)
    return described(unit, found)


def list_profiles(
    session: Session, caller: Caller, as_of: int | None, *, after: Sequence[str] | None, limit: int | None
) -> Iterator[LetterProfileOut]:
    """At most `limit` (None: all) profiles behind the unit `after`, kept to the caller's subtree."""
    within = rights.subtree_of(session, caller)
    where = [] if within is None else [within.holds(PROFILE.unit)]
    found = list_standing(session, PROFILES, as_of, *where, after=after, limit=limit)
    return (described(*each.record) for each in found)


def described(unit: str, profile: LetterProfile) -> LetterProfileOut:
    """A profile as it is answered."""
    return {"unit": unit, **profile}
