"""The last moment at which a message may begin to leave, for whatever writes it to the wire.

A process may be stopped between deciding to send and sending. So the lease is looked at once more
when the connection is there and nothing is written yet: what is too late then does not leave.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

MAY_LEAVE: Final[ContextVar[Callable[[], bool]]] = ContextVar("may_leave", default=lambda: True)


class TooLate(Exception):
    """The lease may be over, and nothing has left."""


def ensure_in_time() -> None:
    """Stop a message that may be somebody else's by now. Raises TooLate."""
    if not MAY_LEAVE.get()():
        raise TooLate


@contextmanager
def while_it_may_leave(may_leave: Callable[[], bool]) -> Iterator[None]:
    """Let what is sent in this block leave only as long as this says so."""
    token = MAY_LEAVE.set(may_leave)
    try:
        yield
    finally:
        MAY_LEAVE.reset(token)
