"""The form of a session as one reader sees it: what it holds, and what they may do with it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypedDict

from bot.coaching.form.changes import changes_between
from bot.coaching.form.drafts import EDITED, NEW, NOTED, FormDraft, fixed_in, standing, typed_of
from bot.coaching.form.values import FormPage, PersonShown, Typed, WeekChoice
from bot.coaching.ground.context import Context
from bot.coaching.ground.lifecycle import FREELY_EDITED
from bot.coaching.ground.lookup import access_of, find_visible, reader_of
from bot.coaching.ground.permissions import (
    Access,
    Permission,
    Subject,
    may_add_note,
    may_attach,
    may_delete,
    may_edit,
    may_read_note,
)
from bot.coaching.ground.values import Caller, Card
from bot.coaching.reading.cards import SOMEBODY, cards_for
from bot.coaching.reading.note_cards import NotesPage, notes_within
from bot.coaching.sessions.scheduling import DEFAULT_LENGTH, ensure_may_schedule, lengths_offered
from bot.coaching.times.wording import Clocks, local_time, say_time
from storage.records import Person
from storage.transaction import Transaction
from storage.types import AccessType, Status

PEOPLE: Final = frozenset({"facilitator_id", "attendee_ids"})
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody in front of a form: who they are, and the session, or None for a new one."""

    context: Context
    caller: Caller
    reader: Person
    access: Access
    subject: Subject | None
    now: datetime

    @property
    def key(self) -> str:
        """The name under which the form is kept."""
        return NEW if self.subject is None else self.subject.appointment.id

    @property
    def current(self) -> Typed | None:
        """The session as it is now, as the form would hold it."""
        return None if self.subject is None else typed_of(self.subject.appointment)

    @property
    def may_edit(self) -> bool:
        """Whether the reader may ever change the session, whatever its status."""
        return self.subject is None or may_edit(self.access, self.subject)

    @property
    def may_attach(self) -> bool:
        """Whether the reader may ever attach an interaction, whatever the session's status."""
        return self.subject is None or may_attach(self.access, self.subject)

    def may_note(self, kind: AccessType) -> bool:
        """Whether the reader may add a note of a kind."""
        allowed = self.context.policy.attendees_may_note
        return self.subject is None or may_add_note(
            self.access, self.subject, kind, attendees_may=allowed
        )

    @property
    def fields(self) -> frozenset[str]:
        """What the reader's typing is kept of."""
        found: set[str] = set(PEOPLE) if self.subject is None else set()
        if self.may_edit:
            found |= {*EDITED, "week"}
        if self.may_attach:
            found.add("conversation_ids")
        if any(self.may_note(each) for each in AccessType):
            found |= set(NOTED)
        return frozenset(found)

    def blank(self) -> Typed:
        """What the form holds before anything is typed."""
        length = min(DEFAULT_LENGTH, self.context.policy.max_length_minutes)
        return self.current or Typed(length_minutes=length)


def desk_for(tx: Transaction, context: Context, caller: Caller, subject: str) -> Desk:
    """Find who asks for which form. Raises NotFound, Denied."""
    reader = reader_of(tx, caller)
    access = access_of(tx, caller)
    found = None
    if subject == NEW:
        ensure_may_schedule(access)
    else:
        found = find_visible(tx, access, subject)
    return Desk(
        context=context,
        caller=caller,
        reader=reader,
        access=access,
        subject=found,
        now=context.clock(),
    )


def page_of(
    tx: Transaction, desk: Desk, draft: FormDraft | None, *, resumed: str | None = None
) -> FormPage:
    """Show a form to its reader."""
    policy, now = desk.context.policy, desk.now
    typed = desk.blank() if draft is None else _shown(desk, draft)
    latest = now + timedelta(days=policy.horizon_days)
    weeks = weeks_ahead(now, latest, desk.reader.timezone)
    typed = replace(typed, week=max(0, min(typed.week, len(weeks) - 1)))
    return FormPage(
        subject=desk.key,
        typed=typed,
        **_rights(desk),
        **_session(tx, desk, draft),
        people=_people(tx, desk, typed),
        resumed=resumed,
        timezone=desk.reader.timezone,
        hours=desk.reader.hours,
        lengths=tuple(sorted({*lengths_offered(policy), typed.length_minutes})),
        weeks=weeks,
        earliest=now,
        latest=latest,
        max_name_length=policy.max_name_length,
        max_description_length=policy.max_description_length,
        max_location_length=policy.max_location_length,
        max_note_length=policy.max_note_length,
        attendee_limit=policy.max_attendees,
    )


