"""The Schedule tab: a week and a length, the times at which everybody is free, or another time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct
from slack_sdk.models.blocks import (
    Block,
    DateTimePickerElement,
    Option,
    OptionGroup,
    StaticSelectElement,
)

from bot import coaching
from bot.coaching import UNSET, TypedChanges, Unset
from bot.slack.blocks import kit
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated, zone_words
from bot.slack.session.frame import TYPED, Carried, Fields, Shown, Told, ask, labelled, trouble
from bot.slack.turns.payloads import Entry

WHEN: Final = ("starts_at", "slot")
"""The fields in which a time can be picked."""
CHECK: Final = "session_check"
SLOT: Final = "session_slot"
TIME: Final = "session_time"
BEYOND: Final = "session_beyond"
"""Behind it stands which of the offers, because the names in one row must differ."""
BEYOND_MOST: Final = 5
OPTIONS_MOST: Final = 100
NAMED: Final = 8
EARLIEST_SECONDS, LATEST_SECONDS = 10**9, 10**10 - 1
"""Slack takes a time only in ten digits."""


class Moment(Struct, frozen=True):
    """A time that a button offers, in seconds."""

    starts_at: int


def is_moment(seconds: int) -> bool:
    """Answer whether this is a time as Slack writes one."""
    return EARLIEST_SECONDS <= seconds <= LATEST_SECONDS


def blocks(shown: Shown) -> Iterator[Block]:
    """Show when the session is, and the way to another time where it may be moved."""
    page = shown.page
    yield labelled("When", "\n".join(chosen(page)))
    if shown.problem is not None and shown.at in WHEN:
        # Said where the time stands: the fields for it lie below what a phone shows.
        yield trouble(shown)
        shown = replace(shown, problem=None)
    if not page.may_move:
        return
    weeks = {each.number: _option(each.words, each.number) for each in page.weeks}
    lengths = {each: _option(_length(each), each) for each in page.lengths}
    yield from _menu(shown, "week", "Week", weeks, page.typed.week)
    yield from _menu(shown, "length_minutes", "Length", lengths, page.typed.length_minutes)
    yield from kit.row([kit.button("Check free times", CHECK, CHECK)])
    if shown.board is not None:
        yield from _board(shown, shown.board)
    yield from _another_time(shown)


def chosen(page: coaching.FormPage) -> Sequence[str]:
    """Say the time that is chosen: on the reader’s clock, then on those of the others."""
    starts_at = page.typed.starts_at
    if starts_at is None:
        return ("No time is chosen yet.",)
    mine = absolute(starts_at, page.timezone, hours=page.hours)
    lines = [f"{mine}, {zone_words(page.timezone)} ({_length(page.typed.length_minutes)})"]
    others = _elsewhere(page, starts_at)
    lines += others[:NAMED]
    if len(others) > NAMED:
        lines.append(f"and {len(others) - NAMED:,} more in other time zones")
    return lines


def _elsewhere(page: coaching.FormPage, starts_at: datetime) -> list[str]:
    """Say the time on the clocks of those who read another one, each with their name."""
    mine = absolute(starts_at, page.timezone, hours=page.hours)
    return [
        f"{absolute(starts_at, each.zone, hours=page.hours)} for {isolated(clip(each.name, 60))}"
        for each in page.people
        if each.zone and absolute(starts_at, each.zone, hours=page.hours) != mine
    ]


def absolute(moment: datetime, zone: str, *, hours: int | None = None) -> str:
    """Say a moment as a day and a time, whatever day is today: `Fri 27 Nov at 3:00 pm`."""
    local = moment.astimezone(coaching.zone_of(zone))
    if hours == 24:
        return f"{local:%a} {local.day} {local:%b} at {local:%H:%M}"
    half = "am" if local.hour < 12 else "pm"
    return f"{local:%a} {local.day} {local:%b} at {local.hour % 12 or 12}:{local:%M} {half}"


def _length(minutes: int) -> str:
    return "1 hour" if minutes == 60 else f"{minutes} minutes"


def _option(words: str, number: int) -> Option:
    return Option(text=kit.plain(words, 75), value=str(number))


def _menu(
    shown: Shown, name: str, label: str, options: dict[int, Option], picked: int
) -> tuple[Block, ...]:
    if picked not in options and name == "length_minutes":
        options = options | {picked: _option(_length(picked), picked)}
    element = StaticSelectElement(
        action_id=TYPED, options=list(options.values()), initial_option=options.get(picked)
    )
    return ask(shown, name, label, element, optional=False)


def _board(shown: Shown, board: coaching.SlotBoard) -> Iterator[Block]:
    days = [day for day in board.days if day.offers][:OPTIONS_MOST]
    if days:
        yield kit.small("\n".join(map(_day, days)))
        yield from ask(shown, "slot", "Free times", _slots(shown, days))
    for sentence in board.why_none[:NAMED]:
        yield kit.sentence(sentence)
    if board.beyond:
        yield kit.sentence("The nearest free times:")
        yield from kit.row(
            [
                kit.button(each.words, f"{BEYOND}_{index}", pack(Moment(_seconds(each.starts_at))))
                for index, each in enumerate(board.beyond[:BEYOND_MOST])
            ]
        )


def _day(day: coaching.SlotDay) -> str:
    count = len(day.offers)
    return f"{day.words}: {count:,} free {'time' if count == 1 else 'times'}"


def _slots(shown: Shown, days: Sequence[coaching.SlotDay]) -> StaticSelectElement:
    options = [[_slot(each) for each in day.offers[:OPTIONS_MOST]] for day in days]
    groups = [
        OptionGroup(label=kit.plain(day.words, 75), options=offered)
        for day, offered in zip(days, options, strict=True)
    ]
    picked = str(shown_seconds(shown.page))
    every = (option for offered in options for option in offered)
    return StaticSelectElement(
        action_id=SLOT,
        placeholder=kit.plain("Pick a free time"),
        option_groups=groups,
        initial_option=next((each for each in every if each.value == picked), None),
    )


def _slot(offer: coaching.SlotOffer) -> Option:
    local = clip(", ".join(offer.local), 75)
    return Option(
        text=kit.plain(offer.words, 75),
        value=str(_seconds(offer.starts_at)),
        description=kit.plain(local, 75) if local else None,
    )


def _another_time(shown: Shown) -> Iterator[Block]:
    seconds = shown_seconds(shown.page)
    picker = DateTimePickerElement(action_id=TIME, initial_date_time=seconds or None)
    hint = f"In your time zone, {zone_words(shown.page.timezone)}."
    label = "Another time" if shown.board and shown.board.days else "Date and time"
    yield from ask(shown, "starts_at", label, picker, hint=hint)


def shown_seconds(page: coaching.FormPage) -> int:
    """Give the time that the fields start with, in seconds; 0 for none."""
    starts_at = page.typed.starts_at
    seconds = _seconds(starts_at) if starts_at else 0
    return seconds if EARLIEST_SECONDS <= seconds <= LATEST_SECONDS else 0


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def read(fields: Fields, carried: Carried) -> Told:
    """Read what the tab holds; of the two ways to pick a time, the one that was touched counts."""
    changes = TypedChanges(
        week=_number(fields.get("week")),
        length_minutes=_number(fields.get("length_minutes")),
        starts_at=_starts_at(fields, carried),
    )
    return Told(changes=changes)


def _number(entry: Entry | None) -> int | Unset:
    option = entry.selected_option if entry else None
    return int(option.value) if option and option.value.isdecimal() else UNSET


def _starts_at(fields: Fields, carried: Carried) -> datetime | Unset | None:
    slot, picker = fields.get("slot"), fields.get("starts_at")
    option = slot.selected_option if slot else None
    picked = int(option.value) if option and option.value.isdecimal() else 0
    for seconds in (picked, picker.selected_date_time if picker else 0):
        if seconds and is_moment(seconds) and seconds != carried.shown:
            return datetime.fromtimestamp(seconds, UTC)
    return UNSET
