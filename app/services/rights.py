"""Who may do what: the one place where rights are decided.

A key has scopes and perhaps a subtree. `admin` stands for all other scopes. A subtree key sees and
writes unpublished data only for its unit and those under it: what lies outside is 404 to read and 403 to write.
What lies under it the tree of today says, whatever period or moment a request is about (ADR 19).
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.instant import to_datetime
from app.domain.networks import is_inside, plain_address
from app.domain.period import local_day
from app.errors import Fault, Faults, Forbidden, RefusalCode, Unauthorized
from app.services.identity.token_errors import EXPIRED, refused
from app.store import unit_tree
from app.store import units as units_store
from app.store.db import now
from app.store.keys import KeyRow, find_key, find_key_by_hash
from app.store.unit_tree import Subtree
from app.store.unit_versions import UnitMoment
from app.store.units import UNKNOWN


class Scope(StrEnum):
    VALUES_READ = "values:read"
    VALUES_WRITE = "values:write"
    UNITS_WRITE = "units:write"
    FRAMEWORKS_WRITE = "frameworks:write"
    EVALUATIONS_WRITE = "evaluations:write"
    EVALUATIONS_PUBLISH = "evaluations:publish"
    ADMIN = "admin"


UNPUBLISHED_READERS = (Scope.VALUES_READ, Scope.EVALUATIONS_WRITE, Scope.EVALUATIONS_PUBLISH)
"""Scopes that see evaluations which are not public."""

NO_KEY = RefusalCode(
    "key_required",
    "This needs a key: send `Authorization: Bearer <secret>` with the scope {scope}.",
    "Cần có khóa: gửi `Authorization: Bearer <mã khóa>` có quyền {scope}.",
    Unauthorized,
)
BAD_KEY = RefusalCode(
    "key_unknown",
    "The key is not known, or it was revoked or has expired.",
    "Khóa không đúng, đã bị thu hồi hoặc đã hết hạn.",
    Unauthorized,
)
ELSEWHERE = RefusalCode(
    "network_forbidden",
    "The key {name} does not work from the address {address}; an administrator can add its network to the key.",
    "Khóa {name} không dùng được từ địa chỉ {address}; quản trị viên có thể thêm mạng này vào khóa.",
    Forbidden,
)
NO_SCOPE = RefusalCode(
    "scope_missing", "The key {name} lacks the scope {scope}.", "Khóa {name} không có quyền {scope}.", Forbidden
)
WHOLE_ONLY = RefusalCode(
    "whole_service_only",
    "The key {name} is bound to {unit} and below; this concerns the whole service.",
    "Khóa {name} chỉ dùng cho {unit} và các đơn vị trực thuộc; việc này liên quan toàn hệ thống.",
    Forbidden,
)
OUTSIDE = RefusalCode(
    "unit_forbidden",
    "The key {name} may write only for {unit} and the units under it, not for {code}.",
    "Khóa {name} chỉ được ghi cho {unit} và các đơn vị trực thuộc, không được ghi cho {code}.",
    Forbidden,
)
BEARER = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a key by name, its scopes, and its subtree's root if it has one.

    `until`: when (µs) the secret that was sent ends; `networks`: those that it may be sent from, where there are any.
    `issuer`: the identity provider that vouches for a person who has no key.
    """

    name: str
    scopes: frozenset[str]
    unit: str | None = None
    anonymous: bool = False
    until: int | None = None
    networks: tuple[str, ...] = ()
    issuer: str | None = None

    def has(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes


def hashed(secret: str) -> str:
    """The only form in which a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_bootstrap(secret: str, bootstrap_key: str | None) -> bool:
    """Whether a secret is the bootstrap key, in a time that tells nothing of it."""
    return bootstrap_key is not None and hmac.compare_digest(secret.encode(), bootstrap_key.encode())


def identify(session: Session, secret: str, bootstrap_key: str | None, address: str) -> Caller:
    """The caller at an address behind a secret, or Unauthorized; Forbidden where the key does not work from there."""
    if is_bootstrap(secret, bootstrap_key):
        return Caller("bootstrap", frozenset({Scope.ADMIN}))
    key = find_key_by_hash(session, hashed(secret))
    if key is None:
        raise BAD_KEY.error(headers=BEARER)
    caller = _caller_of(key, None if key.hash == hashed(secret) else key.previous_until)
    require_in_force(caller, now(session), address)
    return caller


def _caller_of(key: KeyRow, former_until: int | None = None) -> Caller:
    """Who calls with a key; `former_until`: when the secret that was sent ends, where it is the key's former one."""
    until = min((each for each in (key.expires_at, former_until) if each is not None), default=None)
    return Caller(key.name, frozenset(key.scopes), key.unit, until=until, networks=tuple(key.networks))


def require_in_force(caller: Caller, present: int, address: str) -> None:
    """Raise Unauthorized where the caller's secret has ended (µs), Forbidden where it does not work from an address."""
    if caller.until is not None and caller.until <= present:
        if caller.issuer is not None:
            raise refused(EXPIRED, moment=to_datetime(caller.until).isoformat())
        raise BAD_KEY.error(headers=BEARER)
    if caller.networks and not is_inside(address, caller.networks):
        raise ELSEWHERE.error(name=caller.name, address=plain_address(address))


def renewed(session: Session, caller: Caller) -> Caller:
    """The caller with the rights that its key has now, or Unauthorized where the key has ended meanwhile.

    Who has no key in the database (the bootstrap key, the operator, a person with a token) stays as he is: names of
    keys are not used twice.
    """
    key = find_key(session, caller.name)
    if key is None:
        return caller
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now(session)):
        raise BAD_KEY.error(headers=BEARER)
    return _caller_of(key)


