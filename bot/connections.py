"""The open connections of a server: how many there may be, for how long, and how much they hold.

Strangers may open connections and say nothing. What they leave open never takes the descriptors
that the sender and the database need: when there are as many connections as there may be, the one
that has waited longest without a whole request makes room for the newest.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from bot.logger import get_logger
from bot.seldom import Seldom

if sys.platform != "win32":
    import resource

log = get_logger(__name__)

Reason = Literal["full", "late", "large", "unreadable", "memory", "unfetched"]
SAID: Final[dict[Reason, str]] = {
    "full": (
        "So many connections are open that one without a whole request was closed for a new one."
    ),
    "late": "A connection was closed because its request did not come in time.",
    "large": "A request was refused because of the size of its headers.",
    "unreadable": "A request was refused because it is not HTTP.",
    "memory": "A request was refused because unfinished requests held too much memory.",
    "unfetched": "A connection was closed because its answer was not fetched in time.",
}
MOST_CONNECTIONS: Final = 1000
RESERVED_DESCRIPTORS: Final = 384
"""For the sender, the database, Slack, files, and connections that are about to be closed."""


def most_connections() -> int:
    """Say how many connections fit below this process's limit of open files."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, max(limit - RESERVED_DESCRIPTORS, limit // 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a server takes. Lengths of time are in seconds."""

    connections: int
    head_seconds: float = 10
    """From the connection, or the first byte of the next request, to the end of the headers."""
    body_seconds: float = 30
    idle_seconds: int = 5
    """Between two requests on one connection."""
    answer_seconds: float = 30
    """How long an answer may wait until the client fetches more of it."""
    linger_seconds: float = 2
    """How long what still comes is thrown away, so that a refusal is heard."""
    head_bytes: int = 32 * 1024
    header_fields: int = 100
    pipelined: int = 16
    held_bytes: int = 64 * 1024 * 1024
    """What the bodies of all unanswered requests may hold together."""


class Connection(Protocol):
    """What the list of open connections knows of each."""

    @property
    def held(self) -> int:
        """How many bytes of bodies it holds."""
        ...

    def drop(self) -> None:
        """Close it at once, without an answer."""
        ...


class Connections:
    """The open connections, the oldest first, by what each is waiting for."""

    def __init__(self, limits: Limits, refused: Callable[[str], None]) -> None:
        self.limits = limits
        self._refused = refused
        self._seldom = Seldom()
        self._waiting: dict[Connection, None] = {}
        self._sending: dict[Connection, None] = {}
        self._working: dict[Connection, None] = {}
        self._held = 0

    def make_room(self) -> bool:
        """Where there are too many, drop the one that has waited longest.

        Answers whether there is room for one more: not where all are being answered.
        """
        if self._count < self.limits.connections:
            return True
        self.note("full")
        longest = next(iter(self._waiting or self._sending), None)
        if longest is not None:
            longest.drop()
        return longest is not None

    def wait(self, connection: Connection) -> None:
        """Take note that it has not sent a whole head."""
        self._put(connection, self._waiting)

    def send(self, connection: Connection) -> None:
        """Take note that it is sending a body."""
        self._put(connection, self._sending)

    def work(self, connection: Connection) -> None:
        """Take note that it has sent a whole request."""
        self._put(connection, self._working)

    def leave(self, connection: Connection) -> None:
        """Forget a connection."""
        for each in (self._waiting, self._sending, self._working):
            each.pop(connection, None)

    def hold(self, more: int) -> None:
        """Take note of bytes that a connection holds, or no longer holds if below zero.

        Where that is too much in all, whoever holds most of an unfinished body is dropped.
        """
        self._held += more
        if more > 0 and self._held > self.limits.held_bytes and self._sending:
            self.note("memory")
            max(self._sending, key=lambda each: each.held).drop()

    def note(self, reason: Reason) -> None:
        """Count a connection or request that was refused; warn of each reason once an hour."""
        self._refused(reason)
        if self._seldom.is_due(reason):
            log.warning("ConnectionRefused", reason=reason, message=SAID[reason])

    @property
    def _count(self) -> int:
        return len(self._waiting) + len(self._sending) + len(self._working)

    def _put(self, connection: Connection, among: dict[Connection, None]) -> None:
        self.leave(connection)
        among[connection] = None
