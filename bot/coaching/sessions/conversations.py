"""Use case: attach one interaction to a session (contract, sections 3.9, 6 and 8)."""

from collections.abc import Sequence

from bot.coaching.ground import rules
from bot.coaching.ground.context import Context
from bot.coaching.ground.lifecycle import ensure_may_edit
from bot.coaching.ground.lookup import access_of, find_for_change, lacking, refuse
from bot.coaching.ground.permissions import Access, Permission, Subject, may_attach
from bot.coaching.ground.values import Caller
from bot.coaching.sessions.consequences import follow
from storage.models import Appointment as AppointmentRow
from storage.records import Appointment
from storage.transaction import Transaction

ATTACHED = frozenset({"conversation_ids"})


def add_conversation(
    context: Context, caller: Caller, appointment_id: str, conversation_id: str
) -> Appointment:
    """Attach an interaction, given by its id or its URL; what is attached already is kept once.

    Raises NotFound, Denied, Invalid, Conflict, Unavailable.
    """
    with context.begin() as tx:
        access = access_of(tx, caller)
        found = find_for_change(tx, appointment_id)
        return attach_within(context, tx, (caller, access), found, [conversation_id])


def attach_within(
    context: Context,
    tx: Transaction,
    who: tuple[Caller, Access],
    found: tuple[AppointmentRow, Subject],
    conversation_ids: Sequence[str],
) -> Appointment:
    """Attach interactions to a session that was found, inside a transaction that is open.

    Raises NotFound, Denied, Invalid, Conflict.
    """
    (caller, access), (row, subject) = who, found
    _ensure_may_attach(access, subject)
    before = subject.appointment
    added = rules.ensure_conversations(conversation_ids, context.policy)
    if set(added) <= set(before.conversation_ids):
        return before
    wanted = rules.ensure_conversations([*before.conversation_ids, *added], context.policy)
    ensure_may_edit(row.status, ATTACHED)
    row.revision += 1
    row.modified_by, row.modified_at = caller.person_id, context.clock()
    tx.appointments.flush()
    tx.appointments.replace_conversations(row.id, wanted)
    return follow(context, tx, row, before, caller)


def _ensure_may_attach(access: Access, subject: Subject) -> None:
    if not may_attach(access, subject):
        raise refuse(
            access,
            subject,
            "Only the organizer or the facilitator of a session can attach an interaction.",
            code=lacking(access, Permission.CONVERSATION_ADD),
        )
