"""The ways in which a request can be made, and what each of them lets the caller see."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, assert_never

import httpx

from bot import coaching
from bot.coaching import (
    UNSET,
    AppointmentQuery,
    CoachingError,
    Conflict,
    Denied,
    Invalid,
    Metric,
    NotFound,
    Source,
)
from bot.hop import Hop
from bot.rest import RestSettings, build_rest
from tests.parity import deeds
from tests.parity.centre import SUBMISSION, Centre
from tests.parity.deeds import Call
from tests.parity.requests import (
    AddNote,
    Become,
    Count,
    Delete,
    Done,
    Edit,
    EditNote,
    Find,
    FreeTime,
    History,
    Line,
    ListOf,
    ListOwn,
    MarkAsRead,
    Refused,
    RemoveNote,
    Request,
    Schedule,
    Undo,
)

BASE = "/api/v2/coaching"
KINDS = {400: Invalid, 403: Denied, 404: NotFound, 409: Conflict}
FIELDS = {
    "dateStart": "starts_at",
    "lengthInMinutes": "length_minutes",
    "attendeeIds": "attendee_ids",
    "userIds": "user_ids",
    "facilitatorId": "facilitator_id",
    "externalLinks": "external_links",
    "conversationIds": "conversation_ids",
    "documentIds": "document_ids",
}
"""JSON names that are not the field's own name."""
EDITED = {each: each for each in ("name", "description", "location")} | {
    "dateStart": "starts_at",
    "lengthInMinutes": "length_minutes",
    "externalLinks": "external_links",
    "conversationIds": "conversation_ids",
    "documentIds": "document_ids",
}
"""What can be changed, by the JSON name."""


@dataclass(frozen=True)
class Seen:
    """What came back: what is shown, or the refusal as far as this way lets it be known."""

    shows: tuple[str, ...] = ()
    kind: type[CoachingError] | None = None
    code: str | None = None
    field: str | None = None
    sentence: str | None = None


Way = Callable[[Centre, Line], Awaitable[Seen]]


def expected(line: Line) -> Seen:
    """What a program must be told."""
    match line.outcome:
        case Done(shows):
            return Seen(shows=shows)
        case Refused(kind, code, field, sentence):
            return Seen(kind=kind, code=code, field=field, sentence=sentence)


async def by_use_case(centre: Centre, line: Line) -> Seen:
    """Ask the use case itself."""
    caller = centre.workplace.caller(line.by, Source.COMMAND_LINE)
    try:
        return Seen(shows=_use(centre, caller, line.request))
    except CoachingError as error:
        return Seen(kind=type(error), code=error.code, field=error.field, sentence=error.message)


def _use(centre: Centre, caller: coaching.Caller, request: Request) -> tuple[str, ...]:
    context = centre.context
    match request:
        case Schedule():
            coaching.schedule(context, caller, centre.request(request))
        case Become(about, status):
            coaching.change_status(context, caller, centre.appointment(about), status)
        case MarkAsRead():
            coaching.mark_as_read(context, caller, centre.notification(request))
        case Edit(about=about):
            changes = centre.changes(request)
            coaching.change(context, caller, centre.appointment(about), changes)
        case Delete(about):
            coaching.delete(context, caller, centre.appointment(about))
        case AddNote(about, text, kind):
            id_ = centre.appointment(about)
            coaching.add_annotation(context, caller, id_, text=text, access_type=kind)
        case Find(about):
            return (coaching.find(context, caller, centre.appointment(about)).name,)
        case ListOwn() | ListOf() | Count():
            return _look(centre, caller, request)
        case EditNote() | RemoveNote() | History() | FreeTime() | Undo():
            return deeds.use(centre, caller, request)
        case _:
            assert_never(request)
    return ()


def _look(
    centre: Centre, caller: coaching.Caller, request: ListOwn | ListOf | Count
) -> tuple[str, ...]:
    context = centre.context
    match request:
        case ListOwn():
            found = coaching.my_appointments(context, caller, AppointmentQuery())
            return tuple(each.name for each in found.entities)
        case ListOf(whose):
            query = AppointmentQuery(user_ids=[centre.person(whose)])
            listed = coaching.list_appointments(context, caller, query)
            return tuple(each.name for each in listed.entities)
        case Count(whose):
            [counted] = coaching.aggregate(context, caller, centre.counting(whose))
            return (str(counted.counts[Metric.ACTIVITIES]),)


