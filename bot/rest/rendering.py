"""How what the use cases give looks in JSON (contract, section 2)."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from bot import coaching
from bot.rest import answers, results
from bot.rest.answers import Reference
from bot.rest.instants import write_instant, write_interval

BASE = "/api/v2/coaching"


def person(person_id: str) -> Reference:
    """Refer to a person."""
    return Reference(id=person_id, self_uri=f"/api/v2/users/{person_id}")


def conversation(conversation_id: str) -> Reference:
    """Refer to a conversation."""
    return Reference(id=conversation_id, self_uri=f"/api/v2/conversations/{conversation_id}")


def document(document_id: str) -> Reference:
    """Refer to a document."""
    uri = f"/api/v2/contentmanagement/documents/{document_id}"
    return Reference(id=document_id, self_uri=uri)


def reference(appointment_id: str) -> Reference:
    """Refer to an appointment."""
    return Reference(id=appointment_id, self_uri=f"{BASE}/appointments/{appointment_id}")


def appointment(found: coaching.Appointment, now: datetime) -> answers.Appointment:
    """Render an appointment as it is at this moment."""
    return answers.Appointment(
        id=found.id,
        name=found.name,
        description=found.description,
        date_start=write_instant(found.starts_at),
        length_in_minutes=found.length_minutes,
        status=found.status,
        facilitator=person(found.facilitator_id) if found.facilitator_id else UNSET,
        attendees=[person(each) for each in found.attendee_ids],
        created_by=person(found.creator_id),
        date_created=write_instant(found.created_at),
        modified_by=person(found.modified_by),
        date_modified=write_instant(found.modified_at),
        conversations=[conversation(each) for each in found.conversation_ids],
        documents=[document(each) for each in found.document_ids],
        is_overdue=found.is_overdue(now),
        date_completed=write_instant(found.completed_at) if found.completed_at else UNSET,
        external_links=list(found.external_links),
        location=UNSET if found.location is None else found.location,
        share_insights_data=UNSET
        if found.share_insights_data is None
        else found.share_insights_data,
        wfm_schedule=_wfm_schedule(found),
        self_uri=f"{BASE}/appointments/{found.id}",
    )


def status_change(found: coaching.StatusChange) -> answers.StatusChange:
    """Render one entry of the status history."""
    return answers.StatusChange(
        appointment=reference(found.appointment_id),
        created_by=person(found.created_by) if found.created_by else UNSET,
        date_created=write_instant(found.created_at),
        status=found.status,
    )


def annotation(found: coaching.Annotation) -> answers.Annotation:
    """Render a note."""
    return answers.Annotation(
        id=found.id,
        created_by=person(found.created_by),
        date_created=write_instant(found.created_at),
        modified_by=person(found.modified_by),
        date_modified=write_instant(found.modified_at),
        text=found.text,
        is_deleted=found.is_deleted,
        access_type=found.access_type,
        self_uri=f"{BASE}/appointments/{found.appointment_id}/annotations/{found.id}",
    )


def notification(
    found: coaching.Notification, expanded: answers.Appointment | None = None
) -> answers.Notification:
    """Render an inbox entry, with its appointment in whole or by reference."""
    return answers.Notification(
        id=found.id,
        name=found.name,
        marked_as_read=found.marked_as_read,
        action_type=answers.ActionType(found.action_type),
        relationship=found.relationship,
        date_start=write_instant(found.starts_at),
        length_in_minutes=found.length_minutes,
        status=found.status,
        user=person(found.person_id),
        appointment=expanded or reference(found.appointment_id),
        self_uri=f"{BASE}/notifications/{found.id}",
    )


def aggregates(
    interval: coaching.Interval, found: Iterable[coaching.AggregateResult]
) -> results.Aggregates:
    """Render the counts of one interval, for each group."""
    span = write_interval(interval)
    return results.Aggregates(results=[_group(span, each) for each in found])


def slots(found: coaching.SlotAnswer) -> results.Slots:
    """Render free times."""
    return results.Slots(
        suggested_slots=[
            results.Slot(
                date_start=write_instant(each.starts_at), length_in_minutes=each.length_minutes
            )
            for each in found.suggested
        ],
        attendee_schedules=[_schedule(each) for each in found.attendees],
        facilitator_schedules=[_schedule(each) for each in found.facilitators],
        wfm_schedule_activities=[
            results.WfmActivities(
                user_reference=person(each.person_id), activities=[], full_day_time_off_markers=[]
            )
            for each in (*found.attendees, *found.facilitators)
        ],
    )


def _wfm_schedule(found: coaching.Appointment) -> answers.WfmSchedule | UnsetType:
    if found.wfm_schedule is None:
        return UNSET
    return msgspec.convert(found.wfm_schedule, answers.WfmSchedule)


def _group(span: str, result: coaching.AggregateResult) -> results.AggregateGroup:
    counts = [
        results.MetricCount(metric=metric, stats=results.MetricStats(count=count))
        for metric, count in result.counts.items()
    ]
    group = UNSET if result.attendee_id is None else {"attendeeId": result.attendee_id}
    return results.AggregateGroup(
        group=group, data=[results.IntervalCounts(interval=span, metrics=counts)]
    )


def _schedule(found: coaching.PersonSchedule) -> results.UserSchedule:
    times = [
        results.AvailableTime(
            date_start=write_instant(each.starts_at),
            length_in_minutes=each.length_minutes,
            activity_category=each.activity,
        )
        for each in found.available
    ]
    return results.UserSchedule(user=person(found.person_id), available_times=times)
