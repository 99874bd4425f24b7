"""Every method of the published Python library does what it says against our API."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.coaching import AccessType, ActionType, Metric, Relationship, SlotJobStatus, Status
from bot.rest.operations import OPERATIONS
from tests.coaching.sending import send_all
from tests.published.centre import Centre, interval, known, names
from tests.published.library import Library
from tests.published.scene import snake

UUID = "a1b2c3d4-0000-4000-8000-00000000abcd"
START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEEK = interval(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))
OURS_ALONE = {
    *(ActionType.REMINDER, ActionType.OVERDUE),
    *(ActionType.AGENDA, ActionType.DIGEST, ActionType.UNREACHABLE),
}


def test_the_library_knows_every_operation_and_we_know_every_method(library: Library) -> None:
    assert {snake(each.name) for each in OPERATIONS} == set(library.methods())


def test_the_library_knows_every_word_of_ours(library: Library) -> None:
    words: dict[tuple[str, str], set[Any]] = {
        ("CoachingAppointmentResponse", "status"): set(Status),
        ("CoachingAnnotation", "access_type"): set(AccessType),
        ("CoachingNotification", "action_type"): set(ActionType) - OURS_ALONE,
        ("CoachingNotification", "relationship"): set(Relationship),
        ("QueryResponseMetric", "metric"): set(Metric),
        ("CoachingScheduleSlotsJobResult", "status"): set(SlotJobStatus),
    }
    for (kind, name), ours in words.items():
        for word in ours:
            assert getattr(library.make(kind, **{name: word.value}), name) == word.value


def test_logging_in_through_a_gateway(centre: Centre) -> None:
    client = centre.library.connect("https://api.example.com")
    host, _, port = centre.url.removeprefix("http://").partition(":")
    client.set_gateway(host, "http", int(port), "", "")
    found = centre.credentials("Dana")
    client.get_client_credentials_token(found.client_id, found.client_secret)
    assert centre.library.coaching(client).get_coaching_appointments_me().total == 0


def test_an_appointment_with_everything(centre: Centre) -> None:
    ids, make = centre.ids, centre.library.make
    unit = make("WfmBusinessUnitReference", id="b1", self_uri="/b/b1")
    week = date(2026, 3, 2)
    wfm = make("WfmScheduleReference", id="w1", business_unit=unit, week_date=week, self_uri="/w")
    request = centre.request(
        facilitator_id=ids["Grace"],
        conversation_ids=[f"https://apps.example/interactions/{UUID}"],
        document_ids=["d1", "d2"],
        external_links=["https://example.com/a?b=c"],
        location="Room 4",
        share_insights_data=True,
        add_to_schedule=False,
        wfm_schedule=wfm,
    )
    assert all(value is not None for value in request.to_dict().values())
    dana = centre.api("Dana")
    made = known(dana.post_coaching_appointments(request))
    assert (made.name, made.description) == ("Call review", "Two calls from last week")
    assert (made.date_start, made.length_in_minutes) == (START, 30)
    assert (made.status, made.is_overdue, made.date_completed) == ("Scheduled", False, None)
    assert (made.facilitator.id, made.created_by.id) == (ids["Grace"], ids["Dana"])
    assert [each.id for each in made.attendees] == [ids["Priya"]]
    assert made.attendees[0].self_uri == f"/api/v2/users/{ids['Priya']}"
    assert (made.date_created, made.modified_by.id, made.date_modified) == (NOW, ids["Dana"], NOW)
    assert [each.id for each in made.conversations] == [UUID]
    assert [each.id for each in made.documents] == ["d1", "d2"]
    assert made.external_links == ["https://example.com/a?b=c"]
    assert (made.location, made.share_insights_data) == ("Room 4", True)
    assert made.wfm_schedule.to_dict() == wfm.to_dict()
    assert made.self_uri == f"/api/v2/coaching/appointments/{made.id}"
    assert dana.get_coaching_appointment(made.id).to_dict() == made.to_dict()


def test_an_appointment_with_the_least(centre: Centre) -> None:
    made = known(centre.schedule())
    assert (made.facilitator, made.location, made.share_insights_data) == (None, None, None)
    assert (made.wfm_schedule, made.date_completed) == (None, None)
    assert (made.conversations, made.documents, made.external_links) == ([], [], [])


def test_a_callback_is_called(centre: Centre) -> None:
    made = centre.schedule()
    found: list[Any] = []
    thread = centre.api("Dana").get_coaching_appointment(made.id, callback=found.append)
    thread.join(10)
    assert [each.to_dict() for each in found] == [made.to_dict()]


def _week(centre: Centre) -> None:
    """Four sessions of Dana's; the second is completed, the last is overdue."""
    ids = centre.ids
    centre.schedule("Priya", name="A", facilitator_id=ids["Grace"], date_start=START)
    done = centre.schedule("Jonas", name="B", date_start=START + timedelta(hours=2))
    centre.schedule("Priya", name="C", facilitator_id=ids["Dana"], date_start=START.replace(day=6))
    centre.schedule("Priya", name="D", date_start=NOW + timedelta(hours=1))
    centre.workplace.clock.advance(timedelta(hours=3))
    status = centre.library.make("CoachingAppointmentStatusRequest", status="Completed")
    centre.api("Dana").patch_coaching_appointment_status(done.id, status)
    centre.workplace.clock.advance(timedelta(hours=1))


