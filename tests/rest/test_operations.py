"""Every operation of the contract answers with exactly the shape that it promises."""

from datetime import timedelta
from typing import Any

from httpx import Response

from tests.rest.api import BASE, Api, read, read_error
from tests.rest.expected import NOW, START, expected, person, reference

UUID = "a1b2c3d4-0000-4000-8000-00000000abcd"


async def schedule(api: Api, **changes: Any) -> str:
    made = await api.post("Dana", "/appointments", api.body(**changes))
    appointment_id: str = made["id"]
    return appointment_id


async def test_schedule_with_the_least(api: Api) -> None:
    made = await api.post("Dana", "/appointments", api.body())
    assert made == expected(api, made["id"])


async def test_schedule_with_everything_and_find_it(api_anywhere: Api) -> None:
    api = api_anywhere
    wfm = {
        "id": "w1",
        "businessUnit": {"id": "b1", "selfUri": "/b/b1"},
        "weekDate": "2026-03-02",
        "selfUri": "/w/w1",
    }
    made = await api.post(
        "Dana",
        "/appointments",
        api.body(
            facilitatorId=api.workplace.ids["Grace"],
            conversationIds=[f"https://apps.example/interactions/{UUID.upper()}"],
            documentIds=["d1"],
            externalLinks=["https://example.com/a?b=c"],
            location="Room 4",
            shareInsightsData=False,
            addToSchedule=True,
            wfmSchedule=wfm,
        ),
    )
    assert made == expected(
        api,
        made["id"],
        facilitator=person(api, "Grace"),
        conversations=[{"id": UUID, "selfUri": f"/api/v2/conversations/{UUID}"}],
        documents=[{"id": "d1", "selfUri": "/api/v2/contentmanagement/documents/d1"}],
        externalLinks=["https://example.com/a?b=c"],
        location="Room 4",
        shareInsightsData=False,
        wfmSchedule=wfm,
    )
    assert await api.get("Dana", f"/appointments/{made['id']}") == made
    assert await api.patch("Dana", f"/appointments/{made['id']}", made) == made


async def test_lists(api: Api) -> None:
    appointment_id = await schedule(api)
    users = api.workplace.ids["Priya"]
    listed = await api.get("Dana", "/appointments", userIds=users)
    uri = f"{BASE}/appointments?userIds={users}&pageSize=25&pageNumber=1"
    assert listed == {
        "entities": [expected(api, appointment_id)],
        "pageSize": 25,
        "pageNumber": 1,
        "total": 1,
        "pageCount": 1,
        "selfUri": uri,
        "firstUri": uri,
        "lastUri": uri,
    }
    mine = await api.get("Priya", "/appointments/me")
    assert mine["entities"] == listed["entities"]
    assert mine["selfUri"] == f"{BASE}/appointments/me?pageSize=25&pageNumber=1"
    assert (await api.get("Jonas", "/appointments/me"))["total"] == 0


async def test_relationships_narrow_my_own_list_too(api: Api) -> None:
    appointment_id = await schedule(api)
    path = "/appointments/me"
    asked = await api.get("Dana", path, relationships="creator")
    assert [each["id"] for each in asked["entities"]] == [appointment_id]
    assert (await api.get("Dana", path, relationships="Attendee,Facilitator"))["total"] == 0


async def test_change(api: Api) -> None:
    path = f"/appointments/{await schedule(api, location='Room 4', documentIds=['d1'])}"
    changed = await api.patch("Dana", path, {"name": "Longer", "lengthInMinutes": 45})
    assert (changed["name"], changed["lengthInMinutes"]) == ("Longer", 45)
    assert (changed["location"], len(changed["documents"])) == ("Room 4", 1)
    cleared = await api.patch("Dana", path, {"location": None, "documentIds": []})
    assert "location" not in cleared
    assert cleared["documents"] == []
    assert cleared["name"] == "Longer"


async def test_status_and_its_history(api: Api) -> None:
    appointment_id = await schedule(api)
    path = f"/appointments/{appointment_id}"
    api.workplace.clock.advance(timedelta(minutes=5))
    changed = await api.patch("Dana", f"{path}/status", {"status": "inprogress"})
    entry = {
        "appointment": reference(appointment_id),
        "createdBy": person(api, "Dana"),
        "dateCreated": "2026-03-02T09:05:00.000Z",
        "status": "InProgress",
    }
    assert changed == entry
    assert await api.get("Dana", f"{path}/statuses") == {
        "entities": [entry | {"dateCreated": NOW, "status": "Scheduled"}, entry],
        "pageSize": 25,
        "pageNumber": 1,
        "total": 2,
        "pageCount": 1,
    }
    completed = await api.patch("Dana", path, {"status": "Completed"})
    assert completed["dateCompleted"] == "2026-03-02T09:05:00.000Z"


