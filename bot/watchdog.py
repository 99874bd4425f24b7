"""The dead man's watch: a process whose heartbeat has stopped ends, so that it is started anew.

It runs in a thread of its own and so sees also an event loop that hangs. Should even that thread
get no turn, because something holds the interpreter, a timer outside of it ends the process.
"""

import faulthandler
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, TextIO

from bot.delivery.events import Event
from bot.logger import get_logger

EXIT_CODE: Final = 70
"""What the process ends with: an internal error, as sysexits.h has it."""
PATIENCE: Final = timedelta(seconds=2)
"""So long the last words may take; whatever reads them may hang as well."""
LOOKS: Final = 20
"""How often it is looked while the time runs out."""

log = get_logger(__name__)


class Signs:
    """The signs of life of the delivery: how long ago the last one was, in seconds."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._last = ticks()

    def __call__(self, event: Event) -> None:  # noqa: ARG002
        """Take a sign of life: a promise that was handled is one as much as a look."""
        self.beat()

    def beat(self) -> None:
        """Take a sign of life."""
        self._last = self._ticks()

    @property
    def age(self) -> float:
        """Seconds since the last sign of life, or since the beginning."""
        return self._ticks() - self._last


class Watchdog:
    """Ends the process when there was no sign of life for too long."""

    def __init__(self, signs: Signs, limit: timedelta, *, end: Callable[[], None]) -> None:
        self._signs = signs
        self._limit = limit.total_seconds()
        self._end = end
        self._called_off = threading.Event()

    def watch(self) -> None:
        """Look again and again until called off."""
        while not self._called_off.wait(self._limit / LOOKS):
            faulthandler.dump_traceback_later(self._limit, exit=True, file=_stderr())
            if self._signs.age > self._limit:
                self._end()
                return

    def call_off(self) -> None:
        """Watch no more."""
        self._called_off.set()


@contextmanager
def watched(signs: Signs, limit: timedelta) -> Iterator[None]:
    """Watch until the end of the block; a limit of zero watches nothing."""
    if not limit:
        yield
        return
    watchdog = Watchdog(signs, limit, end=end_process)
    signs.beat()
    thread = threading.Thread(target=watchdog.watch, name="watchdog", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watchdog.call_off()
        thread.join()
        faulthandler.cancel_dump_traceback_later()


def end_process() -> None:
    """Say where everything hangs, and leave at once: nothing here can be trusted to end well."""
    speaking = threading.Thread(target=_say_last_words, daemon=True)
    speaking.start()
    speaking.join(PATIENCE.total_seconds())
    os._exit(EXIT_CODE)


def _say_last_words() -> None:
    log.critical("HeartbeatStopped", exit=EXIT_CODE)
    faulthandler.dump_traceback(file=_stderr())


def _stderr() -> TextIO:
    return sys.__stderr__ or sys.stderr
