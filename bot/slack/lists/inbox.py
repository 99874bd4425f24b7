"""`/coach inbox`: what is new, unread first, in a conversation or on a page of its own."""

from functools import partial
from typing import Final

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.cards import notice_blocks
from bot.slack.blocks.kit import Said
from bot.slack.blocks.targets import InboxPage, Target, pack, unpack
from bot.slack.turns.loading import Loading, fill, loading
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn, CommandTurn

PAGE_SIZE: Final = 5
TITLE: Final = "Inbox"
OPEN: Final = "open_inbox"
PREVIOUS: Final = "inbox_previous"
NEXT: Final = "inbox_next"
MARK_ALL: Final = "mark_all_as_read"


def register(shell: Shell) -> None:
    """Answer `/coach inbox`, the button on the Home tab, and the buttons in the inbox."""
    shell.on_subcommand("inbox", _command)
    shell.on_click(OPEN, _open)
    shell.on_click(PREVIOUS, _turn_page)
    shell.on_click(NEXT, _turn_page)
    shell.on_click(MARK_ALL, _mark_all)


async def _command(shell: Shell, turn: CommandTurn) -> None:
    await turn.say(await shell.decide(turn, page_of))


async def _open(shell: Shell, turn: ClickTurn) -> None:
    opened = await turn.open(loading(TITLE, "Looking…"))
    if opened is not None:

        async def page() -> View:
            return kit.modal(TITLE, (await shell.ask(turn.user_id, page_of)).blocks)

        shown = Loading(turn.user_id, opened, TITLE)
        shell.running.beside(fill(shell.lines, shown, page))


async def _turn_page(shell: Shell, turn: ClickTurn) -> None:
    number = unpack(turn.value, InboxPage).page
    await turn.show(await shell.decide(turn, partial(page_of, number=number)))


async def _mark_all(shell: Shell, turn: ClickTurn) -> None:
    await turn.show(await shell.decide(turn, _all_read))
    shell.changed_for(turn.user_id)


def _all_read(context: coaching.Context, caller: coaching.Caller) -> Said:
    coaching.mark_all_as_read(context, caller)
    return page_of(context, caller)


def page_of(context: coaching.Context, caller: coaching.Caller, *, number: int = 1) -> Said:
    """Write one page of the inbox; the last one where the wanted one no longer exists."""
    found = coaching.inbox(context, caller, page_number=number, page_size=PAGE_SIZE)
    last = max(1, -(-found.page.total // PAGE_SIZE))
    return said_of(found) if number <= last else page_of(context, caller, number=last)


def said_of(inbox: coaching.Inbox) -> Said:
    """Write a page of the inbox with its buttons."""
    page = inbox.page
    if not page.entities:
        return kit.note("Your inbox is empty. You are all caught up.")
    unread = f"{inbox.unread:,} unread" if inbox.unread else "Nothing unread"
    blocks: list[Block] = [kit.header(f"{TITLE} · {unread}")]
    if inbox.unread:
        blocks += kit.row([kit.button("Mark all as read", MARK_ALL, pack(InboxPage()))])
    for notice in page.entities:
        blocks += (kit.divider(), *notice_blocks(notice, _target(notice, page.page_number)))
    pages = kit.pager(PREVIOUS, NEXT, page, InboxPage)
    return Said(f"{TITLE}: {unread}", (*blocks, *pages))


def _target(notice: coaching.Notice, number: int) -> Target:
    return Target(notice.card.appointment_id, notice.notification_id, inbox=InboxPage(page=number))
