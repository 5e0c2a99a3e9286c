"""What a database would not do, and whether it may do it another time."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

CANNOT_GROW = "could not extend file"
"""What PostgreSQL says where a file meets a limit and not the end of a disk, as a fault inside itself."""


def is_passing(error: Exception) -> bool:
    """Whether the database is away, locked, full or shutting down, rather than asked something wrong."""
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and (error.connection_invalidated or CANNOT_GROW in str(error.orig))


def reason_of(error: Exception) -> str:
    """What the database said, without the statement and what it was about: that may be figures of somebody."""
    return str(error.orig if isinstance(error, DBAPIError) else error).strip()
