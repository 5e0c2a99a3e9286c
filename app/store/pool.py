"""The pool of connections, which knows how many threads want one."""

from threading import Lock
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool
from sqlalchemy.pool.base import ConnectionPoolEntry


class CountingPool(QueuePool):
    """A pool that counts in `wanted` the threads that wait for a connection, one that is opened for them included.

    Of one that has ended, a connection that comes back later is closed: nobody else would.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.wanted, self.counting = 0, Lock()
        self.ended = False

    def dispose(self) -> None:
        self.ended = True
        super().dispose()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        super()._do_return_conn(record)
        if self.ended:
            super().dispose()

    def _do_get(self) -> ConnectionPoolEntry:
        self._count(1)
        try:
            return super()._do_get()
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self.counting:
            self.wanted += more


def end(engine: Engine) -> None:
    """Close all connections, those that others use when they give them back, and keep none that is opened later."""
    engine.dispose()
    engine.pool.dispose()


def pool_of(engine: Engine) -> CountingPool:
    """The connections of an engine of ours."""
    assert isinstance(engine.pool, CountingPool)
    return engine.pool
