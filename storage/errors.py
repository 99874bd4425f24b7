"""What can go wrong with a database, in words that do not depend on which one it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.failures import NO_CONNECTION_FREE, UNREACHABLE, Failure, code_of, explain, is_known

EXCLUSION = "23P01"
TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})
MISTAKE = "SQLITE_ERROR"
"""What SQLite calls a statement that makes no sense; its driver does not tell it from an outage."""


class StorageError(Exception):
    """The root of storage's own errors."""


class UnreachableError(StorageError):
    """The database cannot be used now, for a reason that `failure` tells. Nothing was written."""

    def __init__(self, failure: Failure = UNREACHABLE) -> None:
        super().__init__(failure.said or failure.code)
        self.failure = failure


class ContendedError(StorageError):
    """Another transaction was in the way. Nothing was written; the same call may succeed now."""


class OverlapError(StorageError):
    """The database's last line refused a booking that overlaps another of the same person."""


class UnstorableError(StorageError):
    """Some text has a character that no database keeps. Nothing was written."""


@contextmanager
def told_plainly(password: str | None = None) -> Iterator[None]:
    """Translate what the driver raises; programming errors pass through untouched.

    What the database said is kept without the password.
    """
    try:
        yield
    except PoolTimeout as error:
        raise UnreachableError(NO_CONNECTION_FREE) from error
    except IntegrityError as error:
        if code_of(error) == EXCLUSION:
            raise OverlapError("a participant is already booked") from error
        raise
    except (DataError, UnicodeEncodeError) as error:
        raise UnstorableError("some text can't be stored") from error
    except DBAPIError as error:
        if (plain := _outage(error, password)) is None:
            raise
        raise plain from error


def _outage(error: DBAPIError, password: str | None) -> StorageError | None:
    code = code_of(error)
    if code in TRY_AGAIN:
        return ContendedError("another transaction was in the way")
    is_outage = isinstance(error, OperationalError) and code != MISTAKE
    if is_outage or is_known(error) or error.connection_invalidated:
        return UnreachableError(explain(error, password=password))
    return None
