"""By what a message is recognised in a conversation, also after its database was set back.

The mark is random and stands in the row. A row that is written down anew has another one, so the
promise itself is described beside it: whatever was promised twice for the same cause is the same.
"""

import hashlib
from datetime import datetime
from typing import Any, Final

from storage.records import Appointment, Delivery
from storage.types import ActionType

LENGTH: Final = 32
"""So many hexadecimal digits: 128 bits."""
AT_ITS_START: Final = frozenset({ActionType.REMINDER})
AT_ITS_END: Final = frozenset({ActionType.OVERDUE})
BY_ITSELF: Final = frozenset({ActionType.AGENDA, ActionType.DIGEST, ActionType.UNREACHABLE})


def recognition(delivery: Delivery, session: Appointment | None = None) -> dict[str, Any]:
    """Give the fields of an announcement by which its message is recognised."""
    return {
        "mark": delivery.mark,
        "promise": describe(delivery, session),
        "number": delivery.number_on_message,
    }


def describe(delivery: Delivery, session: Appointment | None = None) -> str:
    """Describe a promise in a hash: session, kind, person, occurrence, revision, and its cause.

    What is caused by the time on the clock has the session's time for its cause, and news has the
    moment it was made: a revision may come again with another time or by another deed. Apps that
    read a conversation read this as well; the random ids in it cannot be guessed.
    """
    told = (
        delivery.appointment_id,
        delivery.kind.value,
        delivery.person_id,
        delivery.occurrence,
        delivery.revision,
        _cause(delivery, session),
    )
    said = "\x1f".join("" if each is None else str(each) for each in told)
    return hashlib.sha256(said.encode()).hexdigest()[:LENGTH]


def _cause(delivery: Delivery, session: Appointment | None) -> str:
    if delivery.kind in BY_ITSELF:
        return ""
    moment: datetime = delivery.created_at
    if session is not None and delivery.kind in AT_ITS_START:
        moment = delivery.told_starts_at or session.starts_at
    elif session is not None and delivery.kind in AT_ITS_END:
        moment = session.ends_at
    return moment.isoformat()
