"""Keys: making, listing, revoking."""

import secrets
import unicodedata
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.instant import to_datetime
from app.domain.period import local_day
from app.domain.vietnamese import nfc
from app.errors import Conflict, Invalid, NotFound, RefusalCode
from app.services.rights import Scope, hashed
from app.store import keys as store
from app.store.audit import record
from app.store.changes import record_change
from app.store.db import now, stamp
from app.store.keys import KeyRow
from app.store.units import get_unit_row, refuse_ended

LONGEST_NAME = 60
IN_NAMES = frozenset("0123456789 .,_-&()'")
"""What names may hold besides Latin letters: no sign that a log, an address or a spreadsheet takes for its own."""
RESERVED = ("anonymous", "bootstrap", "chiso")

BAD_NAME = RefusalCode(
    "name_invalid",
    "A key's name begins with a letter or a digit, is made of Latin letters (Vietnamese ones too), digits, spaces and "
    "{signs}, has at most {limit} characters, and is none of {reserved}.",
    "Tên khóa bắt đầu bằng chữ hoặc số, chỉ gồm chữ cái Latinh (kể cả tiếng Việt), chữ số, dấu cách và {signs}, dài "
    "không quá {limit} ký tự, và không phải {reserved}.",
    Invalid,
)
NO_SCOPE = RefusalCode(
    "scope_missing", "A key needs at least one scope: {scopes}.", "Khóa phải có ít nhất một quyền: {scopes}.", Invalid
)
BAD_SCOPE = RefusalCode(
    "scope_unknown",
    "There is no scope {scope}; scopes are {scopes}.",
    "Không có quyền {scope}; các quyền: {scopes}.",
    Invalid,
)
TAKEN = RefusalCode(
    "key_exists",
    "A key named {name} exists already; names are not used twice.",
    "Đã có khóa tên {name}; tên không dùng lại.",
    Conflict,
)
UNKNOWN = RefusalCode("key_unknown", "There is no key named {name}.", "Không có khóa tên {name}.", NotFound)


def create_key(session: Session, name: str, scopes: Sequence[str], unit: str | None = None) -> str:
    """Make a key and return its secret, which is kept nowhere. NotFound for a unit unknown or ended before today."""
    known = ", ".join(Scope)
    name = require_name(name)
    if not scopes:
        raise NO_SCOPE.error(scopes=known)
    for scope in scopes:
        if scope not in set(Scope):
            raise BAD_SCOPE.error(scope=scope, scopes=known)
    if unit is not None:
        get_unit_row(session, unit)
        refuse_ended(session, unit, local_day(to_datetime(now(session))))
    if store.find_key(session, name) is not None:
        raise TAKEN.error(name=name)
    secret = "chiso_" + secrets.token_urlsafe(32)
    kept = sorted(set(scopes))
    created = stamp(session)
    key = KeyRow(name=name, hash=hashed(secret), scopes=kept, unit=unit, created_at=created, revoked_at=None)
    store.add_key(session, key)
    record(session, "key.created", f"key:{name}", after={"scopes": kept, "unit": unit})
    record_change(session, "keys", "created", f"key:{name}", unit=unit)
    return secret


def require_name(name: str) -> str:
    """The name as it is kept, composed and with single spaces; Invalid for one that nobody could read or tell apart.

    >>> require_name("  Sở Tài  chính ")
    'Sở Tài chính'
    """
    kept = plain_name(name)
    readable = all(letter in IN_NAMES or (letter.isalpha() and is_latin(letter)) for letter in kept)
    if not (readable and kept[:1].isalnum() and len(kept) <= LONGEST_NAME) or kept.casefold() in RESERVED:
        signs = " ".join(f"`{sign}`" for sign in ".,_-&()'")
        raise BAD_NAME.error(signs=signs, limit=LONGEST_NAME, reserved=", ".join(RESERVED))
    return kept


def plain_name(name: str) -> str:
    """A name composed, its spaces single."""
    return " ".join(nfc(name).split())


def is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN ")


def revoke_key(session: Session, name: str) -> None:
    """End a key; ending it again changes nothing."""
    name = plain_name(name)
    key = store.find_key(session, name) if name.isprintable() else None
    if key is None:
        raise UNKNOWN.error(name=name)
    if key.revoked_at is None:
        key.revoked_at = now(session)
        session.flush()
        record(session, "key.revoked", f"key:{name}")
        record_change(session, "keys", "revoked", f"key:{name}", unit=key.unit)