async def test_delete(api: Api) -> None:
    path = f"/appointments/{await schedule(api)}"
    gone = await api.send("Dana", "DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await api.send("Dana", "GET", path)).status_code == 404


async def test_attach_a_conversation_by_id_and_by_address(api: Api) -> None:
    appointment_id = await schedule(api)
    path = f"/appointments/{appointment_id}/conversations"
    answer = {
        "conversation": {"id": UUID, "selfUri": f"/api/v2/conversations/{UUID}"},
        "appointment": reference(appointment_id),
    }
    for given in (f"https://apps.example/interactions/{UUID}?tab=1", UUID):
        assert await api.post("Dana", path, {"conversationId": given}, 200) == answer
    found = await api.get("Dana", f"/appointments/{appointment_id}")
    assert found["conversations"] == [answer["conversation"]]


async def test_notes(api_anywhere: Api) -> None:
    api = api_anywhere
    path = f"/appointments/{await schedule(api)}/annotations"
    made = await api.post("Dana", path, {"text": "Well done", "accessType": "public"})
    note = {
        "id": made["id"],
        "createdBy": person(api, "Dana"),
        "dateCreated": NOW,
        "modifiedBy": person(api, "Dana"),
        "dateModified": NOW,
        "text": "Well done",
        "isDeleted": False,
        "accessType": "Public",
        "selfUri": f"{BASE}{path}/{made['id']}",
    }
    assert made == note
    hidden = await api.post("Dana", path, {"text": "Keep an eye on", "accessType": "Private"})
    listed = await api.get("Dana", path)
    assert sorted(each["id"] for each in listed["entities"]) == sorted([made["id"], hidden["id"]])
    assert listed["selfUri"] == f"{BASE}{path}?pageSize=25&pageNumber=1"
    assert (await api.get("Priya", path))["entities"] == [note]
    assert await api.get("Priya", f"{path}/{made['id']}") == note

    api.workplace.clock.advance(timedelta(minutes=1))
    edited = await api.patch("Dana", f"{path}/{made['id']}", note | {"text": "Very well done"})
    assert edited == note | {"text": "Very well done", "dateModified": "2026-03-02T09:01:00.000Z"}
    gone = await api.send("Dana", "DELETE", f"{path}/{made['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert [each["id"] for each in (await api.get("Dana", path))["entities"]] == [hidden["id"]]


async def test_notifications(api: Api) -> None:
    appointment_id = await schedule(api)
    listed = await api.get("Priya", "/notifications")
    [entry] = listed["entities"]
    path = f"/notifications/{entry['id']}"
    assert entry == {
        "id": entry["id"],
        "name": "Call review",
        "markedAsRead": False,
        "actionType": "Create",
        "relationship": "Attendee",
        "dateStart": START,
        "lengthInMinutes": 30,
        "status": "Scheduled",
        "user": person(api, "Priya"),
        "appointment": reference(appointment_id),
        "selfUri": f"{BASE}{path}",
    }
    assert listed["selfUri"] == f"{BASE}/notifications?pageSize=25&pageNumber=1"
    whole = entry | {"appointment": expected(api, appointment_id)}
    assert await api.get("Priya", path, expand="appointment") == whole
    asked = await api.get("Priya", "/notifications", expand="Appointment", actionTypes="create")
    assert asked["entities"] == [whole]
    read_one = await api.patch("Priya", path, whole | {"markedAsRead": True})
    assert read_one == entry | {"markedAsRead": True}
    assert await api.get("Priya", path) == read_one
    assert await api.patch("Priya", path, {"markedAsRead": False}) == entry


async def test_an_expanded_notification_of_a_deleted_session_keeps_the_reference(api: Api) -> None:
    appointment_id = await schedule(api)
    await api.send("Dana", "DELETE", f"/appointments/{appointment_id}")
    entries = (await api.get("Priya", "/notifications", expand="appointment"))["entities"]
    assert {each["actionType"] for each in entries} >= {"Delete"}
    assert all(each["appointment"] == reference(appointment_id) for each in entries)


async def test_a_key_makes_one_session_of_two_requests(api: Api) -> None:
    async def send(key: str) -> str:
        response = await api.send(
            "Dana", "POST", "/appointments", json=api.body(), headers={"Idempotency-Key": key}
        )
        return str(read(response, 201)["id"])

    assert await send("k" * 255) == await send("k" * 255)
    assert (await api.get("Dana", "/appointments/me"))["total"] == 1


async def test_a_key_that_was_used_answers_no_other_request(api: Api) -> None:
    """Nor does it say that a session was made that is not there any more."""
    key = {"Idempotency-Key": "once"}

    async def send(**other: object) -> Response:
        body = api.body() | other
        return await api.send("Dana", "POST", "/appointments", json=body, headers=key)

    made = read(await send(), 201)
    again = await send(name="Something else")
    assert read_error(again) == (409, "appointment.conflict")
    assert read(await send(), 201) == made
    await api.send("Dana", "DELETE", f"/appointments/{made['id']}")
    assert read_error(await send()) == (409, "appointment.conflict")
    assert read_error(await send(name="Something else")) == (409, "appointment.conflict")


async def test_nothing_is_ever_null(api: Api) -> None:
    await schedule(api)
    for path in ("/appointments/me", "/notifications"):
        response = await api.send("Dana", "GET", path)
        assert b"null" not in response.content
