"""The Home tab: what is unread, overdue, today and next; shown anew whenever that changes."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack import inbox, kit, schedule
from bot.slack.cards import card_blocks, notice_blocks
from bot.slack.errors import refusal_of
from bot.slack.payloads import HomeOpened
from bot.slack.shell import COMMAND, Shell
from bot.slack.targets import Target
from bot.slack.words import clip, isolated

MOST_OF_EACH = 8


class Homes:
    """The Home tabs that were opened here, and what each of them shows."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._seen: dict[str, str | None] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._waiting: set[str] = set()

    def open(self, user_id: str, seen: str | None) -> None:
        """Note that somebody looks at their Home tab, and show it."""
        self._seen[user_id] = seen
        self.refresh(user_id)

    def refresh(self, user_id: str) -> None:
        """Show somebody's Home tab anew, if they ever looked at it; many times at once is once."""
        if user_id in self._seen and user_id not in self._waiting:
            self._waiting.add(user_id)
            self._shell.running.beside(self._show(user_id))

    async def _show(self, user_id: str) -> None:
        async with self._turns.setdefault(user_id, asyncio.Lock()):
            self._waiting.discard(user_id)
            seen = self._seen[user_id]
            published = await self._publish(user_id, seen)
            if published is None:
                published = await self._publish(user_id, None)
            self._seen[user_id] = published

    async def _publish(self, user_id: str, seen: str | None) -> str | None:
        """Build the page from what is true now, and publish it over the one that was seen."""
        try:
            view = view_of(await self._shell.ask(user_id, coaching.home))
        except Exception as error:
            view = kit.home([kit.sentence(refusal_of(error).sentence)])
        return await self._shell.lines.publish(user_id, view, seen=seen)


def register(shell: Shell) -> None:
    """Show the Home tab to whoever opens it, and keep it true."""
    homes = Homes(shell)
    shell.on_change(homes.refresh)

    async def opened(_shell: Shell, event: dict[str, Any]) -> None:
        seen = msgspec.convert(event, HomeOpened)
        if seen.tab == "home":
            homes.open(seen.user, seen.view.hash if seen.view else None)

    shell.on_event("app_home_opened", opened)


def view_of(agenda: coaching.Agenda) -> View:
    """Build the Home tab."""
    blocks = [
        kit.header(f"Hello {isolated(clip(_first(agenda.reader_name), 100))}"),
        *kit.row(_buttons(agenda)),
        *_notices(agenda),
        *_cards("Overdue", agenda.overdue, "overdue"),
        *_cards("Today", agenda.today, "today"),
        *_cards("Next", agenda.upcoming, "", more=agenda.more_upcoming),
    ]
    if not (agenda.notices or agenda.overdue or agenda.today or agenda.upcoming):
        blocks += _nothing(agenda)
    return kit.home(blocks)


def _first(name: str) -> str:
    return next(iter(name.split()), "there")


def _buttons(agenda: coaching.Agenda) -> list[ButtonElement]:
    buttons = []
    if agenda.may_schedule:
        buttons.append(kit.button("Schedule coaching", schedule.OPEN, schedule.OPEN, primary=True))
    label = f"Open inbox ({agenda.unread:,})" if agenda.unread else "Open inbox"
    return [*buttons, kit.button(label, inbox.OPEN, inbox.OPEN)]


def _notices(agenda: coaching.Agenda) -> Sequence[Block]:
    if not agenda.notices:
        return ()
    blocks: list[Block] = [kit.divider(), kit.header(f"{agenda.unread:,} unread")]
    for notice in agenda.notices[:MOST_OF_EACH]:
        target = Target(notice.card.appointment_id, notice.notification_id)
        blocks += notice_blocks(notice, target)
    more = agenda.unread - len(agenda.notices[:MOST_OF_EACH])
    return (*blocks, *_more(more, "inbox"))


def _cards(
    title: str, cards: Sequence[coaching.Card], word: str, *, more: int = 0
) -> Sequence[Block]:
    if not cards:
        return ()
    blocks: list[Block] = [kit.divider(), kit.header(title)]
    for card in cards[:MOST_OF_EACH]:
        blocks += card_blocks(card, Target(card.appointment_id))
    left = len(cards) - len(cards[:MOST_OF_EACH]) + more
    return (*blocks, *_more(left, f"list {word}".strip()))


def _more(count: int, subcommand: str) -> Sequence[Block]:
    return (kit.small(f"{count:,} more in {COMMAND} {subcommand}"),) if count > 0 else ()


def _nothing(agenda: coaching.Agenda) -> Sequence[Block]:
    sentence = "You have no coaching sessions ahead. Enjoy the quiet."
    if agenda.may_schedule:
        sentence = "No coaching sessions yet. Schedule the first one whenever you like."
    return (kit.divider(), kit.sentence(sentence))
