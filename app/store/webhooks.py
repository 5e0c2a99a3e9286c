"""Webhooks and what is delivered to each of them.

What writes have changed stands in `changes`, in the transaction of the write. A webhook keeps up to where it has taken
that over; each message then waits in `webhook_deliveries` until the receiver has taken it, or it is given up.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, Index, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.answers.webhooks import DeliveryState
from app.domain.vocabulary import ChangeKind
from app.errors import NotFound, RefusalCode
from app.store.changes import WHOLE_VERSION
from app.store.db import CLOCK, now
from app.store.tables import CodeText, Mapped, columns

UNKNOWN = RefusalCode("webhook_unknown", "There is no webhook {name}.", "Không có webhook {name}.", NotFound)
DELIVERY_UNKNOWN = RefusalCode(
    "delivery_unknown",
    "The webhook {name} has no delivery {id}; delivered ones are kept for {days} days, dead ones for {dead_days}.",
    "Webhook {name} không có lượt gửi {id}; lượt đã gửi xong được lưu {days} ngày, lượt đã bỏ được lưu {dead_days} "
    "ngày.",
    NotFound,
)
DELIVERED_DAYS, DEAD_DAYS = 7, 90
"""So long what was delivered, and what was given up, can still be looked at."""
DAY = 86_400 * 1_000_000
"""µs."""


class WebhookRow(SQLModel, table=True):
    """Where changes are told to, of which kinds and units, and how far; instants are µs since 1970.

    `place`, with the version it begins with, is the position in the feed up to which messages were made. `lease_by` is
    the process that sends until `lease_until`. After `failures` in a row nothing is sent until `quiet_until`.
    """

    __tablename__ = "webhooks"
    name: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    url: Mapped[str]
    kinds: Mapped[list[ChangeKind] | None] = Field(sa_type=JSON(none_as_null=True))
    unit: Mapped[str | None] = Field(sa_type=CodeText)
    enabled: Mapped[bool]
    gone: Mapped[bool]
    secret: Mapped[str] = Field(repr=False)
    old_secret: Mapped[str | None] = Field(repr=False)
    old_secret_until: Mapped[int | None] = Field(sa_type=BigInteger)
    created_at: Mapped[int] = Field(sa_type=BigInteger)
    version: Mapped[int] = Field(sa_type=BigInteger)
    place: Mapped[list[Any]] = Field(sa_type=JSON)
    lease_until: Mapped[int] = Field(sa_type=BigInteger)
    lease_by: Mapped[str]
    failures: Mapped[int]
    quiet_until: Mapped[int] = Field(sa_type=BigInteger)


class DeliveryRow(SQLModel, table=True):
    """A message for one webhook. `event` is its id at the receiver, the same at every attempt."""

    __tablename__ = "webhook_deliveries"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    webhook: Mapped[str] = Field(sa_type=CodeText, foreign_key="webhooks.name", ondelete="CASCADE")
    event: Mapped[str]
    state: Mapped[str]
    body: Mapped[dict[str, object]] = Field(sa_type=JSON)
    created_at: Mapped[int] = Field(sa_type=BigInteger)
    attempts: Mapped[int]
    next_attempt_at: Mapped[int | None] = Field(sa_type=BigInteger)
    last_attempt_at: Mapped[int | None] = Field(sa_type=BigInteger)
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="state"),
        Index("ix_webhook_deliveries_due", "webhook", "state", "next_attempt_at"),
    )


WEBHOOK = columns(WebhookRow)
DELIVERY = columns(DeliveryRow)


def find_webhook(session: Session, name: str) -> WebhookRow | None:
    return session.get(WebhookRow, name)


def list_webhooks(
    session: Session, within: ColumnElement[bool], *, after: str | None, limit: int | None
) -> Sequence[WebhookRow]:
    """Webhooks by name, those that the condition keeps."""
    query = select(WebhookRow).where(within, WEBHOOK.name > (after or ""))
    return session.execute(query.order_by(WEBHOOK.name).limit(limit)).scalars().all()


def add_webhook(session: Session, row: WebhookRow) -> None:
    session.add(row)
    session.flush()


def delete_webhook(session: Session, name: str) -> None:
    """Delete a webhook with all that was to be delivered to it."""
    session.execute(delete(DeliveryRow).where(DELIVERY.webhook == name))
    session.execute(delete(WebhookRow).where(WEBHOOK.name == name))


def names_at_work(session: Session, by: str) -> Sequence[str]:
    """The webhooks for which there is something to do that no other process does: news, or a message that is due.

    A version that was taken over in part is news as well: of many changes a page is taken at once.
    """
    present = now(session)
    due = exists().where(
        DELIVERY.webhook == WEBHOOK.name, DELIVERY.state == "pending", DELIVERY.next_attempt_at <= present
    )
    later = WEBHOOK.version < select(CLOCK.version).scalar_subquery()
    rest = WEBHOOK.place[1].as_string() != WHOLE_VERSION
    work = or_(later, rest, and_(due, WEBHOOK.quiet_until <= present))
    query = select(WEBHOOK.name).where(_may_send(by, present), work)
    return session.execute(query.order_by(WEBHOOK.name)).scalars().all()


def _may_send(by: str, present: int) -> ColumnElement[bool]:
    """Condition: webhooks that are switched on and that a process serves, or nobody does."""
    return and_(WEBHOOK.enabled.is_(True), or_(WEBHOOK.lease_by == by, WEBHOOK.lease_until <= present))


def claim(session: Session, name: str, by: str, until: int) -> WebhookRow | None:
    """The webhook, which nobody else sends to until then; None where another process does, or nobody shall."""
    mine = update(WebhookRow).where(WEBHOOK.name == name, _may_send(by, now(session)))
    taken = session.execute(mine.values(lease_by=by, lease_until=until)).rowcount  # type: ignore[attr-defined]
    return session.get(WebhookRow, name, populate_existing=True) if taken else None


def release(session: Session, name: str, by: str) -> None:
    """Let others send to a webhook."""
    session.execute(update(WebhookRow).where(WEBHOOK.name == name, WEBHOOK.lease_by == by).values(lease_until=0))


def add_deliveries(session: Session, webhook: str, messages: Mapping[str, dict[str, object]]) -> None:
    """Let messages, by the id of their event, be sent as soon as may be."""
    at = now(session)
    session.add_all(
        DeliveryRow(
            webhook=webhook,
            event=event,
            state="pending",
            body=body,
            created_at=at,
            attempts=0,
            next_attempt_at=at,
            last_attempt_at=None,
            last_status=None,
            last_error=None,
        )
        for event, body in messages.items()
    )
    session.flush()


def find_due_delivery(session: Session, webhook: str) -> DeliveryRow | None:
    """The message whose time came first."""
    due = (DELIVERY.webhook == webhook, DELIVERY.state == "pending", DELIVERY.next_attempt_at <= now(session))
    query = select(DeliveryRow).where(*due).order_by(DELIVERY.next_attempt_at, DELIVERY.id)
    return session.execute(query.limit(1)).scalar_one_or_none()


def get_delivery(session: Session, webhook: str, id: int) -> DeliveryRow:
    row = session.get(DeliveryRow, id)
    if row is None or row.webhook != webhook:
        raise DELIVERY_UNKNOWN.error(name=webhook, id=id, days=DELIVERED_DAYS, dead_days=DEAD_DAYS)
    return row


def list_deliveries(
    session: Session, webhook: str, states: Collection[DeliveryState], *, before: int | None, limit: int | None
) -> Sequence[DeliveryRow]:
    """Deliveries to a webhook, the newest first, in these states (none named: in any)."""
    query = select(DeliveryRow).where(DELIVERY.webhook == webhook)
    if states:
        query = query.where(DELIVERY.state.in_(states))
    if before is not None:
        query = query.where(DELIVERY.id < before)
    return session.execute(query.order_by(DELIVERY.id.desc()).limit(limit)).scalars().all()


def forget_ended(session: Session, webhook: str) -> None:
    """Delete what was delivered or given up long ago."""
    present = now(session)
    for state, days in (("delivered", DELIVERED_DAYS), ("dead", DEAD_DAYS)):
        before = DELIVERY.last_attempt_at < present - days * DAY
        session.execute(delete(DeliveryRow).where(DELIVERY.webhook == webhook, DELIVERY.state == state, before))
