"""What may have been sent before the database was set back to an earlier moment.

Such a promise is looked for in its conversation before it is sent, as if whoever began it had been
lost: what is found there is known to be sent, and what is not is sent in its order.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.coaching.ground.context import Context
from bot.delivery import log
from bot.delivery.events import Doubted
from bot.delivery.settings import Settings
from storage.records import Delivery
from storage.timelines import IN_DOUBT, Past
from storage.transaction import Transaction
from storage.types import ActionType

__all__ = ["IN_DOUBT", "Doubts", "is_in_doubt"]

CONSEQUENCES: Final = frozenset({ActionType.OVERDUE, ActionType.UNREACHABLE})
"""Kinds that are promised because of what became of another message, at whatever time."""
CONSEQUENT_FOR: Final = timedelta(days=1)


class Doubts:
    """Sees in a sender's transactions whether the database was set back."""

    def __init__(self, context: Context, settings: Settings) -> None:
        self._context = context
        self._settings = settings
        self._started_at = context.clock()
        self._is_begun = False
        self._counter: int | None = None

    def begin(self) -> None:
        """Look for the first time, so that every copy from now on tells that it is one."""
        if not self._is_begun:
            with self._context.begin() as tx:
                past = self.look(tx)
            self.keep(past)

    def look(self, tx: Transaction) -> Past:
        """Put in doubt what is due, where there is a sign that the database was set back.

        Somebody may still have in hand what the database does not know of any more, and sends it
        for as long as a lease takes. Before the only process starts there is nobody.
        """
        begun = None
        if self._settings.doubts_start and not self._is_begun:
            begun = tx.timelines.doubt(now=self._started_at, pause=timedelta(0))
        past = tx.timelines.compare(
            now=self._context.clock(), pause=self._settings.lease, counter=self._counter
        )
        return past if begun is None or past.in_doubt is not None else _both(begun, past)

    def keep(self, past: Past) -> None:
        """Take note of what was seen, once its transaction is done; a new doubt is told."""
        self._is_begun = True
        if past.in_doubt is None:
            # Another round may have counted further in the meantime.
            counters = (each for each in (self._counter, past.counter) if each is not None)
            self._counter = max(counters, default=None)
        else:
            self._counter = past.counter
            log.write_doubt(past.in_doubt)
            self._settings.watch(Doubted(past.in_doubt))


def _both(begun: Past, past: Past) -> Past:
    return replace(past, in_doubt=begun.in_doubt or None)


def is_in_doubt(delivery: Delivery, doubted_until: datetime | None) -> bool:
    """Answer whether a message is to be looked for before it is sent."""
    if doubted_until is None:
        return False
    is_sought = delivery.sought_at is not None and delivery.sought_at >= doubted_until
    more = CONSEQUENT_FOR if delivery.kind in CONSEQUENCES else timedelta(0)
    return not is_sought and delivery.due_at < doubted_until + more
