"""Policies: the installation's settings are the defaults, and what is decided wins everywhere."""

import asyncio
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Context, Invalid, NotFound, Policy
from bot.coaching.policy.book import PolicyBook
from bot.coaching.policy.decisions import DECISIONS, decided_on, typed_value
from bot.environment import SETTINGS
from bot.hop import Hop
from bot.routine import policies_followed
from tests.coaching.workplace import Workplace


def decide(office: Workplace, name: str, typed: str | None) -> None:
    coaching.decide_policy(office.context, office.caller("Alex"), name, typed)


def line(office: Workplace, name: str) -> coaching.PolicyLine:
    return coaching.policy_line(office.context, office.caller("Alex"), name)


def test_what_is_decided_wins_until_it_is_taken_back(workplace: Workplace) -> None:
    workplace.schedule("Dana", length_minutes=30)
    decide(workplace, "max_length_minutes", " 020 ")
    with pytest.raises(Invalid, match="from 1 to 20 minutes"):
        workplace.schedule("Dana", "Jonas", length_minutes=30)
    shown = line(workplace, "max_length_minutes")
    assert (shown.typed, shown.said, shown.said_by_default, shown.is_decided) == (
        *("20", "20 minutes", "60 minutes"),
        True,
    )
    decide(workplace, "undo_seconds", "5")
    decide(workplace, "max_length_minutes", None)
    decide(workplace, "max_length_minutes", None)
    workplace.schedule("Dana", "Jonas", length_minutes=30)
    assert not line(workplace, "max_length_minutes").is_decided
    assert workplace.context.policy == replace(workplace.context.book.defaults, undo_seconds=5)
    trail = workplace.audit("policy", "max_length_minutes")
    assert [(each.before, each.after) for each in trail] == [
        ({"value": None}, {"value": "20"}),
        ({"value": "20"}, {"value": None}),
    ]


def test_another_process_follows_when_it_reads_anew(workplace: Workplace) -> None:
    other = Context(store=workplace.store, clock=workplace.clock, policy=Policy(horizon_days=9))
    decide(workplace, "reminder_leads", "2h, 5m")
    assert other.policy.leads == Policy().leads
    coaching.reload_policies(other)
    assert [each.name for each in other.policy.leads] == ["2h", "5m"]
    assert other.policy.horizon_days == 9, "what nobody decided is as that process was set up"
    decide(workplace, "reminder_leads", "")
    coaching.reload_policies(other)
    assert other.policy.leads == ()
    decide(workplace, "reminder_leads", None)
    coaching.reload_policies(other)
    assert other.policy.leads == Policy().leads


async def test_a_process_follows_by_itself(desk: Workplace) -> None:
    other = Context(store=desk.store, clock=desk.clock)
    hop = Hop(threads=1)
    async with policies_followed(other, hop, every=timedelta(milliseconds=10)):
        decide(desk, "undo_seconds", "7")
        for _ in range(500):
            await asyncio.sleep(0.01)
            if other.policy.undo_seconds == 7:
                break
    assert other.policy.undo_seconds == 7
    await hop.drain()
    hop.close()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("max_length_minutes", "0"),
        ("max_length_minutes", ""),
        ("horizon_days", "soon"),
        ("inbox_days", "٣"),
        ("reminder_leads", "tomorrow"),
        ("attendee_notes", "maybe"),
        ("undo_seconds", "-1"),
        ("late_reminder_minutes", "61"),
    ],
)
def test_what_does_not_fit_is_refused(desk: Workplace, name: str, typed: str) -> None:
    with desk.refuses(Invalid, "validation.error", "value") as refused:
        decide(desk, name, typed)
    assert refused.value.message.startswith("This must be ")
    assert desk.context.policy is desk.context.book.defaults


def test_what_cannot_be_decided_is_not_there(desk: Workplace) -> None:
    for name in ("home_division", "max_attendees", "", "store"):
        with desk.refuses(NotFound, "not.found"):
            decide(desk, name, "1")


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("reminder_leads", "24h,1h,10m", "24 hours, 1 hour and 10 minutes before"),
        ("reminder_leads", "3d", "3 days before"),
        ("reminder_leads", "1d,90m", "1 day and 90 minutes before"),
        ("reminder_leads", "", "No reminders"),
        ("overdue_after_minutes", "1", "1 minute after the end"),
        ("horizon_days", "1", "1 day"),
        ("quiet_hours", "20:00-07:00", "20:00–07:00"),
    ],
)
def test_what_holds_is_said_in_words(desk: Workplace, name: str, typed: str, said: str) -> None:
    decide(desk, name, typed)
    assert line(desk, name).said == said


@given(st.dictionaries(st.sampled_from([each.name for each in DECISIONS]), st.text() | st.none()))
def test_what_was_stored_by_another_version_never_stands_in_the_way(
    decided: dict[str, str | None],
) -> None:
    policy = decided_on(Policy(), decided)
    for decision in DECISIONS:
        typed = typed_value(decision, policy)
        assert decision.read(typed) == getattr(policy, decision.field)
        assert decision.say(typed)


def test_the_bounds_are_those_of_the_environment() -> None:
    """Whatever the environment takes can be decided, and the other way round."""
    readers = {each.name.removeprefix("COACHBOT_").lower(): each.read for each in SETTINGS}
    for decision in DECISIONS:
        read = readers.get(decision.name)
        for typed in ("0", "1", "60", "61", "3650", "3651", "10080", "10081", "1440", "1441", "x"):
            if read is not None:
                assert takes(read, typed) == takes(decision.read, typed), decision.name


def takes(read: object, typed: str) -> bool:
    assert callable(read)
    try:
        read(typed)
    except ValueError:
        return False
    return True


def test_every_decision_is_a_field_of_the_policy() -> None:
    assert {each.field for each in DECISIONS} <= {each.name for each in fields(Policy)}


def test_contexts_share_a_book_unless_they_are_given_another_policy(desk: Workplace) -> None:
    twin = replace(desk.context, clock=desk.clock)
    strict = replace(desk.context, policy=Policy(inbox_days=3))
    decide(desk, "inbox_days", "9")
    assert (twin.policy.inbox_days, strict.policy.inbox_days) == (9, 3)
    assert twin.book is desk.context.book
    one, other = (Context(store=desk.store, clock=desk.clock) for _ in range(2))
    assert one.book is not other.book


def test_a_book_is_read_whole() -> None:
    book = PolicyBook(Policy(horizon_days=7))
    before = book.in_force
    book.take({"horizon_days": "8", "undo_seconds": "1"})
    assert (before.horizon_days, before.undo_seconds) == (7, 30)
    assert (book.in_force.horizon_days, book.in_force.undo_seconds) == (8, 1)
    same = book.in_force
    book.take({"undo_seconds": "1", "horizon_days": "8"})
    assert book.in_force is same
