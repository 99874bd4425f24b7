"""Messages leave no faster than allowed, for all senders of a store together."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from sqlalchemy import delete, literal, type_coerce, update

from bot.delivery.outcomes import Scope
from bot.delivery.pacing import WORKSPACE, Pace, Wanted, channel
from storage import models
from storage.claim_statements import PACE
from storage.transaction import Store
from storage.types import Instant, Span
from tests.delivery.pretend import UNHURRIED

NOTHING = timedelta(0)
LONG = timedelta(minutes=10)
SLOW = Pace(per_channel=timedelta(seconds=60), per_workspace=timedelta(seconds=20), burst=3)
MOMENTS = ("free_at", "written_at")
SLACK = timedelta(seconds=10)
"""What the test itself may take on the database's clock."""


def reserve(store: Store, pace: Pace, person: str, at_most: timedelta = LONG) -> timedelta:
    with store.begin() as tx:
        plan = pace.plan(tx.deliveries, [Wanted(person)], at_most=at_most)
        return plan.waits[0] + pace.take(tx.deliveries, plan)


def pause(store: Store, pace: Pace, scope: Scope) -> None:
    with store.begin() as tx:
        pace.pause(tx.deliveries, "ann", scope=scope, span=timedelta(seconds=30))


def test_one_person_is_written_to_at_the_channels_pace(store: Store) -> None:
    waits = [reserve(store, SLOW, "ann") for _ in range(3)]
    for turn, wait in enumerate(waits):
        assert turn * SLOW.per_channel - SLACK < wait <= turn * SLOW.per_channel


def test_the_workspace_lets_a_burst_through_and_then_keeps_its_pace(store: Store) -> None:
    waits = [reserve(store, SLOW, f"person {number}") for number in range(5)]
    assert waits[:3] == [NOTHING] * 3
    for turn, wait in enumerate(waits[3:], start=1):
        assert turn * SLOW.per_workspace - SLACK < wait <= turn * SLOW.per_workspace


@pytest.mark.parametrize("is_paused", [False, True])
def test_a_clock_that_was_an_hour_ahead_holds_nothing_up_for_an_hour(
    store: Store, is_paused: bool
) -> None:
    """Also after a restart: what it wrote lies no further ahead than it did then."""
    for person in ("ann", "ben", "cleo"):
        reserve(store, SLOW, person)
    if is_paused:
        pause(store, SLOW, Scope.WORKSPACE)
    hour = literal(timedelta(hours=1), Span())
    with store.begin() as tx:
        moved = {each: type_coerce(PACE.c[each] + hour, Instant()) for each in MOMENTS}
        tx.session.execute(update(PACE).values(moved))
    with store.begin() as tx:
        waits = tx.deliveries.waits([WORKSPACE, channel("ann")])
    assert waits[WORKSPACE] <= (SLOW.tolerance + timedelta(seconds=30 if is_paused else 20))
    assert waits[channel("ann")] <= SLOW.per_channel
    with store.begin() as tx:
        again = tx.deliveries.waits([WORKSPACE, channel("ann")])
    assert all(again[each] < waits[each] for each in waits), "and time goes on"
    assert NOTHING < reserve(store, SLOW, "ann") <= 2 * SLOW.per_channel


def test_a_wait_that_is_too_long_takes_no_place(store: Store) -> None:
    reserve(store, SLOW, "ann")
    refused = [reserve(store, SLOW, "ann", timedelta(seconds=3)) for _ in range(5)]
    assert all(wait <= SLOW.per_channel for wait in refused)
    with store.read() as tx:
        assert tx.deliveries.waits([channel("ann")])[channel("ann")] <= SLOW.per_channel
        assert tx.deliveries.waits([WORKSPACE])[WORKSPACE] <= SLOW.per_workspace


def test_no_limit_keeps_no_books(store: Store) -> None:
    assert [reserve(store, UNHURRIED, "ann") for _ in range(5)] == [NOTHING] * 5
    with store.read() as tx:
        assert set(tx.deliveries.waits([channel("ann"), WORKSPACE]).values()) == {NOTHING}


