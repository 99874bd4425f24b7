"""`/coach list`: sessions, a page at a time, with the buttons that move through them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import structs
from slack_sdk.models.blocks import Block

from bot import coaching
from bot.slack import kit
from bot.slack.cards import card_blocks
from bot.slack.kit import Said
from bot.slack.shell import COMMAND, Shell, UnknownAccounts
from bot.slack.targets import Listing, Target, unpack
from bot.slack.turns import ClickTurn, CommandTurn
from bot.slack.words import clip, isolated, nearest

PAGE_SIZE: Final = 5
PREVIOUS: Final = "list_previous"
NEXT: Final = "list_next"
MENTION: Final = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
FAR: Final = timedelta(days=3650)
NOT_DONE: Final = (
    coaching.Status.SCHEDULED,
    coaching.Status.IN_PROGRESS,
    coaching.Status.INVALID_SCHEDULE,
)
TITLES: Final = {
    "": "Coming up",
    "overdue": "Overdue",
    "today": "Today",
    "week": "The next seven days",
    "completed": "Completed",
    "all": "All sessions",
}
EMPTY: Final = {
    "": "Nothing is coming up.",
    "overdue": "Nothing is overdue. Well done.",
    "today": "Nothing today.",
    "week": "The next seven days are free.",
    "completed": "Nothing is completed yet.",
    "all": "There are no sessions yet.",
}


def register(shell: Shell) -> None:
    """Answer `/coach list` and the buttons under a list."""
    shell.on_subcommand("list", _command)
    shell.on_click(PREVIOUS, _turn_page)
    shell.on_click(NEXT, _turn_page)


async def _command(shell: Shell, turn: CommandTurn) -> None:
    wanted = read(turn.rest, shell.people.find)
    if isinstance(wanted, str):
        await turn.say(kit.note(wanted))
    else:
        await turn.say(await shell.decide(turn, partial(page_of, wanted=wanted)))


async def _turn_page(shell: Shell, turn: ClickTurn) -> None:
    wanted = unpack(turn.value, Listing)
    await turn.show(await shell.decide(turn, partial(page_of, wanted=wanted)))


def read(text: str, find: Callable[[str], str | None]) -> Listing | str:
    """Read which sessions are wanted; answers a sentence for what cannot be understood.

    `find` leads from a name that was typed to an account.
    """
    mention = MENTION.search(text)
    rest, _, name = MENTION.sub(" ", text).partition("@")
    user_id = mention[1] if mention else None
    if name.strip() and user_id is None:
        user_id = find(name)
        if user_id is None:
            return f"I can’t find anybody called “{_shown(name)}” here."
    for word in rest.casefold().split():
        if word not in TITLES:
            return _say_unknown(word)
    return Listing(word=(rest.casefold().split() or [""])[0], user_id=user_id)


def _say_unknown(word: str) -> str:
    meant = nearest(word, [each for each in TITLES if each])
    if meant:
        return f"I don’t know “{_shown(word)}”. Did you mean {COMMAND} list {meant}?"
    known = "overdue, today, week, completed or all"
    return f"I don’t know “{_shown(word)}”. After {COMMAND} list you can add {known}."


def _shown(typed: str) -> str:
    return isolated(clip(typed.strip(), 40))


def page_of(context: coaching.Context, caller: coaching.Caller, *, wanted: Listing) -> Said:
    """Write one page of a list; the last one where the wanted one no longer exists."""
    query = _query(context, caller, wanted)
    page = coaching.list_cards(context, caller, query)
    last = max(1, -(-page.total // PAGE_SIZE))
    if wanted.page > last:
        return page_of(context, caller, wanted=structs.replace(wanted, page=last))
    return said_of(page, wanted)


def _query(
    context: coaching.Context, caller: coaching.Caller, wanted: Listing
) -> coaching.AppointmentQuery:
    query = coaching.AppointmentQuery(
        user_ids=_person(context, wanted.user_id),
        ascending=wanted.word not in ("completed", "all"),
        page_number=wanted.page,
        page_size=PAGE_SIZE,
    )
    now = context.clock()
    match wanted.word:
        case "":
            ahead = coaching.Interval(starts_at=now, ends_at=now + FAR)
            overlaps = coaching.IntervalCondition.OVERLAPS
            return replace(query, interval=ahead, interval_condition=overlaps, statuses=NOT_DONE)
        case "overdue":
            return replace(query, is_overdue=True)
        case "completed":
            return replace(query, statuses=(coaching.Status.COMPLETED,))
        case "today" | "week":
            days = 1 if wanted.word == "today" else 7
            return replace(query, interval=_days(now, _zone_of(context, caller), days))
    return query


def _person(context: coaching.Context, user_id: str | None) -> Sequence[str] | None:
    if user_id is None:
        return None
    known = coaching.people_by_slack(context, [user_id])
    if user_id not in known:
        raise UnknownAccounts([user_id])
    return [known[user_id]]


def _zone_of(context: coaching.Context, caller: coaching.Caller) -> str:
    """Find the reader's time zone; any session tells it, and without one no list has a day."""
    page = coaching.list_cards(context, caller, coaching.AppointmentQuery(page_size=1))
    return page.entities[0].timezone if page.entities else "UTC"


def _days(now: datetime, zone: str, days: int) -> coaching.Interval:
    """Give so many whole days of the reader's, beginning with today."""
    where = ZoneInfo(zone)
    today = now.astimezone(where).date()
    first, after = (
        datetime.combine(day, time(0), where).astimezone(UTC)
        for day in (today, today + timedelta(days=days))
    )
    return coaching.Interval(starts_at=first, ends_at=after)


def said_of(page: coaching.Page[coaching.Card], wanted: Listing) -> Said:
    """Write a page of sessions with the way to the pages before and after it."""
    if not page.entities:
        return _nothing(wanted)
    blocks: list[Block] = [kit.header(TITLES.get(wanted.word, TITLES[""])), _whose(page, wanted)]
    for card in page.entities:
        target = Target(card.appointment_id, listing=wanted)
        blocks += (*card_blocks(card, target), kit.divider())
    pages = kit.pager(PREVIOUS, NEXT, page, lambda number: structs.replace(wanted, page=number))
    return Said(_counted(page.total), (*blocks[:-1], *pages))


def _nothing(wanted: Listing) -> Said:
    sentence = EMPTY.get(wanted.word, EMPTY[""])
    if wanted.user_id is None:
        return kit.note(sentence)
    whose = kit.paragraph([(kit.words(f"{sentence} "), kit.person(wanted.user_id))])
    return Said(sentence, (whose,))


def _whose(page: coaching.Page[coaching.Card], wanted: Listing) -> Block:
    counted = _counted(page.total)
    if wanted.user_id is None:
        return kit.small(counted)
    return kit.paragraph([(kit.words(f"{counted} with "), kit.person(wanted.user_id))])


def _counted(total: int) -> str:
    return "1 session" if total == 1 else f"{total:,} sessions"
