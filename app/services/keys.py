"""Keys: making, rotating, ending."""

import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy.orm import Session

from app.answers.keys import KeyOut, ScopeName
from app.domain.instant import to_datetime
from app.domain.networks import lie_within, nearest_network, read_network
from app.domain.period import local_day
from app.domain.vietnamese import nfc
from app.errors import Conflict, Fault, Faults, Forbidden, Invalid, NotFound, RefusalCode
from app.services.rights import Caller, Scope, hashed
from app.store import keys as store
from app.store.audit import record
from app.store.changes import record_change
from app.store.db import now, stamp
from app.store.keys import KeyRow
from app.store.units import get_unit_row, refuse_ended

LONGEST_NAME = 60
SECOND = 1_000_000
"""µs."""
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
REVOKED = RefusalCode(
    "key_revoked",
    "The key {name} is revoked and stays so; make another.",
    "Khóa {name} đã bị thu hồi, không khôi phục được; hãy tạo khóa khác.",
    Conflict,
)
EXPIRED = RefusalCode(
    "key_expired",
    "The key {name} has expired, so a new secret would not work either; first let it end later.",
    "Khóa {name} đã hết hạn nên mã mới cũng không dùng được; hãy gia hạn khóa trước.",
    Conflict,
)
ENDED = RefusalCode(
    "expiry_past",
    "A key ends in the future; to end one now, revoke it.",
    "Thời điểm hết hạn phải ở tương lai; muốn ngừng khóa ngay thì thu hồi khóa.",
    Invalid,
)
BAD_NETWORK = RefusalCode(
    "network_invalid",
    "`{network}` is no network; write one as 203.0.113.0/24 or 2001:db8::/32, or a single address.",
    "`{network}` không phải là mạng; hãy ghi như 203.0.113.0/24 hoặc 2001:db8::/32, hoặc một địa chỉ.",
    Invalid,
)
EXCEEDS = RefusalCode(
    "key_exceeds_maker",
    "A key that is made, changed or rotated with the key {name} ends no later and works from no other networks than "
    "that one.",
    "Khóa được tạo, sửa hoặc đổi mã bằng khóa {name} không được hết hạn muộn hơn, cũng không được dùng từ mạng khác "
    "với khóa {name}.",
    Forbidden,
)
UNKNOWN = RefusalCode("key_unknown", "There is no key named {name}.", "Không có khóa tên {name}.", NotFound)


class KeyTerms(NamedTuple):
    """When a key ends (µs; None: never), and the networks that it works from; none: from anywhere."""

    expires_at: int | None = None
    networks: Sequence[str] = ()

    def plain(self) -> dict[str, object]:
        """As they stand in the trace."""
        ends = None if self.expires_at is None else to_datetime(self.expires_at).isoformat()
        return {"expires_at": ends, "networks": list(self.networks)}


LIMITLESS = KeyTerms()


def create_key(
    session: Session,
    name: str,
    scopes: Sequence[str],
    unit: str | None = None,
    terms: KeyTerms = LIMITLESS,
    maker: Caller | None = None,
) -> str:
    """Make a key and return its secret, which is kept nowhere. NotFound for a unit unknown or ended before today.

    `maker`: whose key makes it, and must not be exceeded by it (`require_no_more`); None: the operator.
    """
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
    terms = checked_terms(session, terms, maker)
    if store.find_key(session, name) is not None:
        raise TAKEN.error(name=name)
    secret, kept = new_secret(), sorted(set(scopes))
    key = KeyRow(
        name=name,
        hash=hashed(secret),
        scopes=kept,
        unit=unit,
        created_at=stamp(session),
        revoked_at=None,
        expires_at=terms.expires_at,
        networks=list(terms.networks),
    )
    store.add_key(session, key)
    record(session, "key.created", f"key:{name}", after={"scopes": kept, "unit": unit, **terms.plain()})
    record_change(session, "keys", "created", f"key:{name}", unit=unit)
    return secret


def new_secret() -> str:
    return "chiso_" + secrets.token_urlsafe(32)


