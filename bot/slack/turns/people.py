"""The accounts of the workspace, made known to the coaching: at the start, and as they change."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import coaching
from bot.hop import Hop
from bot.logger import get_logger
from bot.slack.transport.answers import Paged, read_answer
from bot.slack.transport.installation import Installation
from bot.slack.transport.reach import Reach
from bot.slack.transport.reading import NotUnderstood, read, read_all
from bot.slack.transport.replies import reason_of
from bot.slack.turns.payloads import Account, AccountEvent

if TYPE_CHECKING:
    from bot.slack.turns.shell import Shell
    from bot.slack.turns.turn import Turn

PAGE: Final = 1000
"""The most that Slack gives at once."""
AT_ONCE = 10
WRITTEN_AT_ONCE: Final = 50
BREATH: Final = 0.02
"""Seconds between two times of writing, so that others who write get their turn."""
ACCOUNT_ID: Final = re.compile(r"[A-Z0-9]{1,32}")
NAME_WORDS: Final = 8
"""How many words the name of somebody has at most, where it is typed."""
MOST_WORDS: Final = 200
SLACKBOT = "USLACKBOT"
NOT_OURS = frozenset(("user_not_found", "user_not_visible", "users_not_found"))

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace in which the bot is installed, and the organisation that it is a part of."""

    id: str
    enterprise_id: str = ""

    def has(self, account: Account) -> bool:
        """Answer whether Slack says of an account that it is of this workspace or organisation."""
        theirs = account.enterprise_user
        named = {account.team_id, theirs.enterprise_id, *theirs.teams}
        return not named.isdisjoint({self.id, self.enterprise_id} - {""})


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the workspace's members."""

    accounts: Sequence[Account]
    left_out: int
    """How many could not be understood."""
    next_cursor: str
    """Empty on the last page."""


Find = Callable[[str], str | None]


class People:
    """Knows accounts by the names that people type, and introduces them to the coaching."""

    def __init__(
        self,
        context: coaching.Context,
        hop: Hop,
        *,
        reach: Reach,
        installation: Installation,
    ) -> None:
        self._context = context
        self._hop = hop
        self._reader = reach.reader()
        self._lister = reach.speaker()
        self._installation = installation
        self._one_at_a_time = asyncio.Lock()
        self._few_at_a_time = asyncio.Semaphore(AT_ONCE)

    async def introduce(self, user_ids: Iterable[str]) -> None:
        """Ask Slack about accounts nobody has met and make them known. Raises Unavailable."""
        await self.meet(await asyncio.gather(*map(self._ask, user_ids)))

    async def introduce_all(self, *, size: int = PAGE) -> int:
        """Make everybody in the workspace known at once, a page at a time; answers how many."""
        count, cursor, is_more = 0, "", True
        while is_more:
            page = await self.read_page(cursor, size=size, patiently=True)
            await self.meet(page.accounts)
            count, cursor = count + len(page.accounts), page.next_cursor
            is_more = bool(cursor)
        log.info("PeopleKnown", count=count)
        return count

    async def read_page(self, cursor: str, *, size: int = PAGE, patiently: bool = False) -> Page:
        """Read a page of the workspace's members; patiently: wait where Slack asks to.

        Raises SlackApiError, ClientError, TimeoutError.
        """
        client = self._reader if patiently else self._lister
        answer = await client.users_list(limit=size, cursor=cursor)
        accounts = read_all(answer.get("members"), Account)
        told = answer.get("members")
        left_out = len(told) - len(accounts) if isinstance(told, list) else 0
        return Page(accounts, left_out, read_answer(answer, Paged).response_metadata.next_cursor)

    async def meet(self, accounts: Sequence[Account]) -> int:
        """Make accounts known, or known anew; answers how many were not as told.

        Many are written a few at a time, so that nobody else waits for long. Raises Unavailable.
        """
        ours = await self._team()
        profiles = [profile_of(each, ours) for each in accounts if ACCOUNT_ID.fullmatch(each.id)]
        changed = 0
        async with self._one_at_a_time:
            for first in range(0, len(profiles), WRITTEN_AT_ONCE):
                few = profiles[first : first + WRITTEN_AT_ONCE]
                found = await self._hop(coaching.register, self._context, few)
                changed += found
                await asyncio.sleep(BREATH if found else 0)
        return changed

    async def _team(self) -> Team:
        try:
            found = await self._installation()
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            raise coaching.Unavailable from error
        return Team(found.team_id or "", found.enterprise_id or "")

    async def _ask(self, user_id: str) -> Account:
        try:
            async with self._few_at_a_time:
                answer = await self._reader.users_info(user=user_id)
        except SlackApiError as error:
            if reason_of(error) in NOT_OURS:
                return Account(id=user_id, name=user_id, is_stranger=True)
            raise coaching.Unavailable from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise coaching.Unavailable from error
        try:
            return read(answer.get("user"), Account)
        except NotUnderstood as error:
            raise coaching.Unavailable from error


def names_of(account: Account) -> tuple[str, ...]:
    """Give the names of an account, the one by which others know somebody first."""
    profile = account.profile
    found = (profile.real_name, account.real_name, profile.display_name, account.name)
    return tuple(name.strip() for name in found if name and name.strip())


def profile_of(account: Account, ours: Team) -> coaching.SlackProfile:
    """Say in the coaching's words what Slack tells about an account."""
    names = names_of(account)
    return coaching.SlackProfile(
        user_id=account.id,
        name=names[0] if names else "",
        names=frozenset(filter(None, map(_plain, names))),
        email=account.profile.email,
        timezone=account.tz or "",
        is_bot=account.is_bot or account.id == SLACKBOT,
        is_deactivated=account.deleted,
        is_external=account.is_stranger,
        is_admin=account.is_admin or account.is_owner,
        is_guest=account.is_restricted or account.is_ultra_restricted,
        team_id=account.team_id if ACCOUNT_ID.fullmatch(account.team_id) else "",
        is_elsewhere=not ours.has(account),
    )


def finder(context: coaching.Context, _caller: coaching.Caller, *, text: str) -> Find:
    """Look up every name that stands in a text; gives what leads from a name to an account.

    A name that may mean two people leads to nobody. Raises Unavailable.
    """
    names = frozenset(_names_in(text)) if "@" in text else frozenset()
    found = coaching.accounts_by_name(context, names) if names else {}
    return lambda name: found.get(_plain(name))


async def names_found(shell: "Shell", turn: "Turn", text: str) -> Find:
    """Look up the names of a text; one without an @ has none, and asks nothing.

    Raises Unavailable.
    """
    if "@" not in text:
        return lambda _name: None
    return await shell.decide(turn, partial(finder, text=text))


def _plain(name: str) -> str:
    """Write a name as it is compared: as others type it, however they do."""
    return name.strip().lstrip("@").rstrip(",.;:").casefold()


def _names_in(text: str) -> Iterator[str]:
    is_said = (each if each.isprintable() and each != "@" else " " for each in text)
    words = "".join(is_said).split()[:MOST_WORDS]
    for first in range(len(words)):
        for last in range(first + 1, min(first + NAME_WORDS, len(words)) + 1):
            if name := _plain(" ".join(words[first:last])):
                yield name


def register(shell: "Shell") -> None:
    """Follow those who join and those who change."""
    shell.on_event("team_join", _changed)
    shell.on_event("user_change", _changed)


async def _changed(shell: "Shell", event: dict[str, Any]) -> None:
    account = read(event, AccountEvent).user
    await shell.people.meet([account])
