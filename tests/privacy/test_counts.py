"""Counts, free time, and the time that somebody would take."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot import coaching
from bot.coaching import (
    AggregateQuery,
    Clause,
    Conflict,
    Interval,
    Invalid,
    Metric,
    NewAppointment,
    Predicate,
    SlotJobRequest,
    SlotQuery,
    Status,
)
from tests.privacy.contract import ADD, SLOT_JOB_ADD, SLOT_JOB_VIEW, SLOT_VIEW, VIEW
from tests.privacy.oracle import OPEN, Rights, is_overdue
from tests.privacy.refusals import NO_ONE, refusal, said
from tests.privacy.scene import DAY, NOW, Meeting, Scene, Someone, marks_in
from tests.privacy.stage import Stage
from tests.privacy.theatre import Theatre, for_every_scene

EVER = Interval(starts_at=NOW - 365 * DAY, ends_at=NOW + 365 * DAY)
THIS_WEEK = Interval(starts_at=NOW, ends_at=NOW + 5 * DAY)
ANY_STATUS = Clause("Or", [Predicate("status", each) for each in Status])
PLANNED = Predicate("status", "Scheduled")
COUNTED = {
    Metric.PLANNED: Status.SCHEDULED,
    Metric.IN_PROGRESS: Status.IN_PROGRESS,
    Metric.COMPLETE: Status.COMPLETED,
    Metric.INVALID_SCHEDULE: Status.INVALID_SCHEDULE,
}


@for_every_scene(20)
def test_counts_are_of_what_one_may_see(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            assert_counts(stage, rights, (ANY_STATUS,), set(), lambda _: True)
            for person in scene.people:
                named = {person.number}
                attends = Clause("And", [Predicate("attendeeId", person.id)])
                leads = Clause("And", [Predicate("facilitatorId", person.id), PLANNED])
                assert_counts(stage, rights, (attends,), named, partial(attended_by, person.number))
                assert_counts(stage, rights, (leads,), named, partial(planned_by, person.number))


def attended_by(person: int, meeting: Meeting) -> bool:
    return person in meeting.attendees


def planned_by(person: int, meeting: Meeting) -> bool:
    return meeting.facilitator == person and meeting.status is Status.SCHEDULED


def assert_counts(
    stage: Stage,
    rights: Rights,
    clauses: tuple[Clause, ...],
    named: set[int],
    fits: Callable[[Meeting], bool],
) -> None:
    """All together and for each attendee, only what one may view is counted (3.18)."""
    for grouped in (False, True):
        query = AggregateQuery(
            interval=EVER, filter_type="And", clauses=clauses, group_by_attendee=grouped
        )
        counting = partial(coaching.aggregate, stage.context, stage.caller(rights), query)
        if not rights.reach(VIEW):
            assert refusal(counting).code == "missing.permissions"
        elif not rights.may_name(named, VIEW):
            assert refusal(counting).code == "no.permission.for.requested.users"
        else:
            found = [each for each in stage.scene.meetings if rights.sees(each) and fits(each)]
            wanted = rights.counted(found) if grouped else {None: found}
            assert {each.attendee_id: each.counts for each in counting()} == {
                key: counts_of(meetings) for key, meetings in wanted.items()
            }


def counts_of(meetings: list[Meeting]) -> dict[Metric, int]:
    """Planned is Scheduled; overdue overlaps planned and in progress (3.18)."""
    found = {
        metric: sum(each.status is status for each in meetings)
        for metric, status in COUNTED.items()
    }
    overdue = sum(is_overdue(each) for each in meetings)
    return found | {Metric.ACTIVITIES: len(meetings), Metric.OVERDUE: overdue}


@for_every_scene(30)
def test_nobody_asks_about_the_time_of_people_beyond_their_reach(
    scene: Scene, theatre: Theatre
) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            for person in scene.people:
                assert_slots(stage, rights, person)
                assert_search(stage, rights, person)
            for meeting in scene.meetings:
                assert_booking(stage, rights, meeting)


def assert_slots(stage: Stage, rights: Rights, person: Someone) -> None:
    """Free time by permission (3.19); a session that one may not see is never taken away."""
    query = SlotQuery(interval=THIS_WEEK, length_minutes=30, attendee_ids=[person.id])
    asking = partial(coaching.find_slots, stage.context, stage.caller(rights))
    if not rights.may_name({person.number}, SLOT_VIEW):
        assert_unknown(lambda id_: asking(replace(query, attendee_ids=[id_])), person)
        return
    answer = asking(query)
    assert marks_in(repr(answer)) == {person.id}
    hidden = [each.id for each in stage.scene.meetings if not rights.sees(each)]
    assert asking(replace(query, interruptible_ids=hidden)) == answer


def assert_search(stage: Stage, rights: Rights, person: Someone) -> None:
    """A search is refused like the question, and its answer is for whoever left it (3.20, 3.21)."""
    request = SlotJobRequest(
        attendee_ids=[person.id],
        facilitator_ids=[],
        length_minutes=30,
        activity_code_id="",
        intervals=[THIS_WEEK],
    )
    asking = partial(coaching.add_slot_job, stage.context, stage.caller(rights))
    if not rights.may_name({person.number}, SLOT_JOB_ADD):
        assert_unknown(lambda id_: asking(replace(request, attendee_ids=[id_])), person)
        return
    job = asking(request)
    for other in stage.everybody():
        finding = partial(coaching.find_slot_job, stage.context, stage.caller(other))
        if other.me == rights.me and other.reach(SLOT_JOB_VIEW):
            assert finding(job.id).results == job.results
        else:
            assert said(refusal(partial(finding, job.id))) == said(
                refusal(partial(finding, NO_ONE))
            )


def assert_unknown(act: Callable[[str], object], person: Someone) -> None:
    """Who is beyond reach can't be told apart from who is not there (4.4)."""
    error = refusal(partial(act, person.id))
    assert error.code in {"missing.permissions", "no.permission.for.requested.users"}
    assert said(error) == said(refusal(partial(act, NO_ONE)))
    assert not marks_in(error.message)


def assert_booking(stage: Stage, rights: Rights, meeting: Meeting) -> None:
    """Who would book taken time hears no more of what takes it than they may know (4.3, 5.3)."""
    ahead = NOW < meeting.starts_at < NOW + 42 * DAY
    if meeting.is_deleted or not ahead or meeting.status not in OPEN:
        return
    for number in meeting.related - {meeting.creator}:
        person = stage.scene.people[number]
        booking = partial(book, stage, rights, meeting)
        if not rights.may_name({number}, ADD):
            assert_unknown(booking, person)
            continue
        error = refusal(partial(booking, person.id))
        assert isinstance(error, Conflict | Invalid)
        assert marks_in(error.message) <= rights.may_know() | person.marks


def book(stage: Stage, rights: Rights, meeting: Meeting, person_id: str) -> None:
    """Try to take somebody's time while a session takes it."""
    request = NewAppointment(
        name="Mine",
        description="At the same time",
        starts_at=meeting.starts_at + timedelta(minutes=5),
        length_minutes=5,
        attendee_ids=[person_id],
    )
    coaching.schedule(stage.context, stage.caller(rights), request)