SPAN = interval(START, START + timedelta(hours=2))
MIDDLE = interval(START + timedelta(minutes=10), START + timedelta(minutes=20))
MORNING = interval(NOW, NOW + timedelta(hours=3, minutes=30))
NOON = interval(NOW, NOW + timedelta(hours=2))

LISTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "CBAD"),
    ({"sort_order": "Desc"}, "CBAD"),
    ({"sort_order": "Asc"}, "DABC"),
    ({"interval": SPAN}, "A"),
    ({"interval": MIDDLE}, ""),
    ({"interval": MIDDLE, "interval_condition": "StartsIn"}, ""),
    ({"interval": MIDDLE, "interval_condition": "Overlaps"}, "A"),
    ({"statuses": ["Scheduled"]}, "CAD"),
    ({"statuses": ["Completed"]}, "B"),
    ({"statuses": ["Completed", "Scheduled"]}, "CBAD"),
    ({"statuses": ["InProgress", "InvalidSchedule"]}, ""),
    ({"facilitator_ids": ["Grace"]}, "A"),
    ({"facilitator_ids": ["Grace", "Dana"]}, "CA"),
    ({"overdue": "True"}, "D"),
    ({"overdue": "False"}, "CBA"),
    ({"overdue": "Any"}, "CBAD"),
    ({"completion_interval": MORNING}, "B"),
    ({"completion_interval": NOON}, ""),
    ({"page_size": 3}, "CBA"),
    ({"page_size": 3, "page_number": 2}, "D"),
)
OF_PEOPLE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"user_ids": ["Jonas"]}, "B"),
    ({"user_ids": ["Grace", "Jonas"]}, "BA"),
    ({"user_ids": ["Dana"], "relationships": ["Facilitator"]}, "C"),
    ({"user_ids": ["Dana"], "relationships": ["Facilitator", "Creator"]}, "CBAD"),
    ({"user_ids": ["Dana"], "relationships": ["Attendee"]}, ""),
)
MINE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"relationships": ["Facilitator"]}, "C"),
    ({"relationships": ["Creator", "Attendee"]}, "CBAD"),
    ({"relationships": ["Attendee"]}, ""),
)


def test_every_parameter_of_the_lists(centre: Centre) -> None:
    _week(centre)
    dana, methods = centre.api("Dana"), centre.library.methods()

    def ask(method: str, rows: tuple[tuple[dict[str, Any], str], ...]) -> None:
        given = {parameter for asked, _ in rows for parameter in asked}
        assert given == set(methods[method])
        for asked, found in rows:
            people = {
                key: [centre.ids[each] for each in value] if key.endswith("_ids") else value
                for key, value in asked.items()
            }
            assert names(getattr(dana, method)(**people)) == list(found), (method, asked)

    everybody = {"user_ids": ["Priya", "Jonas"]}
    ask("get_coaching_appointments", (*((everybody | a, b) for a, b in LISTS), *OF_PEOPLE))
    ask("get_coaching_appointments_me", (*LISTS, *MINE))


