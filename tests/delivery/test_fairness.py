"""A storm of what can wait holds up nothing that cannot; and nobody is overtaken in their turn."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.coaching.ground.values import Announcement
from bot.delivery.bell import Bell
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pacing import Pace
from storage import models
from storage.transaction import Store
from storage.types import ActionType, DeliveryState
from tests.clocks import RunningClock
from tests.conftest import FrozenClock
from tests.delivery.pretend import (
    Fate,
    Line,
    Office,
    announcement_of,
    in_a_thread,
    settings,
    statements,
)
from tests.delivery.test_heartbeat import until

LEASE = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def promise_digests(office: Office, count: int, *, due_at: datetime) -> list[int]:
    """Owe that many people what is about no single session."""
    rows = [
        models.Delivery(
            kind=ActionType.DIGEST,
            person_id=office.people[number % 3],
            appointment_id=None,
            revision=0,
            occurrence=str(uuid.uuid4()),
            due_at=due_at,
            next_at=due_at,
            created_at=due_at,
        )
        for number in range(count)
    ]
    with office.store.begin() as tx:
        tx.deliveries.add(rows)
        tx.session.flush()
        return [each.id for each in rows]


def words_for_all(office: Office, session: str) -> object:
    """Say something about digests too, which this office knows no words for."""

    def announce(delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
        with office.store.read() as tx:
            appointment = tx.appointments.the(session)
            return {
                each.id: announcement_of(each, appointment)
                for each in tx.deliveries.many(delivery_ids)
            }

    return announce


@example_settings(max_examples=25)
@given(
    minutes=st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=12),
    limit=st.integers(1, 6),
    general=st.integers(0, 3),
)
def test_what_is_about_a_session_is_claimed_first_and_each_kind_in_due_order(
    sqlite_store: Store,
    clock: FrozenClock,
    minutes: list[tuple[int, bool]],
    limit: int,
    general: int,
) -> None:
    with sqlite_store.begin() as tx:
        tx.session.execute(delete(models.Delivery))
    office = Office(sqlite_store, clock)
    session = office.schedule()
    urgent: list[tuple[datetime, int]] = []
    digests: list[tuple[datetime, int]] = []
    for minute, is_general in minutes:
        after = timedelta(minutes=minute)
        if is_general:
            [made] = promise_digests(office, 1, due_at=clock() + after)
            digests.append((clock() + after, made))
        else:
            urgent.append((clock() + after, office.promise(session, after=after)))
    now = clock() + timedelta(minutes=5)
    with sqlite_store.begin() as tx:
        found = tx.deliveries.claim(now=now, limit=limit, lease=LEASE, claim="a", general=general)
        due = [each for at, each in sorted(urgent) if at <= now][:limit]
        rest = [each for at, each in sorted(digests) if at <= now]
        assert [each.id for each in found] == due + rest[: min(limit - len(due), general)]


async def test_a_storm_of_digests_does_not_hold_up_a_reminder(office: Office) -> None:
    office.clock = RunningClock(office.clock())
    session = office.schedule()
    digests = promise_digests(office, 500, due_at=office.clock())
    pace = Pace(per_channel=timedelta(0), per_workspace=timedelta(milliseconds=250))
    line = Line(office.network)
    sender = office.sender(
        line, announce=words_for_all(office, session), hop=in_a_thread, settings=settings(pace=pace)
    )
    heartbeat = Heartbeat(sender, Bell())
    reminder = office.promise(session, kind=ActionType.REMINDER, after=2 * SECOND)
    due_at = office.row(reminder).due_at
    arrived: list[datetime] = []
    office.network.on_post = lambda post: (
        arrived.append(office.clock()) if post.delivery_id == reminder else None
    )
    await heartbeat.start()
    await until(lambda: bool(arrived))
    await heartbeat.stop()
    assert arrived[0] - due_at < SECOND
    sent = [each for each in office.network.order if each in set(digests)]
    assert 3 <= len(sent) < 50


async def test_an_answer_that_is_long_in_coming_holds_up_nobody_else(office: Office) -> None:
    session = office.schedule()
    slow = office.promise(session, person=1)
    line = Line(office.network, [Fate.HANGS_AFTER])
    sender = office.sender(line, hop=in_a_thread)
    heartbeat = Heartbeat(sender, Bell(), every=timedelta(hours=1))
    await heartbeat.start()
    await line.stuck.wait()
    behind, other = office.promise(session, person=1), office.promise(session, person=2)
    heartbeat.wake()
    await until(lambda: office.row(other).state is DeliveryState.SENT)
    await asyncio.sleep(0.05)
    assert office.network.order == [slow, other]
    line.freed.set()
    await until(lambda: office.row(behind).state is DeliveryState.SENT)
    assert office.row(slow).state is DeliveryState.SENT
    await heartbeat.stop()


async def test_a_crowd_is_settled_in_one_transaction_and_its_places_are_taken_in_one(
    office: Office,
) -> None:
    session = office.schedule()
    made = [office.promise(session, person=n % 3) for n in range(30)]
    said = office.announce(made)
    sender = office.sender(Line(office.network), announce=lambda _: said)
    with statements(office.store) as heard:
        await sender.deliver_due()
    settled = [each for each, _ in heard if "message_ts=" in each.replace(" = ", "=")]
    assert len(settled) == 1
    assert len(heard) < 30
    assert {office.row(each).state for each in made} == {DeliveryState.SENT}


async def test_one_that_cannot_be_written_down_holds_up_no_other(office: Office) -> None:
    session = office.schedule()
    made = [office.promise(session, person=n) for n in range(3)]

    async def stumbling(function: object, /, *args: object) -> object:
        if getattr(function, "__name__", "") == "record":
            [tries] = args
            if any(each.delivery.id == made[1] for each in tries):  # type: ignore[attr-defined]
                raise ZeroDivisionError
        return function(*args)  # type: ignore[operator]

    await office.sender(Line(office.network), hop=stumbling).deliver_due()
    states = [office.row(each).state for each in made]
    assert states == [DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.SENT]


async def test_what_has_its_turn_stops_when_the_workspace_is_paused(office: Office) -> None:
    session = office.schedule()
    owed = [office.promise(session, person=n) for n in range(3)]
    line = Line(office.network, [Fate.WORKSPACE_LIMIT])
    await office.sender(line, settings=settings(at_once=1)).deliver_due()
    assert (line.tries, office.network.order) == (owed[:1], [])
    waits = [office.row(each).next_at - office.clock() for each in owed]
    assert all(timedelta(seconds=25) < each <= timedelta(seconds=30) for each in waits)