def _shown(desk: Desk, draft: FormDraft) -> Typed:
    """Show what was typed; where nothing can be changed any more, what the session is."""
    typed = standing(draft, desk.current)
    if desk.subject is None:
        return typed
    fixed = {*EDITED} - desk.fields | fixed_in(desk.subject.appointment.status)
    there = typed_of(desk.subject.appointment)
    return replace(typed, **{name: getattr(there, name) for name in fixed})


class _Rights(TypedDict):
    may_edit: bool
    may_move: bool
    may_attach: bool
    may_delete: bool
    may_note: bool
    may_note_private: bool
    may_see_notes: bool
    why_fixed: str | None


def _rights(desk: Desk) -> _Rights:
    """Say what the reader may do with the form as things stand."""
    subject, access = desk.subject, desk.access
    status = Status.SCHEDULED if subject is None else subject.appointment.status
    is_open, is_free = status is not Status.COMPLETED, status in FREELY_EDITED
    return _Rights(
        may_edit=desk.may_edit and is_open,
        may_move=desk.may_edit and is_free,
        may_attach=desk.may_attach and is_open,
        may_delete=subject is not None and is_free and may_delete(access, subject),
        may_note=desk.may_note(AccessType.PUBLIC),
        may_note_private=desk.may_note(AccessType.PRIVATE),
        may_see_notes=subject is None
        or any(may_read_note(access, subject, each) for each in AccessType),
        why_fixed=_why_fixed(desk, status),
    )


def _why_fixed(desk: Desk, status: Status) -> str | None:
    if not desk.may_edit:
        return "Only the organizer or the facilitator of a session can change it."
    if status is Status.COMPLETED:
        return "This session is completed. You can still add notes to it."
    if status is Status.IN_PROGRESS:
        return "This session is in progress, so its time can’t be changed."
    return None


class _Session(TypedDict):
    card: Card | None
    changed_meanwhile: tuple[str, ...]
    notes: NotesPage | None


def _session(tx: Transaction, desk: Desk, draft: FormDraft | None) -> _Session:
    """Show the session that the form is about, with what happened to it and its notes."""
    subject, reader = desk.subject, desk.reader
    if subject is None:
        return _Session(card=None, changed_meanwhile=(), notes=None)
    appointment, changed = subject.appointment, dict[str, str]()
    [card] = cards_for(tx, desk.access, reader, [appointment], desk.now)
    if draft is not None and draft.revision != appointment.revision:
        states = (draft.opened, typed_of(appointment))
        changed = changes_between(tx, appointment.id, states, reader, desk.now)
    notes = None
    if any(may_read_note(desk.access, subject, each) for each in AccessType):
        notes = notes_within(desk.context, tx, (reader, desk.access), subject)
    return _Session(card=card, changed_meanwhile=tuple(changed.values()), notes=notes)


def _people(tx: Transaction, desk: Desk, typed: Typed) -> tuple[PersonShown, ...]:
    """Show who takes part; of a new session, no more of people than the reader may book."""
    named = [each for each in (typed.facilitator_id, *typed.attendee_ids) if each]
    people = tx.people.many(each for each in named if "\x00" not in each)
    reach = desk.access.reach(Permission.APPOINTMENT_ADD)
    return tuple(
        _person(
            people[each],
            desk.now,
            hours=desk.reader.hours,
            is_known=desk.subject is not None
            or each == desk.reader.id
            or people[each].division_id in reach,
        )
        for each in dict.fromkeys(named)
        if each in people
    )


def _person(person: Person, now: datetime, *, hours: int | None, is_known: bool) -> PersonShown:
    clock = say_time(now, Clocks(person.timezone, hours))
    return PersonShown(
        person_id=person.id,
        slack_user_id=person.slack_user_id,
        name=person.name if is_known else SOMEBODY,
        zone=person.timezone if is_known else "",
        clock=f"{clock} now" if is_known else "",
    )


def week_start(now: datetime, zone: str, number: int) -> datetime:
    """Give the beginning of a week, Monday at midnight on a zone's clocks; 0 is this week."""
    local = local_time(now, zone)
    monday = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return monday + number * WEEK - timedelta(days=local.weekday())


def weeks_ahead(now: datetime, latest: datetime, zone: str) -> tuple[WeekChoice, ...]:
    """List the weeks that have time in them that may be booked, this one first."""
    found = [WeekChoice(number=0, words="This week")]
    while (monday := week_start(now, zone, len(found))) <= latest:
        words = "Next week" if len(found) == 1 else _span(monday)
        found.append(WeekChoice(number=len(found), words=words))
    return tuple(found)


def _span(monday: datetime) -> str:
    """Say a week by its working days: `23–27 Nov`, `30 Nov – 4 Dec`."""
    friday = monday + timedelta(days=4)
    if monday.month == friday.month:
        return f"{monday.day}–{friday.day} {friday:%b}"
    return f"{monday.day} {monday:%b} – {friday.day} {friday:%b}"
