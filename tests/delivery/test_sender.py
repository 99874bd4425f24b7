"""One sender, or several, and what goes wrong."""

import asyncio
import itertools
import logging
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.ground.errors import Unavailable
from bot.coaching.ground.values import Announcement
from bot.delivery.outcomes import Outcome
from bot.delivery.pacing import Pace
from bot.delivery.reconciliation import CLOCKS_DIFFER_BY
from bot.delivery.sender import Sender
from bot.delivery.ticking import ticks
from storage.deliveries import SUPERSEDED
from storage.types import ActionType, DeliveryState
from tests.delivery.pretend import Fate, Line, Office, at_once, in_a_thread, settings, statements

LATER = timedelta(minutes=10)


async def test_what_is_due_is_sent_and_written_down(office: Office) -> None:
    session = office.schedule()
    due, early = office.promise(session), office.promise(session, after=LATER)
    assert await office.sender(Line(office.network)).deliver_due() == 1
    [post] = office.network.posts
    row = office.row(due)
    assert (row.state, row.channel, row.message_ts) == (DeliveryState.SENT, "D1", post.ts)
    assert (post.delivery_id, post.reader_id) == (due, row.person_id)
    assert office.row(early).state is DeliveryState.PENDING


async def test_messages_leave_in_the_order_in_which_they_were_due(office: Office) -> None:
    session = office.schedule()
    minutes = random.Random(3).sample(range(60), 30)
    due = {m: office.promise(session, after=timedelta(minutes=m), person=m % 3) for m in minutes}
    office.clock.advance(timedelta(hours=1))
    one_by_one = settings(at_once=1)
    await office.sender(Line(office.network), settings=one_by_one).deliver_due()
    in_order = [due[m] for m in sorted(due)]
    sent = office.network.posts
    assert len(sent) == 30
    for person in office.people:
        mine = [post.delivery_id for post in sent if post.reader_id == person]
        assert mine == [each for each in in_order if office.row(each).person_id == person]


async def test_more_than_a_batch_is_sent_in_one_round(office: Office) -> None:
    session = office.schedule()
    made = [office.promise(session) for _ in range(7)]
    office.change(office.schedule())
    small = settings(batch=2)
    assert await office.sender(Line(office.network), settings=small).deliver_due() == 7
    assert sorted(office.network.order) == made


async def test_a_crowd_of_superseded_promises_hides_nothing(office: Office) -> None:
    moved, session = office.schedule(), office.schedule()
    stale = [office.promise(moved) for _ in range(9)]
    true = office.promise(session, after=timedelta(minutes=1))
    office.change(moved)
    office.clock.advance(LATER)
    await office.sender(Line(office.network), settings=settings(batch=2)).deliver_due()
    assert office.network.order == [true]
    ends = {(office.row(each).state, office.row(each).reason) for each in stale}
    assert ends == {(DeliveryState.STALE, SUPERSEDED)}


