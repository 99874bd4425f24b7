"""Ticks that nobody sets: they measure how long something takes, whatever becomes of clocks."""

import time


def ticks() -> float:
    """Count seconds that also pass while the machine sleeps, as the database's clock does."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
