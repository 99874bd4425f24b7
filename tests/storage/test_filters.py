"""A list holds what the contract says, told by a plain function: each once, in order, counted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.filters import AppointmentFilter, Interval, IntervalCondition, Reach
from storage.models import Appointment, Attendee, Division, Person
from storage.transaction import Store, Transaction
from storage.types import Relationship, Status
from tests.storage.rows import NINE, at, discarded

DIVISIONS: Final = ("Home", "Sales")
PEOPLE: Final = ("ann", "ben", "cy")
OPEN: Final = (Status.SCHEDULED, Status.IN_PROGRESS)


@dataclass(frozen=True, kw_only=True)
class Session:
    """An appointment as the contract sees it."""

    starts_at: datetime
    minutes: int
    status: Status
    creator: str
    facilitator: str | None
    attendees: Sequence[str]
    completed_at: datetime | None
    is_deleted: bool

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def people(self, relationship: Relationship) -> set[str | None]:
        """Who stands in this relationship to it."""
        if relationship is Relationship.ATTENDEE:
            return {*self.attendees}
        return {self.facilitator if relationship is Relationship.FACILITATOR else self.creator}


def is_wanted(session: Session, wanted: AppointmentFilter, homes: dict[str, str]) -> bool:
    """Answer whether a list holds a session (contract, sections 3, 4.3 and 5.4)."""
    return (
        not session.is_deleted
        and is_seen(session, wanted.reach, homes)
        and is_of(session, wanted)
        and (wanted.statuses is None or session.status in wanted.statuses)
        and (wanted.interval is None or lies_in(session, wanted.interval, wanted))
        and (
            wanted.completion_interval is None
            or holds(wanted.completion_interval, session.completed_at)
        )
        and (wanted.is_overdue is None or wanted.is_overdue is is_late(session, wanted.now))
    )


def is_seen(session: Session, reach: Reach, homes: dict[str, str]) -> bool:
    if reach.division_ids is None or is_related(session, [reach.person_id], tuple(Relationship)):
        return True
    return all(homes[each] in reach.division_ids for each in session.attendees)


def is_of(session: Session, wanted: AppointmentFilter) -> bool:
    kinds = wanted.relationships or tuple(Relationship)
    facilitators = wanted.facilitator_ids
    return (wanted.user_ids is None or is_related(session, wanted.user_ids, kinds)) and (
        facilitators is None or session.facilitator in facilitators
    )


def is_related(session: Session, people: Collection[str], kinds: Collection[Relationship]) -> bool:
    return any(session.people(kind) & set(people) for kind in kinds)


def lies_in(session: Session, interval: Interval, wanted: AppointmentFilter) -> bool:
    if wanted.interval_condition is IntervalCondition.STARTS_IN:
        return holds(interval, session.starts_at)
    return session.starts_at < interval.ends_at and interval.starts_at < session.ends_at


def holds(interval: Interval, moment: datetime | None) -> bool:
    return moment is not None and interval.starts_at <= moment < interval.ends_at


def is_late(session: Session, now: datetime) -> bool:
    return session.status in OPEN and session.ends_at < now


# A short day with few moments in it, so that ends and beginnings often meet.
moments = st.integers(0, 3).map(lambda quarter: at(15 * quarter))
people = st.sampled_from(PEOPLE)
divisions = st.frozensets(st.sampled_from(DIVISIONS))
intervals = st.builds(
    lambda first, minutes: Interval(starts_at=first, ends_at=first + timedelta(minutes=minutes)),
    moments,
    st.sampled_from((15, 30)),
)
conditions = {
    "user_ids": st.lists(people, max_size=3),
    "facilitator_ids": st.lists(people, max_size=3),
    "statuses": st.lists(st.sampled_from(Status), max_size=3),
    "interval": intervals,
    "completion_interval": intervals,
    "is_overdue": st.booleans(),
}
sessions = st.builds(
    Session,
    starts_at=moments,
    minutes=st.sampled_from((15, 30)),
    status=st.sampled_from(Status),
    creator=people,
    facilitator=st.none() | people,
    attendees=st.lists(people, min_size=1, max_size=3, unique=True),
    completed_at=st.none() | moments,
    is_deleted=st.sampled_from((False, False, False, True)),
)
readers = people | st.just("eve")  # who has no session of her own
reaches = st.builds(Reach, person_id=readers, division_ids=divisions)
everywhere = st.builds(Reach, person_id=people, division_ids=st.none())
ways = {
    "now": moments,
    "relationships": st.none() | st.lists(st.sampled_from(Relationship), min_size=1),
    "interval_condition": st.sampled_from(IntervalCondition),
    "ascending": st.booleans(),
    "page_size": st.integers(1, 5),
}
filters = st.builds(
    AppointmentFilter,
    reach=reaches | everywhere,
    **ways,
    **{name: st.none() | each for name, each in conditions.items()},
)
# Many conditions at once leave little to tell apart; alone, each has to decide.
narrow_filters = st.one_of(
    st.builds(AppointmentFilter, reach=reaches, **ways),
    *(
        st.builds(AppointmentFilter, reach=everywhere, **ways, **{name: each})
        for name, each in conditions.items()
    ),
)
worlds = st.lists(sessions, min_size=1, max_size=12)
dwellings = st.fixed_dictionaries({each: st.sampled_from(DIVISIONS) for each in PEOPLE})


def settle_in(tx: Transaction, homes: dict[str, str]) -> None:
    tx.session.add_all(Division(id=each, name=each) for each in DIVISIONS)
    tx.session.flush()
    tx.session.add_all(Person(id=each, name=each, division_id=homes[each]) for each in PEOPLE)
    tx.session.flush()


def write(tx: Transaction, world: Sequence[Session]) -> dict[str, Session]:
    """Write the sessions; the order of their ids is not that of their times."""
    named = {f"{number:04}": each for number, each in enumerate(world)}
    tx.session.add_all(row(name, each) for name, each in named.items())
    tx.session.flush()
    tx.session.add_all(
        Attendee(appointment_id=name, person_id=person_id, position=position)
        for name, each in named.items()
        for position, person_id in enumerate(each.attendees)
    )
    tx.session.flush()
    return named


def row(name: str, session: Session) -> Appointment:
    return Appointment(
        id=name,
        name=name,
        description="",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        length_minutes=session.minutes,
        creator_id=session.creator,
        created_at=NINE,
        modified_by=session.creator,
        modified_at=NINE,
        facilitator_id=session.facilitator,
        status=session.status,
        completed_at=session.completed_at,
        deleted_at=NINE if session.is_deleted else None,
    )


def read_pages(tx: Transaction, wanted: AppointmentFilter, total: int) -> list[str]:
    """Read every page, and one more, which must be empty."""
    found = []
    last = -(-total // wanted.page_size)
    for number in range(1, last + 2):
        page = tx.appointments.page(replace(wanted, page_number=number))
        full = wanted.page_size if number < last else None
        assert full in {None, len(page)}
        assert page == [] or number <= last
        found += [each.id for each in page]
    return found


def check(
    store: Store, homes: dict[str, str], world: list[Session], wanted: AppointmentFilter
) -> None:
    with discarded(store) as tx:
        settle_in(tx, homes)
        named = write(tx, world)
        listed = [name for name, each in named.items() if is_wanted(each, wanted, homes)]
        total = tx.appointments.count(wanted)
        found = read_pages(tx, wanted, total)
        read = [tx.appointments.the(name) for name in found]
    backwards = not wanted.ascending
    assert total == len(listed)
    assert found == sorted(
        listed, key=lambda name: (named[name].starts_at, name), reverse=backwards
    )
    assert [each.attendee_ids for each in read] == [tuple(named[name].attendees) for name in found]
    assert [each.is_overdue(wanted.now) for each in read] == [
        is_late(named[name], wanted.now) for name in found
    ]


@settings(max_examples=250)
@given(homes=dwellings, world=worlds, wanted=filters | narrow_filters)
def test_a_list_holds_what_is_wanted_on_sqlite(
    sqlite_store: Store, homes: dict[str, str], world: list[Session], wanted: AppointmentFilter
) -> None:
    check(sqlite_store, homes, world, wanted)


@settings(max_examples=60)
@given(homes=dwellings, world=worlds, wanted=filters | narrow_filters)
def test_a_list_holds_what_is_wanted_on_postgres(
    postgres_store: Store, homes: dict[str, str], world: list[Session], wanted: AppointmentFilter
) -> None:
    check(postgres_store, homes, world, wanted)
