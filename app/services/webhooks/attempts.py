"""What becomes of a message by the answer to it: delivered, tried again after a growing pause, or given up."""

from collections.abc import Callable

from app.services.webhooks.posting import Reply
from app.store.webhooks import DeliveryRow, WebhookRow

SECOND = 1_000_000
"""µs."""
PAUSES_S = (1, 2, 5, 15, 60, 300, 1800, 7200, 21_600, 43_200, 86_400)
"""Seconds after the first, second … attempt that failed; after one more a message is given up, two days later."""
LONGEST_QUIET_S = 60
"""A receiver that takes nothing is tried so often at least: its other messages wait for it meanwhile."""
JITTER = 0.25
"""A pause is longer by up to so much of itself, that receivers are not called by everybody at once."""

Chance = Callable[[], float]
"""A number of chance from 0 to below 1."""


def note_attempt(webhook: WebhookRow, row: DeliveryRow, reply: Reply, at: int, chance: Chance) -> None:
    """Note an attempt that ended at `at` (µs)."""
    row.attempts += 1
    row.last_attempt_at, row.last_status, row.last_error = at, reply.status, reply.error
    webhook.failures = webhook.failures + 1 if reply.is_ill else 0
    webhook.quiet_until = at + _micros(_quiet_s(webhook.failures), chance) if webhook.failures else 0
    if reply.is_taken:
        row.state, row.next_attempt_at = "delivered", None
    elif row.attempts > len(PAUSES_S):
        row.state, row.next_attempt_at = "dead", None
    else:
        pause = max(PAUSES_S[row.attempts - 1], reply.wait_s)
        row.next_attempt_at = at + _micros(pause, chance)
        webhook.quiet_until = max(webhook.quiet_until, at + reply.wait_s * SECOND if reply.wait_s else 0)


def _quiet_s(failures: int) -> int:
    """Seconds for which a receiver is left alone after so many failures in a row."""
    return min(PAUSES_S[min(failures, len(PAUSES_S)) - 1], LONGEST_QUIET_S)


def _micros(seconds: int, chance: Chance) -> int:
    return int(seconds * (1 + JITTER * chance()) * SECOND)
