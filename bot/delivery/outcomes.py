"""How one try to keep a promise can end: the words between the sender and a messenger."""

import enum
from dataclasses import dataclass
from datetime import timedelta

from bot.coaching.ground.errors import Conflict, Unavailable
from bot.coaching.ground.failures import OWN_ERROR
from bot.coaching.ground.values import Unreached


class Scope(enum.Enum):
    """For whom a wait that the network asked for holds."""

    CHANNEL = "channel"
    WORKSPACE = "workspace"
    NONE = "none"
    """For this message alone."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The message is there."""

    channel: str
    message_ts: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """The message certainly did not leave, and may be sent after a while.

    A zero `after` leaves the length of the while to the sender's back-off.
    """

    after: timedelta
    reason: str
    scope: Scope = Scope.NONE


@dataclass(frozen=True, slots=True)
class Unsure:
    """The message may or may not be there: the connection was lost after the request went out."""

    reason: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The message did not leave and never will."""

    reason: str
    unreached: Unreached | None = None
    """Why its reader cannot be reached at all, where that is what it failed of."""


Outcome = Sent | TryLater | Unsure | GiveUp


@dataclass(frozen=True, slots=True)
class Missing:
    """The person's message history was read and the message is not in it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The person's message history could not be read now."""

    reason: str
    after: timedelta = timedelta(0)
    """How long the network asks to wait; it will be readable then."""


Finding = Sent | Missing | Unreadable


def code_of(error: Exception) -> str:
    """Give the reason that an error is written down as.

    A lost connection, and a database that can't be reached, go by the name of their type. All else
    is a fault of our own, and not the network's.
    """
    if isinstance(error, Unavailable | Conflict | ConnectionError | TimeoutError):
        return type(error).__name__
    return OWN_ERROR
