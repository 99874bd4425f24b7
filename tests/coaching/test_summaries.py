"""The agenda of a day and the digest of a week: due as asked for, true when said, then the next."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from threading import Event

import pytest
from sqlalchemy import delete, select, text

from bot import coaching
from bot.coaching import Policy, SettingsChanges, Status, Summary
from bot.coaching.promises.summaries import SUMMARIES, plan_summaries
from bot.delivery.bell import Bell
from bot.hop import Hop
from bot.routine import summaries_planned
from storage import models
from storage.transaction import Store
from storage.types import DeliveryState
from tests.coaching.sending import claim, finish
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.queries import counting

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def desk(store: Store, clock: FrozenClock) -> Workplace:
    return Workplace(store, clock, Policy(quiet_hours=None))


def choose(desk: Workplace, who: str, **changes: object) -> None:
    coaching.change_settings(desk.context, desk.caller(who), SettingsChanges(**changes))  # type: ignore[arg-type]


def waiting(desk: Workplace) -> list[tuple[str, str, str, datetime]]:
    """The agendas and digests that are promised."""
    with desk.store.read() as tx:
        rows = tx.session.scalars(
            select(models.Delivery).where(
                models.Delivery.appointment_id.is_(None),
                models.Delivery.state == DeliveryState.PENDING,
            )
        ).all()
    return sorted(
        (desk.name_of(each.person_id), each.kind, each.occurrence, each.due_at) for each in rows
    )


def said(desk: Workplace) -> list[tuple[str, Summary]]:
    """Send all that is due; answers the agendas and digests among it."""
    told = finish(desk, claim(desk))
    return [
        (desk.name_of(each.person_id), words) for each, words in told if isinstance(words, Summary)
    ]


def test_the_agenda_comes_on_days_that_have_something(desk: Workplace) -> None:
    # Monday 09:00 UTC is 14:30 in Kolkata: today's 08:00 is over there.
    choose(desk, "Priya", agenda_at=time(8))
    at_eight = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)
    assert waiting(desk) == [("Priya", "Agenda", "2026-03-03", at_eight)]
    desk.schedule("Dana", starts_at=at_eight + 27 * HOUR, name="One")
    desk.schedule("Dana", starts_at=at_eight + 30 * HOUR, name="Two")
    desk.schedule("Dana", starts_at=at_eight + 44 * HOUR, name="The day after")
    assert not said(desk), "nothing is due yet"
    desk.clock.moment = at_eight
    assert not said(desk), "a day with nothing is passed over"
    assert waiting(desk) == [("Priya", "Agenda", "2026-03-04", at_eight + DAY)]
    desk.clock.moment = at_eight + DAY
    [(who, words)] = said(desk)
    assert (who, words.headline) == ("Priya", "Your day: 2 coaching sessions")
    assert [each.name for each in words.cards] == ["One", "Two"]
    assert (words.card, words.more, words.notification_id) == (words.cards[0], 0, None)
    assert words.text.startswith(
        "Your day: 2 coaching sessions. One: Today at 11:00 am (30 minutes)"
    )
    assert waiting(desk) == [("Priya", "Agenda", "2026-03-05", at_eight + 2 * DAY)]
    assert not said(desk)


def test_an_agenda_that_could_not_be_sent_on_its_day_is_not_sent(desk: Workplace) -> None:
    choose(desk, "Priya", agenda_at=time(8))
    desk.schedule("Dana", starts_at=desk.clock() + 20 * HOUR)
    desk.clock.advance(3 * DAY)
    assert not said(desk)
    assert [each[2] for each in waiting(desk)] == ["2026-03-05"], "today’s is late, and of use"


def test_choosing_another_time_moves_it_and_off_takes_it_away(desk: Workplace) -> None:
    choose(desk, "Jonas", agenda_at=time(10))
    choose(desk, "Jonas", agenda_at=time(11, 30))
    assert waiting(desk) == [
        ("Jonas", "Agenda", "2026-03-02", datetime(2026, 3, 2, 11, 30, tzinfo=UTC))
    ]
    choose(desk, "Jonas", agenda_at=None)
    assert waiting(desk) == []
    choose(desk, "Jonas", agenda_at=time(12))
    assert waiting(desk) == [
        ("Jonas", "Agenda", "2026-03-02", datetime(2026, 3, 2, 12, tzinfo=UTC))
    ]
    coaching.plan_general(desk.context)
    assert len(waiting(desk)) == 1


def test_the_digest_tells_what_is_overdue_among_those_one_leads(desk: Workplace) -> None:
    choose(desk, "Omar", weekly_digest=True)
    choose(desk, "Dana", weekly_digest=True)
    assert [each[1:3] for each in waiting(desk)] == [
        ("Digest", "2026-03-02"),
        ("Digest", "2026-03-09"),
    ]
    mine = desk.schedule("Dana", "Priya", starts_at=desk.clock() + HOUR, name="Left open")
    done = desk.schedule("Dana", "Jonas", starts_at=desk.clock() + HOUR, name="Done")
    desk.schedule("Omar", "Sam", starts_at=desk.clock() + 8 * DAY, name="Ahead")
    coaching.change_status(desk.context, desk.caller("Dana"), done.id, Status.COMPLETED)
    desk.clock.advance(7 * DAY + 5 * HOUR)
    assert not said(desk), "what is said of a week is of no use in the next"
    told = said(desk)
    assert [(who, words.headline) for who, words in told] == [
        ("Dana", "1 coaching session is overdue in your team")
    ]
    assert [each.appointment_id for each in told[0][1].cards] == [mine.id]
    assert {each[2] for each in waiting(desk)} == {"2026-03-16"}


def test_the_sweep_promises_what_is_missing_once(desk: Workplace) -> None:
    choose(desk, "Priya", agenda_at=time(8))
    with desk.store.begin() as tx:
        for row in tx.session.scalars(select(models.Delivery)):
            tx.session.delete(row)
    assert coaching.plan_general(desk.context) == 1
    assert coaching.plan_general(desk.context) == 0
    assert len(waiting(desk)) == 1


def test_a_summary_is_never_an_inbox_entry(desk: Workplace) -> None:
    choose(desk, "Priya", agenda_at=time(15))
    desk.schedule("Dana", starts_at=desk.clock() + 3 * HOUR)
    desk.clock.advance(HOUR)
    assert [who for who, _ in said(desk)] == ["Priya"]
    assert not {each.action_type for each in desk.notifications("Priya")} & SUMMARIES


def test_the_agenda_and_the_digest_of_one_morning_go_out_together(desk: Workplace) -> None:
    choose(desk, "Grace", agenda_at=time(9), weekly_digest=True)
    desk.schedule("Grace", starts_at=desk.clock() + 6 * DAY + 23 * HOUR, name="Overdue by then")
    desk.schedule("Grace", starts_at=desk.clock() + 7 * DAY + HOUR, name="Of the day")
    desk.clock.advance(7 * DAY - HOUR)
    said(desk)
    desk.clock.advance(HOUR)
    assert sorted(words.kind for _, words in said(desk)) == ["Agenda", "Digest"]
    assert [(kind, day) for _, kind, day, _ in waiting(desk)] == [
        ("Agenda", "2026-03-10"),
        ("Digest", "2026-03-16"),
    ]


def test_an_agenda_in_the_night_does_not_wait_until_its_day_is_over(
    store: Store, clock: FrozenClock
) -> None:
    desk = Workplace(store, clock, Policy())
    choose(desk, "Jonas", agenda_at=time(21, 30))
    at_night = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
    assert waiting(desk) == [("Jonas", "Agenda", "2026-03-02", at_night)]
    desk.schedule("Dana", "Jonas", starts_at=at_night + HOUR)
    clock.moment = at_night
    assert [who for who, _ in said(desk)] == ["Jonas"]
    choose(desk, "Jonas", agenda_at=time(5))
    morning = datetime(2026, 3, 3, 7, tzinfo=UTC)
    assert waiting(desk) == [("Jonas", "Agenda", "2026-03-03", morning)]


def test_the_sweep_asks_no_more_for_many_people(desk: Workplace) -> None:
    counts = []
    for number in range(2):
        for each in range(10):
            name = f"Agent {number} {each}"
            desk.hire(name, division="Home")
            choose(desk, name, agenda_at=time(8))
        with counting(desk.store) as asked:
            assert coaching.plan_general(desk.context) == 0
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_sweep_and_a_sender_that_promise_the_same_do_not_meet_in_an_error(
    postgres_store: Store, clock: FrozenClock
) -> None:
    desk = Workplace(postgres_store, clock, Policy(quiet_hours=None))
    choose(desk, "Jonas", agenda_at=time(8))
    with desk.store.begin() as tx:
        tx.session.execute(delete(models.Delivery))
    with ThreadPoolExecutor(1) as threads:
        with desk.store.begin() as tx:
            chosen = {desk.ids["Jonas"]: tx.preferences.of(desk.ids["Jonas"])}
            assert plan_summaries(tx, chosen, clock(), desk.context.policy) == 1
            tx.session.flush()
            swept = threads.submit(coaching.plan_general, desk.context)
            _wait_until_held_up(desk.store)
        swept.result(10)
    assert len(waiting(desk)) == 1


async def test_what_is_missing_is_promised_from_the_beginning(desk: Workplace) -> None:
    choose(desk, "Jonas", agenda_at=time(8))
    with desk.store.begin() as tx:
        tx.session.execute(delete(models.Delivery))
    bell = Bell()
    bell.attach()
    hop = Hop(threads=1)
    async with summaries_planned(replace(desk.context, wake=bell.ring), hop):
        await asyncio.wait_for(bell.heard(), 30)
    await hop.drain()
    hop.close()
    assert len(waiting(desk)) == 1


def _wait_until_held_up(store: Store) -> None:
    held_up = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(1000):
        with store.read() as tx:
            if tx.session.scalar(held_up):
                return
        Event().wait(0.01)
    raise AssertionError("nobody waits")
