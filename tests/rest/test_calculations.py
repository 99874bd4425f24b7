"""Counts, free times and searches for slots answer with exactly the shape that they promise."""

from tests.rest.api import BASE, Api, Json
from tests.rest.expected import person

WEEK = "2026-03-02T00:00:00.000Z/2026-03-09T00:00:00.000Z"


def _filter(**equal: str) -> Json:
    predicates = [{"dimension": name, "value": value} for name, value in equal.items()]
    return {"type": "And", "clauses": [{"type": "or", "predicates": predicates}]}


async def test_aggregates(api_anywhere: Api) -> None:
    api = api_anywhere
    await api.post("Dana", "/appointments", api.body())
    path = "/appointments/aggregates/query"
    await api.post("Dana", "/appointments", api.body("Jonas"))
    query = {"interval": WEEK, "filter": _filter(attendeeId=api.workplace.ids["Priya"])}
    counted = await api.post("Dana", path, query, 200)
    counts = {
        "nActivities": 1,
        "nPlannedActivities": 1,
        "nInProgressActivities": 0,
        "nCompleteActivities": 0,
        "nOverdueActivities": 0,
        "nInvalidScheduleActivities": 0,
    }
    data = [
        {
            "interval": WEEK,
            "metrics": [
                {"metric": metric, "stats": {"count": count}} for metric, count in counts.items()
            ],
        }
    ]
    assert counted == {"results": [{"data": data}]}
    grouped = await api.post(
        "Dana", path, query | {"groupBy": ["AttendeeId"], "metrics": ["nactivities"]}, 200
    )
    [result] = grouped["results"]
    assert result["group"] == {"attendeeId": api.workplace.ids["Priya"]}
    assert result["data"][0]["metrics"] == [{"metric": "nActivities", "stats": {"count": 1}}]


async def test_slots(api: Api) -> None:
    ids = api.workplace.ids
    found = await api.post(
        "Dana",
        "/scheduleslots/query",
        {
            "interval": "2026-03-03T14:00:00/2026-03-03T16:00:00Z",
            "lengthInMinutes": 30,
            "attendeeIds": [ids["Jonas"]],
            "facilitatorIds": [ids["Dana"]],
        },
        200,
    )
    assert set(found) == {
        "suggestedSlots",
        "attendeeSchedules",
        "facilitatorSchedules",
        "wfmScheduleActivities",
    }
    assert found["suggestedSlots"][0] == {
        "dateStart": "2026-03-03T14:00:00.000Z",
        "lengthInMinutes": 30,
    }
    [schedule_of_jonas] = found["attendeeSchedules"]
    assert schedule_of_jonas["user"] == person(api, "Jonas")
    assert set(schedule_of_jonas["availableTimes"][0]) == {
        "dateStart",
        "lengthInMinutes",
        "activityCategory",
    }
    assert [each["userReference"] for each in found["wfmScheduleActivities"]] == [
        person(api, "Jonas"),
        person(api, "Dana"),
    ]


async def test_slot_jobs(api: Api) -> None:
    interval = "2026-03-03T14:00:00.000Z/2026-03-03T16:00:00.000Z"
    asked = {
        "attendeeIds": [api.workplace.ids["Jonas"]],
        "facilitatorIds": [api.workplace.ids["Dana"]],
        "lengthInMinutes": 30,
        "activityCodeId": "coaching",
        "intervals": [interval],
        "slotsType": "besttime",
    }
    job = await api.post("Dana", "/scheduleslots/jobs", asked, 202)
    assert job == {
        "id": job["id"],
        "status": "Complete",
        **asked,
        "slotsType": "BestTime",
        "results": [
            {
                "interval": interval,
                "status": "Complete",
                "slot": {"dateStart": "2026-03-03T14:00:00.000Z"},
                "hasConflict": False,
            }
        ],
        "selfUri": f"{BASE}/scheduleslots/jobs/{job['id']}",
    }
    assert await api.get("Dana", f"/scheduleslots/jobs/{job['id']}") == job
