"""Use cases: schedule a session, and what the form for it starts with."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from bot.coaching.ground import rules, trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Conflict, Denied
from bot.coaching.ground.lookup import access_of, reader_of
from bot.coaching.ground.permissions import Access, Permission
from bot.coaching.ground.values import Caller, NewAppointment, ScheduleDefaults
from bot.coaching.policy.policies import Policy
from bot.coaching.promises import notices, reminders
from bot.coaching.sessions.booking import Party, ensure_free, ensure_may_book
from bot.coaching.times.wording import local_time
from storage import models
from storage.records import Appointment
from storage.transaction import Transaction
from storage.types import ActionType, Status

LENGTHS_OFFERED = (15, 30, 45, 60)
DEFAULT_LENGTH = 30


def schedule(context: Context, caller: Caller, request: NewAppointment) -> Appointment:
    """Schedule a session: book everybody's time, tell them, and promise the reminders.

    A request with a submission token that was used before answers with what it made then; where
    that was deleted since, or another request came with the token, it is a Conflict.
    Raises Invalid, Denied, Conflict, Unavailable (contract, sections 3.3, 4 and 5).
    """
    now = context.clock()
    already = _made_before(context, caller, request)
    if already is not None:
        return already
    wanted = checked_request(request, now, context.policy)
    with context.begin() as tx:
        if wanted.submission is not None:
            tx.people.hold([_token(caller, wanted.submission)])
            already = _repeated(tx, caller, request)
            if already is not None:
                return already
        return schedule_within(context, tx, caller, wanted, now, asked=_digest(request))


def schedule_within(
    context: Context,
    tx: Transaction,
    caller: Caller,
    wanted: NewAppointment,
    now: datetime,
    *,
    asked: str | None = None,
) -> Appointment:
    """Schedule a request that was checked, inside a transaction that is open.

    `asked` is a digest of the request as it came. Raises Invalid, Denied, Conflict.
    """
    access = access_of(tx, caller)
    party = Party(facilitator_id=wanted.facilitator_id, attendee_ids=wanted.attendee_ids)
    ensure_may_book(tx, access, party)
    ends_at = wanted.starts_at + timedelta(minutes=wanted.length_minutes)
    ensure_free(tx, access, party, (wanted.starts_at, ends_at))
    appointment = _insert(tx, caller, wanted, now)
    notices.announce(tx, appointment, notices.Event(kind=ActionType.CREATE, at=now, caller=caller))
    reminders.plan(tx, appointment, now, context.policy)
    if wanted.submission is not None:
        tx.submissions.add(
            models.Submission(
                token=_token(caller, wanted.submission),
                person_id=caller.person_id,
                appointment_id=appointment.id,
                seen_at=now,
                request=asked,
            )
        )
    return appointment


def hold_submission(tx: Transaction, caller: Caller, submission: str) -> Appointment | None:
    """Lock a form's token until the transaction ends; answer what it made if it was used.

    Raises Conflict where that was deleted since.
    """
    tx.people.hold([_token(caller, submission)])
    return _still_there(made_by(tx, caller, submission))


def schedule_defaults(context: Context, caller: Caller) -> ScheduleDefaults:
    """Say what a person's form to schedule starts with. Raises Denied, Unavailable."""
    now = context.clock()
    with context.read() as tx:
        person = reader_of(tx, caller)
        ensure_may_schedule(access_of(tx, caller))
    policy = context.policy
    return ScheduleDefaults(
        timezone=person.timezone,
        hours=person.hours,
        starts_at=next_half_hour(now, person.timezone),
        earliest=now,
        latest=now + timedelta(days=policy.horizon_days),
        lengths=lengths_offered(policy),
        length_minutes=min(DEFAULT_LENGTH, policy.max_length_minutes),
        max_name_length=policy.max_name_length,
        max_description_length=policy.max_description_length,
        attendee_limit=policy.max_attendees,
    )


def lengths_offered(policy: Policy) -> tuple[int, ...]:
    """Say which lengths the form offers, in minutes (contract, section 5.1)."""
    return tuple(each for each in LENGTHS_OFFERED if each <= policy.max_length_minutes)


def next_half_hour(now: datetime, zone: str) -> datetime:
    """Give the zone's first full or half hour that lies at least a quarter of an hour ahead."""
    ahead = rules.floor_to_minute(now + timedelta(minutes=15))
    past = local_time(ahead, zone).minute % 30
    return ahead + timedelta(minutes=30 - past) if past else ahead