def anonymous(reads: str) -> Caller:
    """A caller without a key; under `all` it reads live values and scores as a key with `values:read` does.

    What is not public yet or any more, and the records of the office, it never reads: see `reads_unpublished` and
    `require`.
    """
    scopes = frozenset({Scope.VALUES_READ}) if reads == "all" else frozenset[str]()
    return Caller("anonymous", scopes, anonymous=True)


def require(caller: Caller, *scopes: Scope, keyed: bool = False) -> None:
    """Raise unless the caller holds one of the scopes: 401 without a key, 403 with one. The first is named.

    `keyed`: records of the office (imports, tasks, targets, publications) need a key whatever anybody may read.
    """
    if any(caller.has(scope) for scope in scopes) and not (keyed and caller.anonymous):
        return
    if caller.anonymous:
        raise NO_KEY.error(headers=BEARER, scope=scopes[0])
    raise NO_SCOPE.error(name=caller.name, scope=scopes[0])


def reads_unpublished(caller: Caller) -> bool:
    """Whether the caller sees, inside its subtree, drafts and what was withdrawn: never without a key."""
    return not caller.anonymous and any(caller.has(scope) for scope in UNPUBLISHED_READERS)


def require_whole(caller: Caller) -> None:
    """Raise where a subtree key asks for what concerns the whole service: frameworks, locks, keys, the trace."""
    if caller.unit is not None:
        raise WHOLE_ONLY.error(name=caller.name, unit=caller.unit)


def subtree_of(session: Session, caller: Caller) -> Subtree | None:
    """The subtree that the caller is kept to, as it is today; None for a caller without one."""
    return None if caller.unit is None else Subtree(caller.unit, local_day(to_datetime(now(session))))


def outside(session: Session, caller: Caller, codes: Collection[str]) -> set[str]:
    """Those of the codes that lie outside the caller's subtree."""
    subtree = subtree_of(session, caller)
    return set() if subtree is None else set(codes) - unit_tree.in_subtree(session, subtree, codes)


def outside_faults(
    session: Session, caller: Caller, named: Iterable[tuple[InputLocation, str, str]]
) -> Iterator[Fault]:
    """`unit_forbidden` at every place (with its field) where a write names a unit outside the caller's subtree.

    A code that nobody knows is a fault of another kind, and none here.
    """
    named = list(named)
    foreign = outside(session, caller, {code for _, _, code in named})
    foreign &= units_store.lives(session, foreign).keys()
    about: dict[str, object] = {"name": caller.name, "unit": caller.unit}
    for place, field, code in named:
        if code in foreign:
            yield place.fault(OUTSIDE, field, {**about, "code": code}, value=code)


def refuse_foreign(found: Iterable[Fault]) -> None:
    """Raise Forbidden that names the places, in the words of the first, where there is one."""
    faults = Faults(found)
    if faults:
        first = faults.named[0]
        raise Forbidden(first.error_code, first.context, faults=faults)


def require_writable(session: Session, caller: Caller, code: str) -> None:
    """Raise Forbidden where a unit lies outside the caller's subtree."""
    if outside(session, caller, [code]):
        raise OUTSIDE.error(name=caller.name, unit=caller.unit, code=code)


def require_readable(session: Session, caller: Caller, code: str) -> None:
    """Raise NotFound where a named unit lies outside the caller's subtree: it looks like one that does not exist."""
    if outside(session, caller, [code]):
        raise UNKNOWN.error(code=code)


def kept_to(
    session: Session, caller: Caller, under: str | None, moment: UnitMoment, level: str | None = None
) -> Subtree | None:
    """The subtree that what stood under `under` at the moment is cut down to for the caller; None: it may see it all.

    A unit (of the level) that stood there and stands elsewhere today is not for a key of the subtree it has left.
    """
    subtree = subtree_of(session, caller)
    if subtree is None or under is None or outside(session, caller, [under]):
        return subtree
    return subtree if unit_tree.gone(session, subtree, moment, under, level, limit=1) else None


def above(session: Session, caller: Caller) -> list[str]:
    """The units that stand above the caller's subtree today, nearest first: what is aimed at for them holds in it."""
    subtree = subtree_of(session, caller)
    return [] if subtree is None else unit_tree.ancestors(session, subtree.root, subtree.moment)
