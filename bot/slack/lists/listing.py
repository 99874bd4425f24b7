"""`/coach list`: sessions, a page at a time, with the buttons that move through them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final

from msgspec import structs
from slack_sdk.models.blocks import Block

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.cards import card_blocks
from bot.slack.blocks.kit import Said
from bot.slack.blocks.targets import Listing, Target, unpack
from bot.slack.blocks.words import nearest
from bot.slack.lists import asking
from bot.slack.lists.asking import read_asked, shown
from bot.slack.turns.people import names_found
from bot.slack.turns.shell import COMMAND, Shell, UnknownAccounts
from bot.slack.turns.turn import ClickTurn, CommandTurn

MENTION: Final = asking.MENTION
PAGE_SIZE: Final = 5
PREVIOUS: Final = "list_previous"
NEXT: Final = "list_next"
KINDS: Final = ("overdue", "completed", "all")
PERIODS: Final[Mapping[str, str]] = MappingProxyType({"today": "today", "week": "next 7 days"})
"""Words that are a list of their own where no other days are named."""
HINTS: Final = ("overdue", "today", "tomorrow", "week", "month", "completed", "all", "team")
WHOSE: Final[Mapping[str, str]] = MappingProxyType({"me": "your own", "team": "your team"})
MOST_WORDS: Final = 10
"""How many words that are not understood are held against those that are."""
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
    find = await names_found(shell, turn, turn.rest)
    wanted = read(turn.rest, find, now=shell.context.clock())
    if isinstance(wanted, str):
        await turn.say(kit.note(wanted))
    else:
        await turn.say(await shell.decide(turn, partial(page_of, wanted=wanted)))


async def _turn_page(shell: Shell, turn: ClickTurn) -> None:
    wanted = unpack(turn.value, Listing)
    await turn.show(await shell.decide(turn, partial(page_of, wanted=wanted)))


def read(text: str, find: Callable[[str], str | None], *, now: datetime) -> Listing | str:
    """Read which sessions are wanted; answers a sentence for what cannot be understood.

    `find` leads from a name that was typed to an account. Which days are meant depends on the
    reader's clocks; whether days are meant does not.
    """
    asked = read_asked(text, find)
    if isinstance(asked, str):
        return asked
    words = asked.rest.casefold().split()
    kinds = list(dict.fromkeys(each for each in words if each in KINDS))
    if len(words) == 1 and words[0] in PERIODS:
        kinds = words
    period = " ".join(each for each in words if each not in kinds)
    if len(kinds) > 1:
        return f"Either {kinds[0]} or {kinds[1]}, please."
    if period and (doubt := _doubt(period, now)):
        return doubt
    word = kinds[0] if kinds else ""
    return Listing(word=word, user_id=asked.user_id, whose=asked.whose, period=period)


def _doubt(period: str, now: datetime) -> str | None:
    """Say what is not understood in words that should say days."""
    found = coaching.read_period(period, zone="UTC", now=now)
    if isinstance(found, coaching.Period):
        return None
    for word in period.split()[:MOST_WORDS]:
        meant = nearest(word, HINTS) if word.isalpha() else None
        if meant and meant != word:
            return f"I don’t know “{shown(word)}”. Did you mean {COMMAND} list {meant}?"
    if " " in period or any(map(str.isdigit, period)):
        return found.message
    known = "me, team, overdue, today, week, completed, all, or days like “next week”"
    return f"I don’t know “{shown(period)}”. After {COMMAND} list you can add {known}."


def page_of(context: coaching.Context, caller: coaching.Caller, *, wanted: Listing) -> Said:
    """Write one page of a list; the last one where the wanted one no longer exists."""
    days = PERIODS.get(wanted.word, wanted.period)
    whose = coaching.Whose(wanted.whose)
    scope = coaching.list_scope(context, caller, whose=whose, period=days)
    if wanted.period and scope.period:
        wanted = structs.replace(wanted, period=scope.period.text)
    page = coaching.list_cards(context, caller, _query(context, wanted, scope))
    last = max(1, -(-page.total // PAGE_SIZE))
    if wanted.page > last:
        return page_of(context, caller, wanted=structs.replace(wanted, page=last))
    return said_of(page, wanted, days=scope.period.words if scope.period else "")


def _query(
    context: coaching.Context, wanted: Listing, scope: coaching.ListScope
) -> coaching.AppointmentQuery:
    query = coaching.AppointmentQuery(
        user_ids=_person(context, wanted.user_id) or scope.person_ids,
        relationships=scope.relationships,
        ascending=wanted.word not in ("completed", "all") or bool(wanted.period),
        page_number=wanted.page,
        page_size=PAGE_SIZE,
        interval=scope.period.interval if scope.period else None,
    )
    if wanted.word == "overdue":
        return replace(query, is_overdue=True)
    if wanted.word == "completed":
        return replace(query, statuses=(coaching.Status.COMPLETED,))
    if wanted.word == "" and scope.period is None:
        now = context.clock()
        ahead = coaching.Interval(starts_at=now, ends_at=now + FAR)
        overlaps = coaching.IntervalCondition.OVERLAPS
        return replace(query, interval=ahead, interval_condition=overlaps, statuses=NOT_DONE)
    return query


def _person(context: coaching.Context, user_id: str | None) -> Sequence[str] | None:
    if user_id is None:
        return None
    known = coaching.people_by_slack(context, [user_id])
    if user_id not in known:
        raise UnknownAccounts([user_id])
    return [known[user_id]]


def said_of(page: coaching.Page[coaching.Card], wanted: Listing, *, days: str = "") -> Said:
    """Write a page of sessions with the way to the pages before and after it."""
    if not page.entities:
        return _nothing(wanted, days)
    blocks: list[Block] = [kit.header(_title(wanted, days)), _whose(page, wanted)]
    for card in page.entities:
        target = Target(card.appointment_id, listing=wanted)
        blocks += (*card_blocks(card, target), kit.divider())
    pages = kit.pager(PREVIOUS, NEXT, page, lambda number: structs.replace(wanted, page=number))
    return Said(_counted(page.total), (*blocks[:-1], *pages))


def _title(wanted: Listing, days: str) -> str:
    """Name a list: by its word, by its days, or by both; and whose it is."""
    word = TITLES.get(wanted.word, TITLES[""])
    parts = [word] if wanted.word or not wanted.period else []
    parts += [days] if wanted.period and days else []
    parts += [WHOSE[wanted.whose]] if wanted.whose in WHOSE else []
    return ", ".join(parts)


def _nothing(wanted: Listing, days: str) -> Said:
    sentence = EMPTY.get(wanted.word, EMPTY[""])
    if wanted.period and days:
        kind = f"{wanted.word} " if wanted.word in ("overdue", "completed") else ""
        sentence = f"There are no {kind}sessions: {days}."
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
