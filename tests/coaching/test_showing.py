"""What messages say that were sent: what is true now, until nothing of them is theirs any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import coaching
from bot.coaching import Announcement, Appointment, NotFound, Source
from storage import models
from storage.deliveries import Settlement
from storage.types import DeliveryState
from tests.coaching.acts import complete, delete, invalidate, move, rename, session, start
from tests.coaching.sending import claim
from tests.coaching.workplace import Workplace

LEASE = timedelta(minutes=1)
Act = Callable[[Workplace, str, Appointment], object]


def send(desk: Workplace) -> dict[int, Announcement]:
    """Send what is due; answers what each message says."""
    sent: dict[int, Announcement] = {}
    while taken := claim(desk):
        said = coaching.announce(desk.context, [each.id for each in taken])
        with desk.store.begin() as tx:
            for each in taken:
                words = said[each.id]
                state = DeliveryState.SENT if words else DeliveryState.STALE
                settlement = Settlement(state=state, channel="D", message_ts=str(each.id))
                assert tx.deliveries.settle(each.id, each.claim or "", settlement)
                sent |= {each.id: words} if words else {}
    return sent


def outdated(desk: Workplace) -> set[int]:
    """Take every message that is to be shown anew, and leave it true."""
    found: set[int] = set()
    with desk.store.begin() as tx:
        while taken := tx.deliveries.claim_outdated(now=desk.clock(), limit=3, lease=LEASE):
            found |= {each.id for each in taken}
            assert all(tx.deliveries.freshen(each) for each in taken)
    return found


def shown(desk: Workplace, delivery_id: int) -> Announcement:
    found = coaching.shown_anew(desk.context, [delivery_id])[delivery_id]
    assert found
    return found


@pytest.mark.parametrize("act", [rename, move, start, complete, invalidate, delete])
def test_whatever_a_message_shows_outdates_it(workplace: Workplace, act: Act) -> None:
    desk = workplace
    made, other = session(desk), desk.schedule("Dana", "Priya", starts_at=desk.clock() + LEASE)
    sent = send(desk)
    about = {each for each, words in sent.items() if words.card.appointment_id == made.id}
    assert about
    assert other.id in {words.card.appointment_id for words in sent.values()}
    assert outdated(desk) == set()
    desk.woken = 0
    act(desk, "Grace" if act is not delete else "Dana", made)
    assert desk.woken == 1
    assert outdated(desk) == about


@pytest.mark.parametrize("act", [rename, move, start, complete, delete])
def test_what_is_leaving_at_that_moment_is_outdated_too(desk: Workplace, act: Act) -> None:
    made = session(desk)
    taken = claim(desk)
    said = coaching.announce(desk.context, [each.id for each in taken])
    act(desk, "Dana", made)
    with desk.store.begin() as tx:
        for each in taken:
            settlement = Settlement(state=DeliveryState.SENT, channel="D", message_ts="1")
            tx.deliveries.settle(each.id, each.claim or "", settlement)
    assert outdated(desk) == set(said)


def test_an_unchanged_message_is_said_in_the_same_words(desk: Workplace) -> None:
    session(desk, Source.SLACK)
    sent = send(desk)
    assert coaching.shown_anew(desk.context, list(sent)) == sent
    desk.clock.advance(timedelta(days=1))
    reminders = send(desk)
    assert {each.kind.value for each in reminders.values()} == {"Reminder"}
    assert coaching.shown_anew(desk.context, list(reminders)) == reminders


def test_a_time_that_was_told_and_changed_is_said_beside_the_new_one(desk: Workplace) -> None:
    made = session(desk)
    sent = send(desk)
    [mine] = [each for each, words in sent.items() if words.reader_id == desk.ids["Priya"]]
    assert sent[mine].previously is None
    move(desk, "Grace", made)
    [told] = [words for words in send(desk).values() if words.reader_id == desk.ids["Priya"]]
    assert told.previously == "Wed 4 Mar at 2:30 pm", "who hears of a move sees from when"
    anew = shown(desk, mine)
    assert anew.previously == "Wed 4 Mar at 2:30 pm"
    assert anew.text == (
        "Dana scheduled coaching for you with Grace. Call review: Wed 4 Mar at 3:30 pm "
        "(30 minutes), was Wed 4 Mar at 2:30 pm. Scheduled."
    )
    back = coaching.AppointmentChanges(starts_at=made.starts_at)
    coaching.change(desk.context, desk.caller("Grace"), made.id, back)
    assert shown(desk, mine).previously is None


def test_what_did_not_leave_tells_no_earlier_time(desk: Workplace) -> None:
    made = session(desk)
    taken = claim(desk)
    coaching.announce(desk.context, [each.id for each in taken])
    with desk.store.begin() as tx:
        for each in taken:
            tx.deliveries.put_back(each.id, each.claim or "", next_at=desk.clock(), reason="x")
    move(desk, "Dana", made)
    assert {each.previously for each in send(desk).values()} == {None}


LATER_WORDS = [
    (start, "Reminder 24 hours before your coaching session with Grace"),
    (complete, "Reminder 24 hours before your coaching session with Grace"),
    (delete, "Your coaching session with Grace was cancelled"),
    (invalidate, "Your coaching session with Grace needs a new time"),
    (move, "Your coaching session with Grace was moved to a new time"),
]


@pytest.mark.parametrize(("act", "said"), LATER_WORDS)
def test_a_reminder_whose_moment_is_past_stays_true(desk: Workplace, act: Act, said: str) -> None:
    made = session(desk)
    desk.clock.advance(timedelta(days=1))
    sent = send(desk)
    [mine] = [
        each
        for each, words in sent.items()
        if words.kind.value == "Reminder" and words.reader_id == desk.ids["Priya"]
    ]
    assert sent[mine].headline.endswith("starts in 24 hours")
    act(desk, "Dana", made)
    assert shown(desk, mine).headline == said


def test_reminders_of_one_session_that_have_done_their_work_are_told_apart(
    desk: Workplace,
) -> None:
    made = session(desk)
    mine: dict[int, Announcement] = {}
    for minutes in (24 * 60, 23 * 60, 50):
        desk.clock.advance(timedelta(minutes=minutes))
        mine |= {
            each: words
            for each, words in send(desk).items()
            if words.kind.value == "Reminder" and words.reader_id == desk.ids["Priya"]
        }

    def heads() -> list[str]:
        return [shown(desk, each).headline.removesuffix(" with Grace") for each in mine]

    earlier = [f"Reminder {each} before your coaching session" for each in ("24 hours", "1 hour")]
    assert heads() == [*earlier, "Your coaching session with Grace starts in 10 minutes"]
    start(desk, "Grace", made)
    assert heads() == [*earlier, "Reminder 10 minutes before your coaching session"]


def test_reading_outdates_the_message_that_told_of_it_and_no_other(workplace: Workplace) -> None:
    desk = workplace
    session(desk)
    desk.schedule("Dana", "Priya", starts_at=desk.clock() + timedelta(days=3))
    sent = send(desk)
    mine = sorted(each for each, words in sent.items() if words.reader_id == desk.ids["Priya"])
    entry = sent[mine[0]].notification_id or ""
    coaching.mark_as_read(desk.context, desk.caller("Priya"), entry)
    assert outdated(desk) == {mine[0]}
    assert [shown(desk, each).is_read for each in mine] == [True, False]
    coaching.mark_as_read(desk.context, desk.caller("Priya"), entry)
    assert outdated(desk) == set(), "nothing changed"
    coaching.mark_all_as_read(desk.context, desk.caller("Priya"))
    assert outdated(desk) == {mine[1]}


def test_a_later_reminder_reads_the_earlier_ones(desk: Workplace) -> None:
    session(desk)
    desk.clock.advance(timedelta(days=1))
    earlier = {each for each, words in send(desk).items() if words.kind.value == "Reminder"}
    outdated(desk)
    desk.clock.advance(timedelta(hours=23))
    send(desk)
    assert outdated(desk) == earlier
    assert all(shown(desk, each).is_read for each in earlier)


def test_old_messages_stay_as_they_are(desk: Workplace) -> None:
    made = session(desk)
    send(desk)
    desk.clock.advance(timedelta(days=30, seconds=1))
    complete(desk, "Grace", made)
    assert outdated(desk) == set()


def test_who_completed_is_shown_the_message_without_undo_when_its_time_is_over(
    desk: Workplace,
) -> None:
    made = session(desk)
    sent = send(desk)
    [mine] = [each for each, words in sent.items() if words.reader_id == desk.ids["Grace"]]
    complete(desk, "Grace", made)
    until = {each: shown(desk, each).true_until for each in sent}
    assert until == dict.fromkeys(sent) | {mine: desk.clock() + timedelta(seconds=30)}
    desk.clock.advance(timedelta(seconds=30))
    assert shown(desk, mine).true_until is None


def test_nobody_reads_another_person_s_message_or_one_that_is_no_longer_theirs(
    desk: Workplace,
) -> None:
    made = session(desk)
    sent = send(desk)
    [mine] = [each for each, words in sent.items() if words.reader_id == desk.ids["Jonas"]]
    assert coaching.message(desk.context, desk.caller("Jonas"), mine) == sent[mine]
    for mark in ("another", None):
        with desk.refuses(NotFound, "appointment.not.found"):
            coaching.message(desk.context, desk.caller("Jonas"), mine, mark=mark)
    known = coaching.message(desk.context, desk.caller("Jonas"), mine, mark=sent[mine].mark)
    assert known == sent[mine]
    for who, delivery_id in (("Priya", mine), ("Alex", mine), ("Jonas", mine + 1000)):
        with desk.refuses(NotFound, "appointment.not.found"):
            coaching.message(desk.context, desk.caller(who), delivery_id)
    with desk.store.begin() as tx:
        row = tx.session.get_one(models.Attendee, (made.id, desk.ids["Jonas"]))
        tx.session.delete(row)
    assert coaching.shown_anew(desk.context, [mine]) == {mine: None}
