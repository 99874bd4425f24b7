"""Warning of one thing at most once an hour: anybody may cause it, and a log must not drown."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

WARN_EVERY: Final = timedelta(hours=1)


class Seldom:
    """Remembers when each reason was last warned of."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._warned_at: dict[str, float] = {}

    def is_due(self, reason: str) -> bool:
        """Answer whether to warn of this now; the answer yes counts as a warning."""
        now, last = self._now(), self._warned_at.get(reason)
        if last is not None and abs(now - last) < WARN_EVERY.total_seconds():
            return False
        self._warned_at[reason] = now
        return True
