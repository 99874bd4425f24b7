"""What the operations on appointments do (contract, section 3, 1 to 9)."""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from bot import coaching
from bot.coaching import AppointmentChanges, AppointmentQuery, Invalid, NewAppointment, Status
from bot.rest import answers, bodies, rendering
from bot.rest.calls import Call
from bot.rest.instants import read_instant, read_interval, write_instant
from bot.rest.pages import listed, paged
from bot.rest.queries import Listing, MyListing, Nothing, Overdue, Pages, SortOrder, read_word

T = TypeVar("T")

OVERDUE = ((Overdue.TRUE, True), (Overdue.FALSE, False))


def list_of_people(call: Call[Listing, None]) -> answers.AppointmentList:
    """List the sessions of named people."""
    query = replace(_query(call.query), user_ids=call.query.user_ids)
    return _page(call, coaching.list_appointments(call.context, call.caller, query))


def list_mine(call: Call[MyListing, None]) -> answers.AppointmentList:
    """List the caller's own sessions."""
    query = _query(call.query)
    if query.relationships is not None:
        query = replace(query, user_ids=(call.caller.person_id,))
    return _page(call, coaching.my_appointments(call.context, call.caller, query))


def schedule(call: Call[Nothing, bodies.NewAppointment]) -> answers.Appointment:
    """Schedule a session."""
    body = call.body
    request = NewAppointment(
        name=body.name,
        description=body.description,
        starts_at=read_instant(body.date_start, "dateStart"),
        length_minutes=body.length_in_minutes,
        attendee_ids=body.attendee_ids,
        facilitator_id=_given(body.facilitator_id),
        conversation_ids=body.conversation_ids or (),
        document_ids=body.document_ids or (),
        external_links=body.external_links or (),
        location=body.location,
        share_insights_data=body.share_insights_data,
        wfm_schedule=_kept(body.wfm_schedule),
        add_to_schedule=body.add_to_schedule,
        submission=call.submission,
    )
    return _shown(call, coaching.schedule(call.context, call.caller, request))


def find(call: Call[Nothing, None]) -> answers.Appointment:
    """Find one session."""
    return _shown(call, coaching.find(call.context, call.caller, call.ids["appointmentId"]))


def change(call: Call[Nothing, bodies.AppointmentChanges]) -> answers.Appointment:
    """Change a session."""
    body = call.body
    changes = AppointmentChanges(
        name=_needed(body.name),
        description=_needed(body.description),
        starts_at=_needed(_moment(body.date_start)),
        length_minutes=_needed(body.length_in_minutes),
        status=_needed(_status(body.status)),
        conversation_ids=_list(body.conversation_ids),
        document_ids=_list(body.document_ids),
        external_links=_list(body.external_links),
        location=_optional(body.location),
        share_insights_data=_optional(body.share_insights_data),
        wfm_schedule=_schedule(body.wfm_schedule),
        add_to_schedule=_optional(body.add_to_schedule),
    )
    found = coaching.change(call.context, call.caller, call.ids["appointmentId"], changes)
    return _shown(call, found)


def delete(call: Call[Nothing, None]) -> None:
    """Delete a session."""
    coaching.delete(call.context, call.caller, call.ids["appointmentId"])


def change_status(call: Call[Nothing, bodies.NewStatus]) -> answers.StatusChange:
    """Start, complete or reset a session."""
    status = read_word(Status, call.body.status, "status")
    found = coaching.change_status(call.context, call.caller, call.ids["appointmentId"], status)
    return answers.StatusChange(
        appointment=rendering.reference(found.id),
        created_by=rendering.person(found.modified_by),
        date_created=write_instant(found.modified_at),
        status=found.status,
    )


def list_statuses(call: Call[Pages, None]) -> answers.StatusChangeList:
    """List every status that a session has had."""
    page = coaching.status_history(
        call.context,
        call.caller,
        call.ids["appointmentId"],
        page_number=call.query.page_number,
        page_size=call.query.page_size,
    )
    entities = [rendering.status_change(each) for each in page.entities]
    return listed(answers.StatusChangeList, page, entities)


def add_conversation(call: Call[Nothing, bodies.NewConversation]) -> answers.AddedConversation:
    """Attach a conversation."""
    wanted = call.body.conversation_id
    found = coaching.add_conversation(call.context, call.caller, call.ids["appointmentId"], wanted)
    return answers.AddedConversation(
        conversation=rendering.conversation(_attached(wanted, found.conversation_ids)),
        appointment=rendering.reference(found.id),
    )


def _attached(wanted: str, ids: tuple[str, ...]) -> str:
    """Find under which id a conversation was attached: itself, or the one in its address."""
    given = wanted.strip()
    if given in ids:
        return given
    return next((each for each in reversed(ids) if each.lower() in given.lower()), given)


def _page(
    call: Call[Any, None], page: coaching.Page[coaching.Appointment]
) -> answers.AppointmentList:
    now = call.context.clock()
    entities = [rendering.appointment(each, now) for each in page.entities]
    return paged(answers.AppointmentList, page, entities, call.address)


def _shown(call: Call[Any, Any], found: coaching.Appointment) -> answers.Appointment:
    return rendering.appointment(found, call.context.clock())


def _query(wanted: MyListing) -> AppointmentQuery:
    return AppointmentQuery(
        interval=_interval(wanted.interval, "interval"),
        interval_condition=wanted.interval_condition,
        statuses=wanted.statuses or None,
        facilitator_ids=wanted.facilitator_ids or None,
        relationships=wanted.relationships or None,
        completion_interval=_interval(wanted.completion_interval, "completionInterval"),
        is_overdue=dict(OVERDUE).get(wanted.overdue),
        ascending=wanted.sort_order is SortOrder.ASC,
        page_number=wanted.page_number,
        page_size=wanted.page_size,
    )


def _interval(text: str | None, name: str) -> coaching.Interval | None:
    if text is None:
        return None
    return read_interval(text, name, code="invalid.query.param.value")


def _given(facilitator_id: str | None) -> str | None:
    if facilitator_id == "":
        raise Invalid(
            "Leave facilitatorId out where nobody facilitates.",
            code="invalid.value",
            field="facilitatorId",
        )
    return facilitator_id


def _needed(value: T | UnsetType | None) -> T | coaching.Unset:
    """Leave a field that must have a value as it is where none is given."""
    return coaching.UNSET if value is None or isinstance(value, UnsetType) else value


def _optional(value: T | UnsetType | None) -> T | coaching.Unset | None:
    """Clear an optional field that is sent as null; leave it where it is not sent."""
    return coaching.UNSET if isinstance(value, UnsetType) else value


def _list(value: list[str] | UnsetType | None) -> list[str] | coaching.Unset:
    return coaching.UNSET if isinstance(value, UnsetType) else value or []


def _moment(text: str | UnsetType | None) -> datetime | None:
    return read_instant(text, "dateStart") if isinstance(text, str) else None


def _status(text: str | UnsetType | None) -> Status | None:
    return read_word(Status, text, "status") if isinstance(text, str) else None


def _schedule(
    value: answers.WfmSchedule | UnsetType | None,
) -> dict[str, Any] | coaching.Unset | None:
    return coaching.UNSET if value is UNSET else _kept(value)


def _kept(value: answers.WfmSchedule | UnsetType | None) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = msgspec.to_builtins(value) if value else None
    return kept