def test_changing_everything_that_can_be_changed(centre: Centre) -> None:
    made, dana = centre.schedule(), centre.api("Dana")
    wfm = centre.library.make("WfmScheduleReference", id="w2")
    values: dict[str, Any] = {
        "name": "New name",
        "description": "New description",
        "date_start": START + timedelta(days=1),
        "length_in_minutes": 45,
        "conversation_ids": [UUID],
        "document_ids": ["d9"],
        "status": "InProgress",
        "wfm_schedule": wfm,
        "external_links": ["https://example.com"],
        "location": "Room 9",
        "share_insights_data": False,
        "add_to_schedule": True,
    }
    request = centre.library.make("UpdateCoachingAppointmentRequest", **values)
    assert set(values) == set(request.swagger_types)
    changed = known(dana.patch_coaching_appointment(made.id, request))
    same = {key: value for key, value in values.items() if key in changed.swagger_types}
    assert {key: getattr(changed, key) for key in same if key != "wfm_schedule"} == {
        key: value for key, value in same.items() if key != "wfm_schedule"
    }
    assert changed.wfm_schedule.id == "w2"
    assert [each.id for each in (*changed.conversations, *changed.documents)] == [UUID, "d9"]
    assert dana.get_coaching_appointment(made.id).to_dict() == changed.to_dict()


def test_deleting(centre: Centre) -> None:
    made, dana = centre.schedule(), centre.api("Dana")
    assert dana.delete_coaching_appointment(made.id).id is None
    assert centre.answers[-1].status == 204
    found = centre.refusal(lambda: dana.get_coaching_appointment(made.id))
    assert found == "404 appointment.not.found"


def test_statuses(centre: Centre) -> None:
    made, dana = centre.schedule(), centre.api("Dana")
    for word in ("InProgress", "Scheduled", "Completed"):
        wanted = centre.library.make("CoachingAppointmentStatusRequest", status=word)
        entry = known(dana.patch_coaching_appointment_status(made.id, wanted))
        assert (entry.status, entry.appointment.id) == (word, made.id)
        assert (entry.created_by.id, entry.date_created) == (centre.ids["Dana"], NOW)
    history = known(dana.get_coaching_appointment_statuses(made.id, page_number=1, page_size=3))
    assert [each.status for each in history.entities] == ["Scheduled", "InProgress", "Scheduled"]
    assert (history.total, history.page_count, history.page_size) == (4, 2, 3)
    rest = known(dana.get_coaching_appointment_statuses(made.id, page_number=2, page_size=3))
    assert [each.status for each in rest.entities] == ["Completed"]
    assert dana.get_coaching_appointment(made.id).date_completed == NOW


def test_conversations(centre: Centre) -> None:
    made, dana = centre.schedule(), centre.api("Dana")
    request = centre.library.make("AddConversationRequest", conversation_id=UUID)
    added = dana.post_coaching_appointment_conversations(made.id, request)
    assert (added.conversation.id, added.appointment.id) == (UUID, made.id)
    assert added.conversation.self_uri == f"/api/v2/conversations/{UUID}"
    assert [e.id for e in dana.get_coaching_appointment(made.id).conversations] == [UUID]


