"""The ways in which a request can be made, and what each of them lets the caller see."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, assert_never

import httpx

from bot import coaching
from bot.coaching import (
    AppointmentChanges,
    AppointmentQuery,
    CoachingError,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    Source,
)
from bot.hop import Hop
from bot.rest import RestSettings, build_rest
from tests.parity.centre import SUBMISSION, Centre
from tests.parity.requests import (
    AddNote,
    Become,
    Delete,
    Done,
    Find,
    Line,
    ListOwn,
    MarkAsRead,
    Refused,
    Rename,
    Request,
    Schedule,
)

BASE = "/api/v2/coaching"
KINDS = {400: Invalid, 403: Denied, 404: NotFound, 409: Conflict}
FIELDS = {
    "dateStart": "starts_at",
    "lengthInMinutes": "length_minutes",
    "attendeeIds": "attendee_ids",
    "facilitatorId": "facilitator_id",
    "externalLinks": "external_links",
}
"""JSON names that are not the field's own name."""


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
        case Rename(about, name):
            changes = AppointmentChanges(name=name)
            coaching.change(context, caller, centre.appointment(about), changes)
        case Delete(about):
            coaching.delete(context, caller, centre.appointment(about))
        case AddNote(about, text, kind):
            id_ = centre.appointment(about)
            coaching.add_annotation(context, caller, id_, text=text, access_type=kind)
        case Find(about):
            return (coaching.find(context, caller, centre.appointment(about)).name,)
        case ListOwn():
            found = coaching.my_appointments(context, caller, AppointmentQuery())
            return tuple(each.name for each in found.entities)
        case _:
            assert_never(request)
    return ()


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
        case ListOwn():
            return tuple(each["name"] for each in body["entities"])
        case Find():
            return (body["name"],)
    return ()


@asynccontextmanager
async def _client(centre: Centre) -> AsyncIterator[httpx.AsyncClient]:
    hop = Hop(threads=1)
    app = build_rest(centre.context, hop, RestSettings())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://coach.example") as client:
        yield client
    hop.close()


@dataclass(frozen=True)
class _Call:
    method: str
    path: str
    body: Any = None


def _call(centre: Centre, request: Request) -> _Call:
    match request:
        case Schedule():
            return _Call("POST", "/appointments", _body(centre, request))
        case ListOwn():
            return _Call("GET", "/appointments/me")
        case MarkAsRead():
            entry = f"/notifications/{centre.notification(request)}"
            return _Call("PATCH", entry, {"markedAsRead": True})
    return _call_about(f"/appointments/{centre.appointment(request.about)}", request)


def _call_about(session: str, request: Become | Find | Rename | Delete | AddNote) -> _Call:
    match request:
        case Become(_, status):
            return _Call("PATCH", f"{session}/status", {"status": status.value})
        case Find():
            return _Call("GET", session)
        case Rename(_, name):
            return _Call("PATCH", session, {"name": name})
        case Delete():
            return _Call("DELETE", session)
        case AddNote(_, text, kind):
            body = {"text": text, "accessType": kind.value}
            return _Call("POST", f"{session}/annotations", body)
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
