"""The delivering of one process: a thread that looks every second, and one for each receiver that there is work for.

A process sends to a webhook as long as it holds the lease in its row, so each receiver is called by one at a time. A
receiver that is slow or dead keeps its own thread waiting and nobody else. What a process that is killed had not noted
is sent once more when its lease has run out, under the same id.
"""

import logging
import random
import secrets
from collections.abc import Callable
from threading import Event, Lock, Thread

import orjson

from app.metrics.series import WEBHOOK_ATTEMPTS
from app.services.webhooks.addresses import AddressRules
from app.services.webhooks.attempts import SECOND, note_attempt
from app.services.webhooks.events import take_news
from app.services.webhooks.posting import TOTAL_S, Post, Reply
from app.services.webhooks.signatures import signed_headers
from app.services.webhooks.stated import disable, forget_old_secret, secrets_of
from app.store import webhooks as store
from app.store.db import Database, now
from app.store.failures import is_passing, reason_of
from app.store.webhooks import DeliveryRow, WebhookRow

log = logging.getLogger("chiso.webhooks")

PULSE_S = 1.0
LEASE_S = 3 * int(TOTAL_S)
"""Seconds for which a process sends to a webhook alone; renewed before each request, which takes less."""
PATIENCE_MS = 2000


class WebhookSender:
    """The deliveries of one process, between `start` and `stop`; `chance` lengthens pauses."""

    def __init__(self, database: Database, rules: AddressRules, *, chance: Callable[[], float] = random.random) -> None:
        self.database, self.rules, self.chance = database, rules, chance
        self.name = secrets.token_hex(8)
        self.stopping, self.turn = Event(), Lock()
        self.posts: dict[str, Post | None] = {}
        self.threads: dict[str, Thread] = {}
        self.thread = Thread(target=self.keep, name="chiso-webhooks", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """End: what is being sent is broken off, and sent again by the next process."""
        self.stopping.set()
        self.thread.join()
        with self.turn:
            posts, threads = list(self.posts.values()), list(self.threads.values())
        for post in posts:
            if post is not None:
                post.abort()
        for thread in threads:
            thread.join(TOTAL_S)

    def keep(self) -> None:
        """Look for work, again and again."""
        while not self.stopping.wait(PULSE_S):
            self._patiently(self.look)

    def look(self) -> None:
        """Begin to serve those webhooks that there is work for and nobody serves."""
        with self.database.reading(primary=True) as session:
            names = store.names_at_work(session, self.name)
        for name in names:
            with self.turn:
                if name not in self.threads:
                    thread = Thread(target=self.serve, args=(name,), name=f"chiso-webhook-{name}", daemon=True)
                    self.threads[name] = thread
                    thread.start()

    def serve(self, name: str) -> None:
        """Send to one webhook until there is nothing more to send now."""
        try:
            self._patiently(lambda: self.send_due(name))
        finally:
            with self.turn:
                del self.threads[name]

    def send_due(self, name: str) -> None:
        """Send what is due, one message after the other, then let others do so."""
        while not self.stopping.is_set() and self.send_next(name):
            pass
        with self.database.unversioned(wait_ms=PATIENCE_MS) as session:
            store.release(session, name, self.name)

    def send_next(self, name: str) -> bool:
        """Take in what is new, and send the message whose time came first; False where there is none."""
        with self.database.unversioned(wait_ms=PATIENCE_MS) as session:
            at = now(session)
            webhook = store.claim(session, name, self.name, at + LEASE_S * SECOND)
            if webhook is None:
                return False
            if news := take_news(session, webhook):
                store.add_deliveries(session, name, news)
                store.forget_ended(session, name)
            forget_old_secret(webhook, at)
            row = None if webhook.quiet_until > at else store.find_due_delivery(session, name)
        if row is None:
            return False
        reply = self._posted(webhook, row, at)
        if self.stopping.is_set() and not reply.is_taken:
            return False  # it was broken off, which says nothing of the receiver
        return self._noted(webhook, row, reply)

    def _posted(self, webhook: WebhookRow, row: DeliveryRow, at: int) -> Reply:
        """The answer of the receiver."""
        body = orjson.dumps(row.body)
        signed = signed_headers(secrets_of(webhook, at), row.event, at // SECOND, body)
        target = self.rules.target_of(webhook.url)
        if target is None:
            return Reply(None, "address_forbidden")
        post = self.posts[webhook.name] = Post(target, self.rules)
        try:
            return post.send({"Content-Type": "application/json", "User-Agent": "chiso", **signed}, body)
        finally:
            del self.posts[webhook.name]

    def _noted(self, webhook: WebhookRow, row: DeliveryRow, reply: Reply) -> bool:
        """Note what came of a message; whether to go on with the next."""
        assert row.id is not None
        with self.database.unversioned(wait_ms=self.database.limits.lock_wait_ms) as session:
            kept = store.find_webhook(session, webhook.name)
            if kept is None or kept.lease_by != self.name:
                return False
            noted = store.get_delivery(session, kept.name, row.id)
            note_attempt(kept, noted, reply, now(session), self.chance)
            state = noted.state if noted.state != "pending" else "failed"
        WEBHOOK_ATTEMPTS.labels(state).inc()
        said = {"webhook": kept.name, "event": row.event, "state": state, "why": reply.error or reply.status}
        log.log(logging.INFO if reply.is_taken else logging.WARNING, "%(webhook)s %(event)s %(state)s, %(why)s", said)
        if reply.is_gone:
            with self.database.writing(wait_ms=PATIENCE_MS) as session:
                disable(session, kept.name)
            return False
        return True

    def _patiently(self, work: Callable[[], object]) -> None:
        """Do something, or leave it for another time where the database does not let it be done now."""
        try:
            work()
        except Exception as error:
            if is_passing(error):
                log.info("webhooks another time, for %s", reason_of(error))
            else:
                log.exception("webhooks failed")
