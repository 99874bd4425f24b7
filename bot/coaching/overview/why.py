"""Use case: what was or will be sent about a session, to whom and when, and if not, why not.

It is read off the rows of the outbox and the trail. Somebody who leads a session, or views it by
their role, sees everybody's messages; anybody else only their own. News of a note is shown to those
who may read it, now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import no_appointment
from bot.coaching.ground.lifecycle import TIME_FIELDS, WORDS
from bot.coaching.ground.lookup import access_of, find_visible, reader_of
from bot.coaching.ground.permissions import Access, Permission, Subject, may_hear_of
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import acts_for_everybody
from bot.coaching.overview.why_words import because, may_have_arrived, what, why_not
from bot.coaching.policy.policies import Policy
from bot.coaching.promises.ladder import Rung, habits_of, overdue_rungs
from bot.coaching.promises.reminders import rungs_of
from bot.coaching.promises.snoozing import snoozed_until
from bot.coaching.promises.truth import Untrue
from bot.coaching.reading.cards import name_of
from bot.coaching.times.wording import Clocks, clocks_of, quoted, say_when
from storage.deliveries import SUPERSEDED
from storage.models import AuditEntry
from storage.records import Appointment, Delivery, Notification, Person
from storage.transaction import Transaction
from storage.types import ABOUT_NOTES, AccessType, ActionType, DeliveryState, Status

SYSTEM_NAME: Final = "Coachbot"
YOU: Final = "You"
LATE: Final = timedelta(minutes=1)
"""From here on it is told when a message was due that was sent later."""
CHANGES: Final = frozenset({"schedule", "Update", "StatusChange", "delete"})
"""What in the trail raised the revision of a session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyLine:
    """One message: to whom, which, and what became or becomes of it."""

    who: str
    what: str
    sentence: str
    state: DeliveryState
    is_mine: bool = False
    """Whether it is the reader’s own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """A session, and every message about it that its reader may know of, the first first."""

    appointment_id: str
    name: str
    when: str
    lines: tuple[WhyLine, ...]


def why(context: Context, caller: Caller, appointment_id: str) -> WhyPage:
    """Explain what was or will be sent about a session, and what was not.

    The organisation itself may ask about every session, also one that was deleted, and is told
    times in UTC. Raises NotFound, Denied, Unavailable.
    """
    now = context.clock()
    with context.read() as tx:
        view = _view(tx, caller, appointment_id)
        found = tx.deliveries.of(appointment_id)
        entries = tx.notifications.many({each.notification_id or "" for each in found})
        rows = [e for e in found if view.shows(e, entries.get(e.notification_id or ""))]
        told = _Told(tx, view, rows, now, context.policy)
        lines = tuple(told.line(each) for each in rows)
    session = view.appointment
    when = say_when(session.starts_at, view.clocks, now)
    gone = ", cancelled" if session.deleted_at is not None else ""
    name = quoted(session.name)
    return WhyPage(appointment_id=session.id, name=name, when=f"{when}{gone}", lines=lines)


@dataclass(frozen=True, slots=True)
class _View:
    """Who is asking about which session, and how much they may see."""

    appointment: Appointment
    person_id: str
    clocks: Clocks
    sees_everybody: bool
    notes: frozenset[AccessType]
    """Which notes they may read."""

    def shows(self, delivery: Delivery, entry: Notification | None) -> bool:
        note = entry.note if entry else None
        if delivery.kind in ABOUT_NOTES and (note or AccessType.PRIVATE) not in self.notes:
            return False
        return self.sees_everybody or delivery.person_id == self.person_id


def _view(tx: Transaction, caller: Caller, appointment_id: str) -> _View:
    if acts_for_everybody(caller):
        appointment = tx.appointments.get(appointment_id, deleted=True)
        if appointment is None:
            raise no_appointment()
        return _View(
            appointment, "", Clocks("UTC", 24), sees_everybody=True, notes=frozenset(AccessType)
        )
    reader = reader_of(tx, caller)
    access = access_of(tx, caller)
    subject = find_visible(tx, access, appointment_id)
    return _View(
        subject.appointment,
        reader.id,
        clocks_of(reader),
        sees_everybody=_may_see_everybody(access, subject),
        notes=frozenset(each for each in AccessType if may_hear_of(access, subject, each)),
    )


def _may_see_everybody(access: Access, subject: Subject) -> bool:
    return subject.leads(access.person_id) or access.covers(
        Permission.APPOINTMENT_VIEW, subject.divisions
    )


class _Told:
    """Puts the messages about one session into words."""

    def __init__(
        self,
        tx: Transaction,
        view: _View,
        rows: Sequence[Delivery],
        now: datetime,
        policy: Policy,
    ) -> None:
        self._view = view
        self._now = now
        self._policy = policy
        entries = tx.audit.of("appointment", view.appointment.id)
        self._changes = [each for each in entries if each.action in CHANGES]
        actors = {each.actor_id for each in self._changes if each.actor_id}
        readers = {each.person_id for each in rows}
        self._people: Mapping[str, Person] = tx.people.many(actors | readers)
        self._habits = habits_of(tx, readers, policy)

    def line(self, delivery: Delivery) -> WhyLine:
        """Say of one message what became of it."""
        mine = delivery.person_id == self._view.person_id
        return WhyLine(
            who=YOU if mine else name_of(self._people, delivery.person_id),
            what=what(delivery),
            sentence=self._sentence(delivery),
            state=delivery.state,
            is_mine=mine,
        )

    def _sentence(self, delivery: Delivery) -> str:
        match delivery.state:
            case DeliveryState.PENDING:
                return self._waiting(delivery)
            case DeliveryState.SENDING:
                return _leaving(delivery)
            case DeliveryState.SENT:
                return self._sent(delivery)
            case DeliveryState.STALE:
                return f"Not sent: {self._stale(delivery)}."
            case DeliveryState.FAILED:
                return f"Couldn’t be sent: {because(delivery)}."

    def _sent(self, delivery: Delivery) -> str:
        sent_at = _sent_at(delivery) or delivery.due_at
        said = f"Sent {self._when(sent_at)}."
        if sent_at - delivery.due_at >= LATE:
            said += f" It was due {self._when(delivery.due_at)}."
        put_off = snoozed_until(delivery)
        return said if put_off is None else f"{said} Put off until {self._when(put_off)}."

    def _waiting(self, delivery: Delivery) -> str:
        if delivery.revision != self._view.appointment.revision:
            return f"Won’t be sent: {self._stale(delivery)}."
        due = max(delivery.next_at, self._now)
        if delivery.reason:
            again = "again " if delivery.attempts else ""
            return f"Will be tried {again}{self._when(due)}: {because(delivery)}."
        if delivery.next_at <= self._now:
            return "Due now, and about to be sent."
        quiet = " It waits for the end of quiet hours." if self._is_held(delivery) else ""
        return f"Will be sent {self._when(due)}.{quiet}"

    def _is_held(self, delivery: Delivery) -> bool:
        found = (each for each in self._rungs(delivery) if each.occurrence == delivery.occurrence)
        rung = next(found, None)
        return rung is not None and rung.meant_at < rung.due_at == delivery.due_at

    def _rungs(self, delivery: Delivery) -> Sequence[Rung]:
        session, habits = self._view.appointment, self._habits[delivery.person_id]
        if delivery.kind is ActionType.REMINDER:
            return rungs_of(session, delivery.person_id, habits)
        if delivery.kind is ActionType.OVERDUE:
            return list(overdue_rungs(session.ends_at, habits, self._policy))
        return ()

    def _stale(self, delivery: Delivery) -> str:
        is_old = delivery.revision != self._view.appointment.revision
        change = self._change_after(delivery.revision) if is_old else None
        if change is None or delivery.reason not in {None, SUPERSEDED, Untrue.CHANGED}:
            return why_not(delivery.reason or (SUPERSEDED if is_old else None))
        return f"{self._actor(change)} {_deed(change)} {self._when(change.at)}"

    def _change_after(self, revision: int) -> AuditEntry | None:
        """Find the change that made the next revision, where the trail has every one of them."""
        is_complete = len(self._changes) == self._view.appointment.revision
        return self._changes[revision] if is_complete else None

    def _actor(self, change: AuditEntry) -> str:
        if change.actor_id is None:
            return SYSTEM_NAME
        return name_of(self._people, change.actor_id)

    def _when(self, moment: datetime) -> str:
        return say_when(moment, self._view.clocks, self._now)


def _leaving(delivery: Delivery) -> str:
    if delivery.reason is None or not may_have_arrived(delivery.reason):
        return "Being sent right now."
    return (
        f"An earlier try may have arrived: {because(delivery)}. "
        "Coachbot looks for it before it tries again."
    )


def _sent_at(delivery: Delivery) -> datetime | None:
    """Read when a message was there off its own name in Slack, which is its moment."""
    try:
        return datetime.fromtimestamp(float(delivery.message_ts or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _deed(change: AuditEntry) -> str:
    after = change.after or {}
    if change.action == "delete":
        return "cancelled the session"
    if TIME_FIELDS & after.keys():
        return "moved the session"
    if "status" in after:
        return f"set the session to “{WORDS[Status(after['status'])]}”"
    return "changed the session"
