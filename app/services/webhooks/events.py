"""The messages that webhooks are sent: what a write has changed, and where to ask for it anew. They hold no figure."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy.orm import Session

from app.domain.instant import to_datetime
from app.domain.vocabulary import ChangeKind
from app.services.changes import FeedPosition, described, read_feed
from app.services.rights import Caller, Scope
from app.store.changes import KINDS, Change, ChangePlace
from app.store.webhooks import WebhookRow

AT_ONCE = 1000
"""Changes that are made into messages in one transaction."""
ABOUT_THE_SERVICE: frozenset[ChangeKind] = frozenset({"keys"})
"""Kinds that a webhook of a subtree may not hear of."""
NEVER: frozenset[ChangeKind] = frozenset({"webhooks"})
"""A webhook that was told of its own test would never rest."""


def heard_kinds(row: WebhookRow) -> list[ChangeKind]:
    """The kinds of changes that a webhook hears of."""
    left_out = NEVER if row.unit is None else NEVER | ABOUT_THE_SERVICE
    return row.kinds or [kind for kind in KINDS if kind not in left_out]


def hearer(row: WebhookRow) -> Caller:
    """A webhook as the feed knows callers: it hears of what is public and of what its subtree may read."""
    return Caller(f"webhook {row.name}", frozenset({Scope.ADMIN}), row.unit)


def take_news(session: Session, row: WebhookRow) -> dict[str, dict[str, object]]:
    """The messages about what has changed since the place that the webhook keeps, which moves on; by their events."""
    version, kind, unit, period, subject = row.place
    place = FeedPosition(ChangePlace(version, kind, unit, period, subject))
    page = read_feed(session, hearer(row), place, heard_kinds(row), AT_ONCE)
    row.version, row.place = page.next.place.version, list(page.next.place)
    return dict(messages(page.changes))


def messages(changes: Sequence[Change]) -> Iterator[tuple[str, dict[str, object]]]:
    """A message for each kind of thing that a write has changed and what was done to it, by the id of the event."""
    ordered = sorted(changes, key=lambda each: (each.version, each.kind, each.action, each.place))
    for _, group in groupby(ordered, lambda each: (each.version, each.kind, each.action)):
        told = list(group)
        yield event_id(told), message(told)


def message(told: Sequence[Change]) -> dict[str, object]:
    """What is said of changes that one write made alike; of several the feed has each."""
    first = told[0]
    data: dict[str, object] = {**described(first), "count": len(told)}
    if len(told) > 1:
        for name in ("unit", "period", "subject"):
            if len({getattr(each, name) for each in told}) > 1:
                data[name] = None
        data["path"] = f"/v1/changes?after={first.version - 1}&kinds={first.kind}"
    at = to_datetime(first.known_at).isoformat().replace("+00:00", "Z")
    data["at"] = at
    return {"type": f"{first.kind.removesuffix('s')}.{first.action}", "timestamp": at, "data": data}


def event_id(told: Sequence[Change]) -> str:
    """The id of an event: of another event another one, in a database that was restored as well."""
    said = repr([(*each.place, each.action, each.known_at) for each in (told[0], told[-1])])
    return f"evt_{hashlib.sha256(said.encode()).hexdigest()[:32]}"
