"""All people of the workspace, read slowly in the background by one process at a time.

A page is written before the next is asked for, so that whoever goes on after a crash, an outage or
a refusal begins where the last one stopped.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import coaching
from bot.hop import Hop
from bot.logger import get_logger
from bot.slack.transport.replies import reason_of, retry_after, status_of
from bot.slack.turns.people import PAGE, Page, People

PAUSE: Final = timedelta(seconds=4)
"""Between two pages: Slack takes about twenty a minute from the whole app."""
ASKED: Final = 50
"""Of so many Slack is asked after each time, in whom it had not told of."""
LATER: Final = timedelta(minutes=1)
"""When somebody goes on after a failure."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What became of one page: how many people it told of, and how many were not as told."""

    members: int
    changed: int
    left_out: int


class PeopleSync:
    """Reads everybody when it is time, unless another process does."""

    def __init__(
        self,
        context: coaching.Context,
        hop: Hop,
        people: People,
        *,
        told: Callable[[PageRead | None], None] = lambda _: None,
        pause: timedelta = PAUSE,
        size: int = PAGE,
    ) -> None:
        self._context = context
        self._hop = hop
        self._people = people
        self._told = told
        self._pause = pause
        self._size = size
        self._holder = str(uuid.uuid4())

    async def run(self, every: timedelta) -> None:
        """Read all pages that are due; a failure is told, and put off. Raises Unavailable."""
        cursor = await self._hop(
            coaching.take_people_page, self._context, self._holder, every=every
        )
        number = 0
        while cursor is not None:
            number += 1
            following = await self._read(cursor, number)
            is_more = following is not None and await self._hop(
                coaching.end_people_page, self._context, self._holder, following
            )
            cursor = following if is_more else None
            if is_more:
                await asyncio.sleep(self._pause.total_seconds())

    async def _read(self, cursor: str, number: int) -> str | None:
        """Read one page; answers where the next begins, None where it was put off."""
        try:
            page = await self._people.read_page(cursor, size=self._size)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            await self._put_off(error)
            return None
        changed = await self._people.meet(page.accounts)
        self._tell(page, changed, number)
        if not page.next_cursor:
            await self._ask_about_others()
        return page.next_cursor

    async def _ask_about_others(self) -> None:
        """Ask about members whom no page named: whose workspace is not known is no member for good.

        Some at a time; Slack may be asked about a hundred in a minute.
        """
        others = await self._hop(coaching.accounts_without_team, self._context, limit=ASKED)
        with contextlib.suppress(coaching.Unavailable):
            await self._people.introduce(others)

    def _tell(self, page: Page, changed: int, number: int) -> None:
        members, left_out = len(page.accounts), page.left_out
        log.info(
            "PeoplePage",
            page=number,
            members=members,
            changed=changed,
            left_out=left_out,
            is_last=not page.next_cursor,
        )
        self._told(PageRead(members=members, changed=changed, left_out=left_out))

    async def _put_off(self, error: Exception) -> None:
        reason, wait = type(error).__name__, LATER
        if isinstance(error, SlackApiError):
            reason = reason_of(error) or str(status_of(error))
            wait = retry_after(error) if status_of(error) == 429 else LATER
        log.warning("PeoplePutOff", reason=reason, seconds=round(wait.total_seconds()))
        self._told(None)
        await self._hop(
            coaching.put_off_people_page,
            self._context,
            self._holder,
            wait,
            from_the_start=reason == "invalid_cursor",
        )
