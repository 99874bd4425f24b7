"""When a lease on the database's clock has ended, though that clock may have been set.

A clock that is set forward ends leases that are held: whoever holds one may be sending. So where
the database's clock parts from the ticks of this process, nothing is taken over for the length of a
lease. What was taken while it was ahead would be held for as long as it was: that is shortened.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from bot.delivery.ticking import ticks as real_ticks

JUMP: Final = timedelta(seconds=2)
"""Beyond this a clock is not put right little by little: it was set."""


class LeaseClock:
    """Compares the database's clock with the ticks of this process; one per sender."""

    def __init__(self, lease: timedelta, ticks: Callable[[], float] = real_ticks) -> None:
        self._lease = lease.total_seconds()
        self._ticks = ticks
        self._anchor: tuple[datetime, float] | None = None
        self._held_off_until = 0.0
        self.is_to_shorten = True
        """Whether leases may have been taken by a clock that was ahead, also before the start."""

    @property
    def may_take_over(self) -> bool:
        """Whether a lease that is over by the database's clock is over."""
        return self._ticks() >= self._held_off_until

    @contextmanager
    def asking(self) -> Iterator[Callable[[datetime], None]]:
        """Give what takes the database's answer; it is from some moment within the block."""
        before = self._ticks()
        yield lambda now: self._see(now, before, self._ticks())

    def _see(self, now: datetime, before: float, after: float) -> None:
        anchor, self._anchor = self._anchor, (now, after)
        if anchor is None:
            return
        was, tick = anchor
        elapsed = now - was
        least, most = (timedelta(seconds=each - tick) for each in (before, after))
        if not least - JUMP <= elapsed <= most + JUMP:
            self._held_off_until = after + self._lease
            self.is_to_shorten = True