async def by_rest(centre: Centre, line: Line) -> Seen:
    """Ask by HTTP, with a token of a program that acts for the caller."""
    call = _call(centre, line.request)
    async with _client(centre) as client:
        authorization = {"Authorization": f"Bearer {centre.tokens[line.by]}"}
        headers = authorization | {"Idempotency-Key": SUBMISSION}
        response = await client.request(
            call.method, BASE + call.path, json=call.body, headers=headers
        )
    body: Any = response.json() if response.content else {}
    if response.is_success:
        return Seen(shows=_shown(line.request, body))
    field = next((each["fieldName"] for each in body["details"]), None)
    return Seen(
        kind=KINDS[response.status_code],
        code=body["code"],
        field=FIELDS.get(field, field) if field else None,
        sentence=body["message"],
    )


def _shown(request: Request, body: Any) -> tuple[str, ...]:
    match request:
        case ListOwn() | ListOf():
            return tuple(each["name"] for each in body["entities"])
        case Count():
            [result] = body["results"]
            [metric] = result["data"][0]["metrics"]
            return (str(metric["stats"]["count"]),)
        case Find():
            return (body["name"],)
        case History() | FreeTime():
            return deeds.shown(request, body)
    return ()


@asynccontextmanager
async def _client(centre: Centre) -> AsyncIterator[httpx.AsyncClient]:
    hop = Hop(threads=1)
    app = build_rest(centre.context, hop, RestSettings())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://coach.example") as client:
        yield client
    hop.close()


def _call(centre: Centre, request: Request) -> Call:
    match request:
        case Schedule():
            return Call("POST", "/appointments", _body(centre, request))
        case ListOwn() | ListOf() | Count():
            return _call_for_look(centre, request)
        case MarkAsRead():
            entry = f"/notifications/{centre.notification(request)}"
            return Call("PATCH", entry, {"markedAsRead": True})
        case Edit(about=about):
            path = f"/appointments/{centre.appointment(about)}"
            return Call("PATCH", path, _edited(centre, request))
        case EditNote() | RemoveNote() | History() | FreeTime() | Undo():
            return deeds.call(centre, request)
    return _call_about(f"/appointments/{centre.appointment(request.about)}", request)


def _call_for_look(centre: Centre, request: ListOwn | ListOf | Count) -> Call:
    match request:
        case ListOwn():
            return Call("GET", "/appointments/me")
        case ListOf(whose):
            return Call("GET", f"/appointments?userIds={centre.person(whose)}")
        case Count(whose):
            return Call("POST", "/appointments/aggregates/query", _counting(centre, whose))
    assert_never(request)


def _call_about(session: str, request: Become | Find | Delete | AddNote) -> Call:
    match request:
        case Become(_, status):
            return Call("PATCH", f"{session}/status", {"status": status.value})
        case Find():
            return Call("GET", session)
        case Delete():
            return Call("DELETE", session)
        case AddNote(_, text, kind):
            body = {"text": text, "accessType": kind.value}
            return Call("POST", f"{session}/annotations", body)
        case _:
            assert_never(request)


def _body(centre: Centre, schedule: Schedule) -> Any:
    wanted = centre.request(schedule)
    body = {
        "name": wanted.name,
        "description": wanted.description,
        "dateStart": wanted.starts_at.isoformat(),
        "lengthInMinutes": wanted.length_minutes,
        "attendeeIds": wanted.attendee_ids,
        "facilitatorId": wanted.facilitator_id,
        "externalLinks": wanted.external_links,
        "location": wanted.location,
    }
    return {name: value for name, value in body.items() if value is not None}


def _edited(centre: Centre, edit: Edit) -> Any:
    changes = centre.changes(edit)
    body = {json: getattr(changes, name) for json, name in EDITED.items()}
    named = {name: value for name, value in body.items() if value is not UNSET}
    if edit.starts_in is not None:
        named["dateStart"] = (centre.context.clock() + edit.starts_in).isoformat()
    return named


def _counting(centre: Centre, whose: str) -> Any:
    interval = centre.counting(whose).interval
    predicate = {"dimension": "attendeeId", "value": centre.person(whose)}
    return {
        "interval": f"{interval.starts_at.isoformat()}/{interval.ends_at.isoformat()}",
        "filter": {"type": "And", "clauses": [{"type": "And", "predicates": [predicate]}]},
        "metrics": [Metric.ACTIVITIES.value],
    }
