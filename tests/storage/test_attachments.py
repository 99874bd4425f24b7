"""What is attached to a session comes back as it was last given: each once, in the order given."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.records import Appointment
from storage.transaction import Store, Transaction
from storage.types import Relationship
from tests.storage import rows
from tests.storage.rows import HALF_AN_HOUR, NINE, at, discarded

words = st.lists(st.sampled_from(("b", "a", "C", "d", "ä")), max_size=5)
given_words = st.tuples(words, words, words)

Given = tuple[list[str], list[str], list[str]]


def attach(tx: Transaction, appointment_id: str, given_now: Given) -> None:
    conversations, documents, links = given_now
    tx.appointments.replace_conversations(appointment_id, conversations)
    tx.appointments.replace_documents(appointment_id, documents)
    tx.appointments.replace_links(appointment_id, links)


def attached(found: Appointment) -> tuple[Sequence[str], ...]:
    return found.conversation_ids, found.document_ids, found.external_links


@settings(max_examples=30)
@given(before=given_words, after=given_words, other=given_words)
def test_what_is_attached_last_is_what_there_is(
    store: Store, before: Given, after: Given, other: Given
) -> None:
    with discarded(store) as tx:
        people = [rows.person(tx, name) for name in ("Zoe", "Ann", "Max")]
        session = rows.appointment(tx, people[0], people)
        neighbour = rows.appointment(tx, people[1])
        for appointment_id, now in ((session, before), (neighbour, other), (session, after)):
            attach(tx, appointment_id, now)
        found = tx.appointments.many([session, neighbour, "nothing"])
        assert found.keys() == {session, neighbour}
        assert tx.appointments.the(session) == tx.appointments.get(session) == found[session]
    assert attached(found[session]) == tuple(tuple(dict.fromkeys(each)) for each in after)
    assert attached(found[neighbour]) == tuple(tuple(dict.fromkeys(each)) for each in other)
    assert found[session].attendee_ids == tuple(people)


def test_a_session_is_read_as_it_was_written(store: Store) -> None:
    schedule = {"id": "w1", "businessUnit": {"id": "b1"}, "weekDate": "2026-03-02"}
    with store.begin() as tx:
        ann, ben, cy = (rows.person(tx, name) for name in ("Ann", "Ben", "Cy"))
        session = rows.appointment(
            tx,
            ann,
            [ben],
            facilitator_id=cy,
            location="Room 4",
            share_insights_data=False,
            wfm_schedule=schedule,
            completed_at=at(31),
            completed_by=cy,
        )
    with store.read() as tx:
        found = tx.appointments.get(session)
    assert found
    assert (found.starts_at, found.ends_at) == (NINE, NINE + HALF_AN_HOUR)
    assert (found.location, found.share_insights_data) == ("Room 4", False)
    assert (found.wfm_schedule, found.revision) == (schedule, 1)
    assert (found.completed_at, found.completed_by) == (at(31), cy)
    assert [found.relationship_of(each) for each in (ann, ben, cy, "nobody")] == [
        Relationship.CREATOR,
        Relationship.ATTENDEE,
        Relationship.FACILITATOR,
        None,
    ]
    assert found.participant_ids == (cy, ben)
    assert replace(found, facilitator_id=ann).relationship_of(ann) is Relationship.FACILITATOR


def test_a_deleted_session_is_found_by_those_who_ask_for_it(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        gone = rows.appointment(tx, ann, deleted_at=NINE)
    with store.begin() as tx:
        assert tx.appointments.get(gone) is None
        assert tx.appointments.for_change(gone) is None
        found = tx.appointments.get(gone, deleted=True)
        assert found
        assert found.deleted_at == NINE
        assert tx.appointments.many([gone]) == {gone: found}
        assert tx.appointments.many([]) == {}


def test_a_session_that_is_moved_ends_later_too(store: Store) -> None:
    with store.begin() as tx:
        session = rows.appointment(tx, rows.person(tx))
    with store.begin() as tx:
        row = tx.appointments.for_change(session)
        assert row
        row.move(at(60), 45)
        tx.appointments.flush()
        found = tx.appointments.the(session)
    assert (found.starts_at, found.length_minutes, found.ends_at) == (at(60), 45, at(105))


def test_who_fetches_for_change_on_postgres_waits_for_the_one_before(
    postgres_store: Store,
) -> None:
    """Two changes at once are made one after the other, each on what the other left."""
    with postgres_store.begin() as tx:
        session = rows.appointment(tx, rows.person(tx))

    def raise_revision(_number: int) -> int:
        with postgres_store.begin() as tx:
            row = tx.appointments.for_change(session)
            assert row
            row.revision += 1
            return row.revision

    assert sorted(rows.in_parallel(raise_revision, 8)) == list(range(2, 10))
