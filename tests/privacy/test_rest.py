"""Through the API: whole answers, with their counts, page addresses and error texts."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import httpx

from bot.hop import Hop
from bot.rest import RestSettings, build_rest
from bot.rest.answers import ActionType
from tests.privacy.contract import VIEW
from tests.privacy.oracle import Rights
from tests.privacy.scene import DAY, EVERYTHING, NOW, Meeting, Question, Scene, Someone, marks_in
from tests.privacy.stage import Entry, Stage
from tests.privacy.theatre import Theatre, for_every_scene

BASE: Final = "/api/v2/coaching"
UNLIMITED: Final = RestSettings(rate_per_minute=0)
Json = dict[str, Any]


class Asking:
    """The API as one person meets it; no answer tells them more than they may know."""

    def __init__(self, http: httpx.AsyncClient, stage: Stage, rights: Rights) -> None:
        self.stage = stage
        self.rights = rights
        self._http = http
        self._headers = {"Authorization": f"Bearer {token_of(rights.me)}"}

    async def send(
        self, method: str, path: str, *, granted: frozenset[str] = frozenset(), **request: Any
    ) -> tuple[int, Json]:
        """Send a request; what it names itself may be said again, and what is granted with it."""
        sent = self._http.build_request(method, BASE + path, headers=self._headers, **request)
        response = await self._http.send(sent)
        named = marks_in(str(sent.url) + sent.content.decode())
        told = marks_in(response.text + repr(response.headers))
        assert told <= self.rights.may_know() | named | granted
        return response.status_code, response.json()

    async def ids(self, path: str, params: Mapping[str, Any]) -> tuple[list[str], int]:
        """List something from its first page to its last; answers the ids and the count."""
        found, url = [], httpx.URL(path, params=params)
        while True:
            status, body = await self.send("GET", str(url))
            assert status == 200
            found += [each["id"] for each in body["entities"]]
            assert body["pageCount"] == -(-body["total"] // body["pageSize"])
            if "nextUri" not in body:
                return sorted(found), body["total"]
            url = httpx.URL(body["nextUri"].removeprefix(BASE))


def token_of(person: int) -> str:
    """The access token of a program that acts for somebody."""
    return f"token-of-{person}"


@asynccontextmanager
async def api(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """The API over a stage."""
    hop = Hop(threads=1)
    transport = httpx.ASGITransport(build_rest(stage.context, hop, UNLIMITED))
    async with httpx.AsyncClient(transport=transport, base_url="http://coach.example") as client:
        yield client
    hop.close()


@for_every_scene(15)
def test_answers_hold_what_one_may_know(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        stage.let_programs_in(token_of)
        asyncio.run(everybody_asks(stage))


async def everybody_asks(stage: Stage) -> None:
    entries = stage.entries()
    async with api(stage) as http:
        for rights in stage.everybody():
            asking = Asking(http, stage, rights)
            for question in stage.scene.questions:
                await assert_lists(asking, question)
            for meeting in stage.scene.meetings:
                await assert_session(asking, meeting)
            await assert_inbox(asking)
            for entry in entries:
                await assert_entry(asking, entry)
            for person in stage.scene.people:
                await assert_counts(asking, person)


async def assert_lists(asking: Asking, question: Question) -> None:
    """Both lists with their counts, and the addresses of their pages (3.1, 3.2)."""
    params = params_of(asking.stage, question)
    mine = [each.id for each in asking.rights.own(own_question(asking.rights, question))]
    assert await asking.ids("/appointments/me", params) == (sorted(mine), len(mine))
    if question.users is None:
        return
    params["userIds"] = ",".join(asking.stage.id_of(each) for each in question.users)
    if asking.rights.may_list(question):
        seen = [each.id for each in asking.rights.listed(question)]
        assert await asking.ids("/appointments", params) == (sorted(seen), len(seen))
    else:
        status, body = await asking.send("GET", "/appointments", params=params)
        assert (status, body["code"]) == (403, "no.appointment.view.permission")


def own_question(rights: Rights, question: Question) -> Question:
    """The same question of one's own sessions."""
    users = (rights.me,) if question.relationships else None
    return replace(question, users=users)


