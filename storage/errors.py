"""What can go wrong with a database, in words that do not depend on which one it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

EXCLUSION = "23P01"
TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})
MISTAKE = "SQLITE_ERROR"
"""What SQLite calls a statement that makes no sense; its driver does not tell it from an outage."""


class StorageError(Exception):
    """The root of storage's own errors."""


class UnreachableError(StorageError):
    """The database does not answer, or not in time. Nothing was written."""


class ContendedError(StorageError):
    """Another transaction was in the way. Nothing was written; the same call may succeed now."""


class OverlapError(StorageError):
    """The database's last line refused a booking that overlaps another of the same person."""


class UnstorableError(StorageError):
    """Some text has a character that no database keeps. Nothing was written."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Translate what the driver raises; programming errors pass through untouched."""
    try:
        yield
    except PoolTimeout as error:
        raise UnreachableError("no connection was free") from error
    except IntegrityError as error:
        if _state(error) == EXCLUSION:
            raise OverlapError("a participant is already booked") from error
        raise
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", None) == MISTAKE:
            raise
        if _state(error) in TRY_AGAIN:
            raise ContendedError("another transaction was in the way") from error
        raise UnreachableError("the database does not answer") from error
    except (DataError, UnicodeEncodeError) as error:
        raise UnstorableError("some text can't be stored") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise UnreachableError("the connection was lost") from error
        raise


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
