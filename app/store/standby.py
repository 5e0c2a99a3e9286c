"""A hot standby of PostgreSQL that takes reads over, and shows nothing older than the primary does.

A read may go there only where it has replayed the primary's log as far as that stood when the read began, and where its
snapshot has the same clock as the primary had then. So whoever reads sees every write that was acknowledged to anybody
before, by whichever process, and none that the primary does not show yet: positions of the log alone say neither of a
server with another history, nor of a commit that still waits for its standby.
"""

import time

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.store.data_state import DataState
from app.store.engines import ConnectionLimits, make_engine, preferring_standby
from app.store.pool import CountingPool, pool_of

REPLAYED = text("SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= CAST(:position AS pg_lsn)")
CLOCK = text("SELECT version, known_at, trace FROM clock")
PATIENCE_S, PAUSE_S = 0.05, 0.005
"""How long a read waits for the standby, and between two looks at it; then the primary answers."""
AWAY_S, BEHIND_S = 5.0, 1.0
"""For so long nobody asks a standby that did not answer, or that was behind."""


class Standby:
    """The engine of a standby, and whether it may be asked."""

    def __init__(self, url: str, limits: ConnectionLimits) -> None:
        self.engine = make_engine(preferring_standby(url), limits=limits)
        self.away_until = 0.0

    @property
    def pool(self) -> CountingPool:
        """The connections of this process to it."""
        return pool_of(self.engine)

    @property
    def answers(self) -> bool:
        return time.monotonic() >= self.away_until

    def shows(self, session: Session, position: str, state: DataState) -> bool:
        """Whether this session of the standby, whose snapshot is taken here, shows what the primary did.

        That was this state at that position of the log.
        """
        until = time.monotonic() + PATIENCE_S
        try:
            while True:
                recovering, replayed = session.execute(REPLAYED, {"position": position}).one()
                session.rollback()
                if not recovering:  # it was promoted, or the address leads to the primary
                    self.engine.dispose()
                    return self._leave(AWAY_S)
                if replayed and DataState(*session.execute(CLOCK).one()) == state:
                    return True
                session.rollback()
                if time.monotonic() > until:
                    return self._leave(BEHIND_S)
                time.sleep(PAUSE_S)
        except (DBAPIError, PoolTimeout):
            return self._leave(AWAY_S)

    def _leave(self, seconds: float) -> bool:
        """Ask it no more for so long."""
        self.away_until = time.monotonic() + seconds
        return False
