"""How long a connection to Slack is waited for, and how soon it is tried again."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.delivery.backoff import BackOff

LONGEST_STOP: Final = timedelta(seconds=10)
"""So long a stop waits for what is in hand."""


def _back_off() -> BackOff:
    return BackOff(longest=timedelta(seconds=30), least=timedelta(milliseconds=250))


def _view_back_off() -> BackOff:
    least = timedelta(milliseconds=100)
    return BackOff(first=timedelta(milliseconds=500), longest=timedelta(seconds=4), least=least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times of a connection; tests have shorter ones."""

    back_off: BackOff = field(default_factory=_back_off)
    """Between two tries: 1 s, 2 s, 4 s … 30 s, each with full jitter."""
    handshake: timedelta = timedelta(seconds=10)
    """From the address of a socket to Slack's greeting."""
    ping: timedelta = timedelta(seconds=10)
    """Between two pings; a socket without an answer for half as long again is dead."""
    steady: timedelta = timedelta(seconds=30)
    """A connection that lasted so long was a good one: the next try is made at once."""
    leaving: timedelta = timedelta(seconds=30)
    """So long a socket that Slack wants replaced is still listened to."""
    look_again: timedelta = timedelta(minutes=5)
    """Between two questions whether Slack still takes the token."""
    deaf_after: timedelta = timedelta(minutes=3)
    """Without a connection for so long though Slack answers, it is begun from scratch, and after
    twice as long the process ends. Zero: never."""
    view_back_off: BackOff = field(default_factory=_view_back_off)
    """Between two tries to put the same page into a view."""
    view_useful: timedelta = timedelta(seconds=25)
    """So long a page is tried for; the view itself says to close it after half a minute."""
