"""What was held up until its reader’s quiet hours had begun waits for their end, if it can."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import coaching
from bot.coaching import Policy, Snooze
from bot.coaching.promises.held_up import held_up
from storage.transaction import Store
from storage.types import ActionType, DeliveryState
from tests.coaching.sending import claim, finish, send_all
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
"""Grace and Jonas are in London, where it is winter: their clocks show UTC."""


@pytest.fixture
def workplace(store: Store, clock: FrozenClock) -> Workplace:
    return Workplace(store, clock, Policy())


def at(clock: FrozenClock, hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """Give a time of the clock’s day or of one after it."""
    midnight = datetime.combine(clock().date(), datetime.min.time(), UTC)
    return midnight + timedelta(days=day, hours=hour, minutes=minute)


def told(workplace: Workplace) -> list[tuple[str, str]]:
    """Keep what is due and does not wait; who is told of which kind of event."""
    taken = claim(workplace)
    waits = held_up(workplace.context, taken)
    with workplace.store.begin() as tx:
        for each in taken:
            if each.id in waits:
                until = waits[each.id]
                tx.deliveries.release(each.id, each.claim or "", next_at=until, reason="quiet")
    said = finish(workplace, [each for each in taken if each.id not in waits])
    return sorted((workplace.name_of(each.person_id), each.kind.value) for each, _ in said)


def test_an_overdue_notice_that_comes_out_of_an_outage_at_night_waits_for_the_morning(
    workplace: Workplace, clock: FrozenClock
) -> None:
    starts_at = at(clock, 17, day=1)
    made = workplace.schedule("Grace", "Jonas", facilitator="Grace", starts_at=starts_at)
    clock.moment = starts_at - MINUTE
    send_all(workplace)
    clock.moment = at(clock, 21, 30)
    assert told(workplace) == []
    [row] = [each for each in workplace.deliveries(made.id) if each.kind is ActionType.OVERDUE]
    assert (row.state, row.next_at) == (DeliveryState.PENDING, at(clock, 7, day=1))
    assert row.attempts == 0
    clock.moment = at(clock, 7, day=1)
    assert told(workplace) == [("Grace", "Overdue")]


@pytest.mark.parametrize(
    ("starts", "due", "now", "is_said"),
    [
        ((19, 0, 2), (19, 0, 1), (19, 4, 1), True),
        ((19, 0, 2), (19, 0, 1), (19, 59, 1), True),
        ((19, 0, 2), (19, 0, 1), (20, 30, 1), False),
        ((19, 58, 2), (19, 58, 1), (20, 2, 1), True),
        ((20, 30, 1), (19, 30, 1), (20, 5, 1), True),
        ((6, 50, 2), (5, 50, 2), (6, 30, 2), True),
    ],
    ids=[
        "on time",
        "late, not yet quiet",
        "late, quiet, and time until the morning",
        "late by less than it is worth",
        "the session begins before the morning",
        "meant for the night",
    ],
)
def test_a_late_reminder_waits_only_where_it_is_quiet_and_there_is_time(
    workplace: Workplace,
    clock: FrozenClock,
    starts: tuple[int, int, int],
    due: tuple[int, int, int],
    now: tuple[int, int, int],
    is_said: bool,
) -> None:
    starts_at, due_at, late = (at(clock, h, m, day=d) for h, m, d in (starts, due, now))
    workplace.schedule("Grace", "Jonas", facilitator="Grace", starts_at=starts_at)
    clock.moment = due_at - MINUTE
    send_all(workplace)
    clock.moment = late
    said = {("Grace", "Reminder"), ("Jonas", "Reminder")} if is_said else set()
    assert set(told(workplace)) == said
    clock.moment = at(clock, 7)
    if clock() < late:
        clock.moment = at(clock, 7, day=1)
    if clock() < starts_at:
        assert bool(told(workplace)) is not is_said


def test_what_somebody_put_off_into_the_night_is_said_in_the_night(
    workplace: Workplace, clock: FrozenClock
) -> None:
    starts_at = at(clock, 19, 45, day=2)
    workplace.schedule("Grace", "Jonas", facilitator="Grace", starts_at=starts_at)
    clock.moment = at(clock, 19, 45, day=1)
    [mine] = [
        each.id
        for each, _ in finish(workplace, claim(workplace))
        if each.kind is ActionType.REMINDER and each.person_id == workplace.ids["Jonas"]
    ]
    coaching.snooze(workplace.context, workplace.caller("Jonas"), mine, Snooze.AN_HOUR)
    clock.moment = clock() + HOUR + 20 * MINUTE
    assert told(workplace) == [("Jonas", "Reminder")]
