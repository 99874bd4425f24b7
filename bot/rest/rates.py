"""How often each client may ask: a bucket of requests that fills at a steady rate."""

import math
from collections.abc import Callable
from threading import Lock

MOST_BUCKETS = 10_000
CRUMB = 1e-6
"""What arithmetic with fractions may lose on the way."""


class Rates:
    """The buckets of this process; safe to use from many threads."""

    def __init__(self, per_minute: int, ticks: Callable[[], float]) -> None:
        self._capacity = float(per_minute)
        self._ticks = ticks
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, who: str) -> int:
        """Take one request out of somebody's bucket; answers 0, or the seconds to wait for one."""
        if not self._capacity:
            return 0
        now = self._ticks()
        with self._lock:
            left = self._level(who, now)
            if left < 1 - CRUMB:
                return math.ceil((1 - left) * 60 / self._capacity - CRUMB)
            if len(self._buckets) >= MOST_BUCKETS:
                self._forget_the_full(now)
            self._buckets[who] = (left - 1, now)
            return 0

    def _level(self, who: str, now: float) -> float:
        level, since = self._buckets.get(who, (self._capacity, now))
        return min(self._capacity, level + (now - since) * self._capacity / 60)

    def _forget_the_full(self, now: float) -> None:
        full = [who for who in self._buckets if self._level(who, now) >= self._capacity]
        for who in full or list(self._buckets)[: MOST_BUCKETS // 2]:
            del self._buckets[who]
