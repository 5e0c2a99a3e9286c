"""Keys: making, listing, revoking."""

import re
import secrets
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid, NotFound, Text
from app.services.rights import Scope, hashed
from app.store import keys as store
from app.store.audit import record
from app.store.db import now, stamp
from app.store.keys import KeyRow
from app.store.units import get_unit_row

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
RESERVED = ("anonymous", "bootstrap", "chiso")

BAD_NAME = Text(
    "A key's name is made of letters, digits, `.`, `_` and `-`, and is none of {reserved}.",
    "Tên khóa gồm chữ, số, `.`, `_` và `-`, và không phải {reserved}.",
)
NO_SCOPE = Text("A key needs at least one scope: {scopes}.", "Khóa phải có ít nhất một quyền: {scopes}.")
BAD_SCOPE = Text("There is no scope {scope}; scopes are {scopes}.", "Không có quyền {scope}; các quyền: {scopes}.")
TAKEN = Text(
    "A key named {name} exists already; names are not used twice.", "Đã có khóa tên {name}; tên không dùng lại."
)
UNKNOWN = Text("There is no key named {name}.", "Không có khóa tên {name}.")


def create_key(session: Session, name: str, scopes: Sequence[str], unit: str | None = None) -> str:
    """Make a key and return its secret, which is kept nowhere."""
    known = ", ".join(Scope)
    if NAME.fullmatch(name) is None or name in RESERVED:
        raise Invalid("name_invalid", BAD_NAME, reserved=", ".join(RESERVED))
    if not scopes:
        raise Invalid("scope_missing", NO_SCOPE, scopes=known)
    for scope in scopes:
        if scope not in set(Scope):
            raise Invalid("scope_unknown", BAD_SCOPE, scope=scope, scopes=known)
    if unit is not None:
        get_unit_row(session, unit)
    if store.find_key(session, name) is not None:
        raise Conflict("key_exists", TAKEN, name=name)
    secret = "chiso_" + secrets.token_urlsafe(32)
    kept = sorted(set(scopes))
    created = stamp(session)
    key = KeyRow(name=name, hash=hashed(secret), scopes=kept, unit=unit, created_at=created, revoked_at=None)
    store.add_key(session, key)
    record(session, "key.created", f"key:{name}", after={"scopes": kept, "unit": unit})
    return secret


def revoke_key(session: Session, name: str) -> None:
    """End a key; ending it again changes nothing."""
    key = store.find_key(session, name)
    if key is None:
        raise NotFound("key_unknown", UNKNOWN, name=name)
    if key.revoked_at is None:
        key.revoked_at = now(session)
        session.flush()
        record(session, "key.revoked", f"key:{name}")
