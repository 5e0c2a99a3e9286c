"""What a database would not do, and whether it may do it another time."""

import errno
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

CANNOT_GROW = "could not extend file"
"""What PostgreSQL says where a file meets a limit and not the end of a disk, as a fault inside itself."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where a file cannot grow: the disk, the quota or the limit of the process."""
DISK_FULL = "53100"
"""PostgreSQL's code for the end of a disk."""


def is_passing(error: Exception) -> bool:
    """Whether the database is away, locked, full or shutting down, rather than asked something wrong."""
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and (error.connection_invalidated or CANNOT_GROW in str(error.orig))


def is_full(error: Exception) -> bool:
    """Whether a disk has no room left: the database's, or the one for temporary files.

    SQLite may give the whole transaction up where it finds none. To leave a part of it is then an error of its own,
    behind which the first one stands.
    """
    return any(map(_says_full, _behind(error)))


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those that were being handled when it was raised."""
    while error is not None:
        yield error
        error = error.__context__


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    told = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(told, sqlite3.Error):
        return getattr(told, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(told, "sqlstate", None) == DISK_FULL or CANNOT_GROW in str(told)


def reason_of(error: Exception) -> str:
    """What the database said, without the statement and what it was about: that may be figures of somebody."""
    return str(error.orig if isinstance(error, DBAPIError) else error).strip()
