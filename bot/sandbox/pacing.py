"""How often messages may be posted, when a test or a person wants that limited as Slack does."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

from bot.sandbox.terms import RateLimits


class Pacer:
    """Count what was posted, and say how long to wait when it was too much."""

    def __init__(
        self, limits: RateLimits, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._by_channel: dict[str, deque[float]] = defaultdict(deque)
        self._all: deque[float] = deque()

    def seconds_to_wait(self, channel: str) -> int | None:
        """Count a message for this channel, or say after how many seconds to try again."""
        now = self._monotonic()
        posted = self._by_channel[channel]
        waits = (
            _wait(posted, now, most=self._limits.per_channel_per_second, window=1.0),
            _wait(self._all, now, most=self._limits.per_workspace_per_minute, window=60.0),
        )
        longest = max(waits)
        if longest > 0:
            return max(1, math.ceil(longest))
        posted.append(now)
        self._all.append(now)
        return None


def _wait(posted: deque[float], now: float, *, most: int | None, window: float) -> float:
    while posted and posted[0] <= now - window:
        posted.popleft()
    if most is None or len(posted) < most:
        return 0.0
    return posted[0] + window - now
