"""How long to wait before another try, and when there have been enough."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

DOUBLINGS = 30
"""Beyond this the wait is the longest one anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """Waits that double up to a limit, with full jitter so that senders do not move in step."""

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=5)
    least: timedelta = timedelta(milliseconds=50)
    """Never at once: a promise that was just put back must not be due in the same moment."""
    enough_after: timedelta = timedelta(hours=24)
    enough_attempts: int = 10
    chance: random.Random = field(default_factory=random.Random, compare=False)

    def ceiling(self, attempts: int) -> timedelta:
        """The most that is waited after so many attempts: 1 s, 2 s, 4 s … 5 minutes."""
        factor = 1 << min(max(attempts - 1, 0), DOUBLINGS)
        return min(self.first * factor, self.longest)

    def delay(self, attempts: int, *, asked: timedelta = timedelta(0)) -> timedelta:
        """The wait before the next try; what the network asked for is obeyed to the letter."""
        if asked > timedelta(0):
            return asked
        return max(self.least, self.ceiling(attempts) * self.chance.random())

    def is_enough(self, attempts: int, age: timedelta) -> bool:
        """Answer whether a notice this old, tried this often, is not worth another try.

        Both must hold: after a long night without power everything is old and nothing was tried.
        """
        return attempts >= self.enough_attempts and age >= self.enough_after
