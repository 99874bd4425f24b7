"""What else can be asked: a session's history, its notes, free time, and an undo; in every way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from bot import coaching
from bot.coaching import Interval, SlotQuery, Status
from tests.parity.centre import Centre
from tests.parity.requests import EditNote, FreeTime, History, RemoveNote, Undo

SHOWN: Final = 3
"""So many free times are compared."""
Deed = History | EditNote | RemoveNote | FreeTime | Undo


@dataclass(frozen=True)
class Call:
    """A request by HTTP."""

    method: str
    path: str
    body: Any = None


def week_of(centre: Centre) -> Interval:
    """From now to the end of the week on Dana's clocks, as the form looks at it."""
    now = centre.context.clock()
    return Interval(starts_at=now, ends_at=now.replace(hour=5, minute=0) + timedelta(days=7))


def use(centre: Centre, caller: coaching.Caller, deed: Deed) -> tuple[str, ...]:
    """Ask the use case itself. Raises CoachingError."""
    context = centre.context
    if isinstance(deed, FreeTime):
        query = SlotQuery(
            interval=week_of(centre), length_minutes=30, attendee_ids=[centre.person(deed.whose)]
        )
        slots = coaching.find_slots(context, caller, query).suggested
        return tuple(written(each.starts_at) for each in slots[:SHOWN])
    about = centre.appointment(deed.about)
    match deed:
        case History():
            page = coaching.status_history(context, caller, about)
            return tuple(each.status.value for each in page.entities)
        case EditNote(_, text):
            coaching.edit_annotation(context, caller, about, centre.note(deed.about), text=text)
        case RemoveNote():
            coaching.delete_annotation(context, caller, about, centre.note(deed.about))
        case Undo():
            coaching.undo_completion(context, caller, about)
        case _:
            assert_never(deed)
    return ()


def call(centre: Centre, deed: Deed) -> Call:
    """Put it as a request by HTTP; there an undo is the change that it would be."""
    if isinstance(deed, FreeTime):
        span = week_of(centre)
        body = {
            "interval": f"{written(span.starts_at)}/{written(span.ends_at)}",
            "lengthInMinutes": 30,
            "attendeeIds": [centre.person(deed.whose)],
        }
        return Call("POST", "/scheduleslots/query", body)
    session = f"/appointments/{centre.appointment(deed.about)}"
    match deed:
        case History():
            return Call("GET", f"{session}/statuses")
        case EditNote(_, text):
            return Call("PATCH", f"{session}/annotations/{centre.note(deed.about)}", {"text": text})
        case RemoveNote():
            return Call("DELETE", f"{session}/annotations/{centre.note(deed.about)}")
        case Undo():
            return Call("PATCH", f"{session}/status", {"status": Status.SCHEDULED.value})
    assert_never(deed)


def shown(deed: Deed, body: Any) -> tuple[str, ...]:
    """Read what an answer by HTTP shows."""
    match deed:
        case History():
            return tuple(each["status"] for each in body["entities"])
        case FreeTime():
            return tuple(each["dateStart"] for each in body["suggestedSlots"][:SHOWN])
    return ()


def written(moment: datetime) -> str:
    """Write a moment as HTTP has it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.000Z}"
