"""Clocks that run: one from any moment, and the true one for the few tests that may ask it.

The result of a test depends on no hour, weekday or zone: tests/test_architecture.py finds whoever
asks the time by another way.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.sandbox.clock import SandboxClock
from tests.conftest import FrozenClock

TUESDAY: Final = datetime(2027, 1, 12, 13, 30, tzinfo=UTC)
"""Nobody's quiet hours in New York, London and Kolkata, so that reminders come when they are due;
and far from the nights on which clocks change."""


class RunningClock(FrozenClock):
    """A clock that starts at a moment and runs as fast as life."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return self.moment + timedelta(seconds=time.monotonic() - self._began)


def running_sandbox_clock(moment: datetime = TUESDAY) -> SandboxClock:
    """Give a sandbox a clock that starts at a moment and runs."""
    return SandboxClock(real=RunningClock(moment))


def true_now() -> datetime:
    """Give the true time, for what a process, a database or a library holds against its own clock.

    Who asks must come to the same at every hour of every day: see `working_noon`.
    """
    return datetime.now(UTC)


def true_sandbox_clock() -> SandboxClock:
    """Give a sandbox the time by which a real bot beside it goes."""
    return SandboxClock(real=true_now)


def signed_at(*, seconds_ago: int = 0) -> str:
    """Write the moment of a signature, which Slack's library holds against its own clock."""
    return str(int(time.time()) - seconds_ago)


def bare_environment() -> dict[str, str]:
    """Give a process the variables that say where programs are and what time and place it is.

    A moved clock comes to a process by its environment, see tests/anywhen.py.
    """
    kept = ("PATH", "TZ", "LANG", "LOCPATH", "LD_PRELOAD", "DONT_FAKE_MONOTONIC")
    return {k: v for k, v in os.environ.items() if k in kept or k.startswith(("LC_", "FAKETIME"))}


def working_noon() -> datetime:
    """Give noon, in UTC, of a Wednesday some five to twelve days from now.

    It is within working hours from New York to Kolkata, and no “today” or “tomorrow” comes near.
    """
    ahead = true_now() + timedelta(days=5)
    wednesday = ahead + timedelta(days=(2 - ahead.weekday()) % 7)
    return wednesday.replace(hour=12, minute=0, second=0, microsecond=0)
