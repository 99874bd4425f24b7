"""The Home tabs that people look at, kept true: shown anew when something they show has changed.

As long as somebody looks, one cheap question is asked every other second; a page is published only
if it differs from what was published last. Where Slack asks to wait, that page alone waits.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import aiohttp
import msgspec
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from bot import coaching
from bot.logger import get_logger
from bot.slack.blocks import kit
from bot.slack.blocks.rendering import Written, rendered
from bot.slack.home import team as home_team
from bot.slack.home.team import Looking
from bot.slack.transport.replies import reason_of, retry_after, status_of
from bot.slack.turns.errors import refusal_of
from bot.slack.turns.payloads import SeenView
from bot.slack.turns.shell import Shell

EVERY: Final = 2.0
"""Seconds between two questions whether anything has changed."""
STAYS_OPEN: Final = 3600.0
"""Seconds for which somebody who does nothing on the page is taken to look at it."""
LOOK_AGAIN: Final = timedelta(minutes=1)
LATER: Final = 60.0
"""Seconds after which a page that could not be published is tried again."""
AT_ONCE: Final = 4
REMEMBERED: Final = 8

log = get_logger(__name__)

Write = Callable[[coaching.Agenda, Looking], View]


@dataclass(slots=True, kw_only=True)
class Tab:
    """One person's Home tab: what is looked at, and what was shown last."""

    looking: Looking = field(default_factory=Looking)
    hash: str | None = None
    earlier: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    """Pages of ours that the person may still have acted on."""
    digest: str | None = None
    open_until: float = 0.0
    changes_at: datetime | None = None
    built_at: datetime | None = None
    not_before: float = 0.0
    is_owed: bool = False
    is_waiting: bool = False
    insists: bool = False
    """Whether the page must come even if another process has published one meanwhile."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_due(self, now: datetime) -> bool:
        """Whether time alone may have made it another page."""
        if self.built_at is None or now - self.built_at >= LOOK_AGAIN:
            return True
        return self.changes_at is not None and now >= self.changes_at

    def published(self, at: str | None, digest: str | None) -> None:
        """Note what is shown now; None for what nobody can be sure of."""
        if self.hash is not None and at != self.hash:
            self.earlier.append(self.hash)
        self.hash, self.digest = at, digest


class Homes:
    """The Home tabs that were opened here."""

    def __init__(self, shell: Shell, write: Write, *, every: float = EVERY) -> None:
        self._shell = shell
        self._write = write
        self._every = every
        self._tabs: dict[str, Tab] = {}
        self._few = asyncio.Semaphore(AT_ONCE)
        self._pulse: coaching.Pulse | None = None
        self._is_echo = False
        self._is_watching = False

    def look(self, user_id: str, view: SeenView | None) -> None:
        """Note that somebody looks at their Home tab, and at which page of it."""
        tab = self._tabs.setdefault(user_id, Tab())
        tab.open_until = _seconds() + STAYS_OPEN
        if view is not None and view.hash not in (tab.hash, *tab.earlier):
            tab.looking = home_team.read(view.private_metadata)
            tab.published(view.hash or None, None)
        if not self._is_watching:
            self._is_watching = True
            self._shell.running.keep(self._watch())

    def looking_of(self, user_id: str) -> Looking:
        """Say what somebody looks at."""
        return self._tabs.setdefault(user_id, Tab()).looking

    def turn_to(self, user_id: str, looking: Looking) -> None:
        """Show somebody another part of their team."""
        self._tabs.setdefault(user_id, Tab()).looking = looking
        self.refresh(user_id)

    def refresh(self, user_id: str) -> None:
        """Show somebody's Home tab anew, if they ever looked at it; many times at once is once."""
        if user_id in self._tabs:
            self._tabs[user_id].insists = True
            self._follow(user_id)

    def _follow(self, user_id: str) -> None:
        tab = self._tabs[user_id]
        if not tab.is_waiting:
            tab.is_waiting = True
            self._shell.running.beside(self._show(user_id, tab))

    async def _watch(self) -> None:
        """Ask whether anything has changed, as long as somebody looks."""
        try:
            while any(each.open_until > _seconds() for each in self._tabs.values()):
                await asyncio.sleep(self._every)
                await self._beat()
        finally:
            self._is_watching, self._pulse = False, None

    async def _beat(self) -> None:
        open_now = {key: tab for key, tab in self._tabs.items() if tab.open_until > _seconds()}
        try:
            asked = partial(coaching.pulse, slack_user_ids=tuple(open_now))
            found = await self._shell.inquire(asked)
        except coaching.CoachingError:
            self._pulse = None
            return
        # Who began earlier may commit later under a lower number, so each change is followed twice.
        has_changed, self._pulse = found != self._pulse, found
        follows, self._is_echo = has_changed or self._is_echo, has_changed
        now = self._shell.context.clock()
        for user_id, tab in open_now.items():
            owed = tab.is_owed and tab.not_before <= _seconds()
            if follows or owed or tab.is_due(now):
                self._follow(user_id)

    async def _show(self, user_id: str, tab: Tab) -> None:
        async with tab.turn, self._few:
            tab.is_waiting = False
            if tab.not_before > _seconds():
                tab.is_owed = True
                return
            insists, tab.insists = tab.insists, False
            view = await self._build(user_id, tab, says_why_not=insists)
            if view is None:
                return
            page = rendered(view)
            digest = hashlib.sha256(msgspec.json.encode(page)).hexdigest()
            if digest == tab.digest:
                return
            with_patience = partial(self._publish, user_id, tab, page, insists=insists)
            await _patiently(tab, digest, with_patience)

    async def _build(self, user_id: str, tab: Tab, *, says_why_not: bool) -> View | None:
        """Write the page from what is true now; None where a page that is shown had better stay."""
        tab.built_at = self._shell.context.clock()
        looking = tab.looking
        try:
            agenda = await self._shell.ask(user_id, partial(coaching.home, team=looking.query))
        except Exception as error:
            refusal = refusal_of(error)
            tab.changes_at = None
            return kit.home([kit.sentence(refusal.sentence)]) if says_why_not else None
        tab.changes_at = agenda.changes_at
        return self._write(agenda, looking)

    async def _publish(self, user_id: str, tab: Tab, page: Written, *, insists: bool) -> str | None:
        """Publish over the page that was seen; one of another process gives way only to a deed."""
        published = await self._shell.lines.publish(user_id, page, seen=tab.hash)
        if published is None and insists:
            return await self._shell.lines.publish(user_id, page, seen=None)
        if published is None:
            tab.open_until = 0.0
        return published


async def _patiently(tab: Tab, digest: str, publish: Callable[[], Awaitable[str | None]]) -> None:
    """Publish, or note that the page is owed and from when it may be tried again."""
    try:
        at = await publish()
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        tab.is_owed, tab.not_before = True, _seconds() + _wait_after(error)
        tab.published(None, None)
        log.warning("HomeNotShown", reason=_reason(error))
        return
    tab.is_owed = False
    tab.published(at, digest if at else None)


def _wait_after(error: Exception) -> float:
    if isinstance(error, SlackApiError) and status_of(error) == 429:
        return retry_after(error).total_seconds()
    return LATER


def _reason(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return reason_of(error) or str(status_of(error))
    return type(error).__name__


def _seconds() -> float:
    return asyncio.get_running_loop().time()
