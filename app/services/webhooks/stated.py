"""Webhooks as they are stated, read, taken back and tried."""

import secrets
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import true
from sqlalchemy.orm import Session

from app.answers.webhooks import DeliveryOut, DeliveryState, WebhookOut
from app.domain.instant import to_datetime
from app.domain.vocabulary import ChangeKind
from app.errors import Conflict, Fault, Invalid, RefusalCode
from app.services import rights
from app.services.changes import FeedPosition, read_feed
from app.services.rights import Caller
from app.services.stated import today
from app.services.unit_names import named_at
from app.services.webhooks.addresses import AddressRules
from app.services.webhooks.events import NEVER, heard_kinds, hearer
from app.services.webhooks.signatures import new_secret
from app.store import webhooks as store
from app.store.audit import record
from app.store.changes import ChangePlace, record_change
from app.store.db import last_change, now, stamp
from app.store.units import get_unit_row, refuse_ended
from app.store.webhooks import WEBHOOK, DeliveryRow, WebhookRow

MOST = 50
"""Webhooks that there may be: each has a thread of its own while something is sent to it."""
OVERLAP = 24 * 3600 * 1_000_000
"""µs for which the secret that was replaced signs as well."""

UNHEARD = RefusalCode(
    "webhook_kind_forbidden",
    "No webhook hears of {kind}; leave that kind out. The feed `/v1/changes` has it.",
    "Webhook không nhận loại thay đổi {kind}; hãy bỏ loại này. Có thể đọc ở `/v1/changes`.",
    Invalid,
)
OFF = RefusalCode(
    "webhook_disabled",
    "The webhook {name} is switched off, so nothing is sent to it; state it with `enabled: true` first.",
    "Webhook {name} đang tắt nên không gửi gì; hãy bật lại bằng `enabled: true` trước.",
    Conflict,
)
TOO_MANY = RefusalCode(
    "webhooks_too_many",
    "There are {limit} webhooks already, and no more can be made: delete one that nobody needs.",
    "Đã có {limit} webhook, không thể thêm: hãy xóa webhook không còn dùng.",
    Conflict,
)


class WebhookOrder(NamedTuple):
    """What a webhook is to be: kinds None are all, unit None is everywhere; `rotate`: with a new secret."""

    url: str
    kinds: list[ChangeKind] | None
    unit: str | None
    enabled: bool
    rotate: bool


class StatedWebhook(NamedTuple):
    """A webhook as it is now; `secret` where it is new, and shown this once."""

    row: WebhookRow
    secret: str | None
    is_new: bool


def state(session: Session, caller: Caller, name: str, order: WebhookOrder, rules: AddressRules) -> StatedWebhook:
    """Make a webhook, or change it. It hears of changes from now on, and of those while it was switched off."""
    unit = _unit_for(session, caller, order.unit)
    rules.read(order.url)
    for place, kind in enumerate(order.kinds or ()):
        if kind in NEVER:
            raise Fault(UNHEARD, {"kind": kind}, pointer=f"/kinds/{place}", value=kind).error()
    row = store.find_webhook(session, name)
    if row is not None and not _is_own(session, caller, row):
        raise rights.OUTSIDE.error(name=caller.name, unit=caller.unit, code=row.unit or "*")
    before = None if row is None else _traced(row)
    fresh = row is None
    row = row or _new(session, name)
    row.url, row.kinds, row.unit, row.enabled = order.url, order.kinds, unit, order.enabled
    row.gone, row.failures, row.quiet_until = False, 0, 0
    version = last_change(session).version
    read_feed(session, hearer(row), FeedPosition(ChangePlace(version)), heard_kinds(row), 1)  # may it hear of them?
    if order.rotate and not fresh:
        row.old_secret, row.old_secret_until = row.secret, now(session) + OVERLAP
        row.secret = new_secret()
    if fresh:
        store.add_webhook(session, row)
    _note(session, row, "stated", before=before, after={**_traced(row), "new_secret": fresh or order.rotate})
    return StatedWebhook(row, row.secret if fresh or order.rotate else None, fresh)


def _new(session: Session, name: str) -> WebhookRow:
    if len(store.list_webhooks(session, true(), after=None, limit=MOST)) == MOST:
        raise TOO_MANY.error(limit=MOST)
    version = session.info["version"]
    return WebhookRow(
        name=name,
        url="",
        kinds=None,
        unit=None,
        enabled=True,
        gone=False,
        secret=new_secret(),
        old_secret=None,
        old_secret_until=None,
        created_at=stamp(session),
        version=version,
        place=list(ChangePlace(version)),
        lease_until=0,
        lease_by="",
        failures=0,
        quiet_until=0,
    )


def _unit_for(session: Session, caller: Caller, unit: str | None) -> str | None:
    """The unit that a webhook hears of: that of the key, where it has one and none is named."""
    unit = unit or caller.unit
    if unit is not None:
        rights.require_writable(session, caller, unit)
        with named_at("/unit", unit):
            get_unit_row(session, unit)
            refuse_ended(session, unit, today(session))
    return unit


