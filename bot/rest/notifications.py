"""What the operations on notifications do (contract, section 3, 15 to 17)."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from bot import coaching
from bot.coaching import Denied, NotFound
from bot.rest import answers, bodies, rendering
from bot.rest.calls import Call
from bot.rest.pages import paged
from bot.rest.queries import Expand, Expansion, InboxListing, Nothing


def list_mine(call: Call[InboxListing, None]) -> answers.NotificationList:
    """List the caller's own inbox."""
    kinds = [coaching.ActionType(each) for each in call.query.action_types]
    listing = (
        partial(coaching.notifications, action_types=kinds) if kinds else coaching.notifications
    )
    page = listing(
        call.context,
        call.caller,
        page_number=call.query.page_number,
        page_size=call.query.page_size,
    )
    entities = _shown(call, page.entities, call.query.expand)
    return paged(answers.NotificationList, page, entities, call.address)


def find(call: Call[Expansion, None]) -> answers.Notification:
    """Find one entry."""
    found = coaching.notification(call.context, call.caller, call.ids["notificationId"])
    [shown] = _shown(call, [found], call.query.expand)
    return shown


def mark(call: Call[Nothing, bodies.ReadState]) -> answers.Notification:
    """Write the read state; the rest of what is sent is ignored."""
    notification_id = call.ids["notificationId"]
    coaching.mark_as_read(
        call.context, call.caller, notification_id, marked_as_read=call.body.marked_as_read
    )
    return rendering.notification(coaching.notification(call.context, call.caller, notification_id))


def _shown(
    call: Call[Any, None], entries: Sequence[coaching.Notification], expand: list[Expand]
) -> list[answers.Notification]:
    whole: dict[str, answers.Appointment] = {}
    if Expand.APPOINTMENT in expand:
        whole = _appointments(call, {each.appointment_id for each in entries})
    return [rendering.notification(each, whole.get(each.appointment_id)) for each in entries]


def _appointments(call: Call[Any, None], ids: Iterable[str]) -> dict[str, answers.Appointment]:
    """Give the appointments that the caller may still see; the others stay references."""
    now = call.context.clock()
    found: dict[str, answers.Appointment] = {}
    for each in ids:
        try:
            appointment = coaching.find(call.context, call.caller, each)
        except (NotFound, Denied):
            continue
        found[each] = rendering.appointment(appointment, now)
    return found
