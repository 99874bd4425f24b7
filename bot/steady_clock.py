"""The time by which a process judges what is due, and what is too late.

A computer's clock may be set at any moment, wrong or right. This one goes on steadily, by ticks
that nobody sets. Where the computer's clock parts from it, Slack is asked, which dates each of its
answers: whoever is nearer to that is right. A database on another computer is asked where Slack
does not answer for a while, and nobody where that does not either. A clock that was wrong from the
beginning is left for the time on which those two agree; where there is no such database, for what
Slack goes on to say.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.coaching import Clock, system_clock
from bot.delivery.ticking import ticks as real_ticks
from bot.logger import get_logger

JUMP: Final = timedelta(seconds=2)
"""Beyond this a clock is not put right little by little: it was set."""
NEAR: Final = timedelta(seconds=30)
"""How far two clocks may be apart that agree."""
UNANSWERED: Final = timedelta(minutes=1)
"""So long it is waited for Slack to say what time it is."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that somebody told, and the tick at which it was so."""

    at: datetime
    tick: float

    def later(self, tick: float) -> datetime:
        """Tell what time it is by it at another tick."""
        return self.at + timedelta(seconds=tick - self.tick)


class SteadyClock:
    """Tells the time, whatever becomes of the computer's clock; called from any thread."""

    def __init__(
        self, system: Clock = system_clock, ticks: Callable[[], float] = real_ticks
    ) -> None:
        self._system = system
        self._ticks = ticks
        self._lock = threading.RLock()
        self._steady = Moment(system(), ticks())
        self._wrong_by = timedelta(0)
        """How far the computer's clock is known to be ahead of the right time."""
        self._parted_at: float | None = None
        """The tick at which the computer's clock was seen to be set, until it is known which
        time is right."""
        self._alone_at: float | None = None
        """The tick at which Slack was first heard to say another time, and says so since."""
        self._slack: Moment | None = None
        self._database: Moment | None = None

    def __call__(self) -> datetime:
        """Tell what time it is, in UTC."""
        with self._lock:
            tick = self._ticks()
            steady, system = self._steady.later(tick), self._system()
            if abs(system - self._wrong_by - steady) <= JUMP:
                self._follow(Moment(system - self._wrong_by, tick))
            elif self._parted_at is None:
                self._parted_at = tick
                log.error("ClockJumped", ahead=_seconds(system - self._wrong_by - steady))
            elif tick - self._parted_at > UNANSWERED.total_seconds():
                self._decide(self._since_parted(self._database) or Moment(system, tick))
            return self._steady.later(self._ticks())

    @property
    def is_parted(self) -> bool:
        """Whether the computer's clock was set, and nobody said yet which time is right."""
        with self._lock:
            self()
            return self._parted_at is not None

    @property
    def is_sure(self) -> bool:
        """Whether it can be judged by this clock what is too late: somebody else agrees with it."""
        with self._lock:
            now, tick = self(), self._ticks()
            others = [each.later(tick) for each in (self._slack, self._database) if each]
            is_alone = bool(others) and all(abs(each - now) > NEAR for each in others)
            return self._parted_at is None and not is_alone

    def see_slack(self, at: datetime) -> None:
        """Take what Slack says the time is."""
        with self._lock:
            self._slack = Moment(at, self._ticks())
            self()
            if self._parted_at is not None:
                self._decide(self._slack)
            else:
                self._compare()

    def see_database(self, at: datetime) -> None:
        """Take what the time is by the clock of a database on another computer."""
        with self._lock:
            self._database = Moment(at, self._ticks())
            if self._parted_at is None:
                self._compare()

    def _follow(self, moment: Moment) -> None:
        """Go with a computer's clock that is put right little by little, or set back again."""
        self._steady = moment
        if self._parted_at is not None:
            self._parted_at = None
            log.warning("ClockSettled", ahead=_seconds(self._wrong_by))

    def _since_parted(self, told: Moment | None) -> Moment | None:
        since = self._parted_at
        return told if told is not None and since is not None and told.tick >= since else None

    def _decide(self, told: Moment) -> None:
        """Believe the one of the two times that is nearer to what was told."""
        tick = self._ticks()
        by, system = told.later(tick), self._system()
        right = min(system, self._steady.later(tick), key=lambda each: abs(each - by))
        # What others said before may be as old as the computer slept.
        self._slack = self._since_parted(self._slack)
        self._database = self._since_parted(self._database)
        self._believe(right, tick, system)

    def _compare(self) -> None:
        """Leave a time that is wrong: for that on which the two others agree, or for Slack's."""
        if self._slack is None:
            return
        now, tick = self(), self._ticks()
        slack = self._slack.later(tick)
        if abs(slack - now) <= NEAR:
            self._alone_at = None
        elif self._is_outvoted(slack, now, tick):
            log.error("ClockJumped", ahead=_seconds(self._system() - slack))
            self._believe(slack, tick, self._system())

    def _is_outvoted(self, slack: datetime, now: datetime, tick: float) -> bool:
        if self._database is None:
            self._alone_at = tick if self._alone_at is None else self._alone_at
            return tick - self._alone_at > UNANSWERED.total_seconds()
        database = self._database.later(tick)
        return abs(slack - database) <= NEAR < abs(database - now)

    def _believe(self, at: datetime, tick: float, system: datetime) -> None:
        wrong_by = system - at
        self._wrong_by = wrong_by if abs(wrong_by) > JUMP else timedelta(0)
        self._parted_at = self._alone_at = None
        self._steady = Moment(system - self._wrong_by, tick)
        log.warning("ClockSettled", ahead=_seconds(self._wrong_by))


def _seconds(span: timedelta) -> float:
    return round(span.total_seconds(), 1)