def _is_own(session: Session, caller: Caller, row: WebhookRow) -> bool:
    """Whether the caller may see and change a webhook."""
    return caller.unit is None or (row.unit is not None and not rights.outside(session, caller, [row.unit]))


def get(session: Session, caller: Caller, name: str) -> WebhookRow:
    """The webhook of that name, or NotFound where the caller sees none."""
    row = store.find_webhook(session, name)
    if row is None or not _is_own(session, caller, row):
        raise store.UNKNOWN.error(name=name)
    return row


def list_visible(session: Session, caller: Caller, *, after: str | None, limit: int | None) -> Sequence[WebhookRow]:
    """The webhooks that the caller sees, by name."""
    subtree = rights.subtree_of(session, caller)
    within = true() if subtree is None else subtree.holds(WEBHOOK.unit)
    return store.list_webhooks(session, within, after=after, limit=limit)


def withdraw(session: Session, caller: Caller, name: str) -> WebhookRow:
    """Delete a webhook, with what was still to be sent to it."""
    row = get(session, caller, name)
    store.delete_webhook(session, name)
    session.expunge(row)
    _note(session, row, "withdrawn", before=_traced(row))
    return row


def disable(session: Session, name: str) -> None:
    """Send nothing more to a receiver that said 410: it is gone."""
    row = store.find_webhook(session, name)
    if row is not None and row.enabled:
        row.enabled, row.gone = False, True
        _note(session, row, "disabled", before={"enabled": True}, after={"enabled": False, "status": 410})


def _require_on(row: WebhookRow) -> None:
    if not row.enabled:
        raise OFF.error(name=row.name)


def test(session: Session, caller: Caller, name: str) -> DeliveryRow:
    """Let a message of no meaning be sent; Conflict where the webhook is switched off, for nothing would be."""
    row = get(session, caller, name)
    _require_on(row)
    at = to_datetime(now(session)).isoformat().replace("+00:00", "Z")
    event = f"evt_{secrets.token_hex(16)}"
    store.add_deliveries(session, name, {event: {"type": "webhook.test", "timestamp": at, "data": {"webhook": name}}})
    _note(session, row, "tested", after={"event": event})
    return store.list_deliveries(session, name, (), before=None, limit=1)[0]


def retry(session: Session, caller: Caller, name: str, id: int) -> DeliveryRow:
    """Let a message be sent again, now and with all its attempts before it; Conflict as for `test`."""
    row = get(session, caller, name)
    delivery = store.get_delivery(session, name, id)
    _require_on(row)
    delivery.state, delivery.attempts, delivery.next_attempt_at = "pending", 0, now(session)
    row.failures, row.quiet_until = 0, 0
    _note(session, row, "delivery_retried", after={"event": delivery.event})
    return delivery


def deliveries(
    session: Session, caller: Caller, name: str, state: DeliveryState | None, *, before: int | None, limit: int | None
) -> Iterable[DeliveryRow]:
    """What was sent to a webhook, is to be, or was given up; the newest first."""
    get(session, caller, name)
    return store.list_deliveries(session, name, () if state is None else (state,), before=before, limit=limit)


def secrets_of(row: WebhookRow, at: int) -> list[str]:
    """The secrets that sign at an instant (µs): the new one first."""
    old = row.old_secret if at < (row.old_secret_until or 0) else None
    return [row.secret, *([old] if old else [])]


def forget_old_secret(row: WebhookRow, at: int) -> None:
    """Keep no secret that signs no more."""
    if at >= (row.old_secret_until or 0):
        row.old_secret = None


def _traced(row: WebhookRow) -> dict[str, object]:
    """What the trace says of a webhook: never its secret."""
    return {"url": row.url, "kinds": row.kinds, "unit": row.unit, "enabled": row.enabled}


def _note(session: Session, row: WebhookRow, action: str, *, before: object = None, after: object = None) -> None:
    record(session, f"webhook.{action}", f"webhook:{row.name}", before=before, after=after)
    record_change(session, "webhooks", action, f"webhook:{row.name}", unit=row.unit)


def described(row: WebhookRow) -> WebhookOut:
    """A webhook as it is answered."""
    until = row.old_secret_until
    return {
        "name": row.name,
        "url": row.url,
        "kinds": row.kinds,
        "unit": row.unit,
        "enabled": row.enabled,
        "gone": row.gone,
        "created_at": to_datetime(row.created_at),
        "old_secret_until": None if until is None else to_datetime(until),
    }


def delivery_described(row: DeliveryRow) -> DeliveryOut:
    """A delivery as it is answered."""
    assert row.id is not None
    return {
        "id": row.id,
        "event": row.event,
        "type": str(row.body["type"]),
        "state": row.state,  # type: ignore[typeddict-item]  # the database checks it
        "attempts": row.attempts,
        "created_at": to_datetime(row.created_at),
        "next_attempt_at": None if row.next_attempt_at is None else to_datetime(row.next_attempt_at),
        "last_attempt_at": None if row.last_attempt_at is None else to_datetime(row.last_attempt_at),
        "last_status": row.last_status,
        "last_error": row.last_error,
        "body": row.body,
    }
