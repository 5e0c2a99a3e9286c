"""A hot standby of PostgreSQL that takes reads over, and shows nothing older than the primary does.

A read may go there only where it has replayed the primary's log as far as that stood when the read began. So whoever
reads sees every write that was acknowledged to anybody before, by whichever process.
"""

import time

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.store.engines import ConnectionLimits, make_engine

REPLAYED = text("SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(:position AS pg_lsn)")
PATIENCE_S, PAUSE_S = 0.05, 0.005
"""How long a read waits for the standby, and between two looks at it; then the primary answers."""
AWAY_S = 5.0
"""For so long nobody asks a standby that did not answer."""


class Standby:
    """The engine of a standby, and whether it may be asked."""

    def __init__(self, url: str, limits: ConnectionLimits) -> None:
        self.engine = make_engine(url, limits=limits)
        self.away_until = 0.0

    @property
    def answers(self) -> bool:
        return time.monotonic() >= self.away_until

    def has_replayed(self, session: Session, position: str) -> bool:
        """Whether what is read next in this session of the standby is as new as that position of the log."""
        until = time.monotonic() + PATIENCE_S
        try:
            while not session.execute(REPLAYED, {"position": position}).scalar_one():
                session.rollback()
                if time.monotonic() > until:
                    return False
                time.sleep(PAUSE_S)
            session.rollback()  # what follows is a snapshot of its own, taken after the answer
        except (DBAPIError, PoolTimeout):
            self.away_until = time.monotonic() + AWAY_S
            return False
        return True