def checked_terms(session: Session, terms: KeyTerms, maker: Caller | None) -> KeyTerms:
    """Terms as they are kept: Invalid where a key would have ended already or a network is none, Forbidden for more
    than the maker's own key may.
    """
    if terms.expires_at is not None and terms.expires_at <= now(session):
        raise Fault(ENDED, pointer="/expires_at").error()
    faults = Faults(_network_faults(terms.networks))
    if faults:
        raise BAD_NETWORK.error(faults=faults, network=faults.named[0].context["network"])
    kept = KeyTerms(terms.expires_at, [str(read_network(each)) for each in dict.fromkeys(terms.networks)])
    require_no_more(session, kept, maker)
    return kept


def _network_faults(networks: Sequence[str]) -> Iterator[Fault]:
    for place, text in enumerate(networks):
        try:
            read_network(text)
        except ValueError:
            near = nearest_network(text)
            yield Fault(BAD_NETWORK, {"network": text[:60]}, f"/networks/{place}", value=text, suggestion=near)


def require_no_more(session: Session, terms: KeyTerms, maker: Caller | None) -> None:
    """Raise Forbidden where a key would work for longer, or from elsewhere, than the key that makes it.

    Only administrators of the whole service make keys, so scopes and units never exceed theirs.
    """
    own = None if maker is None else store.find_key(session, maker.name)
    if own is None:
        return
    outlives = own.expires_at is not None and (terms.expires_at is None or terms.expires_at > own.expires_at)
    wanders = bool(own.networks) and not (terms.networks and lie_within(terms.networks, own.networks))
    if outlives or wanders:
        raise EXCEEDS.error(name=own.name)


def rotate_key(session: Session, name: str, overlap_seconds: int, maker: Caller | None = None) -> str:
    """Give a key a new secret and return it; the one before works for so long yet, the one before that no more."""
    key = get_living(session, name)
    if key.expires_at is not None and key.expires_at <= now(session):
        raise EXPIRED.error(name=key.name)
    require_no_more(session, KeyTerms(key.expires_at, key.networks), maker)
    secret = new_secret()
    key.previous_hash, key.hash = key.hash, hashed(secret)
    key.previous_until = now(session) + overlap_seconds * SECOND
    session.flush()
    ends = to_datetime(key.previous_until).isoformat()
    record(session, "key.rotated", f"key:{key.name}", after={"previous_until": ends})
    record_change(session, "keys", "rotated", f"key:{key.name}", unit=key.unit)
    return secret


def change_terms(session: Session, name: str, terms: KeyTerms, maker: Caller | None = None) -> None:
    """Let a key end at another time, or work from other networks."""
    key = get_living(session, name)
    before = KeyTerms(key.expires_at, key.networks)
    require_no_more(session, before, maker)
    if terms == before:
        return
    after = checked_terms(session, terms, maker)
    key.expires_at, key.networks = after.expires_at, list(after.networks)
    session.flush()
    if after.plain() != before.plain():
        record(session, "key.changed", f"key:{key.name}", before=before.plain(), after=after.plain())
        record_change(session, "keys", "changed", f"key:{key.name}", unit=key.unit)


def get_key(session: Session, name: str) -> KeyRow:
    """A key by its name, in whatever form that is written; a revoked one, too."""
    name = plain_name(name)
    key = store.find_key(session, name) if name.isprintable() else None
    if key is None:
        raise UNKNOWN.error(name=name)
    return key


def get_living(session: Session, name: str) -> KeyRow:
    """A key that is not revoked."""
    key = get_key(session, name)
    if key.revoked_at is not None:
        raise REVOKED.error(name=key.name)
    return key


def described(key: KeyRow, last_used_at: int | None = None) -> KeyOut:
    """A key as it is answered; `last_used_at`: when this process saw it last, which may be later than what is kept."""
    used_at = max((each for each in (key.last_used_at, last_used_at) if each is not None), default=None)
    return {
        "name": key.name,
        "scopes": cast(list[ScopeName], key.scopes),
        "unit": key.unit,
        "networks": key.networks,
        "created_at": to_datetime(key.created_at),
        "expires_at": _moment(key.expires_at),
        "previous_until": _moment(key.previous_until),
        "revoked_at": _moment(key.revoked_at),
        "last_used_at": _moment(used_at),
    }


def _moment(at: int | None) -> datetime | None:
    return None if at is None else to_datetime(at)


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
    """End a key with all its secrets; ending it again changes nothing."""
    key = get_key(session, name)
    if key.revoked_at is None:
        key.revoked_at = now(session)
        session.flush()
        record(session, "key.revoked", f"key:{key.name}")
        record_change(session, "keys", "revoked", f"key:{key.name}", unit=key.unit)
