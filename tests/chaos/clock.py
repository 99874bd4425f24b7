"""The time in which a run takes place: as fast as is asked for, and wrong where that is asked for.

All processes of a run read the machine's monotonic clock, so that they agree on what time it is;
each replica adds the error of its own clock, which the run changes while the replica works.
"""

import os
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGINNING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday morning on which nobody's clock changes and nobody sleeps."""
ERROR = struct.Struct("d")


@dataclass(frozen=True)
class ChaosClock:
    """Tells the time of a run; called as the bot calls its clock."""

    origin: float
    """The monotonic second at which the run began."""
    rate: float
    """How many seconds pass in the run with each real one."""
    error_file: int | None = None
    beginning: datetime = BEGINNING

    def __call__(self) -> datetime:
        """Say what time it is, in UTC."""
        return self.moment(self.now()) + timedelta(seconds=self._error())

    def now(self) -> float:
        """Count the real seconds since the run began."""
        return time.monotonic() - self.origin

    def second_at(self, real: datetime) -> float:
        """Count the real seconds from the beginning of the run to a moment of real time."""
        return self.now() - (datetime.now(UTC) - real).total_seconds()

    def moment(self, second: float) -> datetime:
        """Say what time it is so many real seconds after the run began."""
        return self.beginning + timedelta(seconds=second * self.rate)

    def second(self, moment: datetime) -> float:
        """Count the real seconds from the beginning of the run to a moment in it."""
        return (moment - self.beginning).total_seconds() / self.rate

    def _error(self) -> float:
        if self.error_file is None:
            return 0.0
        found: float = ERROR.unpack(os.pread(self.error_file, ERROR.size, 0))[0]
        return found


def environment_of(clock: ChaosClock, errors: Path) -> dict[str, str]:
    """Name what a replica has to know of the clock."""
    return {
        "CHAOS_ORIGIN": repr(clock.origin),
        "CHAOS_RATE": repr(clock.rate),
        "CHAOS_BEGINNING": clock.beginning.isoformat(),
        "CHAOS_ERRORS": str(errors),
    }


def read_clock(environment: Mapping[str, str]) -> ChaosClock:
    """Read what a replica has to know of the clock."""
    errors = os.open(environment["CHAOS_ERRORS"], os.O_RDONLY)
    origin, rate = (float(environment[name]) for name in ("CHAOS_ORIGIN", "CHAOS_RATE"))
    beginning = datetime.fromisoformat(environment["CHAOS_BEGINNING"])
    return ChaosClock(origin, rate, errors, beginning)


def set_error(errors: Path, seconds: float) -> None:
    """Let a replica's clock be ahead by so much, or behind."""
    with errors.open("r+b" if errors.exists() else "w+b") as file:
        file.write(ERROR.pack(seconds))