def test_notes(centre: Centre) -> None:
    made, dana, priya = centre.schedule(), centre.api("Dana"), centre.api("Priya")
    make, clock = centre.library.make, centre.workplace.clock
    notes = []
    for word, text in (("Public", "Well done"), ("Private", "Keep an eye on")):
        request = make("CoachingAnnotationCreateRequest", text=text, access_type=word)
        note = known(dana.post_coaching_appointment_annotations(made.id, request))
        assert (note.text, note.access_type, note.is_deleted) == (text, word, False)
        assert (note.created_by.id, note.date_created) == (centre.ids["Dana"], clock())
        assert (note.modified_by.id, note.date_modified) == (centre.ids["Dana"], clock())
        notes.append(note)
        clock.advance(timedelta(minutes=1))
    public, private = notes

    seen = known(priya.get_coaching_appointment_annotations(made.id))
    assert [each.to_dict() for each in seen.entities] == [public.to_dict()]
    for number, note in enumerate(notes, start=1):
        page = dana.get_coaching_appointment_annotations(made.id, page_number=number, page_size=1)
        assert [each.to_dict() for each in known(page).entities] == [note.to_dict()]
        found = dana.get_coaching_appointment_annotation(made.id, note.id)
        assert known(found).to_dict() == note.to_dict()

    text = make("CoachingAnnotation", text="Very well done")
    edited = dana.patch_coaching_appointment_annotation(made.id, public.id, text)
    assert (edited.text, edited.access_type) == ("Very well done", "Public")
    assert (edited.date_created, edited.date_modified) == (public.date_created, clock())
    assert dana.delete_coaching_appointment_annotation(made.id, public.id) is None
    assert centre.answers[-1].status == 204
    [left] = dana.get_coaching_appointment_annotations(made.id).entities
    assert left.to_dict() == private.to_dict()


def test_notifications(centre: Centre) -> None:
    made, priya = centre.schedule(), centre.api("Priya")
    centre.schedule("Priya", date_start=START.replace(day=5), name="Second")
    listed = priya.get_coaching_notifications(page_number=2, page_size=1)
    [entry] = known(listed).entities
    assert (listed.total, listed.page_count) == (2, 2)
    entries = known(priya.get_coaching_notifications(expand=["appointment"])).entities
    entry = next(each for each in entries if each.name == made.name)
    assert (entry.marked_as_read, entry.action_type, entry.relationship) == (
        False,
        "Create",
        "Attendee",
    )
    assert (entry.date_start, entry.length_in_minutes, entry.status) == (START, 30, "Scheduled")
    assert entry.user.id == centre.ids["Priya"]
    assert entry.appointment.to_dict() == made.to_dict()
    assert entry.self_uri == f"/api/v2/coaching/notifications/{entry.id}"

    alone = known(priya.get_coaching_notification(entry.id))
    assert (alone.appointment.id, alone.appointment.name) == (made.id, None)
    whole = known(priya.get_coaching_notification(entry.id, expand=["appointment"]))
    assert whole.to_dict() == entry.to_dict()
    for state in (True, False):
        body = centre.library.make("CoachingNotification", marked_as_read=state)
        assert known(priya.patch_coaching_notification(entry.id, body)).marked_as_read is state
        assert priya.get_coaching_notification(entry.id).marked_as_read is state


def test_reminders_are_kept_from_the_library(centre: Centre) -> None:
    clock = centre.workplace.clock
    centre.schedule(facilitator_id=centre.ids["Jonas"], date_start=NOW + timedelta(hours=2))
    for hours in (1.5, 2):
        clock.advance(timedelta(hours=hours))
        send_all(centre.workplace)
    kinds = {each.action_type for each in centre.workplace.notifications("Jonas")}
    assert kinds == {ActionType.CREATE, ActionType.REMINDER, ActionType.OVERDUE}
    entries = known(centre.api("Jonas").get_coaching_notifications()).entities
    assert [each.action_type for each in entries] == ["Create"]


def _count(centre: Centre, predicates: list[Any], **given: Any) -> list[Any]:
    make = centre.library.make
    clause = make("QueryRequestClause", type="Or", predicates=predicates)
    wanted = make("QueryRequestFilter", type="And", clauses=[clause])
    values = {"interval": WEEK, "filter": wanted} | given
    query = make("CoachingAppointmentAggregateRequest", **values)
    found = centre.api("Dana").post_coaching_appointments_aggregates_query(query)
    results: list[Any] = known(found).results
    return results


def _counts(result: Any) -> dict[str, int]:
    [data] = result.data
    return {each.metric: each.stats.count for each in data.metrics}


