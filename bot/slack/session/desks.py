"""The forms in which somebody is at work: one thing after the other, and typing kept now and then.

A text that is typed tells of every letter. It is kept at most once a second for each form, as it
then is; whatever is done in the form knows more than that, and takes its place.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from bot.slack.turns.payloads import SeenView

PAUSE: Final = 1.0
"""Seconds between two times at which the same form is kept while somebody types."""
MOST: Final = 1000
"""How many forms are remembered; of older ones a letter more or less is kept."""

Keeping = Callable[[SeenView], Awaitable[None]]


class Desk:
    """One form: whose turn it is, and what was typed in it last."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._waiting: SeenView | None = None
        self._is_busy = False
        self._is_closed = False

    def note(self, view: SeenView) -> bool:
        """Note what is typed now; answers whether somebody must begin to keep it."""
        if self._is_closed:
            return False
        self._waiting = view
        begins, self._is_busy = not self._is_busy, True
        return begins

    def forget(self) -> None:
        """Drop what waits, because more is known."""
        self._waiting = None

    def close(self) -> None:
        """Keep nothing any more: the form was sent."""
        self._waiting, self._is_closed = None, True

    async def keep(self, keeping: Keeping) -> None:
        """Keep what is typed until nothing waits, with a pause after each time."""
        try:
            while self._waiting is not None:
                async with self.turn:
                    view, self._waiting = self._waiting, None
                    if view is not None:
                        await keeping(view)
                await asyncio.sleep(PAUSE)
        finally:
            self._is_busy = False


class Desks:
    """The forms that were used last."""

    def __init__(self) -> None:
        self._desks: OrderedDict[str, Desk] = OrderedDict()

    def of(self, view_id: str) -> Desk:
        """Give the desk of a form."""
        desk = self._desks.setdefault(view_id, Desk())
        self._desks.move_to_end(view_id)
        while len(self._desks) > MOST:
            self._desks.popitem(last=False)
        return desk
