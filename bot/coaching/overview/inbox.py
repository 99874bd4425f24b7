"""Use cases: the inbox, one notification, and marking as read (contract, section 7)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied, no_notification
from bot.coaching.ground.lookup import access_of, reader_of, subject_of
from bot.coaching.ground.paging import ensure_page
from bot.coaching.ground.permissions import (
    Access,
    Permission,
    may_hear_of,
    may_read_note,
    sight_of,
)
from bot.coaching.ground.values import Caller, Inbox, Notice, Page
from bot.coaching.promises.headlines import headline_of
from bot.coaching.reading.cards import cards_for
from storage.notifications import InboxFilter
from storage.records import Notification, Person
from storage.transaction import Transaction
from storage.types import AccessType, ActionType

PUBLISHED = frozenset(ActionType) - {ActionType.REMINDER, ActionType.OVERDUE}
"""What published clients know; reminders and overdue notices only on request (section 7.3)."""


def inbox(context: Context, caller: Caller, *, page_number: int = 1, page_size: int = 10) -> Inbox:
    """Show a person's own inbox, unread first. Raises Invalid, Denied, Unavailable."""
    ensure_page(page_number, page_size)
    now = context.clock()
    with context.read() as tx:
        reader = reader_of(tx, caller)
        access = access_of(tx, caller)
        wanted = wanted_entries(context, access, now, page_number=page_number, page_size=page_size)
        entries, total = tx.notifications.page(wanted)
        notices = notices_for(tx, access, reader, entries, now)
        unread = tx.notifications.unread(wanted)
    return Inbox(page=Page(notices, total, page_number, page_size), unread=unread)


def notifications(
    context: Context,
    caller: Caller,
    *,
    action_types: Collection[ActionType] = PUBLISHED,
    page_number: int = 1,
    page_size: int = 25,
) -> Page[Notification]:
    """List a person's own entries as they are kept. Raises Invalid, Unavailable."""
    ensure_page(page_number, page_size)
    with context.read() as tx:
        wanted = wanted_entries(
            context,
            access_of(tx, caller),
            context.clock(),
            action_types=action_types,
            page_number=page_number,
            page_size=page_size,
        )
        entries, total = tx.notifications.page(wanted)
    return Page(entries, total, page_number, page_size)


def notification(context: Context, caller: Caller, notification_id: str) -> Notification:
    """Find one entry: one's own, or anybody's with the permission. Raises NotFound, Unavailable."""
    with context.read() as tx:
        entry = tx.notifications.get(notification_id)
        if entry is None or not _may_see(tx, access_of(tx, caller), entry):
            raise no_notification()
    return entry


def notice(context: Context, caller: Caller, notification_id: str) -> Notice:
    """Show one of one's own entries. Raises NotFound, Denied, Unavailable."""
    with context.read() as tx:
        reader = reader_of(tx, caller)
        access = access_of(tx, caller)
        entry = tx.notifications.get(notification_id)
        if entry is None or entry.person_id != caller.person_id or not _may_see(tx, access, entry):
            raise no_notification()
        return notices_for(tx, access, reader, [entry], context.clock())[0]


def mark_as_read(
    context: Context, caller: Caller, notification_id: str, *, marked_as_read: bool = True
) -> Notice:
    """Write the read state of one of one's own entries. Raises NotFound, Denied, Unavailable."""
    now = context.clock()
    with context.begin() as tx:
        access = access_of(tx, caller)
        entry = tx.notifications.get(notification_id)
        if entry is None:
            raise no_notification()
        if entry.person_id != caller.person_id:
            raise Denied(
                "Only the person it was sent to can mark a notification.",
                code="forbidden",
                hides=no_notification(),
            )
        if not _may_see(tx, access, entry):
            raise no_notification()
        if entry.marked_as_read != marked_as_read:
            tx.deliveries.outdate_entries([entry], at=now)
            tx.notifications.mark(notification_id, marked_as_read=marked_as_read)
            _write_down(tx, caller, now, entry, marked_as_read=marked_as_read)
        reader = reader_of(tx, caller)
        return notices_for(tx, access, reader, [_reread(tx, notification_id)], now)[0]


def mark_all_as_read(context: Context, caller: Caller) -> int:
    """Mark a person's whole inbox as read; answers how many were unread. Raises Unavailable."""
    now = context.clock()
    with context.begin() as tx:
        wanted = wanted_entries(context, access_of(tx, caller), now, page_size=1000)
        unread = [each for each in tx.notifications.page(wanted)[0] if not each.marked_as_read]
        tx.deliveries.outdate_entries(unread, at=now)
        for entry in unread:
            tx.notifications.mark(entry.id, marked_as_read=True)
            _write_down(tx, caller, now, entry, marked_as_read=True)
    return len(unread)


def wanted_entries(
    context: Context,
    access: Access,
    now: datetime,
    *,
    action_types: Collection[ActionType] = frozenset(ActionType),
    page_number: int = 1,
    page_size: int = 25,
) -> InboxFilter:
    """Say what belongs to an inbox: incomplete sessions of the last and next days (7.2).

    What its reader may not be told of any more does not.
    """
    span = timedelta(days=context.policy.inbox_days)
    return InboxFilter(
        sight=sight_of(access),
        action_types=action_types,
        starts_from=now - span,
        starts_before=now + span,
        page_number=page_number,
        page_size=page_size,
    )


def notices_for(
    tx: Transaction, access: Access, reader: Person, entries: Sequence[Notification], now: datetime
) -> tuple[Notice, ...]:
    """Show entries to their owner, each with the session as it is now."""
    appointments = tx.appointments.many({each.appointment_id for each in entries})
    cards = cards_for(tx, access, reader, list(appointments.values()), now)
    by_id = {each.appointment_id: each for each in cards}
    ids = {person for each in appointments.values() for person in each.related_ids}
    people = tx.people.many(ids | {each.caused_by for each in entries if each.caused_by})
    return tuple(
        Notice(
            notification_id=entry.id,
            action_type=entry.action_type,
            headline=headline_of(entry, appointments[entry.appointment_id], people, now),
            created_at=entry.created_at,
            is_read=entry.marked_as_read,
            card=by_id[entry.appointment_id],
        )
        for entry in entries
    )


def _may_see(tx: Transaction, access: Access, entry: Notification) -> bool:
    """See one's own entry as long as one may hear of what it tells.

    Somebody else's is seen by permission, and what it tells of a Private note by whoever reads it.
    """
    appointment = tx.appointments.many([entry.appointment_id])[entry.appointment_id]
    subject = subject_of(tx, appointment)
    if entry.person_id == access.person_id:
        return may_hear_of(access, subject, entry.note)
    if entry.note is AccessType.PRIVATE and not may_read_note(access, subject, entry.note):
        return False
    owner = tx.people.get(entry.person_id)
    return owner is not None and owner.division_id in access.reach(Permission.NOTIFICATION_VIEW)


def _reread(tx: Transaction, notification_id: str) -> Notification:
    entry = tx.notifications.get(notification_id)
    if entry is None:
        raise no_notification()
    return entry


def _write_down(
    tx: Transaction, caller: Caller, now: datetime, entry: Notification, *, marked_as_read: bool
) -> None:
    deed = trail.Deed(
        action="read" if marked_as_read else "unread",
        entity="notification",
        entity_id=entry.id,
        before={"marked_as_read": entry.marked_as_read},
        after={"marked_as_read": marked_as_read},
    )
    trail.record(tx, caller, now, deed)