def ensure_may_schedule(access: Access) -> None:
    """Refuse whoever may not schedule at all. Raises Denied."""
    if not access.holds(Permission.APPOINTMENT_ADD):
        raise Denied(
            "Scheduling coaching needs a supervisor’s role. Ask an administrator if you need it."
        )


def checked_request(request: NewAppointment, now: datetime, policy: Policy) -> NewAppointment:
    """Give the request with every value as it will be stored; refuse the first that is wrong.

    Raises Invalid.
    """
    rules.ensure_distinct(request.facilitator_id, request.attendee_ids, policy)
    return replace(
        request,
        name=rules.ensure_name(request.name, policy),
        description=rules.ensure_description(request.description, policy),
        starts_at=rules.ensure_start(request.starts_at, now, policy),
        length_minutes=rules.ensure_length(request.length_minutes, policy),
        location=rules.ensure_location(request.location, policy),
        external_links=rules.ensure_links(request.external_links, policy),
        files=rules.ensure_files(request.files, policy),
        conversation_ids=rules.ensure_conversations(request.conversation_ids, policy),
        document_ids=rules.ensure_ids(request.document_ids, "document_ids", policy),
        wfm_schedule=rules.ensure_wfm_schedule(request.wfm_schedule),
    )


def _insert(tx: Transaction, caller: Caller, wanted: NewAppointment, now: datetime) -> Appointment:
    ends_at = wanted.starts_at + timedelta(minutes=wanted.length_minutes)
    row = models.Appointment(
        name=wanted.name,
        description=wanted.description,
        starts_at=wanted.starts_at,
        ends_at=ends_at,
        length_minutes=wanted.length_minutes,
        facilitator_id=wanted.facilitator_id,
        creator_id=caller.person_id,
        created_at=now,
        modified_by=caller.person_id,
        modified_at=now,
        location=wanted.location,
        share_insights_data=wanted.share_insights_data,
        wfm_schedule=wanted.wfm_schedule,
        add_to_schedule=wanted.add_to_schedule,
    )
    tx.appointments.add(row, wanted.attendee_ids)
    _attach(tx, row.id, wanted)
    tx.appointments.add_status(
        models.StatusChange(
            appointment_id=row.id,
            status=Status.SCHEDULED,
            created_at=now,
            created_by=caller.person_id,
        )
    )
    appointment = tx.appointments.the(row.id)
    tx.appointments.book(row.id, appointment.participant_ids, row.starts_at, row.ends_at)
    deed = trail.Deed(
        action="schedule",
        entity="appointment",
        entity_id=row.id,
        after=trail.facts(appointment),
    )
    trail.record(tx, caller, now, deed)
    return appointment


def _attach(tx: Transaction, appointment_id: str, wanted: NewAppointment) -> None:
    tx.appointments.replace_conversations(appointment_id, wanted.conversation_ids)
    tx.appointments.replace_documents(appointment_id, wanted.document_ids)
    tx.appointments.replace_links(appointment_id, wanted.external_links)
    tx.appointments.replace_files(appointment_id, wanted.files)


def _made_before(context: Context, caller: Caller, request: NewAppointment) -> Appointment | None:
    if request.submission is None:
        return None
    with context.read() as tx:
        return _repeated(tx, caller, request)


def _repeated(tx: Transaction, caller: Caller, request: NewAppointment) -> Appointment | None:
    """Find what the same request has made before. Raises Conflict."""
    seen = tx.submissions.get(_token(caller, request.submission or ""))
    if seen is None:
        return None
    if seen.request not in {None, _digest(request)}:
        raise Conflict(
            "Another request was sent with this key before. Please use a new key for each session.",
            code="appointment.conflict",
        )
    return _still_there(tx.appointments.get(seen.appointment_id, deleted=True))


def _still_there(made: Appointment | None) -> Appointment | None:
    if made is not None and made.deleted_at is not None:
        raise Conflict(
            "The session that this request made was deleted since. Please begin a new one.",
            code="appointment.conflict",
        )
    return made


def made_by(tx: Transaction, caller: Caller, submission: str) -> Appointment | None:
    """Find what a form that was sent before has made, even if it was deleted since."""
    seen = tx.submissions.get(_token(caller, submission))
    if seen is None:
        return None
    return tx.appointments.get(seen.appointment_id, deleted=True)


def _token(caller: Caller, submission: str) -> str:
    """Make the token the person's own, so that nobody learns of another's session by guessing."""
    return hashlib.sha256(f"{caller.person_id}:{submission}".encode()).hexdigest()


def _digest(request: NewAppointment) -> str:
    """Name what is asked for, so that two requests with one token are told apart."""
    said = json.dumps(asdict(request), default=str, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
