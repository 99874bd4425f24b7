"""Telling of a database that cannot be used: once when that begins, and once when it ends."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from storage.failures import ABOUT_WRITING, Failure

CALM: Final = timedelta(seconds=5)
"""An outage has ended when something works and nothing failed for so long: some things work in
between, and a line for each would hide the rest of the log."""

log = logging.getLogger("storage")


class Outages:
    """Keeps what is wrong with one database now; any thread may tell of it."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._current: Failure | None = None
        self._told: frozenset[str] = frozenset()
        self._began = self._failed = 0.0
        self._ends_by_writing = False

    @property
    def current(self) -> Failure | None:
        """What is wrong now; None where all is well."""
        return self._current

    def fail(self, failure: Failure, *, in_writing: bool) -> None:
        """Take note that a transaction failed; each cause is told once in an outage."""
        with self._lock:
            now = self._ticks()
            if self._current is None:
                self._began, self._told, self._ends_by_writing = now, frozenset(), False
            self._current, self._failed = failure, now
            # A full disk can be read for as long as one likes.
            self._ends_by_writing |= in_writing and failure.code in ABOUT_WRITING
            is_new = failure.code not in self._told
            self._told |= {failure.code}
        if is_new:
            facts = {"code": failure.code, "said": failure.said}
            log.error("DatabaseUnusable code=%(code)s said=%(said)r", facts)

    def succeed(self, *, in_writing: bool) -> None:
        """Take note that a transaction was done."""
        if self._current is None:
            return
        with self._lock:
            now = self._ticks()
            is_proof = in_writing or not self._ends_by_writing
            if not is_proof or now - self._failed < CALM.total_seconds():
                return
            self._current = None
            lasted = now - self._began
        log.warning("DatabaseUsable after=%(after)s", {"after": round(lasted, 1)})