def params_of(stage: Stage, question: Question) -> Json:
    """Write a question as the contract has it (section 3, list parameters)."""
    facilitators = [stage.id_of(each) for each in question.facilitators or ()]
    overdue = {None: None, True: "True", False: "False"}[question.is_overdue]
    written = {
        "interval": interval_of(question.interval),
        "intervalCondition": "Overlaps" if question.overlaps else None,
        "statuses": ",".join(question.statuses or ()),
        "facilitatorIds": ",".join(facilitators),
        "relationships": ",".join(question.relationships or ()),
        "completionInterval": interval_of(question.completion),
        "overdue": overdue,
        "sortOrder": "Asc" if question.ascending else None,
        "pageSize": question.page_size,
    }
    return {name: value for name, value in written.items() if value}


def interval_of(span: tuple[datetime, datetime] | None) -> str | None:
    return None if span is None else "/".join(each.isoformat() for each in span)


async def assert_session(asking: Asking, meeting: Meeting) -> None:
    """One session, its history and its notes (3.4, 3.8, 3.10)."""
    rights, path = asking.rights, f"/appointments/{meeting.id}"
    refused = 404 if meeting.is_deleted else 403
    status, body = await asking.send("GET", path)
    assert status == (200 if rights.sees(meeting) else refused)
    if status == 200:
        assert (body["id"], body["name"]) == (meeting.id, meeting.name)
    writer = frozenset({asking.stage.id_of(meeting.creator)})
    status, _ = await asking.send("GET", f"{path}/statuses", granted=writer)
    assert status == (200 if rights.sees_history(meeting) else refused)
    notes = rights.notes(meeting)
    texts = frozenset(each.text for each in notes or ())
    status, body = await asking.send("GET", f"{path}/annotations", granted=writer | texts)
    if notes is None:
        assert status == refused
    else:
        assert {each["text"] for each in body["entities"]} == texts
        assert body["total"] == len(notes)


async def assert_inbox(asking: Asking) -> None:
    """The inbox with its sessions in whole, as far as they may still be seen (3.15)."""
    params = {"expand": "appointment", "actionTypes": ",".join(ActionType)}
    status, body = await asking.send("GET", "/notifications", params=params)
    assert status == 200
    told = sorted((each["actionType"], each["appointment"]["id"]) for each in body["entities"])
    assert told == asking.rights.inbox()
    assert body["total"] == len(told)


async def assert_entry(asking: Asking, entry: Entry) -> None:
    """An entry by its id (3.16); to write to it one must own it (3.17)."""
    path, about = f"/notifications/{entry.id}", entry.told[1]
    meeting = next(each for each in asking.stage.scene.meetings if each.id == about)
    granted: frozenset[str] = frozenset()
    if asking.rights.sees_entry(entry.owner, about, entry.kind):
        granted = frozenset({about, meeting.name, asking.stage.id_of(entry.owner)})
    status, _ = await asking.send("GET", path, params={"expand": "appointment"}, granted=granted)
    assert status == (200 if granted else 404)
    if entry.owner != asking.rights.me:
        status, _ = await asking.send("PATCH", path, json={"markedAsRead": True})
        assert status == 403
    elif not granted:
        status, _ = await asking.send("PATCH", path, json={"markedAsRead": True})
        assert status == 404


async def assert_counts(asking: Asking, person: Someone) -> None:
    """Counts by attendee, of somebody who is named (3.18)."""
    rights = asking.rights
    predicate = {"dimension": "attendeeId", "value": person.id}
    body = {
        "interval": interval_of((NOW - 365 * DAY, NOW + 365 * DAY)),
        "filter": {"type": "And", "clauses": [{"type": "And", "predicates": [predicate]}]},
        "metrics": ["nActivities"],
        "groupBy": ["attendeeId"],
    }
    status, answer = await asking.send("POST", "/appointments/aggregates/query", json=body)
    if not rights.may_name({person.number}, VIEW):
        assert status == 403
        return
    seen = [each for each in rights.listed(EVERYTHING) if person.number in each.attendees]
    wanted = {id_: len(meetings) for id_, meetings in rights.counted(seen).items()}
    assert {
        each["group"]["attendeeId"]: each["data"][0]["metrics"][0]["stats"]["count"]
        for each in answer["results"]
    } == wanted
