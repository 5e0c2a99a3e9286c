"""The feed of changes: what a caller may hear of, from a position on."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import Session

from app.answers.changes import ChangeOut
from app.domain.instant import to_datetime
from app.domain.vocabulary import ChangeKind
from app.errors import Forbidden, Gone, RefusalCode, Unauthorized
from app.services import rights
from app.services.rights import Caller, Scope
from app.store import changes as store
from app.store import imports
from app.store.changes import CHANGE, KINDS, Change, ChangePlace
from app.store.db import last_change

NOT_KEPT = RefusalCode(
    "changes_not_kept",
    "Changes are kept since version {first}; what changed before is not known. Read anew what you keep, then go on "
    "from the `Chiso-Version` of those answers.",
    "Thay đổi chỉ được lưu từ phiên bản {first}; không rõ những thay đổi trước đó. Hãy đọc lại toàn bộ dữ liệu đang "
    "giữ, rồi tiếp tục từ `Chiso-Version` của các câu trả lời đó.",
    Gone,
)
OTHER_HISTORY = RefusalCode(
    "position_unknown",
    "The data never came by this position: they were restored from a backup since, or are those of another database; "
    "they are at version {version}. Read anew what you keep, then go on from the `Chiso-Version` of those answers.",
    "Dữ liệu chưa từng ở vị trí này: dữ liệu đã được khôi phục từ bản sao lưu, hoặc thuộc cơ sở dữ liệu khác; hiện ở "
    "phiên bản {version}. Hãy đọc lại toàn bộ dữ liệu đang giữ, rồi tiếp tục từ `Chiso-Version` của các câu trả lời "
    "đó.",
    Gone,
)
PUBLIC = frozenset[ChangeKind]({"units", "periods", "indicators", "frameworks", "layouts", "evaluations"})
"""Kinds of which whoever is answered may read something."""
PATHS: dict[ChangeKind, str] = {
    "evaluations": "/v1/evaluations/{name}",
    "frameworks": "/v1/frameworks/{name}",
    "import_profiles": "/v1/import-profiles/{name}",
    "imports": "/v1/imports/{name}",
    "indicators": "/v1/indicators",
    "keys": "/v1/keys/{name}",
    "layouts": "/v1/layouts/{name}",
    "letter_profiles": "/v1/letter-profiles/{unit}",
    "letter_templates": "/v1/letter-templates/{name}",
    "letter_texts": "/v1/letters/{name}",
    "periods": "/v1/periods/{period}",
    "publications": "/v1/publications?period={period}&unit={unit}",
    "targets": "/v1/targets?year={period}",
    "tasks": "/v1/tasks/{name}",
    "units": "/v1/units/{unit}",
    "values": "/v1/values?period={period}&unit={unit}",
    "webhooks": "/v1/webhooks/{name}",
}
"""Where a thing is asked for; `name` is what its subject says behind the colon."""


class FeedPosition(NamedTuple):
    """A position, and the instant (µs) of the last change before it; None where a client knows the version alone."""

    place: ChangePlace
    changed_at: int | None = None


class FeedPage(NamedTuple):
    """Changes in order, the version of the data that they were read from, and where to go on."""

    version: int
    changes: list[Change]
    more: bool
    next: FeedPosition


def read_feed(
    session: Session, caller: Caller, after: FeedPosition | None, kinds: Collection[ChangeKind], limit: int
) -> FeedPage:
    """At most `limit` changes behind a position (None: all that are kept) of these kinds (none named: of all).

    Raises Unauthorized or Forbidden where a kind is named that the caller may read nothing of, Gone where the data
    were never at that position, or what changed since then is not kept.
    """
    version, first = last_change(session).version, store.first_version(session)
    present = FeedPosition(ChangePlace(version), store.last_changed_at(session, version))
    if after is None:
        after = FeedPosition(ChangePlace(first))
    _check(session, after, present, first)
    heard = _audience(session, caller, kinds)
    if after.place >= present.place:
        return FeedPage(version, [], False, present)
    found = store.list_changes(session, after=after.place, until=version, kinds=heard, limit=limit + 1)
    changes = found[:limit]
    if len(found) > limit:
        return FeedPage(version, changes, True, FeedPosition(changes[-1].place, changes[-1].known_at))
    return FeedPage(version, changes, False, present)


def _check(session: Session, after: FeedPosition, present: FeedPosition, first: int) -> None:
    """Raise Gone where the data never came by this position, or where too little is known of what came after."""
    known, version = after.place.version, present.place.version
    if known < first:
        raise NOT_KEPT.error(first=first)
    if known > version:
        raise OTHER_HISTORY.error(version=version)
    if after.changed_at is not None:
        changed_at = present.changed_at if known == version else store.last_changed_at(session, known)
        if changed_at != after.changed_at:
            raise OTHER_HISTORY.error(version=version)


def _audience(
    session: Session, caller: Caller, kinds: Collection[ChangeKind]
) -> Mapping[ChangeKind, ColumnElement[bool]]:
    """Of each kind those changes that the caller may hear of: of what it may read."""
    for kind in kinds:
        _require_reader(caller, kind)
    return {kind: _heard(session, caller, kind) for kind in kinds or KINDS if _is_reader(caller, kind)}


def _require_reader(caller: Caller, kind: ChangeKind) -> None:
    """Raise Unauthorized or Forbidden where the caller may read nothing of a kind."""
    if kind == "keys":
        rights.require(caller, Scope.ADMIN)
        rights.require_whole(caller)
    elif kind == "webhooks":
        rights.require(caller, Scope.ADMIN)
    elif kind == "import_profiles":
        rights.require(caller, Scope.VALUES_READ, Scope.VALUES_WRITE, keyed=True)
    elif kind not in PUBLIC:
        rights.require(caller, Scope.VALUES_READ, keyed=kind != "values")


def _is_reader(caller: Caller, kind: ChangeKind) -> bool:
    """Whether the caller may read anything of a kind."""
    try:
        _require_reader(caller, kind)
    except (Unauthorized, Forbidden):
        return False
    return True


def _heard(session: Session, caller: Caller, kind: ChangeKind) -> ColumnElement[bool]:
    """Condition: the changes of a kind that the caller reads things of, as far as it may read those."""
    subtree = rights.subtree_of(session, caller)
    within = true() if subtree is None else subtree.holds(CHANGE.unit)
    if kind == "evaluations":
        return or_(CHANGE.public, within) if rights.reads_unpublished(caller) else CHANGE.public.is_(True)
    if kind in PUBLIC or kind == "import_profiles":  # whoever imports reads every profile
        return true()
    if kind == "imports" and subtree is not None:
        return imports.names_one_within(CHANGE.subject, subtree)
    if kind == "targets":  # what is aimed at for units above holds below
        return or_(within, CHANGE.unit.in_(["", *rights.above(session, caller)]))
    return within


def described(change: Change) -> ChangeOut:
    """A change as it is answered."""
    name = change.subject.partition(":")[2]
    parts = {"name": quote(name, safe="/@"), "unit": change.unit, "period": change.period}
    return {
        "version": change.version,
        "kind": change.kind,
        "action": change.action,
        "unit": change.unit or None,
        "period": change.period or None,
        "subject": change.subject,
        "at": to_datetime(change.known_at),
        "path": PATHS[change.kind].format(**parts),
    }
