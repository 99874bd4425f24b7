"""Use case: where a session stands, how it came there, and which steps its reader may take now."""

from dataclasses import dataclass

from bot.coaching.ground.context import Context
from bot.coaching.ground.lifecycle import WORDS, may_become
from bot.coaching.ground.lookup import access_of, find_visible, reader_of
from bot.coaching.ground.permissions import may_change_status, may_see_statuses
from bot.coaching.ground.values import Caller, Card
from bot.coaching.reading.cards import cards_for, name_of
from bot.coaching.times.wording import clocks_of, say_when
from storage.types import Status

SYSTEM_NAME = "Coachbot"
SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """One step of a session: what it became, by whom and when in the reader's zone."""

    words: str
    by: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """A session, its latest steps with the newest last, and whether its reader may reset it."""

    card: Card
    history: tuple[StatusEntry, ...]
    may_reset: bool


def status_page(context: Context, caller: Caller, appointment_id: str) -> StatusPage:
    """Show where a session stands; the history only to those who may read it.

    Raises NotFound, Denied, Unavailable.
    """
    now = context.clock()
    with context.read() as tx:
        reader = reader_of(tx, caller)
        access = access_of(tx, caller)
        subject = find_visible(tx, access, appointment_id)
        within = context.policy.undo_within
        [card] = cards_for(tx, access, reader, [subject.appointment], now, undo_within=within)
        sees = may_see_statuses(access, subject)
        changes = tx.appointments.statuses(appointment_id)[-SHOWN:] if sees else []
        people = tx.people.many({each.created_by for each in changes if each.created_by})
    history = tuple(
        StatusEntry(
            words=WORDS[each.status],
            by=name_of(people, each.created_by) if each.created_by else SYSTEM_NAME,
            when=say_when(each.created_at, clocks_of(reader), now),
        )
        for each in changes
    )
    started = subject.appointment.status is Status.IN_PROGRESS
    resets = started and may_become(subject.appointment.status, Status.SCHEDULED)
    may_reset = resets and may_change_status(access, subject)
    return StatusPage(card=card, history=history, may_reset=may_reset)
