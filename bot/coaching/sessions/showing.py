"""Use cases: a message that was sent, in the words that are true now."""

from collections.abc import Collection, Sequence
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import no_appointment
from bot.coaching.ground.unset import UNSET, Unset
from bot.coaching.ground.values import Announcement, Caller
from bot.coaching.promises.composing import Composer
from bot.coaching.promises.escalation import ESCALATION
from bot.coaching.promises.notices import CONFIRMATION
from storage.records import Delivery
from storage.transaction import Transaction
from storage.types import ActionType

WITHOUT_ENTRY: Final = frozenset({CONFIRMATION, ESCALATION})
"""Messages that no inbox entry stands behind."""


def shown_anew(context: Context, delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
    """Compose messages that were sent anew; None where there is nothing to show any more.

    Raises Unavailable.
    """
    with context.read() as tx:
        said = _composed(context, tx, tx.deliveries.many(delivery_ids))
    return {each: said.get(each) for each in delivery_ids}


def message(
    context: Context, caller: Caller, delivery_id: int, *, mark: str | Unset | None = UNSET
) -> Announcement:
    """Show one of one's own messages as it is now. Raises NotFound, Unavailable.

    `mark`: what stands on it, None for one of before there were marks.
    """
    with context.read() as tx:
        found = tx.deliveries.get(delivery_id)
        is_own = found is not None and found.person_id == caller.person_id
        is_meant = found is not None and (isinstance(mark, Unset) or found.is_on(mark))
        own = [found] if found is not None and is_own and is_meant else []
        said = _composed(context, tx, own).get(delivery_id)
    if said is None:
        raise no_appointment()
    return said


def _composed(
    context: Context, tx: Transaction, deliveries: Collection[Delivery]
) -> dict[int, Announcement]:
    about = {each.appointment_id for each in deliveries if each.appointment_id}
    composer = Composer(context, tx, tx.appointments.many(about), context.clock())
    said: dict[int, Announcement] = {}
    for each in deliveries:
        if each.appointment_id is None:
            continue
        entry = tx.notifications.get(each.notification_id) if each.notification_id else None
        if not composer.may_still_see(each, entry):
            continue
        stands_alone = each.occurrence in WITHOUT_ENTRY or each.kind is ActionType.UNREACHABLE
        if entry is not None or stands_alone:
            said[each.id] = composer.compose(each, entry)
    return said
