"""Whether the clock of this computer agrees with the database's; said once when that changes.

What is due is decided by the clock of each process, so one that is wrong reminds too early or too
late. It is the computer's clock that is compared, whatever clock the coaching was given.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.logger import get_logger

FARTHEST: Final = timedelta(seconds=30)
"""How far apart the clocks may be."""

log = get_logger(__name__)


class Clocks:
    """How far this computer's clock is ahead of the database's, as it was last seen."""

    def __init__(self, is_sure: Callable[[], bool] = lambda: True) -> None:
        self.is_sure = is_sure
        """Tells whether it is known what time it is."""
        self.ahead: timedelta | None = None
        """None: nobody could say yet."""

    @property
    def agree(self) -> bool:
        """Whether the clocks are close enough; as long as nobody knows, they are taken to be."""
        return self.ahead is None or abs(self.ahead) <= FARTHEST

    def see(self, ahead: timedelta) -> None:
        """Take what was just measured."""
        before, self.ahead = self.agree, ahead
        seconds = ahead.total_seconds()
        if before and not self.agree:
            log.error("ClockWrong", ahead=round(seconds, 1), limit=round(FARTHEST.total_seconds()))
        elif self.agree and not before:
            log.warning("ClockRight", ahead=round(seconds, 1))