async def test_what_became_untrue_after_the_claim_is_not_sent(office: Office) -> None:
    session = office.schedule()
    owed = office.promise(session)

    def announce(delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
        office.change(session)
        return office.announce(delivery_ids)

    await office.sender(Line(office.network), announce=announce).deliver_due()
    assert not office.network.posts
    row = office.row(owed)
    assert (row.state, row.reason) == (DeliveryState.STALE, "no longer true")


@pytest.mark.parametrize("fate", [Fate.CHANNEL_LIMIT, Fate.WORKSPACE_LIMIT])
async def test_a_limit_pauses_and_drops_nothing(office: Office, fate: Fate) -> None:
    session = office.schedule()
    seconds = [timedelta(seconds=2), timedelta(seconds=1), timedelta(0)]
    first = [office.promise(session, person=1, after=each) for each in seconds][::-1]
    other = office.promise(session, person=2, after=timedelta(seconds=3))
    line = Line(office.network, [fate])
    office.clock.advance(timedelta(seconds=3))
    await office.sender(line, settings=settings(at_once=1)).deliver_due()
    paused_alone = fate is Fate.CHANNEL_LIMIT
    assert office.network.order == ([other] if paused_alone else [])
    assert line.tries.count(first[0]) == 1
    assert {office.row(each).state for each in first} == {DeliveryState.PENDING}
    waits = [office.row(each).next_at - office.clock() for each in first]
    assert waits == sorted(waits)
    assert min(waits) == timedelta(seconds=30)
    office.clock.advance(timedelta(minutes=2))
    office.end_pauses()
    await office.sender(line).deliver_due()
    assert [each for each in office.network.order if each in first] == first


async def test_a_refused_message_backs_off_and_holds_up_no_other(office: Office) -> None:
    session = office.schedule()
    refused, other = office.promise(session), office.promise(session)
    await office.sender(Line(office.network, [Fate.REFUSED])).deliver_due()
    assert office.network.order == [other]
    row = office.row(refused)
    wait = row.next_at - office.clock()
    assert timedelta(0) < wait <= timedelta(seconds=1)
    assert (row.state, row.attempts, row.reason) == (DeliveryState.PENDING, 1, "refused")


@pytest.mark.parametrize(
    ("kind", "state"),
    [(ActionType.CREATE, DeliveryState.FAILED), (ActionType.REMINDER, DeliveryState.PENDING)],
)
async def test_a_notice_is_given_up_after_a_day_and_a_reminder_is_not(
    office: Office, kind: ActionType, state: DeliveryState
) -> None:
    owed = office.promise(office.schedule(), kind=kind)
    for attempt in range(1, 11):
        assert office.row(owed).state is DeliveryState.PENDING, attempt
        office.clock.advance(timedelta(hours=3))
        await office.sender(Line(office.network, [Fate.REFUSED])).deliver_due()
    assert office.row(owed).state is state


@pytest.mark.parametrize("fate", [Fate.LOST_AFTER, Fate.BREAKS_AFTER])
async def test_a_message_that_arrived_unseen_is_found_and_not_sent_again(
    office: Office, fate: Fate
) -> None:
    owed = office.promise(office.schedule())
    line = Line(office.network, [fate])
    await office.sender(line).deliver_due()
    row = office.row(owed)
    assert (row.state, line.lookups) == (DeliveryState.SENDING, [])
    office.lapse()
    await office.sender(line).deliver_due()
    [(looked_up, since)] = line.lookups
    assert row.claimed_at is not None
    assert (looked_up, since) == (owed, min(row.claimed_at, office.clock()) - CLOCKS_DIFFER_BY)
    assert office.network.order == line.tries == [owed]
    assert (office.row(owed).state, office.row(owed).message_ts) == (DeliveryState.SENT, "0.0")


@pytest.mark.parametrize("breaks", [False, True])
async def test_a_history_that_cannot_be_read_is_tried_for_a_while_then_sent_once(
    office: Office, breaks: bool
) -> None:
    owed = office.promise(office.schedule())
    line = Line(office.network, [Fate.LOST_BEFORE])
    office.network.is_readable = False
    office.network.breaks_lookups = breaks
    await office.sender(line).deliver_due()
    for _ in range(3):
        office.lapse()
        await office.sender(line).deliver_due()
    assert (len(line.tries), office.row(owed).state) == (1, DeliveryState.SENDING)
    office.lapse()
    impatient = settings(unreadable_for=timedelta(0))
    await office.sender(line, settings=impatient).deliver_due()
    assert (len(line.tries), office.row(owed).state) == (2, DeliveryState.SENT)


async def test_who_comes_back_after_the_lease_does_not_settle(office: Office) -> None:
    owed = office.promise(office.schedule())
    slow, quick = Line(office.network, [Fate.HANGS_AFTER]), Line(office.network)
    work = asyncio.create_task(office.sender(slow).deliver_due())
    await slow.stuck.wait()
    office.lapse()
    await office.sender(quick).deliver_due()
    assert office.row(owed).state is DeliveryState.SENT
    slow.freed.set()
    await work
    assert (office.network.order, quick.tries) == ([owed], [])
    assert office.row(owed).message_ts == "0.0"


async def test_who_comes_back_after_the_lease_puts_nothing_back(office: Office) -> None:
    owed = office.promise(office.schedule())
    slow, quick = Line(office.network, [Fate.HANGS_REFUSED]), Line(office.network)
    quick.fates.append(Fate.HANGS_AFTER)
    works = [asyncio.create_task(office.sender(slow).deliver_due())]
    await slow.stuck.wait()
    office.lapse()
    works.append(asyncio.create_task(office.sender(quick).deliver_due()))
    await quick.stuck.wait()
    slow.freed.set()
    await works[0]
    assert office.row(owed).state is DeliveryState.SENDING
    quick.freed.set()
    await works[1]
    assert (office.network.order, office.row(owed).state) == ([owed], DeliveryState.SENT)


async def test_who_comes_back_after_the_lease_does_not_send(office: Office) -> None:
    owed = office.promise(office.schedule())
    asleep, awake = asyncio.Event(), asyncio.Event()
    seconds = 100.0

    async def sleepy(function: object, /, *args: object) -> object:
        if function == announce:
            asleep.set()
            await awake.wait()
        return function(*args)  # type: ignore[operator]

    announce = office.announce
    line, other = Line(office.network), Line(office.network)
    sleeper = office.sender(line, hop=sleepy, announce=announce, ticks=lambda: seconds)
    work = asyncio.create_task(sleeper.deliver_due())
    await asleep.wait()
    office.lapse()
    seconds += 60
    await office.sender(other).deliver_due()
    awake.set()
    await work
    assert (line.tries, other.tries) == ([], [owed])
    assert office.row(owed).state is DeliveryState.SENT


async def test_what_is_not_begun_in_time_is_handed_back_uncounted(office: Office) -> None:
    owed = office.promise(office.schedule())
    looked = [0.0, 0.0]
    seconds = itertools.chain(looked, [0.0, 0.0, 45.0], itertools.repeat(45.0))
    line = Line(office.network)
    with statements(office.store) as heard:
        await office.sender(line, ticks=lambda: next(seconds)).deliver_due()
    claims = [each for each, _ in heard if "claimed_at=" in each.replace(" = ", "=")]
    row = office.row(owed)
    assert (len(claims), line.tries) == (2, [owed])
    assert (row.attempts, row.state) == (1, DeliveryState.SENT)


async def test_one_that_cannot_be_put_into_words_holds_up_no_other(office: Office) -> None:
    session = office.schedule()
    first, broken, last = (office.promise(session) for _ in range(3))

    def announce(delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
        if broken in delivery_ids:
            raise ZeroDivisionError
        return office.announce(delivery_ids)

    await office.sender(Line(office.network), announce=announce).deliver_due()
    assert sorted(office.network.order) == [first, last]
    assert office.row(broken).state is DeliveryState.PENDING
    assert office.row(broken).next_at > office.clock()


async def test_nothing_is_asked_one_by_one_of_a_store_that_is_away(office: Office) -> None:
    session = office.schedule()
    owed = [office.promise(session) for _ in range(3)]
    asked: list[int] = []

    def announce(delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
        asked.append(len(delivery_ids))
        raise Unavailable

    await office.sender(Line(office.network), announce=announce).deliver_due()
    assert asked == [3]
    assert {office.row(each).state for each in owed} == {DeliveryState.PENDING}


async def test_a_turn_that_cannot_be_had_is_put_off(office: Office) -> None:
    owed = office.promise(office.schedule())
    line = Line(office.network)

    async def stumbling(function: object, /, *args: object) -> object:
        if getattr(function, "__name__", "") == "reserve":
            raise Unavailable
        return function(*args)  # type: ignore[operator]

    await office.sender(line, hop=stumbling).deliver_due()
    row = office.row(owed)
    assert (line.tries, row.state) == ([], DeliveryState.PENDING)
    assert row.next_at > office.clock()


async def test_a_message_whose_settling_fails_is_not_sent_again(office: Office) -> None:
    owed = office.promise(office.schedule())
    line = Line(office.network)

    async def stumbling(function: object, /, *args: object) -> object:
        if getattr(function, "__name__", "") == "record":
            raise Unavailable
        return function(*args)  # type: ignore[operator]

    await office.sender(line, hop=stumbling).deliver_due()
    assert office.row(owed).state is DeliveryState.SENDING
    office.lapse()
    await office.sender(line).deliver_due()
    assert (line.tries, office.row(owed).state) == ([owed], DeliveryState.SENT)


async def test_a_paced_sender_keeps_the_pace_and_the_order(office: Office) -> None:
    session = office.schedule()
    made = [office.promise(session, after=timedelta(milliseconds=n)) for n in range(6)]
    office.clock.advance(LATER)
    pace = Pace(per_channel=timedelta(milliseconds=60), per_workspace=timedelta(0))
    brisk = settings(pace=pace, longest_wait=timedelta(milliseconds=130))
    rounds = 0
    while len(office.network.posts) < 6:
        await office.sender(Line(office.network), settings=brisk).deliver_due()
        office.clock.advance(timedelta(seconds=1))
        rounds += 1
    assert rounds > 1
    assert office.network.order == made
    assert {office.row(each).attempts for each in made} == {1}


async def test_a_finishing_sender_hands_back_what_it_did_not_begin(office: Office) -> None:
    session = office.schedule()
    begun, waiting = office.promise(session), office.promise(session)
    line = Line(office.network, [Fate.HANGS_AFTER])
    sender = office.sender(line)
    work = asyncio.create_task(sender.deliver_due())
    await line.stuck.wait()
    late = office.promise(session)
    sender.finish()
    line.freed.set()
    await work
    assert office.row(begun).state is DeliveryState.SENT
    assert [office.row(each).state for each in (waiting, late)] == [DeliveryState.PENDING] * 2
    assert office.row(waiting).attempts == 0


async def test_several_senders_share_a_store_without_loss_or_double(office: Office) -> None:
    sessions = [office.schedule() for _ in range(5)]
    made = [office.promise(each, person=n % 3) for n in range(12) for each in sessions]
    dice = random.Random(11)
    fates = [Fate.ARRIVES, Fate.LOST_AFTER, Fate.LOST_BEFORE, Fate.REFUSED, Fate.BREAKS_AFTER]
    lines = [Line(office.network, dice.choices(fates, k=25)) for _ in range(3)]
    quick = settings(batch=4)
    senders = [office.sender(line, hop=in_a_thread, settings=quick) for line in lines]
    for _ in range(8):
        await asyncio.gather(*(sender.deliver_due() for sender in senders))
        office.lapse()
        office.clock.advance(LATER)
    assert sorted(office.network.order) == sorted(made)
    assert {office.row(each).state for each in made} == {DeliveryState.SENT}
    assert sum(bool(line.tries) for line in lines) > 1


async def test_the_log_has_ids_and_no_words(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot.delivery")
    session = office.schedule()
    owed = [office.promise(session) for _ in range(6)]
    fates = [Fate.BREAKS_BEFORE, Fate.REFUSED, Fate.UNREACHABLE, Fate.LOST_AFTER]
    line = Line(office.network, fates)
    await office.sender(line).deliver_due()
    office.lapse()
    await office.sender(line).deliver_due()
    assert all(f"delivery={each} " in caplog.text for each in owed)
    for secret in ("secret", "Ann", "Ben", "Calls", "broken"):
        assert secret not in caplog.text


class Faulty(Line):
    """A messenger with a fault of its own."""

    async def send(self, announcement: Announcement) -> Outcome:
        raise KeyError("what somebody wrote")


async def test_an_error_of_ours_is_written_down_as_ours(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    owed = office.promise(office.schedule())
    await office.sender(Faulty(office.network)).deliver_due()
    row = office.row(owed)
    assert (row.state, row.reason) == (DeliveryState.SENDING, "own_error")
    assert "what somebody wrote" not in caplog.text


@pytest.mark.parametrize(
    ("error", "reason"), [(KeyError("x"), "own_error"), (Unavailable(), "Unavailable")]
)
async def test_what_cannot_be_put_into_words_is_ours_unless_the_database_is_away(
    office: Office, error: Exception, reason: str
) -> None:
    def announce(_: Sequence[int]) -> dict[int, Announcement | None]:
        raise error

    owed = office.promise(office.schedule())
    await office.sender(Line(office.network), announce=announce).deliver_due()
    row = office.row(owed)
    assert (row.state, row.reason) == (DeliveryState.PENDING, reason)


async def test_nothing_is_sent_or_given_up_while_nobody_knows_what_time_it_is(
    office: Office,
) -> None:
    is_sure = False
    line = Line(office.network, [Fate.LOST_BEFORE])
    context = replace(office.context, is_sure=lambda: is_sure)
    sender = Sender(
        context, line, announce=office.announce, hop=at_once, settings=settings(), ticks=ticks
    )
    session = office.schedule()
    owed = office.promise(session)
    office.clock.advance(timedelta(hours=3))
    await sender.deliver_due()
    assert (office.row(owed).state, line.tries) == (DeliveryState.PENDING, [])
    is_sure = True
    await sender.deliver_due()
    office.lapse()
    is_sure = False
    await sender.deliver_due()
    assert (office.row(owed).state, line.lookups) == (DeliveryState.SENDING, [])
    is_sure = True
    await sender.deliver_due()
    assert (office.row(owed).state, line.tries) == (DeliveryState.SENT, [owed, owed])
