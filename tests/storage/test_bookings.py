"""Nobody is in two places at once: half-open spans, and one winner where many want one slot."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from storage.errors import ContendedError, OverlapError
from storage.models import Booking
from storage.transaction import Store, Transaction
from tests.databases import opened
from tests.storage import rows
from tests.storage.rows import HALF_AN_HOUR, NINE, at, discarded

RACERS: Final = 32
DISTINCT: Final = 7

quarters = st.integers(0, 8)
spans = st.tuples(quarters, st.integers(1, 4)).map(
    lambda each: (at(15 * each[0]), at(15 * (each[0] + each[1])))
)
bookings = st.lists(st.tuples(st.sampled_from(("ann", "ben", "cy")), spans), max_size=8)

Span = tuple[datetime, datetime]


def meet(first: Span, second: Span) -> bool:
    """Answer whether two half-open spans have a moment in common: back to back is fine."""
    return max(first[0], second[0]) < min(first[1], second[1])


def without_doubles(wanted: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    kept: list[tuple[str, Span]] = []
    for name, span in wanted:
        if not any(name == other and meet(span, taken) for other, taken in kept):
            kept.append((name, span))
    return kept


@settings(max_examples=80)
@given(wanted=bookings, asked=st.frozensets(st.sampled_from(("ann", "ben", "cy"))), span=spans)
def test_an_overlap_is_a_moment_in_common(
    store: Store, wanted: list[tuple[str, Span]], asked: frozenset[str], span: Span
) -> None:
    with discarded(store) as tx:
        ids = {name: rows.person(tx, name) for name in ("ann", "ben", "cy")}
        made = [
            (rows.appointment(tx, ids[name]), name, taken)
            for name, taken in without_doubles(wanted)
        ]
        for appointment_id, name, taken in made:
            tx.appointments.book(appointment_id, [ids[name]], *taken)
        expected = {
            (ids[name], appointment_id)
            for appointment_id, name, taken in made
            if name in asked and meet(taken, span)
        }
        people = [ids[name] for name in asked]
        found = tx.appointments.overlapping(people, *span)
        assert len(found) == len(expected)
        assert set(found) == expected
        for _, moved in expected:
            others = tx.appointments.overlapping(people, *span, except_id=moved)
            assert set(others) == {each for each in expected if each[1] != moved}


def test_booking_anew_gives_the_old_time_back(store: Store) -> None:
    with store.begin() as tx:
        ann, ben = (rows.person(tx, name) for name in ("Ann", "Ben"))
        first, second = (rows.appointment(tx, ann) for _ in range(2))
        tx.appointments.book(first, [ann, ben], at(0), at(30))
        tx.appointments.book(second, [ann], at(30), at(60))
        tx.appointments.book(first, [ann], at(60), at(90))
    with store.begin() as tx:
        assert tx.appointments.overlapping([ann, ben], at(0), at(30)) == []
        assert tx.appointments.overlapping([ann], at(0), at(90)) == [(ann, second), (ann, first)]
        tx.appointments.book(first, [ann], at(75), at(105))
        tx.appointments.release(second)
    with store.read() as tx:
        assert tx.appointments.overlapping([ann], at(0), at(75)) == []
        assert tx.appointments.overlapping([ann, ben], at(0), at(200)) == [(ann, first)]


def test_a_person_is_booked_once_by_an_appointment(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        session = rows.appointment(tx, ann)
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.appointments.book(session, [ann, ann], at(0), at(30))


@settings(max_examples=30)
@given(first=spans, second=spans, same=st.booleans())
def test_postgres_itself_refuses_a_double_booking(
    postgres_store: Store, first: Span, second: Span, same: bool
) -> None:
    def book() -> None:
        with discarded(postgres_store) as tx:
            ann, ben = (rows.person(tx, name) for name in ("Ann", "Ben"))
            tx.appointments.book(rows.appointment(tx, ann), [ann], *first)
            tx.appointments.book(rows.appointment(tx, ann), [ann if same else ben], *second)

    if same and meet(first, second):
        with pytest.raises(OverlapError):
            book()
    else:
        book()


def test_a_refused_booking_leaves_nothing_behind(postgres_store: Store) -> None:
    with postgres_store.begin() as tx:
        ann = rows.person(tx)
        taken = rows.appointment(tx, ann)
        tx.appointments.book(taken, [ann], at(0), at(30))
    with pytest.raises(OverlapError), postgres_store.begin() as tx:
        tx.appointments.book(rows.appointment(tx, ann, id="late"), [ann], at(29), at(60))
    with postgres_store.read() as tx:
        assert tx.appointments.get(taken)
        assert tx.appointments.get("late") is None
        assert tx.appointments.overlapping([ann], at(0), at(60)) == [(ann, taken)]


def look_before(tx: Transaction, people: list[str], starts_at: datetime) -> bool:
    """Book as a use case does: hold the people, look, and only then take the time."""
    tx.people.hold(people)
    if tx.appointments.overlapping(people, starts_at, starts_at + HALF_AN_HOUR):
        return False
    take(tx, people, starts_at)
    return True


def leap(tx: Transaction, people: list[str], starts_at: datetime) -> bool:
    """Book without a look, so that only the database itself stands between two bookings."""
    take(tx, people, starts_at)
    return True


def take(tx: Transaction, people: list[str], starts_at: datetime) -> None:
    session = rows.appointment(tx, people[0], people, starts_at=starts_at)
    tx.appointments.book(session, people, starts_at, starts_at + HALF_AN_HOUR)


def race(store: Store, book: Callable[[Transaction, list[str], datetime], bool]) -> list[str]:
    """Let many threads book the same coach at once, each with somebody else, at crossing times."""
    with store.begin() as tx:
        coach = rows.person(tx, "Coach")
        agents = [rows.person(tx, f"Agent {number}") for number in range(DISTINCT)]

    def run(number: int) -> str:
        people = [coach, agents[number % DISTINCT]]
        random.Random(number).shuffle(people)
        try:
            with store.begin() as tx:
                won = book(tx, people, NINE + timedelta(minutes=number % 29))
        except (OverlapError, ContendedError) as refused:
            return type(refused).__name__
        return "won" if won else "lost"

    return sorted(rows.in_parallel(run, RACERS))


def count_bookings(store: Store) -> int:
    with store.read() as tx:
        return tx.session.execute(select(func.count()).select_from(Booking)).scalar_one()


def test_of_many_who_look_first_one_wins_and_the_others_see_it(store: Store) -> None:
    assert race(store, look_before) == ["lost"] * (RACERS - 1) + ["won"]
    assert count_bookings(store) == 2


def test_of_many_who_do_not_look_postgres_lets_one_win(postgres_address: str) -> None:
    with opened(postgres_address) as store:
        shorten_deadlocks(store)
    with opened(postgres_address) as store:
        ends = race(store, leap)
        assert count_bookings(store) == 2
    assert ends.count("won") == 1
    assert set(ends) <= {"won", "OverlapError", "ContendedError"}


def shorten_deadlocks(store: Store) -> None:
    with store.begin() as tx:
        name = tx.session.execute(text("SELECT current_database()")).scalar_one()
        tx.session.execute(text(f"ALTER DATABASE \"{name}\" SET deadlock_timeout = '20ms'"))
