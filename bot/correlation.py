"""What belongs together in the log: the id of the request, turn or delivery that is in hand.

It travels with the task and, by the hop, into the thread of its use case.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_IN_HAND: Final[ContextVar[str | None]] = ContextVar("in_hand", default=None)


def in_hand() -> str | None:
    """Give the id of what is in hand; None outside of everything."""
    return _IN_HAND.get()


@contextmanager
def correlated(name: str | None = None) -> Iterator[str]:
    """Let all that is logged inside carry an id: this one, or a new one."""
    name = name or uuid.uuid4().hex[:16]
    token = _IN_HAND.set(name)
    try:
        yield name
    finally:
        _IN_HAND.reset(token)
