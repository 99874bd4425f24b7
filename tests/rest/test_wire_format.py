"""What clients of every kind send is understood: lists, words, moments, and what is left out."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import Invalid
from bot.rest.instants import read_instant, read_interval, write_instant
from tests.rest.api import Api, read_error

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04T09:30:00.000Z",
        "2026-03-04T09:30:00Z",
        "2026-03-04T09:30:00",
        "2026-03-04T09:30",
        "2026-03-04t09:30:00z",
        "2026-03-04 09:30:00",
        "2026-03-04T09:30:00.0000000Z",
        "2026-03-04T15:00:00+05:30",
        "2026-03-04T15:00:00 05:30",
        "2026-03-04T04:30:00-0500",
        " 2026-03-04T09:30:00Z ",
    ],
)
def test_one_moment_in_every_spelling(text: str) -> None:
    assert read_instant(text, "dateStart") == AT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "1772616600",
        "20260304T093000Z",
        "2026-W10-3",
        "2026-13-01T00:00:00Z",
        "2026-02-30",
        "2026-03-04T25:00:00Z",
        "2026-03-04T09:30:00+99:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "٢٠٢٦-03-04T09:30:00Z",
        "2026-03-04T09:30:00Z/2026-03-05T00:00:00Z",
        "2026-03-04T09:30:00Z\x00",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_instant(text, "dateStart")
    assert (refusal.value.code, refusal.value.field) == ("invalid.date", "dateStart")


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_what_is_written_can_be_read_to_the_millisecond(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    kept = aware.replace(microsecond=aware.microsecond // 1000 * 1000)
    assert read_instant(write_instant(aware), "x") == kept
    assert read_instant(aware.isoformat(), "x") == aware
    assert read_instant(moment.isoformat(), "x") == aware


@given(st.text())
def test_any_text_is_a_moment_or_a_refusal(text: str) -> None:
    for read in (read_instant, read_interval):
        with suppress(Invalid):
            read(text, "x")


async def _scheduled(api: Api) -> None:
    for hour, attendee in ((10, "Priya"), (12, "Jonas"), (14, "Alex")):
        start = f"2026-03-05T{hour}:00:00Z"
        facilitator = api.workplace.ids["Grace" if hour < 14 else "Dana"]
        body = api.body(attendee, dateStart=start, name=attendee, facilitatorId=facilitator)
        await api.post("Dana", "/appointments", body)


LISTS = [
    ("userIds={Priya}", "Priya"),
    ("userIds={Priya},{Jonas}", "Jonas Priya"),
    ("userIds={Priya}%2C{Jonas}", "Jonas Priya"),
    ("userIds={Priya}%2c%20{Jonas}", "Jonas Priya"),
    ("userIds={Priya}&userIds={Jonas}", "Jonas Priya"),
    ("userIds={Priya}&userIds={Jonas},{Alex}", "Alex Jonas Priya"),
    ("userIds={Priya},,{Priya},", "Priya"),
    ("userIds={Priya},{Alex}&sortOrder=asc", "Priya Alex"),
    ("userIds={Priya},{Alex}&sortOrder=ASC&unknown=1&unknown=2", "Priya Alex"),
    ("userIds={Priya},{Alex}&statuses=scheduled,COMPLETED", "Alex Priya"),
    ("userIds={Priya},{Alex}&statuses=inProgress&statuses=Completed", ""),
    ("userIds={Priya},{Alex}&statuses=", "Alex Priya"),
    ("userIds={Priya},{Jonas},{Alex}&facilitatorIds={Dana}", "Alex"),
    ("userIds={Grace}&relationships=Attendee,creator", ""),
    ("userIds={Grace}&relationships=facilitator", "Jonas Priya"),
    ("userIds={Priya},{Jonas}&overdue=true", ""),
    ("userIds={Priya},{Jonas}&overdue=FALSE", "Jonas Priya"),
    ("userIds={Priya},{Jonas}&overdue=any", "Jonas Priya"),
    ("userIds={Priya},{Jonas}&interval=2026-03-05T10:00/2026-03-05T12:00", "Priya"),
    ("userIds={Priya},{Jonas}&interval=2026-03-05T10:00:00Z%2F2026-03-05T12:00:00Z", "Priya"),
    ("userIds={Priya},{Jonas}&interval=2026-03-05/2026-03-06", "Jonas Priya"),
    (
        "userIds={Priya},{Jonas}&interval=2026-03-05T12:00:00+02:00/2026-03-05T14:00:00%2B02:00",
        "Priya",
    ),
    ("userIds={Priya}&interval=2026-03-05T10:10Z/2026-03-05T10:20Z", ""),
    (
        "userIds={Priya}&interval=2026-03-05T10:10Z/2026-03-05T10:20Z&intervalCondition=overlaps",
        "Priya",
    ),
    ("userIds={Priya}&completionInterval=2026-03-05/2026-03-06", ""),
]

WRONG = [
    ("statuses=Planned", "invalid.query.param.value"),
    ("statuses=Scheduled,Planned", "invalid.query.param.value"),
    ("sortOrder=up", "invalid.query.param.value"),
    ("sortOrder=", "invalid.query.param.value"),
    ("overdue=yes", "invalid.query.param.value"),
    ("relationships=Friend", "invalid.query.param.value"),
    ("intervalCondition=Contains", "invalid.query.param.value"),
    ("interval=2026-03-05", "invalid.query.param.value"),
    ("interval=", "invalid.query.param.value"),
    ("interval=a/b", "invalid.date"),
    ("interval=2026-03-05/", "invalid.date"),
    ("interval=2026-03-06/2026-03-05", "interval.query.param"),
    ("completionInterval=2026-03-06/2026-03-05", "interval.query.param"),
    ("pageNumber=one", "invalid.query.param.value"),
    ("pageNumber=", "invalid.query.param.value"),
    ("pageNumber=1&pageNumber=2", "invalid.query.param.value"),
    ("pageNumber=1.0", "invalid.query.param.value"),
    ("pageNumber=0", "pagination.bad.request"),
    ("pageNumber=-1", "pagination.bad.request"),
    (f"pageNumber={'9' * 5000}", "pagination.bad.request"),
    ("pageSize=0", "pagination.bad.request"),
    ("pageSize=101", "pagination.bad.request"),
    ("facilitatorIds=%00", "invalid.query.param.value"),
]


async def test_the_same_list_in_every_spelling(api: Api) -> None:
    await _scheduled(api)
    ids = api.workplace.ids
    for template, found in LISTS:
        response = await api.send("Dana", "GET", f"/appointments?{template.format(**ids)}")
        assert response.status_code == 200, (template, response.text)
        assert [each["name"] for each in response.json()["entities"]] == found.split(), template


async def test_a_wrong_parameter_is_refused_by_name(api: Api) -> None:
    for query, code in WRONG:
        response = await api.send("Dana", "GET", f"/appointments/me?{query}")
        assert read_error(response) == (400, code), query
        detail = {"errorCode": code, "fieldName": query.partition("=")[0]}
        assert response.json()["details"] == [detail]


async def test_a_moment_keeps_its_meaning_whatever_the_zone(api: Api) -> None:
    for written in ("2026-03-04T15:00:59.999999+05:30", "2026-03-04T09:30:00.123456"):
        made = await api.post("Dana", "/appointments", api.body(dateStart=written))
        assert made["dateStart"] == "2026-03-04T09:30:00.000Z"
        await api.send("Dana", "DELETE", f"/appointments/{made['id']}")


async def test_null_is_told_apart_from_nothing_and_from_empty(api: Api) -> None:
    body = api.body(location="Room 4", externalLinks=["https://example.com"], documentIds=["d"])
    made = await api.post("Dana", "/appointments", body)
    path = f"/appointments/{made['id']}"
    nothing = {
        "name": None,
        "description": None,
        "dateStart": None,
        "lengthInMinutes": None,
        "status": None,
    }
    assert await api.patch("Dana", path, nothing) == made
    assert await api.patch("Dana", path, {}) == made
    cleared = await api.patch("Dana", path, {"location": "", "externalLinks": None})
    assert "location" not in cleared
    assert (cleared["externalLinks"], cleared["documents"]) == ([], made["documents"])
    assert (await api.patch("Dana", path, {"documentIds": []}))["documents"] == []


async def test_null_for_what_is_optional_counts_as_left_out_when_scheduling(api: Api) -> None:
    optional = (
        "facilitatorId conversationIds documentIds externalLinks location shareInsightsData "
        "wfmSchedule addToSchedule"
    )
    body = api.body() | dict.fromkeys(optional.split())
    made = await api.post("Dana", "/appointments", body)
    assert not {"facilitator", "location", "shareInsightsData", "wfmSchedule"} & set(made)


async def test_whole_objects_may_be_sent_back(api: Api) -> None:
    made = await api.post("Dana", "/appointments", api.body(location="Room 4"))
    path = f"/appointments/{made['id']}"
    changed = await api.patch("Dana", path, made | {"name": "New name", "attendees": "nonsense"})
    assert changed == made | {"name": "New name"}


async def test_words_in_bodies_come_in_any_case_too(api: Api) -> None:
    made = await api.post("Dana", "/appointments", api.body())
    path = f"/appointments/{made['id']}"
    assert (await api.patch("Dana", path, {"status": "INPROGRESS"}))["status"] == "InProgress"
    response = await api.send("Dana", "PATCH", path, json={"status": "Planned"})
    assert read_error(response) == (400, "invalid.value")