def test_a_paused_channel_holds_up_its_person_alone(store: Store) -> None:
    pause(store, UNHURRIED, Scope.CHANNEL)
    assert reserve(store, UNHURRIED, "ann") > timedelta(seconds=20)
    assert reserve(store, UNHURRIED, "ben") == NOTHING


def test_a_paused_workspace_holds_up_everybody_in_spite_of_bursts(store: Store) -> None:
    pause(store, SLOW, Scope.WORKSPACE)
    wait = reserve(store, SLOW, "ben", NOTHING)
    assert timedelta(seconds=20) < wait <= timedelta(seconds=30)


@given(
    every=st.timedeltas(min_value=NOTHING, max_value=timedelta(seconds=2)),
    burst=st.integers(1, 10),
    behind=st.timedeltas(min_value=NOTHING, max_value=timedelta(seconds=10)),
    at_most=st.timedeltas(min_value=NOTHING, max_value=timedelta(seconds=10)),
)
def test_places_are_those_that_can_be_taken_in_time(
    every: timedelta, burst: int, behind: timedelta, at_most: timedelta
) -> None:
    pace = Pace(per_channel=NOTHING, per_workspace=every, burst=burst)
    start = behind
    taken = 0
    while taken < 50 and behind - pace.tolerance <= at_most:
        taken, behind = taken + 1, behind + every
    assert pace.places_from(start, at_most, 50) == taken


@example_settings(max_examples=25)
@given(
    people=st.lists(st.sampled_from(["ann", "ben", "cleo"]), min_size=1, max_size=8),
    at_most=st.sampled_from([NOTHING, timedelta(seconds=70), LONG]),
)
def test_places_taken_together_are_those_taken_one_by_one(
    sqlite_store: Store, people: list[str], at_most: timedelta
) -> None:
    def start_anew() -> None:
        with sqlite_store.begin() as tx:
            tx.session.execute(delete(models.Pace))

    start_anew()
    with sqlite_store.begin() as tx:
        plan = SLOW.plan(tx.deliveries, [Wanted(each) for each in people], at_most=at_most)
        assert SLOW.take(tx.deliveries, plan) == NOTHING
    together, books = plan.waits, waits_of(sqlite_store, people)
    start_anew()
    singly = [reserve(sqlite_store, SLOW, each, at_most) for each in people]
    for one, other in zip(singly, together, strict=True):
        assert abs(one - other) < SLACK
    for key, wait in waits_of(sqlite_store, people).items():
        assert abs(wait - books[key]) < SLACK


def waits_of(store: Store, people: list[str]) -> dict[str, timedelta]:
    with store.read() as tx:
        return tx.deliveries.waits([WORKSPACE, *(channel(each) for each in people)])


def test_what_can_wait_leaves_the_slack_to_what_cannot(store: Store) -> None:
    with store.begin() as tx:
        wanted = [Wanted(f"person {n}", is_general=True) for n in range(3)]
        digests = SLOW.plan(tx.deliveries, wanted, at_most=LONG)
        SLOW.take(tx.deliveries, digests)
    turns = [SLOW.per_workspace * turn for turn in range(3)]
    assert all(abs(wait - turn) < SLACK for wait, turn in zip(digests.waits, turns, strict=True))
    assert reserve(store, SLOW, "ann") <= SLOW.per_workspace


@given(
    every=st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(seconds=2)),
    behind=st.timedeltas(min_value=NOTHING, max_value=timedelta(seconds=10)),
)
def test_what_can_wait_gets_few_places_and_none_beyond_the_pace(
    every: timedelta, behind: timedelta
) -> None:
    pace = Pace(per_channel=NOTHING, per_workspace=every)
    places = pace.general_places_from(behind, 8)
    assert 0 <= places <= 2
    assert (places > 0) is (behind <= every)