def test_aggregates(centre: Centre) -> None:
    _week(centre)
    make, ids = centre.library.make, centre.ids
    people = [
        make("QueryRequestPredicate", dimension="attendeeId", value=ids[each])
        for each in ("Priya", "Jonas")
    ]
    [everything] = _count(centre, people)
    assert everything.group is None
    assert _counts(everything) == {
        "nActivities": 4,
        "nPlannedActivities": 3,
        "nInProgressActivities": 0,
        "nCompleteActivities": 1,
        "nOverdueActivities": 1,
        "nInvalidScheduleActivities": 0,
    }
    given = {"metrics": ["nActivities", "nOverdueActivities"], "group_by": ["attendeeId"]}
    grouped = {each.group["attendeeId"]: _counts(each) for each in _count(centre, people, **given)}
    assert grouped == {
        ids["Priya"]: {"nActivities": 3, "nOverdueActivities": 1},
        ids["Jonas"]: {"nActivities": 1, "nOverdueActivities": 0},
    }
    for dimension, value, count in (("facilitatorId", ids["Grace"], 1), ("status", "Completed", 1)):
        predicate = make("QueryRequestPredicate", dimension=dimension, value=value)
        [result] = _count(centre, [predicate], metrics=["nActivities"])
        assert _counts(result) == {"nActivities": count}


def test_slots(centre: Centre) -> None:
    ids, dana = centre.ids, centre.api("Dana")
    start = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
    taken = centre.schedule("Jonas", date_start=start)
    values = {
        "interval": interval(start, start + timedelta(hours=1)),
        "length_in_minutes": 30,
        "attendee_ids": [ids["Jonas"]],
        "facilitator_ids": [ids["Dana"]],
    }

    def suggested(**more: Any) -> list[datetime]:
        request = centre.library.make("CoachingSlotsRequest", **values | more)
        found = known(dana.post_coaching_scheduleslots_query(request))
        assert [each.user.id for each in found.attendee_schedules] == [ids["Jonas"]]
        assert [each.user.id for each in found.facilitator_schedules] == [ids["Dana"]]
        assert {e.user_reference.id for e in found.wfm_schedule_activities} == {
            ids["Jonas"],
            ids["Dana"],
        }
        [free] = found.facilitator_schedules[0].available_times
        assert (free.date_start, free.length_in_minutes) == (start, 60)
        assert free.activity_category == "OnQueueWork"
        assert {each.length_in_minutes for each in found.suggested_slots} == {30}
        return [each.date_start for each in found.suggested_slots]

    half = timedelta(minutes=30)
    assert suggested() == [start + half]
    moved = suggested(interruptible_appointment_ids=[taken.id])
    assert moved == [start, start + half / 2, start + half]


def test_slot_jobs(centre: Centre) -> None:
    ids, dana = centre.ids, centre.api("Dana")
    start = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
    centre.schedule("Jonas", date_start=start)
    hour = timedelta(hours=1)
    intervals = [interval(start, start + hour / 2), interval(start + hour, start + 2 * hour)]
    values = {
        "attendee_ids": [ids["Jonas"]],
        "facilitator_ids": [ids["Dana"]],
        "length_in_minutes": 30,
        "activity_code_id": "coaching",
        "intervals": intervals,
        "slots_type": "BestTime",
    }
    request = centre.library.make("CoachingScheduleSlotsJobRequest", **values)
    assert set(values) == set(request.swagger_types)
    job = known(dana.post_coaching_scheduleslots_jobs(request))
    assert centre.answers[-1].status == 202
    found = known(dana.get_coaching_scheduleslots_job(job.id))
    assert found.to_dict() == job.to_dict()
    assert (found.attendee_ids, found.length_in_minutes) == ([ids["Jonas"]], 30)
    assert (found.slots_type, found.self_uri) == (
        "BestTime",
        f"/api/v2/coaching/scheduleslots/jobs/{job.id}",
    )
    assert [(e.status, e.slot.date_start, e.has_conflict) for e in found.results] == [
        ("Complete", start, True),
        ("Complete", start + hour, False),
    ]
    assert [each.interval.replace(".000Z", "") for each in found.results] == intervals


def test_a_wrong_secret_opens_nothing(centre: Centre) -> None:
    client = centre.library.connect(centre.url)
    with pytest.raises(centre.library.refusal) as caught:
        client.get_client_credentials_token(centre.credentials("Dana").client_id, "wrong")
    error: Any = caught.value
    assert (error.status, json.loads(error.body)["error"]) == (401, "invalid_client")
