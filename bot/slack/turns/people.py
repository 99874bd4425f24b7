"""The accounts of the workspace, made known to the coaching: at the start, and as they change."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import coaching
from bot.hop import Hop
from bot.slack.transport.answers import Paged, read_answer
from bot.slack.transport.reading import NotUnderstood, read, read_all
from bot.slack.transport.replies import reason_of
from bot.slack.turns.payloads import Account, AccountEvent

if TYPE_CHECKING:
    from bot.slack.turns.shell import Shell

PAGE = 200
AT_ONCE = 10
SLACKBOT = "USLACKBOT"
NOT_OURS = frozenset(("user_not_found", "user_not_visible", "users_not_found"))

log = logging.getLogger(__name__)


class People:
    """Knows accounts by the names that people type, and introduces them to the coaching."""

    def __init__(self, context: coaching.Context, hop: Hop, *, reader: AsyncWebClient) -> None:
        self._context = context
        self._hop = hop
        self._reader = reader
        self._names: dict[str, frozenset[str]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._few_at_a_time = asyncio.Semaphore(AT_ONCE)

    def find(self, name: str) -> str | None:
        """Find the account of somebody whose name or handle was typed; None where it may be two."""
        wanted = name.strip().lstrip("@").casefold()
        found = [user_id for user_id, names in self._names.items() if wanted in names]
        return found[0] if len(found) == 1 else None

    async def introduce(self, user_ids: Iterable[str]) -> None:
        """Ask Slack about accounts nobody has met and make them known. Raises Unavailable."""
        await self.meet(await asyncio.gather(*map(self._ask, user_ids)))

    async def introduce_all(self) -> int:
        """Make everybody in the workspace known, a page at a time; answers how many."""
        count, cursor = 0, ""
        while True:
            answer = await self._reader.users_list(limit=PAGE, cursor=cursor)
            accounts = read_all(answer.get("members"), Account)
            await self.meet(accounts)
            count += len(accounts)
            cursor = read_answer(answer, Paged).response_metadata.next_cursor
            if not cursor:
                log.info("event=PeopleKnown count=%d", count)
                return count

    async def meet(self, accounts: Sequence[Account]) -> None:
        """Make accounts known, or known anew."""
        for account in accounts:
            self._names[account.id] = frozenset(map(str.casefold, names_of(account)))
        profiles = [profile_of(each) for each in accounts]
        async with self._one_at_a_time:
            await self._hop(coaching.register, self._context, profiles)

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
    found = (profile.real_name, account.real_name, profile.display_name, account.name, account.id)
    return tuple(name.strip() for name in found if name and name.strip())


def profile_of(account: Account) -> coaching.SlackProfile:
    """Say in the coaching's words what Slack tells about an account."""
    return coaching.SlackProfile(
        user_id=account.id,
        name=names_of(account)[0],
        email=account.profile.email,
        timezone=account.tz or "UTC",
        is_bot=account.is_bot or account.id == SLACKBOT,
        is_deactivated=account.deleted,
        is_external=account.is_stranger,
        is_admin=account.is_admin or account.is_owner,
    )


def register(shell: "Shell") -> None:
    """Follow those who join and those who change."""
    shell.on_event("team_join", _changed)
    shell.on_event("user_change", _changed)


async def _changed(shell: "Shell", event: dict[str, Any]) -> None:
    account = read(event, AccountEvent).user
    await shell.people.meet([account])
